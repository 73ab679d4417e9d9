/*
 * Persons and households decide each other: whom the linker could not tell apart from a stranger or a brother may be told by the
 * family. Works on one component, between two rounds of household_decide(): people of a household who stand in programmes'
 * lists alone are weighed against the members whom the target list names (matcher/household/household_persons.h), the surest first.
 *
 * Somebody outside the family who is either the listed member or another of his household, if the linker is right – no stranger –
 * is weighed likewise: a new card in another village, listed through a member with a damaged NIK, is found so.
 *
 * A person so found is one by verdict: the rings join, labels and ids follow. What the linker said is not forgotten – each
 * settle of a component begins with it – and says which links rest on the family (struct register_entry, kin).
 */
#include "matcher/district/settling.h"

#include "matcher/base/grow.h"
#include "matcher/base/log2.h"
#include "matcher/household/household_persons.h"

#include <math.h>
#include <stdlib.h>

/* Somebody of the household in question. */
struct relative {
	uint32_t person;      /* label */
	size_t first, n;      /* rows, in struct family */
	bool listed;          /* by the target list, in this household */
	bool elsewhere;       /* … or in another one */
	bool decided;         /* joined to a listed one, or not worth asking about any more */
};

/* A pair that may be one person, and one household either way. */
#define TIE_PERSON 0.2f
#define TIE_HOUSEHOLD 0.9f

struct family {
	struct settling *s;
	struct relative people[HOUSEHOLD_PEOPLE_MAX + 1]; /* room for somebody from outside */
	size_t n;
	uint32_t *rows;
	size_t n_rows, rows_cap;
};

static int by_number(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return a < b ? -1 : a > b;
}

/* All rows of a person, ascending. */
static int add_relative(struct family *family, uint32_t entry, struct error *err)
{
	const struct district *district = family->s->district;
	struct relative *relative = &family->people[family->n++];
	uint32_t household = district->entries[entry].household, i = entry;

	*relative = (struct relative){.person = district->entries[entry].person, .first = family->n_rows};
	do {
		const struct register_entry *e = &district->entries[i];

		if (GROW(&family->rows, &family->rows_cap, family->n_rows + 1) < 0)
			return error_memory(err);
		family->rows[family->n_rows++] = i;
		if (district->lists[e->list].kind == LIST_TARGET) {
			relative->listed |= e->household == household;
			relative->elsewhere |= e->household != household;
		}
		i = e->next_of_person;
	} while (i != entry);
	relative->n = family->n_rows - relative->first;
	qsort(family->rows + relative->first, relative->n, sizeof(*family->rows), by_number);
	return 0;
}

/* The people of a household, by their labels; none if they are too many. */
static int gather_family(struct family *family, uint32_t first, struct error *err)
{
	const struct register_entry *entries = family->s->district->entries;
	uint32_t i = first;

	family->n = family->n_rows = 0;
	do {
		bool known = false;

		for (size_t k = 0; k < family->n && !known; k++)
			known = family->people[k].person == entries[i].person;
		if (!known && family->n == HOUSEHOLD_PEOPLE_MAX) {
			family->n = 0;
			return 0;
		}
		if (!known && add_relative(family, i, err) < 0)
			return -1;
		i = entries[i].next_of_household;
	} while (i != first);
	return 0;
}

/*
 * Log2 of what lists that hold rows of both take from "one person": how seldom a list names somebody twice. A list that should
 * name each household once names two of its members as seldom, so it takes nothing.
 */
static double weigh_shared_lists(const struct family *family, const struct relative *a, const struct relative *b)
{
	const struct district *district = family->s->district;
	double bits = 0;

	for (size_t i = 0; i < a->n; i++) {
		uint32_t list = district->entries[family->rows[a->first + i]].list;
		const struct district_list *l = &district->lists[list];
		bool once = l->kind == LIST_PROGRAMME && district->rules->programmes[l->subject].unit == UNIT_HOUSEHOLD;
		bool both = false;

		if (once || (i && district->entries[family->rows[a->first + i - 1]].list == list))
			continue;
		for (size_t j = 0; j < b->n && !both; j++)
			both = district->entries[family->rows[b->first + j]].list == list;
		if (both)
			bits += log2_of(linker_repeats(district->linker, list));
	}
	return bits;
}

