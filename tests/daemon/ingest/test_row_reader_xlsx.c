/*
 * Offices' workbooks: each is made here part by part, so that every fault can be made too, and read as text:
 * "sheet|" and the header's cells in <>, then "row@line:<cell>…", "#" behind a cell that is a number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <zip.h>

#include "daemon/ingest/row_reader.h"
#include "daemon/ingest/xlsx_cell.h"
#include "tests/support/temp_file.h"

#define CONTENT_RELS                                                                                                     \
	"<Relationships><Relationship Id=\"rId1\" Type=\"http://x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
#define REL(id, type, target) "<Relationship Id=\"" id "\" Type=\"http://x/" type "\" Target=\"" target "\"/>"
#define WORKBOOK_RELS                                                                                                    \
	"<Relationships>" REL("r1", "worksheet", "worksheets/sheet1.xml") REL("r2", "worksheet", "/xl/worksheets/sheet2.xml")   \
		REL("r8", "styles", "styles.xml") REL("r9", "sharedStrings", "sharedStrings.xml") "</Relationships>"
#define ONE_SHEET "<workbook><sheets><sheet name=\"Suka Damai\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
#define ROW(n, cells) "<row r=\"" n "\">" cells "</row>"
#define TEXT(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define NUMBER(ref, value) "<c r=\"" ref "\"><v>" value "</v></c>"
#define STYLED(ref, style, value) "<c r=\"" ref "\" s=\"" style "\"><v>" value "</v></c>"
#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define HEADER ROW("1", TEXT("A1", "NIK") TEXT("B1", "Nama") TEXT("C1", "Tgl Lahir"))

struct part {
	const char *name, *text;
	size_t n; /* 0: zero-terminated */
};

/* A deflated archive of the parts, with the relations that every workbook has. */
static const char *workbook(const struct part *parts)
{
	const char *path = temp_path("list.xlsx");
	static const struct part COMMON[] = {{"_rels/.rels", CONTENT_RELS, 0}, {"xl/_rels/workbook.xml.rels", WORKBOOK_RELS, 0}, {0}};
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

	assert_non_null(zip);
	for (int common = 0; common < 2; common++)
		for (const struct part *part = common ? COMMON : parts; part->name; part++) {
			zip_source_t *source = zip_source_buffer(zip, part->text, part->n ? part->n : strlen(part->text), 0);

			assert_true(zip_file_add(zip, part->name, source, 0) >= 0);
		}
	assert_int_equal(zip_close(zip), 0);
	return path;
}

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

static const char *read_path(const char *path)
{
	struct error err = {0};
	struct row_reader *reader = row_reader_open(path, NULL, &err);
	struct row row;
	uint32_t sheet = UINT32_MAX;
	int result;

	out[0] = '\0';
	if (!reader) {
		put("%s", err.id);
		return out;
	}
	while ((result = row_reader_next(reader, &row, &err)) == 1) {
		if (row.sheet != sheet) {
			const struct row_sheet *info = row_reader_sheet(reader, row.sheet);

			sheet = row.sheet;
			put("%.*s|", STR_ARGS(info->name));
			for (uint32_t i = 0; i < info->n; i++)
				put("<%.*s>", STR_ARGS(info->header[i]));
			put("\n");
		}
		put("%u@%llu:", row.row, (unsigned long long)row.line);
		for (uint32_t i = 0; i < row.n; i++)
			put("<%.*s%s>", STR_ARGS(row.cells[i]), row.numeric && row.numeric[i] ? "#" : "");
		put(row.fault ? "!%d@%u\n" : "\n", row.fault, row.fault_column);
	}
	if (result < 0)
		put("%s", err.id);
	row_reader_notes(reader, &notes);
	row_reader_free(reader);
	return out;
}

static const char *read_sheet(const char *sheet)
{
	const struct part parts[] = {{"xl/workbook.xml", ONE_SHEET, 0}, {"xl/worksheets/sheet1.xml", sheet, 0}, {0}};

	return read_path(workbook(parts));
}

