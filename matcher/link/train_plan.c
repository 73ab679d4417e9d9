/* Which indexes are worth their cost: train_plan() of train.h. */
#include "matcher/link/train.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash_map.h"
#include "matcher/link/train_parts.h"

/* Candidate pairs that the same indexes gave. */
struct bundle {
	uint64_t indexes;
	double pairs, matches;
};

struct bundles {
	struct bundle *items;
	size_t n, cap;
	struct hash_map by_indexes;
};

/* Matches that are not to be lost by chance of the sample: each index is taken to have found half a one more. */
#define UNSEEN 0.5

static int add_pair(struct bundles *bundles, uint64_t indexes, double p)
{
	uint32_t *at = hash_map_at(&bundles->by_indexes, indexes, (uint32_t)bundles->n);

	if (!at)
		return -1;
	if (*at == bundles->n) {
		if (GROW(&bundles->items, &bundles->cap, bundles->n + 1) < 0)
			return -1;
		bundles->items[bundles->n++] = (struct bundle){.indexes = indexes};
	}
	bundles->items[*at].pairs++;
	bundles->items[*at].matches += p;
	return 0;
}

#define PLAN_LEAST -8 /* log2 odds: less probable pairs are no matches that an index could lose */

/* Probabilities of being one person; those of pairs that are refused stay 0. */
struct weighing {
	const struct training *training;
	float *p; /* by candidate pair */
};

static void weigh_part(void *arg, size_t task)
{
	struct weighing *weighing = arg;
	const struct candidates *candidates = weighing->training->candidates;
	size_t at = candidates->n * task / TRAIN_TASKS, end = candidates->n * (task + 1) / TRAIN_TASKS, n;
	size_t numbers[SCORER_BATCH];

	while ((n = train_next_near(weighing->training, &at, end, numbers)) > 0) {
		for (size_t k = 0; k < n; k++) {
			const struct candidate *pair = &candidates->pairs[numbers[k]];
			struct pair_score score;

			if (scorer_score_above(weighing->training->scorer, pair->a, pair->b, PLAN_LEAST, &score))
				weighing->p[numbers[k]] = (float)score.p[FS_MATCH];
		}
	}
}

static int count_bundles(const struct training *training, struct bundles *bundles)
{
	const struct candidates *candidates = training->candidates;
	struct weighing weighing = {.training = training, .p = calloc(candidates->n + 1, sizeof *weighing.p)};
	int status = weighing.p ? 0 : -1;

	if (status == 0)
		parallel_run(training->parallel, TRAIN_TASKS, weigh_part, &weighing);
	for (size_t i = 0; i < candidates->n && status == 0; i++)
		status = add_pair(bundles, candidates->indexes[i], (double)weighing.p[i]);
	free(weighing.p);
	return status;
}

/* A pair that other indexes give too costs its sort. */
#define DOUBLE_COST 0.2

/* What the plan would lose without that index, and how much it would be spared, in pairs compared. */
static void price(const struct bundles *bundles, const struct candidates *candidates, uint64_t plan, unsigned index,
	double *ret_lost, double *ret_spared)
{
	*ret_lost = 0;
	*ret_spared = DOUBLE_COST * (double)candidates->stats[index].pairs;
	for (size_t b = 0; b < bundles->n; b++) {
		if ((bundles->items[b].indexes & plan) == UINT64_C(1) << index) {
			*ret_lost += bundles->items[b].matches;
			*ret_spared += bundles->items[b].pairs;
		}
	}
}

static uint64_t choose(const struct bundles *bundles, const struct candidates *candidates)
{
	size_t n_indexes = candidates->n_indexes;
	uint64_t plan = n_indexes < 64 ? (UINT64_C(1) << n_indexes) - 1 : UINT64_MAX;
	double matches = 0, budget;

	for (size_t b = 0; b < bundles->n; b++)
		matches += bundles->items[b].matches;
	budget = matches * TRAIN_LOST_SHARE + 1;
	for (;;) {
		unsigned worst = 64;
		double worst_lost = 0, most = 0;

		for (unsigned i = 0; i < n_indexes; i++) {
			double lost, spared;

			if (!(plan >> i & 1))
				continue;
			price(bundles, candidates, plan, i, &lost, &spared);
			if (lost <= budget && spared / (lost + UNSEEN) > most) {
				most = spared / (lost + UNSEEN);
				worst = i;
				worst_lost = lost;
			}
		}
		if (worst == 64)
			return plan;
		plan &= ~(UINT64_C(1) << worst);
		budget -= worst_lost;
	}
}

int train_plan(const struct training *training, uint64_t *ret_plan, struct error *err)
{
	struct bundles bundles = {0};
	int status = count_bundles(training, &bundles);

	if (status == 0)
		*ret_plan = choose(&bundles, training->candidates);
	free(bundles.items);
	hash_map_release(&bundles.by_indexes);
	return status < 0 ? error_memory(err) : 0;
}
