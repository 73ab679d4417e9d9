/*
 * A whole CSV file in memory. See csv_table.h.
 *
 * Pages of a mapped file count as the process's memory while they are in use; those of a range that was scanned are
 * handed back to the page cache, from which they come again should anybody look.
 */
#include "daemon/ingest/csv_table.h"

#include "daemon/ingest/encoding.h"
#include "daemon/ingest/file_open.h"
#include "daemon/ingest/file_type.h"
#include "daemon/ingest/ingest_limits.h"
#include "daemon/ingest/row_shape.h"
#include "daemon/ingest/table_workbook.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 64 * 1024, TOP_BYTES = 8 * 1024 * 1024 /* in which the header has to be */ };

static int cannot_read(const struct csv_table *table, struct error *err)
{
	return error_set(err, ERROR_SYSTEM, "%s: tidak dapat dibaca (%s).",
		"%s: cannot be read (%s).", table->name, strerror(errno));
}

/* Pipes and devices cannot be mapped: their bytes are read into memory. */
static int read_all(struct csv_table *table, int fd, struct str *bytes, struct error *err)
{
	size_t n = 0, room = 0;

	for (;;) {
		ssize_t got;

		if (n == room) {
			char *grown = realloc(table->converted, room = room ? room * 2 : 1024 * 1024);

			if (!grown)
				return error_memory(err);
			table->converted = grown;
		}
		got = read(fd, table->converted + n, room - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(table, err);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*bytes = (struct str){table->converted, n};
	return 0;
}

static int load(struct csv_table *table, int fd, struct str *bytes, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cannot_read(table, err);
	if (!S_ISREG(st.st_mode))
		return read_all(table, fd, bytes, err);
	*bytes = (struct str){"", 0};
	if (st.st_size == 0)
		return 0;
	table->mapping = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (table->mapping == MAP_FAILED) {
		table->mapping = NULL;
		return cannot_read(table, err);
	}
	table->mapping_size = (size_t)st.st_size;
	madvise(table->mapping, table->mapping_size, MADV_SEQUENTIAL);
	*bytes = (struct str){table->mapping, table->mapping_size};
	return 0;
}

static void unmap(struct csv_table *table)
{
	if (table->mapping)
		munmap(table->mapping, table->mapping_size);
	table->mapping = NULL;
}

/* Bytes → UTF-8 without BOM: where they are if they are clean, else converted piece by piece into memory. */
static int settle_encoding(struct csv_table *table, struct str bytes, struct error *err)
{
	struct decoder decoder;
	struct str head = {bytes.p, bytes.n < HEAD_BYTES ? bytes.n : HEAD_BYTES};
	size_t bom = decoder_init(&decoder, head), n = 0, room = 0;
	char *text = NULL;

	bytes.p += bom;
	bytes.n -= bom;
	if (!decoder.utf16 && encoding_clean_prefix(bytes) == bytes.n) {
		table->text = bytes;
		return 0;
	}
	for (size_t at = 0; at < bytes.n;) {
		size_t piece = bytes.n - at < INGEST_READ_BYTES ? bytes.n - at : INGEST_READ_BYTES;

		if (room - n < decoder_room(piece)) {
			char *grown = realloc(text, room = room + room / 2 + 4 * decoder_room(INGEST_READ_BYTES));

			if (!grown) {
				free(text);
				return error_memory(err);
			}
			text = grown;
		}
		n += decoder_feed(&decoder, (struct str){bytes.p + at, piece}, at + piece == bytes.n, text + n);
		at += piece;
	}
	free(table->converted);
	unmap(table);
	table->converted = text;
	table->text = text ? (struct str){text, n} : (struct str){"", 0}; /* a BOM alone */
	return 0;
}

/* The first records that have any text, copied: among them is the header. */
struct top {
	struct shape_row rows[INGEST_TITLE_ROWS];
	struct row_place {
		size_t end;
		uint64_t next_line;
		unsigned faults;
	} places[INGEST_TITLE_ROWS];
	uint32_t n;
};

static int keep_record(struct csv_table *table, struct top *top, const struct csv_record *record, const struct csv_scan *scan)
{
	struct str *cells = arena_array(&table->arena, record->n, sizeof *cells);

	if (!cells)
		return -1;
	for (uint32_t i = 0; i < record->n; i++)
		cells[i] = str_trim(record->cells[i]);
	top->rows[top->n] = (struct shape_row){cells, record->n};
	top->places[top->n] = (struct row_place){scan->at, scan->line, record->faults};
	top->n++;
	return 0;
}

static int read_top(struct csv_table *table, struct top *top, struct error *err)
{
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result = CSV_END;
	size_t begin = 0;

	csv_scan_init(&scan, table->dialect, NULL, &table->arena, 1);
	csv_scan_text(&scan, table->text, true);
	while (top->n < INGEST_TITLE_ROWS && begin < TOP_BYTES && (result = csv_scan_next(&scan, &record)) == CSV_RECORD) {
		csv_scan_skip(&scan);
		begin = scan.at;
		if (!row_shape_is_empty(record.cells, record.n) && keep_record(table, top, &record, &scan) < 0)
			result = CSV_NO_MEMORY;
		if (result == CSV_NO_MEMORY)
			break;
	}
	csv_scan_release(&scan);
	return result == CSV_NO_MEMORY ? error_memory(err) : 0;
}

/* The header of a text that is all table. */
static int read_first(struct csv_table *table, struct error *err)
{
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result;

	csv_scan_init(&scan, table->dialect, NULL, &table->arena, 1);
	csv_scan_text(&scan, table->text, true);
	result = csv_scan_next(&scan, &record);
	if (result == CSV_RECORD) {
		table->body = scan.at;
		table->body_line = scan.line;
		table->columns = record.n;
		table->header = arena_array(&table->arena, record.n, sizeof *table->header);
		if (table->header)
			memcpy(table->header, record.cells, record.n * sizeof *table->header);
	}
	csv_scan_release(&scan);
	return result == CSV_RECORD && table->header ? 0 : error_memory(err);
}

/* One header of the chosen rows: the lower cell where it has text, else the upper one. */
static int make_header(struct csv_table *table, const struct shape_row *rows, const struct header_choice *choice, struct error *err)
{
	const struct shape_row *upper = &rows[choice->first], *lower = upper + choice->rows - 1;
	const uint32_t columns = upper->n > lower->n ? upper->n : lower->n;
	struct str *header = arena_array(&table->arena, columns, sizeof *header);

	if (!header)
		return error_memory(err);
	for (uint32_t i = 0; i < columns; i++)
		header[i] = i < lower->n && (lower->cells[i].n || i >= upper->n) ? lower->cells[i] : upper->cells[i];
	table->header = header;
	table->columns = columns;
	return 0;
}

static int read_header(struct csv_table *table, struct error *err)
{
	struct top *top = calloc(1, sizeof *top);
	struct header_choice choice;
	uint32_t last;
	int result = -1;

	if (!top) {
		error_memory(err);
		goto out;
	}
	if (read_top(table, top, err) < 0)
		goto out;
	if (top->n == 0) {
		error_set(err, ERROR_INPUT, "%s: tidak ada satu baris pun yang berisi.",
			"%s: there is not a single row with anything in it.", table->name);
		goto out;
	}
	row_shape_table_header(top->rows, top->n, &choice);
	last = choice.first + choice.rows - 1;
	if (top->places[choice.first].faults & (CSV_CELL_TOO_LONG | CSV_TOO_MANY_COLUMNS | CSV_RECORD_TOO_LONG)) {
		error_set(err, ERROR_INPUT, "%s: baris judul terlalu panjang (paling banyak %d kolom). Periksa pemisah kolomnya.",
			"%s: the header is too long (at most %d columns). Check the delimiter.", table->name, INGEST_COLUMNS);
		goto out;
	}
	table->is_list = choice.names_somebody;
	table->body = top->places[last + choice.numbered].end;
	table->body_line = top->places[last + choice.numbered].next_line;
	result = make_header(table, top->rows, &choice, err);
out:
	free(top);
	return result;
}

static struct str whole_lines(struct str text)
{
	const char *end;

	if (text.n <= HEAD_BYTES)
		return text;
	end = memrchr(text.p, '\n', HEAD_BYTES);
	return (struct str){text.p, end ? (size_t)(end - text.p) + 1 : HEAD_BYTES};
}

/* The rows come as the text of a CSV table without titles. The descriptor is the reader's. */
static int open_workbook(struct csv_table *table, int fd, struct error *err)
{
	struct workbook_text book;

	if (table_workbook_read(fd, table->name, &book, err) < 0)
		return -1;
	free(table->converted);
	table->converted = book.text;
	table->text = (struct str){book.text, book.n};
	table->dialect = TABLE_WORKBOOK_DIALECT;
	table->workbook = true;
	table->is_list = false; /* totals were left out on the way */
	return read_first(table, err);
}

int csv_table_open(struct csv_table *table, const char *path, struct error *err)
{
	int fd = file_open(path, err), result = -1;
	struct str bytes;
	enum file_type type;

	memset(table, 0, sizeof *table);
	table->name = file_open_name(path);
	arena_init(&table->arena, 0);
	if (fd < 0)
		goto out;
	if (load(table, fd, &bytes, err) != 0)
		goto out;
	if (file_type_find((struct str){bytes.p, bytes.n < HEAD_BYTES ? bytes.n : HEAD_BYTES}, &type, err) != 0) {
		error_context(err, table->name, table->name);
		goto out;
	}
	if (type == FILE_ZIP && !table->mapping) {
		error_set(err, ERROR_INPUT, "%s: buku kerja tidak dapat dibaca dari pipa. Simpan dulu sebagai berkas.",
			"%s: a workbook cannot be read from a pipe. Save it as a file first.", table->name);
		goto out;
	}
	if (type == FILE_ZIP) {
		unmap(table);
		result = open_workbook(table, fd, err);
		fd = -1;
		goto out;
	}
	if (settle_encoding(table, bytes, err) != 0)
		goto out;
	table->dialect = csv_dialect_guess(whole_lines(table->text));
	result = table->dialect.delimiter ? read_header(table, err) : error_memory(err);
out:
	if (fd >= 0)
		close(fd);
	if (result != 0)
		csv_table_release(table);
	return result;
}

/* Hands the mapped pages that lie wholly within a part of the text back. */
static void drop_pages(const struct csv_table *table, size_t begin, size_t end)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)table->text.p + begin + page - 1) & ~(page - 1);
	uintptr_t to = ((uintptr_t)table->text.p + end) & ~(page - 1);

	if (table->mapping && to > from)
		madvise((void *)from, to - from, MADV_DONTNEED);
}

