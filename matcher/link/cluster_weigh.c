/*
 * What the records of two clusters say together (cluster.h): field by field the mean over the smaller side of what the other side
 * says, for each class of pairs.
 */
#include "matcher/link/cluster_work.h"

#include "matcher/base/log2.h"
#include "matcher/link/movers.h"

#include <math.h>

static const double REPEATS_LEAST = 1e-4; /* a list's rate of repeats is no surer than this */

struct profile {
	double sum[FS_STRANGER]; /* over fields, by class, bits against strangers */
	double prior[2][FS_STRANGER]; /* of pairs across lists, and within one */
	size_t pairs[2];
};

/* By the tree of dependences; a NIK goes with the birth date it holds, and the parts of an address are one. */
void cluster_find_blocks(const struct scorer *scorer, uint8_t *block)
{
	const struct store *store = scorer->store;

	for (size_t c = 0; c < scorer->model->n; c++) {
		size_t root = c;

		while (scorer->model->comparisons[root].parent >= 0)
			root = (size_t)scorer->model->comparisons[root].parent;
		block[c] = (uint8_t)root;
	}
	if (store->nik >= 0 && store->date >= 0)
		block[store->nik] = block[store->date];
	for (uint32_t left = scorer->places; left; left &= left - 1) {
		uint8_t from = block[__builtin_ctz(left)], to = block[__builtin_ctz(scorer->places)];

		for (size_t c = 0; c < scorer->model->n; c++)
			block[c] = block[c] == from ? to : block[c];
	}
}

/* Each block's odds of a pair, by class, against strangers. */
static void weigh_blocks(const struct component *component, const struct levels *levels, struct pair_odds *ret)
{
	const struct scorer *scorer = component->scorer;
	size_t n = scorer->model->n;
	int64_t weight[COMPARISONS_MAX][FS_STRANGER];

	memset(weight, 0, n * sizeof *weight);
	for (size_t c = 0; c < n; c++) {
		unsigned level = levels->level[c];
		int64_t stranger;

		if (!level)
			continue;
		stranger = scorer->weight[c][FS_STRANGER][level] + levels->frequency[c] - scorer_correction(scorer, c, levels);
		ret->tells |= UINT32_C(1) << component->block[c];
		for (unsigned k = 0; k < FS_STRANGER; k++)
			weight[component->block[c]][k] += scorer->weight[c][k][level] - stranger;
	}
	if (scorer->places) {
		unsigned told;
		double evidence = movers_evidence(scorer, levels, &told);

		if (told)
			weight[component->block[__builtin_ctz(scorer->places)]][FS_MATCH] +=
				weight_from_bits(movers_add(scorer->model->moved, evidence, NULL));
	}
	for (size_t c = 0; c < n; c++) {
		for (unsigned k = 0; k < FS_STRANGER && ret->tells >> c & 1; k++)
			ret->odds[c][k] = exp2_of(weight_to_bits(weight[c][k]));
	}
}

static void look_at(const struct component *component, uint32_t a, uint32_t b, struct pair_odds *ret)
{
	const struct scorer *scorer = component->scorer;
	const struct store *store = scorer->store;
	uint32_t ra = component->records[a], rb = component->records[b];
	const struct list_prior *prior = scorer_prior(scorer, ra, rb);
	struct levels levels;

	ret->known = true;
	ret->tells = 0;
	ret->within = prior->within;
	ret->counts = store->list_of[ra] == store->list_of[rb] ? component->options->within_lists : component->options->across_lists;
	if (!ret->counts)
		return;
	for (unsigned k = 0; k < FS_STRANGER; k++)
		ret->prior[k] = weight_to_bits(prior->weight[k]);
	scorer_compare(scorer, ra, rb, &levels);
	if (component->foreign && (component->foreign[a] || component->foreign[b])) {
		levels.level[store->nik] = 0;
		levels.frequency[store->nik] = 0;
		levels.same_birthday = false;
	}
	weigh_blocks(component, &levels, ret);
}

const struct pair_odds *cluster_pair(struct component *component, uint32_t a, uint32_t b, struct pair_odds *room)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	if (component->pairs) {
		room = &component->pairs[(size_t)high * (high - 1) / 2 + low];
		if (room->known)
			return room;
	}
	look_at(component, low, high, room);
	return room;
}

/* Adds the row of one record against all of the other side: log2 of the mean odds, field by field. */
static void add_row(struct component *component, uint32_t a, const struct cluster_group *other, struct profile *profile,
	double (*sum)[FS_STRANGER], unsigned *rows)
{
	size_t n = component->scorer->model->n;
	double odds[COMPARISONS_MAX][FS_STRANGER] = {{0}};
	unsigned told[COMPARISONS_MAX] = {0};
	struct pair_odds room;

	for (size_t j = 0; j < other->n; j++) {
		const struct pair_odds *pair = cluster_pair(component, a, other->members[j], &room);

		if (!pair->counts)
			continue;
		profile->pairs[pair->within]++;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			profile->prior[pair->within][k] += pair->prior[k];
		for (uint32_t left = pair->tells; left; left &= left - 1) {
			int c = __builtin_ctz(left);

			told[c]++;
			for (unsigned k = 0; k < FS_STRANGER; k++)
				odds[c][k] += pair->odds[c][k];
		}
	}
	for (size_t c = 0; c < n; c++) {
		if (!told[c])
			continue;
		rows[c]++;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			sum[c][k] += log2_of(odds[c][k] / told[c]);
	}
}

