/*
 * Second thoughts about the clusters of one component: a cluster whose rows contradict each other is parted at its weakest place,
 * and a NIK that stands in several clusters stays with its owner and says nothing elsewhere.
 */
#include "matcher/link/cluster_work.h"

#include "matcher/base/grow.h"
#include "matcher/base/log2.h"

#include <math.h>

enum {
	EVERY_WAY_MAX = 9, /* members of a cluster up to which every way of parting it is weighed; beyond, likely ones */
	SEEDS_MAX = 24     /* pairs that contradict each other most, about which a larger cluster is parted */
};

/* One way to part a cluster in two. */
struct way {
	uint32_t here_members[CLUSTER_GROUPS_MAX], there_members[CLUSTER_GROUPS_MAX];
	struct cluster_group here, there;
	double score;
};

/* Bits by which a pair is one person rather than two strangers, the prior left out; 0 for a pair that is no evidence. */
static double bits_of(struct component *component, uint32_t a, uint32_t b)
{
	struct pair_odds room;
	const struct pair_odds *pair = cluster_pair(component, a, b, &room);
	double bits = 0;

	for (uint32_t left = pair->counts ? pair->tells : 0; left; left &= left - 1)
		bits += log2_of(pair->odds[__builtin_ctz(left)][FS_MATCH]);
	return bits;
}

/* People decided that somebody here is somebody there. */
static bool held_together(const struct component *component, const struct way *way)
{
	for (size_t i = 0; i < way->here.n; i++) {
		for (size_t j = 0; j < way->there.n; j++) {
			if (component->must[way->here.members[i]] == component->must[way->there.members[j]])
				return true;
		}
	}
	return false;
}

/* The way in which the members whose bit is set stand apart, if it is weaker than the weakest so far. */
static void try_way(struct component *component, const struct cluster_group *group, uint32_t there, struct way *weakest)
{
	struct way way;

	way.here = (struct cluster_group){.members = way.here_members};
	way.there = (struct cluster_group){.members = way.there_members};
	for (size_t i = 0; i < group->n; i++) {
		if (there >> i & 1)
			way.there_members[way.there.n++] = group->members[i];
		else
			way.here_members[way.here.n++] = group->members[i];
	}
	if (!way.here.n || !way.there.n || held_together(component, &way))
		return;
	way.score = cluster_weigh_groups(component, &way.here, &way.there);
	if (way.score >= weakest->score)
		return;
	*weakest = way;
	weakest->here.members = weakest->here_members;
	weakest->there.members = weakest->there_members;
}

/* Two members that contradict each other, by how much. */
struct seed {
	double bits;
	unsigned a, b; /* places in the group */
};

/* The pairs that speak most against one person, the worst first; none: nothing contradicts. */
static size_t find_seeds(struct component *component, const struct cluster_group *group, struct seed seeds[SEEDS_MAX])
{
	size_t n = 0;

	for (unsigned b = 1; b < group->n; b++) {
		for (unsigned a = 0; a < b; a++) {
			double bits = bits_of(component, group->members[a], group->members[b]);
			size_t at;

			if (bits >= 0 || (n == SEEDS_MAX && bits >= seeds[n - 1].bits))
				continue;
			at = n < SEEDS_MAX ? n++ : n - 1;
			for (; at && seeds[at - 1].bits > bits; at--)
				seeds[at] = seeds[at - 1];
			seeds[at] = (struct seed){bits, a, b};
		}
	}
	return n;
}

/* The members that are nearer to b than to a. */
static uint32_t nearer(struct component *component, const struct cluster_group *group, unsigned a, unsigned b)
{
	uint32_t there = UINT32_C(1) << b;

	for (unsigned i = 0; i < group->n; i++) {
		if (i != a && i != b &&
		    bits_of(component, group->members[i], group->members[b]) > bits_of(component, group->members[i], group->members[a]))
			there |= UINT32_C(1) << i;
	}
	return there;
}

/* here.n is 0 where there is no way: nothing contradicts, or all are held together. */
static void find_weakest(struct component *component, const struct cluster_group *group, struct way *weakest)
{
	struct seed seeds[SEEDS_MAX];
	size_t n = find_seeds(component, group, seeds);

	weakest->score = INFINITY;
	weakest->here.n = 0;
	if (!n)
		return;
	if (group->n <= EVERY_WAY_MAX) {
		for (uint32_t there = 1; there < UINT32_C(1) << (group->n - 1); there++)
			try_way(component, group, there << 1, weakest);
		return;
	}
	for (unsigned i = 0; i < group->n; i++)
		try_way(component, group, UINT32_C(1) << i, weakest);
	for (size_t s = 0; s < n; s++)
		try_way(component, group, nearer(component, group, seeds[s].a, seeds[s].b), weakest);
}

static int take_members(struct cluster_group *group, const uint32_t *members, size_t n)
{
	if (GROW(&group->members, &group->cap, n) < 0)
		return -1;
	memcpy(group->members, members, n * sizeof *members);
	group->n = n;
	return 0;
}

