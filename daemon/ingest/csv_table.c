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

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 64 * 1024 };

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
	table->text = (struct str){text, n};
	return 0;
}

static int read_header(struct csv_table *table, struct error *err)
{
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result;

	csv_scan_init(&scan, table->dialect, NULL, &table->arena, 1);
	csv_scan_text(&scan, table->text, true);
	do
		result = csv_scan_next(&scan, &record);
	while (result == CSV_RECORD && csv_record_is_blank(&record));
	if (result == CSV_RECORD) {
		csv_scan_skip(&scan);
		table->body = scan.at;
		table->body_line = scan.line;
		table->columns = record.n;
		table->header = arena_array(&table->arena, record.n, sizeof *table->header);
		for (uint32_t i = 0; table->header && i < record.n; i++)
			table->header[i] = str_trim(record.cells[i]);
	}
	csv_scan_release(&scan);
	if (result == CSV_NO_MEMORY || (result == CSV_RECORD && !table->header))
		return error_memory(err);
	if (result == CSV_END)
		return error_set(err, ERROR_INPUT, "%s: tidak ada satu baris pun yang berisi.",
			"%s: there is not a single row with anything in it.", table->name);
	if (record.faults & (CSV_CELL_TOO_LONG | CSV_TOO_MANY_COLUMNS | CSV_RECORD_TOO_LONG))
		return error_set(err, ERROR_INPUT, "%s: baris judul terlalu panjang (paling banyak %d kolom). Periksa pemisah kolomnya.",
			"%s: the header is too long (at most %d columns). Check the delimiter.", table->name, INGEST_COLUMNS);
	return 0;
}

static struct str whole_lines(struct str text)
{
	const char *end;

	if (text.n <= HEAD_BYTES)
		return text;
	end = memrchr(text.p, '\n', HEAD_BYTES);
	return (struct str){text.p, end ? (size_t)(end - text.p) + 1 : HEAD_BYTES};
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
	if (type == FILE_ZIP) {
		error_set(err, ERROR_INPUT, "%s: buku kerja (.xlsx); simpan sebagai CSV untuk perintah ini.",
			"%s: a workbook (.xlsx); save it as CSV for this command.", table->name);
		goto out;
	}
	if (settle_encoding(table, bytes, err) != 0)
		goto out;
	table->dialect = csv_dialect_guess(whole_lines(table->text));
	result = read_header(table, err);
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
	struct csv_table_range *ranges, size_t *ret_n, uint64_t *ret_rows, struct error *err)
{
	struct str body = {table->text.p + table->body, table->text.n - table->body};
	struct csv_range *found = calloc(parts ? parts : 1, sizeof *found);
	uint64_t row = 0;
	size_t n;

	if (!found)
		return error_memory(err);
	n = csv_ranges(body, table->dialect, NULL, parallel, parts, found);
	for (size_t i = 0; i < n; i++) {
		ranges[i] = (struct csv_table_range){table->body + found[i].begin, table->body + found[i].end,
			table->body_line + found[i].line - 1, row, found[i].records};
		row += found[i].records;
	}
	free(found);
	drop_pages(table, table->body, table->text.n);
	*ret_n = n;
	*ret_rows = row;
	return n == 0 && body.n && parts ? error_memory(err) : 0;
}

int csv_table_scan(const struct csv_table *table, const struct csv_table_range *range, struct arena *arena,
	int (*row)(void *arg, const struct csv_table_row *row), void *arg, struct error *err)
{
	struct str *cells = calloc(table->columns, sizeof *cells);
	struct csv_table_row out = {.row = range->row, .cells = cells};
	struct csv_scan scan;
	struct csv_record record;
	enum csv_result result = CSV_END;
	int stopped = 0;

	if (!cells)
		return error_memory(err);
	csv_scan_init(&scan, table->dialect, NULL, arena, 1);
	csv_scan_text(&scan, table->text, true);
	csv_scan_seek(&scan, range->begin, range->line);
	while (stopped == 0 && scan.at < range->end && (result = csv_scan_next(&scan, &record)) == CSV_RECORD) {
		uint32_t n = record.n < table->columns ? record.n : table->columns;

		csv_scan_skip(&scan);
		if (csv_record_is_blank(&record))
			continue;
		for (uint32_t i = 0; i < n; i++)
			cells[i] = str_trim(record.cells[i]);
		for (uint32_t i = n; i < table->columns; i++)
			cells[i] = (struct str){"", 0};
		out.faults = record.faults;
		for (uint32_t i = n; i < record.n; i++)
			if (str_trim(record.cells[i]).n)
				out.faults |= CSV_TABLE_EXTRA_CELLS;
		out.line = record.line;
		stopped = row(arg, &out);
		out.row++;
	}
	csv_scan_release(&scan);
	free(cells);
	drop_pages(table, range->begin, range->end);
	return stopped ? stopped : result == CSV_NO_MEMORY ? error_memory(err) : 0;
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
