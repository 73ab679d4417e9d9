/*
 * Reading a workbook with the n-th allocation failing, for every n, expat's among them: an error that says so, no leak (under
 * the address sanitizer), and every row or none. The workbook has what makes the reader allocate: two sheets, a cover that is
 * none, merged cells, shared and inline strings, rich text, dates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <xlsxwriter.h>

#include "daemon/ingest/row_reader.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/temp_file.h"

enum { ROWS = 30, SHEETS = 2 };

static void write_list(lxw_worksheet *sheet, lxw_format *date, const char *village)
{
	static const char *const HEADER[] = {"NIK", "Nama", "Tgl Lahir", "Desa"};
	char text[64];

	worksheet_merge_range(sheet, 0, 0, 0, 3, "DAFTAR PENERIMA", NULL);
	for (lxw_col_t c = 0; c < 4; c++)
		worksheet_write_string(sheet, 2, c, HEADER[c], NULL);
	for (lxw_row_t r = 0; r < ROWS; r++) {
		snprintf(text, sizeof text, "15050112038000%02u", (unsigned)r);
		worksheet_write_string(sheet, r + 3, 0, text, NULL);
		snprintf(text, sizeof text, "SLAMET KE-%u", (unsigned)r);
		worksheet_write_string(sheet, r + 3, 1, text, NULL);
		worksheet_write_number(sheet, r + 3, 2, 29000 + r, date);
		if (r % 5 == 0)
			worksheet_merge_range(sheet, r + 3, 3, r + 7, 3, village, NULL);
	}
}

/* 1 as it is written, 0 as a program that keeps no table of strings writes it. */
static const char *workbook(bool shared)
{
	const char *path = temp_path(shared ? "shared.xlsx" : "inline.xlsx");
	lxw_workbook_options options = {.constant_memory = shared ? LXW_FALSE : LXW_TRUE};
	lxw_workbook *book = workbook_new_opt(path, &options);
	lxw_format *date = workbook_add_format(book);

	format_set_num_format(date, "dd/mm/yyyy");
	worksheet_write_string(workbook_add_worksheet(book, "Sampul"), 0, 0, "Dinas Sosial", NULL);
	write_list(workbook_add_worksheet(book, "Juli"), date, "Sengeti");
	write_list(workbook_add_worksheet(book, "Tambahan"), date, "Mestong");
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
	return path;
}

/* Rows read to the end, or -1 and why. */
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

static void every_allocation_of(const char *path)
{
	bool failed = true;
	size_t n = 1;

	for (; failed; n = failing_malloc_next(n)) {
		struct error err = {0};
		int rows;

		failing_malloc_start(n);
		rows = read_rows(path, &err);
		failed = failing_malloc_stop();
		assert_int_equal(rows, failed ? -1 : SHEETS * ROWS);
		assert_int_equal(err.kind, failed ? ERROR_MEMORY : ERROR_NONE);
	}
	assert_true(n > 32); /* there were some to fail */
}

static void shared_strings(void **state)
{
	(void)state;
	every_allocation_of(workbook(true));
}

static void inline_strings(void **state)
{
	(void)state;
	every_allocation_of(workbook(false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_strings),
		cmocka_unit_test(inline_strings),
	};

	return cmocka_run_group_tests_name("workbooks, no memory", tests, temp_folder_setup, temp_folder_teardown);
}
