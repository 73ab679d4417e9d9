/*
 * Rows of an office's file. See row_reader.h. Each sheet begins with a look ahead over its first rows, in which
 * the header is found; these rows are kept and given out first, the others come straight from the source.
 */
#include "daemon/ingest/row_reader.h"

#include "daemon/ingest/column_words.h"
#include "daemon/ingest/file_open.h"
#include "daemon/ingest/file_type.h"
#include "daemon/ingest/ingest_limits.h"
#include "daemon/ingest/row_shape.h"
#include "daemon/ingest/row_source.h"
#include "matcher/base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	HEAD_BYTES = 64 * 1024,
	AHEAD_ROWS = INGEST_TITLE_ROWS + INGEST_SAMPLE_ROWS,
	AHEAD_BYTES = 8 * 1024 * 1024, /* of cells kept by the look ahead */
	SHEET_ROLES = 2,               /* a sheet of a workbook is a list if its header names so many roles */
	NAME_MAX_BYTES = 200
};

struct row_reader {
	struct row_source *source;
	struct row_reader_options options;
	char name[NAME_MAX_BYTES];
	struct arena headers;   /* as long as the reader */
	struct arena sheet;     /* the current sheet's look ahead and sample */
	struct row_sheet *sheets[INGEST_SHEETS];
	uint32_t sheets_n;
	bool in_sheet;
	struct source_row ahead[AHEAD_ROWS];
	uint32_t ahead_n, ahead_at;
	bool ahead_is_all;      /* the sheet ended within the look ahead */
	bool below_signature;
	const struct str *sample;
	uint32_t sample_rows;
	struct str *cells;      /* of the row given out … */
	bool *numeric;          /* … and which of them are numbers, in a workbook */
	uint32_t cells_room;
	uint32_t rows;
	struct row_reader_notes notes;
};

static int context(const struct row_reader *reader, struct error *err)
{
	return error_context(err, reader->name, reader->name);
}

/* ---- the look ahead ---- */

/* Copies a source's row, whose cells would be gone with the next one, into the sheet's arena. */
static int keep_row(struct row_reader *reader, const struct source_row *row, struct error *err)
{
	struct source_row *kept = &reader->ahead[reader->ahead_n];
	struct str *cells = arena_array(&reader->sheet, row->n, sizeof *cells);

	if (!cells)
		return error_memory(err);
	for (uint32_t i = 0; i < row->n; i++) {
		cells[i] = arena_str(&reader->sheet, row->cells[i]);
		if (!cells[i].p)
			return error_memory(err);
	}
	*kept = *row;
	kept->cells = cells;
	if (row->numeric) {
		bool *numeric = arena_array(&reader->sheet, row->n, sizeof *numeric);

		if (!numeric)
			return error_memory(err);
		memcpy(numeric, row->numeric, row->n * sizeof *numeric);
		kept->numeric = numeric;
	}
	reader->ahead_n++;
	return 0;
}

/*
 * The next row of the sheet that is not empty. A row over several lines that is wider than the list was not meant to
 * be one: a quote was left open (width 0: not known yet).
 */
static int next_filled(struct row_reader *reader, uint32_t width, struct source_row *row, struct error *err)
{
	int result;

	while ((result = reader->source->next_row(reader->source, row, err)) == 1) {
		if (row->several_lines && width > 1 && row->n > width && reader->source->retry) {
			result = reader->source->retry(reader->source, row, err);
			if (result != 1)
				return result;
		}
		if (row->fault || !row_shape_is_empty(row->cells, row->n))
			return 1;
		reader->notes.empty_rows++;
	}
	return result;
}

