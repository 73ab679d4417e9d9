/*
 * Merged cells that span rows: a family's card number stands once beside all its members. The ranges are listed behind a
 * sheet's rows, so they are found by a pass over the sheet's bytes before the rows are read. Only for xlsx_sheet.
 */
#ifndef PADAN_XLSX_MERGES_H
#define PADAN_XLSX_MERGES_H

#include "daemon/ingest/xlsx_zip.h"
#include "matcher/base/str.h"

struct xlsx_merge {
	uint32_t column; /* from 0; only the leftmost column of a range has a value */
	uint32_t first_row, last_row;
};

struct xlsx_merges {
	struct xlsx_merge *merges; /* over more than one row, by first row */
	uint32_t n, next;
	struct xlsx_active { /* ranges that the current row lies in */
		struct xlsx_merge merge;
		char *text; /* of its first row; owned */
		size_t text_n;
		bool numeric;
	} *active;
	uint32_t active_n, active_room;
};

/* Collects the ranges of a sheet. Too many of them (100,000) are left alone: their cells then stay empty. */
int xlsx_merges_find(struct xlsx_merges *merges, struct xlsx_zip *zip, const char *part, struct error *err) PADAN_MUST_CHECK;

/*
 * Completes a row: empty cells within a range take the value of its first row – if the row has a cell of its own, so that
 * a row that is merged away as a whole stays empty. cells and numeric have room for `room` columns; *n may grow.
 * The texts live until the next call.
 */
int xlsx_merges_apply(struct xlsx_merges *merges, uint64_t row, struct str *cells, bool *numeric, uint32_t *n,
	uint32_t room, struct error *err) PADAN_MUST_CHECK;

void xlsx_merges_release(struct xlsx_merges *merges);

#endif
