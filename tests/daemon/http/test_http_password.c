/*
 * Which passwords are taken, and why others are not.
 */
#include "daemon/http/http_password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_taken(void **state)
{
	static const char *const good[] = {"gajah makan rumput", "Kopi-Pahit-7", "ñandú corre lejos", "xK9#mQ2$vL5!", "aaaa bbbb cccc d",
		"sitinurhaliza di panggung"};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_int_equal(password_may_be(good[i], "siti", NULL), 0);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {"", "pendek", "elevenchars", "ééééééééééé", "Password1234", "BISMILLAH123", "111111111111", "abababababab",
		"123456789012", "abcdefghijkl", "987654321098", "siti.nur1234", "xsiti.nurxxx", "kopikopikopi"};
	char long_one[PASSWORD_MOST + 2];
	struct error err = {0};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		error_clear(&err);
		assert_int_equal(password_may_be(bad[i], "siti.nur", &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_true(err.id[0] && err.en[0]);
		/* What was tried is never repeated. */
		assert_true(!bad[i][0] || !strstr(err.id, bad[i]));
	}
	memset(long_one, 'x', sizeof long_one - 1);
	for (size_t i = 0; i < sizeof long_one - 1; i++)
		long_one[i] = (char)('a' + i * 7 % 23);
	long_one[sizeof long_one - 1] = '\0';
	assert_int_equal(password_may_be(long_one, NULL, NULL), -1);
	long_one[PASSWORD_MOST] = '\0';
	assert_int_equal(password_may_be(long_one, NULL, NULL), -1); /* a row that comes again and again */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