static void cells_of_every_type(void **state)
{
	static const struct part PARTS[] = {{"xl/workbook.xml", ONE_SHEET, 0},
		{"xl/sharedStrings.xml",
			"<sst><si><t>NIK</t></si><si><r><t>Na</t></r><r><t>ma</t></r><rPh><t>x</t></rPh></si><si><t/></si>"
			"<si><t>A &amp; B_x000D_</t></si></sst>",
			0},
		{"xl/styles.xml",
			"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-421]dd\\ mmmm\\ yyyy;@\"/><numFmt numFmtId=\"165\" "
			"formatCode=\"0000&quot;day&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf "
			"numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>",
			0},
		{"xl/worksheets/sheet1.xml",
			SHEET("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>" TEXT("C1", "Tgl Lahir") TEXT("D1", "Alamat") "</row>"
			      "<row r=\"3\"><c r=\"A3\"><v>1.5050101018E+15</v></c><c r=\"B3\" t=\"s\"><v>3</v></c>" STYLED("C3", "1", "29586")
			      "<c r=\"D3\" t=\"str\"><f>A1</f><v>JL. X</v></c></row>"
			      "<row r=\"4\"><c r=\"A4\"><v>1505010101800012</v></c>" TEXT("B4", "C") STYLED("C4", "2", "29586.5")
			      "<c r=\"D4\" t=\"b\"><v>1</v></c></row>"
			      "<row r=\"5\"><c r=\"A5\" t=\"e\"><v>#N/A</v></c>" TEXT("B5", "D") STYLED("C5", "3", "12")
			      NUMBER("D5", "0.10000000000000001") "</row>"
			      "<row r=\"6\"><c r=\"A6\" t=\"s\"><v>99</v></c><c r=\"B6\" t=\"s\"><v>1</v></c><c r=\"C6\" t=\"d\"><v>1980-12-31T00:00:00"
			      "</v></c><c r=\"D6\"><v>12.0</v></c></row>"),
			0},
		{0}};

	(void)state;
	assert_string_equal(read_path(workbook(PARTS)),
		"Suka Damai|<NIK><Nama><Tgl Lahir><Alamat>\n"
		"1@3:<1505010101800000#><A & B><1980-12-31><JL. X>\n"
		"2@4:<1505010101800012#><C><1980-12-31><1>\n"
		"3@5:<><D><12#><0.1#>\n"
		"4@6:<><Nama><1980-12-31><12#>\n");
}

static void dates(void **state)
{
	char scratch[XLSX_NUMBER_MAX];
	static const struct {
		double serial;
		bool from_1904;
		const char *text;
	} CASES[] = {{1, false, "1900-01-01"}, {59, false, "1900-02-28"}, {61, false, "1900-03-01"}, {36526, false, "2000-01-01"},
		{45350.99, false, "2024-02-28"}, {45351, false, "2024-02-29"}, {2958465, false, "9999-12-31"}, {0.5, false, ""},
		{-3, false, ""}, {1e15, false, ""}, {1, true, "1904-01-02"}, {35064, true, "2000-01-01"}};

	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
		assert_true(str_equal(xlsx_date_text(CASES[i].serial, CASES[i].from_1904, scratch), str_from(CASES[i].text)));
	assert_true(xlsx_format_is_date(14, NULL));
	assert_false(xlsx_format_is_date(2, NULL));
	assert_false(xlsx_format_is_date(164, "[h]:mm:ss"));
	assert_false(xlsx_format_is_date(164, "[Red]0.00"));
	assert_false(xlsx_format_is_date(164, "0 \"day\""));
	assert_true(xlsx_format_is_date(164, "DD/MM/YY"));
}

