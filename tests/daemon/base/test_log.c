/*
 * The log's promise: whatever is handed to it, a line holds one line, and no NIK.
 */
#include "daemon/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#define FORMAT(line, ...)                                                                                              \
	log_format(line, sizeof(line), LOG_LEVEL_INFO, "event",                                                        \
		(const struct log_field[]){__VA_ARGS__, {.kind = LOG_FIELD_END}})

static void test_fields(void **state)
{
	char line[512];

	FORMAT(line, LOG_NUMBER("job", 17), LOG_WORD("kind", "process"), LOG_SECONDS("took", 1.25));
	assert_string_equal(line, "info event job=17 kind=process took=1.250\n");
}

static void test_canary_never_shows(void **state)
{
	struct error err = {0};
	char line[512];

	error_set(&err, ERROR_DATABASE, "kunci 1505014107900001 ganda", "key (1505014107900001) exists\nDETAIL \"x\"");
	FORMAT(line, LOG_NUMBER("nik", 1505014107900001), LOG_WORD("word", "1505014107900001"), LOG_ERROR_TEXT(&err));
	assert_null(strstr(line, "1505014107"));
	assert_string_equal(line, "info event nik=# word=# error=\"key (#) exists DETAIL 'x'\"\n");
}

static void test_words_are_words(void **state)
{
	char line[512];

	FORMAT(line, LOG_WORD("w", "SITI AMINAH\nerror forged=1"), LOG_WORD("none", NULL));
	assert_string_equal(line, "info event w=SITI?AMINAH?error?forged?1 none=-\n");
}

static void test_long_lines_are_cut(void **state)
{
	char line[40];
	int n = FORMAT(line, LOG_WORD("word", "abcdefghijklmnopqrstuvwxyz"), LOG_NUMBER("more", 1));

	assert_int_equal(n, strlen(line));
	assert_true(n < (int)sizeof(line));
	assert_int_equal(line[n - 1], '\n');
}

static void test_levels(void **state)
{
	enum log_level level;

	assert_int_equal(log_level_parse("debug", &level), 0);
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_int_equal(log_level_parse("loud", &level), -1);
	log_open(LOG_LEVEL_WARNING);
	assert_true(log_wants(LOG_LEVEL_ERROR));
	assert_false(log_wants(LOG_LEVEL_INFO));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_canary_never_shows),
		cmocka_unit_test(test_words_are_words),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
