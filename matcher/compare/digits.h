/*
 * NIK, KK and other long numbers compared digit by digit, without texts: 16 digits are packed four bits each into one
 * 64-bit word (BCD), and one XOR shows which differ.
 */
#ifndef PADAN_DIGITS_H
#define PADAN_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* From most to least alike; the numbers go into models and stay. */
enum digits_level {
	DIGITS_MISSING = 0, /* one of the two is 0 */
	DIGITS_EQUAL = 1,
	DIGITS_FIFTEEN = 2,   /* the first 15 agree and one side's 16th is unknown (spreadsheet zero) */
	DIGITS_ONE = 3,       /* one digit differs */
	DIGITS_SWAPPED = 4,   /* two neighbours change places */
	DIGITS_SHIFTED = 5,   /* one digit more or less, the rest agrees (15 or 17 against 16) or moved by one inside */
	DIGITS_TWO = 6,       /* two digits differ, not both in the serial */
	DIGITS_AREA_DATE = 7, /* the first 12 agree: area and date, another serial */
	DIGITS_DIFFERENT = 8,
	DIGITS_LEVEL_COUNT = 9
};

/* value must be below 10^16. */
uint64_t digits_to_bcd(uint64_t value);

/* Two sound 16-digit numbers as BCD (0: missing): the hot path. */
enum digits_level digits_compare_bcd(uint64_t a, uint64_t b);

/* A number with its length, as in struct nik: value, digits (10..18), known_digits (15: the 16th is not to be
 * believed). */
struct digits {
	uint64_t value;
	uint8_t digits;
	uint8_t known;
};

/* Any two; the same levels. */
enum digits_level digits_compare(struct digits a, struct digits b);

/* The OSA distance of two numbers of up to 18 digits, at most 3 (3: three or more). */
unsigned digits_distance(struct digits a, struct digits b);

#endif
