/*
 * See digits.h.
 */
#include "matcher/compare/digits.h"

enum { SOUND_LENGTH = 16, LENGTH_MAX = 18, NEAR_MAX = 3 };

/* Splits in halves: 8 + 8 digits, then 4 + 4, 2 + 2, 1 + 1, all lanes at once (divisions by constants become
 * multiplications). */
static uint64_t eight_to_bcd(uint32_t value)
{
	uint64_t v = (uint64_t)(value / 10000) | (uint64_t)(value % 10000)
	                                                 << 32; /* 4 digits each, the higher in the lower half */
	uint64_t hundreds, tens;

	hundreds = ((v * 5243) >> 19) & UINT64_C(0x0000007F0000007F); /* v / 100 for v < 10000 */
	v = hundreds | (v - hundreds * 100) << 16;
	tens = ((v * 103) >> 10) & UINT64_C(0x000F000F000F000F); /* v / 10 for v < 100 */
	v = tens | (v - tens * 10) << 8;
	/* Now one digit a byte, the first in the lowest byte. */
	v = __builtin_bswap64(v);
	v = (v | v >> 4) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v | v >> 8) & UINT64_C(0x0000FFFF0000FFFF);
	return (v | v >> 16) & UINT64_C(0xFFFFFFFF);
}

uint64_t digits_to_bcd(uint64_t value)
{
	return eight_to_bcd((uint32_t)(value / 100000000)) << 32 | eight_to_bcd((uint32_t)(value % 100000000));
}

/* One bit per digit that differs, in the lowest bit of its four. */
static uint64_t differing(uint64_t a, uint64_t b)
{
	uint64_t x = a ^ b;

	return (x | x >> 1 | x >> 2 | x >> 3) & UINT64_C(0x1111111111111111);
}

/* Whether b is a with one digit taken out somewhere and another put in elsewhere. Both differ within [low, high] bits
 * only. */
static bool is_shifted(uint64_t a, uint64_t b, uint64_t differs)
{
	int low = __builtin_ctzll(differs), high = 63 - __builtin_clzll(differs);
	uint64_t within = (high - low >= 60 ? ~UINT64_C(0) : (UINT64_C(1) << (high - low + 4)) - 1);
	uint64_t x = a >> low & within, y = b >> low & within;

	return ((x << 4 & within) >> 4) == y >> 4 || ((y << 4 & within) >> 4) == x >> 4;
}

enum digits_level digits_compare_bcd(uint64_t a, uint64_t b)
{
	uint64_t differs;
	unsigned count;

	if (a == 0 || b == 0)
		return DIGITS_MISSING;
	differs = differing(a, b);
	if (differs == 0)
		return DIGITS_EQUAL;
	/* All digits' bits added up in the highest one's four; sixteen count as none, which is as good: more than two. */
	count = (unsigned)((differs * UINT64_C(0x1111111111111111)) >> 60);
	if (count == 1)
		return DIGITS_ONE;
	if (count == 2) {
		int low = __builtin_ctzll(differs);

		if (differs >> low == 0x11 && ((a >> low & 15) == (b >> (low + 4) & 15)) &&
		        ((b >> low & 15) == (a >> (low + 4) & 15)))
			return DIGITS_SWAPPED;
		/* 12 digits alike and two of the four serial ones are the better news. */
		return a >> 16 == b >> 16 ? DIGITS_AREA_DATE : DIGITS_TWO;
	}
	if (is_shifted(a, b, differs))
		return DIGITS_SHIFTED;
	return a >> 16 == b >> 16 ? DIGITS_AREA_DATE : DIGITS_DIFFERENT;
}

static unsigned spread(uint64_t value, unsigned digits, uint8_t *out)
{
	if (digits > LENGTH_MAX)
		digits = LENGTH_MAX;
	for (unsigned i = digits; i-- > 0; value /= 10)
		out[i] = (uint8_t)(value % 10);
	return digits;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

unsigned digits_distance(struct digits a, struct digits b)
{
	uint8_t x[LENGTH_MAX], y[LENGTH_MAX];
	unsigned rows[3][LENGTH_MAX + 1];
	unsigned nx = spread(a.value, a.digits, x), ny = spread(b.value, b.digits, y);

	for (unsigned i = 0; i <= nx; i++)
		rows[0][i] = i;
	for (unsigned j = 1; j <= ny; j++) {
		unsigned *row = rows[j % 3], *above = rows[(j + 2) % 3], *before = rows[(j + 1) % 3];

		row[0] = j;
		for (unsigned i = 1; i <= nx; i++) {
			row[i] = min3(above[i - 1] + (x[i - 1] != y[j - 1]), above[i] + 1, row[i - 1] + 1);
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] &&
			        before[i - 2] + 1 < row[i])
				row[i] = before[i - 2] + 1;
		}
	}
	return rows[ny % 3][nx] < NEAR_MAX ? rows[ny % 3][nx] : NEAR_MAX;
}

/* The first 15 digits of a 16-digit number whose last is not to be believed, or of one that a spreadsheet's number may
 * be of. */
static bool first_fifteen_agree(struct digits a, struct digits b)
{
	return a.digits == SOUND_LENGTH && b.digits == SOUND_LENGTH && (a.known == 15 || b.known == 15) &&
	       a.value / 10 == b.value / 10;
}

enum digits_level digits_compare(struct digits a, struct digits b)
{
	unsigned distance;

	if (a.value == 0 || b.value == 0)
		return DIGITS_MISSING;
	if (a.digits == b.digits && a.value == b.value)
		return a.known == 15 || b.known == 15 ? DIGITS_FIFTEEN : DIGITS_EQUAL;
	if (first_fifteen_agree(a, b))
		return DIGITS_FIFTEEN;
	if (a.digits == SOUND_LENGTH && b.digits == SOUND_LENGTH)
		return digits_compare_bcd(digits_to_bcd(a.value), digits_to_bcd(b.value));
	distance = digits_distance(a, b);
	if (distance == 1)
		return DIGITS_SHIFTED;
	return distance == 2 ? DIGITS_TWO : DIGITS_DIFFERENT;
}
