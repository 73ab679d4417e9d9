/*
 * Flags: thousands of made-up registers against the slow twin, whole and in part.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "tests/support/flag_world.h"

#include <stdlib.h>

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
		struct rule *r = world_rule(w, (enum rule_kind)draw(&random, RULE_KINDS), (int)draw(&random, PROGRAMMES), -1);
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

		world_list(w, target ? LIST_TARGET : reference ? LIST_REFERENCE : LIST_PROGRAMME,
			target ? -1 : (int)draw(&random, reference ? 2 : PROGRAMMES), 20220601 + (uint32_t)draw(&random, 4) * 10000,
			draw(&random, 3) > 0);
		w->lists[w->n_lists - 1].superseded = draw(&random, 8) == 0;
		w->lists[w->n_lists - 1].period_open = draw(&random, 20) == 0;
		for (size_t j = 0; j < entries; j++) {
			uint32_t number = world_entry(w, (uint32_t)draw(&random, persons),
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
	world_decide(w, touched, 5);
	must_be_same(w->flags, w->n, wanted, n, seed);
}

static void agrees_with_the_slow_twin(void **state)
{
	static struct flag slow[FLAGS_SLOW_MAX], fast[FLAGS_SLOW_MAX];
	size_t by_kind[FLAG_KINDS] = {0}, unsure = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct world *w = world_new();
		struct flag_input input = world_input(w);
		size_t n, n_fast;

		make_world(w, seed);
		input = world_input(w);
		n = flags_slow(&input, slow);
		world_decide(w, NULL, 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_slow_twin),
	};

	return cmocka_run_group_tests_name("flags_slow", tests, NULL, NULL);
}
