/*
 * Offices' text files as they arrive: every ugly one is made here, read, and compared as text:
 *   [sheet name|]header cells in <> on the first line, then "row@line:<cell>…", and "!fault@column" behind a bad row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "daemon/ingest/ingest_limits.h"
#include "daemon/ingest/row_reader.h"
#include "tests/support/temp_file.h"

static char out[8192];
static struct row_reader_notes notes;

static void put(const char *format, ...)
{
	size_t n = strlen(out);
	va_list args;

	va_start(args, format);
	vsnprintf(out + n, sizeof out - n, format, args);
	va_end(args);
}

static void put_cells(const struct str *cells, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		put("<%.*s>", STR_ARGS(cells[i]));
}

static const char *read_path(const char *path, const struct row_reader_options *options)
{
	struct error err = {0};
	struct row_reader *reader = row_reader_open(path, options, &err);
	struct row row;
	int result;

	out[0] = '\0';
	if (!reader) {
		put("%s", err.id);
		return out;
	}
	put_cells(row_reader_sheet(reader, 0)->header, row_reader_sheet(reader, 0)->n);
	put("\n");
	while ((result = row_reader_next(reader, &row, &err)) == 1) {
		put("%u@%llu:", row.row, (unsigned long long)row.line);
		put_cells(row.cells, row.n);
		if (row.fault)
			put("!%d@%u", row.fault, row.fault_column);
		put("\n");
	}
	if (result < 0)
		put("%s", err.id);
	row_reader_notes(reader, &notes);
	row_reader_free(reader);
	return out;
}

static const char *read_bytes(const void *bytes, size_t n)
{
	return read_path(temp_file("list.csv", bytes, n), NULL);
}

#define READ(literal) read_bytes((literal), sizeof(literal) - 1)

static void plain_lists(void **state)
{
	(void)state;
	assert_string_equal(READ("nik,nama\n1,A\n2,B\n"), "<nik><nama>\n1@2:<1><A>\n2@3:<2><B>\n");
	assert_string_equal(READ("nik;nama\r\n1; A \r\n\r\n2;\"B;\"\r\n"), "<nik><nama>\n1@2:<1><A>\n2@4:<2><B;>\n");
	assert_string_equal(READ("nik|nama\r1|A\r"), "<nik><nama>\n1@2:<1><A>\n");
	assert_string_equal(READ("\"nik\"\t\"nama\"\n1\tA"), "<nik><nama>\n1@2:<1><A>\n");
	assert_string_equal(READ("sep=;\nnik;nama\n1;A\n"), "<nik><nama>\n1@3:<1><A>\n");
	assert_string_equal(READ("nik,nama\n"), "<nik><nama>\n");
	assert_string_equal(READ("nik,nama"), "<nik><nama>\n");
}

static void encodings(void **state)
{
	static const char UTF16_LE[] = "\xFF\xFEn\0i\0k\0,\0n\0a\0m\0a\0\n\0" "1\0,\0\xE9\0\n\0";
	static const char UTF16_BE[] = "\0n\0i\0k\0,\0n\0a\0m\0a\0\n\0" "1\0,\0\xE9\0\n";

	(void)state;
	assert_string_equal(READ("\xEF\xBB\xBFnik,nama\n1,\xC3\xA9\n"), "<nik><nama>\n1@2:<1><\xC3\xA9>\n");
	assert_int_equal(notes.encoding, ENCODING_UTF8);
	assert_string_equal(READ("nik,nama\n1,\xE9\x80\n"), "<nik><nama>\n1@2:<1><\xC3\xA9\xE2\x82\xAC>\n");
	assert_int_equal(notes.encoding, ENCODING_WINDOWS_1252);
	assert_int_equal(notes.fallback_line, 2);
	assert_string_equal(READ("nik,nama\n1,\xC3\xA9\n2,\xE9\n"), "<nik><nama>\n1@2:<1><\xC3\xA9>\n2@3:<2><\xC3\xA9>\n");
	assert_int_equal(notes.encoding, ENCODING_MIXED);
	assert_string_equal(READ(UTF16_LE), "<nik><nama>\n1@2:<1><\xC3\xA9>\n");
	assert_int_equal(notes.encoding, ENCODING_UTF16_LE);
	assert_string_equal(read_bytes(UTF16_BE, sizeof UTF16_BE - 1), "<nik><nama>\n1@2:<1><\xC3\xA9>\n");
	assert_int_equal(notes.encoding, ENCODING_UTF16_BE);
	assert_string_equal(READ("nik,nama\n1,A\0B\n"), "<nik><nama>\n1@2:<1><AB>\n");
	assert_int_equal(notes.nul_bytes, 1);
	assert_int_equal(notes.nul_line, 2);
}

static void titles_totals_and_signatures(void **state)
{
	(void)state;
	assert_string_equal(READ("DAFTAR PENERIMA PKH;;;\nKECAMATAN: MESTONG;;;\n;;;\nNo;NIK;Nama;Desa\n(1);(2);(3);(4)\n"
				 "1;150501;BUDI;SUKA DAMAI\n;;;\n2;150502;SITI;SUKA DAMAI\nJUMLAH;;2;\n;;;\n"
				 ";;Sengeti, 12 Juli 2024;\n;;Mengetahui,;\n;;SUPARMAN;\n;;NIP. 19700101 199501 1 001;\n"),
		"<No><NIK><Nama><Desa>\n1@6:<1><150501><BUDI><SUKA DAMAI>\n2@8:<2><150502><SITI><SUKA DAMAI>\n");
	assert_int_equal(notes.total_rows, 1);
	assert_int_equal(notes.empty_rows, 3);
	/* The header again on the next page, and a person whose name begins like a total. */
	assert_string_equal(READ("nik,nama,desa\n1505010101800001,TOTALIA,X\nNIK,NAMA,DESA\n1505010101800002,JUMLAH,Y\n"),
		"<nik><nama><desa>\n1@2:<1505010101800001><TOTALIA><X>\n2@4:<1505010101800002><JUMLAH><Y>\n");
}

