/*
 * Why a row names nobody, told so that its sender can mend it: which column, and what stands there – nothing, a formula's
 * error, all the row's cells as one because its delimiter is another. What is written there is never quoted: it may be somebody's.
 *
 * Called by check and by the daemon's job for rows that entry_build() rejected.
 */
#ifndef PADAN_ROW_NOBODY_H
#define PADAN_ROW_NOBODY_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"
#include "matcher/normalise/column_role.h"

#include <stdint.h>

enum nobody_kind { NOBODY_EMPTY, NOBODY_FORMULA_ERROR, NOBODY_ONE_CELL, NOBODY_NO_NAME };

struct row_nobody {
	enum nobody_kind kind;
	uint32_t column; /* of the name, from 1; 0: the list has none */
};

/* n cells and as many roles. */
struct row_nobody row_nobody_find(const enum column_role *roles, const struct str *cells, uint32_t n);

/* "Baris 7, kolom 3: …": line is the one in the file. Sets reason to an ERROR_INPUT. */
void row_nobody_describe(const struct row_nobody *nobody, uint64_t line, struct error *reason);

#endif
