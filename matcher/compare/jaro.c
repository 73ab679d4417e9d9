/*
 * See jaro.h. Jaro: letters count as common if they agree and stand no further apart than half the longer text; common
 * letters out of order are transpositions (Jaro 1989; Winkler 1990). Each letter takes the first free partner, as in
 * the definition.
 */
#include "matcher/compare/jaro.h"

#include <stdint.h>

enum { WORD_BITS = 64, LONG_MAX_BYTES = 1024 };

struct common {
	size_t matches;
	size_t out_of_order; /* common letters that differ, in order; transpositions are half of them */
};

/* Up to 64 bytes each: b's letters as bits; a's letters take the lowest free bit in their window (Hyyrö's way, after
   rapidfuzz-cpp). */
static struct common common_short(struct str a, struct str b, size_t window)
{
	uint64_t mask[256], free_b = b.n == WORD_BITS ? ~UINT64_C(0) : (UINT64_C(1) << b.n) - 1, taken_a = 0, taken_b;
	struct common common = {0};

	for (size_t i = 0; i < a.n; i++)
		mask[(unsigned char)a.p[i]] = 0;
	for (size_t j = 0; j < b.n; j++)
		mask[(unsigned char)b.p[j]] = 0;
	for (size_t j = 0; j < b.n; j++)
		mask[(unsigned char)b.p[j]] |= UINT64_C(1) << j;
	taken_b = free_b;
	for (size_t i = 0; i < a.n; i++) {
		size_t from = i > window ? i - window : 0, to = i + window + 1;
		uint64_t in_window = (to >= WORD_BITS ? ~UINT64_C(0) : (UINT64_C(1) << to) - 1) &
		                     (from >= WORD_BITS ? 0 : ~UINT64_C(0) << from);
		uint64_t fitting = mask[(unsigned char)a.p[i]] & free_b & in_window;

		taken_a |= (uint64_t)(fitting != 0) << i;
		free_b &= ~(fitting & (0 - fitting));
	}
	taken_b &= ~free_b;
	common.matches = (size_t)__builtin_popcountll(taken_a);
	while (taken_a) {
		common.out_of_order += a.p[__builtin_ctzll(taken_a)] != b.p[__builtin_ctzll(taken_b)];
		taken_a &= taken_a - 1;
		taken_b &= taken_b - 1;
	}
	return common;
}

static struct common common_long(struct str a, struct str b, size_t window)
{
	uint8_t taken_a[LONG_MAX_BYTES] = {0}, taken_b[LONG_MAX_BYTES] = {0};
	struct common common = {0};
	size_t j = 0;

	for (size_t i = 0; i < a.n; i++) {
		size_t from = i > window ? i - window : 0, to = i + window + 1 < b.n ? i + window + 1 : b.n;

		for (size_t k = from; k < to; k++) {
			if (taken_b[k] || a.p[i] != b.p[k])
				continue;
			taken_a[i] = taken_b[k] = 1;
			common.matches++;
			break;
		}
	}
	for (size_t i = 0; i < a.n; i++) {
		if (!taken_a[i])
			continue;
		while (!taken_b[j])
			j++;
		common.out_of_order += a.p[i] != b.p[j++];
	}
	return common;
}

double jaro_similarity(struct str a, struct str b)
{
	size_t longer, window;
	struct common common;
	size_t transpositions;
	double m;

	if (a.n > LONG_MAX_BYTES)
		a.n = LONG_MAX_BYTES;
	if (b.n > LONG_MAX_BYTES)
		b.n = LONG_MAX_BYTES;
	if (a.n == 0 || b.n == 0)
		return a.n == b.n;
	longer = a.n > b.n ? a.n : b.n;
	window = longer / 2 > 0 ? longer / 2 - 1 : 0;
	common = longer <= WORD_BITS ? common_short(a, b, window) : common_long(a, b, window);
	if (common.matches == 0)
		return 0;
	m = (double)common.matches;
	transpositions = common.out_of_order / 2; /* whole ones */
	return (m / (double)a.n + m / (double)b.n + (m - (double)transpositions) / m) / 3;
}

double jaro_winkler_similarity(struct str a, struct str b)
{
	double jaro = jaro_similarity(a, b);
	size_t prefix = 0;

	if (jaro <= 0.7)
		return jaro;
	while (prefix < 4 && prefix < a.n && prefix < b.n && a.p[prefix] == b.p[prefix])
		prefix++;
	return jaro + (double)prefix * 0.1 * (1 - jaro);
}
