/* See text_set.h. */
#include "matcher/base/text_set.h"

#include <stdlib.h>

enum { SLOTS_MIN = 64, BLOCK_MIN = 4 * 1024, BLOCK_MAX = 256 * 1024 };

void text_set_release(struct text_set *set)
{
	free(set->slots);
	*set = (struct text_set){0};
}

/* Where a text of that hash is looked for first: the upper half is well mixed. */
static size_t home(const struct text_set *set, uint32_t half)
{
	return (half * UINT64_C(0x9e3779b97f4a7c15) >> 20) & set->mask;
}

static void put(struct text_set *set, uint64_t slot)
{
	size_t i = home(set, (uint32_t)(slot >> 32));

	while (set->slots[i])
		i = (i + 1) & set->mask;
	set->slots[i] = slot;
}

static int grow(struct text_set *set)
{
	struct text_set next = {.used = set->used};
	size_t size = set->slots ? 2 * (set->mask + 1) : SLOTS_MIN;

	next.slots = calloc(size, sizeof *next.slots);
	if (!next.slots)
		return -1;
	next.mask = size - 1;
	for (size_t i = 0; set->slots && i <= set->mask; i++)
		if (set->slots[i])
			put(&next, set->slots[i]);
	free(set->slots);
	*set = next;
	return 0;
}

uint32_t text_set_find(const struct text_set *set, uint64_t hash, struct str text, text_set_is *is, const void *arg)
{
	uint32_t half = (uint32_t)(hash >> 32);

	if (!set->slots)
		return 0;
	for (size_t i = home(set, half); set->slots[i]; i = (i + 1) & set->mask)
		if (set->slots[i] >> 32 == half && is(arg, (uint32_t)set->slots[i], text))
			return (uint32_t)set->slots[i];
	return 0;
}

void text_set_prefetch(const struct text_set *set, uint64_t hash)
{
	if (set->slots)
		__builtin_prefetch(&set->slots[home(set, (uint32_t)(hash >> 32))]);
}

uint32_t text_set_guess(const struct text_set *set, uint64_t hash)
{
	uint64_t slot = set->slots ? set->slots[home(set, (uint32_t)(hash >> 32))] : 0;

	return slot >> 32 == hash >> 32 ? (uint32_t)slot : 0;
}

int text_set_add(struct text_set *set, uint64_t hash, uint32_t id)
{
	if ((!set->slots || (set->used + 1) * 4 > (set->mask + 1) * 3) && grow(set) < 0)
		return -1;
	put(set, (hash >> 32) << 32 | id);
	set->used++;
	return 0;
}

int text_pool_reserve(struct text_pool *pool, size_t bytes)
{
	char *p = bytes ? arena_alloc(&pool->blocks, bytes) : NULL;

	if (bytes && !p)
		return -1;
	pool->next = p;
	pool->left = bytes;
	return 0;
}

struct str text_pool_add(struct text_pool *pool, struct str text)
{
	char *p;

	if (text.n > pool->left) {
		size_t size = pool->blocks.used < BLOCK_MIN ? BLOCK_MIN : pool->blocks.used < BLOCK_MAX ? pool->blocks.used : BLOCK_MAX;

		if (size < text.n)
			size = text.n;
		p = arena_alloc(&pool->blocks, size);
		if (!p)
			return (struct str){NULL, 0};
		pool->next = p;
		pool->left = size;
	}
	p = pool->next;
	if (!p)
		return (struct str){"", 0};
	if (text.n)
		memcpy(p, text.p, text.n);
	pool->next += text.n;
	pool->left -= text.n;
	return (struct str){p, text.n};
}

void text_pool_reset(struct text_pool *pool)
{
	arena_reset(&pool->blocks);
	pool->next = NULL;
	pool->left = 0;
}

void text_pool_release(struct text_pool *pool)
{
	arena_release(&pool->blocks);
	*pool = (struct text_pool){0};
}
