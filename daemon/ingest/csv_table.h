/*
 * A whole CSV file at the speed of memory, for padan dedupe and padan link: mapped, its encoding settled, its header
 * read, and cut into ranges that several threads scan at once. Workbooks are for row_reader.h, which also sets aside
 * titles and totals.
 *
 * A file of UTF-8 is used where it is mapped; any other is converted into memory once. Cells live as long as the table
 * (or the scanner's arena, for the few with doubled quotes).
 */
#ifndef PADAN_CSV_TABLE_H
#define PADAN_CSV_TABLE_H

#include "daemon/ingest/csv_scan.h"
#include "matcher/base/error.h"

struct csv_table {
	const char *name;         /* for messages: the last part of the path, which the caller keeps */
	struct str text;          /* the whole file as UTF-8, without BOM */
	struct csv_dialect dialect;
	uint32_t columns;
	struct str *header;       /* columns cells, trimmed */
	size_t body;              /* offset of the first record behind the header */
	uint64_t body_line;       /* its physical line */
	struct arena arena;       /* header's texts */
	void *mapping;
	size_t mapping_size;
	char *converted;          /* or NULL */
};

/* 0, or -1 and err: absent, empty, a workbook (ERROR_INPUT says to use row_reader's path), header only is legal. */
int csv_table_open(struct csv_table *table, const char *path, struct error *err) PADAN_MUST_CHECK;

/* What a row scan tells its caller: one call per record that is not empty, rows in order within a range. */
struct csv_table_row {
	uint64_t row;            /* from 0, through the whole file: known though the ranges run side by side */
	uint64_t line;
	const struct str *cells; /* table->columns of them, trimmed, padded with empty ones */
	unsigned faults;         /* enum csv_fault, and CSV_TABLE_EXTRA_CELLS */
};
enum { CSV_TABLE_EXTRA_CELLS = 1 << 16 };

/* Ranges that a caller may scan side by side, and the number of the first row in each. */
struct csv_table_range {
	size_t begin, end;
	uint64_t line;
	uint64_t row;  /* of the first */
	uint64_t rows;
};

/*
 * Cuts the body into at most `parts` ranges (4 × threads is a good number) and counts their rows (records
 * without any text are none). Returns how many; *rows is their sum. -1: memory.
 */
int csv_table_ranges(struct csv_table *table, const struct parallel *parallel, size_t parts,
	struct csv_table_range *ranges, size_t *ret_n, uint64_t *ret_rows, struct error *err) PADAN_MUST_CHECK;

/*
 * Calls row() for each row of the range. Cells that had doubled quotes are rewritten into arena, the others point into
 * table->text, so that with an arena that lives on, all cells do. A non-zero return of row() stops and is returned; -1
 * and err: memory.
 */
int csv_table_scan(const struct csv_table *table, const struct csv_table_range *range, struct arena *arena,
	int (*row)(void *arg, const struct csv_table_row *row), void *arg, struct error *err) PADAN_MUST_CHECK;

void csv_table_release(struct csv_table *table);

#endif
