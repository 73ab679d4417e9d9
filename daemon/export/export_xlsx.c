/*
 * An export as a workbook for a check at the door: a sheet for each village, to be printed and filled in. Texts are written as
 * strings, never as formulas. Memory stays flat: libxlsxwriter writes each row out as the next begins.
 */
#include "daemon/export/export_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { HEADER_ROW = 2, SHEET_NAME_MAX = 31, ROWS_MAX = 1000000, CELL_MAX = 32000 };

struct book {
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	lxw_format *title, *header, *cell, *tick, *fill;
	lxw_row_t row;
	unsigned sheets;
	struct strbuf text;
	const struct export_style *style;
};

static void make_formats(struct book *b)
{
	b->title = workbook_add_format(b->workbook);
	format_set_bold(b->title);
	format_set_font_size(b->title, 13);
	b->header = workbook_add_format(b->workbook);
	format_set_bold(b->header);
	format_set_text_wrap(b->header);
	format_set_border(b->header, LXW_BORDER_THIN);
	format_set_bg_color(b->header, 0xE6EDF2);
	b->cell = workbook_add_format(b->workbook);
	format_set_text_wrap(b->cell);
	format_set_align(b->cell, LXW_ALIGN_VERTICAL_TOP);
	format_set_border(b->cell, LXW_BORDER_THIN);
	b->tick = workbook_add_format(b->workbook);
	format_set_align(b->tick, LXW_ALIGN_CENTER);
	format_set_font_size(b->tick, 16);
	format_set_border(b->tick, LXW_BORDER_THIN);
	b->fill = workbook_add_format(b->workbook);
	format_set_text_wrap(b->fill);
	format_set_border(b->fill, LXW_BORDER_THIN);
	format_set_bg_color(b->fill, 0xFFF9DB);
}

/* A sheet's name holds at most 31 characters, none of []:*?/\, and stands once: a number makes it so. */
static void sheet_name(const struct flag_case *flag, unsigned number, char name[4 * SHEET_NAME_MAX + 1])
{
	const char *from = *flag->village_name ? flag->village_name : "Tanpa desa";
	unsigned characters = 0;
	char *at = name;

	for (; *from && characters < SHEET_NAME_MAX - 5; from++) {
		*at++ = strchr("[]:*?/\\'", *from) ? ' ' : *from;
		characters += ((unsigned char)*from & 0xC0) != 0x80;
	}
	/* Not half a character at the end. */
	while (((unsigned char)*from & 0xC0) == 0x80)
		*at++ = *from++;
	snprintf(at, 8, " %u", number % 10000);
}

static void set_up_page(struct book *b)
{
	static const double widths[EXPORT_COLUMNS] = {[EXPORT_FLAG] = 9, [EXPORT_KIND] = 20, [EXPORT_NAME] = 22, [EXPORT_NIK] = 18,
		[EXPORT_BIRTH] = 11, [EXPORT_RT] = 8, [EXPORT_ADDRESS] = 18, [EXPORT_PROGRAMME] = 10, [EXPORT_STATE] = 10,
		[EXPORT_ASK] = 28, [EXPORT_EXPLANATION] = 50, [EXPORT_TICK_RIGHT] = 7, [EXPORT_TICK_WRONG] = 7, [EXPORT_RESULT] = 13,
		[EXPORT_NOTE] = 24};

	for (int c = 0; c < EXPORT_COLUMNS; c++)
		worksheet_set_column(b->sheet, (lxw_col_t)c, (lxw_col_t)c, widths[c], NULL);
	worksheet_set_landscape(b->sheet);
	worksheet_set_paper(b->sheet, 9); /* A4 */
	worksheet_fit_to_pages(b->sheet, 1, 0);
	worksheet_repeat_rows(b->sheet, HEADER_ROW, HEADER_ROW);
	worksheet_freeze_panes(b->sheet, HEADER_ROW + 1, 3);
	worksheet_set_footer(b->sheet, "&L&A&R&P / &N");
}

