/*
 * A whole table at the speed of memory, for padan dedupe and padan link: a CSV file is mapped, its encoding settled, its
 * header found below the titles, and cut into ranges that several threads scan at once. The same rows as row_reader.h's
 * are left out: totals, signatures, repeated headers – but only where the header speaks of persons in a list's words.
 *
 * A file of UTF-8 is used where it is mapped; any other is converted into memory once, and so is a workbook
 * (table_workbook.h). Cells live as long as the table (or the scanner's arena, for the few with doubled quotes).
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
	bool is_list;             /* totals and signatures are no rows */
	size_t body;              /* offset of the first record behind the header */
	uint64_t body_line;       /* its physical line */
	struct arena arena;       /* header's texts */
	bool workbook;            /* the text was made by table_workbook.c: numbers bear a mark */
	void *mapping;
	size_t mapping_size;
	char *converted;          /* or NULL */
};

/* 0, or -1 and err: absent, empty, not a table. Header only is legal. */
int csv_table_open(struct csv_table *table, const char *path, struct error *err) PADAN_MUST_CHECK;

/* What a row scan tells its caller: one call per row, in order within a range. */
struct csv_table_row {
	uint64_t line;           /* of a workbook: the row's number */
	const struct str *cells; /* table->columns of them, trimmed, padded with empty ones */
	const bool *numeric;     /* as many; came as a number from a workbook; NULL: none did */
	unsigned faults;         /* enum csv_fault, and CSV_TABLE_EXTRA_CELLS */
};
enum { CSV_TABLE_EXTRA_CELLS = 1 << 16 };

/* Ranges that a caller may scan side by side. */
struct csv_table_range {
	size_t begin, end;
	uint64_t line;
	uint64_t records; /* not empty; the rows are these but for totals and the like */
};

/* Cuts the body into at most `parts` ranges of about one size. -1: memory. */
int csv_table_ranges(struct csv_table *table, const struct parallel *parallel, size_t parts,
	struct csv_table_range *ranges, size_t *ret_n, struct error *err) PADAN_MUST_CHECK;

/*
 * Calls row() for each row of the range. Cells that had doubled quotes are rewritten into arena, the others point into
 * table->text. A non-zero return of row() stops and is returned; -1 and err: memory.
 */
int csv_table_scan(const struct csv_table *table, const struct csv_table_range *range, struct arena *arena,
	int (*row)(void *arg, const struct csv_table_row *row), void *arg, struct error *err) PADAN_MUST_CHECK;

void csv_table_release(struct csv_table *table);

#endif
