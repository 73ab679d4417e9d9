/*
 * The CSV scanner: a walk over the bits of structural bytes. See csv_scan.h for the grammar.
 */
#include "daemon/ingest/csv_scan.h"

#include "daemon/ingest/ingest_limits.h"

#include <stdlib.h>

const struct csv_limits CSV_LIMITS = {INGEST_CELL_BYTES, INGEST_COLUMNS, INGEST_RECORD_BYTES, INGEST_RECORD_LINES};

enum { CELLS_FIRST = 64 };

void csv_scan_init(struct csv_scan *scan, struct csv_dialect dialect, const struct csv_limits *limits,
	struct arena *arena, uint64_t line)
{
	memset(scan, 0, offsetof(struct csv_scan, bits));
	scan->dialect = dialect;
	scan->limits = limits ? *limits : CSV_LIMITS;
	scan->arena = arena;
	scan->line = line;
	scan->mark = csv_mark_best();
}

void csv_scan_text(struct csv_scan *scan, struct str text, bool last)
{
	scan->text = text;
	scan->last = last;
	scan->at = 0;
	scan->marked_from = scan->marked_to = 0;
}

void csv_scan_seek(struct csv_scan *scan, size_t at, uint64_t line)
{
	scan->at = at;
	scan->line = line;
	scan->skipping = false;
}

void csv_scan_release(struct csv_scan *scan)
{
	free(scan->cells);
	free(scan->rewrite);
	scan->cells = NULL;
	scan->rewrite = NULL;
	scan->room = 0;
}

/* The first structural byte at or behind at, or text.n. */
static inline size_t next_mark(struct csv_scan *scan, size_t at)
{
	for (;;) {
		size_t relative = at - scan->marked_from;
		uint64_t word;

		if (__builtin_expect(relative >= scan->marked_to - scan->marked_from, 0)) {
			size_t n = scan->text.n > at ? scan->text.n - at : 0;
			char quote = scan->dialect.quote ? scan->dialect.quote : scan->dialect.delimiter;

			if (n == 0)
				return scan->text.n;
			if (n > CSV_WINDOW)
				n = CSV_WINDOW;
			scan->mark(scan->text.p + at, n, scan->dialect.delimiter, quote, scan->bits);
			scan->marked_from = at;
			scan->marked_to = at + n;
			relative = 0;
		}
		word = scan->bits[relative / 64] >> (relative % 64);
		if (word)
			return at + (size_t)__builtin_ctzll(word);
		at = scan->marked_from + (relative / 64 + 1) * 64;
	}
}

/* What one attempt at a record works with. */
struct attempt {
	const char *p;
	size_t end;      /* the text's end, or the end of the one physical line that is believed */
	bool one_line;   /* a quote that does not close on this line is text */
	bool closed;     /* nothing follows end: the text's last piece, or one line */
	uint32_t n;
	bool rewrites;
	unsigned faults;
	uint32_t fault_column;
	uint32_t breaks; /* line ends inside quotes so far */
};

enum step {
	STEP_CELL,    /* a cell ended at *at: on a delimiter, a line end, or the end */
	STEP_MORE,    /* the text ends too early */
	STEP_RUNAWAY, /* a quote was never closed: believe the first line alone */
	STEP_LIMIT,   /* the record ends here with a fault, the rest of its line is skipped */
	STEP_NO_MEMORY
};

static inline bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool make_room(struct csv_scan *scan)
{
	uint32_t room = scan->room ? scan->room * 2 : CELLS_FIRST;
	struct str *cells = realloc(scan->cells, room * sizeof *cells);
	uint8_t *rewrite;

	if (!cells)
		return false;
	scan->cells = cells;
	rewrite = realloc(scan->rewrite, room);
	if (!rewrite)
		return false;
	scan->rewrite = rewrite;
	scan->room = room;
	return true;
}

static enum step limit_reached(struct attempt *try, enum csv_fault fault)
{
	if (try->breaks && !try->one_line)
		return STEP_RUNAWAY;
	try->faults |= fault;
	try->fault_column = try->n;
	return STEP_LIMIT;
}

/* From at to the next delimiter or line end; quotes on the way are text. Returns where that is. */
static size_t plain_end(struct csv_scan *scan, const struct attempt *try, size_t at)
{
	for (;; at++) {
		at = next_mark(scan, at);
		if (at >= try->end)
			return try->end;
		if (try->p[at] != scan->dialect.quote || scan->dialect.quote == 0)
			return at;
	}
}

