/* See scored_pairs.h. */
#include "matcher/link/scored_pairs.h"

#include "matcher/base/grow.h"
#include "matcher/base/log2.h"
#include "matcher/link/found_pairs.h"
#include "matcher/link/pair_filter.h"

#include <assert.h>

enum { TASKS = FOUND_PARTS, WAVE = 16, AHEAD = 6 /* pairs between two steps of asking for memory */ };

struct part {
	struct linker_pair *pairs;
	size_t n, cap;
	size_t candidates; /* that it had */
	size_t scored;     /* of these, not refused before */
	bool failed;
};

struct scoring {
	const struct scorer *scorer;
	const struct candidates *candidates;
	struct pair_filter filter;
	double least; /* weight */
	size_t first; /* task of the wave */
	struct part parts[TASKS];
};

/* Of a pair that was not refused. */
static int score_pair(const struct scoring *scoring, const struct candidate *pair, struct part *part)
{
	struct pair_score score;

	part->scored++;
	if (!scorer_score_above(scoring->scorer, pair->a, pair->b, scoring->least, &score))
		return 0;
	if (GROW(&part->pairs, &part->cap, part->n + 1) < 0)
		return -1;
	part->pairs[part->n++] = (struct linker_pair){pair->a, pair->b, (float)score.weight, (float)score.p[FS_MATCH],
		(float)(score.p[FS_HOUSEHOLD] + score.p[FS_TWIN])};
	return 0;
}

static void score_pairs(const struct scoring *scoring, const struct candidate *pairs, size_t n, struct part *part)
{
	for (size_t i = 0, looked; i < n && !part->failed; i += looked) {
		uint8_t kept[PAIR_FILTER_BATCH];
		size_t n_kept = pair_filter_next(&scoring->filter, pairs + i, n - i, &looked, kept);

		for (size_t k = 0; k < n_kept && !part->failed; k++) {
			if (k + 2 * AHEAD < n_kept)
				scorer_prefetch(scoring->scorer, pairs[i + kept[k + 2 * AHEAD]].b, 0);
			if (k + AHEAD < n_kept)
				scorer_prefetch(scoring->scorer, pairs[i + kept[k + AHEAD]].b, 1);
			part->failed = score_pair(scoring, &pairs[i + kept[k]], part) < 0;
		}
	}
}

static void score_part(void *arg, size_t task)
{
	struct scoring *scoring = arg;
	const struct candidates *candidates = scoring->candidates;
	struct candidate *made = NULL;
	struct part *part;

	task += scoring->first;
	part = &scoring->parts[task];
	if (candidates->in_parts) {
		part->failed = found_pairs_part(candidates->in_parts, task, &made, &part->candidates) < 0;
		if (!part->failed)
			score_pairs(scoring, made, part->candidates, part);
		free(made);
	} else {
		size_t begin = candidates->n * task / TASKS;

		part->candidates = candidates->n * (task + 1) / TASKS - begin;
		score_pairs(scoring, candidates->pairs + begin, part->candidates, part);
	}
}

static int index_by_record(struct scored_pairs *scored, size_t n)
{
	scored->first = calloc(n + 2, sizeof *scored->first);
	scored->by_record = malloc((2 * scored->n + 1) * sizeof *scored->by_record);
	if (!scored->first || !scored->by_record)
		return -1;
	for (size_t i = 0; i < scored->n; i++) {
		scored->first[scored->pairs[i].a + 2]++;
		scored->first[scored->pairs[i].b + 2]++;
	}
	for (size_t r = 2; r < n + 2; r++)
		scored->first[r] += scored->first[r - 1];
	for (size_t i = 0; i < scored->n; i++) {
		scored->by_record[scored->first[scored->pairs[i].a + 1]++] = (uint32_t)i;
		scored->by_record[scored->first[scored->pairs[i].b + 1]++] = (uint32_t)i;
	}
	return 0;
}

static int gather(struct scored_pairs *scored, struct scoring *scoring, struct error *err)
{
	for (size_t t = 0; t < TASKS; t++) {
		if (scoring->parts[t].failed)
			return error_memory(err);
		scored->n += scoring->parts[t].n;
	}
	scored->pairs = malloc((scored->n + 1) * sizeof *scored->pairs);
	if (!scored->pairs)
		return error_memory(err);
	scored->n = 0;
	for (size_t t = 0; t < TASKS; t++) {
		if (scoring->parts[t].n)
			memcpy(scored->pairs + scored->n, scoring->parts[t].pairs, scoring->parts[t].n * sizeof *scored->pairs);
		scored->n += scoring->parts[t].n;
	}
	for (size_t i = 0; i < scored->n; i++)
		scored->expected += (double)scored->pairs[i].probability;
	return index_by_record(scored, scoring->scorer->store->n_records) < 0 ? error_memory(err) : 0;
}

int scored_pairs_make(struct scored_pairs *scored, const struct scorer *scorer, struct candidates *candidates,
	const struct parallel *parallel, const struct linker_progress *progress, struct error *err)
{
	struct scoring scoring = {.scorer = scorer, .candidates = candidates,
		.least = log2_of(SCORED_PAIRS_FROM / (1 - SCORED_PAIRS_FROM))};
	int status = 0;

	scored_pairs_release(scored);
	if (pair_filter_init(&scoring.filter, scorer, scoring.least, candidates->in_parts ? SIZE_MAX : candidates->n, parallel) < 0)
		return error_memory(err);
	for (; scoring.first < TASKS && status == 0; scoring.first += WAVE) {
		if (progress && progress->report &&
		    progress->report(progress->arg, "score", (double)scoring.first / TASKS) != 0)
			status = error_set(err, ERROR_CANCELLED, "Dibatalkan", "Cancelled");
		else
			parallel_run(parallel, WAVE, score_part, &scoring);
	}
	if (status == 0)
		status = gather(scored, &scoring, err);
	candidates->n = 0;
	for (size_t t = 0; t < TASKS; t++) {
		candidates->n += scoring.parts[t].candidates;
		scored->scorings += scoring.parts[t].scored;
		free(scoring.parts[t].pairs);
	}
	pair_filter_release(&scoring.filter);
	return status;
}

static bool pair_before(const struct linker_pair *x, const struct linker_pair *y)
{
	return x->a != y->a ? x->a < y->a : x->b < y->b;
}

int scored_pairs_replace(struct scored_pairs *scored, const struct scored_pairs *before, const struct scored_pairs *found,
	const uint8_t *focus, size_t n, struct error *err)
{
	size_t i = 0, j = 0;

	assert(!scored->pairs && scored->n == 0);
	scored->pairs = malloc((before->n + found->n + 1) * sizeof *scored->pairs);
	if (!scored->pairs)
		return error_memory(err);
	while (i < before->n || j < found->n) {
		if (i < before->n && (focus[before->pairs[i].a] || focus[before->pairs[i].b])) {
			i++;
			continue;
		}
		if (j == found->n || (i < before->n && pair_before(&before->pairs[i], &found->pairs[j])))
			scored->pairs[scored->n++] = before->pairs[i++];
		else
			scored->pairs[scored->n++] = found->pairs[j++];
	}
	for (i = 0; i < scored->n; i++)
		scored->expected += (double)scored->pairs[i].probability;
	return index_by_record(scored, n) < 0 ? error_memory(err) : 0;
}

void scored_pairs_release(struct scored_pairs *scored)
{
	free(scored->pairs);
	free(scored->first);
	free(scored->by_record);
	*scored = (struct scored_pairs){0};
}
