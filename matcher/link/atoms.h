/*
 * What a record can be found by: its atoms, each a hash with the role it plays (blocking.h says how they are joined).
 */
#ifndef PADAN_ATOMS_H
#define PADAN_ATOMS_H

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

enum { ATOMS_MAX = 96, ATOM_WHOLE = 255 };

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

/* The atoms of a record with these roles (a bit each), in a fixed order; those beyond ATOMS_MAX are not looked for. */
void atoms_of(const struct store *store, uint32_t record, uint32_t roles, struct atoms *ret);

const char *atom_role_name(enum atom_role role);

#endif
