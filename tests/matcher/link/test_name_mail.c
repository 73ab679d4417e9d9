/* Patterns of addresses, for a name's words: which are made of it, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/link/name_mail.h"

#include <string.h>

static void is(const char *local, const char *expected)
{
	const struct str words[] = {STR_LITERAL("DEWI"), STR_LITERAL("SARI"), STR_LITERAL("PUTRI")};
	char pattern[64];
	unsigned digits;
	size_t n = 0;
	bool made = name_mail_pattern(str_from(local), words, 3, pattern, &n, &digits);

	assert_int_equal(made, expected != NULL);
	if (!expected)
		return;
	assert_int_equal(n, strlen(expected));
	assert_memory_equal(pattern, expected, n);
	for (unsigned i = 0; i < n; i++)
		digits -= expected[i] == '#';
	assert_int_equal(digits, 0);
}

static void patterns(void **state)
{
	(void)state;
	is("dewi.sari", "1.2");
	is("sari_dewi84", "2_1##");
	is("dsari", "a2");
	is("dewisp", "1bc");
	is("dewiputri.s", "13.b");
	is("dewi.dewi", NULL); /* each word once */
	is("ds", NULL);
	is("1984", NULL);
	is("info", NULL);
	is("dewix", NULL);
	is("", NULL);
	is("dewi0123456789012345678901234567890123456789012345678901234567890123456789", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(patterns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
