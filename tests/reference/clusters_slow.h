/*
 * The slow, obvious twin of clustering (matcher/link/cluster.h): every way of dividing a few records into persons is looked at. Called by
 * tests/matcher/link/test_clusters_slow.c.
 */
#ifndef PADAN_CLUSTERS_SLOW_H
#define PADAN_CLUSTERS_SLOW_H

#include "matcher/link/cluster.h"

enum { CLUSTERS_SLOW_MAX = 8 }; /* 4,140 ways */

struct clusters_slow {
	const struct scorer *scorer;
	const struct cluster_options *options;
	const uint32_t *records;
	size_t n;
	const struct cluster_edge *edges; /* between places among the records */
	size_t n_edges;
};

/* Log2 odds that the records of one set (bits of places) and of another are one person, by the formula as it is written down. */
double clusters_slow_weigh(const struct clusters_slow *slow, unsigned a, unsigned b);

/*
 * Why a division (group[place]: any number for its cluster) cannot stand: people's decisions are broken, two clusters that a pair joins
 * want to be one, or one that contradicts itself wants to be two. NULL: it can.
 */
const char *clusters_slow_fault(const struct clusters_slow *slow, const uint8_t *group);

/* How many of all divisions can stand; one of them, by place. */
size_t clusters_slow_stable(const struct clusters_slow *slow, uint8_t ret[CLUSTERS_SLOW_MAX]);

#endif
