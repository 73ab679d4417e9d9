/*
 * File names as people give them.
 */
#include "daemon/inbox/inbox_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static const struct inbox_subject subjects[] = {
	{LIST_PROGRAMME, "pkh"},
	{LIST_PROGRAMME, "pkh_plus"},
	{LIST_PROGRAMME, "blt_dd"},
	{LIST_PROGRAMME, "pbi2"},
	{LIST_REFERENCE, "asn"},
};
enum { N_SUBJECTS = sizeof(subjects) / sizeof(subjects[0]) };

static void test_names_that_tell(void **state)
{
	static const struct {
		const char *path, *office;
		enum list_kind kind;
		const char *code;
		unsigned year, month;
	} cases[] = {
		{"dinsos/pkh_2024-07.csv", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7},
		{"dinsos/pkh 2024-07 gelombang 2.xlsx", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7},
		{"dinsos/PKH Juli 2024.xlsx", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7},
		{"dinsos/pkh_202407_final(2).csv", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7},
		{"dinsos/pkh2024.csv", "dinsos", LIST_PROGRAMME, "pkh", 2024, 0},
		{"dinsos/pkh_plus_2024-11.csv", "dinsos", LIST_PROGRAMME, "pkh_plus", 2024, 11},
		{"dpmd/Rekap BLT-DD 12-2023.csv", "dpmd", LIST_PROGRAMME, "blt_dd", 2023, 12},
		{"dpmd/bltdd 2023.csv", "dpmd", LIST_PROGRAMME, "blt_dd", 2023, 0},
		{"dpmd/blt_dd/2024-07/daftar akhir.csv", "dpmd", LIST_PROGRAMME, "blt_dd", 2024, 7},
		{"dpmd/2024/blt dd agustus 2024.csv", "dpmd", LIST_PROGRAMME, "blt_dd", 2024, 8},
		{"Dinkes/PBI2 2024-07-15.csv", "dinkes", LIST_PROGRAMME, "pbi2", 2024, 7},
		{"bappeda/sasaran 2024.xlsx", "bappeda", LIST_TARGET, "", 2024, 0},
		{"bappeda/Target_P3KE_2023.csv", "bappeda", LIST_TARGET, "", 2023, 0},
		{"bkd/asn.csv", "bkd", LIST_REFERENCE, "asn", 0, 0},
		{"dinsos/pkh 31 Juli 2024.csv", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7},
		{"dinsos/pkh/2024-07/blt_dd.csv", "dinsos", LIST_PROGRAMME, "pkh", 2024, 7}, /* the folder speaks first */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inbox_name name;
		struct error err = {0};

		if (inbox_name_read(cases[i].path, subjects, N_SUBJECTS, &name, &err) < 0)
			fail_msg("%s: %s", cases[i].path, err.en);
		assert_string_equal(name.office, cases[i].office);
		assert_int_equal(name.kind, cases[i].kind);
		assert_string_equal(name.code, cases[i].code);
		assert_int_equal(name.year, cases[i].year);
		assert_int_equal(name.month, cases[i].month);
	}
}

static void test_names_that_do_not_tell(void **state)
{
	static const struct {
		const char *path, *says;
	} cases[] = {
		{"pkh_2024-07.csv", "office's folder"},
		{"/pkh_2024-07.csv", "office's folder"},
		{"dinsos/daftar.csv", "no known programme"},
		{"dinsos/pkhx_2024-07.csv", "no known programme"},
		{"dinsos/pkh.csv", "no period"},
		{"dinsos/pkh_1997.csv", "no period"},
		{"dinsos/pkh dan blt_dd 2024-07.csv", "more than one programme"},
		{"dinsos/pkh 2024-07 s.d. 2024-09.csv", "more than one period"},
		{"dinsos/pkh_2024-13.csv", "month"},
		{"dinsos/pkh 00-2024.csv", "month"},
		{"dinsos/", "no known programme"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inbox_name name;
		struct error err = {0};

		assert_int_equal(inbox_name_read(cases[i].path, subjects, N_SUBJECTS, &name, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!strstr(err.en, cases[i].says))
			fail_msg("%s: %s", cases[i].path, err.en);
	}
}

static void test_districts_and_decrees(void **state)
{
	struct inbox_name name;

	assert_int_equal(inbox_name_read("15.05/dinsos/pkh_2024-07.csv", subjects, N_SUBJECTS, &name, NULL), 0);
	assert_int_equal(name.district, 1505);
	assert_string_equal(name.office, "dinsos");
	assert_int_equal(inbox_name_read("1505/bappeda/sasaran 2024 SK 400-2023.xlsx", subjects, N_SUBJECTS, &name, NULL), 0);
	assert_int_equal(name.district, 1505);
	assert_string_equal(name.decree, "400-2023");
	assert_int_equal(name.year, 2024);
	assert_int_equal(inbox_name_read("bappeda/sasaran 2024.xlsx", subjects, N_SUBJECTS, &name, NULL), 0);
	assert_int_equal(name.district, 0);
	assert_string_equal(name.decree, "");
	assert_int_equal(inbox_name_read("15.05/pkh_2024-07.csv", subjects, N_SUBJECTS, &name, NULL), -1);
}

static void test_any_bytes_are_survived(void **state)
{
	char path[300];

	/* Every byte at every distance from the start, and words far beyond what is kept. */
	for (int c = 1; c < 256; c++) {
		struct inbox_name name;
		struct error err = {0};

		memset(path, c, sizeof(path) - 1);
		path[sizeof(path) - 1] = '\0';
		memcpy(path, "dinsos/", 7);
		if (inbox_name_read(path, subjects, N_SUBJECTS, &name, &err) == 0)
			fail_msg("byte %d was understood", c);
	}
}

static void test_temporary_names(void **state)
{
	assert_true(inbox_name_is_temporary(".pkh.csv.swp"));
	assert_true(inbox_name_is_temporary("~$pkh_2024-07.xlsx"));
	assert_true(inbox_name_is_temporary("pkh_2024-07.csv.part"));
	assert_true(inbox_name_is_temporary("pkh_2024-07.csv.PART"));
	assert_true(inbox_name_is_temporary("pkh_2024-07.csv~"));
	assert_false(inbox_name_is_temporary("pkh_2024-07.csv"));
	assert_false(inbox_name_is_temporary("partai_pkh_2024-07.csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_that_tell),
		cmocka_unit_test(test_names_that_do_not_tell),
		cmocka_unit_test(test_districts_and_decrees),
		cmocka_unit_test(test_any_bytes_are_survived),
		cmocka_unit_test(test_temporary_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
