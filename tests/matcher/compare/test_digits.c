/*
 * NIK and KK numbers, and dates, compared: each level by example, and random ones against a slow count of digits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/compare/dates.h"
#include "matcher/compare/digits.h"
#include "tests/reference/edit_slow.h"

#define NIK(value)                      \
	{                               \
		UINT64_C(value), 16, 16 \
	}

static void tells_levels(void **state)
{
	static const struct {
		struct digits a, b;
		enum digits_level level;
	} cases[] = {
	        {{0, 0, 0}, NIK(1505013112800001), DIGITS_MISSING},
	        {NIK(1505013112800001), NIK(1505013112800001), DIGITS_EQUAL},
	        {{UINT64_C(1505013112800000), 16, 15}, NIK(1505013112800001), DIGITS_FIFTEEN},
	        {{UINT64_C(1505013112800000), 16, 15}, {UINT64_C(1505013112800000), 16, 15}, DIGITS_FIFTEEN},
	        {{UINT64_C(1505013112800000), 16, 15}, NIK(1505013112800021), DIGITS_AREA_DATE},
	        {NIK(1505013112800001), NIK(1505013112800002), DIGITS_ONE},
	        {NIK(1505013112800001), NIK(1505013122800001), DIGITS_ONE},
	        {NIK(1505013112800001), NIK(1505031128000010), DIGITS_SHIFTED},
	        {NIK(1505013112800001), NIK(1505013112080001), DIGITS_SWAPPED},
	        {NIK(1505013112800001), NIK(1505013112810003), DIGITS_TWO},
	        {NIK(1505013112800001), NIK(1505013112800012), DIGITS_AREA_DATE},
	        {NIK(1505013112800001), NIK(1505013112801234), DIGITS_AREA_DATE},
	        {{UINT64_C(150501311280001), 15, 15}, NIK(1505013112800001), DIGITS_SHIFTED},
	        {{UINT64_C(15050131128000001), 17, 17}, NIK(1505013112800001), DIGITS_SHIFTED},
	        {NIK(1505013112800001), NIK(3174054507910023), DIGITS_DIFFERENT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(digits_compare(cases[i].a, cases[i].b), cases[i].level);
		assert_int_equal(digits_compare(cases[i].b, cases[i].a), cases[i].level);
	}
}

/* A number near to a: one digit taken out and one put in, or one digit or two changed. */
static uint64_t damaged(uint64_t a, uint64_t *seed, int how)
{
	char text[32];
	unsigned at, to;

	snprintf(text, sizeof(text), "%016llu", (unsigned long long)a);
	at = (unsigned)(hash_mix(++*seed) % 16);
	to = (unsigned)(hash_mix(++*seed) % 16);
	if (how == 0) {
		char digit = text[at];

		memmove(text + at, text + at + 1, 16 - at);
		memmove(text + to + 1, text + to, 16 - to);
		text[to] = digit;
	} else {
		text[at] = (char)('0' + hash_mix(++*seed) % 10);
		if (how == 2)
			text[to] = (char)('0' + hash_mix(++*seed) % 10);
	}
	a = 0;
	for (int i = 0; i < 16; i++)
		a = a * 10 + (uint64_t)(text[i] - '0');
	return a;
}

static void agrees_with_counting(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint64_t a = hash_mix(++seed) % UINT64_C(9000000000000000) + UINT64_C(1000000000000000);
		uint64_t b = damaged(a, &seed, round % 3);
		char x[24], y[24];
		int differing = 0;
		enum digits_level level = digits_compare_bcd(digits_to_bcd(a), digits_to_bcd(b));
		unsigned distance;

		snprintf(x, sizeof(x), "%016llu", (unsigned long long)a);
		assert_true(digits_to_bcd(a) == strtoull(x, NULL, 16));
		snprintf(y, sizeof(y), "%016llu", (unsigned long long)b);
		for (int i = 0; i < 16; i++)
			differing += x[i] != y[i];
		distance = slow_edit_osa(str_from(x), str_from(y));
		assert_int_equal(digits_distance((struct digits){a, 16, 16}, (struct digits){b, 16, 16}),
		        distance > 3 ? 3 : distance);
		if (differing <= 1)
			assert_int_equal(level, differing == 0 ? DIGITS_EQUAL : DIGITS_ONE);
		else if (differing == 2)
			assert_true(level == DIGITS_SWAPPED || level == DIGITS_TWO || level == DIGITS_AREA_DATE);
		else if (round % 3 == 0)
			assert_int_equal(level, DIGITS_SHIFTED);
		if (level == DIGITS_SWAPPED)
			assert_int_equal(distance, 1);
		if (level == DIGITS_SHIFTED)
			assert_true(distance <= 2);
	}
}

static void tells_dates(void **state)
{
	static const struct {
		uint32_t a, b;
		enum dates_level level;
	} cases[] = {
	        {0, 19801231, DATES_MISSING},
	        {19801231, 19801231, DATES_EQUAL},
	        {19800312, 19801203, DATES_SWAPPED},
	        {19800312, 19800313, DATES_ONE_DIGIT},
	        {19800312, 19800321, DATES_ONE_DIGIT},
	        {19800312, 19801112, DATES_YEAR_DAY}, /* 03 and 11 share no digit */
	        {19801012, 19801112, DATES_ONE_DIGIT},
	        {19830312, 19880312, DATES_ONE_DIGIT},
	        {19670312, 19760312, DATES_ONE_DIGIT},
	        {19830312, 19930312, DATES_DECADE},
	        {19830312, 20830312, DATES_DECADE},
	        {19830312, 19950312, DATES_YEAR_OFF},
	        {19831225, 19840105, DATES_NEAR},
	        {19830309, 19830402, DATES_NEAR},
	        {19830301, 19830328, DATES_NEAR},
	        {19830915, 19830415, DATES_ONE_DIGIT},
	        {19831015, 19830415, DATES_YEAR_DAY},
	        {19830901, 19830215, DATES_YEAR_ONLY},
	        {19830000, 19830215, DATES_YEAR_ONLY},
	        {19830200, 19830215, DATES_YEAR_MONTH},
	        {19830300, 19830215, DATES_DIFFERENT},
	        {19830000, 19840215, DATES_MISSING}, /* an age told it, perhaps */
	        {19830000, 19850215, DATES_DIFFERENT},
	        {19830200, 19840215, DATES_DIFFERENT},
	        {19830231, 19830231, DATES_EQUAL},
	        {19830215, 19901130, DATES_DIFFERENT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(dates_compare(cases[i].a, cases[i].b), cases[i].level);
		assert_int_equal(dates_compare(cases[i].b, cases[i].a), cases[i].level);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_levels),
	        cmocka_unit_test(agrees_with_counting),
	        cmocka_unit_test(tells_dates),
	};

	return cmocka_run_group_tests_name("numbers and dates compared", tests, NULL, NULL);
}
