/*
 * Words by the million, added one by one and taken out all at once: a chain of small blocks, so that nothing is copied while it
 * grows and hardly any room is lost. For sorting in parts, where there are thousands of bags.
 */
#ifndef PADAN_WORD_BAG_H
#define PADAN_WORD_BAG_H

#include <stddef.h>
#include <stdint.h>

enum { WORD_BLOCK = 127 };

struct word_block {
	struct word_block *before; /* full */
	uint64_t words[WORD_BLOCK];
};

/* A zeroed bag is empty and ready. */
struct word_bag {
	struct word_block *newest;
	size_t n;    /* words */
	size_t room; /* that are left in the newest block */
};

/* -1: memory; the bag is as it was. */
int word_bag_grow(struct word_bag *bag);

static inline int word_bag_add(struct word_bag *bag, uint64_t word)
{
	if (!bag->room && word_bag_grow(bag) < 0)
		return -1;
	bag->newest->words[WORD_BLOCK - bag->room--] = word;
	bag->n++;
	return 0;
}

/* Moves the words to that place (room for bag->n), in the order in which they came; the bag is empty then. */
void word_bag_take(struct word_bag *bag, uint64_t *to);

void word_bag_release(struct word_bag *bag);

#endif