static void days_from_1904(void **state)
{
	static const struct part PARTS[] = {{"xl/workbook.xml",
						    "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>", 0},
		{"xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"15\"/></cellXfs></styleSheet>", 0},
		{"xl/worksheets/sheet1.xml", SHEET(HEADER ROW("2", NUMBER("A2", "1") TEXT("B2", "A") STYLED("C2", "1", "35064"))), 0}, {0}};

	(void)state;
	assert_string_equal(read_path(workbook(PARTS)), "S|<NIK><Nama><Tgl Lahir>\n1@2:<1#><A><2000-01-01>\n");
}

static void several_sheets(void **state)
{
	static const struct part PARTS[] = {{"xl/workbook.xml",
						    "<workbook><sheets><sheet name=\"Petunjuk\" r:id=\"r2\"/><sheet name=\"Suka Damai\" r:id=\"r1\"/>"
						    "<sheet name=\"Rahasia\" state=\"hidden\" r:id=\"r1\"/><sheet name=\"Suka Maju\" r:id=\"r1\"/>"
						    "</sheets></workbook>",
						    0},
		{"xl/worksheets/sheet2.xml", SHEET(ROW("1", TEXT("A1", "Isi daftar pada lembar berikut"))), 0},
		{"xl/worksheets/sheet1.xml", SHEET(HEADER ROW("2", TEXT("A2", "1") TEXT("B2", "A"))), 0}, {0}};

	(void)state;
	assert_string_equal(read_path(workbook(PARTS)), "Suka Damai|<NIK><Nama><Tgl Lahir>\n1@2:<1><A><>\n"
							"Suka Maju|<NIK><Nama><Tgl Lahir>\n2@2:<1><A><>\n");
	assert_int_equal(notes.hidden_sheets, 1);
	assert_int_equal(notes.empty_sheets, 1);
}

static void titles_merges_and_totals(void **state)
{
	(void)state;
	assert_string_equal(
		read_sheet("<worksheet><sheetData>" ROW("1", TEXT("A1", "DAFTAR KPM")) ROW("3", TEXT("A3", "No KK") TEXT("B3", "Nama") TEXT("C3", "NIK"))
				ROW("4", TEXT("A4", "11") TEXT("B4", "A") TEXT("C4", "1")) ROW("5", TEXT("B5", "B") TEXT("C5", "2"))
					ROW("6", TEXT("A6", "22") TEXT("B6", "C") TEXT("C6", "3")) ROW("7", TEXT("A7", "Jumlah") NUMBER("C7", "3"))
						ROW("9", TEXT("A9", "Mengetahui,")) ROW("10", TEXT("A10", "Kepala Desa"))
							ROW("14", TEXT("A14", "SUPARMAN")) "</sheetData><mergeCells count=\"1\"><mergeCell "
											    "ref=\"A4:A5\"/><mergeCell ref=\"A1:F1\"/></mergeCells></worksheet>"),
		"Suka Damai|<No KK><Nama><NIK>\n1@4:<11><A><1>\n2@5:<11><B><2>\n3@6:<22><C><3>\n");
	assert_int_equal(notes.total_rows, 1);
}