int csv_table_ranges(struct csv_table *table, const struct parallel *parallel, size_t parts,
	struct csv_table_range *ranges, size_t *ret_n, struct error *err)
{
	struct str body = {table->text.p + table->body, table->text.n - table->body};
	struct csv_range *found = calloc(parts ? parts : 1, sizeof *found);
	size_t n;

	if (!found)
		return error_memory(err);
	n = csv_ranges(body, table->dialect, NULL, parallel, parts, found);
	for (size_t i = 0; i < n; i++)
		ranges[i] = (struct csv_table_range){table->body + found[i].begin, table->body + found[i].end,
			table->body_line + found[i].line - 1, found[i].records};
	free(found);
	drop_pages(table, table->body, table->text.n);
	*ret_n = n;
	return n == 0 && body.n && parts ? error_memory(err) : 0;
}

/* A record as a row: trimmed cells, as many as the header has. */
struct shaping {
	const struct csv_table *table;
	struct str *cells;
	bool *numeric;
	bool below_signature;
};

static void shape_record(struct shaping *shaping, const struct csv_record *record, struct csv_table_row *out)
{
	uint32_t columns = shaping->table->columns, n = record->n < columns ? record->n : columns;

	for (uint32_t i = 0; i < n; i++)
		shaping->cells[i] = str_trim(record->cells[i]);
	for (uint32_t i = n; i < columns; i++)
		shaping->cells[i] = (struct str){"", 0};
	out->line = record->line;
	out->faults = record->faults;
	for (uint32_t i = n; i < record->n; i++)
		if (str_trim(record->cells[i]).n)
			out->faults |= CSV_TABLE_EXTRA_CELLS;
	for (uint32_t i = 0; shaping->numeric && i < columns; i++) {
		struct str *cell = &shaping->cells[i];

		shaping->numeric[i] = cell->n > 0 && cell->p[0] == TABLE_WORKBOOK_NUMBER;
		cell->p += shaping->numeric[i];
		cell->n -= shaping->numeric[i];
	}
}

