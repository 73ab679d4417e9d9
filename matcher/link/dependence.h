/*
 * Where two comparisons say the same thing twice. Two kinds:
 *
 *   - a tree (Chow and Liu 1968) over the comparison levels of strangers: the pairs of comparisons with most mutual information,
 *     each comparison at most one parent. A child's weight is corrected by
 *     log2 [m(l | parent) / m(l)] − log2 [u(l | parent) / u(l)], kept within −6 … +1 bits;
 *   - the NIK, which holds the birth date and the area: strangers born on one day have NIKs that differ in area and serial alone.
 *     How alike, is found by writing one's date into the other's NIK.
 */
#ifndef PADAN_DEPENDENCE_H
#define PADAN_DEPENDENCE_H

#include "matcher/link/score.h"

/* Pairs counted by the levels of two comparisons: of [c][d], c > d, at [c * (c - 1) / 2 + d][level of c][level of d]. */
typedef double joint_table[LEVELS_MAX][LEVELS_MAX];

struct joint_counts {
	size_t n; /* comparisons */
	joint_table *tables;
};

int joint_counts_init(struct joint_counts *counts, size_t n);
void joint_counts_release(struct joint_counts *counts);
/* to += from, of the same comparisons. */
void joint_counts_sum(struct joint_counts *to, const struct joint_counts *from);
void joint_counts_add(struct joint_counts *counts, const uint8_t *levels, double weight);

/* Parents and corrections of the model from strangers' and matches' counts. */
void dependence_learn(struct fs_model *model, const struct joint_counts *strangers, const struct joint_counts *matches);

/* A sampled pair of strangers of that weight, as if born on one day: adds the level of its NIKs to counts[area][level]. */
enum { NIK_AREAS = 3 }; /* of the pair: unknown, another place, the same place */
void dependence_add_nik(const struct scorer *scorer, uint32_t a, uint32_t b, const uint8_t *levels, double weight,
	double counts[NIK_AREAS][NIK_LEVEL_COUNT]);
void dependence_learn_nik(struct fs_model *model, const struct store *store,
	double counts[NIK_AREAS][NIK_LEVEL_COUNT]);

#endif