/* A village may be called as a signature begins; its rows are rows, whatever they lack. */
static void villages_are_no_signatures(void **state)
{
	(void)state;
	assert_string_equal(READ("No,Nama,NIK,TTL,Alamat,Desa\n1,SITI,1505014102590001,\"Jambi, 1 Mei 1959\",RT 01,Camat Tua\n"
					       "2,,,,,SUMBER AGUNG\n,,,,,SUMBER JAYA\n3,,,\"Sengeti, 2 Mei 1999\",,\n,Sumber: Dinas Sosial,,,,\n"),
		"<No><Nama><NIK><TTL><Alamat><Desa>\n1@2:<1><SITI><1505014102590001><Jambi, 1 Mei 1959><RT 01><Camat Tua>\n"
		"2@3:<2><><><><><SUMBER AGUNG>\n3@4:<><><><><><SUMBER JAYA>\n4@5:<3><><><Sengeti, 2 Mei 1999><><>\n");
}

static void p3ke_from_line_13(void **state)
{
	char text[1024] = "";

	(void)state;
	for (int i = 1; i <= 12; i++)
		sprintf(text + strlen(text), "Judul %d,,,,\n", i);
	strcat(text, "ID Keluarga P3KE,Kode Kemdagri,Nama,NIK,Jenis Kelamin\n1,15.05.01.2001,A,2,L\n");
	assert_string_equal(read_bytes(text, strlen(text)),
		"<ID Keluarga P3KE><Kode Kemdagri><Nama><NIK><Jenis Kelamin>\n1@14:<1><15.05.01.2001><A><2><L>\n");
}

static void headers_over_two_rows(void **state)
{
	(void)state;
	assert_string_equal(READ("No,NIK,Nama,Alamat,,\n,,,Jalan,RT,RW\n1,2,A,JL. X,1,2\n"),
		"<No><NIK><Nama><Jalan><RT><RW>\n1@3:<1><2><A><JL. X><1><2>\n");
}