static bool forbidden(const struct component *component, const struct cluster_group *a, const struct cluster_group *b)
{
	const uint32_t *list_of = component->scorer->store->list_of;

	if (!component->apart.used && !component->options->one_to_one)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		for (size_t j = 0; j < b->n; j++) {
			if (component->options->one_to_one &&
			    list_of[component->records[a->members[i]]] == list_of[component->records[b->members[j]]])
				return true;
			if (component->apart.used &&
			    hash_map_get(&component->apart, cluster_pair_key(a->members[i], b->members[j])) != HASH_MAP_NONE)
				return true;
		}
	}
	return false;
}

double cluster_repeats(const struct scorer *scorer, uint32_t list)
{
	const struct list_prior *prior = &scorer->priors[list_pair(list, list)];
	double rate = prior->share[FS_MATCH] * prior->pairs / (prior->match_base > 1 ? prior->match_base : 1);

	return rate < REPEATS_LEAST ? REPEATS_LEAST : rate > 1 ? 1 : rate;
}

/*
 * Log2 of how seldom a list names somebody twice, for each list that both clusters hold rows of: what counts against them
 * where the prior comes from pairs across lists.
 */
static double weigh_repeats(const struct component *component, const struct cluster_group *a, const struct cluster_group *b)
{
	const struct scorer *scorer = component->scorer;
	const uint32_t *list_of = scorer->store->list_of, *records = component->records;
	double weight = 0;

	for (size_t i = 0; i < a->n; i++) {
		uint32_t list = list_of[records[a->members[i]]];
		bool counted = false, both = false;

		for (size_t j = 0; j < i; j++)
			counted |= list_of[records[a->members[j]]] == list;
		for (size_t j = 0; j < b->n && !counted; j++)
			both |= list_of[records[b->members[j]]] == list;
		if (both)
			weight += log2_of(cluster_repeats(scorer, list));
	}
	return weight;
}

/* What two clusters' rows say together, by class against strangers, without the prior. */
static void weigh_rows(struct component *component, const struct cluster_group *small, const struct cluster_group *large,
	struct profile *profile)
{
	double sum[COMPARISONS_MAX][FS_STRANGER] = {{0}};
	unsigned rows[COMPARISONS_MAX] = {0};

	for (size_t i = 0; i < small->n; i++)
		add_row(component, small->members[i], large, profile, sum, rows);
	for (size_t c = 0; c < component->scorer->model->n; c++) {
		for (unsigned k = 0; k < FS_STRANGER && rows[c]; k++)
			profile->sum[k] += sum[c][k] / rows[c];
	}
}

double cluster_weigh_groups(struct component *component, const struct cluster_group *a, const struct cluster_group *b)
{
	const struct cluster_group *small = a->n < b->n || (a->n == b->n && a->members[0] < b->members[0]) ? a : b;
	const struct cluster_group *large = small == a ? b : a;
	struct profile profile = {0};
	double others = 1;
	bool within;

	if (forbidden(component, a, b))
		return -INFINITY;
	weigh_rows(component, small, large, &profile);
	within = !profile.pairs[0];
	if (!profile.pairs[within])
		return -INFINITY;
	for (unsigned k = 0; k < FS_STRANGER; k++)
		profile.sum[k] += profile.prior[within][k] / (double)profile.pairs[within];
	if (!within && component->options->within_lists)
		profile.sum[FS_MATCH] += weigh_repeats(component, small, large);
	for (unsigned k = FS_HOUSEHOLD; k < FS_STRANGER; k++)
		others += exp2_of(profile.sum[k] > 1000 ? 1000 : profile.sum[k]);
	return profile.sum[FS_MATCH] - log2_of(others) - log2_of((double)small->n);
}

enum { AT_ONCE = 64 }; /* records of a cluster: of somebody with more, as many speak for all */

/* Two clusters from outside, as groups of a component that holds nothing else. */
struct two {
	uint32_t records[2 * AT_ONCE], members[2 * AT_ONCE];
	struct component component;
	struct cluster_group a, b;
};

static void take_two(struct two *two, const struct scorer *scorer, const struct cluster_options *options, const uint32_t *a, size_t n_a,
	const uint32_t *b, size_t n_b)
{
	n_a = n_a < AT_ONCE ? n_a : AT_ONCE;
	n_b = n_b < AT_ONCE ? n_b : AT_ONCE;
	memcpy(two->records, a, n_a * sizeof *a);
	memcpy(two->records + n_a, b, n_b * sizeof *b);
	for (uint32_t i = 0; i < n_a + n_b; i++)
		two->members[i] = i;
	two->component = (struct component){.scorer = scorer, .options = options, .records = two->records};
	two->a = (struct cluster_group){.members = two->members, .n = n_a};
	two->b = (struct cluster_group){.members = two->members + n_a, .n = n_b};
	cluster_find_blocks(scorer, two->component.block);
}

void cluster_weigh(const struct scorer *scorer, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	double bits[FS_STRANGER])
{
	static const struct cluster_options all_pairs = {.within_lists = true, .across_lists = true};
	struct profile profile = {0};
	struct two two;

	take_two(&two, scorer, &all_pairs, a, n_a, b, n_b);
	if (n_a < n_b || (n_a == n_b && a[0] < b[0]))
		weigh_rows(&two.component, &two.a, &two.b, &profile);
	else
		weigh_rows(&two.component, &two.b, &two.a, &profile);
	memcpy(bits, profile.sum, sizeof profile.sum);
}

double cluster_odds(const struct scorer *scorer, const struct cluster_options *options, const uint32_t *a, size_t n_a, const uint32_t *b,
	size_t n_b)
{
	struct two two;

	take_two(&two, scorer, options, a, n_a, b, n_b);
	return cluster_weigh_groups(&two.component, &two.a, &two.b);
}
