/*
 * Rejects: the office's own layout, safe to open, and good to send again once mended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "daemon/ingest/column_map.h"
#include "daemon/ingest/rejects.h"
#include "daemon/ingest/row_reader.h"
#include "tests/support/temp_file.h"

/* Reads a list, sets its bad rows aside as import would, and gives how many there were. */
static uint64_t reject_bad_rows(const char *list, const char *name)
{
	struct error err = {0};
	struct row_reader *reader = row_reader_open(list, NULL, &err);
	const struct row_sheet *sheet;
	struct rejects *rejects;
	struct row row;
	uint64_t count;

	assert_non_null(reader);
	sheet = row_reader_sheet(reader, 0);
	rejects = rejects_new(temp_path(name), sheet->header, sheet->n, row_reader_delimiter(reader), &err);
	assert_non_null(rejects);
	while (row_reader_next(reader, &row, &err) == 1) {
		struct error reason = {0};

		if (!row.fault)
			continue;
		row_fault_describe(&row, &reason);
		assert_int_equal(rejects_add(rejects, row.cells, row.n, reason.id, row.line, &err), 0);
	}
	assert_int_equal(rejects_finish(rejects, &err), 0);
	count = rejects_count(rejects);
	rejects_free(rejects);
	row_reader_free(reader);
	return count;
}

static void keeps_the_offices_layout(void **state)
{
	char *text;

	(void)state;
	assert_int_equal(reject_bad_rows(temp_text("list.csv", "No;NIK;Nama\n1;2;A\n2;3;=B;x;y\n3;\"4;C\n"), "rejects.csv"), 2);
	text = temp_read("rejects.csv", NULL);
	assert_string_equal(text,
		"\xEF\xBB\xBFNo;NIK;Nama;alasan_ditolak_padan;baris_asal_padan\n"
		"2;3;'=B x y;\"Baris 3, kolom 4: isi melebihi kolom terakhir; mungkin ada pemisah di dalam teks. Apit teks itu dengan "
		"tanda kutip atau hapus pemisahnya.\";3\n"
		"3;\"\"\"4\";C;\"Baris 4, kolom 2: tanda kutip (\"\") dibuka tetapi tidak ditutup. Tutup atau hapus tanda kutip itu.\";4\n");
	free(text);
}

static void can_be_sent_again(void **state)
{
	struct error err = {0};
	struct row_reader *reader;
	const struct row_sheet *sheet;
	struct column_map map;
	struct row row;

	(void)state;
	reject_bad_rows(temp_text("list.csv", "No;NIK;Nama\n2;3;=B;x\n"), "rejects.csv");
	reader = row_reader_open(temp_path("rejects.csv"), NULL, &err);
	assert_non_null(reader);
	sheet = row_reader_sheet(reader, 0);
	assert_int_equal(sheet->n, 5);
	assert_int_equal(column_map_make(&map, sheet->header, sheet->n, NULL, 0, NULL, &err), 0);
	assert_int_equal(map.roles[3], COLUMN_IGNORE);
	assert_int_equal(map.roles[4], COLUMN_IGNORE);
	assert_int_equal(row_reader_next(reader, &row, &err), 1);
	assert_int_equal(row.fault, ROW_OK);
	assert_true(str_equal(column_map_cell(&map, COLUMN_NAME, row.cells), STR_LITERAL("=B x")));
	column_map_release(&map);
	row_reader_free(reader);
	/* A second time round, the old reason gives way to the new one. */
	assert_int_equal(reject_bad_rows(temp_text("again.csv", "NIK;Nama;alasan_ditolak_padan;baris_asal_padan\n1;A;x;7;y\n"), "r2.csv"), 1);
	{
		static const char EXPECTED[] = "\xEF\xBB\xBFNIK;Nama;alasan_ditolak_padan;baris_asal_padan\n1;A y;";
		char *text = temp_read("r2.csv", NULL);

		assert_memory_equal(text, EXPECTED, sizeof EXPECTED - 1);
		free(text);
	}
}

static void no_rejects_no_file(void **state)
{
	(void)state;
	assert_int_equal(reject_bad_rows(temp_text("list.csv", "NIK;Nama\n1;A\n"), "none.csv"), 0);
	assert_int_not_equal(access(temp_path("none.csv"), F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_offices_layout),
		cmocka_unit_test(can_be_sent_again),
		cmocka_unit_test(no_rejects_no_file),
	};

	return cmocka_run_group_tests_name("rejects", tests, temp_folder_setup, temp_folder_teardown);
}
