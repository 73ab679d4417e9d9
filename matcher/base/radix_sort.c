/* See radix_sort.h. */
#include "matcher/base/radix_sort.h"

#include <string.h>

enum { DIGITS = 8, VALUES = 256, SMALL = 64 };

static void insertion_sort(struct sort_entry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct sort_entry entry = entries[i];
		size_t j = i;

		while (j && entries[j - 1].key > entry.key) {
			entries[j] = entries[j - 1];
			j--;
		}
		entries[j] = entry;
	}
}

void radix_sort(struct sort_entry *entries, struct sort_entry *scratch, size_t n)
{
	size_t count[DIGITS][VALUES] = {{0}};
	struct sort_entry *from = entries, *to = scratch;

	if (n <= SMALL) {
		insertion_sort(entries, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		for (int d = 0; d < DIGITS; d++)
			count[d][entries[i].key >> (8 * d) & 0xff]++;
	}
	for (int d = 0; d < DIGITS; d++) {
		size_t start = 0;

		if (count[d][entries[0].key >> (8 * d) & 0xff] == n)
			continue;
		for (int v = 0; v < VALUES; v++) {
			size_t c = count[d][v];

			count[d][v] = start;
			start += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i].key >> (8 * d) & 0xff]++] = from[i];
		struct sort_entry *swap = from;

		from = to;
		to = swap;
	}
	if (from != entries)
		memcpy(entries, from, n * sizeof *entries);
}

static void insertion_sort_keys(uint64_t *keys, size_t n, unsigned bit)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t key = keys[i];
		size_t j = i;

		for (; j && keys[j - 1] >> bit > key >> bit; j--)
			keys[j] = keys[j - 1];
		keys[j] = key;
	}
}

void radix_sort_keys_above(uint64_t *keys, uint64_t *scratch, size_t n, unsigned bit)
{
	size_t count[DIGITS][VALUES] = {{0}};
	uint64_t *from = keys, *to = scratch;
	int digits = (int)(64 - bit + 7) / 8;

	if (n <= SMALL) {
		insertion_sort_keys(keys, n, bit);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		for (int d = 0; d < digits; d++)
			count[d][keys[i] >> bit >> (8 * d) & 0xff]++;
	}
	for (int d = 0; d < digits; d++) {
		size_t start = 0;
		uint64_t *swap = from;

		if (count[d][keys[0] >> bit >> (8 * d) & 0xff] == n)
			continue;
		for (int v = 0; v < VALUES; v++) {
			size_t c = count[d][v];

			count[d][v] = start;
			start += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i] >> bit >> (8 * d) & 0xff]++] = from[i];
		from = to;
		to = swap;
	}
	if (from != keys)
		memcpy(keys, from, n * sizeof *keys);
}

void radix_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n)
{
	radix_sort_keys_above(keys, scratch, n, 0);
}
