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
	uint32_t lists, free_from, count;
	bool same_birthday;
};

struct patterns {
	struct pattern *items;
	size_t n, cap;
	struct hash_map by_hash;
	double scale; /* candidate pairs per counted pair */
};

/* Compares the candidates, or a sample of about `most` of them drawn by a hash of their contents, and counts their patterns. */
int patterns_count(struct patterns *patterns, const struct training *training, size_t most);
void patterns_release(struct patterns *patterns);

/* A pattern's probabilities. A pair whose names have nothing in common is no match unless all but certain (methods: EM at size). */
void pattern_weigh(const struct training *training, const struct pattern *pattern, struct pair_score *ret);

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
