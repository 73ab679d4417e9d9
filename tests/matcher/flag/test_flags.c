/*
 * Flags: each kind on the smallest case that shows it, then thousands of made-up registers against the slow twin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/flag/flag.h"
#include "tests/reference/flags_slow.h"

#include <stdlib.h>

enum { PKH, BPNT, PIP, BSPS, PROGRAMMES };
enum { ASN, DEAD };

static const struct programme PROGRAMME[PROGRAMMES] = {
	[PKH] = {.code = {"pkh", 3}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
	[BPNT] = {.code = {"bpnt", 4}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
	[PIP] = {.code = {"pip", 3}, .unit = UNIT_PERSON, .inclusion = false},
	[BSPS] = {.code = {"bsps", 4}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
};
static const struct reference REFERENCE[] = {{.code = {"asn", 3}}, {.code = {"dead", 4}}};

/* A register in the making. */
struct world {
	struct ruleset rules;
	struct rule rule[16];
	struct flag_list lists[24];
	size_t n_lists;
	struct flag_entry entries[400];
	size_t n_entries;
	struct { uint32_t a, b; double person, household; } doubts[16];
	size_t n_doubts;
	uint64_t seed; /* 0: every link is certain, and doubts are those above; else all by chance */
	double sure;   /* of links between entries */
	struct flag flags[FLAGS_SLOW_MAX];
	size_t n;
};

static double chance(const struct world *w, uint64_t what, uint32_t a, uint32_t b)
{
	uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;

	/* Eighths, so that ties are common. */
	return (double)(hash_pair(hash_pair(w->seed, what), pair) % 9) / 8;
}

static double same_person(void *arg, uint32_t a, uint32_t b)
{
	const struct world *w = arg;

	return w->seed ? chance(w, 1, a, b) : w->sure;
}

static double same_household(void *arg, uint32_t a, uint32_t b)
{
	const struct world *w = arg;

	return w->seed ? chance(w, 2, a, b) : w->sure;
}

static void doubtful(void *arg, uint32_t entry, void (*found)(void *to, uint32_t other, double person, double household),
	void *to)
{
	const struct world *w = arg;

	for (size_t i = 0; i < w->n_doubts; i++) {
		if (w->doubts[i].a == entry)
			found(to, w->doubts[i].b, w->doubts[i].person, w->doubts[i].household);
		if (w->doubts[i].b == entry)
			found(to, w->doubts[i].a, w->doubts[i].person, w->doubts[i].household);
	}
	for (uint32_t other = 0; w->seed && other < w->n_entries; other++)
		if (w->entries[other].person != w->entries[entry].person && chance(w, 3, entry, other) > 0.8)
			found(to, other, chance(w, 4, entry, other) * 0.6, chance(w, 5, entry, other) * 0.7);
}

static int keep(void *arg, const struct flag *flag)
{
	struct world *w = arg;

	assert_true(w->n < FLAGS_SLOW_MAX);
	w->flags[w->n++] = *flag;
	return 0;
}

static struct flag_input input_of(struct world *w)
{
	return (struct flag_input){.rules = &w->rules, .lists = w->lists, .n_lists = w->n_lists, .entries = w->entries,
		.n_entries = w->n_entries, .evidence = {w, same_person, same_household, doubtful}};
}

static void decide(struct world *w, const uint32_t *touched, size_t n_touched)
{
	struct flag_input input = input_of(w);
	struct error err = {0};

	w->n = 0;
	assert_int_equal(flags_decide(&input, touched, n_touched, keep, w, &err), 0);
}

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	w->sure = 0.95;
	w->rules = (struct ruleset){.programmes = PROGRAMME, .n_programmes = PROGRAMMES, .references = REFERENCE,
		.n_references = 2, .rules = w->rule};
	return w;
}

static void list(struct world *w, enum list_kind kind, int subject, uint32_t day, bool current)
{
	w->lists[w->n_lists++] = (struct flag_list){.kind = kind, .subject = subject, .day = day, .current = current};
}

/* An entry of the newest list; its number. */
static uint32_t entry(struct world *w, uint32_t person, uint32_t household)
{
	w->entries[w->n_entries] = (struct flag_entry){.list = (uint32_t)w->n_lists - 1, .row = (uint32_t)w->n_entries + 1,
		.person = person, .household = household};
	return (uint32_t)w->n_entries++;
}

static struct rule *rule(struct world *w, enum rule_kind kind, int first, int second)
{
	struct rule *r = &w->rule[w->rules.n_rules++];