int csv_table_scan(const struct csv_table *table, const struct csv_table_range *range, struct arena *arena,
	int (*row)(void *arg, const struct csv_table_row *row), void *arg, struct error *err)
{
	struct shaping shaping = {.table = table, .cells = calloc(table->columns, sizeof *shaping.cells),
		.numeric = table->workbook ? calloc(table->columns, sizeof *shaping.numeric) : NULL};
	struct csv_table_row out = {.cells = shaping.cells, .numeric = shaping.numeric};
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result = CSV_END;
	int stopped = 0;

	if (!shaping.cells || (table->workbook && !shaping.numeric)) {
		stopped = error_memory(err);
		goto out;
	}
	csv_scan_init(&scan, table->dialect, NULL, arena, 1);
	csv_scan_text(&scan, table->text, true);
	csv_scan_seek(&scan, range->begin, range->line);
	while (stopped == 0 && scan.at < range->end && (result = csv_scan_next(&scan, &record)) == CSV_RECORD) {
		csv_scan_skip(&scan);
		if (csv_record_is_blank(&record))
			continue;
		if (table->is_list && (row_shape_is_empty(record.cells, record.n) ||
			row_shape_kind(record.cells, record.n, table->header, table->columns, &shaping.below_signature) != ROW_KIND_DATA))
			continue;
		shape_record(&shaping, &record, &out);
		stopped = row(arg, &out);
	}
	csv_scan_release(&scan);
	drop_pages(table, range->begin, range->end);
	if (result == CSV_NO_MEMORY)
		stopped = error_memory(err);
out:
	free(shaping.cells);
	free(shaping.numeric);
	return stopped;
}

void csv_table_release(struct csv_table *table)
{
	unmap(table);
	free(table->converted);
	table->converted = NULL;
	arena_release(&table->arena);
	table->text = (struct str){0};
	table->header = NULL;
	table->columns = 0;
}
