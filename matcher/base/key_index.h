/*
 * From a 64-bit key to the items that carry it: a hash table of chains over items numbered from 0. For the indexes of a
 * register (KK → entries, RT → entries): 4 bytes an item and about 8 a distinct key, since a key is asked of its items
 * and not kept. Items can only be added; whoever takes items out of use skips them.
 *
 * A chain runs from the newest item to the oldest. Key 0 is no key: such an item stands in no chain.
 */
#ifndef PADAN_KEY_INDEX_H
#define PADAN_KEY_INDEX_H

#include "matcher/base/error.h"

#include <stddef.h>
#include <stdint.h>

#define KEY_INDEX_END UINT32_MAX

struct key_index {
	uint64_t (*key)(const void *arg, uint32_t item); /* the key of an item that was added; never changes */
	uint32_t *heads; /* KEY_INDEX_END: free */
	size_t slots, used; /* slots: a power of two, or 0 */
	uint32_t *next; /* per item */
	size_t items, room;
};

void key_index_init(struct key_index *index, uint64_t (*key)(const void *arg, uint32_t item));
void key_index_release(struct key_index *index);

/* Takes in the next item, numbered index->items; its key is asked for with arg. */
int key_index_add(struct key_index *index, const void *arg, struct error *err) PADAN_MUST_CHECK;

/* The newest item of the key, or KEY_INDEX_END; then the one after it. */
uint32_t key_index_first(const struct key_index *index, const void *arg, uint64_t key);
static inline uint32_t key_index_next(const struct key_index *index, uint32_t item)
{
	return index->next[item];
}

size_t key_index_memory(const struct key_index *index);

#endif
