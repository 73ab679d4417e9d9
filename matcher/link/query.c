/* See linker.h: asking a linker about pairs and one person. Explanations are explain_links.c. */
#include "matcher/base/log2.h"
#include "matcher/link/cluster.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/lookup.h"

#include <stdlib.h>

int linker_each_pair(const struct linker *linker, double min_probability,
	int (*pair)(void *arg, const struct linker_pair *pair), void *arg)
{
	for (size_t i = 0; i < linker->scored.n; i++) {
		int status;

		if ((double)linker->scored.pairs[i].probability < min_probability)
			continue;
		status = pair(arg, &linker->scored.pairs[i]);
		if (status)
			return status;
	}
	return 0;
}

static int best_first(const void *a, const void *b)
{
	const struct linker_pair *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

/* Keeps the best `max` of what is offered, in any order. */
static void offer(struct linker_pair *pairs, size_t *n, size_t max, const struct linker_pair *pair)
{
	size_t worst = 0;

	if (*n < max) {
		pairs[(*n)++] = *pair;
		return;
	}
	for (size_t i = 1; i < max; i++) {
		if (best_first(&pairs[i], &pairs[worst]) > 0)
			worst = i;
	}
	if (max && best_first(pair, &pairs[worst]) < 0)
		pairs[worst] = *pair;
}

enum linker_decision linker_decided(const struct linker *linker, uint32_t low, uint32_t high)
{
	for (size_t i = 0; i < linker->n_decisions; i++) {
		const struct decision *decision = &linker->decisions[i];

		if (decision->a == low && decision->b == high)
			return decision->what;
	}
	return LINKER_UNDECIDED;
}

/* Whether people decided that these two are not the same. */
static bool decided_apart(const struct linker *linker, const struct linker_pair *pair)
{
	return linker_decided(linker, pair->a, pair->b) == LINKER_NOT_SAME;
}

size_t linker_pairs_of(const struct linker *linker, uint32_t record, struct linker_pair *pairs, size_t max)
{
	size_t n = 0, all = 0;

	if (record >= linker->n_label)
		return 0;
	for (uint32_t i = linker->scored.first[record]; i < linker->scored.first[record + 1]; i++) {
		const struct linker_pair *pair = &linker->scored.pairs[linker->scored.by_record[i]];

		if ((double)pair->probability < linker->options.doubtful_from || decided_apart(linker, pair))
			continue;
		all++;
		offer(pairs, &n, max, pair);
	}
	qsort(pairs, n, sizeof *pairs, best_first);
	return all;
}

void linker_fill_pair(struct linker_pair *ret, uint32_t a, uint32_t b, const struct pair_score *score)
{
	*ret = (struct linker_pair){a < b ? a : b, a < b ? b : a, (float)score->weight, (float)score->p[FS_MATCH],
		(float)(score->p[FS_HOUSEHOLD] + score->p[FS_TWIN])};
}

void linker_score(const struct linker *linker, uint32_t a, uint32_t b, struct linker_pair *ret)
{
	struct pair_score score;

	scorer_score(&linker->scorer, a, b, &score);
	linker_fill_pair(ret, a, b, &score);
}

bool linker_weigh_clusters(const struct linker *linker, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	struct linker_evidence *ret)
{
	const struct list_prior *prior = scorer_prior(&linker->scorer, a[0], b[0]);
	double members = prior->share[FS_HOUSEHOLD] + prior->share[FS_TWIN];
	double twins = members > 0 ? prior->share[FS_TWIN] / members : 0, bits[FS_STRANGER];

	for (size_t i = 0; linker->n_decisions && i < n_a; i++) {
		for (size_t j = 0; j < n_b; j++) {
			struct linker_pair pair = {.a = a[i] < b[j] ? a[i] : b[j], .b = a[i] < b[j] ? b[j] : a[i]};

			if (decided_apart(linker, &pair))
				return false;
		}
	}
	cluster_weigh(&linker->scorer, a, n_a, b, n_b, bits);
	ret->same = bits[FS_MATCH];
	ret->other = log2_of((1 - twins) * exp2_of(bits[FS_HOUSEHOLD]) + twins * exp2_of(bits[FS_TWIN]));
	return true;
}

double linker_repeats(const struct linker *linker, uint32_t list)
{
	return cluster_repeats(&linker->scorer, list);
}

unsigned linker_measure(const struct linker *linker)
{
	return linker->measures;
}

size_t linker_measured(const struct linker *linker)
{
	return linker->measured;
}

/* The prior of somebody searched against a record of that list: one more row, that belongs to no list. */
static void prior_of_search(const struct scorer *scorer, uint32_t list, struct list_prior *ret)
{
	const struct store *store = scorer->store;
	size_t end = list + 1 < store->n_lists ? store->list_first[list + 1] : store->n_records;
	double pairs = (double)(end - store->list_first[list]), homes = scorer->model->households ? 1 : 0;

	*ret = (struct list_prior){.pairs = pairs, .match_base = 1, .member_base = homes};
	ret->share[FS_MATCH] = scorer->model->across / pairs;
	ret->share[FS_HOUSEHOLD] = homes * scorer->model->members / pairs;
	ret->share[FS_TWIN] = homes * scorer->model->twins / pairs;
	ret->share[FS_STRANGER] = 1;
	for (unsigned k = 0; k < FS_CLASSES; k++) {
		if (ret->share[k] > 0.9 && k != FS_STRANGER)
			ret->share[k] = 0.9;
		ret->weight[k] = ret->share[k] > 0 ? weight_from_bits(log2_of(ret->share[k])) : INT32_MIN / 2;
	}
}

/* Weighs the probe against what an index found for it. */
static size_t weigh_found(const struct linker *linker, uint32_t probe, const uint32_t *records, size_t found,
	struct linker_pair *hits, size_t max)
{
	const struct scorer *scorer = &linker->scorer;
	struct list_prior prior = {0};
	uint32_t list = UINT32_MAX;
	size_t n = 0;

	for (size_t i = 0; i < found; i++) {
		struct linker_pair pair;
		struct pair_score score;
		struct levels levels;
		int64_t likelihood[FS_CLASSES];

		if (store_withdrawn(&linker->store, records[i]))
			continue;
		if (linker->store.list_of[records[i]] != list) {
			list = linker->store.list_of[records[i]];
			prior_of_search(scorer, list, &prior);
		}
		scorer_compare(scorer, records[i], probe, &levels);
		scorer_likelihoods(scorer, &levels, likelihood);
		scorer_weigh(&prior, likelihood, &score);
		linker_fill_pair(&pair, records[i], probe, &score);
		if ((double)pair.probability >= linker->options.doubtful_from)
			offer(hits, &n, max, &pair);
	}
	qsort(hits, n, sizeof *hits, best_first);
	return n;
}

bool linker_search_ready(const struct linker *linker)
{
	return linker->scorer_ready && linker->rules_ready && linker->settled && record_index_end(&linker->index) >= linker->settled;
}

int linker_search_prepare(struct linker *linker, const struct parallel *parallel)
{
	if (!linker->scorer_ready || !linker->rules_ready || !linker->settled)
		return 0;
	return record_index_extend(&linker->index, &linker->rules, &linker->store, (uint32_t)linker->settled, parallel);
}

size_t linker_search(struct linker *linker, const struct field_value *values, struct linker_pair *hits, size_t max)
{
	uint32_t probe, records[LOOKUP_MAX];
	size_t n, found;

	if (linker_search_prepare(linker, NULL) < 0 || !linker_search_ready(linker) ||
	    store_probe(&linker->store, values, &probe) < 0)
		return 0;
	found = lookup_one(&linker->index, &linker->rules, &linker->store, probe, records);
	n = weigh_found(linker, probe, records, found, hits, max);
	store_forget(&linker->store);
	return n;
}

void linker_statistics(const struct linker *linker, struct linker_statistics *ret)
{
	*ret = linker->statistics;
	ret->index_bytes = record_index_bytes(&linker->index);
}
