/* log2_of() and exp2_of() against libm, and at their ends. */
#include "matcher/base/hash.h"
#include "matcher/base/log2.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void as_exact_as_libm(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		double x = (double)(hash_mix(i) >> 11) / 9007199254740992.0 * 80 - 40;
		double p = exp2_of(x);

		assert_true(fabs(p / exp2(x) - 1) < 1e-12);
		assert_true(fabs(log2_of(p) - x) < 1e-11);
	}
}

static void exact_at_powers_of_two(void **state)
{
	(void)state;
	for (int e = -1000; e <= 1000; e += 50) {
		assert_true(log2_of(ldexp(1, e)) == e);
		assert_true(exp2_of(e) == ldexp(1, e));
	}
}

static void ends(void **state)
{
	(void)state;
	assert_true(log2_of(0) <= -1021);
	assert_true(log2_of(-1) <= -1021);
	assert_true(exp2_of(-5000) == 0);
	assert_true(isfinite(exp2_of(5000)));
	assert_int_equal(weight_from_bits(-1.5), -6144);
	assert_true(weight_to_bits(2048) == 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_exact_as_libm),
		cmocka_unit_test(exact_at_powers_of_two),
		cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