static int look_ahead(struct row_reader *reader, struct error *err)
{
	uint32_t width = 0;

	arena_reset(&reader->sheet);
	reader->ahead_n = reader->ahead_at = 0;
	reader->ahead_is_all = false;
	while (reader->ahead_n < AHEAD_ROWS && reader->sheet.used < AHEAD_BYTES) {
		struct source_row row;
		int result = next_filled(reader, width, &row, err);

		if (result < 0)
			return -1;
		if (result == 0) {
			reader->ahead_is_all = true;
			break;
		}
		if (keep_row(reader, &row, err) != 0)
			return -1;
		if (!row.fault && row.n > width)
			width = row.n;
	}
	return 0;
}

/* ---- the header ---- */

/* A header's cell: trimmed, white space and line breaks within as single spaces. */
static struct str tidy(struct arena *arena, struct str cell)
{
	struct str text = arena_str(arena, str_trim(cell));
	char *p = (char *)text.p;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		bool space = p[i] == ' ' || (p[i] >= '\t' && p[i] <= '\r');

		if (!space || (n && p[n - 1] != ' '))
			p[n++] = space ? ' ' : p[i];
	}
	return (struct str){p, n};
}

/* A header that breaks a limit leaves nothing to read the rest by. */
static int refuse_header(const struct source_row *header, struct error *err)
{
	struct row row = {.line = header->line, .fault = header->fault, .fault_column = header->fault_column};

	row_fault_describe(&row, err);
	return -1;
}

/* One header of the chosen rows: the lower cell where it has text, else the upper one. */
static int make_header(struct row_reader *reader, const struct header_choice *choice, struct str name, struct error *err)
{
	struct row_sheet *sheet = arena_alloc(&reader->headers, sizeof *sheet);
	const struct source_row *top = &reader->ahead[choice->first], *low = top + choice->rows - 1;
	uint32_t n = top->n > low->n ? top->n : low->n;
	struct str *header = arena_array(&reader->headers, n, sizeof *header);

	if (top->fault && top->fault != ROW_UNCLOSED_QUOTE)
		return refuse_header(top, err);
	if (!sheet || !header)
		return error_memory(err);
	for (uint32_t i = 0; i < n; i++) {
		struct str cell = i < low->n ? str_trim(low->cells[i]) : (struct str){0};

		header[i] = tidy(&reader->headers, cell.n || i >= top->n ? cell : top->cells[i]);
		if (!header[i].p)
			return error_memory(err);
	}
	/* A workbook's cells are addressed, so that empty columns at the right mean nothing. */
	while (reader->source->type == ROW_FILE_XLSX && n > 1 && header[n - 1].n == 0)
		n--;
	sheet->name = arena_str(&reader->headers, name);
	sheet->header_line = top->line;
	sheet->n = n;
	sheet->header = header;
	if (!sheet->name.p)
		return error_memory(err);
	reader->sheets[reader->sheets_n++] = sheet;
	reader->ahead_at = choice->first + choice->rows + choice->numbered;
	return 0;
}

static void choose_header(const struct row_reader *reader, struct header_choice *choice)
{
	struct shape_row shapes[INGEST_TITLE_ROWS];
	uint32_t n = reader->ahead_n < INGEST_TITLE_ROWS ? reader->ahead_n : INGEST_TITLE_ROWS;

	for (uint32_t i = 0; i < n; i++)
		shapes[i] = (struct shape_row){reader->ahead[i].cells, reader->ahead[i].n};
	*choice = (struct header_choice){.rows = 1};
	if (reader->options.header == ROW_HEADER_FIND)
		row_shape_header(shapes, n, reader->options.synonyms, reader->options.synonyms_n, choice);
	else if (reader->options.header == ROW_HEADER_TABLE)
		row_shape_table_header(shapes, n, choice);
}

/* ---- rows ---- */

static const struct row_sheet *current(const struct row_reader *reader)
{
	return reader->sheets[reader->sheets_n - 1];
}

static enum row_kind kind_of(struct row_reader *reader, const struct source_row *row)
{
	const struct row_sheet *sheet = current(reader);

	if (row->fault || reader->options.keep_totals)
		return ROW_KIND_DATA;
	return row_shape_kind(row->cells, row->n, sheet->header, sheet->n, &reader->below_signature);
}

