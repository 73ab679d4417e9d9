/*
 * Which pairs may reach a weight, by what is cheap to know of them. Nine in ten pairs that the indexes give are strangers whom
 * a look at their keys, dates and the letters of their names tells apart; they are refused here, some dozens of nanoseconds each,
 * and only the others are scored (score.h). Refusing is sure: no pair that would reach the weight is ever refused.
 *
 * What that look needs of a record lies side by side in a row of its own, so that a record costs one or two cache lines; and pairs
 * are looked at by the batch, each step for all of them, so that the memory of the next step is on its way meanwhile.
 *
 * Called where many pairs are weighed: blocking.c, scored_pairs.c, train.c, train_plan.c. A filter is of the records, model and
 * frequencies as they were when it was made; it is read only, from any thread.
 */
#ifndef PADAN_PAIR_FILTER_H
#define PADAN_PAIR_FILTER_H

#include "matcher/base/parallel.h"
#include "matcher/link/blocking.h"
#include "matcher/link/score.h"

enum { PAIR_FILTER_BATCH = 128 };

struct pair_filter {
	const struct scorer *scorer;
	int64_t least; /* weight, fixed point */

	/*
	 * By record, `stride` words each: its list and whether its NIK holds its date; numbers of its values; for each phrase the
	 * frequency of the rarest that can be agreed on; numbers of NIK and KK, in two words each.
	 */
	uint32_t *rows;
	size_t stride;
	size_t n_digits, n_phrases, n_others; /* columns by the way they are looked at; dates are among the others */
	uint8_t digits[COMPARISONS_MAX], phrases[COMPARISONS_MAX], others[COMPARISONS_MAX];
	size_t self_at, number_at; /* where these begin in a row */

	int32_t gain[COMPARISONS_MAX][LEVELS_MAX]; /* of a level: for a match against strangers, frequency apart */
	int32_t most_apart[COMPARISONS_MAX];       /* the most of them where the values differ */
	int32_t birthday_most;                     /* that scorer_birthday_correction() can add */
	uint32_t *dates; /* by number of a date: year, month, day from the top, without what it is rounded by; 0: partly known */
};

/*
 * For about `pairs` pairs of the scorer's records, which may reach `least` (log2 odds); where these are few beside the records, none
 * is made. -1: memory.
 */
int pair_filter_init(struct pair_filter *filter, const struct scorer *scorer, double least, size_t pairs,
	const struct parallel *parallel);
void pair_filter_release(struct pair_filter *filter);

/* Numbers of those of n ≤ PAIR_FILTER_BATCH pairs that are not refused, ascending, into kept; returns how many. */
size_t pair_filter_run(const struct pair_filter *filter, const struct candidate *pairs, size_t n, uint8_t kept[PAIR_FILTER_BATCH]);

/*
 * For a loop over many pairs: looks at the first of n > 0 pairs, PAIR_FILTER_BATCH at most; *ret_looked says how many. A filter that
 * was not made (its rows NULL, as for few pairs of many records) keeps all.
 */
size_t pair_filter_next(const struct pair_filter *filter, const struct candidate *pairs, size_t n, size_t *ret_looked,
	uint8_t kept[PAIR_FILTER_BATCH]);

/* Asks for the memory that looking at this record will touch first. */
static inline void pair_filter_prefetch(const struct pair_filter *filter, uint32_t record)
{
	const uint32_t *row = &filter->rows[record * filter->stride];

	__builtin_prefetch(row);
	__builtin_prefetch(row + filter->stride - 1);
}

#endif
