/*
 * A set of 64-bit hashes, for asking often and seldom adding: open addressing, at most half full, no deletion. The keys are
 * taken to be hashes already: their low bits choose the place. 0 is a key like any other.
 */
#ifndef PADAN_KEY_SET_H
#define PADAN_KEY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_set {
	uint64_t *slots; /* 0: free */
	size_t mask;     /* slots - 1; 0 with slots NULL: empty */
	size_t used;
	bool has_zero;
};

/* A zeroed set is empty and ready. */
void key_set_release(struct key_set *set);

/* -1: memory; the set is as it was. */
int key_set_add(struct key_set *set, uint64_t key);

static inline bool key_set_has(const struct key_set *set, uint64_t key)
{
	size_t i = key & set->mask;

	if (key == 0)
		return set->has_zero;
	if (!set->slots)
		return false;
	while (set->slots[i] && set->slots[i] != key)
		i = (i + 1) & set->mask;
	return set->slots[i] == key;
}

#endif
