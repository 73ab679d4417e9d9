/*
 * From an office's file to rows of UTF-8 cells: one interface over CSV in any dialect and encoding and over XLSX. The
 * type is told by content, not by the name. Title lines above the header, empty lines, totals and signature lines below
 * the data are recognised and not counted. Streams: memory does not grow with the file (an XLSX file's shared strings
 * apart, which are capped).
 *
 * Called by import, check and the inbox from a pool task, a chunk of rows at a time, one reader per thread; the
 * million-row path of dedupe uses csv_table.h instead.
 * A workbook's dates come as YYYY-MM-DD, booleans as 1 and 0, formulas as their last value, errors (#N/A) as empty cells.
 * Not for: what a column means (column_map.h), what a cell says (matcher/normalise/).
 *
 * Errors name the file, the line, the column and the kind of fault, never what stands in a cell.
 */
#ifndef PADAN_ROW_READER_H
#define PADAN_ROW_READER_H

#include "daemon/ingest/encoding.h"
#include "matcher/base/error.h"
#include "matcher/base/str.h"
#include "matcher/normalise/column_role.h"

#include <stdint.h>

struct row_reader;
struct column_synonym; /* column_map.h */

enum row_header {
	ROW_HEADER_FIND = 0, /* the row below the titles whose cells are known as column names; else the first full row */
	ROW_HEADER_TABLE,    /* a table of any kind below its titles: row_shape_table_header() */
	ROW_HEADER_FIRST     /* the first row that is not empty */
};

struct row_reader_options {
	const char *name;        /* for messages; NULL: the last part of the path */
	char delimiter;          /* , ; tab | … or 0: found */
	enum row_header header;
	bool keep_totals;        /* any table: a row that looks like a total is a row */
	const struct column_synonym *synonyms; /* more names of columns, as in column_map_options */
	size_t synonyms_n;
};

enum row_file_type { ROW_FILE_CSV, ROW_FILE_XLSX };

/* Why a row could not be read whole. It still carries what could be read, for the rejects file. */
enum row_fault {
	ROW_OK = 0,
	ROW_TOO_MANY_CELLS,   /* filled cells beyond the header's last column */
	ROW_UNCLOSED_QUOTE,   /* a quote that opens and is not closed; the row is that one physical line */
	ROW_CELL_TOO_LONG,    /* over INGEST_CELL_BYTES */
	ROW_TOO_MANY_COLUMNS, /* over INGEST_COLUMNS */
	ROW_TOO_LONG          /* over INGEST_RECORD_BYTES */
};

struct row {
	uint32_t row;    /* records after the header from 1, through all sheets; rejected rows count, empty ones do not */
	uint32_t sheet;  /* index for row_reader_sheet() */
	uint64_t line;   /* the physical line (CSV) or the sheet's row number (XLSX) at which it starts, from 1 */
	uint32_t n;      /* cells: as many as the sheet's header has, more only with ROW_TOO_MANY_* */
	enum row_fault fault;
	uint32_t fault_column;   /* from 1; 0: the row as a whole */
	const struct str *cells; /* trimmed; they live until the next call */
	const bool *numeric;     /* n; the cell came as a number from a workbook (15 digits hold); NULL for CSV: none did */
};

struct row_sheet {
	struct str name;         /* "" for CSV */
	uint64_t header_line;
	uint32_t n;
	const struct str *header; /* trimmed, inner white space and line breaks as single spaces */
};

/*
 * Opens path and reads as far as the first header. NULL and err when the file cannot be read at all: absent, empty,
 * header only is legal, encrypted, not a table, no header.
 */
struct row_reader *row_reader_open(const char *path, const struct row_reader_options *options, struct error *err)
	PADAN_MUST_CHECK;

/* The same for an open descriptor, which the reader then owns (closed on failure too). options->name is needed. */
struct row_reader *row_reader_open_fd(int fd, const struct row_reader_options *options, struct error *err)
	PADAN_MUST_CHECK;

/* 1: *row is the next row; 0: end of the file; -1 and err: the file has to be refused (damaged workbook, disk error). */
int row_reader_next(struct row_reader *reader, struct row *row, struct error *err) PADAN_MUST_CHECK;

/* The sheets met so far (CSV: one). Indices and contents stay valid as long as the reader. */
uint32_t row_reader_sheets(const struct row_reader *reader);
const struct row_sheet *row_reader_sheet(const struct row_reader *reader, uint32_t sheet);

/*
 * The first rows below the current sheet's header without consuming them, to judge columns by: at most
 * INGEST_SAMPLE_ROWS rows of the sheet's n cells, row after row. Valid until the next sheet begins.
 */
const struct str *row_reader_sample(const struct row_reader *reader, uint32_t sheet, uint32_t *rows);

/* Progress: bytes read so far, and in all (0 when unknown: a pipe). Of a workbook: expanded bytes. */
void row_reader_progress(const struct row_reader *reader, uint64_t *done, uint64_t *total);

enum row_file_type row_reader_type(const struct row_reader *reader);
char row_reader_delimiter(const struct row_reader *reader); /* CSV; ',' for XLSX */

/* What was noticed on the way, for a note to the office. */
struct row_reader_notes {
	enum encoding encoding;
	uint64_t nul_bytes, nul_line;         /* dropped NUL bytes, and the line of the first */
	uint64_t fallback_bytes, fallback_line; /* bytes read as Windows-1252 amid UTF-8 */
	uint64_t empty_rows, total_rows, padded_rows;
	uint32_t hidden_sheets, empty_sheets; /* sheets passed over */
};
void row_reader_notes(const struct row_reader *reader, struct row_reader_notes *notes);

/* Why that row is set aside, in both languages, as texts of an error: "Baris 12, kolom 5: …". */
void row_fault_describe(const struct row *row, struct error *reason);

void row_reader_free(struct row_reader *reader);

#endif
