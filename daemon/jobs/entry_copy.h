/*
 * Rows of padan.entries and padan.raw_rows against struct entry: how entries go into the database (COPY, binary), come back (as text)
 * when a register is loaded, and how raw rows become entries.
 *
 * Pure: memory alone, on any thread. Called by the register's loader and the list job, in the pool.
 */
#ifndef PADAN_ENTRY_COPY_H
#define PADAN_ENTRY_COPY_H

#include "daemon/db/copy_text.h"
#include "matcher/base/error.h"
#include "matcher/district/district.h"
#include "matcher/normalise/entry.h"

#include <stdint.h>

/*
 * The columns that entry_copy_write() writes, in its order; copy_binary_begin() stands before the first row, copy_binary_end()
 * behind the last. Into the district's own partition (the format wants its number): the table as a whole is under row-level
 * security, where PostgreSQL refuses COPY.
 */
#define ENTRY_COPY_IN                                                                                                  \
	"COPY padan.entries_%u (district, list, row, line, person, household, nik, nik_digits, kk, kk_digits, birth, sex, "   \
	"relation, desil, rt, rw, village, name, name_shown, father_name, head_name, family_id, person_key, birth_place, "  \
	"address, village_text, notes, fingerprint) FROM STDIN (FORMAT binary)"
void entry_copy_write(struct copy_buffer *buffer, uint32_t district, int64_t list, const struct entry *entry,
	struct district_ids ids, uint64_t fingerprint);

/* The columns that entry_copy_read() wants; a query around it gives order and choice. */
#define ENTRY_COPY_OUT                                                                                                 \
	"list, row, line, person, household, nik, nik_digits, kk, kk_digits, birth, sex, relation, desil, rt, rw, village, " \
	"name, name_shown, father_name, head_name, family_id, person_key, birth_place, address, village_text, notes"
int entry_copy_read(struct str row, struct arena *arena, int64_t *list, struct entry *entry, struct district_ids *ids,
	struct error *err) PADAN_MUST_CHECK;

/* The same from fields that were taken apart already, in the order of ENTRY_COPY_OUT; texts stay where they are. */
enum { ENTRY_FIELDS = 26 };
int entry_copy_fields(const struct copy_field fields[ENTRY_FIELDS], struct arena *arena, int64_t *list,
	struct entry *entry, struct district_ids *ids, struct error *err) PADAN_MUST_CHECK;

/* Columns of a raw row: "row, line, cells, numeric_cells, reject IS NOT NULL". */
#define RAW_COPY_OUT "row, line, cells, numeric_cells, reject IS NOT NULL"
struct raw_row {
	uint32_t row;
	uint64_t line;
	struct str *cells;
	bool *numeric; /* NULL: none of them */
	size_t n_cells;
	bool rejected; /* by the reader */
};
int raw_copy_read(struct str row, struct arena *arena, struct raw_row *raw, struct error *err) PADAN_MUST_CHECK;

#endif
