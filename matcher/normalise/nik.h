/*
 * NIK and KK numbers as lists write them, repaired where that is safe, and what their digits say.
 *
 * NIK: PPKKCC (area of first registration), DDMMYY (birth, day + 40 for women), serial; no check digit (domain.md).
 * KK: PPKKCC, date of issue, serial. What the digits say is evidence and a warning, never a reason to refuse a row: a
 * NIK is not reissued when the birth date is corrected. Called by entry.c, field.c and whoever reads one number.
 */
#ifndef PADAN_NIK_H
#define PADAN_NIK_H

#include "matcher/base/str.h"
#include "matcher/normalise/date.h"
#include "matcher/normalise/sex.h"

#include <stdbool.h>
#include <stdint.h>

enum nik_flag {
	NIK_MISSING = 1 << 0,        /* nothing was written, or a word for nothing */
	NIK_PLACEHOLDER = 1 << 1,    /* 0, 9999999999999999, 1234567890123456, area and zeros, BELUM REKAM: value 0 */
	NIK_WRONG_LENGTH = 1 << 2,   /* not 16 digits; value and digits hold what there was if 10 to 18 */
	NIK_SIXTEENTH_LOST = 1 << 3, /* 16 digits from a number cell, last one 0: compare 15 */
	NIK_EXPONENT = 1 << 4,       /* 1,505E+15: value 0, known_digits leading digits in `leading` */
	NIK_LETTERS_REPAIRED = 1 << 5,
	NIK_CLEANED = 1 << 6,     /* separators, apostrophe, trailing .0 taken away */
	NIK_TEMPORARY = 1 << 7,   /* 0 + village code + 5 digits (OpenSID), never a KK */
	NIK_BAD_DATE = 1 << 8,    /* DDMMYY is no date in any century */
	NIK_BAD_AREA = 1 << 9,    /* province not 11..96, or kabupaten/kecamatan 00 */
	NIK_BAD_SERIAL = 1 << 10, /* 0000 */
	NIK_UNREADABLE = 1 << 11  /* text that holds no number */
};

/* Plain data. value 0: no number to compare. */
struct nik {
	uint64_t value;       /* the digits as one number */
	uint64_t leading;     /* NIK_EXPONENT: the digits before the E, without the comma: 1505 */
	uint8_t digits;       /* how many digits value was written with (leading zeros count); 16 when sound, 0: none */
	uint8_t known_digits; /* NIK_EXPONENT: digits in `leading`; NIK_SIXTEENTH_LOST: 15; else = digits */
	uint16_t flags;       /* enum nik_flag */
	uint32_t area;        /* PPKKCC; 0 unless value has 16 digits (or 15 from a spreadsheet) */
	uint16_t serial;      /* 0000..9999 */
	uint8_t day, month;   /* of birth (KK: of issue), 0 with NIK_BAD_DATE */
	uint8_t yy;           /* two digits; the century is not known */
	uint8_t sex;          /* enum sex; SEX_UNKNOWN for a KK or NIK_BAD_DATE */
};

/* Both always fill out and return whether it is a whole number fit to be a key: 16 digits, no placeholder, not
   temporary, no lost digit. numeric: the cell was a number in the workbook. */
bool nik_parse(struct str raw, bool numeric, struct nik *out);
bool kk_parse(struct str raw, bool numeric, struct nik *out);

/* The same tests on digits alone (as stored): fills all that value says. */
void nik_describe(uint64_t value, struct nik *out);
void kk_describe(uint64_t value, struct nik *out);

bool nik_is_key(const struct nik *nik);

/* Both as read by nik_parse and kk_parse of the two columns of one row, with the row's birth date (may be zero) and
   sex: true if the two numbers stand in each other's column. Needs proof: the NIK column's number does not fit the
   row's person, the other's does. */
bool nik_kk_swapped(const struct nik *in_nik_column, const struct nik *in_kk_column, struct date birth, enum sex sex);

/* 16 digits and a NUL; "" when value is 0 (shorter numbers with as many digits as were written). */
void nik_format(const struct nik *nik, char out[24]);

/* 150501••••••0012: area and last four digits (UTF-8, up to 34 bytes with NUL). "" when value is 0. */
void nik_mask(uint64_t value, char out[40]);

#endif
