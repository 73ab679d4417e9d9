/* See linker.h. Holds the parts together: store → candidates → training → scores → clusters. */
#include "matcher/link/linker.h"

#include "matcher/base/grow.h"
#include "matcher/base/log2.h"
#include "matcher/link/blocking.h"
#include "matcher/link/cluster.h"
#include "matcher/link/score.h"
#include "matcher/link/scored_pairs.h"
#include "matcher/link/train.h"

#include <math.h>
#include <stdio.h>

struct decision {
	uint32_t a, b;
	enum linker_decision what;
};

struct linker {
	struct store store;
	struct linker_options options;
	struct fs_model model;
	struct frequencies frequencies;
	struct scorer scorer;
	bool scorer_ready;
	struct decision *decisions;
	size_t n_decisions, decisions_cap;

	struct candidates candidates; /* of the records that were there when they were made */
	size_t candidates_of;
	bool candidates_stale;

	struct scored_pairs scored;
	uint32_t *label, *changed;
	size_t n_label, n_changed;
	struct linker_statistics statistics;
};

int linker_new(const struct linker_schema *schema, const struct linker_options *options, struct linker **ret,
	struct error *err)
{
	struct linker *linker = calloc(1, sizeof *linker);

	if (!linker)
		return error_memory(err);
	linker->options = *options;
	if (linker->options.doubtful_from <= 0)
		linker->options.doubtful_from = 0.05;
	if (store_init(&linker->store, schema, err) < 0) {
		linker_free(linker);
		return -1;
	}
	fs_model_default(&linker->model, &linker->store);
	*ret = linker;
	return 0;
}

void linker_free(struct linker *linker)
{
	if (!linker)
		return;
	store_release(&linker->store);
	frequencies_release(&linker->frequencies);
	scorer_release(&linker->scorer);
	candidates_release(&linker->candidates);
	free(linker->decisions);
	scored_pairs_release(&linker->scored);
	free(linker->label);
	free(linker->changed);
	free(linker);
}

int linker_list(struct linker *linker, uint32_t *ret, struct error *err)
{
	return store_open_list(&linker->store, ret, err);
}

int linker_add(struct linker *linker, const struct field_value *values, uint32_t *ret_record, struct error *err)
{
	linker->candidates_stale = true;
	return store_add(&linker->store, values, ret_record, err);
}

int linker_withdraw(struct linker *linker, uint32_t list, struct error *err)
{
	if (list >= linker->store.n_lists)
		return error_set(err, ERROR_INPUT, "Daftar %u tidak ada", "There is no list %u", list);
	linker->store.list_withdrawn[list] = true;
	linker->candidates_stale = true;
	return 0;
}

int linker_decide(struct linker *linker, uint32_t a, uint32_t b, enum linker_decision what, struct error *err)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	if (high >= linker->store.n_records || a == b)
		return error_set(err, ERROR_INPUT, "Pasangan %u dan %u tidak ada", "There is no pair %u and %u", a, b);
	for (size_t i = 0; i < linker->n_decisions; i++) {
		if (linker->decisions[i].a == low && linker->decisions[i].b == high) {
			linker->decisions[i].what = what;
			return 0;
		}
	}
	if (GROW(&linker->decisions, &linker->decisions_cap, linker->n_decisions + 1) < 0)
		return error_memory(err);
	linker->decisions[linker->n_decisions++] = (struct decision){low, high, what};
	return 0;
}

static int report(const struct linker_progress *progress, const char *stage, double fraction, struct error *err)
{
	if (progress && progress->report && progress->report(progress->arg, stage, fraction) != 0)
		return error_set(err, ERROR_CANCELLED, "Dibatalkan", "Cancelled");
	return 0;
}

