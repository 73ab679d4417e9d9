/*
 * Open addressing with linear probing, at most 3/4 full; doubled when it would be more.
 */
#include "matcher/base/key_index.h"

#include "matcher/base/hash.h"

#include <stdlib.h>
#include <string.h>

void key_index_init(struct key_index *index, uint64_t (*key)(const void *arg, uint32_t item))
{
	*index = (struct key_index){.key = key};
}

void key_index_release(struct key_index *index)
{
	free(index->heads);
	free(index->next);
	key_index_init(index, index->key);
}

/* The slot of the key, or the free one where it belongs. The table is never full. */
static size_t slot_of(const struct key_index *index, const void *arg, uint64_t key)
{
	size_t slot = hash_mix(key) & (index->slots - 1);

	while (index->heads[slot] != KEY_INDEX_END && index->key(arg, index->heads[slot]) != key)
		slot = (slot + 1) & (index->slots - 1);
	return slot;
}

static int grow(struct key_index *index, const void *arg, struct error *err)
{
	struct key_index bigger = {.key = index->key, .slots = index->slots ? 2 * index->slots : 64};

	bigger.heads = malloc(bigger.slots * sizeof(*bigger.heads));
	if (!bigger.heads)
		return error_memory(err);
	memset(bigger.heads, 0xff, bigger.slots * sizeof(*bigger.heads));
	for (size_t i = 0; i < index->slots; i++) {
		uint32_t head = index->heads[i];

		if (head != KEY_INDEX_END)
			bigger.heads[slot_of(&bigger, arg, index->key(arg, head))] = head;
	}
	free(index->heads);
	index->heads = bigger.heads;
	index->slots = bigger.slots;
	return 0;
}

int key_index_add(struct key_index *index, const void *arg, struct error *err)
{
	uint32_t item = (uint32_t)index->items;
	uint64_t key = index->key(arg, item);
	size_t slot;

	if (index->items == index->room) {
		size_t room = index->room ? index->room + index->room / 2 : 64;
		uint32_t *next = realloc(index->next, room * sizeof(*next));

		if (!next)
			return error_memory(err);
		index->next = next;
		index->room = room;
	}
	if (key && index->used >= index->slots / 4 * 3 && grow(index, arg, err) < 0)
		return -1;
	index->next[item] = KEY_INDEX_END;
	if (key) {
		slot = slot_of(index, arg, key);
		index->next[item] = index->heads[slot];
		index->used += index->heads[slot] == KEY_INDEX_END;
		index->heads[slot] = item;
	}
	index->items++;
	return 0;
}

uint32_t key_index_first(const struct key_index *index, const void *arg, uint64_t key)
{
	if (!key || !index->slots)
		return KEY_INDEX_END;
	return index->heads[slot_of(index, arg, key)];
}

size_t key_index_memory(const struct key_index *index)
{
	return (index->slots + index->room) * sizeof(*index->heads);
}
