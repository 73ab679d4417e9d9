/*
 * All records by their keys (block_keys.h), kept for a register that grows: who shares a key with a new record is found without
 * looking at the others. Sorted arrays ("runs") over ranges of records; a run is made anew together with the one before it
 * when it is half as large, so that there are few and a record is sorted in a logarithmic number of times.
 *
 * Memory: 6.5 bytes a key where there are many (the bucket's number is the first part of a key, its tag the rest), else 8.5.
 * Called by lookup.c. Reading is safe from many threads at once.
 */
#ifndef PADAN_RECORD_INDEX_H
#define PADAN_RECORD_INDEX_H

#include "matcher/base/parallel.h"
#include "matcher/link/block_keys.h"

enum { RECORD_INDEX_RUNS = 32 };

struct record_run {
	uint32_t first, end; /* records */
	unsigned bits;       /* of a key that choose the bucket */
	uint32_t *starts;    /* by bucket; one more */
	uint16_t *tags;      /* the rest of the key, ascending within a bucket: if it has 16 bits or less … */
	uint32_t *wide_tags; /* … or more */
	uint32_t *records;   /* ascending within equal tags */
	size_t n;
};

/* A zeroed index is empty and ready. */
struct record_index {
	struct record_run runs[RECORD_INDEX_RUNS];
	size_t n;
};

void record_index_release(struct record_index *index);

/* Takes records in up to (not including) end; the rules must be those of the records before. -1: memory. */
int record_index_extend(struct record_index *index, const struct block_rules *rules, const struct store *store, uint32_t end,
	const struct parallel *parallel);

uint32_t record_index_end(const struct record_index *index); /* records below it are in */

/* Fills records that have the key, ascending; at most max, the lowest first. Returns how many. */
size_t record_index_find(const struct record_index *index, uint64_t key, uint32_t *records, size_t max);

size_t record_index_bytes(const struct record_index *index);

#endif
