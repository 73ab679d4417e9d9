/*
 * What a record can be found by: its atoms, each a hash with the role it plays (blocking.h says how they are joined).
 */
#ifndef PADAN_ATOMS_H
#define PADAN_ATOMS_H

#include "matcher/base/hash.h"
#include "matcher/link/store.h"

/* What an atom says. */
enum atom_role {
	ATOM_SOUND,    /* a name part, by its sound */
	ATOM_NAME,     /* all parts of a name, by sound, in any order */
	ATOM_BEGIN,    /* the first sounds of a name part */
	ATOM_KEY,      /* a person's or household's key, an email address */
	ATOM_KEY_FORM, /* a key as it may read with a digit wrong */
	ATOM_DATE,     /* a birth date, day and month in any order, also the one in a NIK */
	ATOM_MONTH,    /* year and month */
	ATOM_DAY,      /* month and day */
	ATOM_YEAR_DAY, /* year and day */
	ATOM_YEAR,
	ATOM_CODE,
	ATOM_WORD, /* of an address or text */
	ATOM_NUMBER,
	ATOM_SEX,
	ATOM_ROLES
};

enum {
	ATOMS_MAX = 640, /* more than a record of the largest schema has */
	ATOM_WHOLE = 255,
	NIK_FORMS = 8,
	TEXT_FORMS = 21
};

struct atom {
	uint64_t hash;
	uint8_t role, column;
	uint8_t part; /* of a name: which; ATOM_WHOLE: of the whole value */
};

struct atoms {
	struct atom items[ATOMS_MAX];
	unsigned n;
	uint32_t roles; /* wanted */
};

/* The atoms of a record with these roles (a bit each), in a fixed order. */
void atoms_of(const struct store *store, uint32_t record, uint32_t roles, struct atoms *ret);

/*
 * What atoms are made of, for those who make them once for each value instead (block_scan.c). An atom's hash is that of what it
 * says, its role and its column.
 */
static inline uint64_t atom_hash(enum atom_role role, size_t column, uint64_t says)
{
	return hash_pair(says, (uint64_t)role << 8 | column);
}

/* The first sounds of a word's key. */
static inline uint64_t atom_begin(uint64_t phonetic)
{
	while (phonetic >> 63 == 0 && phonetic >= 1u << 15)
		phonetic >>= 5;
	return phonetic;
}

/* What a birth date says where day and month may have changed places; 0: it has no day or no month. */
static inline uint64_t atom_date(uint32_t two_digit_year, uint32_t month, uint32_t day)
{
	uint32_t low = month < day ? month : day, high = month < day ? day : month;

	return low ? two_digit_year * 10000 + low * 100 + high : 0;
}

/* The birth date in a NIK (BCD), and the forms of the NIK: its two halves, and with each of six digits left out. */
uint64_t atom_nik_date(uint64_t bcd);
void atom_nik_forms(uint64_t bcd, uint64_t forms[NIK_FORMS]);

/* An identifier as it stands and with each of its signs left out. Returns how many; 0 if it is too short or too long for that. */
unsigned atom_text_forms(struct str text, uint64_t forms[TEXT_FORMS]);

const char *atom_role_name(enum atom_role role);

#endif
