/*
 * What row_reader reads from: a file of one type as sheets of raw rows. Two of them: csv_source.c and xlsx_source.c.
 * Private to daemon/ingest/row_reader.c.
 */
#ifndef PADAN_ROW_SOURCE_H
#define PADAN_ROW_SOURCE_H

#include "daemon/ingest/row_reader.h"

struct source_row {
	const struct str *cells; /* until the next call; not trimmed */
	const bool *numeric;     /* NULL: none */
	uint32_t n;
	uint64_t line;
	enum row_fault fault;
	uint32_t fault_column;
	bool several_lines; /* a CSV record over more than one line: retry() can doubt it */
};

struct row_source {
	enum row_file_type type;
	/* 1: a sheet begins, its name is valid until the next call; 0: there are no more; -1 and err. */
	int (*next_sheet)(struct row_source *self, struct str *name, struct error *err);
	/* 1: a row; 0: the sheet ends; -1 and err: the file has to be refused. */
	int (*next_row)(struct row_source *self, struct source_row *row, struct error *err);
	/* The row just given, read again as its first physical line alone. NULL where a row cannot span lines. */
	int (*retry)(struct row_source *self, struct source_row *row, struct error *err);
	bool (*is_last_sheet)(const struct row_source *self);
	void (*progress)(const struct row_source *self, uint64_t *done, uint64_t *total);
	void (*notes)(const struct row_source *self, struct row_reader_notes *notes);
	char (*delimiter)(const struct row_source *self);
	void (*free)(struct row_source *self);
};

/* head: the first bytes of the file, already read from fd. The source owns fd from here on, also on failure. */
struct row_source *csv_source_new(int fd, struct str head, uint64_t size, char delimiter, struct error *err)
	PADAN_MUST_CHECK;
struct row_source *xlsx_source_new(int fd, struct error *err) PADAN_MUST_CHECK;

#endif
