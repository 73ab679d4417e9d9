/*
 * Which language is chosen from the environment, and how it writes numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/base/lang.h"

#include <stdlib.h>

static void clear(void)
{
	unsetenv("PADAN_LANG");
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
}

static void indonesian_unless_english_is_asked_for(void **state)
{
	(void)state;
	clear();
	assert_int_equal(lang_from_environment(), LANG_ID);
	setenv("LANG", "C.UTF-8", 1);
	assert_int_equal(lang_from_environment(), LANG_ID);
	setenv("LANG", "en_US.UTF-8", 1);
	assert_int_equal(lang_from_environment(), LANG_EN);
	setenv("LC_ALL", "", 1);
	assert_int_equal(lang_from_environment(), LANG_EN);
	setenv("LC_ALL", "id_ID.UTF-8", 1);
	assert_int_equal(lang_from_environment(), LANG_ID);
	setenv("PADAN_LANG", "en", 1);
	assert_int_equal(lang_from_environment(), LANG_EN);
	setenv("PADAN_LANG", "fr", 1);
	assert_int_equal(lang_from_environment(), LANG_ID);
	clear();
}

static void parses_two_names_only(void **state)
{
	enum lang lang = LANG_ID;

	(void)state;
	assert_int_equal(lang_parse("en", &lang), 0);
	assert_int_equal(lang, LANG_EN);
	assert_int_equal(lang_parse("id", &lang), 0);
	assert_int_equal(lang, LANG_ID);
	assert_int_equal(lang_parse("", &lang), -1);
	assert_int_equal(lang_parse("english", &lang), -1);
}

static void writes_numbers_as_people_read_them(void **state)
{
	static const struct {
		int64_t number;
		const char *id, *en;
	} cases[] = {{0, "0", "0"}, {999, "999", "999"}, {1000, "1.000", "1,000"}, {457238, "457.238", "457,238"},
		{-1234567, "-1.234.567", "-1,234,567"}, {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"}};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(lang_number(LANG_ID, cases[i].number, text), cases[i].id);
		assert_string_equal(lang_number(LANG_EN, cases[i].number, text), cases[i].en);
	}
	assert_string_equal(lang_percent(LANG_ID, 0.925, text), "92,5 %");
	assert_string_equal(lang_percent(LANG_EN, 1, text), "100.0%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indonesian_unless_english_is_asked_for),
		cmocka_unit_test(parses_two_names_only),
		cmocka_unit_test(writes_numbers_as_people_read_them),
	};

	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
