/*
 * Bump allocation in doubling blocks. See arena.h.
 */
#include "matcher/base/arena.h"

#include <stdlib.h>

enum { BLOCK_MIN = 64 * 1024, BLOCK_MAX = 4 * 1024 * 1024, ALIGNMENT = 16 };

struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes behind the header */
	size_t used;
	size_t padding; /* keeps data[] aligned to 16 */
	char data[];
};

void arena_init(struct arena *arena, size_t limit)
{
	*arena = (struct arena){.limit = limit};
}

static struct arena_block *new_block(struct arena *arena, size_t wanted)
{
	size_t size = arena->newest ? arena->newest->size * 2 : BLOCK_MIN;
	struct arena_block *block;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < wanted)
		size = wanted;
	if (arena->limit && arena->taken + size > arena->limit) {
		if (arena->taken + wanted > arena->limit)
			return NULL;
		size = wanted;
	}
	block = malloc(sizeof *block + size);
	if (!block)
		return NULL;
	*block = (struct arena_block){.older = arena->newest, .size = size};
	arena->newest = block;
	arena->taken += size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->newest;
	void *given;

	if (size > SIZE_MAX - ALIGNMENT)
		return NULL;
	size = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
	if (!block || block->size - block->used < size) {
		block = new_block(arena, size);
		if (!block)
			return NULL;
	}
	given = block->data + block->used;
	block->used += size;
	arena->used += size;
	return memset(given, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t whole;

	if (__builtin_mul_overflow(count, size, &whole))
		return NULL;
	return arena_alloc(arena, whole);
}

struct str arena_str(struct arena *arena, struct str text)
{
	char *copy = text.n < SIZE_MAX ? arena_alloc(arena, text.n + 1) : NULL;

	if (!copy)
		return (struct str){0};
	if (text.n)
		memcpy(copy, text.p, text.n);
	return (struct str){copy, text.n};
}

static void free_older(struct arena *arena, struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		arena->taken -= block->size;
		free(block);
		block = older;
	}
}

void arena_reset(struct arena *arena)
{
	if (!arena->newest)
		return;
	free_older(arena, arena->newest->older);
	arena->newest->older = NULL;
	arena->newest->used = 0;
	arena->used = 0;
}

void arena_release(struct arena *arena)
{
	free_older(arena, arena->newest);
	arena->newest = NULL;
	arena->used = 0;
}