static double weigh(const struct family *family, const struct relative *newcomer, const struct relative *listed)
{
	struct linker_evidence evidence;

	if (!linker_weigh_clusters(family->s->district->linker, family->rows + newcomer->first, newcomer->n,
		    family->rows + listed->first, listed->n, &evidence))
		return -INFINITY;
	return evidence.same - evidence.other + weigh_shared_lists(family, newcomer, listed);
}

/* The listed member that this one most likely is, and the log2 odds of it. */
static double choose_listed(const struct family *family, const struct relative *newcomer, size_t *ret_which)
{
	double bits[HOUSEHOLD_PEOPLE_MAX], best = -INFINITY;
	size_t people[HOUSEHOLD_PEOPLE_MAX], n = 0;

	for (size_t i = 0; i < family->n; i++) {
		if (!family->people[i].listed)
			continue;
		people[n] = i;
		bits[n++] = weigh(family, newcomer, &family->people[i]);
	}
	for (size_t i = 0; i < n; i++) {
		double odds = household_person_odds(bits, n, i);

		if (odds > best || (odds == best && best > -INFINITY &&
					   family->people[people[i]].person < family->people[*ret_which].person)) {
			best = odds;
			*ret_which = people[i];
		}
	}
	return best;
}

/* Two persons become one: rings and labels; the newcomer's rows remember how sure it was. */
static void join_persons(struct district *district, uint32_t newcomer, uint32_t listed, double odds)
{
	struct register_entry *entries = district->entries;
	uint32_t label = entries[newcomer].person < entries[listed].person ? entries[newcomer].person : entries[listed].person;
	float kin = (float)(1 / (1 + exp2_of(-odds)));
	uint32_t swap, i = newcomer;

	do {
		entries[i].kin = kin;
		i = entries[i].next_of_person;
	} while (i != newcomer);
	swap = entries[newcomer].next_of_person;
	entries[newcomer].next_of_person = entries[listed].next_of_person;
	entries[listed].next_of_person = swap;
	i = newcomer;
	do {
		entries[i].person = label;
		i = entries[i].next_of_person;
	} while (i != newcomer);
	district->n_persons--;
}

static int decide_family(struct family *family, uint32_t first, bool *ret_joined, struct error *err)
{
	struct district *district = family->s->district;
	bool again = true;

	while (again) {
		double best = 0;
		size_t newcomer = 0, listed = 0, n_listed = 0;

		again = false;
		if (gather_family(family, first, err) < 0)
			return -1;
		for (size_t i = 0; i < family->n; i++)
			n_listed += family->people[i].listed;
		for (size_t i = 0; n_listed && i < family->n; i++) {
			const struct relative *relative = &family->people[i];
			size_t which = 0;
			double odds;

			if (relative->listed || relative->elsewhere)
				continue;
			odds = choose_listed(family, relative, &which);
			if (odds > best || (odds == best && again && relative->person < family->people[newcomer].person)) {
				best = odds;
				newcomer = i;
				listed = which;
				again = true;
			}
		}
		if (again) {
			join_persons(district, family->rows[family->people[newcomer].first], family->rows[family->people[listed].first],
				best);
			*ret_joined = true;
		}
	}
	return 0;
}

/* Whether anybody in the entry's household stands on a target list, or its person does anywhere. */
static bool is_targeted(const struct district *district, uint32_t entry)
{
	uint32_t i = entry;

	do {
		if (district->lists[district->entries[i].list].kind == LIST_TARGET)
			return true;
		i = district->entries[i].next_of_household;
	} while (i != entry);
	do {
		if (district->lists[district->entries[i].list].kind == LIST_TARGET)
			return true;
		i = district->entries[i].next_of_person;
	} while (i != entry);
	return false;
}

