/* See word_bag.h. */
#include "matcher/base/word_bag.h"

#include <stdlib.h>
#include <string.h>

int word_bag_grow(struct word_bag *bag)
{
	struct word_block *block = malloc(sizeof *block);

	if (!block)
		return -1;
	block->before = bag->newest;
	bag->newest = block;
	bag->room = WORD_BLOCK;
	return 0;
}

void word_bag_take(struct word_bag *bag, uint64_t *to)
{
	size_t end = bag->n, n = WORD_BLOCK - bag->room;

	for (struct word_block *block = bag->newest, *before; block; block = before, n = WORD_BLOCK) {
		before = block->before;
		end -= n;
		memcpy(to + end, block->words, n * sizeof *to);
		free(block);
	}
	*bag = (struct word_bag){0};
}

void word_bag_release(struct word_bag *bag)
{
	for (struct word_block *block = bag->newest, *before; block; block = before) {
		before = block->before;
		free(block);
	}
	*bag = (struct word_bag){0};
}
