/*
 * Pairs as blocking.c finds them, many times over and in any order, and how they become candidates: each once, in order. Writers
 * each add to a list of their own, so that many can at once.
 */
#ifndef PADAN_FOUND_PAIRS_H
#define PADAN_FOUND_PAIRS_H

#include "matcher/link/blocking.h"

enum { FOUND_LISTS = 128 };

struct found_pairs;

/* with_indexes: what is said about each pair beside its records is kept. NULL: memory. */
struct found_pairs *found_pairs_new(size_t n_records, bool with_indexes);
void found_pairs_free(struct found_pairs *found);

int found_pairs_add(struct found_pairs *found, size_t list, uint32_t a, uint32_t b, uint32_t free_from, unsigned index);

/* Fills pairs (and free_from, indexes) of ret, which are empty; what was found is used up. -1: memory. */
int found_pairs_gather(struct found_pairs *found, const struct parallel *parallel, struct candidates *ret);

#endif
