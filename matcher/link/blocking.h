/*
 * Candidate pairs: the few of all n²/2 that are worth comparing. A record is a set of atoms (atoms.h: a name part's sound, a
 * birth date, its month and day, a key, a key with one digit left out, a code, …). Two records are a candidate pair when they share
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

#include "matcher/base/parallel.h"
#include "matcher/link/store.h"

struct candidate {
	uint32_t a, b;      /* a < b */
	uint32_t free_from; /* bits 0..23, per comparison: the pair would have been found without it */
};

/* One index: atoms of these roles together. */
enum { BLOCKING_INDEXES_MAX = 256, BLOCKING_NAME_MAX = 48 };
struct blocking_index {
	char name[BLOCKING_NAME_MAX]; /* "sound + date" */
	uint64_t pairs;               /* that it gave, doubles of other indexes among them */
};

struct candidates {
	struct candidate *pairs; /* ascending by (a, b), each once */
	size_t n;
	uint64_t left_out;
	size_t n_indexes;
	struct blocking_index indexes[BLOCKING_INDEXES_MAX];
};

/* Which pairs count: of one list, of two lists. */
int blocking_find(const struct store *store, bool within_lists, bool across_lists, const struct parallel *parallel,
	struct candidates *ret, struct error *err) PADAN_MUST_CHECK;
void candidates_release(struct candidates *candidates);

#endif
