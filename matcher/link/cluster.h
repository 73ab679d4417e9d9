/*
 * From scored pairs to persons. Not the transitive closure: clusters are merged best first while all that both sides say
 * together speaks for one person (profile linkage). For clusters A and B joined by any pair worth a look,
 *
 *	S = Σ over fields: mean over the smaller side of log2( mean over the other side of 2^weight )
 *	    + log2 of the prior odds − log2 min(|A|, |B|)
 *
 * where all pairs across count, candidates or not, for each class of pairs; A and B are one when the odds of "the same person" against the
 * other classes reach the threshold. A bridge – one member's key on another's row – does not join two groups that way.
 *
 * What was merged is looked at again: a cluster in which two rows contradict each other is parted where S is weakest, if it is below the
 * threshold there, and the parts may join others but not each other; a NIK in several clusters stays with the one that has
 * the best claim to it by rows, birth date and sex, says nothing on rows of others that belie it, and the component is clustered
 * once more. A few rounds at most.
 */
#ifndef PADAN_CLUSTER_H
#define PADAN_CLUSTER_H

#include "matcher/base/parallel.h"
#include "matcher/link/score.h"

struct cluster_edge {
	uint32_t a, b;
	float weight; /* log2 odds; +INFINITY: decided to be the same, -INFINITY: decided not to be */
};

/* The weight of an edge that only says: to be looked at together. */
#define CLUSTER_CONTACT (-1e30f)

struct cluster_options {
	bool within_lists, across_lists; /* which pairs are evidence */
	bool one_to_one;
	double threshold; /* log2 odds */
};

/*
 * How clusters came about, step by step, for whoever asks (linker_explain_cluster): told while one component is clustered. Members
 * are numbers into records; score: log2 odds, +INFINITY where people decided.
 */
struct cluster_trace {
	void *arg;
	void (*merged)(void *arg, const uint32_t *records, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, double score);
	void (*parted)(void *arg, const uint32_t *records, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, double score);
	void (*foreign)(void *arg, uint32_t record, uint32_t owner); /* the record's NIK belongs to the owner's cluster */
};

/*
 * label[record] becomes the smallest record of its cluster, for all records below n; edges in any order, decisions
 * among them. The result does not depend on the order of records nor on threads.
 */
int cluster_records(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_edge *edges,
	size_t n_edges, const struct parallel *parallel, uint32_t *label, struct error *err) PADAN_MUST_CHECK;

/*
 * The same for the component of one record alone, told to the trace step by step; label as above, for that component. Nothing is told of a
 * record that no edge touches.
 */
int cluster_tell(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_edge *edges,
	size_t n_edges, uint32_t record, const struct cluster_trace *trace, uint32_t *label, struct error *err) PADAN_MUST_CHECK;

/* How often a list names somebody again, as a share of its records. */
double cluster_repeats(const struct scorer *scorer, uint32_t list);

/* What the records of two clusters say together: log2 likelihood by class against strangers, priors left out. */
void cluster_weigh(const struct scorer *scorer, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	double bits[FS_STRANGER]);

/* Log2 odds that two clusters are one person: S. -INFINITY where the options don't let them. */
double cluster_odds(const struct scorer *scorer, const struct cluster_options *options, const uint32_t *a, size_t n_a, const uint32_t *b,
	size_t n_b);

#endif