/* Trimmed, and without the apostrophe that keeps a spreadsheet from running a cell (see file_writer_cell_safe). */
static struct str clean(struct str cell)
{
	cell = str_trim(cell);
	if (cell.n > 1 && cell.p[0] == '\'' && memchr("=+-@", cell.p[1], 4)) {
		cell.p++;
		cell.n--;
	}
	return cell;
}

static int reserve_cells(struct row_reader *reader, uint32_t n, struct error *err)
{
	struct str *cells;
	bool *numeric;

	if (n <= reader->cells_room)
		return 0;
	cells = realloc(reader->cells, n * sizeof *cells);
	if (!cells)
		return error_memory(err);
	reader->cells = cells;
	numeric = realloc(reader->numeric, n * sizeof *numeric);
	if (!numeric)
		return error_memory(err);
	reader->numeric = numeric;
	reader->cells_room = n;
	return 0;
}

/* Brings a source's row to the width of its header. */
static int shape_row(struct row_reader *reader, const struct source_row *from, struct row *row, struct error *err)
{
	const struct row_sheet *sheet = current(reader);
	uint32_t n = from->n > sheet->n ? from->n : sheet->n;

	if (reserve_cells(reader, n, err) != 0)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		reader->cells[i] = i < from->n ? clean(from->cells[i]) : (struct str){"", 0};
		reader->numeric[i] = from->numeric && i < from->n && from->numeric[i];
	}
	*row = (struct row){
		.sheet = reader->sheets_n - 1,
		.line = from->line,
		.n = sheet->n,
		.fault = from->fault,
		.fault_column = from->fault_column,
		.cells = reader->cells,
		.numeric = from->numeric ? reader->numeric : NULL,
	};
	if (reader->source->type == ROW_FILE_CSV) {
		for (uint32_t i = sheet->n; i < from->n && !row->fault; i++)
			if (reader->cells[i].n) {
				row->fault = ROW_TOO_MANY_CELLS;
				row->fault_column = i + 1;
			}
		if (row->fault)
			row->n = n;
	}
	return 0;
}

static int make_sample(struct row_reader *reader, struct error *err)
{
	const struct row_sheet *sheet = current(reader);
	struct str *sample = arena_array(&reader->sheet, (size_t)INGEST_SAMPLE_ROWS * sheet->n, sizeof *sample);

	reader->sample = sample;
	reader->sample_rows = 0;
	if (!sample)
		return error_memory(err);
	for (uint32_t i = reader->ahead_at; i < reader->ahead_n && reader->sample_rows < INGEST_SAMPLE_ROWS; i++) {
		struct row row;

		if (reader->ahead[i].fault || kind_of(reader, &reader->ahead[i]) != ROW_KIND_DATA)
			continue;
		if (shape_row(reader, &reader->ahead[i], &row, err) != 0)
			return -1;
		memcpy(sample + (size_t)reader->sample_rows++ * sheet->n, row.cells, sheet->n * sizeof *sample);
	}
	reader->below_signature = false;
	return 0;
}

/* ---- sheets ---- */

/* Whether a sheet of a workbook holds a list, rather than notes, a cover, a pivot table. */
static bool is_list(const struct row_reader *reader, const struct header_choice *choice)
{
	if (reader->options.header == ROW_HEADER_FIRST)
		return true;
	return choice->roles >= SHEET_ROLES && (choice->names_somebody || reader->options.header == ROW_HEADER_TABLE);
}

