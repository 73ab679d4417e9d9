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

/* One index: atoms of these roles together; all threes that begin with one role count as one. */
enum { BLOCKING_INDEXES_MAX = 64, BLOCKING_NAME_MAX = 48 };
struct blocking_index {
	char name[BLOCKING_NAME_MAX]; /* "sound + date" */
	uint64_t pairs;               /* that it gave, other indexes' among them */
};

struct candidates {
	struct candidate *pairs; /* ascending by (a, b), each once */
	uint64_t *indexes;       /* by pair, if asked for: bit per index that gave it */
	size_t n;
	uint64_t left_out;
	size_t n_indexes;
	struct blocking_index stats[BLOCKING_INDEXES_MAX];
	/*
	 * With new_from: older records, ascending, each once, of groups that the new ones made too large. Their pairs among each
	 * other have to be found anew.
	 */
	uint32_t *crowded;
	size_t n_crowded, crowded_cap;
};

struct blocking_request {
	const struct store *store;
	bool within_lists, across_lists; /* which pairs count */
	const uint8_t *focus;  /* by record: pairs of these are wanted; NULL: all pairs */
	uint32_t new_from;     /* records from this one on are new; 0: no matter */
	uint64_t plan;         /* bit per index that may be used */
	bool want_indexes;
	const struct parallel *parallel;
};

#define BLOCKING_ALL_INDEXES UINT64_MAX

int blocking_find(const struct blocking_request *request, struct candidates *ret, struct error *err) PADAN_MUST_CHECK;
void candidates_release(struct candidates *candidates);

/* The stable name of an index ("sound + date"); false and an empty name beyond the last. */
bool blocking_index_name(unsigned index, char name[BLOCKING_NAME_MAX]);

/* What group sizes are allowed is a matter of the number of records: when this changes, all pairs have to be found anew. */
unsigned blocking_generosity(size_t records);

#endif
