/*
 * Deciding (linker_settle of linker.h): everything, or what is new and what it touches.
 *
 * New records are looked up against all; where they make a group of equal keys too large for an index, its older members are
 * looked up again too, so that the pairs held are always those that finding all of them at once would give. Then the components
 * that gained or lost a pair, or have a new decision, are clustered anew.
 */
#include "matcher/base/grow.h"
#include "matcher/base/log2.h"
#include "matcher/link/cluster.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/lookup.h"
#include "matcher/link/train.h"

#include <math.h>
#include <stdlib.h>

enum {
	TRAIN_RECORDS = 30000, /* records whose pairs a model is learnt from */
	TRAIN_ALL_BELOW = 60000 /* records that are learnt from without sampling */
};

/* With what is common known, or to be counted from these records for that plan. */
static struct blocking_request request_of(struct linker *linker, const struct store *records, const struct parallel *parallel)
{
	return (struct blocking_request){
		.store = records,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.rules = &linker->rules,
		.common_known = linker->rules_ready,
		.parallel = parallel,
	};
}

static void forget_rules(struct linker *linker, uint64_t plan, const struct store *records)
{
	block_rules_release(&linker->rules);
	block_rules_init(&linker->rules, plan, blocking_generosity(store_held(records)));
	linker->rules_ready = false;
}

void linker_keep_rates(struct linker *linker)
{
	const struct fs_model *model = &linker->model;

	linker->rates = (struct rates){model->within, model->across, model->members, model->twins};
}

void linker_give_rates(struct linker *linker)
{
	linker->model.within = linker->rates.within;
	linker->model.across = linker->rates.across;
	linker->model.members = linker->rates.members;
	linker->model.twins = linker->rates.twins;
}

/* Frequencies of those records, and a scorer with priors from the model's rates. */
static int start_scorer(struct linker *linker, const struct store *records, struct error *err)
{
	linker->scorer_ready = linker->trained = false;
	if (frequencies_count(&linker->frequencies, records, NULL, err) < 0)
		return -1;
	scorer_release(&linker->scorer);
	if (scorer_init(&linker->scorer, records, &linker->frequencies, &linker->model, err) < 0)
		return -1;
	linker->measured = records->n_records;
	linker->measures++;
	linker->scorer_ready = true;
	return 0;
}

/* Records drawn by a hash of what they say, so that neither their order nor their number decides. */
static uint8_t *draw_focus(const struct store *store, size_t wanted, size_t *ret_drawn)
{
	uint8_t *focus = calloc(store->n_records + 1, 1);
	uint64_t below = (uint64_t)((double)UINT64_MAX * (double)wanted / (double)store_held(store));

	*ret_drawn = 0;
	for (uint32_t r = 0; focus && r < store->n_records; r++) {
		focus[r] = !store_withdrawn(store, r) && store_content_hash(store, r) < below;
		*ret_drawn += focus[r];
	}
	return focus;
}

int linker_prepare_training(struct linker *linker, const struct parallel *parallel, uint8_t **ret_focus, double *ret_sampled,
	struct error *err)
{
	struct blocking_request request;
	size_t held = store_held(&linker->store), drawn;

	forget_rules(linker, BLOCKING_ALL_INDEXES, &linker->store);
	request = request_of(linker, &linker->store, parallel);
	request.want_indexes = true;
	*ret_sampled = 1;
	if (held > TRAIN_ALL_BELOW) {
		double rest;

		*ret_focus = draw_focus(&linker->store, TRAIN_RECORDS, &drawn);
		if (!*ret_focus)
			return error_memory(err);
		/* A pair is seen when one of its records is drawn. */
		rest = 1 - (double)drawn / (double)held;
		*ret_sampled = 1 - rest * rest;
		request.focus = *ret_focus;
	}
	candidates_release(&linker->candidates);
	if (blocking_find(&request, &linker->candidates, err) < 0)
		return -1;
	linker->rules_ready = !*ret_focus; /* of a few records, little is known to be common */
	return start_scorer(linker, &linker->store, err);
}

/* Lists whose records are measured, and how many these are, withdrawn ones among the numbers: again when half as many more came. */
static size_t measured_lists(const struct store *store, size_t *ret_records)
{
	size_t lists = 0, then = 0, held = 0;

	*ret_records = 0;
	for (size_t l = 0; l < store->n_lists; l++) {
		size_t end = l + 1 < store->n_lists ? store->list_first[l + 1] : store->n_records;

		if (!store->list_withdrawn[l])
			held += end - store->list_first[l];
		if (2 * held > 3 * then) {
			then = held;
			lists = l + 1;
			*ret_records = end;
		}
	}
	return lists;
}

