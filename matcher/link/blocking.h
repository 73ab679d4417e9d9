/*
 * Candidate pairs: the few of all n²/2 that are worth comparing. A record is a set of atoms (a name part's sound, a birth date,
 * its month and day, a key, a key with one digit left out, a code, …). Two records are a candidate pair when they share
 *
 *   - an atom that few records have, or
 *   - two atoms, each common, that few records have together, or
 *   - three of them likewise,
 *
 * where atoms that say who someone is stand alone and others only together. So a rare value is an index of its own, a common one is
 * split by what stands beside it, and a value that half of all rows share costs nothing. Any schema gets its indexes by itself.
 * A group that is too large even as three is left out, and counted.
 */
#ifndef PADAN_BLOCKING_H
#define PADAN_BLOCKING_H

#include "matcher/link/store.h"

struct candidate {
	uint32_t a, b;      /* a < b */
	uint32_t free_from; /* bit per comparison: the pair would have been found without it */
};

struct candidates {
	struct candidate *pairs; /* ascending by (a, b), each once */
	size_t n;
	uint64_t left_out;
};

/* Which pairs count: of one list, of two lists. */
int blocking_find(const struct store *store, bool within_lists, bool across_lists, struct candidates *ret,
	struct error *err) PADAN_MUST_CHECK;
void candidates_release(struct candidates *candidates);

#endif
