/*
 * Sorting of (64-bit key, 32-bit number) entries in linear time: least significant byte first, bytes in which all keys agree
 * passed over. Stable: entries of one key keep their order. The candidate indexes are such sorted arrays.
 */
#ifndef PADAN_RADIX_SORT_H
#define PADAN_RADIX_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_entry {
	uint64_t key;
	uint32_t number;
	uint32_t extra; /* travels along */
};

/* Ascending by key. scratch has room for n entries; the result is in entries. */
void radix_sort(struct sort_entry *entries, struct sort_entry *scratch, size_t n);
/* Keys alone; scratch and result as above. */
void radix_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n);
/* By the bits from that one on alone: words whose lower bits ascend already are sorted sooner. */
void radix_sort_keys_above(uint64_t *keys, uint64_t *scratch, size_t n, unsigned bit);

#endif