/* All candidates of these records. What is common is counted unless it is known; for_learning: with what training asks for. */
static int find_candidates(struct linker *linker, const struct store *records, bool for_learning,
	const struct parallel *parallel, struct error *err)
{
	struct blocking_request request = request_of(linker, records, parallel);

	request.want_indexes = for_learning;
	candidates_release(&linker->candidates);
	if (blocking_find(&request, &linker->candidates, err) < 0)
		return -1;
	linker->rules_ready = true;
	return 0;
}

/* Rates and frequencies fitted to these records, whose candidates have been found. */
static int adapt(struct linker *linker, const struct store *records, bool priors, const struct parallel *parallel,
	const struct linker_progress *progress, struct error *err)
{
	struct training training = {
		.store = records,
		.candidates = &linker->candidates,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.sampled = 1,
		.frequencies = &linker->frequencies,
		.model = &linker->model,
		.scorer = &linker->scorer,
		.parallel = parallel,
		.progress = progress,
	};

	if (linker_report(progress, "train", 0.9, err) < 0)
		return -1;
	return train_adapt(&training, priors, err);
}

/* Takes the measure from the first lists, as if there were no others. */
static int take_measure(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct store first = linker->store;
	int status = -1;

	first.n_lists = measured_lists(&linker->store, &first.n_records);
	linker_give_rates(linker);
	forget_rules(linker, linker->model.plan, &first);
	if (find_candidates(linker, &first, true, parallel, err) == 0 && start_scorer(linker, &first, err) == 0 &&
	    adapt(linker, &first, true, parallel, progress, err) == 0)
		status = 0;
	linker->scorer.store = &linker->store;
	return status == 0 ? scorer_extend(&linker->scorer, err) : -1;
}

/* All candidates, and a scorer fit for them. */
static int prepare_all(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	bool known = linker->trained && linker->measured == linker->store.n_records;

	if (linker->candidates_ready && known && !linker->keep_measure)
		return 0;
	if (linker_report(progress, "index", 0, err) < 0)
		return -1;
	if (linker->keep_measure)
		return find_candidates(linker, &linker->store, false, parallel, err) < 0 ? -1 : scorer_extend(&linker->scorer, err);
	if (known) { /* by a training on a sample: what it counted stands for all */
		forget_rules(linker, linker->model.plan, &linker->store);
		return find_candidates(linker, &linker->store, false, parallel, err);
	}
	if (take_measure(linker, parallel, progress, err) < 0)
		return -1;
	return linker->measured == linker->store.n_records ? 0 : find_candidates(linker, &linker->store, false, parallel, err);
}

/* The edges of the pairs kept and of decisions that join or part two records. */
static struct cluster_edge *list_edges(const struct linker *linker, size_t *ret_n)
{
	struct cluster_edge *edges = malloc((linker->scored.n + linker->n_decisions + 1) * sizeof *edges);
	size_t n = 0;

	for (size_t i = 0; edges && i < linker->scored.n; i++)
		edges[n++] = (struct cluster_edge){linker->scored.pairs[i].a, linker->scored.pairs[i].b, linker->scored.pairs[i].weight};
	for (size_t i = 0; edges && i < linker->n_decisions; i++) {
		const struct decision *decision = &linker->decisions[i];

		if (decision->what == LINKER_UNDECIDED || store_withdrawn(&linker->store, decision->a) ||
		    store_withdrawn(&linker->store, decision->b))
			continue;
		edges[n++] = (struct cluster_edge){
			decision->a, decision->b, decision->what == LINKER_SAME ? INFINITY : -INFINITY};
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

/* Clusters all components, or with touched those that hold a touched record. */
static int cluster(struct linker *linker, uint8_t *touched, const struct parallel *parallel, struct error *err)
{
	double threshold = linker->statistics.threshold;
	const struct cluster_options options = {linker->options.within_lists, linker->options.across_lists,
		linker->options.one_to_one, log2_of(threshold / (1 - threshold < 1e-9 ? 1e-9 : 1 - threshold))};
	size_t n_edges, n = linker->store.n_records;
	struct cluster_edge *edges = list_edges(linker, &n_edges);
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
	if (prepare_all(linker, parallel, progress, err) < 0 ||
	    scored_pairs_make(&linker->scored, &linker->scorer, &linker->candidates, parallel, progress, err) < 0)
		return -1;
	linker->statistics.candidate_pairs = linker->statistics.scored_pairs = linker->candidates.n;
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
	struct blocking_request request = request_of(linker, &linker->store, parallel);

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
	linker->statistics.candidate_pairs = linker->statistics.scored_pairs = candidates.n;
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
	size_t due;

	measured_lists(store, &due);
	return linker->start_over || !linker->scorer_ready || !linker->rules_ready || linker->settled == 0 || due > linker->measured ||
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