int settling_ties(const struct district *district, uint32_t entry, uint32_t ties[SETTLING_TIES_MAX],
	float strangers[SETTLING_TIES_MAX])
{
	struct linker_pair pairs[SETTLING_TIES_MAX];
	size_t n = linker_pairs_of(district->linker, entry, pairs, SETTLING_TIES_MAX);
	int found = 0;

	for (size_t i = 0; i < n && i < SETTLING_TIES_MAX; i++) {
		uint32_t other = pairs[i].a == entry ? pairs[i].b : pairs[i].a;
		float either = pairs[i].probability + pairs[i].household;

		if (pairs[i].probability < TIE_PERSON || either < TIE_HOUSEHOLD || district_withdrawn(district, other) ||
			district_is_reference(district, other))
			continue;
		strangers[found] = either < 1 ? 1 - either : 0;
		ties[found++] = other;
	}
	return found;
}

struct tie {
	uint32_t newcomer, listed; /* rows */
	double odds;
};

/* The best tie of an entry whose household is not on the target list to somebody who is. */
static int weigh_ties(struct family *family, uint32_t entry, struct tie *best, struct error *err)
{
	const struct district *district = family->s->district;
	uint32_t ties[SETTLING_TIES_MAX];
	float strangers[SETTLING_TIES_MAX];
	int n = is_targeted(district, entry) ? 0 : settling_ties(district, entry, ties, strangers);

	for (int i = 0; i < n; i++) {
		const struct register_entry *other = &district->entries[ties[i]];
		double odds, sure;
		size_t which = 0;

		if (district->lists[other->list].kind != LIST_TARGET || other->household == DISTRICT_NONE)
			continue;
		if (gather_family(family, ties[i], err) < 0)
			return -1;
		if (!family->n || add_relative(family, entry, err) < 0)
			return family->n ? -1 : 0;
		odds = choose_listed(family, &family->people[family->n - 1], &which);
		if (family->people[which].person != other->person)
			continue;
		sure = (1 - (double)strangers[i]) / (1 + exp2_of(-odds));
		odds = log2_of(sure) - log2_of(1 - sure + 1e-9);
		if (odds > best->odds)
			*best = (struct tie){entry, ties[i], odds};
	}
	return 0;
}

static int join_ties(struct family *family, size_t n, bool *ret_joined, struct error *err)
{
	struct settling *s = family->s;
	struct tie best = {.odds = 1};

	while (best.odds > 0) {
		best.odds = 0;
		for (size_t i = 0; i < n; i++)
			if (weigh_ties(family, s->entry[i], &best, err) < 0)
				return -1;
		if (best.odds > 0) {
			join_persons(s->district, best.newcomer, best.listed, best.odds);
			*ret_joined = true;
		}
	}
	return 0;
}

int settling_join_kin(struct settling *s, size_t n, bool *ret_joined, struct error *err)
{
	struct family family = {.s = s};
	int result = 0;

	*ret_joined = false;
	for (size_t i = 0; i < n && result == 0; i++)
		if (s->district->entries[s->entry[i]].household == s->entry[i])
			result = decide_family(&family, s->entry[i], ret_joined, err);
	if (result == 0)
		result = join_ties(&family, n, ret_joined, err);
	free(family.rows);
	return result;
}

/* Takes the rings apart that rested on the family: what the linker says, each ring ascending. */
int settling_part_kin(struct settling *s, struct error *err)
{
	struct district *district = s->district;
	struct entry_set rows = {0};
	int result = -1;

	for (size_t i = s->begin; i < s->seen.n; i++) {
		uint32_t first = s->seen.items[i], entry = first;

		if (district->entries[first].kin >= 1)
			continue;
		do {
			if (entry_set_add(&rows, entry, err) < 0)
				goto out;
			entry = district->entries[entry].next_of_person;
		} while (entry != first);
	}
	entry_set_sort(&rows);
	district_relink_persons(district, &rows);
	result = 0;
out:
	entry_set_release(&rows);
	return result;
}