	*r = (struct rule){.code = {"r", 1}, .kind = kind, .severity = SEVERITY_LOW, .programmes = {first, second},
		.n_programmes = second < 0 ? 1 : 2, .reference = -1, .valid_from = 20240101};
	return r;
}

/* The only flag of a kind, or NULL; more than one fails. */
static const struct flag *only(const struct world *w, enum flag_kind kind)
{
	const struct flag *found = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (w->flags[i].kind == kind) {
			assert_null(found);
			found = &w->flags[i];
		}
	return found;
}

static size_t count(const struct world *w, enum flag_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->flags[i].kind == kind;
	return n;
}

static void is_flag(const struct flag *flag, uint32_t at, uint32_t other, int by, double certainty)
{
	assert_non_null(flag);
	assert_int_equal(flag->entry, at);
	assert_int_equal(flag->other, other);
	assert_int_equal(flag->rule, by);
	assert_true(flag->certainty > certainty - 0.001 && flag->certainty < certainty + 0.001);
}

static void exclusion_once_per_household(void **state)
{
	struct world *w = world_new();
	uint32_t at;

	(void)state;
	list(w, LIST_TARGET, -1, 20240101, true);
	at = entry(w, 1, 10);
	entry(w, 2, 10);
	entry(w, 3, 11);
	entry(w, 4, 12);
	list(w, LIST_PROGRAMME, PIP, 20240701, true);
	entry(w, 90, 11); /* another member: the household is reached */
	entry(w, 4, 77);  /* a member in another household: reached too */
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_EXCLUSION), at, FLAG_NO_ENTRY, -1, 1);
	assert_int_equal(only(w, FLAG_EXCLUSION)->state, FLAG_FINDING);
	assert_int_equal(only(w, FLAG_EXCLUSION)->severity, SEVERITY_HIGH);
	assert_null(only(w, FLAG_INCLUSION)); /* inclusion = no */
	w->lists[0].period_open = true; /* a target list waits for nobody: its period is not the programmes' */
	decide(w, NULL, 0);
	assert_int_equal(only(w, FLAG_EXCLUSION)->state, FLAG_FINDING);
	w->lists[1].period_open = true;
	decide(w, NULL, 0);
	assert_int_equal(only(w, FLAG_EXCLUSION)->state, FLAG_PROVISIONAL);
	w->lists[1].current = false; /* nothing to hold the target list against */
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_EXCLUSION));
	free(w);
}

static void doubtful_links_make_exclusion_less_sure(void **state)
{
	struct world *w = world_new();

	(void)state;
	list(w, LIST_TARGET, -1, 20240101, true);
	entry(w, 1, 10);
	entry(w, 2, 10);
	list(w, LIST_PROGRAMME, PKH, 20240701, true);
	entry(w, 3, 20);
	entry(w, 4, 20);
	entry(w, 5, 30);
	/* Two links to one household count once, as the stronger; a link to another one counts for itself. */
	w->doubts[0].a = 0, w->doubts[0].b = 2, w->doubts[0].person = 0.3, w->doubts[0].household = 0.3;
	w->doubts[1].a = 1, w->doubts[1].b = 3, w->doubts[1].household = 0.2;
	w->doubts[2].a = 1, w->doubts[2].b = 4, w->doubts[2].household = 0.1;
	w->n_doubts = 3;
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_EXCLUSION), 0, 2, -1, 0.7 * 0.9);
	assert_int_equal(only(w, FLAG_EXCLUSION)->state, FLAG_TO_CHECK);
	assert_int_equal(count(w, FLAG_INCLUSION), 3);
	assert_true(w->flags[1].kind == FLAG_INCLUSION && w->flags[1].certainty < 0.71);
	free(w);
}

static void inclusion_is_judged_by_household(void **state)
{
	struct world *w = world_new();
	struct rule *r;
	uint32_t off;

	(void)state;
	list(w, LIST_TARGET, -1, 20240101, true);
	entry(w, 1, 10);
	entry(w, 2, 11);
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	entry(w, 9, 10); /* his family is on the list */
	entry(w, 2, 55); /* stands there with another family */
	off = entry(w, 8, 56);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_INCLUSION), off, FLAG_NO_ENTRY, -1, 1);
	assert_int_equal(only(w, FLAG_INCLUSION)->severity, SEVERITY_MEDIUM);
	r = rule(w, RULE_TARGET_ONLY, PKH, -1);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_INCLUSION), off, FLAG_NO_ENTRY, 0, 1);
	assert_int_equal(only(w, FLAG_INCLUSION)->severity, SEVERITY_LOW);
	r->valid_from = 20240701; /* does not flag June's list */
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_INCLUSION));
	free(w);
}

