/*
 * The keys of many records, quickly: what block_keys_each() makes of one record from scratch is made here once for each word,
 * date and code of the store, with what gives no key left out, and a record's keys are joined from that. The keys are the same.
 *
 * Called by blocking.c and record_index.c. A scan only reads, from any number of threads; each has a batch of its own.
 */
#ifndef PADAN_BLOCK_SCAN_H
#define PADAN_BLOCK_SCAN_H

#include "matcher/base/parallel.h"
#include "matcher/base/radix_sort.h"
#include "matcher/link/block_keys.h"

/* Keys on their way to whoever wants them, many at a time: number: record; extra: comparisons used, index number in the top byte. */
enum { KEY_BATCH = 256, KEY_INDEX_SHIFT = 24 };
struct key_batch {
	void (*full)(void *arg, const struct sort_entry *keys, size_t n);
	void *arg;
	size_t n;
	struct sort_entry keys[KEY_BATCH];
};

/* To be called once more behind the last record. */
static inline void key_batch_flush(struct key_batch *batch)
{
	batch->full(batch->arg, batch->keys, batch->n);
	batch->n = 0;
}

/* The indexes whose keys are wanted, and counters beyond them. */
struct block_indexes {
	bool wanted[BLOCK_COUNTERS];
};

/* All that have keys of so many atoms (phase). With planned_only, those that are but counted are not among them. */
void block_indexes_of(const struct block_rules *rules, int phase, bool planned_only, struct block_indexes *ret);

/*
 * What the words, dates and codes of the store give to keys of so many atoms (phase), for any number of scans. The rules are read
 * now: what becomes common later changes nothing here. NULL: memory.
 */
struct block_atoms;
struct block_atoms *block_atoms_new(const struct block_rules *rules, const struct store *store, int phase,
	const struct parallel *parallel);
void block_atoms_free(struct block_atoms *atoms);

/* Reads the atoms, which must outlive it. NULL: memory. */
struct block_scan;
struct block_scan *block_scan_new(const struct block_atoms *atoms, const struct block_indexes *indexes);
void block_scan_free(struct block_scan *scan);

/*
 * Asks for the memory that a record's keys will be made from, in three steps: where its values are (0), their words (1), what the
 * words give (2). For a loop over records that knows its next ones.
 */
void block_scan_prefetch(const struct block_scan *scan, uint32_t record, int step);

enum { BLOCK_SCAN_AHEAD = 5 }; /* records between two steps */

/* The same for the records behind this one, up to end, of which each `stride`-th is scanned. */
static inline void block_scan_ahead(const struct block_scan *scan, size_t record, size_t end, size_t stride)
{
	for (int step = 0; step < 3; step++) {
		size_t ahead = record + (size_t)(3 - step) * BLOCK_SCAN_AHEAD * stride;

		if (ahead < end)
			block_scan_prefetch(scan, (uint32_t)ahead, step);
	}
}

/* Adds the record's keys to the batch, in a fixed order, some maybe more than once. */
void block_scan_record(const struct block_scan *scan, uint32_t record, struct key_batch *batch);

#endif
