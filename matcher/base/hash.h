/*
 * 64-bit hashing for tables, samples and seeds: the same on every machine, so that results can be.
 * Not for secrets. mix: the finaliser of MurmurHash3 (Appleby, public domain) with the constants of Stafford's "Mix13".
 */
#ifndef PADAN_HASH_H
#define PADAN_HASH_H

#include "matcher/base/str.h"

#include <stdint.h>

static inline uint64_t hash_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return hash_mix(a * UINT64_C(0x9e3779b97f4a7c15) + hash_mix(b + UINT64_C(0x632be59bd9b4e019)));
}

/* Bytes are read in little-endian order on every machine. */
static inline uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const unsigned char *p = bytes;
	uint64_t h = seed ^ (n * UINT64_C(0x9e3779b97f4a7c15));

	while (n >= 8) {
		uint64_t word;

		memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		h = hash_mix(h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		p += 8;
		n -= 8;
	}
	if (n) {
		uint64_t word = 0;

		for (size_t i = 0; i < n; i++)
			word |= (uint64_t)p[i] << (8 * i);
		h ^= word;
	}
	return hash_mix(h);
}

static inline uint64_t hash_str(struct str s)
{
	return hash_bytes(s.p, s.n, 0);
}

#endif