static void overlap_at_the_programme_named_first(void **state)
{
	struct world *w = world_new();
	struct rule *r = rule(w, RULE_FORBIDDEN_OVERLAP, BPNT, PKH);
	uint32_t pkh, bpnt;

	(void)state;
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	pkh = entry(w, 1, 10);
	list(w, LIST_PROGRAMME, BPNT, 20240630, true);
	bpnt = entry(w, 2, 10); /* the wife */
	entry(w, 3, 11);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_OVERLAP), bpnt, pkh, 0, 0.95);
	r->level = LEVEL_PERSON;
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_OVERLAP));
	r->level = LEVEL_HOUSEHOLD;
	r->valid_to = 20240630;
	decide(w, NULL, 0);
	assert_non_null(only(w, FLAG_OVERLAP));
	r->valid_to = 20240629;
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_OVERLAP));
	r->valid_to = 0;
	w->entries[pkh].household = 99; /* a doubtful link: a doubtful flag */
	w->doubts[0].a = bpnt, w->doubts[0].b = pkh, w->doubts[0].household = 0.4, w->n_doubts = 1;
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_OVERLAP), bpnt, pkh, 0, 0.4);
	free(w);
}

static void repeats_in_a_list(void **state)
{
	struct world *w = world_new();
	uint32_t again, member;

	(void)state;
	list(w, LIST_PROGRAMME, BPNT, 20240601, true);
	entry(w, 1, 10);
	member = entry(w, 2, 10);
	again = entry(w, 1, 10); /* a repeated person is not counted again as a household */
	list(w, LIST_PROGRAMME, PIP, 20240601, true);
	entry(w, 3, 20);
	entry(w, 4, 20); /* pupils of one family: each for himself */
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_DUP_PERSON_IN_LIST), again, 0, -1, 0.95);
	is_flag(only(w, FLAG_DUP_HOUSEHOLD_IN_LIST), member, 0, -1, 0.95);
	rule(w, RULE_ONE_PER_HOUSEHOLD, PIP, -1);
	decide(w, NULL, 0);
	assert_int_equal(count(w, FLAG_DUP_HOUSEHOLD_IN_LIST), 2);
	assert_int_equal(w->flags[w->n - 1].rule, 0);
	free(w);
}

static void one_nik_on_two_persons(void **state)
{
	struct world *w = world_new();

	(void)state;
	list(w, LIST_PROGRAMME, PKH, 20230601, false);
	w->entries[entry(w, 7, 70)].nik = 5; /* an old list says nothing now */
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	w->entries[entry(w, 1, 10)].nik = 5;
	w->entries[entry(w, 1, 10)].nik = 5;
	w->entries[entry(w, 2, 20)].nik = 5;
	w->entries[entry(w, 2, 20)].nik = 5;
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_NIK_CONFLICT), 3, 1, -1, 1);
	free(w);
}

static void cooldown_looks_back(void **state)
{
	struct world *w = world_new();
	struct rule *r = rule(w, RULE_COOLDOWN, BSPS, -1);
	uint32_t old, now;

	(void)state;
	r->years = 10;
	list(w, LIST_PROGRAMME, BSPS, 20150101, false);
	old = entry(w, 1, 10);
	list(w, LIST_PROGRAMME, BSPS, 20240101, true);
	now = entry(w, 2, 10); /* another member of the family */
	entry(w, 3, 30);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_COOLDOWN), now, old, 0, 0.95);
	r->years = 9; /* ten years less a day would do */
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_COOLDOWN));
	r->years = 10;
	w->lists[0].superseded = true;
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_COOLDOWN));
	free(w);
}

static void desil_of_the_target_list_first(void **state)
{
	struct world *w = world_new();
	struct rule *r = rule(w, RULE_MAX_DESIL, PKH, -1);
	uint32_t at;

	(void)state;
	r->desil = 4;
	list(w, LIST_TARGET, -1, 20240101, true);
	w->entries[entry(w, 1, 10)].desil = 6;
	w->entries[entry(w, 2, 11)].desil = 4;
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	at = entry(w, 9, 10);
	w->entries[at].desil = 1;
	w->entries[entry(w, 2, 11)].desil = 9;
	w->entries[entry(w, 5, 12)].desil = 5;
	decide(w, NULL, 0);
	assert_int_equal(count(w, FLAG_INELIGIBLE), 2);
	for (size_t i = 0; i < w->n; i++)
		if (w->flags[i].kind == FLAG_INELIGIBLE && w->flags[i].entry == at)
			is_flag(&w->flags[i], at, 0, 0, 0.95);
	free(w);
}

