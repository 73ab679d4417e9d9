/*
 * What each column of an aid list means: from the header's words (a table of synonyms, which a district's
 * configuration can extend) and, where words leave a doubt, from the contents of the first rows.
 *
 * Pure: no I/O. Called once per sheet by import and check; the result is remembered per office.
 * Not for: any other list (column_guess.h).
 */
#ifndef PADAN_COLUMN_MAP_H
#define PADAN_COLUMN_MAP_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"
#include "matcher/normalise/column_role.h"

#include <stdint.h>

struct column_map {
	uint32_t n;                   /* columns of the header */
	enum column_role *roles;      /* n; each role but COLUMN_IGNORE at most once */
	int32_t column[COLUMN_ROLES]; /* from role to column, -1 where the list has none */
	bool remembered;              /* taken over from an earlier file of the office */
	bool village_from_sheet;      /* no village column, but the sheet's name may say it */
};

struct column_map_options {
	const struct column_synonym *synonyms; /* go before the built-in ones */
	size_t synonyms_n;
	const struct str *remembered_header;   /* an earlier header of this office … */
	const enum column_role *remembered;    /* … and what its columns meant; wins when the same header is seen again */
	uint32_t remembered_n;
	struct str sheet;                      /* the sheet's name: a village's, perhaps */
};

/*
 * Fills map from the header's n cells and `rows` sample rows of n cells each. A list needs a name, and one of NIK,
 * KK, family id, birth date (or year) and village: otherwise -1, and err says what was missing and what was seen.
 */
int column_map_make(struct column_map *map, const struct str *header, uint32_t n, const struct str *sample, uint32_t rows,
	const struct column_map_options *options, struct error *err) PADAN_MUST_CHECK;

void column_map_release(struct column_map *map);

/* The role that a header's cell alone speaks for; COLUMN_ROLES: not known. COLUMN_IGNORE: known to be of no use. */
enum column_role column_map_role(struct str header, const struct column_synonym *synonyms, size_t synonyms_n);

/* True if both headers are the same but for case, punctuation and spaces. */
bool column_map_same_header(const struct str *a, uint32_t a_n, const struct str *b, uint32_t b_n);

/* The cell of that role in a row's cells; an empty text where the list has no such column. */
static inline struct str column_map_cell(const struct column_map *map, enum column_role role, const struct str *cells)
{
	return map->column[role] < 0 ? (struct str){"", 0} : cells[map->column[role]];
}

/* Whether data stands where the header should: a long number or a date in one of its cells. */
bool column_map_is_data(const struct str *header, uint32_t n);

#endif
