/*
 * Flags: each kind on the smallest case that shows it. See test_flags_slow.c for all of them at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flag_world.h"

#include <stdlib.h>

static void exclusion_once_per_household(void **state)
{
	struct world *w = world_new();
	uint32_t at;

	(void)state;
	world_list(w, LIST_TARGET, -1, 20240101, true);
	at = world_entry(w, 1, 10);
	world_entry(w, 2, 10);
	world_entry(w, 3, 11);
	world_entry(w, 4, 12);
	world_list(w, LIST_PROGRAMME, PIP, 20240701, true);
	world_entry(w, 90, 11); /* another member: the household is reached */
	world_entry(w, 4, 77);  /* a member in another household: reached too */
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_EXCLUSION), at, FLAG_NO_ENTRY, -1, 1);
	assert_int_equal(world_only(w, FLAG_EXCLUSION)->state, FLAG_FINDING);
	assert_int_equal(world_only(w, FLAG_EXCLUSION)->severity, SEVERITY_HIGH);
	assert_null(world_only(w, FLAG_INCLUSION)); /* inclusion = no */
	w->lists[0].period_open = true; /* a target list waits for nobody: its period is not the programmes' */
	world_decide(w, NULL, 0);
	assert_int_equal(world_only(w, FLAG_EXCLUSION)->state, FLAG_FINDING);
	w->lists[1].period_open = true;
	world_decide(w, NULL, 0);
	assert_int_equal(world_only(w, FLAG_EXCLUSION)->state, FLAG_PROVISIONAL);
	w->lists[1].current = false; /* nothing to hold the target list against */
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_EXCLUSION));
	free(w);
}

static void doubtful_links_make_exclusion_less_sure(void **state)
{
	struct world *w = world_new();

	(void)state;
	world_list(w, LIST_TARGET, -1, 20240101, true);
	world_entry(w, 1, 10);
	world_entry(w, 2, 10);
	world_list(w, LIST_PROGRAMME, PKH, 20240701, true);
	world_entry(w, 3, 20);
	world_entry(w, 4, 20);
	world_entry(w, 5, 30);
	/* Two links to one household count once, as the stronger; a link to another one counts for itself. */
	w->doubts[0].a = 0, w->doubts[0].b = 2, w->doubts[0].person = 0.3, w->doubts[0].household = 0.3;
	w->doubts[1].a = 1, w->doubts[1].b = 3, w->doubts[1].household = 0.2;
	w->doubts[2].a = 1, w->doubts[2].b = 4, w->doubts[2].household = 0.1;
	w->n_doubts = 3;
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_EXCLUSION), 0, 2, -1, 0.7 * 0.9);
	assert_int_equal(world_only(w, FLAG_EXCLUSION)->state, FLAG_TO_CHECK);
	assert_int_equal(world_count(w, FLAG_INCLUSION), 3);
	assert_true(w->flags[1].kind == FLAG_INCLUSION && w->flags[1].certainty < 0.71);
	/* Nine tenths are sure enough, a little less is not. */
	w->n_doubts = 0;
	for (unsigned i = 0; i < 2; i++) {
		w->doubts[0].a = 0, w->doubts[0].b = 2, w->doubts[0].person = 0, w->doubts[0].household = i ? 0.1001 : 0.1;
		w->n_doubts = 1;
		world_decide(w, NULL, 0);
		assert_int_equal(world_only(w, FLAG_EXCLUSION)->state, i ? FLAG_TO_CHECK : FLAG_FINDING);
	}
	free(w);
}

static void inclusion_is_judged_by_household(void **state)
{
	struct world *w = world_new();
	struct rule *r;
	uint32_t off;

	(void)state;
	world_list(w, LIST_TARGET, -1, 20240101, true);
	world_entry(w, 1, 10);
	world_entry(w, 2, 11);
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	world_entry(w, 9, 10); /* his family is on the list */
	world_entry(w, 2, 55); /* stands there with another family */
	off = world_entry(w, 8, 56);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_INCLUSION), off, FLAG_NO_ENTRY, -1, 1);
	assert_int_equal(world_only(w, FLAG_INCLUSION)->severity, SEVERITY_MEDIUM);
	r = world_rule(w, RULE_TARGET_ONLY, PKH, -1);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_INCLUSION), off, FLAG_NO_ENTRY, 0, 1);
	assert_int_equal(world_only(w, FLAG_INCLUSION)->severity, SEVERITY_LOW);
	r->valid_from = 20240701; /* does not flag June's list */
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_INCLUSION));
	free(w);
}

