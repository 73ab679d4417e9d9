/*
 * The candidates of some records, by the index of all (record_index.h): what blocking_find() with what is common known gives
 * for them, at a cost that follows these records. Called by settle.c for new records and by query.c for a search.
 */
#ifndef PADAN_LOOKUP_H
#define PADAN_LOOKUP_H

#include "matcher/link/blocking.h"
#include "matcher/link/record_index.h"

/*
 * Candidates of the records from new_from on, which the index must hold. Where they make a group too large to be looked at,
 * its older members' other candidates are found, too. focus, zeroed, has a byte for each record; it comes back set for all
 * records whose candidates are now these and no others.
 */
int lookup_new(const struct record_index *index, const struct blocking_request *request, uint32_t new_from, uint8_t *focus,
	struct candidates *ret, struct error *err) PADAN_MUST_CHECK;

/* Records that share a key with this one (which need not be in the index), ascending, each once. Returns how many, ≤ max. */
enum { LOOKUP_MAX = 4096 };
size_t lookup_one(const struct record_index *index, const struct block_rules *rules, const struct store *store, uint32_t record,
	uint32_t records[LOOKUP_MAX]);

#endif
