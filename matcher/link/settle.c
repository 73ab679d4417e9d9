/*
 * Deciding (linker_settle of linker.h): everything, or what is new and what it touches.
 *
 * New records are looked up against all; where they make a group of equal keys too large for an index, its older members are
 * looked up again too, so that the pairs held are always those that finding all of them at once would give. Then the components
 * that gained or lost a pair, or have a new decision, are clustered anew.
 */
#include "matcher/base/grow.h"
#include "matcher/base/log2.h"
#include "matcher/base/radix_sort.h"
#include "matcher/link/cluster.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/lookup.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { NIK_ROWS_MAX = 16 }; /* looked at together for one NIK: the first ones. More have one that stands for "unknown" */

/* Records by their NIK, those without one apart, ascending within equal ones. NULL: memory. */
static struct sort_entry *sort_by_nik(const struct linker *linker, size_t *ret_n)
{
	const struct store *store = &linker->store;
	struct sort_entry *order = malloc((2 * store->n_records + 2) * sizeof *order);

	*ret_n = 0;
	for (uint32_t r = 0; order && store->nik >= 0 && r < store->n_records; r++) {
		uint32_t value = store_id(store, (size_t)store->nik, r);

		if (value && store->columns[store->nik].values[value].number && !store_withdrawn(store, r))
			order[(*ret_n)++] = (struct sort_entry){value, r, 0};
	}
	if (order && *ret_n)
		radix_sort(order, order + *ret_n, *ret_n);
	return order;
}

/* Rows of one NIK are looked at together, whether they may be one person or not: it may be somebody else's on one of them. */
static int add_contacts(const struct linker *linker, struct cluster_edge **edges, size_t *n, size_t *cap)
{
	size_t n_rows;
	struct sort_entry *order = sort_by_nik(linker, &n_rows);
	int status = order ? 0 : -1;

	for (size_t i = 0, end; i < n_rows && status == 0; i = end) {
		for (end = i + 1; end < n_rows && order[end].key == order[i].key;)
			end++;
		for (size_t k = i + 1; k < end && k < i + NIK_ROWS_MAX && status == 0; k++) {
			status = GROW(edges, cap, *n + 1);
			if (status == 0)
				(*edges)[(*n)++] = (struct cluster_edge){order[k - 1].number, order[k].number, CLUSTER_CONTACT};
		}
	}
	free(order);
	return status;
}

/* The edges of the pairs kept, of decisions that join or part two records, of records with one NIK. NULL: memory. */
struct cluster_edge *linker_edges(const struct linker *linker, size_t *ret_n)
{
	size_t n = 0, cap = 0;
	struct cluster_edge *edges = NULL;

	if (GROW(&edges, &cap, linker->scored.n + linker->n_decisions + 1) < 0)
		return NULL;
	assert(edges); /* room for one at least was asked for */
	for (size_t i = 0; i < linker->scored.n; i++)
		edges[n++] = (struct cluster_edge){linker->scored.pairs[i].a, linker->scored.pairs[i].b, linker->scored.pairs[i].weight};
	for (size_t i = 0; i < linker->n_decisions; i++) {
		const struct decision *decision = &linker->decisions[i];

		if (decision->what == LINKER_UNDECIDED || store_withdrawn(&linker->store, decision->a) ||
		    store_withdrawn(&linker->store, decision->b))
			continue;
		edges[n++] = (struct cluster_edge){
			decision->a, decision->b, decision->what == LINKER_SAME ? INFINITY : -INFINITY};
	}
	if (add_contacts(linker, &edges, &n, &cap) < 0) {
		free(edges);
		return NULL;
	}
	*ret_n = n;
	return edges;
}

static uint32_t find_root(uint32_t *parent, uint32_t record)
{
	while (parent[record] != record) {
		parent[record] = parent[parent[record]];
		record = parent[record];
	}
	return record;
}

/* Keeps the edges of components that hold a touched record; their records are marked touched. */
static int keep_touched(struct cluster_edge *edges, size_t *n_edges, uint8_t *touched, size_t n_records)
{
	uint32_t *parent = malloc((n_records + 1) * sizeof *parent);
	size_t kept = 0;

	if (!parent)
		return -1;
	for (uint32_t r = 0; r < n_records; r++)
		parent[r] = r;
	for (size_t e = 0; e < *n_edges; e++) {
		uint32_t a = find_root(parent, edges[e].a), b = find_root(parent, edges[e].b);

		if (a != b) {
			parent[a < b ? b : a] = a < b ? a : b;
			touched[a < b ? a : b] |= touched[a] | touched[b];
		}
	}
	for (uint32_t r = 0; r < n_records; r++)
		touched[find_root(parent, r)] |= touched[r];
	for (size_t e = 0; e < *n_edges; e++) {
		if (touched[find_root(parent, edges[e].a)])
			edges[kept++] = edges[e];
	}
	for (uint32_t r = 0; r < n_records; r++)
		touched[r] = touched[find_root(parent, r)];
	*n_edges = kept;
	free(parent);
	return 0;
}