/* 1: a sheet with a list begins; 0: there are no more; -1. */
static int next_sheet(struct row_reader *reader, struct error *err)
{
	struct str name;
	int result;

	while ((result = reader->source->next_sheet(reader->source, &name, err)) == 1) {
		struct header_choice choice = {.rows = 1};
		bool must = reader->sheets_n == 0 && reader->source->is_last_sheet(reader->source);

		if (reader->sheets_n == INGEST_SHEETS)
			return error_set(err, ERROR_INPUT, "Terlalu banyak lembar kerja (lebih dari %d). Bagi menjadi beberapa berkas.",
				"Too many sheets (more than %d). Divide the file.", INGEST_SHEETS);
		if (look_ahead(reader, err) != 0)
			return -1;
		if (reader->ahead_n)
			choose_header(reader, &choice);
		if (reader->ahead_n == 0 || (!must && reader->source->type == ROW_FILE_XLSX && !is_list(reader, &choice))) {
			reader->notes.empty_sheets++;
			continue;
		}
		reader->in_sheet = true;
		reader->below_signature = false;
		if (make_header(reader, &choice, name, err) != 0 || make_sample(reader, err) != 0)
			return -1;
		return 1;
	}
	return result;
}

int row_reader_next(struct row_reader *reader, struct row *row, struct error *err)
{
	for (;;) {
		struct source_row from;
		int result = 1;

		if (!reader->in_sheet) {
			result = next_sheet(reader, err);
			if (result < 0)
				return context(reader, err);
			if (result == 0)
				return 0;
		}
		if (reader->ahead_at < reader->ahead_n)
			from = reader->ahead[reader->ahead_at++];
		else
			result = reader->ahead_is_all ? 0 : next_filled(reader, current(reader)->n, &from, err);
		if (result < 0)
			return context(reader, err);
		if (result == 0) {
			reader->in_sheet = false;
			continue;
		}
		switch (kind_of(reader, &from)) {
		case ROW_KIND_TOTAL:
			reader->notes.total_rows++;
			continue;
		case ROW_KIND_OTHER:
			continue;
		case ROW_KIND_DATA:
			break;
		}
		if (shape_row(reader, &from, row, err) != 0)
			return context(reader, err);
		reader->notes.padded_rows += reader->source->type == ROW_FILE_CSV && from.n < current(reader)->n;
		row->row = ++reader->rows;
		return 1;
	}
}

/* ---- opening ---- */

static struct row_source *open_source(struct row_reader *reader, int fd, struct error *err)
{
	char *head = malloc(HEAD_BYTES);
	struct row_source *source = NULL;
	enum file_type type;
	struct stat st;
	size_t n = 0;
	ssize_t got = 1;

	if (!head) {
		error_memory(err);
		goto out;
	}
	while (n < HEAD_BYTES && got > 0) {
		got = read(fd, head + n, HEAD_BYTES - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
	}
	if (got < 0) {
		error_set(err, ERROR_SYSTEM, "Berkas tidak dapat dibaca (%s).", "The file cannot be read (%s).", strerror(errno));
		goto out;
	}
	if (file_type_find((struct str){head, n}, &type, err) != 0)
		goto out;
	if (type == FILE_ZIP)
		source = xlsx_source_new(fd, err);
	else
		source = csv_source_new(fd, (struct str){head, n},
			fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0, reader->options.delimiter, err);
	fd = -1;
out:
	if (fd >= 0)
		close(fd);
	free(head);
	return source;
}

struct row_reader *row_reader_open_fd(int fd, const struct row_reader_options *options, struct error *err)
{
	struct row_reader *reader = calloc(1, sizeof *reader);
	int result;

	if (!reader) {
		close(fd);
		error_memory(err);
		return NULL;
	}
	arena_init(&reader->headers, 0);
	arena_init(&reader->sheet, 0);
	if (options)
		reader->options = *options;
	snprintf(reader->name, sizeof reader->name, "%s", options && options->name ? options->name : "berkas");
	reader->source = open_source(reader, fd, err);
	result = reader->source ? next_sheet(reader, err) : -1;
	if (result == 0)
		error_set(err, ERROR_INPUT, "Tidak ada satu baris pun yang berisi. Simpan ulang daftarnya lalu kirim lagi.",
			"There is not a single row with anything in it. Save the list again and send it once more.");
	if (result != 1) {
		context(reader, err);
		row_reader_free(reader);
		return NULL;
	}
	return reader;
}

struct row_reader *row_reader_open(const char *path, const struct row_reader_options *options, struct error *err)
{
	struct row_reader_options with_name = options ? *options : (struct row_reader_options){0};
	int fd = file_open(path, err);