static void quota_at_the_first_over_it(void **state)
{
	struct world *w = world_new();
	uint32_t over = 0;

	(void)state;
	rule(w, RULE_QUOTA, PIP, -1)->entries = 3;
	list(w, LIST_PROGRAMME, PIP, 20240601, true);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t number = entry(w, i, i);

		over = i == 3 ? number : over;
	}
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_QUOTA), over, FLAG_NO_ENTRY, 0, 1);
	free(w);
}

static void barred_person_or_member(void **state)
{
	struct world *w = world_new();
	struct rule *r = rule(w, RULE_BARRED_BY, PKH, -1);
	uint32_t row;

	(void)state;
	r->reference = ASN;
	list(w, LIST_REFERENCE, ASN, 20240101, true);
	row = entry(w, 2, UINT32_MAX);
	list(w, LIST_TARGET, -1, 20240101, true);
	entry(w, 1, 10);
	entry(w, 2, 10);
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	entry(w, 1, 10);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_BARRED), 3, row, 0, 0.95 * 0.95);
	r->level = LEVEL_PERSON;
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_BARRED));
	w->entries[row].person = 1;
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_BARRED), 3, row, 0, 0.95);
	free(w);
}

static void must_receive_one_of(void **state)
{
	struct world *w = world_new();
	struct rule *r = rule(w, RULE_MUST_RECEIVE_ONE_OF, PKH, BPNT);

	(void)state;
	list(w, LIST_TARGET, -1, 20240101, true);
	entry(w, 1, 10); /* gets PIP alone */
	entry(w, 2, 11); /* gets nothing: told as excluded */
	entry(w, 3, 12);
	list(w, LIST_PROGRAMME, PIP, 20240601, true);
	entry(w, 1, 10);
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_MUST_RECEIVE)); /* no list of those programmes has come */
	list(w, LIST_PROGRAMME, BPNT, 20240601, true);
	entry(w, 3, 12);
	decide(w, NULL, 0);
	is_flag(only(w, FLAG_MUST_RECEIVE), 0, FLAG_NO_ENTRY, 0, 1);
	is_flag(only(w, FLAG_EXCLUSION), 1, FLAG_NO_ENTRY, -1, 1);
	r->valid_from = 20240602;
	decide(w, NULL, 0);
	assert_null(only(w, FLAG_MUST_RECEIVE));
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

static uint64_t draw(uint64_t *state, uint64_t below)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	return hash_mix(*state) % below;
}

/* Lists of all kinds, rules of all kinds, few persons and households: everything collides with everything. */
static void make_world(struct world *w, uint64_t seed)
{
	uint64_t random = seed;
	size_t rules = draw(&random, 9);
	uint32_t persons = 3 + (uint32_t)draw(&random, 20), households = 2 + (uint32_t)draw(&random, 8);

	w->seed = seed;
	for (size_t i = 0; i < rules; i++) {
		struct rule *r = rule(w, (enum rule_kind)draw(&random, RULE_KINDS), (int)draw(&random, PROGRAMMES), -1);
		int second = (int)draw(&random, PROGRAMMES);

		if (second != r->programmes[0])
			r->programmes[1] = second, r->n_programmes = 2;
		r->level = (enum rule_level)draw(&random, 2);
		r->severity = (enum severity)draw(&random, 4);
		r->reference = (int)draw(&random, 2);
		r->valid_from = 20230101 + (uint32_t)draw(&random, 3) * 10000;
		r->valid_to = draw(&random, 3) ? 0 : r->valid_from + 5000;
		r->desil = 1 + (unsigned)draw(&random, 5);
		r->entries = 1 + (unsigned)draw(&random, 8);
		r->years = 1 + (unsigned)draw(&random, 3);
	}
	for (size_t i = 0; i < 9 + draw(&random, 4); i++) {
		bool target = draw(&random, 5) == 0, reference = draw(&random, 5) == 0;
		size_t entries = draw(&random, 9);

		list(w, target ? LIST_TARGET : reference ? LIST_REFERENCE : LIST_PROGRAMME,
			target ? -1 : (int)draw(&random, reference ? 2 : PROGRAMMES), 20220601 + (uint32_t)draw(&random, 4) * 10000,
			draw(&random, 3) > 0);
		w->lists[w->n_lists - 1].superseded = draw(&random, 8) == 0;
		w->lists[w->n_lists - 1].period_open = draw(&random, 20) == 0;
		for (size_t j = 0; j < entries; j++) {
			uint32_t number = entry(w, (uint32_t)draw(&random, persons),
				reference && !target ? UINT32_MAX : (uint32_t)draw(&random, households));

			w->entries[number].nik = draw(&random, 2) ? draw(&random, 12) : 0;
			w->entries[number].desil = (uint8_t)draw(&random, 7);
			w->entries[number].quality = draw(&random, 6) == 0;
		}
	}
}