static void damaged_and_hostile_workbooks(void **state)
{
	static char bomb[3 * 1024 * 1024];
	static const struct part ESCAPE[] = {{"xl/workbook.xml", ONE_SHEET, 0}, {"../evil", "x", 0}, {0}};
	static const struct part ENTITY[] = {{"xl/workbook.xml", ONE_SHEET, 0},
		{"xl/worksheets/sheet1.xml",
			"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" SHEET(HEADER ROW("2", TEXT("A2", "&e;"))), 0},
		{0}};
	static const struct part BOMB[] = {{"xl/workbook.xml", ONE_SHEET, 0}, {"xl/worksheets/sheet1.xml", bomb, sizeof bomb}, {0}};
	static const struct part STRINGS[] = {{"xl/workbook.xml", ONE_SHEET, 0},
		{"xl/worksheets/sheet1.xml", SHEET(HEADER), 0}, {"xl/sharedStrings.xml", bomb, sizeof bomb}, {0}};
	static const struct part ODS[] = {{"content.xml", "<x/>", 0}, {0}};
	static const struct part BROKEN[] = {{"xl/workbook.xml", ONE_SHEET, 0},
		{"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row r=\"1\"><c", 0}, {0}};
	static const struct part NO_SHEET[] = {{"xl/workbook.xml", ONE_SHEET, 0}, {0}};
	char *bytes;
	size_t n;

	(void)state;
	assert_non_null(strstr(read_path(workbook(ESCAPE)), "../"));
	assert_non_null(strstr(read_path(workbook(ENTITY)), "entitas"));
	memset(bomb, ' ', sizeof bomb);
	memcpy(bomb, "<worksheet>", 11);
	assert_non_null(strstr(read_path(workbook(BOMB)), "mengembang"));
	memcpy(bomb, "<sst>      ", 11);
	assert_non_null(strstr(read_path(workbook(STRINGS)), "mengembang"));
	assert_non_null(strstr(read_path(workbook(ODS)), "OpenDocument"));
	assert_non_null(strstr(read_path(workbook(BROKEN)), "rusak"));
	assert_non_null(strstr(read_path(workbook(NO_SHEET)), "rusak"));
	assert_non_null(strstr(read_sheet(SHEET("")), "Tidak ada satu baris pun"));
	assert_string_equal(read_sheet(SHEET(HEADER)), "");

	/* Cut short: the directory at its end is gone. */
	read_sheet(SHEET(HEADER ROW("2", TEXT("A2", "1"))));
	bytes = temp_read("list.xlsx", &n);
	assert_non_null(strstr(read_path(temp_file("cut.xlsx", bytes, n - 30)), "rusak"));
	/* The flag of an encrypted entry, in the directory and before the entry. */
	for (size_t i = 0; i + 10 < n; i++)
		if (memcmp(bytes + i, "PK\x01\x02", 4) == 0)
			bytes[i + 8] |= 1;
		else if (memcmp(bytes + i, "PK\x03\x04", 4) == 0)
			bytes[i + 6] |= 1;
	assert_non_null(strstr(read_path(temp_file("locked.xlsx", bytes, n)), "kata sandi"));
	free(bytes);
}

/* ---- a stored archive with zip64 records, as libzip writes them only from 4 GiB on ---- */

static unsigned char raw[8192];
static size_t raw_n;

static void raw_number(uint64_t value, int bytes)
{
	for (; bytes > 0; bytes--, value >>= 8)
		raw[raw_n++] = (unsigned char)value;
}

static void raw_bytes(const void *bytes, size_t n)
{
	memcpy(raw + raw_n, bytes, n);
	raw_n += n;
}

static uint32_t crc32_of(const char *bytes, size_t n)
{
	uint32_t crc = ~0U;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
	}
	return ~crc;
}

