/*
 * Households: who belongs together, who has left, and which numbers are not believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/household/household.h"
#include "matcher/household/household_move.h"
#include "matcher/normalise/entry.h"

enum { TARGET = 0, PKH = 1, BPNT = 2 };

#define KK_A UINT64_C(1505011203100001)
#define KK_B UINT64_C(1505012511180044)
#define KK_C UINT64_C(1505031407090007)

static struct household_member target_row(uint32_t person, uint32_t family, enum relation relation, uint32_t birth)
{
	return (struct household_member){.list = TARGET, .day = 20240101, .person = person, .family = family, .village = 1,
		.rt = 3, .target = 2, .relation = (uint8_t)relation, .birth = birth};
}

static struct household_member programme_row(uint32_t list, uint32_t person, uint64_t kk)
{
	return (struct household_member){.list = list, .day = 20240701, .person = person, .kk = kk, .village = 1, .rt = 3,
		.birth = 19800101};
}

static struct arena arena;

static struct household_result decide(const struct household_member *members, size_t n,
	const struct household_decision *decisions, size_t n_decisions)
{
	struct household_result result;

	arena_reset(&arena);
	assert_int_equal(household_decide(&household_settings_default, members, n, decisions, n_decisions, &arena, &result, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(result.label[i] <= i);
		assert_true(result.certainty[i] > 0 && result.certainty[i] <= 1);
	}
	return result;
}

static void a_household_matches_though_each_list_names_another_member(void **state)
{
	const struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 10, RELATION_WIFE, 19720101),
		programme_row(PKH, 1, KK_A),
		programme_row(BPNT, 3, KK_A), /* a third member, by the card */
	};
	struct household_result r = decide(m, 4, NULL, 0);

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(r.label[i], 0);
}

static void a_card_may_be_reissued(void **state)
{
	const struct household_member m[] = {
		programme_row(PKH, 1, KK_A),
		programme_row(BPNT, 1, KK_B),
		programme_row(BPNT, 2, KK_B),
	};
	struct household_result r = decide(m, 3, NULL, 0);

	(void)state;
	assert_int_equal(r.label[1], 0);
	assert_int_equal(r.label[2], 0);
}

static void families_of_a_target_list_stay_apart(void **state)
{
	const struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 11, RELATION_HEAD, 19720101),
		programme_row(PKH, 1, KK_A),
		programme_row(PKH, 2, KK_A), /* one of the two numbers is wrong */
	};
	struct household_result r = decide(m, 4, NULL, 0);

	(void)state;
	assert_int_not_equal(r.label[0], r.label[1]);
}

/* Who stands with two families of a target list leaves a doubt between them, for people to look at. */
static void two_families_that_share_a_person_are_a_doubt(void **state)
{
	const struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 10, RELATION_WIFE, 19720101),
		target_row(1, 11, RELATION_HEAD, 19700101),
	};
	struct household_result r = decide(m, 3, NULL, 0);

	(void)state;
	assert_int_equal(r.label[1], r.label[0]);
	assert_int_not_equal(r.label[2], r.label[0]);
	assert_int_equal(r.n_doubts, 1);
	assert_true(r.doubts[0].a + r.doubts[0].b == 2 && r.doubts[0].a != 1 && r.doubts[0].b != 1);
	assert_true(r.doubts[0].probability > 0.05 && r.doubts[0].probability < 0.2);
}

static void one_number_in_two_villages_joins_no_strangers(void **state)
{
	struct household_member m[] = {programme_row(PKH, 1, KK_A), programme_row(BPNT, 2, KK_A)};
	struct household_result r;

	(void)state;
	m[1].village = 2;
	r = decide(m, 2, NULL, 0);
	assert_int_equal(r.label[1], 1);
	m[1].village = 0; /* not known: nothing speaks against the card */
	r = decide(m, 2, NULL, 0);
	assert_int_equal(r.label[1], 0);
}

