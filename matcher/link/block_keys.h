/*
 * The keys that a record is found by: from its atoms (atoms.h) and from what is known to be common, by the rules of blocking.h.
 *
 * An index is a kind of key: atoms of one role alone, of two roles together, or three that begin with one role. Which keys a
 * record has follows from the record, the plan and what is common alone; so a record added later is found by the keys that
 * it would have had before. Called by lookup.c, for records one by one; the keys of many records at once are block_scan.c's.
 */
#ifndef PADAN_BLOCK_KEYS_H
#define PADAN_BLOCK_KEYS_H

#include "matcher/base/key_set.h"
#include "matcher/link/atoms.h"

enum {
	BLOCKING_INDEXES_MAX = 64,
	BLOCKING_NAME_MAX = 48,
	BLOCK_COUNTERS = BLOCKING_INDEXES_MAX + ATOM_ROLES, /* numbers beyond the indexes': atoms that are only counted */
	BLOCK_ATOMS_MAX = 96, /* of a record, that are joined; those beyond are not looked for */
	BLOCK_HARD = 3 /* groups may have grown to so many times the limit before they are left out */
};

struct block_rules {
	uint64_t plan;         /* bit per index that may be used */
	unsigned generosity;   /* how many times the limits a group may be: a small list can afford larger ones */
	struct key_set common[4]; /* keys that more records have than that, by the number of their atoms */
	uint32_t common_roles;    /* roles that have such a key of one atom */

	/* Set by block_rules_init(). */
	size_t n_indexes;
	uint8_t alone[ATOM_ROLES], three[ATOM_ROLES], two[ATOM_ROLES][ATOM_ROLES]; /* numbers of the indexes */
	uint16_t limits[BLOCK_COUNTERS];             /* of a group, before generosity */
	uint32_t standing;                           /* roles that may stand alone; the others are always joined */
	uint32_t roles[4];                           /* atoms needed by phase: to have keys of one, two, three */
	uint32_t third[ATOM_ROLES];                  /* roles that a pair which begins with that one is joined with */
	bool pairs_needed[ATOM_ROLES][ATOM_ROLES];   /* for an index of the plan, or to know which threes to look at */
};

void block_rules_init(struct block_rules *rules, uint64_t plan, unsigned generosity);
void block_rules_release(struct block_rules *rules);
/* That key of so many atoms, of that index, is common from now on. -1: memory. */
int block_rules_add_common(struct block_rules *rules, int atoms, uint64_t key, unsigned index);
/* The stable name of an index ("sound + date"). */
void block_rules_name(const struct block_rules *rules, unsigned index, char name[BLOCKING_NAME_MAX]);

static inline bool block_in_plan(const struct block_rules *rules, unsigned index)
{
	return index < BLOCKING_INDEXES_MAX && rules->plan >> index & 1;
}

/*
 * A key is 36 bits of a hash, so that it sorts together with a record's number in one word, whoever sorts it: two keys in some
 * tens of billions are taken for one, and cost a comparison.
 */
enum { BLOCK_KEY_BITS = 36, BLOCK_RECORD_BITS = 64 - BLOCK_KEY_BITS };

static inline uint64_t block_key(uint64_t hash)
{
	return hash >> BLOCK_RECORD_BITS;
}

/* Whether more records have that atom than its role may have alone. */
static inline bool block_is_common(const struct block_rules *rules, unsigned role, uint64_t atom)
{
	return rules->common_roles >> role & 1 && key_set_has(&rules->common[1], block_key(atom));
}

static inline uint64_t block_key_of_two(uint64_t a, uint64_t b)
{
	return block_key(hash_mix(a + b));
}

static inline uint64_t block_key_of_three(uint64_t a, uint64_t b, uint64_t c)
{
	return block_key(hash_mix(a + b + c + 1));
}

/* Two atoms of one name part say no more than one of them. */
static inline bool block_same_part(const struct atom *a, const struct atom *b)
{
	return a->part == b->part && a->part != ATOM_WHOLE && a->column == b->column;
}

/*
 * Calls take for each key of the record that has so many atoms (phase: 1, 2, 3) and is not common, with the comparisons it
 * uses (a bit each) and its index; maybe more than once for one key. Keys that are only counted are among them.
 */
typedef void block_take(void *arg, uint64_t key, uint32_t used, unsigned index);
void block_keys_each(const struct block_rules *rules, const struct store *store, uint32_t record, int phase,
	block_take *take, void *arg);

#endif
