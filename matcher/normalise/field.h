/*
 * A cell, understood: what kind of thing a column holds, and the canonical value of one cell of it.
 *
 * The kinds are those of `padan dedupe --as COL=TYPE`. Everything downstream (candidates, comparisons, weights)
 * works on canonical values alone; normalising a canonical value again gives itself, so values may be stored as text
 * and read back.
 */
#ifndef PADAN_FIELD_H
#define PADAN_FIELD_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum field_type {
	FIELD_IGNORE = 0,
	FIELD_NAME,       /* a person's whole name */
	FIELD_GIVEN_NAME, /* given name(s) alone; all name columns of a record together are one person's name */
	FIELD_SURNAME,
	FIELD_NIK,        /* Indonesian national ID: a person's own, holds area, birth date and sex */
	FIELD_KK,         /* family card or another household key: shared by the members of a household */
	FIELD_IDENTIFIER, /* any other key that is a person's own (social security number, student number) */
	FIELD_DATE,       /* birth date */
	FIELD_SEX,
	FIELD_CODE,   /* one of a list of values: village, postcode, state, RT */
	FIELD_NUMBER, /* a quantity: house number */
	FIELD_ADDRESS,
	FIELD_TEXT,
	FIELD_EMAIL,
	FIELD_AGE,   /* in years */
	FIELD_PHONE, /* a telephone number; members of a household may share it */
	FIELD_TYPES
};

/* The word of --as for a type ("given_name"), and back; FIELD_TYPES for an unknown word. */
const char *field_type_name(enum field_type type);
enum field_type field_type_from_name(struct str name);

/* What normalisation had to do; a damaged value is still evidence, but never decides alone. */
enum field_flag {
	FIELD_REPAIRED = 1,   /* separators, letters for digits, order … were mended without loss */
	FIELD_SUSPECT = 2,    /* may be wrong: a 16th digit zeroed by a spreadsheet, an impossible date, a cut name */
	FIELD_PLACEHOLDER = 4 /* was a placeholder ("9999999999999999", "BELUM REKAM"): now missing */
};

/*
 * One canonical value. Missing: number 0 and text.n 0.
 *   NIK, KK      number: the digits as a number (0 when missing); text: the same digits, leading zeros kept
 *   DATE         number: yyyymmdd, unknown parts 00; text: "1980-12-31", "1980-12-00", "1980-00-00"
 *   SEX          number: 1 male, 2 female; text "L" / "P"
 *   NUMBER       number: hash-free: the integer part where there is one; text: shortest decimal form
 *   name types   text: canonical tokens joined by one space
 *   PHONE        text: its last nine digits, so that 0812…, +62 812… and 62812… are one number
 *   the others   text: folded, upper case, one space between words
 */
struct field_value {
	uint64_t number;
	struct str text; /* owned by the arena that field_normalise() was given */
	uint32_t flags;  /* enum field_flag */
};

static inline bool field_missing(const struct field_value *value)
{
	return value->number == 0 && value->text.n == 0;
}

/*
 * Normalises one cell of a column of that type. numeric: the cell came as a number from a workbook (15 digits hold).
 * Bad bytes, words for "missing" (NA, NULL, "-", …) and nonsense give a missing value, never an error: the only
 * failure is memory (-1).
 */
int field_normalise(enum field_type type, struct str raw, bool numeric, struct arena *arena, struct field_value *out);

#endif
