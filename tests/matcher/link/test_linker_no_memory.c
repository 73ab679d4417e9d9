/*
 * The linker with the n-th allocation failing, for every n: each call either fails with ERROR_MEMORY or does its work.
 * (The address sanitizer's run of this test finds what leaks; EVERY_ALLOCATION=1 tries each n.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/link/fs_model.h"
#include "matcher/link/linker.h"
#include "tests/support/failing_malloc.h"

enum { RECORDS = 60, FIELDS = 7 };

static const struct linker_schema schema = {FIELDS, {{FIELD_NAME, "nama"}, {FIELD_NIK, "nik"}, {FIELD_KK, "kk"},
	{FIELD_DATE, "tgl_lahir"}, {FIELD_SEX, "jk"}, {FIELD_ADDRESS, "alamat"}, {FIELD_CODE, "desa"}}};

/* Every second record is the one before it, damaged. */
static void make_record(uint32_t n, struct arena *arena, struct field_value *values)
{
	static const char *const names[] = {"SLAMET RIYADI", "NURHAYATI", "BUDI HARTONO", "SITI AMINAH", "AGUS SALIM"};
	uint32_t person = n / 2, day = 10 + person % 19, month = 1 + person % 9, year = 60 + person % 30;
	char text[FIELDS][40];

	snprintf(text[0], sizeof text[0], n % 4 == 1 ? "%s X" : "%s", names[person % 5]);
	snprintf(text[1], sizeof text[1], n % 6 == 1 ? "" : "150501%02u%02u%02u%04u", day, month, year, person + 1);
	snprintf(text[2], sizeof text[2], "15050110011%05u", person / 3);
	snprintf(text[3], sizeof text[3], "19%02u-%02u-%02u", year, month, n % 10 == 3 ? day + 1 : day);
	snprintf(text[4], sizeof text[4], "%s", person % 2 ? "P" : "L");
	snprintf(text[5], sizeof text[5], "JALAN MAWAR %u", person % 7);
	snprintf(text[6], sizeof text[6], "15050120%02u", person % 4);
	for (int f = 0; f < FIELDS; f++)
		assert_int_equal(field_normalise(schema.fields[f].type, str_from(text[f]), false, arena, &values[f]), 0);
}

static struct field_value records[RECORDS][FIELDS];

static int make_records(void **state)
{
	static struct arena arena;

	arena_init(&arena, 0);
	for (uint32_t n = 0; n < RECORDS; n++)
		make_record(n, &arena, records[n]);
	*state = &arena;
	return 0;
}

static int free_records(void **state)
{
	arena_release(*state);
	return 0;
}

/* What a linker's life so far has failed with: each call is skipped once one before it has. */
#define TRY(call)                                                               \
	do {                                                                    \
		struct error err = {0};                                         \
                                                                                \
		if (failed)                                                     \
			break;                                                  \
		if ((call) < 0) {                                               \
			assert_int_equal(err.kind, ERROR_MEMORY);               \
			failed = true;                                          \
		}                                                               \
	} while (0)

/* Makes a call with its 1st, 2nd, 3rd … allocation failing, until it succeeds because it has not so many. */
#define REPEAT(call)                                                            \
	do {                                                                    \
		for (size_t n = 1;; n = failing_malloc_next(n)) {               \
			struct error err = {0};                                 \
			int status;                                             \
                                                                                \
			failing_malloc_start(n);                                \
			status = (call);                                        \
			if (!failing_malloc_stop()) {                           \
				assert_int_equal(status, 0);                    \
				break;                                          \
			}                                                       \
			if (status < 0)                                         \
				assert_int_equal(err.kind, ERROR_MEMORY);       \
		}                                                               \
	} while (0)

static struct linker *new_linker(void)
{
	struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker *linker;

	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	return linker;
}

static void add_records(struct linker *linker, uint32_t begin, uint32_t end)
{
	uint32_t number;

	assert_int_equal(linker_list(linker, &number, NULL), 0);
	for (uint32_t n = begin; n < end; n++)
		assert_int_equal(linker_add(linker, records[n], &number, NULL), 0);
}