/* The weaker side becomes a group of its own, not to be joined to the other one again. */
static int part_group(struct component *component, uint32_t g, const struct way *way)
{
	const struct cluster_group *stay = way->here.members[0] < way->there.members[0] ? &way->here : &way->there;
	const struct cluster_group *leave = stay == &way->here ? &way->there : &way->here;
	uint32_t other = leave->members[0];

	for (size_t i = 0; i < stay->n; i++) {
		for (size_t j = 0; j < leave->n; j++) {
			if (!hash_map_at(&component->apart, cluster_pair_key(stay->members[i], leave->members[j]), 1))
				return -1;
		}
	}
	if (component->trace)
		component->trace->parted(component->trace->arg, component->records, stay->members, stay->n, leave->members, leave->n,
			way->score);
	if (take_members(&component->groups[g], stay->members, stay->n) < 0 ||
	    take_members(&component->groups[other], leave->members, leave->n) < 0)
		return -1;
	component->version[g]++;
	component->version[other]++;
	return cluster_link_groups(component);
}

int cluster_part(struct component *component)
{
	int parted = 0;

	for (uint32_t g = 0; g < component->n; g++) {
		struct cluster_group *group = &component->groups[g];
		struct way weakest;

		if (group->n < 3 || group->n > CLUSTER_GROUPS_MAX)
			continue;
		find_weakest(component, group, &weakest);
		if (!weakest.here.n || weakest.score >= component->options->threshold)
			continue;
		if (part_group(component, g, &weakest) < 0)
			return -1;
		parted = 1;
	}
	return parted;
}

/* Whether the date and sex of a member are those that a NIK holds: 1 they are, -1 one of them is not, 0 not told. */
static int fits(const struct component *component, uint32_t member, uint64_t nik)
{
	const struct store *store = component->scorer->store;
	uint32_t record = component->records[member];
	uint32_t date = store->date < 0 ? 0 : (uint32_t)store_value(store, (size_t)store->date, record)->number;
	bool woman = (nik >> 36 & 15) >= 4;

	for (size_t c = 0; c < store->n_columns; c++) {
		uint64_t sex = store->columns[c].kind == COMPARE_SEX ? store_value(store, c, record)->number : 0;

		if (sex && woman != (sex == 2))
			return -1;
	}
	return !date || date % 100 == 0 ? 0 : comparison_nik_holds(nik, date) ? 1 : -1;
}

/* How good a claim a group has to a NIK: its rows that have it and do not belie it, then how many of all its rows it fits. */
static int claim_of(const struct component *component, const struct cluster_group *group, uint32_t value, bool *ret_belied)
{
	const struct store *store = component->scorer->store;
	uint64_t nik = store->columns[store->nik].values[value].number;
	int rows = 0, fit = 0;

	for (size_t i = 0; i < group->n; i++) {
		uint32_t own = store_id(store, (size_t)store->nik, component->records[group->members[i]]);
		int f = fits(component, group->members[i], nik);

		rows += own == value && f >= 0;
		fit += f;
	}
	*ret_belied = fit < 0;
	return rows * 64 + fit;
}

/* Blanks a NIK in all groups that belie it, if another has the best claim. */
static int decide_owner(struct component *component, uint32_t value)
{
	const struct store *store = component->scorer->store;
	int best = INT32_MIN, found = 0;
	uint32_t owner = 0;
	bool tied = false, belied;

	for (uint32_t g = 0; g < component->n; g++) {
		const struct cluster_group *group = &component->groups[g];
		bool has = false;
		int claim;

		for (size_t i = 0; i < group->n && !has; i++)
			has = store_id(store, (size_t)store->nik, component->records[group->members[i]]) == value;
		if (!has)
			continue;
		claim = claim_of(component, group, value, &belied);
		tied = claim == best;
		if (claim > best) {
			best = claim;
			owner = g;
			tied = false;
		}
	}
	for (uint32_t m = 0; m < component->n && !tied; m++) {
		uint32_t g = component->now[m];

		if (g == owner || component->foreign[m] || store_id(store, (size_t)store->nik, component->records[m]) != value)
			continue;
		claim_of(component, &component->groups[g], value, &belied);
		if (!belied)
			continue;
		component->foreign[m] = 1;
		found = 1;
		if (component->trace)
			component->trace->foreign(component->trace->arg, component->records[m], component->records[owner]);
	}
	return found;
}

int cluster_find_foreign(struct component *component)
{
	const struct store *store = component->scorer->store;
	int found = 0;

	if (store->nik < 0 || !component->pairs)
		return 0;
	for (uint32_t b = 0; b < component->n; b++) {
		uint32_t value = store_id(store, (size_t)store->nik, component->records[b]);

		for (uint32_t a = 0; value && store->columns[store->nik].values[value].number && a < b; a++) {
			if (store_id(store, (size_t)store->nik, component->records[a]) != value)
				continue;
			if (component->now[a] != component->now[b])
				found |= decide_owner(component, value);
			break;
		}
	}
	return found;
}