/* The cell is text[from, to); checks the limits and whether the text ended too early. */
static enum step end_cell(struct csv_scan *scan, struct attempt *try, size_t from, size_t to, bool rewrite)
{
	struct str *cell = &scan->cells[try->n];

	*cell = (struct str){try->p + from, to - from};
	scan->rewrite[try->n] = rewrite;
	try->rewrites |= rewrite;
	try->n++;
	if (cell->n > scan->limits.cell_bytes) {
		cell->n = scan->limits.cell_bytes;
		return limit_reached(try, CSV_CELL_TOO_LONG);
	}
	return STEP_CELL;
}

static enum step plain_cell(struct csv_scan *scan, struct attempt *try, size_t *at)
{
	size_t from = *at, to = plain_end(scan, try, from);

	*at = to;
	if (to == try->end && !try->closed && to - from <= scan->limits.cell_bytes)
		return STEP_MORE;
	return end_cell(scan, try, from, to, false);
}

/*
 * Walks from the opening quote at `open` to the closing one; *doubled tells whether a doubled quote was passed.
 * STEP_CELL: *at is the closing quote.
 */
static enum step find_closing(struct csv_scan *scan, struct attempt *try, size_t open, size_t *at, bool *doubled)
{
	const char *p = try->p;
	size_t q = open + 1;

	for (;;) {
		q = next_mark(scan, q);
		if (q - open > (size_t)scan->limits.cell_bytes * 2 + 2)
			return try->breaks ? STEP_RUNAWAY : STEP_LIMIT;
		if (q >= try->end)
			return try->closed ? STEP_RUNAWAY : STEP_MORE;
		if (p[q] == scan->dialect.quote) {
			if (q + 1 == try->end && !try->closed)
				return STEP_MORE;
			if (q + 1 == try->end || p[q + 1] != scan->dialect.quote)
				break;
			*doubled = true;
			q += 2;
		} else if (is_line_end(p[q])) {
			if (p[q] == '\r' && q + 1 == try->end && !try->closed)
				return STEP_MORE;
			if (p[q] == '\r' && q + 1 < try->end && p[q + 1] == '\n')
				q++;
			q++;
			if (++try->breaks >= scan->limits.record_lines)
				return STEP_RUNAWAY;
		} else {
			q++;
		}
	}
	*at = q;
	return STEP_CELL;
}

static enum step quoted_cell(struct csv_scan *scan, struct attempt *try, size_t *at)
{
	size_t open = *at, close, to;
	uint32_t breaks = try->breaks;
	bool doubled = false;
	enum step step = find_closing(scan, try, open, &close, &doubled);

	if (step == STEP_LIMIT || (step == STEP_RUNAWAY && try->one_line)) {
		/* Not closed on the one line that counts: the quote is text. */
		try->faults |= CSV_UNCLOSED_QUOTE;
		try->fault_column = try->n + 1;
		return plain_cell(scan, try, at);
	}
	if (step != STEP_CELL)
		return step;
	to = close + 1;
	if (to == try->end || try->p[to] == scan->dialect.delimiter || is_line_end(try->p[to])) {
		*at = to;
		return end_cell(scan, try, open + 1, close, doubled);
	}
	if (try->breaks > breaks)
		return STEP_RUNAWAY;
	to = plain_end(scan, try, to);
	if (to == try->end && !try->closed && to - open - 1 <= scan->limits.cell_bytes)
		return STEP_MORE;
	*at = to;
	try->faults |= CSV_STRAY_QUOTE;
	try->fault_column = try->n + 1;
	return end_cell(scan, try, open + 1, to, true);
}

/* Cells from *at on, up to the record's end; *at is then on the line end (or the end, or where a limit struck). */
static enum step scan_cells(struct csv_scan *scan, struct attempt *try, size_t *at)
{
	size_t begin = *at;

	for (;;) {
		enum step step;

		if (try->n == scan->room && !make_room(scan))
			return STEP_NO_MEMORY;
		if (try->n == scan->limits.columns)
			return limit_reached(try, CSV_TOO_MANY_COLUMNS);
		if (*at < try->end && scan->dialect.quote && try->p[*at] == scan->dialect.quote)
			step = quoted_cell(scan, try, at);
		else
			step = plain_cell(scan, try, at);
		if (step != STEP_CELL)
			return step;
		if (*at - begin > scan->limits.record_bytes)
			return limit_reached(try, CSV_RECORD_TOO_LONG);
		if (*at == try->end || try->p[*at] != scan->dialect.delimiter)
			return STEP_CELL;
		++*at;
	}
}

