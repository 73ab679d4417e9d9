/*
 * See edit.h.
 */
#include "matcher/compare/edit.h"

#include <stdint.h>

enum { WORD_BITS = 64 };

/* Without what begins and ends both: it never changes a distance, and names share much. */
static void strip_common(struct str *a, struct str *b)
{
	while (a->n && b->n && a->p[0] == b->p[0])
		a->p++, a->n--, b->p++, b->n--;
	while (a->n && b->n && a->p[a->n - 1] == b->p[b->n - 1])
		a->n--, b->n--;
}

static unsigned capped(size_t distance, unsigned cutoff)
{
	return distance > cutoff ? cutoff + 1 : (unsigned)distance;
}

/*
 * Hyyrö 2003, figure 4: a column of the table as two bit vectors of vertical differences; TR adds the transposition to
 * D0. Pattern a of 1..64 bytes. mask[c] is set up for the bytes of both texts alone, which is cheaper than clearing 2
 * KiB.
 */
static unsigned bit_parallel(struct str a, struct str b, unsigned cutoff)
{
	uint64_t mask[256], positive = ~UINT64_C(0), negative = 0, diagonal = 0, previous = 0;
	uint64_t last = UINT64_C(1) << (a.n - 1);
	size_t distance = a.n;

	for (size_t j = 0; j < b.n; j++)
		mask[(unsigned char)b.p[j]] = 0;
	for (size_t i = 0; i < a.n; i++)
		mask[(unsigned char)a.p[i]] = 0;
	for (size_t i = 0; i < a.n; i++)
		mask[(unsigned char)a.p[i]] |= UINT64_C(1) << i;
	for (size_t j = 0; j < b.n; j++) {
		uint64_t match = mask[(unsigned char)b.p[j]], horizontal_positive, horizontal_negative;
		uint64_t swapped = (((~diagonal) & match) << 1) & previous;

		diagonal = (((match & positive) + positive) ^ positive) | match | negative | swapped;
		horizontal_positive = negative | ~(diagonal | positive);
		horizontal_negative = diagonal & positive;
		distance += (horizontal_positive & last) != 0;
		distance -= (horizontal_negative & last) != 0;
		/* Each byte still to come can lower the distance by one at most. */
		if (distance > cutoff + (b.n - 1 - j))
			return cutoff + 1;
		horizontal_positive = horizontal_positive << 1 | 1;
		horizontal_negative <<= 1;
		positive = horizontal_negative | ~(diagonal | horizontal_positive);
		negative = horizontal_positive & diagonal;
		previous = match;
	}
	return capped(distance, cutoff);
}

/* Three rows of the table, only cells within cutoff of the diagonal. a is the shorter, of at most EDIT_LONG_MAX bytes.
 */
static unsigned banded(struct str a, struct str b, unsigned cutoff)
{
	uint16_t rows[3][EDIT_LONG_MAX + 2];
	uint16_t *before = rows[0], *above = rows[1], *row = rows[2];
	uint16_t infinite = EDIT_LONG_MAX + 1;
	size_t band = cutoff > b.n ? b.n : cutoff;

	for (size_t i = 0; i <= a.n; i++)
		above[i] = (uint16_t)i, before[i] = infinite;
	for (size_t j = 1; j <= b.n; j++) {
		size_t from = j > band ? j - band : 1, to = j + band < a.n ? j + band : a.n;
		uint16_t best = infinite, *rotate = before;

		row[from - 1] = from == 1 ? (uint16_t)j : infinite;
		for (size_t i = from; i <= to; i++) {
			unsigned cost = a.p[i - 1] != b.p[j - 1];
			unsigned value = above[i - 1] + cost;

			if (row[i - 1] + 1u < value)
				value = row[i - 1] + 1u;
			if (above[i] + 1u < value)
				value = above[i] + 1u;
			if (cost && i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
			        before[i - 2] + 1u < value)
				value = before[i - 2] + 1u;
			row[i] = (uint16_t)value;
			if (value < best)
				best = (uint16_t)value;
		}
		if (to < a.n)
			row[to + 1] = infinite;
		if (best > cutoff && j == b.n)
			return cutoff + 1;
		before = above;
		above = row;
		row = rotate;
	}
	return capped(above[a.n], cutoff);
}

unsigned edit_osa(struct str a, struct str b, unsigned cutoff)
{
	struct str swap;

	if (a.n > EDIT_LONG_MAX)
		a.n = EDIT_LONG_MAX;
	if (b.n > EDIT_LONG_MAX)
		b.n = EDIT_LONG_MAX;
	if (cutoff > EDIT_LONG_MAX)
		cutoff = EDIT_LONG_MAX;
	if (a.n > b.n)
		swap = a, a = b, b = swap;
	if (b.n - a.n > cutoff)
		return cutoff + 1;
	strip_common(&a, &b);
	if (a.n == 0)
		return capped(b.n, cutoff);
	if (cutoff == 0)
		return 1;
	/* Both ends differ now, so that what is this short needs no table. */
	if (b.n <= 2)
		return capped(a.n == 2 && a.p[0] == b.p[1] && a.p[1] == b.p[0] ? 1 : b.n, cutoff);
	if (cutoff == 1)
		return 2;
	if (a.n <= WORD_BITS)
		return bit_parallel(a, b, cutoff);
	return banded(a, b, cutoff);
}
