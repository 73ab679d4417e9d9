/*
 * A map from 64-bit keys to 32-bit numbers, for interning and counting on hot paths: open addressing with linear
 * probing, at most three quarters full, no deletion. Keys are mixed inside, so any key will do, 0 as well.
 * Not for untrusted keys that must not collide on purpose: keys here are hashes or small numbers.
 */
#ifndef PADAN_HASH_MAP_H
#define PADAN_HASH_MAP_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_MAP_NONE = 0xffffffffu }; /* no value may be this */

struct hash_map_slot {
	uint64_t key;
	uint32_t value; /* HASH_MAP_NONE: free */
	uint32_t unused;
};

struct hash_map {
	struct hash_map_slot *slots;
	size_t mask; /* slots - 1; 0 with slots NULL: empty */
	size_t used;
};

/* A zeroed map is empty and ready. */
void hash_map_release(struct hash_map *map);

/* The value of key, or HASH_MAP_NONE. */
uint32_t hash_map_get(const struct hash_map *map, uint64_t key);

/*
 * Where the value of key lives; a key that was not there gets the value `fresh`. NULL: memory. The pointer holds until the next
 * call that adds.
 */
uint32_t *hash_map_at(struct hash_map *map, uint64_t key, uint32_t fresh);

#endif