static int begin_sheet(struct book *b, const struct flag_case *flag, struct error *err)
{
	char name[4 * SHEET_NAME_MAX + 9], title[400];

	sheet_name(flag, ++b->sheets, name);
	b->sheet = workbook_add_worksheet(b->workbook, name);
	if (!b->sheet)
		return error_set(err, ERROR_SYSTEM, "Lembar \"%s\" tidak dapat dibuat.", "Sheet \"%s\" cannot be made.", name);
	set_up_page(b);
	snprintf(title, sizeof title, "Verifikasi lapangan: %.150s%s%.150s", *flag->village_name ? flag->village_name : "tanpa desa",
		*flag->kecamatan ? ", Kecamatan " : "", flag->kecamatan);
	worksheet_write_string(b->sheet, 0, 0, title, b->title);
	worksheet_write_string(b->sheet, 1, 0,
		"Isi kolom kuning: benar bila temuannya memang begitu, salah bila tidak. Lalu: padan import --verification BERKAS", NULL);
	for (int c = 0; c < EXPORT_COLUMNS; c++)
		worksheet_write_string(b->sheet, HEADER_ROW, (lxw_col_t)c, export_header(c), b->header);
	b->row = HEADER_ROW + 1;
	return 0;
}

static int write_row(struct book *b, const struct flag_case *flag, struct error *err)
{
	for (int c = 0; c < EXPORT_COLUMNS; c++) {
		bool tick = c == EXPORT_TICK_RIGHT || c == EXPORT_TICK_WRONG, fill = c == EXPORT_RESULT || c == EXPORT_NOTE;
		lxw_format *format = tick ? b->tick : fill ? b->fill : b->cell;

		if (export_cell(flag, c, b->style, &b->text, err) < 0)
			return -1;
		if (c == EXPORT_FLAG)
			worksheet_write_number(b->sheet, b->row, (lxw_col_t)c, strtod(b->text.p, NULL), format);
		else if (b->text.n && b->text.n < CELL_MAX)
			worksheet_write_string(b->sheet, b->row, (lxw_col_t)c, b->text.p, format);
		else
			worksheet_write_blank(b->sheet, b->row, (lxw_col_t)c, format);
	}
	b->row++;
	return 0;
}

/* The list to choose from, for the rows that the sheet has. */
static void end_sheet(struct book *b)
{
	char right[] = "benar", wrong[] = "salah", *answers[] = {right, wrong, NULL};
	lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = answers,
		.ignore_blank = LXW_VALIDATION_ON, .show_input = LXW_VALIDATION_ON, .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
		.error_title = "Hasil", .error_message = "Isi dengan benar atau salah."};

	if (b->sheet && b->row > HEADER_ROW + 1)
		worksheet_data_validation_range(b->sheet, HEADER_ROW + 1, EXPORT_RESULT, b->row - 1, EXPORT_RESULT, &validation);
}

static int write_sheets(struct book *b, struct flag_cases *cases, struct error *err)
{
	struct flag_case flag;
	char village[512] = "\001"; /* no village's */

	for (int i = 0; i < cases->n; i++) {
		if (flag_cases_get(cases, i, &flag, err) < 0)
			return -1;
		if (strncmp(village, flag.village_name, sizeof village - 1) != 0 || b->row >= ROWS_MAX) {
			end_sheet(b);
			if (begin_sheet(b, &flag, err) < 0)
				return -1;
			snprintf(village, sizeof village, "%s", flag.village_name);
		}
		if (write_row(b, &flag, err) < 0)
			return -1;
	}
	end_sheet(b);
	return 0;
}

int export_xlsx(struct flag_cases *cases, const char *path, const struct export_style *style, struct error *err)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE};
	struct book b = {.style = style};
	char part[4096];
	lxw_error closing;
	int rc;

	/* libxlsxwriter writes at the end; the file gets its name when it is whole. */
	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
		return error_set(err, ERROR_USAGE, "Nama berkas terlalu panjang.", "The file's name is too long.");
	b.workbook = workbook_new_opt(part, &options);
	if (!b.workbook)
		return error_memory(err);
	strbuf_init(&b.text, EXPLAIN_TEXT_MAX);
	make_formats(&b);
	rc = write_sheets(&b, cases, err);
	closing = workbook_close(b.workbook);
	strbuf_release(&b.text);
	if (rc == 0 && (closing != LXW_NO_ERROR || rename(part, path) < 0))
		rc = error_set(err, ERROR_SYSTEM, "%.200s tidak dapat ditulis; periksa folder dan ruang diskanya.",
			"%.200s cannot be written; check the folder and its space.", path);
	if (rc < 0)
		unlink(part);
	return rc;
}