/* New labels against the old ones: what changed, and how many clusters there are. */
static int take_labels(struct linker *linker, uint32_t *label, struct error *err)
{
	size_t n = linker->store.n_records;
	uint32_t *changed = malloc((n + 1) * sizeof *changed);

	if (!changed)
		return error_memory(err);
	linker->n_changed = 0;
	linker->statistics.clusters = 0;
	linker->statistics.records = 0;
	for (uint32_t r = 0; r < n; r++) {
		if (store_withdrawn(&linker->store, r))
			label[r] = UINT32_MAX;
		else
			linker->statistics.records++;
		linker->statistics.clusters += label[r] == r;
		if (r >= linker->n_label || linker->label[r] != label[r])
			changed[linker->n_changed++] = r;
	}
	free(linker->label);
	free(linker->changed);
	linker->label = label;
	linker->n_label = n;
	linker->changed = changed;
	return 0;
}

struct cluster_options linker_clustering(const struct linker *linker)
{
	double threshold = linker->statistics.threshold;

	return (struct cluster_options){linker->options.within_lists, linker->options.across_lists, linker->options.one_to_one,
		log2_of(threshold / (1 - threshold < 1e-9 ? 1e-9 : 1 - threshold))};
}

/* Clusters all components, or with touched those that hold a touched record. */
static int cluster(struct linker *linker, uint8_t *touched, const struct parallel *parallel, struct error *err)
{
	const struct cluster_options options = linker_clustering(linker);
	size_t n_edges, n = linker->store.n_records;
	struct cluster_edge *edges = linker_edges(linker, &n_edges);
	uint32_t *label = malloc((n + 1) * sizeof *label);
	int status = -1;

	if (!edges || !label || (touched && keep_touched(edges, &n_edges, touched, n) < 0)) {
		error_memory(err);
		goto out;
	}
	if (cluster_records(&linker->scorer, &options, edges, n_edges, parallel, label, err) < 0)
		goto out;
	for (size_t r = 0; touched && r < linker->n_label; r++) {
		if (!touched[r])
			label[r] = linker->label[r];
	}
	if (take_labels(linker, label, err) < 0)
		goto out;
	label = NULL;
	status = 0;
out:
	free(edges);
	free(label);
	return status;
}

static void note_yields(struct linker *linker)
{
	struct linker_statistics *statistics = &linker->statistics;

	statistics->n_indexes = 0;
	for (unsigned i = 0; i < linker->candidates.n_indexes; i++) {
		struct linker_index_yield *yield = &statistics->indexes[statistics->n_indexes];

		if (!block_in_plan(&linker->rules, i) || !linker->candidates.stats[i].pairs)
			continue;
		memcpy(yield->name, linker->candidates.stats[i].name, sizeof yield->name);
		yield->pairs = linker->candidates.stats[i].pairs;
		statistics->n_indexes++;
	}
}

static int settle_all(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	record_index_release(&linker->index);
	if (linker_prepare_settle(linker, parallel, progress, err) < 0 ||
	    scored_pairs_make(&linker->scored, &linker->scorer, &linker->candidates, parallel, progress, err) < 0)
		return -1;
	linker->statistics.candidate_pairs = linker->candidates.n;
	linker->statistics.scored_pairs = linker->scored.scorings;
	linker->statistics.left_out_pairs = linker->candidates.left_out;
	note_yields(linker);
	candidates_release(&linker->candidates);
	linker->candidates_ready = false;
	if (linker_report(progress, "cluster", 0, err) < 0)
		return -1;
	return cluster(linker, NULL, parallel, err);
}

/* Candidates of new records, and of older ones whose groups they made too large: focus says of whom. */
static int find_new(struct linker *linker, uint8_t *focus, const struct parallel *parallel, struct candidates *ret,
	struct error *err)
{
	struct blocking_request request = linker_blocking(linker, &linker->store, parallel);

