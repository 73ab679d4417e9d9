/*
 * The family as evidence for a person: matcher/household/household_persons.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <cmocka.h>

#include "matcher/household/household_persons.h"

static void assert_near(double a, double b)
{
	assert_true(fabs(a - b) < 1e-6);
}

/* Rows that say nothing leave what is known of families: each of n listed members is as likely, the rest is left out. */
static void without_evidence_it_is_the_share_of_the_listed(void **state)
{
	const double nothing[4] = {0};

	(void)state;
	assert_near(household_person_odds(nothing, 1, 0), log2(HOUSEHOLD_LISTED / (1 - HOUSEHOLD_LISTED)));
	assert_near(household_person_odds(nothing, 4, 2), log2(HOUSEHOLD_LISTED / 4 / (1 - HOUSEHOLD_LISTED * 0.25)));
}

static void members_who_fit_as_well_share_the_odds(void **state)
{
	const double alone[3] = {6, -20, -20}, twins[3] = {6, 6, -20};

	(void)state;
	assert_true(household_person_odds(alone, 3, 0) > 3);
	assert_true(household_person_odds(twins, 3, 0) < 0); /* one of two, and no telling which */
	assert_near(household_person_odds(twins, 3, 0), household_person_odds(twins, 3, 1));
}

static void who_was_decided_apart_is_out(void **state)
{
	const double bits[2] = {-INFINITY, 4}, none[1] = {-INFINITY};

	(void)state;
	assert_true(isinf(household_person_odds(bits, 2, 0)));
	assert_true(household_person_odds(bits, 2, 1) > 0);
	assert_true(isinf(household_person_odds(none, 1, 0)));
}

static void sums_stay_finite(void **state)
{
	const double much[2] = {1e6, 1e6}, little[2] = {-1e6, -1e6};

	(void)state;
	assert_true(isfinite(household_person_odds(much, 2, 0)));
	assert_true(isfinite(household_person_odds(little, 2, 0)));
	assert_true(household_person_odds(little, 2, 0) < -100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_evidence_it_is_the_share_of_the_listed),
		cmocka_unit_test(members_who_fit_as_well_share_the_odds),
		cmocka_unit_test(who_was_decided_apart_is_out),
		cmocka_unit_test(sums_stay_finite),
	};

	return cmocka_run_group_tests_name("household_persons", tests, NULL, NULL);
}
