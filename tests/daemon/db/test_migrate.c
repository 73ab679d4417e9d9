/*
 * Which migrations a program takes as its own, and what it makes of a database's record. Running them needs a server:
 * tests/integration/test_migrate.py and try_migrate.c.
 */
#include "daemon/db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(path, text) {path, text, sizeof text - 1}

static void test_in_order_and_nothing_else(void **state)
{
	const struct embedded_text texts[] = {TEXT("daemon/db/sql/x.sql", "SELECT 1"), TEXT("migrations/0001_a.sql", "abc"),
		TEXT("migrations/0002_b.sql", "-- no-transaction\nVACUUM"), {0}};
	struct migrations migrations;
	struct error err = {0};

	assert_int_equal(migrations_load(&migrations, texts, &err), 0);
	assert_int_equal(migrations.n, 2);
	assert_string_equal(migrations.all[0].name, "0001_a.sql");
	/* FIPS 180-2, appendix B.1 */
	assert_string_equal(migrations.all[0].checksum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(migrations.all[0].transaction);
	assert_false(migrations.all[1].transaction);
	migrations_release(&migrations);
}

static void test_gaps_and_doubles_are_refused(void **state)
{
	const struct embedded_text gap[] = {TEXT("migrations/0001_a.sql", "a"), TEXT("migrations/0003_c.sql", "c"), {0}};
	const struct embedded_text twice[] = {TEXT("migrations/0001_a.sql", "a"), TEXT("migrations/0001_b.sql", "b"), {0}};
	const struct embedded_text unnamed[] = {TEXT("migrations/first.sql", "a"), {0}};
	const struct embedded_text *const all[] = {gap, twice, unnamed};

	for (size_t i = 0; i < 3; i++) {
		struct migrations migrations;
		struct error err = {0};

		assert_int_equal(migrations_load(&migrations, all[i], &err), -1);
		assert_int_equal(err.kind, ERROR_SYSTEM);
		assert_null(migrations.all);
	}
}

/* What padan.schema_migrations holds, as a result. */
static PGresult *record(const int *numbers, const char *const *checksums, int n)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc columns[] = {{.name = (char *)"number"}, {.name = (char *)"name"}, {.name = (char *)"checksum"}};
	char text[32];

	assert_true(PQsetResultAttrs(result, 3, columns));
	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof text, "%d", numbers[i]);
		assert_true(PQsetvalue(result, i, 0, text, (int)strlen(text)));
		assert_true(PQsetvalue(result, i, 1, (char *)"name.sql", 8));
		assert_true(PQsetvalue(result, i, 2, (char *)checksums[i], (int)strlen(checksums[i])));
	}
	return result;
}

static int missing_of(const int *numbers, const char *const *checksums, int n, size_t *missing, struct error *err)
{
	struct migration all[] = {{1, "0001_a.sql", "a", true, "aa"}, {2, "0002_b.sql", "b", true, "bb"}};
	struct migrations migrations = {all, 2};
	PGresult *result = record(numbers, checksums, n);
	int rc = migrate_missing(&migrations, result, missing, err);

	PQclear(result);
	return rc;
}

static void test_the_record_must_fit(void **state)
{
	const char *const right[] = {"aa", "bb", "cc"}, *const edited[] = {"aa", "xx"};
	const int one_two_three[] = {1, 2, 3}, two[] = {2};
	struct error err = {0};
	size_t missing = 9;

	assert_int_equal(missing_of(one_two_three, right, 0, &missing, &err), 0);
	assert_int_equal(missing, 2);
	assert_int_equal(missing_of(one_two_three, right, 1, &missing, &err), 0);
	assert_int_equal(missing, 1);
	assert_int_equal(missing_of(one_two_three, right, 2, &missing, &err), 0);
	assert_int_equal(missing, 0);
	assert_int_equal(missing_of(one_two_three, right, 3, &missing, &err), -1);
	assert_non_null(strstr(err.en, "newer"));
	error_clear(&err);
	assert_int_equal(missing_of(one_two_three, edited, 2, &missing, &err), -1);
	assert_non_null(strstr(err.en, "never edited"));
	error_clear(&err);
	assert_int_equal(missing_of(two, right, 1, &missing, &err), -1);
	assert_non_null(strstr(err.en, "0001 is missing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order_and_nothing_else),
		cmocka_unit_test(test_gaps_and_doubles_are_refused),
		cmocka_unit_test(test_the_record_must_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