	if (record_index_extend(&linker->index, &linker->rules, &linker->store, (uint32_t)linker->settled, parallel) < 0 ||
	    record_index_extend(&linker->index, &linker->rules, &linker->store, (uint32_t)linker->store.n_records, parallel) < 0)
		return error_memory(err);
	return lookup_new(&linker->index, &request, (uint32_t)linker->settled, focus, ret, err);
}

/* Everything that a change touches: new records, ends of decisions, ends of pairs that came or went. */
static void touch(const struct linker *linker, const struct scored_pairs *before, const uint8_t *focus, uint8_t *touched)
{
	const struct scored_pairs *lists[] = {before, &linker->scored};

	for (size_t r = linker->settled; r < linker->store.n_records; r++)
		touched[r] = 1;
	for (size_t i = 0; i < linker->n_decisions; i++) {
		if (linker->decisions[i].changed)
			touched[linker->decisions[i].a] = touched[linker->decisions[i].b] = 1;
	}
	for (int l = 0; l < 2; l++) {
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct linker_pair *pair = &lists[l]->pairs[i];

			if (focus[pair->a] || focus[pair->b])
				touched[pair->a] = touched[pair->b] = 1;
		}
	}
}

static int settle_new(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	size_t n = linker->store.n_records;
	uint8_t *focus = calloc(n + 1, 1), *touched = calloc(n + 1, 1);
	struct candidates candidates = {0};
	struct scored_pairs found = {0}, before = {0};
	int status = -1;

	if (!focus || !touched) {
		error_memory(err);
		goto out;
	}
	if (linker_report(progress, "index", 0, err) < 0 || scorer_extend(&linker->scorer, err) < 0)
		goto out;
	if (n > linker->settled) {
		if (find_new(linker, focus, parallel, &candidates, err) < 0 ||
		    scored_pairs_make(&found, &linker->scorer, &candidates, parallel, progress, err) < 0)
			goto out;
		before = linker->scored;
		linker->scored = (struct scored_pairs){0};
		if (scored_pairs_replace(&linker->scored, &before, &found, focus, n, err) < 0)
			goto out;
	}
	linker->statistics.candidate_pairs = candidates.n;
	linker->statistics.scored_pairs = found.scorings;
	linker->statistics.left_out_pairs = candidates.left_out;
	touch(linker, &before, focus, touched);
	if (linker_report(progress, "cluster", 0, err) < 0)
		goto out;
	status = cluster(linker, touched, parallel, err);
out:
	if (status < 0)
		linker_start_over(linker);
	candidates_release(&candidates);
	scored_pairs_release(&found);
	scored_pairs_release(&before);
	free(focus);
	free(touched);
	return status;
}

static void sum_up(struct linker *linker)
{
	struct linker_statistics *statistics = &linker->statistics;
	double sure = 0;

	statistics->matched_pairs = statistics->doubtful_pairs = 0;
	for (size_t i = 0; i < linker->scored.n; i++) {
		double p = (double)linker->scored.pairs[i].probability;

		if (p >= statistics->threshold) {
			statistics->matched_pairs++;
			sure += p;
		} else if (p >= linker->options.doubtful_from) {
			statistics->doubtful_pairs++;
		}
	}
	statistics->expected_precision = statistics->matched_pairs ? sure / (double)statistics->matched_pairs : 1;
	statistics->expected_recall = linker->scored.expected > 0 ? sure / linker->scored.expected : 1;
}

/* When the measure is due again, or a list grew that had been decided: all is decided anew. */
static bool must_start_over(const struct linker *linker)
{
	const struct store *store = &linker->store;

	return linker->start_over || !linker->scorer_ready || !linker->rules_ready || linker->settled == 0 || linker_measure_due(linker) > linker->measured ||
	       (store->n_records > linker->settled && store->list_of[linker->settled] == store->list_of[linker->settled - 1]);
}

int linker_settle(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	int status;

	linker->statistics.threshold = linker->options.threshold > 0 ? linker->options.threshold : linker->model.threshold;
	status = must_start_over(linker) ? settle_all(linker, parallel, progress, err)
					 : settle_new(linker, parallel, progress, err);
	if (status < 0)
		return -1;
	sum_up(linker);
	for (size_t i = 0; i < linker->n_decisions; i++)
		linker->decisions[i].changed = false;
	linker->settled = linker->store.n_records;
	linker->start_over = linker->keep_measure = false;
	return linker_report(progress, "cluster", 1, err);
}