/* Candidates of everything held, and a scorer of the model for the lists held. */
static int prepare(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress, struct error *err)
{
	const struct blocking_request request = {
		.store = &linker->store,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.plan = BLOCKING_ALL_INDEXES,
		.parallel = parallel,
	};

	if (!linker->candidates_stale && linker->scorer_ready && linker->candidates_of == linker->store.n_records)
		return 0;
	if (report(progress, "index", 0, err) < 0)
		return -1;
	linker->scorer_ready = false;
	candidates_release(&linker->candidates);
	if (blocking_find(&request, &linker->candidates, err) < 0 ||
	    frequencies_count(&linker->frequencies, &linker->store, NULL, err) < 0)
		return -1;
	scorer_release(&linker->scorer);
	if (scorer_init(&linker->scorer, &linker->store, &linker->frequencies, &linker->model, err) < 0)
		return -1;
	linker->scorer_ready = true;
	linker->candidates_stale = false;
	linker->candidates_of = linker->store.n_records;
	return 0;
}

int linker_train(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct training training = {
		.store = &linker->store,
		.candidates = &linker->candidates,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.frequencies = &linker->frequencies,
		.model = &linker->model,
		.scorer = &linker->scorer,
		.parallel = parallel,
		.progress = progress,
	};

	struct fs_model *before = malloc(sizeof *before);
	int status = -1;

	if (!before)
		return error_memory(err);
	*before = linker->model;
	if (prepare(linker, parallel, progress, err) == 0 && report(progress, "train", 0, err) == 0)
		status = train_run(&training, err);
	if (status < 0) { /* nothing half-learnt stays */
		linker->model = *before;
		linker->scorer_ready = false;
	}
	free(before);
	return status;
}

const struct fs_model *linker_model(const struct linker *linker)
{
	return &linker->model;
}

int linker_set_model(struct linker *linker, const struct fs_model *model, struct error *err)
{
	if (!fs_model_fits(model, &linker->store))
		return error_set(err, ERROR_INPUT, "Model itu untuk kolom-kolom lain: latih model baru atau sebutkan jenis kolom",
			"That model is for other columns: train a new one, or name the columns' types");
	linker->model = *model;
	linker->scorer_ready = false;
	return 0;
}

