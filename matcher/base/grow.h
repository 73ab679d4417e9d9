/*
 * Growing flat arrays: doubles an array until it has room for `need` items. The one way of the matcher to hold what it
 * does not know the number of; fixed numbers come from arenas.
 *
 *	if (GROW(&table->texts, &table->texts_cap, table->n + 1) < 0)
 *		return error_memory(err);
 *
 * New room is zeroed. On failure (-1) the array is as it was.
 */
#ifndef PADAN_GROW_H
#define PADAN_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The same without zeroes: pages of a large array that are not in use yet cost nothing. */
static inline int grow_bare(void **array, size_t *cap, size_t need, size_t item)
{
	size_t next = *cap ? *cap : 16;
	void *moved;

	if (need <= *cap)
		return 0;
	while (next < need)
		next *= 2;
	if (next > SIZE_MAX / item)
		return -1;
	moved = realloc(*array, next * item);
	if (!moved)
		return -1;
	*array = moved;
	*cap = next;
	return 0;
}

/* *array: pointer to the items; *cap: how many it has room for. */
static inline int grow_bytes(void **array, size_t *cap, size_t need, size_t item)
{
	size_t next = *cap ? *cap : 16;
	void *moved;

	if (need <= *cap)
		return 0;
	while (next < need)
		next *= 2;
	if (next > SIZE_MAX / item)
		return -1;
	moved = realloc(*array, next * item);
	if (!moved)
		return -1;
	memset((char *)moved + *cap * item, 0, (next - *cap) * item);
	*array = moved;
	*cap = next;
	return 0;
}

#define GROW_BARE(array, cap, need) grow_bare((void **)(array), (cap), (need), sizeof **(array))
#define GROW(array, cap, need) grow_bytes((void **)(array), (cap), (need), sizeof **(array))

#endif
