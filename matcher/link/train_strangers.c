/* Counts of strangers: see train_parts.h. */
#include "matcher/link/train_parts.h"

#include "matcher/base/hash.h"
#include "matcher/base/log2.h"
#include "matcher/base/radix_sort.h"

#include <stdlib.h>

enum {
	RECORDS_MAX = 60000, /* of whom pairs are drawn: of a larger register as much is learnt from a part, drawn by a hash */
	INVERSE_MAX = 50000, /* one rare coincidence must not speak for all */
	FACTOR_STRENGTH = 10 /* pairs that the shipped factor is worth */
};
#define LEVEL_STRENGTH 0.3 /* the same for levels without frequency */

struct sampling {
	const struct training *training;
	const uint32_t *order; /* records by the hash of their contents */
	size_t n, strides;
	struct stranger_counts parts[TRAIN_TASKS];
	bool failed[TRAIN_TASKS];
};

static void count_pair(const struct training *training, uint32_t a, uint32_t b, struct stranger_counts *counts)
{
	const struct scorer *scorer = training->scorer;
	struct levels levels;
	struct pair_score score;
	int64_t likelihood[FS_CLASSES];
	double p;

	scorer_compare(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(scorer_prior(scorer, a, b), likelihood, &score);
	p = score.p[FS_STRANGER];
	for (size_t c = 0; c < training->store->n_columns; c++) {
		unsigned level = levels.level[c];

		if (!level)
			continue;
		counts->tally.level[c][level] += p;
		counts->tally.level[c][0] += p;
		if (levels.frequency[c] < 0) {
			double inverse = exp2_of(weight_to_bits(-(int64_t)levels.frequency[c]));

			counts->inverse.level[c][level] += p * (inverse < INVERSE_MAX ? inverse : INVERSE_MAX);
		}
		if (comparison_is_phrase(training->model->comparisons[c].kind))
			counts->split[c][phrase_split(level)] += p;
	}
	if (p > 0.5) {
		joint_counts_add(&counts->joint, levels.level, p);
		dependence_add_nik(scorer, a, b, levels.level, p, counts->nik);
	}
}

/* Each of n records of the order, SCORER_BATCH at most, with the one at that distance. */
static void count_pairs(const struct sampling *sampling, size_t first, size_t n, size_t distance, struct stranger_counts *counts)
{
	uint32_t records[2 * SCORER_BATCH];

	for (size_t i = 0; i < n; i++) {
		records[2 * i] = sampling->order[first + i];
		records[2 * i + 1] = sampling->order[(first + i + distance) % sampling->n];
	}
	scorer_prefetch_all(sampling->training->scorer, records, 2 * n);
	for (size_t i = 0; i < n; i++) {
		if (records[2 * i] != records[2 * i + 1])
			count_pair(sampling->training, records[2 * i], records[2 * i + 1], counts);
	}
}

static void count_part(void *arg, size_t task)
{
	struct sampling *sampling = arg;
	size_t n = sampling->n, first = n * task / TRAIN_TASKS, end = n * (task + 1) / TRAIN_TASKS;

	if (joint_counts_init(&sampling->parts[task].joint, sampling->training->store->n_columns) < 0) {
		sampling->failed[task] = true;
		return;
	}
	for (size_t s = 1; s <= sampling->strides; s++) {
		/* Distances spread over the whole circle; every one where all pairs are wanted. */
		size_t distance = sampling->strides >= n / 2 ? s : 1 + (size_t)(hash_mix(s) % (n - 1));

		for (size_t i = first; i < end; i += SCORER_BATCH)
			count_pairs(sampling, i, end - i < SCORER_BATCH ? end - i : SCORER_BATCH, distance, &sampling->parts[task]);
	}
}

static void add_doubles(double *to, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

static void add_counts(struct stranger_counts *to, const struct stranger_counts *from)
{
	tally_sum(&to->tally, &from->tally);
	tally_sum(&to->inverse, &from->inverse);
	add_doubles(&to->split[0][0], &from->split[0][0], sizeof to->split / sizeof(double));
	add_doubles(&to->nik[0][0], &from->nik[0][0], sizeof to->nik / sizeof(double));
	joint_counts_sum(&to->joint, &from->joint);
}

/*
 * About RECORDS_MAX records at most, in the order of their contents' hash: neighbours at a distance are strangers drawn by lot.
 * Memory is asked for as if all were drawn, and hardly touched.
 */
static uint32_t *draw_records(const struct store *store, size_t *ret_n)
{
	size_t held = store_held(store), n = 0;
	uint64_t most = held > RECORDS_MAX ? (uint64_t)((double)UINT64_MAX * RECORDS_MAX / (double)held) : UINT64_MAX;
	struct sort_entry *entries = malloc((held + 1) * 2 * sizeof *entries);
	uint32_t *order = malloc((held + 1) * sizeof *order);

	if (entries && order) {
		for (uint32_t r = 0; r < store->n_records; r++) {
			if (store_content_hash(store, r) <= most && !store_withdrawn(store, r))
				entries[n++] = (struct sort_entry){store_content_hash(store, r), r, 0};
		}
		radix_sort(entries, entries + held + 1, n);
		for (size_t i = 0; i < n; i++)
			order[i] = entries[i].number;
	} else {
		free(order);
		order = NULL;
	}
	free(entries);
	*ret_n = n;
	return order;
}

int strangers_count(struct stranger_counts *counts, const struct training *training, size_t pairs)
{
	struct sampling *sampling = calloc(1, sizeof *sampling);
	size_t n = 0;
	uint32_t *order = draw_records(training->store, &n);
	bool failed = !sampling || !order || joint_counts_init(&counts->joint, training->store->n_columns) < 0;

	if (!failed) {
		sampling->training = training;
		sampling->order = order;
		sampling->n = n;
		sampling->strides = n ? pairs / n + 1 : 0;
		if (sampling->strides > n / 2)
			sampling->strides = n / 2;
		parallel_run(training->parallel, TRAIN_TASKS, count_part, sampling);
	}
	for (size_t t = 0; sampling && t < TRAIN_TASKS; t++) {
		failed |= sampling->failed[t];
		if (!failed)
			add_counts(counts, &sampling->parts[t]);
		strangers_release(&sampling->parts[t]);
	}
	free(order);
	free(sampling);
	return failed ? -1 : 0;
}

void strangers_release(struct stranger_counts *counts)
{
	joint_counts_release(&counts->joint);
}

void strangers_update(struct fs_model *model, const struct fs_model *shipped, const struct stranger_counts *counts)
{
	for (size_t c = 0; c < model->n; c++) {
		struct fs_comparison *comparison = &model->comparisons[c];
		bool phrase = comparison_is_phrase(comparison->kind);

		for (unsigned l = 1; l < comparison->n_levels; l++) {
			double seen = counts->tally.level[c][l], u = shipped->comparisons[c].p[FS_STRANGER][l];
			double of = phrase ? counts->split[c][phrase_split(l)] : counts->tally.level[c][0];

			if (!comparison_by_frequency(comparison->kind, l)) {
				comparison->p[FS_STRANGER][l] = (seen + LEVEL_STRENGTH) / (of + LEVEL_STRENGTH / u);
			} else if (phrase) {
				/* Strangers agree on a part of frequency f as often as factor · f: the mean of 1/f over those who do. */
				double factor = of > 0 ? counts->inverse.level[c][l] / of : u;

				comparison->p[FS_STRANGER][l] = (seen * factor + FACTOR_STRENGTH * u) / (seen + FACTOR_STRENGTH);
			}
		}
	}
}