static int score_candidates(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct linker_statistics *statistics = &linker->statistics;
	double sure = 0;

	if (scored_pairs_make(&linker->scored, &linker->scorer, &linker->candidates, parallel, progress, err) < 0)
		return -1;
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
	statistics->candidate_pairs = statistics->scored_pairs = linker->candidates.n;
	statistics->left_out_pairs = linker->candidates.left_out;
	statistics->expected_precision = statistics->matched_pairs ? sure / (double)statistics->matched_pairs : 1;
	statistics->expected_recall = linker->scored.expected > 0 ? sure / linker->scored.expected : 1;
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

int linker_settle(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	double threshold = linker->options.threshold > 0 ? linker->options.threshold : linker->model.threshold;
	struct cluster_options options = {linker->options.within_lists, linker->options.across_lists,
		linker->options.one_to_one, log2_of(threshold / (1 - threshold < 1e-9 ? 1e-9 : 1 - threshold))};
	struct cluster_edge *edges = NULL;
	uint32_t *label = NULL;
	size_t n = 0;
	int status = -1;

	linker->statistics.threshold = threshold;
	if (prepare(linker, parallel, progress, err) < 0 || score_candidates(linker, parallel, progress, err) < 0 ||
	    report(progress, "cluster", 0, err) < 0)
		return -1;
	edges = malloc((linker->scored.n + linker->n_decisions + 1) * sizeof *edges);
	label = malloc((linker->store.n_records + 1) * sizeof *label);
	if (!edges || !label) {
		error_memory(err);
		goto out;
	}
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
	if (cluster_records(&linker->scorer, &options, edges, n, parallel, label, err) < 0 ||
	    take_labels(linker, label, err) < 0)
		goto out;
	label = NULL;
	status = report(progress, "cluster", 1, err);
out:
	free(edges);
	free(label);
	return status;
}

uint32_t linker_cluster(const struct linker *linker, uint32_t record)
{
	return record < linker->n_label ? linker->label[record] : UINT32_MAX;
}

size_t linker_records(const struct linker *linker)
{
	return linker->store.n_records;
}

const uint32_t *linker_changed(const struct linker *linker, size_t *ret_n)
{
	*ret_n = linker->n_changed;
	return linker->changed;
}

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

/* Whether people decided that these two are not the same. */
static bool decided_apart(const struct linker *linker, const struct linker_pair *pair)
{
	for (size_t i = 0; i < linker->n_decisions; i++) {
		const struct decision *decision = &linker->decisions[i];

		if (decision->a == pair->a && decision->b == pair->b)
			return decision->what == LINKER_NOT_SAME;
	}
	return false;
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

static void fill_pair(struct linker_pair *ret, uint32_t a, uint32_t b, const struct pair_score *score)
{
	*ret = (struct linker_pair){a < b ? a : b, a < b ? b : a, (float)score->weight, (float)score->p[FS_MATCH],
		(float)(score->p[FS_HOUSEHOLD] + score->p[FS_TWIN])};
}

void linker_score(const struct linker *linker, uint32_t a, uint32_t b, struct linker_pair *ret)
{
	struct pair_score score;

	scorer_score(&linker->scorer, a, b, &score);
	fill_pair(ret, a, b, &score);
}

static void add_part(struct waterfall *waterfall, int field, const char *level, double weight, double by_frequency)
{
	struct waterfall_part *part;

	if (waterfall->n == WATERFALL_MAX)
		return;
	part = &waterfall->parts[waterfall->n++];
	*part = (struct waterfall_part){.field = field, .weight = (float)weight, .frequency_weight = (float)by_frequency};
	snprintf(part->level, sizeof part->level, "%s", level);
}

void linker_explain(const struct linker *linker, uint32_t a, uint32_t b, struct waterfall *ret)
{
	const struct scorer *scorer = &linker->scorer;
	struct levels levels;
	int64_t likelihood[FS_CLASSES];
	struct pair_score score;
	const struct list_prior *prior = scorer_prior(scorer, a, b);
	double sum = 0;

	memset(ret, 0, sizeof *ret);
	scorer_compare(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(prior, likelihood, &score);
	fill_pair(&ret->pair, a, b, &score);
	add_part(ret, -1, "prior", weight_to_bits(prior->weight[FS_MATCH]), 0);
	sum = weight_to_bits(prior->weight[FS_MATCH]);
	for (size_t c = 0; c < linker->store.n_columns; c++) {
		const struct store_column *column = &linker->store.columns[c];
		unsigned level = levels.level[c];
		double weight = level ? weight_to_bits((int64_t)scorer->weight[c][FS_MATCH][level] -
					   scorer->weight[c][FS_STRANGER][level] - levels.frequency[c])
				      : 0;

		add_part(ret, column->fields[0], comparison_level_name(column->kind, level), weight,
			weight_to_bits(-(int64_t)levels.frequency[c]));
		sum += weight;
	}
	/* What the household classes and dependences between comparisons take away (or add). */
	add_part(ret, -2, "household and dependence", score.weight - sum, 0);
}

size_t linker_search(struct linker *linker, const struct field_value *values, struct linker_pair *hits, size_t max)
{
	uint32_t probe;
	size_t n = 0;

	if (!linker->scorer_ready || store_probe(&linker->store, values, &probe) < 0)
		return 0;
	for (uint32_t r = 0; r < linker->store.n_records; r++) {
		struct linker_pair pair;

		if (store_withdrawn(&linker->store, r))
			continue;
		linker_score(linker, r, probe, &pair);
		if ((double)pair.probability >= linker->options.doubtful_from)
			offer(hits, &n, max, &pair);
	}
	qsort(hits, n, sizeof *hits, best_first);
	return n;
}

void linker_statistics(const struct linker *linker, struct linker_statistics *ret)
{
	*ret = linker->statistics;
}
