/*
 * Rows that name nobody: what their sender is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/ingest/row_nobody.h"

static const enum column_role ROLES[] = {COLUMN_NIK, COLUMN_IGNORE, COLUMN_NAME, COLUMN_VILLAGE};

static const char *told(const char *nik, const char *other, const char *name, const char *village)
{
	const struct str cells[] = {str_from(nik), str_from(other), str_from(name), str_from(village)};
	struct row_nobody nobody = row_nobody_find(ROLES, cells, 4);
	static struct error reason;

	row_nobody_describe(&nobody, 7, &reason);
	assert_int_equal(reason.kind, ERROR_INPUT);
	return reason.id;
}

#define assert_begins(text, with) assert_true(strncmp(text, with, strlen(with)) == 0)

static void says_where_and_what(void **state)
{
	(void)state;
	assert_begins(told("1505011203800001", "x", "", "Sengeti"), "Baris 7, kolom 3: nama kosong");
	assert_begins(told("1505011203800001", "x", " \t", "Sengeti"), "Baris 7, kolom 3: nama kosong");
	assert_begins(told("", "", "", ""), "Baris 7, kolom 3: nama kosong");
	assert_begins(told("1505011203800001", "", "#N/A", ""), "Baris 7, kolom 3: di tempat nama ada galat rumus");
	assert_begins(told("1505011203800001", "", " #DIV/0! ", ""), "Baris 7, kolom 3: di tempat nama ada galat rumus");
	assert_begins(told("1505011203800001", "", "#NAME?", ""), "Baris 7, kolom 3: di tempat nama ada galat rumus");
	assert_begins(told("1505011203800001", "", "-", "Sengeti"), "Baris 7, kolom 3: yang tertulis di tempat nama bukan nama orang");
	assert_begins(told("1505011203800001,SLAMET,Sengeti", "", "", ""), "Baris 7: seluruh isinya terbaca sebagai satu kolom");
	assert_begins(told("DAFTAR KEDUA", "", "", ""), "Baris 7, kolom 3: nama kosong");
}

/* What stands in the name's place may be somebody's number. */
static void quotes_nothing(void **state)
{
	(void)state;
	assert_null(strstr(told("", "", "1505011203800001", ""), "1505"));
	assert_null(strstr(told("1505011203800001;SLAMET;Sengeti", "", "", ""), "SLAMET"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_where_and_what),
		cmocka_unit_test(quotes_nothing),
	};

	return cmocka_run_group_tests_name("rows that name nobody", tests, NULL, NULL);
}