static void wrong_column_counts(void **state)
{
	(void)state;
	assert_string_equal(READ("nik,nama,desa\n1,A\n2,B,C,\n3,D,E,F\n4,G,H\n"),
		"<nik><nama><desa>\n1@2:<1><A><>\n2@3:<2><B><C>\n3@4:<3><D><E><F>!1@4\n4@5:<4><G><H>\n");
	assert_int_equal(notes.padded_rows, 1);
}

static void quotes_left_open(void **state)
{
	(void)state;
	assert_string_equal(READ("nik,nama,desa\n1,\"BUDI,X\n2,\"SITI\",Y\n3,TINI,Z\n"),
		"<nik><nama><desa>\n1@2:<1><\"BUDI><X>!2@2\n2@3:<2><SITI><Y>\n3@4:<3><TINI><Z>\n");
	/* The next open quote closes it before a delimiter: too many columns give it away. */
	assert_string_equal(READ("nik,nama,desa\n1,BUDI,\"X\n2,\",Y\n3,TINI,Z\n"),
		"<nik><nama><desa>\n1@2:<1><BUDI><\"X>!2@3\n2@3:<2><\"><Y>!2@2\n3@4:<3><TINI><Z>\n");
	/* A line break within quotes is none of that. */
	assert_string_equal(READ("nik,nama,desa\n1,\"BUDI\nSANTOSO\",X\n"), "<nik><nama><desa>\n1@2:<1><BUDI\nSANTOSO><X>\n");
}

static void apostrophes_of_our_own_go_away(void **state)
{
	(void)state;
	assert_string_equal(READ("nik,nama,alasan_ditolak_padan,baris_asal_padan\n'1505,'=A+1,x,3\n"),
		"<nik><nama><alasan_ditolak_padan><baris_asal_padan>\n1@2:<'1505><=A+1><x><3>\n");
}

