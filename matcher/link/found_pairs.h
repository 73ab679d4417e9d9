/*
 * Pairs as blocking.c and lookup.c find them, many times over and in any order, and how they become candidates: each once, in order.
 * Writers each add to a list of their own, so that many can at once; what was found lies by ranges of the pairs' first records
 * ("parts"), and each part is put in order by itself, when somebody is about to use it – or on the way, to be kept in a third
 * of the room: each pair once, as its distance from the one before.
 */
#ifndef PADAN_FOUND_PAIRS_H
#define PADAN_FOUND_PAIRS_H

#include "matcher/base/word_bag.h"
#include "matcher/link/blocking.h"

enum { FOUND_LISTS = 32, FOUND_PARTS = 128 };

struct told_pairs;

/* Pairs as numbers a << 32 | b, ascending: the differences, seven bits a byte from the lowest, the last one without the top bit. */
struct packed_pairs {
	uint8_t *bytes;
	size_t n; /* pairs */
};

struct found_pairs {
	size_t n_records;
	unsigned shift; /* of a record's number: its part */
	struct word_bag lists[FOUND_LISTS][FOUND_PARTS]; /* a << 32 | b, not packed yet */
	struct packed_pairs packed[FOUND_PARTS];
	struct told_pairs *told; /* with_indexes: instead of these, what is said about each pair beside its records */
};

/* NULL: memory. */
struct found_pairs *found_pairs_new(size_t n_records, bool with_indexes);
void found_pairs_free(struct found_pairs *found);

/* A pair, a < b; -1: memory. Not with_indexes. */
static inline int found_pairs_add_plain(struct found_pairs *found, size_t list, uint32_t a, uint32_t b)
{
	return word_bag_add(&found->lists[list][a >> found->shift], (uint64_t)a << 32 | b);
}

/* The same of either kind, a and b in any order. */
int found_pairs_add(struct found_pairs *found, size_t list, uint32_t a, uint32_t b, uint32_t free_from, unsigned index);

/* Packs what was found so far, if that is worth it. Nobody may be adding. -1: memory. */
int found_pairs_pack(struct found_pairs *found, const struct parallel *parallel);

/* The pairs of a part (below FOUND_PARTS), to be freed; they are used up. Not with_indexes. Parts may be taken side by side. -1: memory. */
int found_pairs_part(struct found_pairs *found, size_t part, struct candidate **ret_pairs, size_t *ret_n);

/* Fills pairs (and free_from, indexes) of ret, which are empty; what was found is used up. -1: memory. */
int found_pairs_gather(struct found_pairs *found, const struct parallel *parallel, struct candidates *ret);

#endif