static int add_pair_to_hash(void *arg, const struct linker_pair *pair)
{
	uint64_t *hash = arg;

	*hash = hash_mix(*hash ^ hash_bytes(pair, sizeof *pair, 0));
	return 0;
}

static uint64_t result_of(struct linker *linker)
{
	uint64_t hash = linker_records(linker);
	struct linker_pair hits[4];
	size_t n;

	for (uint32_t r = 0; r < RECORDS; r++)
		hash = hash_mix(hash ^ linker_cluster(linker, r));
	linker_each_pair(linker, 0, add_pair_to_hash, &hash);
	n = linker_search(linker, records[7], hits, 4);
	for (size_t i = 0; i < n; i++)
		add_pair_to_hash(&hash, &hits[i]);
	return hash;
}

/* A record that could not be added: the linker is given up. */
static void adding(void **state)
{
	struct linker_options options = {.within_lists = true, .across_lists = true};
	bool failed = true;

	(void)state;
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		struct linker *linker = NULL;
		uint32_t number;

		failed = false;
		failing_malloc_start(n);
		TRY(linker_new(&schema, &options, &linker, &err));
		TRY(linker_list(linker, &number, &err));
		for (uint32_t r = 0; r < RECORDS; r++)
			TRY(linker_add(linker, records[r], &number, &err));
		TRY(linker_list(linker, &number, &err));
		TRY(linker_decide(linker, 3, 50, LINKER_SAME, &err));
		assert_true(failing_malloc_stop() == failed);
		linker_free(linker);
	}
}

/* Training and settling that failed are done again; what comes out is what comes out without failures. */
static void training_and_settling(void **state)
{
	struct linker *calm = new_linker(), *troubled = new_linker();

	(void)state;
	add_records(calm, 0, 40);
	add_records(troubled, 0, 40);
	assert_int_equal(linker_train(calm, NULL, NULL, NULL), 0);
	REPEAT(linker_train(troubled, NULL, NULL, &err));
	assert_int_equal(linker_settle(calm, NULL, NULL, NULL), 0);
	REPEAT(linker_settle(troubled, NULL, NULL, &err));
	assert_true(result_of(calm) == result_of(troubled));
	add_records(calm, 40, RECORDS);
	add_records(troubled, 40, RECORDS);
	assert_int_equal(linker_decide(calm, 3, 50, LINKER_SAME, NULL), 0);
	assert_int_equal(linker_decide(troubled, 3, 50, LINKER_SAME, NULL), 0);
	assert_int_equal(linker_settle(calm, NULL, NULL, NULL), 0);
	REPEAT(linker_settle(troubled, NULL, NULL, &err));
	assert_true(result_of(calm) == result_of(troubled));
	linker_free(calm);
	linker_free(troubled);
}

static void a_search_without_memory_finds_nothing(void **state)
{
	struct linker *linker = new_linker();
	struct linker_pair hits[4];
	size_t found, got;
	bool failed = true;

	(void)state;
	add_records(linker, 0, RECORDS);
	assert_int_equal(linker_settle(linker, NULL, NULL, NULL), 0);
	found = linker_search(linker, records[7], hits, 4);
	assert_true(found > 0);
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		failing_malloc_start(n);
		got = linker_search(linker, records[7], hits, 4);
		failed = failing_malloc_stop();
		assert_true(got == found || (failed && got == 0));
	}
	linker_free(linker);
}

static void a_model_is_written_or_not(void **state)
{
	struct linker *linker = new_linker();
	struct fs_model model;
	char *text = NULL;
	size_t size;

	(void)state;
	REPEAT(fs_model_write(linker_model(linker), &text, &size, &err));
	REPEAT(fs_model_read(&model, str_from(text), &err));
	free(text);
	linker_free(linker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adding),
		cmocka_unit_test(training_and_settling),
		cmocka_unit_test(a_search_without_memory_finds_nothing),
		cmocka_unit_test(a_model_is_written_or_not),
	};

	return cmocka_run_group_tests_name("linker without memory", tests, make_records, free_records);
}
