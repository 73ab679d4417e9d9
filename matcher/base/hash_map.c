/* See hash_map.h. */
#include "matcher/base/hash_map.h"

#include "matcher/base/hash.h"

#include <stdlib.h>

void hash_map_release(struct hash_map *map)
{
	free(map->slots);
	*map = (struct hash_map){0};
}

static struct hash_map_slot *find(const struct hash_map *map, uint64_t key)
{
	size_t i = hash_mix(key + UINT64_C(0x9e3779b97f4a7c15)) & map->mask;

	while (map->slots[i].value != HASH_MAP_NONE && map->slots[i].key != key)
		i = (i + 1) & map->mask;
	return &map->slots[i];
}

/* Room for that many keys without growing. */
static int reserve(struct hash_map *map, size_t keys)
{
	size_t size = 64;
	struct hash_map next = {0};

	while (size / 4 * 3 < keys)
		size *= 2;
	if (map->slots && size <= map->mask + 1)
		return 0;
	next.slots = malloc(size * sizeof *next.slots);
	if (!next.slots)
		return -1;
	next.mask = size - 1;
	next.used = map->used;
	for (size_t i = 0; i < size; i++)
		next.slots[i] = (struct hash_map_slot){0, HASH_MAP_NONE, 0};
	if (map->slots) {
		for (size_t i = 0; i <= map->mask; i++) {
			if (map->slots[i].value != HASH_MAP_NONE)
				*find(&next, map->slots[i].key) = map->slots[i];
		}
	}
	free(map->slots);
	*map = next;
	return 0;
}

uint32_t hash_map_get(const struct hash_map *map, uint64_t key)
{
	return map->slots ? find(map, key)->value : HASH_MAP_NONE;
}

uint32_t *hash_map_at(struct hash_map *map, uint64_t key, uint32_t fresh)
{
	struct hash_map_slot *slot;

	if (reserve(map, map->used + 1) < 0)
		return NULL;
	slot = find(map, key);
	if (slot->value == HASH_MAP_NONE) {
		slot->key = key;
		slot->value = fresh;
		map->used++;
	}
	return &slot->value;
}
