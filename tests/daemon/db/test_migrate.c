/*
 * Which migrations a program takes as its own, and what it makes of a database's record. Running them needs a server:
 * tests/integration/test_migrate.py and try_migrate.c.
 */
#include "daemon/db/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(path, text) {path, text, sizeof text - 1}

static void test_in_order_and_nothing_else(void **state)
{
	const struct embedded_text texts[] = {TEXT("daemon/db/sql/x.sql", "SELECT 1"), TEXT("migrations/0001_a.sql", "abc"),
		TEXT("migrations/0002_b.sql", "-- no-transaction\nVACUUM"), TEXT("migrations/functions/z.sql", "z"),
		TEXT("migrations/functions/a.sql", "abc"), {0}};
	struct migrations migrations;
	struct error err = {0};

	assert_int_equal(migrations_load(&migrations, texts, &err), 0);
	assert_int_equal(migrations.n, 2);
	assert_string_equal(migrations.all[0].name, "0001_a.sql");
	/* FIPS 180-2, appendix B.1 */
	assert_string_equal(migrations.all[0].checksum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(migrations.all[0].transaction);
	assert_false(migrations.all[1].transaction);
	assert_int_equal(migrations.function_files, 2);
	assert_string_equal(migrations.functions[0].name, "a.sql");
	assert_string_equal(migrations.functions[0].checksum, migrations.all[0].checksum);
	assert_string_equal(migrations.functions[1].name, "z.sql");
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

struct row {
	const char *number, *name, *checksum;
};

/* What MIGRATE_RECORD_SQL gives. */
static PGresult *record(const struct row *rows, int n)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc columns[] = {{.name = (char *)"number"}, {.name = (char *)"name"}, {.name = (char *)"checksum"}};

	assert_true(PQsetResultAttrs(result, 3, columns));
	for (int i = 0; i < n; i++) {
		assert_true(PQsetvalue(result, i, 0, (char *)rows[i].number, (int)strlen(rows[i].number)));
		assert_true(PQsetvalue(result, i, 1, (char *)rows[i].name, (int)strlen(rows[i].name)));
		assert_true(PQsetvalue(result, i, 2, (char *)rows[i].checksum, (int)strlen(rows[i].checksum)));
	}
	return result;
}

static int missing_of(const struct row *rows, int n, struct migrate_count *missing, struct error *err)
{
	struct migration all[] = {{1, "0001_a.sql", "a", true, "aa"}, {2, "0002_b.sql", "b", true, "bb"}};
	struct migration functions[] = {{0, "lists.sql", "l", true, "ll"}, {0, "web.sql", "w", true, "ww"}};
	struct migrations migrations = {all, 2, functions, 2};
	PGresult *result = record(rows, n);
	int rc = migrate_missing(&migrations, result, missing, err);

	PQclear(result);
	return rc;
}

static void test_the_record_must_fit(void **state)
{
	const struct row right[] = {{"1", "a", "aa"}, {"2", "b", "bb"}, {"3", "c", "cc"}}, edited[] = {{"1", "a", "aa"}, {"2", "b", "xx"}};
	struct error err = {0};
	struct migrate_count missing = {9, 9};

	for (int n = 0; n <= 2; n++) {
		assert_int_equal(missing_of(right, n, &missing, &err), 0);
		assert_int_equal(missing.migrations, 2 - n);
		assert_int_equal(missing.functions, 2);
	}
	assert_int_equal(missing_of(right, 3, &missing, &err), -1);
	assert_non_null(strstr(err.en, "newer"));
	error_clear(&err);
	assert_int_equal(missing_of(edited, 2, &missing, &err), -1);
	assert_non_null(strstr(err.en, "never edited"));
	error_clear(&err);
	assert_int_equal(missing_of(right + 1, 1, &missing, &err), -1);
	assert_non_null(strstr(err.en, "0001 is missing"));
}

static void test_functions_that_differ_are_counted(void **state)
{
	const struct row same[] = {{"0", "lists.sql", "ll"}, {"0", "web.sql", "ww"}, {"1", "a", "aa"}, {"2", "b", "bb"}};
	const struct row edited[] = {{"0", "lists.sql", "xx"}, {"0", "web.sql", "ww"}}, one[] = {{"0", "web.sql", "ww"}};
	const struct row renamed[] = {{"0", "lists.sql", "ll"}, {"0", "pages.sql", "ww"}};
	struct migrate_count missing;
	struct error err = {0};

	assert_int_equal(missing_of(same, 4, &missing, &err), 0);
	assert_int_equal(missing.migrations, 0);
	assert_int_equal(missing.functions, 0);
	assert_int_equal(missing_of(edited, 2, &missing, &err), 0);
	assert_int_equal(missing.functions, 1);
	assert_int_equal(missing_of(one, 1, &missing, &err), 0);
	assert_int_equal(missing.functions, 1);
	/* One that is to come and one that is to go. */
	assert_int_equal(missing_of(renamed, 2, &missing, &err), 0);
	assert_int_equal(missing.functions, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order_and_nothing_else),
		cmocka_unit_test(test_gaps_and_doubles_are_refused),
		cmocka_unit_test(test_the_record_must_fit),
		cmocka_unit_test(test_functions_that_differ_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
