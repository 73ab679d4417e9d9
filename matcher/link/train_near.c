/*
 * Which candidates a training looks at for matches: see train_parts.h. Nine in ten pairs that the indexes give are strangers by
 * the shipped model already, by a bound that is sure (pair_filter.h); every later look would find them so once more.
 */
#include "matcher/link/pair_filter.h"
#include "matcher/link/train_parts.h"

#include <stdlib.h>

enum { ALL_BELOW = 300000 }; /* candidates that are all looked at every time */

struct near {
	const struct training *training;
	struct pair_filter filter;
};

static void mark_part(void *arg, size_t task)
{
	struct near *near = arg;
	const struct candidates *candidates = near->training->candidates;
	size_t end = candidates->n * (task + 1) / TRAIN_TASKS, looked;

	for (size_t i = candidates->n * task / TRAIN_TASKS; i < end; i += looked) {
		uint8_t kept[PAIR_FILTER_BATCH];
		size_t n_kept = pair_filter_next(&near->filter, candidates->pairs + i, end - i, &looked, kept);

		for (size_t k = 0; k < n_kept; k++)
			near->training->near[i + kept[k]] = 1;
	}
}

int train_find_near(struct training *training, double least)
{
	struct near near = {.training = training};
	size_t n = training->candidates->n;
	int status;

	if (n <= ALL_BELOW)
		return 0;
	training->near = calloc(n, 1);
	if (!training->near)
		return -1;
	status = pair_filter_init(&near.filter, training->scorer, least, n, training->parallel);
	if (status == 0)
		parallel_run(training->parallel, TRAIN_TASKS, mark_part, &near);
	pair_filter_release(&near.filter);
	return status;
}

size_t train_next_near(const struct training *training, size_t *first, size_t end, size_t numbers[SCORER_BATCH])
{
	const struct candidate *pairs = training->candidates->pairs;
	uint32_t records[2 * SCORER_BATCH];
	size_t n = 0, i;

	for (i = *first; i < end && n < SCORER_BATCH; i++) {
		if (training->near && !training->near[i])
			continue;
		numbers[n] = i;
		records[2 * n] = pairs[i].a;
		records[2 * n++ + 1] = pairs[i].b;
	}
	scorer_prefetch_all(training->scorer, records, 2 * n);
	*first = i;
	return n;
}
