/*
 * What verbs print alike: masked digits.
 */
#include "daemon/cli/cli_common.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_masks_hide_birth_date_and_sex(void **state)
{
	char text[64];

	assert_string_equal(cli_masked("1505015403850012", text), "150501••••••0012");
	assert_string_equal(cli_masked("", text), "");
	/* Shorter or far longer than a number: nothing of it is shown. */
	assert_string_equal(cli_masked("1505", text), "••••");
	assert_null(strpbrk(cli_masked("123456789012345678901234567890", text), "0123456789"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks_hide_birth_date_and_sex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
