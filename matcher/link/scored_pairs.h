/*
 * The candidate pairs that may be one person, with their weights, in order and by record. Called by linker.c.
 */
#ifndef PADAN_SCORED_PAIRS_H
#define PADAN_SCORED_PAIRS_H

#include "matcher/base/parallel.h"
#include "matcher/link/blocking.h"
#include "matcher/link/score.h"

#define SCORED_PAIRS_FROM 0.02 /* pairs of less probability are not kept */

struct scored_pairs {
	struct linker_pair *pairs; /* ascending by (a, b) */
	size_t n;
	uint32_t *first;     /* by record: where its pairs begin in by_record; one more than there are records */
	uint32_t *by_record; /* numbers of pairs */
	uint64_t scorings;   /* candidates that were not refused before (pair_filter.h) */
	double expected;     /* sum of their probabilities */
};

/* Candidates in parts are used up, and counted on the way: their n is known then. */
int scored_pairs_make(struct scored_pairs *scored, const struct scorer *scorer, struct candidates *candidates,
	const struct parallel *parallel, const struct linker_progress *progress, struct error *err) PADAN_MUST_CHECK;
/*
 * Makes scored (empty) from the pairs of before that no record in focus is part of, and all of found; n: records.
 */
int scored_pairs_replace(struct scored_pairs *scored, const struct scored_pairs *before, const struct scored_pairs *found,
	const uint8_t *focus, size_t n, struct error *err) PADAN_MUST_CHECK;
void scored_pairs_release(struct scored_pairs *scored);

#endif
