/*
 * Interning texts by the million: a set that finds a text's number, and a pool that keeps texts one behind the other.
 *
 * The set holds 32 bits of each text's hash beside its number, so that a text it does not hold is told without touching
 * any other, and it can grow by itself; whether two texts are the same is the caller's to say. 8 bytes a slot, at most three
 * quarters full. Numbers are the caller's, from 1. Called by matcher/link/store.c.
 */
#ifndef PADAN_TEXT_SET_H
#define PADAN_TEXT_SET_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"

struct text_set {
	uint64_t *slots; /* hash in the upper half, number in the lower; 0: free */
	size_t mask;     /* slots - 1 */
	size_t used;
};

/* A zeroed set is empty and ready. */
void text_set_release(struct text_set *set);

/* Whether the text of that number is this one. */
typedef bool text_set_is(const void *arg, uint32_t id, struct str text);

/* The number of the text with that hash (hash_str()), or 0. */
uint32_t text_set_find(const struct text_set *set, uint64_t hash, struct str text, text_set_is *is, const void *arg);

/* Asks for the memory in which that hash will be looked for. */
void text_set_prefetch(const struct text_set *set, uint64_t hash);

/* The number of a text that may have that hash, at a glance; 0 if there is none or it stands elsewhere. */
uint32_t text_set_guess(const struct text_set *set, uint64_t hash);

/* Adds a text that is not in the set. -1: memory. */
int text_set_add(struct text_set *set, uint64_t hash, uint32_t id) PADAN_MUST_CHECK;

/* Texts without a NUL behind and without gaps; they live as long as the pool. A zeroed pool is empty and ready. */
struct text_pool {
	struct arena blocks;
	char *next;
	size_t left;
};

/* Room for so many bytes, which the next texts fill: adding these cannot fail. -1: memory. */
int text_pool_reserve(struct text_pool *pool, size_t bytes);
/* A copy; {NULL, 0} when memory ran out. */
struct str text_pool_add(struct text_pool *pool, struct str text);
/* Forgets its texts, and keeps some of the memory for the next ones. */
void text_pool_reset(struct text_pool *pool);
void text_pool_release(struct text_pool *pool);

#endif
