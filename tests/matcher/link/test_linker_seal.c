/* A sealed linker says of every pair what one that keeps all texts says, on fields of every type and keys that are no numbers. */
#include "matcher/base/hash.h"
#include "matcher/link/linker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { RECORDS = 150, FIELDS = 11 };

static const struct linker_schema schema = {FIELDS, {{FIELD_NIK, "nik"}, {FIELD_KK, "kk"}, {FIELD_NAME, "nama"}, {FIELD_DATE, "lahir"},
	{FIELD_ADDRESS, "alamat"}, {FIELD_IDENTIFIER, "nomor"}, {FIELD_PHONE, "telepon"}, {FIELD_EMAIL, "surel"}, {FIELD_SEX, "jk"},
	{FIELD_CODE, "desa"}, {FIELD_AGE, "umur"}}};

/* Numbers with a digit too many and keys of letters are among them; every value comes more than once, or nearly. */
static void add(struct linker *linker, unsigned n, struct arena *arena)
{
	char text[FIELDS][64];
	struct field_value values[FIELDS];
	uint64_t r = hash_pair(n * 2 / 3, 11), damage = hash_mix(n + 5);
	unsigned day = 1 + r % 28, month = 1 + r / 28 % 12, year = 50 + (unsigned)(r >> 9) % 40;
	uint32_t record;

	snprintf(text[0], sizeof text[0], "150501%02u%02u%02u%04u%s", day, month, year, (unsigned)(r >> 16) % 5 + 1, damage % 6 ? "" : "7");
	snprintf(text[1], sizeof text[1], damage % 5 ? "KK-%u-B" : "KK-%u-", 4000 + (unsigned)(r >> 20) % 90);
	snprintf(text[2], sizeof text[2], "%s%s HARTONO", (const char *[]){"BUDI", "SITI", "AGUS"}[r >> 28 & 1], damage % 4 ? "" : "X");
	snprintf(text[3], sizeof text[3], "19%02u-%02u-%02u", year, month, damage % 7 ? day : 1 + day % 28);
	snprintf(text[4], sizeof text[4], "JALAN MAWAR %u", (unsigned)(r >> 30) % 30);
	snprintf(text[5], sizeof text[5], "AB%u%s", 1000 + (unsigned)(r >> 34) % 300, damage % 8 ? "" : "C");
	snprintf(text[6], sizeof text[6], "08123456%04u", (unsigned)(r >> 38) % 1000);
	snprintf(text[7], sizeof text[7], "orang%u@contoh.id", (unsigned)(r >> 42) % 200);
	snprintf(text[8], sizeof text[8], "%s", r >> 50 & 1 ? "L" : "P");
	snprintf(text[9], sizeof text[9], "15050120%02u", (unsigned)(r >> 51) % 12);
	snprintf(text[10], sizeof text[10], "%u", 90 - year + (damage % 9 == 0));
	for (int f = 0; f < FIELDS; f++)
		assert_int_equal(field_normalise(schema.fields[f].type, str_from(text[f]), false, arena, &values[f]), 0);
	assert_int_equal(linker_add(linker, values, &record, NULL), 0);
}

static struct linker *decided(bool seal)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker *linker;
	struct arena arena;
	uint32_t list;

	arena_init(&arena, 0);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	for (unsigned n = 0; n < RECORDS; n++)
		add(linker, n, &arena);
	arena_release(&arena);
	if (seal)
		linker_seal(linker);
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, NULL), 0);
	return linker;
}

static void says_the_same(void **state)
{
	struct linker *open = decided(false), *sealed = decided(true);

	(void)state;
	for (uint32_t a = 0; a < RECORDS; a++) {
		assert_int_equal(linker_cluster(open, a), linker_cluster(sealed, a));
		for (uint32_t b = a + 1; b < RECORDS; b++) {
			struct linker_pair x, y;

			linker_score(open, a, b, &x);
			linker_score(sealed, a, b, &y);
			assert_true(x.weight == y.weight && x.probability == y.probability && x.household == y.household);
		}
	}
	linker_free(open);
	linker_free(sealed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(says_the_same)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