	if (fd < 0)
		return NULL;
	if (!with_name.name)
		with_name.name = file_open_name(path);
	return row_reader_open_fd(fd, &with_name, err);
}

/* ---- what is known about the file ---- */

uint32_t row_reader_sheets(const struct row_reader *reader)
{
	return reader->sheets_n;
}

const struct row_sheet *row_reader_sheet(const struct row_reader *reader, uint32_t sheet)
{
	return sheet < reader->sheets_n ? reader->sheets[sheet] : NULL;
}

const struct str *row_reader_sample(const struct row_reader *reader, uint32_t sheet, uint32_t *rows)
{
	*rows = sheet + 1 == reader->sheets_n ? reader->sample_rows : 0;
	return reader->sample;
}

void row_reader_progress(const struct row_reader *reader, uint64_t *done, uint64_t *total)
{
	reader->source->progress(reader->source, done, total);
}

enum row_file_type row_reader_type(const struct row_reader *reader)
{
	return reader->source->type;
}

char row_reader_delimiter(const struct row_reader *reader)
{
	return reader->source->delimiter(reader->source);
}

void row_reader_notes(const struct row_reader *reader, struct row_reader_notes *notes)
{
	*notes = reader->notes;
	reader->source->notes(reader->source, notes);
}

void row_reader_free(struct row_reader *reader)
{
	if (!reader)
		return;
	if (reader->source)
		reader->source->free(reader->source);
	arena_release(&reader->headers);
	arena_release(&reader->sheet);
	free(reader->cells);
	free(reader->numeric);
	free(reader);
}

void row_fault_describe(const struct row *row, struct error *reason)
{
	unsigned long long line = row->line;

	switch (row->fault) {
	case ROW_OK:
		break;
	case ROW_TOO_MANY_CELLS:
		error_set(reason, ERROR_INPUT,
			"Baris %llu, kolom %u: isi melebihi kolom terakhir; mungkin ada pemisah di dalam teks. Apit teks itu dengan tanda "
			"kutip atau hapus pemisahnya.",
			"Line %llu, column %u: there is text beyond the last column; perhaps a delimiter stands inside a text. Put that text "
			"in quotes or remove the delimiter.",
			line, row->fault_column);
		break;
	case ROW_UNCLOSED_QUOTE:
		error_set(reason, ERROR_INPUT,
			"Baris %llu, kolom %u: tanda kutip (\") dibuka tetapi tidak ditutup. Tutup atau hapus tanda kutip itu.",
			"Line %llu, column %u: a quote (\") is opened and not closed. Close or remove it.", line, row->fault_column);
		break;
	case ROW_CELL_TOO_LONG:
		error_set(reason, ERROR_INPUT, "Baris %llu, kolom %u: isi sel lebih dari %d KiB. Ringkas isinya.",
			"Line %llu, column %u: the cell holds more than %d KiB. Shorten it.", line, row->fault_column,
			INGEST_CELL_BYTES / 1024);
		break;
	case ROW_TOO_MANY_COLUMNS:
		error_set(reason, ERROR_INPUT, "Baris %llu: lebih dari %d kolom. Periksa pemisah kolomnya.",
			"Line %llu: more than %d columns. Check the delimiter.", line, INGEST_COLUMNS);
		break;
	case ROW_TOO_LONG:
		error_set(reason, ERROR_INPUT, "Baris %llu: barisnya lebih dari %d MiB. Periksa akhir barisnya.",
			"Line %llu: the row holds more than %d MiB. Check the line ends.", line,
			INGEST_RECORD_BYTES / 1024 / 1024);
		break;
	}
}
