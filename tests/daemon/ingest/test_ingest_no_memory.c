/*
 * Reading files with the n-th allocation failing, for every n: an error, no leak (under the address sanitizer), no row that
 * was not there; and a reader's end is the same as without failures once memory is back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "daemon/ingest/column_map.h"
#include "daemon/ingest/csv_table.h"
#include "daemon/ingest/row_reader.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/temp_file.h"

static const char LIST[] = "DAFTAR PENERIMA;;;\n\nNIK;Nama;Tgl Lahir;Desa\n1505011203800001;SLAMET;12/03/1980;Sengeti\n"
			   "1505015204810002;\"SITI \"\"A\"\"\nAMINAH\";12/04/1981;Sengeti\n3;BUDI;;;lebih\nJUMLAH;3;;\n";

/* A quote that is never closed: the reader goes back and begins again behind its line. */
static const char OPEN_QUOTE[] = "NIK;Nama;Desa\n1;\"SLAMET;Sengeti\n2;BUDI;Sengeti\n3;TONO;Sengeti\n";

/* Rows read to the end, or -1: memory ran out. */
static int read_rows(const char *path, struct error *err)
{
	struct row_reader *reader = row_reader_open(path, NULL, err);
	struct row row;
	int got = -1, rows = 0;

	if (!reader)
		return -1;
	while ((got = row_reader_next(reader, &row, err)) == 1)
		rows++;
	row_reader_free(reader);
	return got < 0 ? -1 : rows;
}

static void rows_of_text(void **state)
{
	static const char *const encodings[] = {"utf8", "utf16"};
	char utf16[2 * sizeof LIST + 2] = "\xFF\xFE";
	bool failed = true;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof LIST; i++) {
		utf16[2 + 2 * i] = LIST[i];
		utf16[3 + 2 * i] = '\0';
	}
	for (size_t e = 0; e < 2; e++) {
		const char *path = e ? temp_file(encodings[e], utf16, 2 * sizeof LIST) : temp_text(encodings[e], LIST);

		failed = true;
		for (size_t n = 1; failed; n = failing_malloc_next(n)) {
			struct error err = {0};
			int rows;

			failing_malloc_start(n);
			rows = read_rows(path, &err);
			failed = failing_malloc_stop();
			assert_int_equal(rows, failed ? -1 : 3);
			assert_int_equal(err.kind, failed ? ERROR_MEMORY : ERROR_NONE);
		}
	}
}

static void an_open_quote(void **state)
{
	const char *path = temp_text("quote.csv", OPEN_QUOTE);
	bool failed = true;

	(void)state;
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		struct error err = {0};
		int rows;

		failing_malloc_start(n);
		rows = read_rows(path, &err);
		failed = failing_malloc_stop();
		assert_int_equal(rows, failed ? -1 : 3);
		assert_int_equal(err.kind, failed ? ERROR_MEMORY : ERROR_NONE);
	}
}

static int count_row(void *arg, const struct csv_table_row *row)
{
	*(uint64_t *)arg += row->cells[0].n > 0;
	return 0;
}

static int read_table(const char *path, uint64_t *rows, struct error *err)
{
	struct csv_table table;
	struct csv_table_range ranges[4];
	struct arena arena;
	size_t n;
	int status = -1;

	arena_init(&arena, 0);
	*rows = 0;
	if (csv_table_open(&table, path, err) < 0)
		return -1;
	if (csv_table_ranges(&table, NULL, 2, ranges, &n, err) < 0)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (csv_table_scan(&table, &ranges[i], &arena, count_row, rows, err) < 0)
			goto out;
	status = 0;
out:
	csv_table_release(&table);
	arena_release(&arena);
	return status;
}

static void tables(void **state)
{
	const char *path = temp_text("table.csv", LIST);
	bool failed = true;

	(void)state;
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		struct error err = {0};
		uint64_t rows;
		int status;

		failing_malloc_start(n);
		status = read_table(path, &rows, &err);
		failed = failing_malloc_stop();
		/* A border that could not be guessed for want of memory is found by the scan before it. */
		assert_true(status == 0 ? rows == 3 : failed);
	}
}

static void columns(void **state)
{
	const struct str header[] = {STR_LITERAL("NIK"), STR_LITERAL("Nama"), STR_LITERAL("Desa")};
	const struct str strange[] = {STR_LITERAL("a"), STR_LITERAL("b")};
	bool failed = true;

	(void)state;
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		struct error err = {0};
		struct column_map map;
		int status;

		failing_malloc_start(n);
		status = column_map_make(&map, header, 3, NULL, 0, NULL, &err);
		failed = failing_malloc_stop();
		assert_int_equal(status, failed ? -1 : 0);
		if (status == 0)
			column_map_release(&map);
	}
	for (size_t n = 1; n < 8; n++) {
		struct error err = {0};
		struct column_map map;

		failing_malloc_start(n);
		assert_int_equal(column_map_make(&map, strange, 2, NULL, 0, NULL, &err), -1);
		failing_malloc_stop();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_text),
		cmocka_unit_test(an_open_quote),
		cmocka_unit_test(tables),
		cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests_name("ingest, no memory", tests, temp_folder_setup, temp_folder_teardown);
}