static void what_is_no_list_is_refused(void **state)
{
	(void)state;
	assert_non_null(strstr(READ(""), "kosong"));
	assert_non_null(strstr(READ("\n\n  \n"), "Tidak ada satu baris pun"));
	assert_non_null(strstr(READ("%PDF-1.4\n..."), "PDF"));
	assert_non_null(strstr(READ("<html><table>"), "HTML"));
	assert_non_null(strstr(READ("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), "kata sandi"));
	assert_non_null(strstr(READ("\x1F\x8B\x08 abc"), "terkompresi"));
	assert_non_null(strstr(READ("\x01\x02\x03\x04\x05\x06"), "bukan teks"));
	assert_non_null(strstr(read_path(temp_path("absent.csv"), NULL), "tidak dapat dibuka"));
	assert_non_null(strstr(read_path("/tmp", NULL), "folder"));
}

static void limits_hold(void **state)
{
	size_t n = 0, size = 3 * INGEST_CELL_BYTES;
	char *text = malloc(size);
	struct error err = {0};
	struct row_reader *reader;
	struct row row;

	(void)state;
	n = (size_t)sprintf(text, "nik,nama\n1,A\n2,");
	memset(text + n, 'x', INGEST_CELL_BYTES + 1);
	n += INGEST_CELL_BYTES + 1;
	n += (size_t)sprintf(text + n, "\n3,C\n4,");
	memset(text + n, 'y', INGEST_CELL_BYTES);
	n += INGEST_CELL_BYTES;
	text[n++] = '\n';
	reader = row_reader_open(temp_file("long.csv", text, n), NULL, &err);
	assert_non_null(reader);
	for (uint32_t i = 1; i <= 4; i++) {
		assert_int_equal(row_reader_next(reader, &row, &err), 1);
		assert_int_equal(row.row, i);
		assert_int_equal(row.line, i + 1);
		assert_int_equal(row.fault, i == 2 ? ROW_CELL_TOO_LONG : ROW_OK);
	}
	assert_int_equal(row_reader_next(reader, &row, &err), 0);
	row_reader_free(reader);

	n = (size_t)sprintf(text, "nik,nama\n1,A\n");
	memset(text + n, ',', INGEST_COLUMNS + 5);
	n += INGEST_COLUMNS + 5;
	n += (size_t)sprintf(text + n, "x\n3,C\n");
	reader = row_reader_open(temp_file("wide.csv", text, n), NULL, &err);
	assert_non_null(reader);
	assert_int_equal(row_reader_next(reader, &row, &err), 1);
	assert_int_equal(row_reader_next(reader, &row, &err), 1);
	assert_int_equal(row.fault, ROW_TOO_MANY_COLUMNS);
	row_fault_describe(&row, &err);
	assert_non_null(strstr(err.id, "Baris 3"));
	error_clear(&err);
	assert_int_equal(row_reader_next(reader, &row, &err), 1);
	assert_int_equal(row.fault, ROW_OK);
	row_reader_free(reader);

	/* A header of exactly so many columns is one, one more is refused. */
	for (int more = 0; more < 2; more++) {
		n = 0;
		for (int i = 0; i < INGEST_COLUMNS + more; i++)
			n += (size_t)sprintf(text + n, "%snama%d", i ? "," : "", i);
		text[n++] = '\n';
		reader = row_reader_open(temp_file("header.csv", text, n), NULL, &err);
		assert_int_equal(reader != NULL, more == 0);
		row_reader_free(reader);
	}
	assert_non_null(strstr(err.id, "10000 kolom"));
	free(text);
}

static void counts_the_file_as_it_is(void **state)
{
	static const char TEXT[] = "\xEF\xBB\xBFnik,nama\n1,\xE9\n";
	struct error err = {0};
	struct row_reader *reader = row_reader_open(temp_file("h.csv", TEXT, sizeof TEXT - 1), NULL, &err);
	struct row row;
	uint64_t done, total;

	(void)state;
	assert_non_null(reader);
	while (row_reader_next(reader, &row, &err) == 1)
		;
	row_reader_progress(reader, &done, &total);
	assert_int_equal(done, sizeof TEXT - 1);
	assert_int_equal(total, sizeof TEXT - 1);
	row_reader_free(reader);
}

/* 300,000 rows, read with a window that stays what it was. */
static void long_files_stream(void **state)
{
	const uint32_t rows = 300000;
	FILE *f = fopen(temp_path("big.csv"), "wb");
	struct error err = {0};
	struct row_reader *reader;
	struct row row;
	uint32_t n = 0;

	(void)state;
	assert_non_null(f);
	fprintf(f, "nik;nama;desa\n");
	for (uint32_t i = 1; i <= rows; i++)
		fprintf(f, i % 7 ? "%u;NAMA %u;X\n" : "\"%u\";\"NAMA %u\";\"a \"\"b\"\"\nc\"\n", i, i);
	assert_int_equal(fclose(f), 0);
	reader = row_reader_open(temp_path("big.csv"), NULL, &err);
	assert_non_null(reader);
	while (row_reader_next(reader, &row, &err) == 1) {
		char expected[32];

		n++;
		assert_int_equal(row.line, n + 1 + (n - 1) / 7);
		snprintf(expected, sizeof expected, "NAMA %u", n);
		assert_true(str_equal(row.cells[1], str_from(expected)));
	}
	assert_int_equal(n, rows);
	row_reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lists),
		cmocka_unit_test(encodings),
		cmocka_unit_test(titles_totals_and_signatures),
		cmocka_unit_test(villages_are_no_signatures),
		cmocka_unit_test(p3ke_from_line_13),
		cmocka_unit_test(headers_over_two_rows),
		cmocka_unit_test(wrong_column_counts),
		cmocka_unit_test(quotes_left_open),
		cmocka_unit_test(apostrophes_of_our_own_go_away),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(counts_the_file_as_it_is),
		cmocka_unit_test(long_files_stream),
	};

	return cmocka_run_group_tests_name("row_reader_csv", tests, temp_folder_setup, temp_folder_teardown);
}
