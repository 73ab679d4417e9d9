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
#include "matcher/link/block_keys.h"

struct candidate {
	uint32_t a, b; /* a < b */
};

/* One index: atoms of these roles together; all threes that begin with one role count as one. */
struct blocking_index {
	char name[BLOCKING_NAME_MAX]; /* "sound + date" */
	uint64_t pairs;               /* that it gave, other indexes' among them */
};

struct candidates {
	struct candidate *pairs; /* ascending by (a, b), each once */
	size_t n;
	struct found_pairs *in_parts; /* or, if asked for: pairs and n are not known yet, each part's are made when they are used */
	/* For learning, if asked for, by pair. */
	uint32_t *free_from; /* bits 0..23, per comparison: the pair would have been found without it */
	uint64_t *indexes;   /* bit per index that gave it */
	uint64_t left_out;
	size_t n_indexes;
	struct blocking_index stats[BLOCKING_INDEXES_MAX];
};

struct blocking_request {
	const struct store *store;
	bool within_lists, across_lists; /* which pairs count */
	const uint8_t *focus;  /* by record: pairs of these are wanted; NULL: all pairs */
	bool want_indexes;     /* fill free_from and indexes */
	bool in_parts;         /* without these: leave the pairs in parts */
	const struct parallel *parallel;
	/*
	 * The plan, and room for what is common: counted from the records, or, with common_known, taken as it is; groups that
	 * have grown beyond BLOCK_HARD times the limits are left out then.
	 */
	struct block_rules *rules;
	bool common_known;
};

#define BLOCKING_ALL_INDEXES UINT64_MAX

int blocking_find(const struct blocking_request *request, struct candidates *ret, struct error *err) PADAN_MUST_CHECK;
void candidates_release(struct candidates *candidates);

/* Whether pairs of these records count. */
static inline bool blocking_wants(const struct blocking_request *request, uint32_t a, uint32_t b)
{
	const struct store *store = request->store;

	return a != b && (store->list_of[a] == store->list_of[b] ? request->within_lists : request->across_lists) &&
	       (!request->focus || request->focus[a] || request->focus[b]);
}

/* The stable name of an index ("sound + date"); false and an empty name beyond the last. */
bool blocking_index_name(unsigned index, char name[BLOCKING_NAME_MAX]);

/* For so many records, how many times the limits a group may be. */
unsigned blocking_generosity(size_t records);

#endif
