/*
 * The parts of training (train.h), private to it: patterns of candidate pairs, counts of strangers. All are counted by a fixed
 * number of tasks and summed in the order of tasks, so that the sums do not depend on threads.
 */
#ifndef PADAN_TRAIN_PARTS_H
#define PADAN_TRAIN_PARTS_H

#include "matcher/link/dependence.h"
#include "matcher/base/hash_map.h"
#include "matcher/link/train.h"

enum { TRAIN_TASKS = 32 };

/* Candidate pairs alike in everything that learning looks at. */
struct pattern {
	uint8_t level[COMPARISONS_MAX];
	int32_t frequency; /* sum over the comparisons, in half bits, ≥ 0 */
	int32_t place_frequency; /* of that, the address's part */
	uint32_t lists, free_from, count;
	bool same_birthday;
};

struct patterns {
	struct pattern *items;
	size_t n, cap;
	struct hash_map by_hash;
	double scale; /* candidate pairs per counted pair */
};

/* Of the candidates that are not near, one in so many is compared for all of them, where training tells which are near. */
enum { TRAIN_FAR_EACH = 8 };

/*
 * Compares the candidates, or where they are more than `most` a sample of at most about as many, drawn by a hash of their contents,
 * and counts their patterns.
 */
int patterns_count(struct patterns *patterns, const struct training *training, size_t most);
void patterns_release(struct patterns *patterns);

/*
 * Fills training->near, where candidates are many: which of them may come to that weight (log2 odds) under the present model. The
 * others are strangers to all that looks for matches.
 */
int train_find_near(struct training *training, double least);

/* For all candidates that are near, from first up to end: their numbers, at most SCORER_BATCH at a time. Returns how many; *first goes on. */
size_t train_next_near(const struct training *training, size_t *first, size_t end, size_t numbers[SCORER_BATCH]);

/* A pattern's probabilities. A pair whose names have nothing in common is no match unless all but certain (methods: EM at size). */
void pattern_weigh(const struct training *training, const struct pattern *pattern, struct pair_score *ret);

/*
 * The probability that somebody moved, if a pattern is one person's; negative: it tells too little of the address to say. *ret_sure: it is one
 * person's, whatever the address says.
 */
double pattern_moved(const struct training *training, const struct pattern *pattern, bool *ret_sure);

/* Counts of one class by comparison and level. */
struct tally {
	double level[COMPARISONS_MAX][LEVELS_MAX];
};

static inline void tally_sum(struct tally *to, const struct tally *from)
{
	for (size_t c = 0; c < COMPARISONS_MAX; c++) {
		for (size_t l = 0; l < LEVELS_MAX; l++)
			to->level[c][l] += from->level[c][l];
	}
}

struct stranger_counts {
	struct tally tally; /* [c][0]: pairs in which both say something */
	struct tally inverse; /* sum of 1 / frequency at the level */
	double split[COMPARISONS_MAX][PHRASE_SPLITS];
	struct joint_counts joint;
	double nik[NIK_AREAS][NIK_LEVEL_COUNT];
};

/*
 * Compares about `pairs` pairs of records drawn by lot (all, where there are fewer), each counted by its probability of being
 * two strangers under the present model.
 */
int strangers_count(struct stranger_counts *counts, const struct training *training, size_t pairs);
void strangers_release(struct stranger_counts *counts);

/* u, and the factors on frequencies, from those counts; what is hardly seen stays near the shipped value. */
void strangers_update(struct fs_model *model, const struct fs_model *shipped, const struct stranger_counts *counts);

#endif
