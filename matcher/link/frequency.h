/*
 * How rare each value and each word is: what agreement on it is worth. Counted in persons rather than rows, as far as it
 * is known which rows are one person: a name that one person's twenty rows hold is as rare as any other.
 */
#ifndef PADAN_FREQUENCY_H
#define PADAN_FREQUENCY_H

#include "matcher/base/parallel.h"
#include "matcher/link/comparison.h"

struct frequencies {
	struct column_frequency columns[COMPARISONS_MAX];
	size_t n;
	double persons; /* that the records stand for */
};

/*
 * On failure they stay as they were. share[record]: how much of a person the record is (1 / rows of the person), in 1 / FREQUENCY_ONE;
 * NULL: each record is one.
 */
enum { FREQUENCY_ONE = 1 << 16 };
int frequencies_count(struct frequencies *frequencies, const struct store *store, const uint32_t *share,
	const struct parallel *parallel, struct error *err) PADAN_MUST_CHECK;
void frequencies_release(struct frequencies *frequencies);

#endif
