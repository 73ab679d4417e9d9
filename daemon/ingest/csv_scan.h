/*
 * Records and cells of CSV text in memory: the one scanner of the project, for offices' files read in pieces as well as
 * for the million-row path on a whole mapped file. Structural bytes are found 64 at a time (AVX2 when the machine
 * has it, SSE2, plain C), the rest is a walk over their bits.
 *
 * Pure: no I/O, no locale. UTF-8 or any other ASCII superset; a BOM must have been taken off (encoding.h).
 *
 * The grammar, chosen so that a damaged file loses as little as possible:
 *   - A record ends at LF, CR or CR LF outside quotes. An empty line is a record of one empty cell.
 *   - A cell that begins with the quote is quoted: delimiters and line ends are text, a doubled quote is one. What stands
 *     between the closing quote and the next delimiter is kept as text (CSV_STRAY_QUOTE). A quote elsewhere is text.
 *   - A quoted cell that runs over a line end and then closes before something that is neither delimiter nor line end,
 *     or meets a limit, or the end of the text, was never closed: its record is its first physical line alone
 *     (CSV_UNCLOSED_QUOTE), and the next line is read as if nothing had happened.
 *   - NUL bytes are text.
 */
#ifndef PADAN_CSV_SCAN_H
#define PADAN_CSV_SCAN_H

#include "daemon/ingest/csv_mark.h"
#include "matcher/base/arena.h"
#include "matcher/base/parallel.h"
#include "matcher/base/str.h"

#include <stdint.h>

struct csv_dialect {
	char delimiter; /* no line end, no quote */
	char quote;     /* '"'; 0: quotes are text */
};

struct csv_limits {
	uint32_t cell_bytes;
	uint32_t columns;
	uint32_t record_bytes;
	uint32_t record_lines; /* a record through quoted line ends */
};

/* Those of ingest_limits.h. */
extern const struct csv_limits CSV_LIMITS;

enum csv_fault { /* bits */
	CSV_STRAY_QUOTE = 1,     /* a note: the cells are whole */
	CSV_UNCLOSED_QUOTE = 2,  /* the cells are those of the first physical line */
	CSV_CELL_TOO_LONG = 4,   /* the cell was cut at the limit; what follows on the line is skipped */
	CSV_TOO_MANY_COLUMNS = 8, /* the cells beyond are skipped */
	CSV_RECORD_TOO_LONG = 16  /* the cells so far; the rest of the line is skipped */
};

struct csv_record {
	const struct str *cells; /* into the text, or into the arena if a doubled quote had to go; until the next call */
	uint32_t n;              /* ≥ 1 */
	unsigned faults;
	uint32_t fault_column;   /* from 1; of the last fault */
	uint64_t line;           /* physical line at which it begins, from the scanner's first line */
	uint32_t lines;          /* line ends that it spans, its own included */
	size_t begin, end;       /* offsets in the text; end is behind its line end */
};

enum csv_result { CSV_END, CSV_RECORD, CSV_MORE, CSV_NO_MEMORY };

enum { CSV_WINDOW = 4096 }; /* bytes whose structure is looked up at once */

struct csv_scan {
	struct csv_dialect dialect;
	struct csv_limits limits;
	struct arena *arena; /* for cells that must be rewritten; the caller resets it between records if it likes */
	struct str text;
	bool last;           /* nothing follows text */
	size_t at;           /* where the next record begins */
	uint64_t line;       /* its physical line */
	bool skipping;       /* inside the rest of an over-long line */
	/* private */
	csv_mark_kernel *mark;
	struct str *cells;
	uint8_t *rewrite; /* per cell: it is not as it stands in the text */
	uint32_t room;    /* of cells and rewrite */
	size_t record_begin;
	uint64_t record_line;
	size_t marked_from, marked_to;
	uint64_t bits[CSV_WINDOW / 64];
};

/* line: number of the text's first physical line (1 for a whole file). */
void csv_scan_init(struct csv_scan *scan, struct csv_dialect dialect, const struct csv_limits *limits,
	struct arena *arena, uint64_t line);

/*
 * The text to scan. After CSV_MORE: move the unread rest (text.n - at bytes from text.p + at) to the front of a buffer,
 * append what follows, and give the whole here again. The caller keeps the bytes alive and unchanged.
 */
void csv_scan_text(struct csv_scan *scan, struct str text, bool last);

/* Goes on at that offset of the text, a record's border on that physical line. */
void csv_scan_seek(struct csv_scan *scan, size_t at, uint64_t line);

/* The next record. CSV_MORE only if last was false: the text holds no further whole record. */
enum csv_result csv_scan_next(struct csv_scan *scan, struct csv_record *record);

/*
 * The record just given spans several lines and its reader does not believe it (too many columns …): gives its first
 * physical line as a record of its own with CSV_UNCLOSED_QUOTE; the scan goes on behind that line.
 */
enum csv_result csv_scan_retry_line(struct csv_scan *scan, struct csv_record *record);

/* If skipping: passes over the rest of the over-long line now; false when the text ends before the line does. */
bool csv_scan_skip(struct csv_scan *scan);

void csv_scan_release(struct csv_scan *scan);

/* A line without text: one cell, empty or of white space. */
bool csv_record_is_blank(const struct csv_record *record);

/* The dialect that fits the text's first lines best: delimiter among , ; tab | and whether " quotes. Delimiter 0: memory. */
struct csv_dialect csv_dialect_guess(struct str head);

/* A part of a text that begins and ends at record borders. */
struct csv_range {
	size_t begin, end;
	uint64_t line;    /* physical line at begin, from 1 for the text's first */
	uint64_t records; /* that begin in it, blank lines not counted */
};

/*
 * Cuts text into at most `parts` ranges of about equal size whose borders are those that a scan from the start would
 * find, quoted line ends included, whatever the file: each part is counted from a guessed border, side by side, and
 * counted again where the guess proves wrong. Returns how many ranges were filled; 0 if memory ran out or text is empty.
 */
size_t csv_ranges(struct str text, struct csv_dialect dialect, const struct csv_limits *limits,
	const struct parallel *parallel, size_t parts, struct csv_range *ranges);

#endif
