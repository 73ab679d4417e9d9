/*
 * The linker with one, two and five threads: model, pairs, clusters are the same to the last bit, over training and two
 * settles. Built under the thread sanitizer by `make unit-threads`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "daemon/base/thread_pool.h"
#include "matcher/base/hash.h"
#include "matcher/base/strbuf.h"
#include "matcher/link/fs_model.h"
#include "matcher/link/linker.h"

enum { RECORDS = 420, FIELDS = 6 };

static const struct linker_schema schema = {FIELDS, {{FIELD_NAME, "nama"}, {FIELD_NIK, "nik"}, {FIELD_KK, "kk"},
	{FIELD_DATE, "tgl_lahir"}, {FIELD_SEX, "jk"}, {FIELD_ADDRESS, "alamat"}}};

/* Two thirds of the people stand there twice, the second time with some damage. */
static void add_record(struct linker *linker, uint32_t n, struct arena *arena)
{
	static const char *const first[] = {"SLAMET", "SITI", "BUDI", "NUR", "AGUS", "SRI", "HENDRA", "RATNA", "JOKO", "DEWI"};
	static const char *const last[] = {"RIYADI", "AMINAH", "HARTONO", "HAYATI", "SALIM", "WAHYUNI", "GUNAWAN", "LESTARI"};
	uint64_t person = hash_mix(n * 2 / 3), damage = hash_mix(n + 100000);
	unsigned day = 1 + person % 28, month = 1 + (person >> 8) % 12, year = 50 + (person >> 16) % 49;
	struct field_value values[FIELDS];
	char text[FIELDS][48];
	uint32_t number;

	snprintf(text[0], sizeof text[0], "%s %s%s", first[(person >> 24) % 10], last[(person >> 32) % 8],
		damage % 5 == 0 ? "X" : "");
	snprintf(text[1], sizeof text[1], damage % 7 == 0 ? "" : "150501%02u%02u%02u%04u", day, month, year,
		1 + (unsigned)(person >> 40) % 5);
	snprintf(text[2], sizeof text[2], "15050110011%05u", n / 5);
	snprintf(text[3], sizeof text[3], "19%02u-%02u-%02u", year, month, damage % 9 == 0 ? 1 + day % 28 : day);
	snprintf(text[4], sizeof text[4], "%s", person % 2 ? "P" : "L");
	snprintf(text[5], sizeof text[5], "JALAN %s %u", last[(person >> 44) % 8], (unsigned)(person >> 50) % 40);
	for (int f = 0; f < FIELDS; f++)
		assert_int_equal(field_normalise(schema.fields[f].type, str_from(text[f]), false, arena, &values[f]), 0);
	assert_int_equal(linker_add(linker, values, &number, NULL), 0);
}

static int write_pair(void *arg, const struct linker_pair *pair)
{
	strbuf_addf(arg, "%u %u %a %a %a\n", pair->a, pair->b, (double)pair->weight, (double)pair->probability,
		(double)pair->household);
	return 0;
}

/* Everything that a linker says, as text. */
static void write_result(const struct linker *linker, struct strbuf *out)
{
	struct linker_statistics s;
	char *model;
	size_t size;

	assert_int_equal(fs_model_write(linker_model(linker), &model, &size, NULL), 0);
	strbuf_add(out, (struct str){model, size});
	free(model);
	linker_each_pair(linker, 0, write_pair, out);
	for (uint32_t r = 0; r < linker_records(linker); r++)
		strbuf_addf(out, "%u ", linker_cluster(linker, r));
	linker_statistics(linker, &s);
	strbuf_addf(out, "\n%llu %llu %llu %a %a %a\n", (unsigned long long)s.candidate_pairs,
		(unsigned long long)s.matched_pairs, (unsigned long long)s.clusters, s.threshold, s.expected_precision,
		s.expected_recall);
}

static void link_all(unsigned threads, struct strbuf *out)
{
	struct linker_options options = {.within_lists = true, .across_lists = true};
	struct thread_pool *pool = thread_pool_new(threads);
	const struct parallel *parallel = thread_pool_parallel(pool);
	struct linker *linker;
	struct arena arena;
	uint32_t list;

	arena_init(&arena, 0);
	strbuf_init(out, 8 << 20);
	assert_non_null(pool);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	for (uint32_t part = 0; part < 3; part++) {
		assert_int_equal(linker_list(linker, &list, NULL), 0);
		for (uint32_t n = part; n < RECORDS; n += 3)
			add_record(linker, n, &arena);
		if (part == 1)
			assert_int_equal(linker_train(linker, parallel, NULL, NULL), 0);
		if (part)
			assert_int_equal(linker_settle(linker, parallel, NULL, NULL), 0);
		if (part)
			write_result(linker, out);
	}
	assert_int_equal(strbuf_failed(out, NULL), 0);
	linker_free(linker);
	thread_pool_free(pool);
	arena_release(&arena);
}

static void any_number_of_threads_links_the_same(void **state)
{
	struct strbuf one, many;

	(void)state;
	link_all(1, &one);
	assert_true(one.n > 10000);
	for (unsigned threads = 2; threads <= 5; threads += 3) {
		link_all(threads, &many);
		assert_string_equal(one.p, many.p);
		strbuf_release(&many);
	}
	strbuf_release(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_threads_links_the_same),
	};

	return cmocka_run_group_tests_name("linker, threads", tests, NULL, NULL);
}
