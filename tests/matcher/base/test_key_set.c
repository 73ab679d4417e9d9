/* key_set: what was added is there and nothing else, through growth; 0 is a key like any other. */
#include "matcher/base/hash.h"
#include "matcher/base/key_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void has_what_was_added(void **state)
{
	struct key_set set = {0};

	(void)state;
	assert_false(key_set_has(&set, 0));
	assert_false(key_set_has(&set, 7));
	for (uint64_t i = 1; i <= 5000; i++) {
		/* Twice each: the second changes nothing. 36 bits, as candidates' keys have. */
		assert_int_equal(key_set_add(&set, hash_mix(i) >> 28), 0);
		assert_int_equal(key_set_add(&set, hash_mix(i) >> 28), 0);
	}
	assert_int_equal(set.used, 5000);
	assert_false(key_set_has(&set, 0));
	assert_int_equal(key_set_add(&set, 0), 0);
	assert_true(key_set_has(&set, 0));
	for (uint64_t i = 1; i <= 10000; i++)
		assert_int_equal(key_set_has(&set, hash_mix(i) >> 28), i <= 5000);
	key_set_release(&set);
	assert_false(key_set_has(&set, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(has_what_was_added)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
