/*
 * A text file as raw rows: read in pieces, decoded, scanned. See row_source.h.
 */
#include "daemon/ingest/row_source.h"

#include "daemon/ingest/csv_scan.h"
#include "daemon/ingest/encoding.h"
#include "daemon/ingest/ingest_limits.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct csv_source {
	struct row_source source;
	int fd;
	uint64_t size, read;
	bool at_end, sheet_given;
	struct csv_dialect dialect;
	struct decoder decoder;
	struct csv_scan scan;
	struct arena arena; /* of one record's rewritten cells */
	char *raw;          /* INGEST_READ_BYTES */
	char *window;       /* decoded and not yet scanned */
	size_t window_n, window_room;
};

static struct csv_source *of(struct row_source *source)
{
	return (struct csv_source *)source;
}

/* Room for `more` bytes behind the window's contents. */
static int make_room(struct csv_source *csv, size_t more, struct error *err)
{
	size_t room = csv->window_room;
	char *window;

	if (csv->window_n + more <= room)
		return 0;
	while (room < csv->window_n + more)
		room = room ? room * 2 : 1024 * 1024;
	window = realloc(csv->window, room);
	if (!window)
		return error_memory(err);
	csv->window = window;
	csv->window_room = room;
	return 0;
}

/* Bytes of the file: counted, decoded to the window's end. */
static int take(struct csv_source *csv, const char *bytes, size_t n, struct error *err)
{
	if (make_room(csv, decoder_room(n), err) != 0)
		return -1;
	csv->at_end = n == 0;
	csv->window_n += decoder_feed(&csv->decoder, (struct str){bytes, n}, csv->at_end, csv->window + csv->window_n);
	return 0;
}

static int read_piece(struct csv_source *csv, struct error *err)
{
	ssize_t n;

	do
		n = read(csv->fd, csv->raw, INGEST_READ_BYTES);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set(err, ERROR_SYSTEM, "Berkas gagal dibaca (%s). Periksa media penyimpanannya.",
			"Reading the file failed (%s). Check the disk that it is on.", strerror(errno));
	csv->read += (uint64_t)n;
	return take(csv, csv->raw, (size_t)n, err);
}

/* Drops what was scanned and reads at least as much again as is left, so that long records are not scanned too often. */
static int refill(struct csv_source *csv, struct error *err)
{
	size_t rest = csv->window_n - csv->scan.at;

	memmove(csv->window, csv->window + csv->scan.at, rest);
	csv->window_n = rest;
	do {
		if (read_piece(csv, err) != 0)
			return -1;
	} while (!csv->at_end && csv->window_n < 2 * rest);
	csv_scan_text(&csv->scan, (struct str){csv->window, csv->window_n}, csv->at_end);
	return 0;
}

static enum row_fault fault_of(unsigned faults)
{
	if (faults & CSV_UNCLOSED_QUOTE)
		return ROW_UNCLOSED_QUOTE;
	if (faults & CSV_CELL_TOO_LONG)
		return ROW_CELL_TOO_LONG;
	if (faults & CSV_TOO_MANY_COLUMNS)
		return ROW_TOO_MANY_COLUMNS;
	return faults & CSV_RECORD_TOO_LONG ? ROW_TOO_LONG : ROW_OK;
}

static int give(enum csv_result result, const struct csv_record *record, struct source_row *row, struct error *err)
{
	if (result == CSV_NO_MEMORY)
		return error_memory(err);
	if (result == CSV_END)
		return 0;
	*row = (struct source_row){
		.cells = record->cells,
		.n = record->n,
		.line = record->line,
		.fault = fault_of(record->faults),
		.fault_column = record->fault_column,
		.several_lines = record->lines > 1,
	};
	return 1;
}

static int csv_next_row(struct row_source *source, struct source_row *row, struct error *err)
{
	struct csv_source *csv = of(source);
	struct csv_record record;
	enum csv_result result;

	if (csv->arena.used)
		arena_reset(&csv->arena);
	while ((result = csv_scan_next(&csv->scan, &record)) == CSV_MORE)
		if (refill(csv, err) != 0)
			return -1;
	return give(result, &record, row, err);
}

static int csv_retry(struct row_source *source, struct source_row *row, struct error *err)
{
	struct csv_record record;
	enum csv_result result = csv_scan_retry_line(&of(source)->scan, &record);

	return give(result, &record, row, err);
}

static int csv_next_sheet(struct row_source *source, struct str *name, struct error *err)
{
	struct csv_source *csv = of(source);

	(void)err;
	if (csv->sheet_given)
		return 0;
	csv->sheet_given = true;
	*name = (struct str){"", 0};
	return 1;
}

static bool csv_is_last_sheet(const struct row_source *source)
{
	(void)source;
	return true;
}

static void csv_progress(const struct row_source *source, uint64_t *done, uint64_t *total)
{
	const struct csv_source *csv = (const struct csv_source *)source;

	*done = csv->read;
	*total = csv->size;
}

static void csv_notes(const struct row_source *source, struct row_reader_notes *notes)
{
	const struct decoder *decoder = &((const struct csv_source *)source)->decoder;

	notes->encoding = decoder_encoding(decoder);
	notes->nul_bytes = decoder->nul_bytes;
	notes->nul_line = decoder->nul_line;
	notes->fallback_bytes = decoder->fallback_bytes;
	notes->fallback_line = decoder->fallback_line;
}

static char csv_delimiter(const struct row_source *source)
{
	return ((const struct csv_source *)source)->dialect.delimiter;
}

static void csv_free(struct row_source *source)
{
	struct csv_source *csv = of(source);

	if (csv->fd >= 0)
		close(csv->fd);
	csv_scan_release(&csv->scan);
	arena_release(&csv->arena);
	free(csv->raw);
	free(csv->window);
	free(csv);
}

/* Takes the head, and settles encoding and delimiter by it. */
static int begin(struct csv_source *csv, struct str head, char delimiter, struct error *err)
{
	size_t bom = decoder_init(&csv->decoder, head);

	csv->read = head.n;
	if (head.n > bom && take(csv, head.p + bom, head.n - bom, err) != 0)
		return -1;
	if (delimiter) {
		csv->dialect = (struct csv_dialect){delimiter, '"'};
	} else {
		const char *end = memrchr(csv->window, '\n', csv->window_n);
		size_t whole = end ? (size_t)(end - csv->window) + 1 : csv->window_n;

		csv->dialect = csv_dialect_guess((struct str){csv->window, whole});
		if (!csv->dialect.delimiter)
			return error_memory(err);
	}
	csv_scan_init(&csv->scan, csv->dialect, NULL, &csv->arena, 1);
	csv_scan_text(&csv->scan, (struct str){csv->window, csv->window_n}, false);
	return 0;
}

struct row_source *csv_source_new(int fd, struct str head, uint64_t size, char delimiter, struct error *err)
{
	struct csv_source *csv = calloc(1, sizeof *csv);

	if (!csv) {
		close(fd);
		error_memory(err);
		return NULL;
	}
	csv->source = (struct row_source){ROW_FILE_CSV, csv_next_sheet, csv_next_row, csv_retry, csv_is_last_sheet,
		csv_progress, csv_notes, csv_delimiter, csv_free};
	csv->fd = fd;
	csv->size = size;
	arena_init(&csv->arena, 0);
	csv->raw = malloc(INGEST_READ_BYTES);
	if (!csv->raw || make_room(csv, 1, err) != 0)
		error_memory(err);
	else if (begin(csv, head, delimiter, err) == 0)
		return &csv->source;
	csv_free(&csv->source);
	return NULL;
}
