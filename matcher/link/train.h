/*
 * Learning a model without labels: expectation maximisation over the candidate pairs' patterns of levels, with the strangers' side
 * fixed beforehand from sampled pairs. See docs/MATCHING.md for the equations; here is where each lives:
 *
 *   - u and its factors, and the tree of dependences: from pairs drawn by a hash of their contents, each counted by its
 *     probability of being strangers, so that repeats in the data do not count as chance;
 *   - m, h, t: from candidate pairs, each comparison above all where some index found the pair without it;
 *   - priors: per pair of lists, pulled towards the common rate where a list is small;
 *   - frequencies: in persons, by the pairs' own probabilities.
 */
#ifndef PADAN_TRAIN_H
#define PADAN_TRAIN_H

#include "matcher/base/parallel.h"
#include "matcher/link/blocking.h"
#include "matcher/link/score.h"

struct training {
	const struct store *store;
	const struct candidates *candidates;
	bool within_lists, across_lists; /* which pairs are candidates */
	const uint8_t *focus;            /* the candidates are all pairs of these records; NULL: all pairs */
	double sampled;                  /* share of all candidate pairs that they are; 1 without focus */
	uint8_t *near;                   /* by candidate: may be one person. Made by train_run(), to be freed; NULL: not looked at */
	struct frequencies *frequencies; /* recounted */
	struct fs_model *model;          /* learnt, from its present values */
	struct scorer *scorer;           /* of that model and those frequencies; its priors are learnt too */
	const struct parallel *parallel;
	const struct linker_progress *progress;
	bool households_sure;            /* there is a household's key, or members were found */
	double matches, members;         /* pairs of each kind that the last step found */
};

int train_run(struct training *training, struct error *err) PADAN_MUST_CHECK;

/*
 * What even a ready model takes from the data: frequencies in persons, and (priors) each pair of lists' own share of matches. The levels
 * stay as they are.
 */
int train_adapt(struct training *training, bool priors, struct error *err) PADAN_MUST_CHECK;

/*
 * The indexes worth their cost: leaves out those that found hardly anybody by themselves, the dearest first, while no more
 * than LOST_SHARE of all expected matches would be lost. The candidates must tell their indexes.
 */
#define TRAIN_LOST_SHARE 0.0001
int train_plan(const struct training *training, uint64_t *ret_plan, struct error *err) PADAN_MUST_CHECK;

#endif
