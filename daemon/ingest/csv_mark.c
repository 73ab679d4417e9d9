/*
 * Structural bytes as bits. See csv_mark.h.
 */
#include "daemon/ingest/csv_mark.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static uint64_t mark_bytes(const char *p, size_t n, char delimiter, char quote)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++) {
		char c = p[i];
		uint64_t hit = (c == delimiter) | (c == quote) | (c == '\n') | (c == '\r');

		word |= hit << i;
	}
	return word;
}

void csv_mark_plain(const char *p, size_t n, char delimiter, char quote, uint64_t *bits)
{
	for (; n > 64; p += 64, n -= 64)
		*bits++ = mark_bytes(p, 64, delimiter, quote);
	if (n)
		*bits = mark_bytes(p, n, delimiter, quote);
}

#if defined(__x86_64__)

void csv_mark_sse2(const char *p, size_t n, char delimiter, char quote, uint64_t *bits)
{
	const __m128i d = _mm_set1_epi8(delimiter), q = _mm_set1_epi8(quote);
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');

	for (; n >= 64; p += 64, n -= 64) {
		uint64_t word = 0;

		for (int i = 0; i < 4; i++) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
			__m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, d), _mm_cmpeq_epi8(v, q)),
				_mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));

			word |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
		}
		*bits++ = word;
	}
	if (n)
		*bits = mark_bytes(p, n, delimiter, quote);
}

__attribute__((target("avx2"))) void csv_mark_avx2(const char *p, size_t n, char delimiter, char quote, uint64_t *bits)
{
	const __m256i d = _mm256_set1_epi8(delimiter), q = _mm256_set1_epi8(quote);
	const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');

	for (; n >= 64; p += 64, n -= 64) {
		uint64_t word = 0;

		for (int i = 0; i < 2; i++) {
			__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32 * i));
			__m256i hit = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(v, d), _mm256_cmpeq_epi8(v, q)),
				_mm256_or_si256(_mm256_cmpeq_epi8(v, lf), _mm256_cmpeq_epi8(v, cr)));

			word |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << (32 * i);
		}
		*bits++ = word;
	}
	if (n)
		*bits = mark_bytes(p, n, delimiter, quote);
}

#endif

csv_mark_kernel *csv_mark_best(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") ? csv_mark_avx2 : csv_mark_sse2;
#else
	return csv_mark_plain;
#endif
}