static const char *zip64_workbook(const struct part *parts)
{
	size_t offsets[8], directory, n = 0;

	raw_n = 0;
	for (int pass = 0; pass < 2; pass++) {
		directory = raw_n;
		for (n = 0; parts[n].name; n++) {
			size_t size = strlen(parts[n].text), name_n = strlen(parts[n].name);

			if (pass == 0)
				offsets[n] = raw_n;
			raw_bytes(pass ? "PK\x01\x02" : "PK\x03\x04", 4);
			if (pass)
				raw_number(45, 2);
			raw_number(45, 2);
			raw_number(0, 8); /* flags, stored, time, date */
			raw_number(crc32_of(parts[n].text, size), 4);
			raw_number(UINT32_MAX, 4);
			raw_number(UINT32_MAX, 4);
			raw_number(name_n, 2);
			raw_number(pass ? 28 : 20, 2);
			if (pass) {
				raw_number(0, 10);
				raw_number(UINT32_MAX, 4);
			}
			raw_bytes(parts[n].name, name_n);
			raw_number(1, 2);
			raw_number(pass ? 24 : 16, 2);
			raw_number(size, 8);
			raw_number(size, 8);
			if (pass)
				raw_number(offsets[n], 8);
			else
				raw_bytes(parts[n].text, size);
		}
	}
	{
		size_t end = raw_n;

		raw_bytes("PK\x06\x06", 4);
		raw_number(44, 8);
		raw_number(45, 2);
		raw_number(45, 2);
		raw_number(0, 8);
		raw_number(n, 8);
		raw_number(n, 8);
		raw_number(end - directory, 8);
		raw_number(directory, 8);
		raw_bytes("PK\x06\x07", 4);
		raw_number(0, 4);
		raw_number(end, 8);
		raw_number(1, 4);
		raw_bytes("PK\x05\x06", 4);
		raw_number(0, 4);
		raw_number(UINT16_MAX, 2);
		raw_number(UINT16_MAX, 2);
		raw_number(UINT32_MAX, 4);
		raw_number(UINT32_MAX, 4);
		raw_number(0, 2);
	}
	return temp_file("zip64.xlsx", raw, raw_n);
}

static void zip64(void **state)
{
	static const struct part PARTS[] = {{"_rels/.rels", CONTENT_RELS, 0}, {"xl/_rels/workbook.xml.rels", WORKBOOK_RELS, 0},
		{"xl/workbook.xml", ONE_SHEET, 0}, {"xl/worksheets/sheet1.xml", SHEET(HEADER ROW("2", TEXT("A2", "1") TEXT("B2", "A"))), 0},
		{0}};

	(void)state;
	assert_string_equal(read_path(zip64_workbook(PARTS)), "Suka Damai|<NIK><Nama><Tgl Lahir>\n1@2:<1><A><>\n");
}

/* 50,000 rows: streamed through one row's memory, with the number of every row right. */
static void long_sheets_stream(void **state)
{
	const uint32_t rows = 50000;
	char *sheet = malloc((size_t)rows * 160 + 1000);
	size_t n = (size_t)sprintf(sheet, "<worksheet><sheetData>" HEADER);
	struct error err = {0};
	struct row_reader *reader;
	struct row row;
	uint32_t seen = 0;
	uint64_t done, total;

	(void)state;
	for (uint32_t i = 1; i <= rows; i++)
		n += (size_t)sprintf(sheet + n, "<row r=\"%u\"><c r=\"A%u\"><v>%u</v></c><c r=\"B%u\" t=\"inlineStr\"><is><t>N%08x</t></is></c></row>",
			i + 1, i + 1, i * 7919, i + 1, i * 2654435761U);
	n += (size_t)sprintf(sheet + n, "</sheetData></worksheet>");
	{
		const struct part parts[] = {{"xl/workbook.xml", ONE_SHEET, 0}, {"xl/worksheets/sheet1.xml", sheet, n}, {0}};

		reader = row_reader_open(workbook(parts), NULL, &err);
	}
	assert_non_null(reader);
	while (row_reader_next(reader, &row, &err) == 1) {
		seen++;
		assert_int_equal(row.row, seen);
		assert_int_equal(row.line, seen + 1);
	}
	assert_int_equal(seen, rows);
	row_reader_progress(reader, &done, &total);
	assert_int_equal(done, total);
	row_reader_free(reader);
	free(sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_of_every_type),
		cmocka_unit_test(dates),
		cmocka_unit_test(days_from_1904),
		cmocka_unit_test(several_sheets),
		cmocka_unit_test(titles_merges_and_totals),
		cmocka_unit_test(damaged_and_hostile_workbooks),
		cmocka_unit_test(zip64),
		cmocka_unit_test(long_sheets_stream),
	};

	return cmocka_run_group_tests_name("row_reader_xlsx", tests, temp_folder_setup, temp_folder_teardown);
}
