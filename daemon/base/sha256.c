/*
 * SHA-256 by the x86 SHA extensions, else by libsodium; see sha256.h. Two rounds are one instruction; the message schedule is kept
 * in four vectors of four words, of which the oldest is replaced by the next.
 */
#include "daemon/base/sha256.h"

#include <string.h>

#include "daemon/base/banned.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <endian.h>
#include <immintrin.h>

static const uint32_t round_constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1,
	0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354,
	0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* SHA (leaf 7, ebx bit 29), and SSSE3 and SSE4.1 (leaf 1, ecx bits 9 and 19) for what stands around it. */
static bool processor_can(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 9 & 1) || !(c >> 19 & 1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b >> 29 & 1;
}

/* The instructions want the state as (a b e f) and (c d g h), the highest word first. */
__attribute__((target("sha,sse4.1,ssse3"))) static void add_blocks(uint32_t state[8], const unsigned char *bytes, size_t blocks)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i dcba = _mm_loadu_si128((const __m128i *)state), hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);

	for (; blocks; blocks--, bytes += SHA256_BLOCK) {
		__m128i abef_before = abef, cdgh_before = cdgh, words[4];

#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i *word = &words[i % 4], sum;

			if (i < 4) {
				*word = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), big_endian);
			} else {
				const __m128i one = words[(i + 1) % 4], two = words[(i + 2) % 4], three = words[(i + 3) % 4];

				*word = _mm_add_epi32(_mm_sha256msg1_epu32(*word, one), _mm_alignr_epi8(three, two, 4));
				*word = _mm_sha256msg2_epu32(*word, three);
			}
			sum = _mm_add_epi32(*word, _mm_loadu_si128((const __m128i *)(round_constants + 4 * i)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	cdab = _mm_shuffle_epi32(abef, 0x1b);
	efgh = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(cdab, efgh, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(efgh, cdab, 8));
}

static void update(struct sha256 *hash, const unsigned char *bytes, size_t n)
{
	size_t waiting = hash->total % SHA256_BLOCK, whole;

	hash->total += n;
	if (waiting) {
		size_t room = SHA256_BLOCK - waiting, taken = n < room ? n : room;

		memcpy(hash->block + waiting, bytes, taken);
		bytes += taken;
		n -= taken;
		if (taken < room)
			return;
		add_blocks(hash->state, hash->block, 1);
	}
	whole = n / SHA256_BLOCK;
	add_blocks(hash->state, bytes, whole);
	if (n % SHA256_BLOCK)
		memcpy(hash->block, bytes + whole * SHA256_BLOCK, n % SHA256_BLOCK);
}

/* A bit 1, zeros, the length in bits: to the end of a block. */
static void final(struct sha256 *hash, unsigned char digest[SHA256_BYTES])
{
	static const unsigned char padding[SHA256_BLOCK] = {0x80};
	uint64_t bits = htobe64(hash->total * 8);

	update(hash, padding, 1 + (2 * SHA256_BLOCK - 9 - hash->total % SHA256_BLOCK) % SHA256_BLOCK);
	update(hash, (const unsigned char *)&bits, sizeof(bits));
	for (int i = 0; i < 8; i++) {
		uint32_t word = htobe32(hash->state[i]);

		memcpy(digest + 4 * i, &word, 4);
	}
}

#else

static bool processor_can(void)
{
	return false;
}

static void update(struct sha256 *hash, const unsigned char *bytes, size_t n)
{
	crypto_hash_sha256_update(&hash->sodium, bytes, n);
}

static void final(struct sha256 *hash, unsigned char digest[SHA256_BYTES])
{
	crypto_hash_sha256_final(&hash->sodium, digest);
}

#endif

void sha256_init(struct sha256 *hash)
{
	*hash = (struct sha256){
		.by_processor = processor_can(),
		.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
	};
	crypto_hash_sha256_init(&hash->sodium);
}

void sha256_update(struct sha256 *hash, const void *bytes, size_t n)
{
	if (hash->by_processor)
		update(hash, bytes, n);
	else
		crypto_hash_sha256_update(&hash->sodium, bytes, n);
}

void sha256_final(struct sha256 *hash, unsigned char digest[SHA256_BYTES])
{
	if (hash->by_processor)
		final(hash, digest);
	else
		crypto_hash_sha256_final(&hash->sodium, digest);
}