static void overlap_at_the_programme_named_first(void **state)
{
	struct world *w = world_new();
	struct rule *r = world_rule(w, RULE_FORBIDDEN_OVERLAP, BPNT, PKH);
	uint32_t pkh, bpnt;

	(void)state;
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	pkh = world_entry(w, 1, 10);
	world_list(w, LIST_PROGRAMME, BPNT, 20240630, true);
	bpnt = world_entry(w, 2, 10); /* the wife */
	world_entry(w, 3, 11);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_OVERLAP), bpnt, pkh, 0, 0.95);
	r->level = LEVEL_PERSON;
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_OVERLAP));
	r->level = LEVEL_HOUSEHOLD;
	r->valid_to = 20240630;
	world_decide(w, NULL, 0);
	assert_non_null(world_only(w, FLAG_OVERLAP));
	r->valid_to = 20240629;
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_OVERLAP));
	r->valid_to = 0;
	w->entries[pkh].household = 99; /* a doubtful link: a doubtful flag */
	w->doubts[0].a = bpnt, w->doubts[0].b = pkh, w->doubts[0].household = 0.4, w->n_doubts = 1;
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_OVERLAP), bpnt, pkh, 0, 0.4);
	free(w);
}

static void repeats_in_a_list(void **state)
{
	struct world *w = world_new();
	uint32_t again, member;

	(void)state;
	world_list(w, LIST_PROGRAMME, BPNT, 20240601, true);
	world_entry(w, 1, 10);
	member = world_entry(w, 2, 10);
	again = world_entry(w, 1, 10); /* a repeated person is not counted again as a household */
	world_list(w, LIST_PROGRAMME, PIP, 20240601, true);
	world_entry(w, 3, 20);
	world_entry(w, 4, 20); /* pupils of one family: each for himself */
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_DUP_PERSON_IN_LIST), again, 0, -1, 0.95);
	world_is_flag(world_only(w, FLAG_DUP_HOUSEHOLD_IN_LIST), member, 0, -1, 0.95);
	world_rule(w, RULE_ONE_PER_HOUSEHOLD, PIP, -1);
	world_decide(w, NULL, 0);
	assert_int_equal(world_count(w, FLAG_DUP_HOUSEHOLD_IN_LIST), 2);
	assert_int_equal(w->flags[w->n - 1].rule, 0);
	free(w);
}

static void one_nik_on_two_persons(void **state)
{
	struct world *w = world_new();

	(void)state;
	world_list(w, LIST_PROGRAMME, PKH, 20230601, false);
	w->entries[world_entry(w, 7, 70)].nik = 5; /* an old list says nothing now */
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	w->entries[world_entry(w, 1, 10)].nik = 5;
	w->entries[world_entry(w, 1, 10)].nik = 5;
	w->entries[world_entry(w, 2, 20)].nik = 5;
	w->entries[world_entry(w, 2, 20)].nik = 5;
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_NIK_CONFLICT), 3, 1, -1, 1);
	free(w);
}

static void cooldown_looks_back(void **state)
{
	struct world *w = world_new();
	struct rule *r = world_rule(w, RULE_COOLDOWN, BSPS, -1);
	uint32_t old, now;

	(void)state;
	r->years = 10;
	world_list(w, LIST_PROGRAMME, BSPS, 20150101, false);
	old = world_entry(w, 1, 10);
	world_list(w, LIST_PROGRAMME, BSPS, 20240101, true);
	now = world_entry(w, 2, 10); /* another member of the family */
	world_entry(w, 3, 30);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_COOLDOWN), now, old, 0, 0.95);
	r->years = 9; /* ten years less a day would do */
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_COOLDOWN));
	r->years = 10;
	w->lists[0].superseded = true;
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_COOLDOWN));
	free(w);
}

static void desil_of_the_target_list_first(void **state)
{
	struct world *w = world_new();
	struct rule *r = world_rule(w, RULE_MAX_DESIL, PKH, -1);
	uint32_t at;

	(void)state;
	r->desil = 4;
	world_list(w, LIST_TARGET, -1, 20240101, true);
	w->entries[world_entry(w, 1, 10)].desil = 6;
	w->entries[world_entry(w, 2, 11)].desil = 4;
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	at = world_entry(w, 9, 10);
	w->entries[at].desil = 1;
	w->entries[world_entry(w, 2, 11)].desil = 9;
	w->entries[world_entry(w, 5, 12)].desil = 5;
	world_decide(w, NULL, 0);
	assert_int_equal(world_count(w, FLAG_INELIGIBLE), 2);
	for (size_t i = 0; i < w->n; i++)
		if (w->flags[i].kind == FLAG_INELIGIBLE && w->flags[i].entry == at)
			world_is_flag(&w->flags[i], at, 0, 0, 0.95);
	free(w);
}

static void quota_at_the_first_over_it(void **state)
{
	struct world *w = world_new();
	uint32_t over = 0;

	(void)state;
	world_rule(w, RULE_QUOTA, PIP, -1)->entries = 3;
	world_list(w, LIST_PROGRAMME, PIP, 20240601, true);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t number = world_entry(w, i, i);

		over = i == 3 ? number : over;
	}
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_QUOTA), over, FLAG_NO_ENTRY, 0, 1);
	free(w);
}

static void barred_person_or_member(void **state)
{
	struct world *w = world_new();
	struct rule *r = world_rule(w, RULE_BARRED_BY, PKH, -1);
	uint32_t row;

	(void)state;
	r->reference = ASN;
	world_list(w, LIST_REFERENCE, ASN, 20240101, true);
	row = world_entry(w, 2, UINT32_MAX);
	world_list(w, LIST_TARGET, -1, 20240101, true);
	world_entry(w, 1, 10);
	world_entry(w, 2, 10);
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	world_entry(w, 1, 10);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_BARRED), 3, row, 0, 0.95 * 0.95);
	r->level = LEVEL_PERSON;
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_BARRED));
	w->entries[row].person = 1;
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_BARRED), 3, row, 0, 0.95);
	free(w);
}

