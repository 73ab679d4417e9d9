/*
 * What verbs print and read alike: numbers, shares, masked digits, small files.
 */
#include "daemon/cli/cli_common.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void test_numbers_as_people_read_them(void **state)
{
	static const struct {
		int64_t number;
		const char *id, *en;
	} cases[] = {{0, "0", "0"}, {999, "999", "999"}, {1000, "1.000", "1,000"}, {457238, "457.238", "457,238"},
		{-1234567, "-1.234.567", "-1,234,567"}, {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"}};
	char text[32];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(cli_number(LANG_ID, cases[i].number, text), cases[i].id);
		assert_string_equal(cli_number(LANG_EN, cases[i].number, text), cases[i].en);
	}
	assert_string_equal(cli_percent(LANG_ID, 0.925, text), "92,5 %");
	assert_string_equal(cli_percent(LANG_EN, 1, text), "100.0%");
}

static void test_masks_hide_birth_date_and_sex(void **state)
{
	char text[64];

	assert_string_equal(cli_masked("1505015403850012", text), "150501••••••0012");
	assert_string_equal(cli_masked("", text), "");
	/* Shorter or far longer than a number: nothing of it is shown. */
	assert_string_equal(cli_masked("1505", text), "••••");
	assert_null(strpbrk(cli_masked("123456789012345678901234567890", text), "0123456789"));
}

/* A file of n bytes; the caller removes it. */
static void make_file(char path[32], size_t n)
{
	FILE *file;
	int fd;

	snprintf(path, 32, "/tmp/padan-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "wb");
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(putc('x', file), EOF);
	assert_int_equal(fclose(file), 0);
}

static void test_small_files_are_read_whole_or_not_at_all(void **state)
{
	const size_t most = 4 << 20;
	struct error err = {0};
	char path[32], *text;

	make_file(path, most);
	text = cli_read_file(path, &err);
	assert_non_null(text);
	assert_int_equal(strlen(text), most);
	free(text);
	unlink(path);
	make_file(path, most + 1);
	assert_null(cli_read_file(path, &err));
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.en, "larger"));
	unlink(path);
	error_clear(&err);
	assert_null(cli_read_file(path, &err));
	assert_non_null(strstr(err.en, "cannot be read"));
	error_clear(&err);
	assert_null(cli_read_file("/", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_as_people_read_them),
		cmocka_unit_test(test_masks_hide_birth_date_and_sex),
		cmocka_unit_test(test_small_files_are_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