/* Rewrites one cell: what stands behind the opening quote, with doubled quotes halved and the closing one dropped. */
static bool rewrite_cell(struct csv_scan *scan, struct str *cell)
{
	char *out = arena_alloc(scan->arena, cell->n + 1);
	size_t n = 0;
	bool inside = true;

	if (!out)
		return false;
	for (size_t i = 0; i < cell->n; i++) {
		if (inside && cell->p[i] == scan->dialect.quote) {
			if (i + 1 < cell->n && cell->p[i + 1] == scan->dialect.quote) {
				i++;
			} else {
				inside = false;
				continue;
			}
		}
		out[n++] = cell->p[i];
	}
	*cell = (struct str){out, n};
	return true;
}

static enum csv_result finish_record(struct csv_scan *scan, const struct attempt *try, size_t at, bool limited,
	struct csv_record *record)
{
	size_t begin = scan->at;

	for (uint32_t i = 0; try->rewrites && i < try->n; i++)
		if (scan->rewrite[i] && !rewrite_cell(scan, &scan->cells[i]))
			return CSV_NO_MEMORY;
	*record = (struct csv_record){
		.cells = scan->cells,
		.n = try->n,
		.faults = try->faults,
		.fault_column = try->fault_column,
		.line = scan->line,
		.lines = try->breaks,
		.begin = begin,
	};
	scan->record_begin = begin;
	scan->record_line = scan->line;
	scan->skipping = limited;
	if (!limited && at < scan->text.n) {
		at += scan->text.p[at] == '\r' && at + 1 < scan->text.n && scan->text.p[at + 1] == '\n' ? 2 : 1;
		record->lines++;
	}
	record->end = at;
	scan->at = at;
	scan->line += record->lines;
	return CSV_RECORD;
}

/* The end of the physical line that begins at `at`. */
static size_t line_end(struct csv_scan *scan, size_t at)
{
	while ((at = next_mark(scan, at)) < scan->text.n && !is_line_end(scan->text.p[at]))
		at++;
	return at;
}

static enum csv_result scan_line(struct csv_scan *scan, struct csv_record *record)
{
	struct attempt try = {.p = scan->text.p, .one_line = true, .closed = true, .faults = CSV_UNCLOSED_QUOTE};
	size_t at = scan->at;
	enum step step;

	try.end = line_end(scan, at);
	step = scan_cells(scan, &try, &at);
	if (step == STEP_NO_MEMORY)
		return CSV_NO_MEMORY;
	return finish_record(scan, &try, at, step == STEP_LIMIT, record);
}

bool csv_scan_skip(struct csv_scan *scan)
{
	size_t at;

	if (!scan->skipping)
		return true;
	at = line_end(scan, scan->at);
	scan->at = at;
	if (at == scan->text.n)
		return false;
	if (scan->text.p[at] == '\r') {
		if (at + 1 == scan->text.n && !scan->last)
			return false;
		if (at + 1 < scan->text.n && scan->text.p[at + 1] == '\n')
			at++;
	}
	scan->at = at + 1;
	scan->line++;
	scan->skipping = false;
	return true;
}

enum csv_result csv_scan_next(struct csv_scan *scan, struct csv_record *record)
{
	struct attempt try = {.p = scan->text.p, .end = scan->text.n, .closed = scan->last};
	size_t at;
	enum step step;

	if (!csv_scan_skip(scan) || scan->at >= scan->text.n)
		return scan->last ? CSV_END : CSV_MORE;
	at = scan->at;
	step = scan_cells(scan, &try, &at);
	switch (step) {
	case STEP_NO_MEMORY:
		return CSV_NO_MEMORY;
	case STEP_MORE:
		return CSV_MORE;
	case STEP_RUNAWAY:
		return scan_line(scan, record);
	case STEP_CELL:
		/* A CR at the end of a piece may be half of a CR LF. */
		if (!scan->last && at + 1 == scan->text.n && scan->text.p[at] == '\r')
			return CSV_MORE;
		break;
	case STEP_LIMIT:
		break;
	}
	return finish_record(scan, &try, at, step == STEP_LIMIT, record);
}

enum csv_result csv_scan_retry_line(struct csv_scan *scan, struct csv_record *record)
{
	csv_scan_seek(scan, scan->record_begin, scan->record_line);
	return scan_line(scan, record);
}

bool csv_record_is_blank(const struct csv_record *record)
{
	return record->n == 1 && str_trim(record->cells[0]).n == 0;
}