static void must_receive_one_of(void **state)
{
	struct world *w = world_new();
	struct rule *r = world_rule(w, RULE_MUST_RECEIVE_ONE_OF, PKH, BPNT);

	(void)state;
	world_list(w, LIST_TARGET, -1, 20240101, true);
	world_entry(w, 1, 10); /* gets PIP alone */
	world_entry(w, 2, 11); /* gets nothing: told as excluded */
	world_entry(w, 3, 12);
	world_list(w, LIST_PROGRAMME, PIP, 20240601, true);
	world_entry(w, 1, 10);
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_MUST_RECEIVE)); /* no list of those programmes has come */
	world_list(w, LIST_PROGRAMME, BPNT, 20240601, true);
	world_entry(w, 3, 12);
	world_decide(w, NULL, 0);
	world_is_flag(world_only(w, FLAG_MUST_RECEIVE), 0, FLAG_NO_ENTRY, 0, 1);
	world_is_flag(world_only(w, FLAG_EXCLUSION), 1, FLAG_NO_ENTRY, -1, 1);
	r->valid_from = 20240602;
	world_decide(w, NULL, 0);
	assert_null(world_only(w, FLAG_MUST_RECEIVE));
	free(w);
}

static void keys_and_bases(void **state)
{
	struct flag_identity a = {FLAG_OVERLAP, STR_LITERAL("ab"), STR_LITERAL("c"), 7, 0}, b = a;
	const uint64_t prints[] = {3, 9}, turned[] = {9, 3}, twice[] = {3, 3};
	struct ruleset rules = {.programmes = PROGRAMME, .n_programmes = PROGRAMMES};
	struct rule one = {.code = {"r", 1}, .programmes = {PKH}, .n_programmes = 1, .reference = -1, .valid_from = 20240101};
	struct rule other = one;
	uint64_t basis = flag_basis(FLAG_OVERLAP, &rules, &one, prints, 2);

	(void)state;
	assert_true(flag_key(&a).high == flag_key(&b).high && flag_key(&a).low == flag_key(&b).low);
	assert_true(flag_key(&a).high != flag_key(&a).low);
	b.rule = STR_LITERAL("a");
	b.subject = STR_LITERAL("bc");
	assert_true(flag_key(&a).high != flag_key(&b).high);
	b = a;
	b.ordinal = 1;
	assert_true(flag_key(&a).high != flag_key(&b).high && flag_key(&a).low != flag_key(&b).low);
	assert_true(basis == flag_basis(FLAG_OVERLAP, &rules, &one, turned, 2));
	assert_true(basis != flag_basis(FLAG_OVERLAP, &rules, &one, twice, 2));
	assert_true(basis != flag_basis(FLAG_OVERLAP, &rules, NULL, prints, 2));
	other.severity = SEVERITY_HIGH;
	assert_true(basis == flag_basis(FLAG_OVERLAP, &rules, &other, prints, 2));
	other.valid_to = 20241231;
	assert_true(basis != flag_basis(FLAG_OVERLAP, &rules, &other, prints, 2));
	assert_string_equal(flag_kind_name(FLAG_DUP_HOUSEHOLD_IN_LIST), "DUP_HOUSEHOLD_IN_LIST");
	assert_string_equal(flag_state_name(FLAG_TO_CHECK), "to_check");
}

static int stop(void *arg, const struct flag *flag)
{
	(void)flag;
	++*(int *)arg;
	return 1;
}

static void a_sink_may_stop(void **state)
{
	struct world *w = world_new();
	struct flag_input input;
	struct error err = {0};
	int calls = 0;

	(void)state;
	world_list(w, LIST_PROGRAMME, PKH, 20240601, true);
	for (uint32_t i = 0; i < 3; i++)
		w->entries[world_entry(w, i, i)].quality = 1;
	input = world_input(w);
	assert_int_equal(flags_decide(&input, NULL, 0, stop, &calls, &err), -1);
	assert_int_equal(calls, 1);
	assert_int_equal(err.kind, ERROR_NONE);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exclusion_once_per_household),
		cmocka_unit_test(doubtful_links_make_exclusion_less_sure),
		cmocka_unit_test(inclusion_is_judged_by_household),
		cmocka_unit_test(overlap_at_the_programme_named_first),
		cmocka_unit_test(repeats_in_a_list),
		cmocka_unit_test(one_nik_on_two_persons),
		cmocka_unit_test(cooldown_looks_back),
		cmocka_unit_test(desil_of_the_target_list_first),
		cmocka_unit_test(quota_at_the_first_over_it),
		cmocka_unit_test(barred_person_or_member),
		cmocka_unit_test(must_receive_one_of),
		cmocka_unit_test(keys_and_bases),
		cmocka_unit_test(a_sink_may_stop),
	};

	return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}