static bool same_flag(const struct flag *a, const struct flag *b)
{
	double d = a->certainty - b->certainty;

	return a->kind == b->kind && a->entry == b->entry && a->other == b->other && a->rule == b->rule &&
		a->severity == b->severity && a->state == b->state && d < 1.5e-4 && d > -1.5e-4;
}

static void must_be_same(const struct flag *a, size_t n_a, const struct flag *b, size_t n_b, uint64_t seed)
{
	for (size_t i = 0; i < n_a || i < n_b; i++) {
		if (i < n_a && i < n_b && same_flag(&a[i], &b[i]))
			continue;
		if (i < n_a)
			print_error("seed %llu, fast: %s at %u other %d rule %d %.4f\n", (unsigned long long)seed, flag_kind_name(a[i].kind),
				a[i].entry, (int)a[i].other, a[i].rule, a[i].certainty);
		if (i < n_b)
			print_error("seed %llu, slow: %s at %u other %d rule %d %.4f\n", (unsigned long long)seed, flag_kind_name(b[i].kind),
				b[i].entry, (int)b[i].other, b[i].rule, b[i].certainty);
		fail();
	}
}

/* Touched: some entries; the flags must be those of all that stand at entries of their households. */
static void check_touched(struct world *w, const struct flag *all, size_t n_all, uint64_t seed)
{
	static struct flag wanted[FLAGS_SLOW_MAX];
	uint64_t random = seed + 1;
	uint32_t touched[5];
	size_t n = 0;

	if (!w->n_entries)
		return;
	for (size_t i = 0; i < 5; i++)
		touched[i] = (uint32_t)draw(&random, w->n_entries);
	for (size_t i = 0; i < n_all; i++) {
		const struct flag_entry *at = &w->entries[all[i].entry];
		bool is = false;

		for (size_t j = 0; j < 5; j++)
			is |= touched[j] == all[i].entry ||
				(at->household != UINT32_MAX && w->entries[touched[j]].household == at->household);
		if (is)
			wanted[n++] = all[i];
	}
	decide(w, touched, 5);
	must_be_same(w->flags, w->n, wanted, n, seed);
}

static void agrees_with_the_slow_twin(void **state)
{
	static struct flag slow[FLAGS_SLOW_MAX], fast[FLAGS_SLOW_MAX];
	size_t by_kind[FLAG_KINDS] = {0}, unsure = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct world *w = world_new();
		struct flag_input input = input_of(w);
		size_t n, n_fast;

		make_world(w, seed);
		input = input_of(w);
		n = flags_slow(&input, slow);
		decide(w, NULL, 0);
		n_fast = w->n;
		memcpy(fast, w->flags, w->n * sizeof *fast);
		must_be_same(fast, n_fast, slow, n, seed);
		for (size_t i = 0; i < n; i++)
			by_kind[slow[i].kind]++, unsure += slow[i].certainty < 0.5;
		check_touched(w, fast, n_fast, seed);
		free(w);
	}
	for (size_t kind = 0; kind < FLAG_KINDS; kind++)
		assert_true(by_kind[kind] > 5); /* the twin was asked about everything */
	assert_true(unsure > 100);
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
	list(w, LIST_PROGRAMME, PKH, 20240601, true);
	for (uint32_t i = 0; i < 3; i++)
		w->entries[entry(w, i, i)].quality = 1;
	input = input_of(w);
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
		cmocka_unit_test(agrees_with_the_slow_twin),
		cmocka_unit_test(a_sink_may_stop),
	};

	return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}
