/*
 * A workbook as the text of one CSV table in memory, so that csv_table reads it like any other: the header first, then
 * the rows of all sheets that hold a table. Titles, totals and signatures are left out by row_reader on the way.
 *
 * Called by csv_table.c alone.
 */
#ifndef PADAN_TABLE_WORKBOOK_H
#define PADAN_TABLE_WORKBOOK_H

#include "daemon/ingest/csv_scan.h"
#include "matcher/base/error.h"

/* In front of a cell that is a number in the workbook; no text of a workbook holds it (XML 1.0 forbids it). */
#define TABLE_WORKBOOK_NUMBER '\x01'
#define TABLE_WORKBOOK_DIALECT ((struct csv_dialect){',', '"'})

struct workbook_text {
	char *text; /* the caller's, from malloc */
	size_t n;
};

/*
 * Reads the workbook at that descriptor, which is closed in any case. Sheets with the first one's columns, in whatever
 * order, are one table; a sheet with other columns is refused by its name. -1 and err.
 */
int table_workbook_read(int fd, const char *name, struct workbook_text *ret, struct error *err) PADAN_MUST_CHECK;

#endif
