/* See flag_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "tests/support/flag_world.h"

#include <stdlib.h>

const struct programme PROGRAMME[PROGRAMMES] = {
	[PKH] = {.code = {"pkh", 3}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
	[BPNT] = {.code = {"bpnt", 4}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
	[PIP] = {.code = {"pip", 3}, .unit = UNIT_PERSON, .inclusion = false},
	[BSPS] = {.code = {"bsps", 4}, .unit = UNIT_HOUSEHOLD, .inclusion = true},
};
static const struct reference REFERENCE[] = {{.code = {"asn", 3}}, {.code = {"dead", 4}}};

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

struct flag_input world_input(struct world *w)
{
	return (struct flag_input){.rules = &w->rules, .lists = w->lists, .n_lists = w->n_lists, .entries = w->entries,
		.n_entries = w->n_entries, .evidence = {w, same_person, same_household, doubtful}};
}

void world_decide(struct world *w, const uint32_t *touched, size_t n_touched)
{
	struct flag_input input = world_input(w);
	struct error err = {0};

	w->n = 0;
	assert_int_equal(flags_decide(&input, touched, n_touched, keep, w, &err), 0);
}

struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	w->sure = 0.95;
	w->rules = (struct ruleset){.programmes = PROGRAMME, .n_programmes = PROGRAMMES, .references = REFERENCE,
		.n_references = 2, .rules = w->rule};
	return w;
}

void world_list(struct world *w, enum list_kind kind, int subject, uint32_t day, bool current)
{
	w->lists[w->n_lists++] = (struct flag_list){.kind = kind, .subject = subject, .day = day, .current = current};
}

uint32_t world_entry(struct world *w, uint32_t person, uint32_t household)
{
	w->entries[w->n_entries] = (struct flag_entry){.list = (uint32_t)w->n_lists - 1, .row = (uint32_t)w->n_entries + 1,
		.person = person, .household = household};
	return (uint32_t)w->n_entries++;
}

struct rule *world_rule(struct world *w, enum rule_kind kind, int first, int second)
{
	struct rule *r = &w->rule[w->rules.n_rules++];

	*r = (struct rule){.code = {"r", 1}, .kind = kind, .severity = SEVERITY_LOW, .programmes = {first, second},
		.n_programmes = second < 0 ? 1 : 2, .reference = -1, .valid_from = 20240101};
	return r;
}

const struct flag *world_only(const struct world *w, enum flag_kind kind)
{
	const struct flag *found = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (w->flags[i].kind == kind) {
			assert_null(found);
			found = &w->flags[i];
		}
	return found;
}

size_t world_count(const struct world *w, enum flag_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->flags[i].kind == kind;
	return n;
}

void world_is_flag(const struct flag *flag, uint32_t at, uint32_t other, int by, double certainty)
{
	assert_non_null(flag);
	assert_int_equal(flag->entry, at);
	assert_int_equal(flag->other, other);
	assert_int_equal(flag->rule, by);
	assert_true(flag->certainty > certainty - 0.001 && flag->certainty < certainty + 0.001);
}
