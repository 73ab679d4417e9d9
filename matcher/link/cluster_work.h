/*
 * One component at work, between the files that cluster it: cluster.c (components, decisions), cluster_weigh.c (what clusters
 * say of each other), cluster_merge.c (merging), cluster_part.c (parting what contradicts itself, whose a NIK is).
 */
#ifndef PADAN_CLUSTER_WORK_H
#define PADAN_CLUSTER_WORK_H

#include "matcher/base/hash_map.h"
#include "matcher/link/cluster.h"

enum {
	CLUSTER_TABLE_MAX = 48, /* members of a component whose pairs are kept */
	CLUSTER_GROUPS_MAX = 32 /* members of a cluster that is looked through for a weak place */
};

/* A cluster: members, ascending. They are numbers within the component. */
struct cluster_group {
	uint32_t *members; /* NULL once merged into another */
	size_t n, cap;
	uint32_t *links; /* groups that some pair joins it to, merged ones among them */
	size_t n_links, links_cap;
};

/* What two records say of each other. */
struct pair_odds {
	bool known;  /* the rest has been filled */
	bool counts; /* this pair is evidence: cluster_options */
	bool within; /* of one list */
	uint32_t tells; /* bit per block that says anything */
	double prior[FS_STRANGER]; /* bits, by class */
	double odds[COMPARISONS_MAX][FS_STRANGER]; /* by block and class, against strangers */
};

struct cluster_merge {
	double score;
	uint32_t a, b;                 /* groups, a < b */
	uint32_t version_a, version_b; /* how often each had grown when this was weighed */
};

struct component {
	const struct scorer *scorer;
	const struct cluster_options *options;
	const struct cluster_trace *trace; /* NULL: nobody asks how it came about */
	const uint32_t *records; /* by member, ascending */
	size_t n;
	const struct cluster_edge *edges; /* their ends are members */
	size_t n_edges;
	uint8_t block[COMPARISONS_MAX]; /* comparisons that depend on each other speak as one */
	struct pair_odds *pairs; /* of members a < b at b (b − 1) / 2 + a; NULL: too many */
	uint8_t *foreign; /* by member: its NIK is somebody else's and says nothing */
	struct cluster_group *groups;
	uint32_t *version;
	uint32_t *now;  /* by group: the one it was merged into, or itself */
	uint32_t *must; /* by member: the first one that people's decisions join it to */
	struct cluster_merge *heap;
	size_t n_heap, heap_cap;
	struct hash_map apart; /* pairs of members not to be joined: decided, or parted */
};

static inline uint64_t cluster_pair_key(uint32_t a, uint32_t b)
{
	return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

/* cluster.c. Each group's links, and each member's group, from the groups' members and the edges. */
int cluster_link_groups(struct component *component);

/* cluster_weigh.c. Which comparisons speak as one. */
void cluster_find_blocks(const struct scorer *scorer, uint8_t *block);
/* The pair's odds, in the component's table or in *room. */
const struct pair_odds *cluster_pair(struct component *component, uint32_t a, uint32_t b, struct pair_odds *room);
/* Log2 odds that two groups are one person; -INFINITY where they may not be. */
double cluster_weigh_groups(struct component *component, const struct cluster_group *a, const struct cluster_group *b);

/* cluster_merge.c. Merges best first what the heap and the links offer, until nothing is left that reaches the threshold. */
int cluster_merge_all(struct component *component);
/* Group b goes into a, a < b, and is empty then. */
int cluster_merge_one(struct component *component, uint32_t a, uint32_t b, double score);

/* cluster_part.c. 1 if a cluster was parted, or a NIK found to be another's, so that merging has to go on; 0; -1: memory. */
int cluster_part(struct component *component);
int cluster_find_foreign(struct component *component);

#endif
