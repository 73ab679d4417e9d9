/*
 * Slow, obvious twins of how a linker finds and learns: every pair of records is compared, and one step of expectation
 * maximisation is made pair by pair. For small lists; called by tests/matcher/link/test_pairs_slow.c.
 */
#ifndef PADAN_PAIRS_SLOW_H
#define PADAN_PAIRS_SLOW_H

#include "matcher/link/blocking.h"
#include "matcher/link/score.h"

/* Pairs a < b of all records whose probability of being one person is at least p, and how many of them stand among the candidates. */
void pairs_slow_recall(const struct scorer *scorer, const struct candidates *candidates, double p, size_t *ret_pairs,
	size_t *ret_found);

/*
 * How often each level is seen among one person's pairs: each candidate pair counts by its probability; chosen: what it counts for
 * a comparison that helped to find it. share[comparison][level]; splits of phrases each sum to one. Returns the expected matches.
 */
double pairs_slow_levels(const struct scorer *scorer, const struct candidates *candidates, double chosen,
	double share[COMPARISONS_MAX][LEVELS_MAX], double counts[COMPARISONS_MAX][LEVELS_MAX]);

#endif
