/*
 * Whole CSV files in memory: every row once, in order, with its number, however many ranges; encodings; refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "daemon/ingest/csv_table.h"
#include "tests/support/temp_file.h"

struct collected {
	char text[2000];
	uint64_t rows;
};

static int collect(void *arg, const struct csv_table_row *row)
{
	struct collected *collected = arg;
	size_t n = strlen(collected->text);

	collected->rows++;
	snprintf(collected->text + n, sizeof collected->text - n, "%llu:%.*s|%.*s%s\n", (unsigned long long)row->line,
		STR_ARGS(row->cells[0]), STR_ARGS(row->cells[1]), row->faults ? "!" : "");
	return 0;
}

static const char *read_table(const char *path, size_t parts)
{
	static struct collected collected;
	struct error err = {0};
	struct csv_table table;
	struct csv_table_range ranges[16];
	struct arena arena;
	uint64_t records = 0;
	size_t n;

	memset(&collected, 0, sizeof collected);
	if (csv_table_open(&table, path, &err) != 0) {
		snprintf(collected.text, sizeof collected.text, "%s", err.id);
		return collected.text;
	}
	arena_init(&arena, 0);
	assert_int_equal(csv_table_ranges(&table, NULL, parts, ranges, &n, &err), 0);
	for (size_t i = 0; i < n; i++) {
		records += ranges[i].records;
		assert_int_equal(csv_table_scan(&table, &ranges[i], &arena, collect, &collected, &err), 0);
	}
	assert_true(table.is_list ? records >= collected.rows : records == collected.rows);
	arena_release(&arena);
	csv_table_release(&table);
	return collected.text;
}

static void gives_each_row_once(void **state)
{
	const char *path = temp_text("a.csv", "\nid, nama \n1, A \n2\n\n3,\"B \"\"C\"\"\nD\"\n4,E,F\n5,G,\n");

	(void)state;
	for (size_t parts = 1; parts <= 9; parts++)
		assert_string_equal(read_table(path, parts), "3:1|A\n4:2|\n6:3|B \"C\"\nD\n8:4|E!\n9:5|G\n");
}

static void settles_the_encoding(void **state)
{
	(void)state;
	assert_string_equal(read_table(temp_text("b.csv", "\xEF\xBB\xBFid;nama\n1;\xE9\n"), 2), "2:1|\xC3\xA9\n");
	assert_string_equal(read_table(temp_file("c.csv", "\xFF\xFEi\0\t\0n\0\n\0" "1\0\t\0A\0", 16), 2), "2:1|A\n");
	assert_string_equal(read_table(temp_text("d.csv", "id|nama"), 2), "");
}

static void refuses_what_is_no_table(void **state)
{
	(void)state;
	assert_non_null(strstr(read_table(temp_text("e.csv", ""), 1), "kosong"));
	assert_non_null(strstr(read_table(temp_text("f.csv", "PK\x03\x04"), 1), "f.csv"));
	assert_non_null(strstr(read_table(temp_path("absent"), 1), "tidak dapat dibuka"));
	assert_non_null(strstr(read_table("/tmp", 1), "folder"));
	assert_non_null(strstr(read_table(temp_text("g.csv", "\n \n"), 1), "tidak ada satu baris pun"));
}

static void leaves_titles_and_totals_out(void **state)
{
	(void)state;
	assert_string_equal(read_table(temp_text("h.csv",
		"DAFTAR PENERIMA;;\nDesa Sengeti, 2024;;\n\nNIK;Nama;Alamat\n(1);(2);(3)\n1505011203800001;SLAMET;JL. A\n"
		"JUMLAH;1;\n\n;;Sengeti, 12 Juli 2024\n;;Kepala Desa\n;;BUDI\n"), 1), "6:1505011203800001|SLAMET\n");
	assert_string_equal(read_table(temp_text("i.csv", "No,Data,Data\n,NIK,Nama\n1,2,A\n"), 1), "3:1|2\n");
	/* A table of no list's words keeps each row, and a title row only goes if it is narrow. */
	assert_string_equal(read_table(temp_text("j.csv", "Members of 2024,,,\nrec_id,given_name,town,x\nTotal,3,,\n"), 1), "3:Total|3\n");
	assert_string_equal(read_table(temp_text("k.csv", ",a,b\n0,school,city\n"), 1), "2:0|school\n");
}

static int count(void *arg, const struct csv_table_row *row)
{
	uint64_t *next = arg;
	char expected[32];

	snprintf(expected, sizeof expected, "%llu", (unsigned long long)++*next);
	assert_true(str_equal(row->cells[0], str_from(expected)));
	return 0;
}

static void long_files_in_many_ranges(void **state)
{
	const unsigned rows = 100000;
	FILE *f = fopen(temp_path("big.csv"), "wb");
	struct error err = {0};
	struct csv_table table;
	struct csv_table_range ranges[16];
	struct arena arena;
	uint64_t next = 0;
	size_t n;

	(void)state;
	assert_non_null(f);
	fprintf(f, "id,nama,alamat\n");
	for (unsigned i = 1; i <= rows; i++)
		fprintf(f, i % 3 ? "%u,NAMA,X\n" : "%u,\"NAMA\",\"JL. \"\"X\"\",\nRT 1\n\n\"\n", i);
	fclose(f);
	assert_int_equal(csv_table_open(&table, temp_path("big.csv"), &err), 0);
	assert_int_equal(csv_table_ranges(&table, NULL, 16, ranges, &n, &err), 0);
	assert_int_equal(n, 16);
	arena_init(&arena, 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(csv_table_scan(&table, &ranges[i], &arena, count, &next, &err), 0);
	assert_int_equal(next, rows);
	arena_release(&arena);
	csv_table_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_row_once),
		cmocka_unit_test(settles_the_encoding),
		cmocka_unit_test(refuses_what_is_no_table),
		cmocka_unit_test(leaves_titles_and_totals_out),
		cmocka_unit_test(long_files_in_many_ranges),
	};

	return cmocka_run_group_tests_name("csv_table", tests, temp_folder_setup, temp_folder_teardown);
}