static void a_daughter_who_married_belongs_to_two_households(void **state)
{
	struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 10, RELATION_CHILD, 20000101),
		target_row(3, 11, RELATION_HEAD, 19970101),
		programme_row(PKH, 1, KK_A),
		programme_row(PKH, 3, KK_B),
		programme_row(BPNT, 2, KK_B), /* the daughter, on her husband's card */
	};
	struct household_result r;

	(void)state;
	m[2].rt = m[4].rt = m[5].rt = 7;
	m[5].relation = RELATION_WIFE;
	m[5].birth = 20000101;
	r = decide(m, 6, NULL, 0);
	assert_int_equal(r.label[1], 0);
	assert_int_equal(r.label[3], 0);
	assert_int_equal(r.label[4], 2);
	assert_int_equal(r.label[5], 2);
}

static void a_wrong_number_does_not_move_anybody(void **state)
{
	struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 10, RELATION_CHILD, 20100101),
		target_row(3, 11, RELATION_HEAD, 19800101),
		programme_row(PKH, 1, KK_A),
		programme_row(PKH, 3, KK_B),
		programme_row(BPNT, 2, KK_B), /* a child of ten with the neighbours' number */
	};
	struct household_result r;

	(void)state;
	m[5].birth = 20100101;
	m[5].relation = RELATION_CHILD;
	m[2].rt = m[4].rt = 9;
	r = decide(m, 6, NULL, 0);
	assert_int_equal(r.label[5], 0);
}

static void people_decide_last(void **state)
{
	const struct household_member m[] = {
		programme_row(PKH, 1, KK_A),
		programme_row(BPNT, 2, KK_A),
		programme_row(BPNT, 3, KK_C),
	};
	const struct household_decision apart[] = {{0, 1, false}, {0, 2, true}};
	struct household_result r = decide(m, 3, apart, 2);

	(void)state;
	assert_int_equal(r.label[1], 1);
	assert_int_equal(r.label[2], 0);
}

static void a_family_goes_on_in_the_next_target_list(void **state)
{
	struct household_member m[] = {
		target_row(1, 10, RELATION_HEAD, 19700101),
		target_row(2, 10, RELATION_WIFE, 19720101),
		target_row(1, 77, RELATION_HEAD, 19700101),
		target_row(2, 77, RELATION_WIFE, 19720101),
		target_row(3, 78, RELATION_HEAD, 19720101),
	};
	struct household_result r;

	(void)state;
	for (int i = 2; i < 5; i++) {
		m[i].list = 5;
		m[i].target = 3;
		m[i].day = 20250101;
	}
	r = decide(m, 5, NULL, 0);
	assert_int_equal(r.label[2], 0);
	assert_int_equal(r.label[3], 0);
	assert_int_equal(r.label[4], 4);
}

static void numbers_and_names_with_slips(void **state)
{
	(void)state;
	assert_true(household_kk_near(KK_A, KK_A));
	assert_true(household_kk_near(KK_A, KK_A + 3));
	assert_false(household_kk_near(KK_A, KK_B));
	assert_false(household_kk_near(0, 0));
	assert_true(household_names_alike(STR_LITERAL("SULASTRI"), STR_LITERAL("SULASTRY")));
	assert_false(household_names_alike(STR_LITERAL("SULASTRI"), STR_LITERAL("BUDI")));
	assert_false(household_names_alike(STR_LITERAL(""), STR_LITERAL("")));
	assert_int_equal(household_years(19800601, 20240531), 43);
	assert_int_equal(household_years(0, 20240531), 0);
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_household_matches_though_each_list_names_another_member),
		cmocka_unit_test(a_card_may_be_reissued),
		cmocka_unit_test(families_of_a_target_list_stay_apart),
		cmocka_unit_test(two_families_that_share_a_person_are_a_doubt),
		cmocka_unit_test(one_number_in_two_villages_joins_no_strangers),
		cmocka_unit_test(a_daughter_who_married_belongs_to_two_households),
		cmocka_unit_test(a_wrong_number_does_not_move_anybody),
		cmocka_unit_test(people_decide_last),
		cmocka_unit_test(a_family_goes_on_in_the_next_target_list),
		cmocka_unit_test(numbers_and_names_with_slips),
	};

	return cmocka_run_group_tests_name("household", tests, NULL, release);
}
