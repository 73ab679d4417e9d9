/*
 * A list as an XLSX workbook with a sheet per village, the way a spreadsheet would keep it: some sheets hold the NIK
 * as a number, of which 15 digits survive. See sim_layouts.h.
 */
#include "daemon/simulate/sim_layouts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

/* The chance that a sheet holds numbers, at the usual damage. */
static const double NUMERIC_SHEET = 0.12;

struct workbook {
	const struct sim_writing *writing;
	const struct sim_layout *layout;
	struct sim_cell_context context;
	struct sim_random random;
	lxw_workbook *book;
	struct sim_text cell;
	size_t columns;
};

/* Two villages may have one name: the second bears its kecamatan too. */
static void sheet_name(const struct sim_places *places, uint16_t index, char name[32])
{
	const struct sim_village *village = &places->villages[index];
	bool again = false;

	for (uint16_t i = 0; i < index; i++)
		again |= strcmp(places->villages[i].name, village->name) == 0;
	if (again)
		snprintf(name, 32, "%.14s (%.14s)", village->name, sim_places_kecamatan(places, village)->name);
	else
		snprintf(name, 32, "%.31s", village->name);
}

static lxw_worksheet *begin_sheet(struct workbook *w, uint16_t village, lxw_row_t *line)
{
	const struct sim_places *places = &w->writing->world->places;
	char name[32], title[160];
	lxw_worksheet *sheet;

	sheet_name(places, village, name);
	sheet = workbook_add_worksheet(w->book, name);
	if (!sheet)
		return NULL;
	*line = 0;
	worksheet_merge_range(sheet, *line, 0, *line, (lxw_col_t)(w->columns - 1), w->layout->titles[0], NULL);
	(*line)++;
	snprintf(title, sizeof title, "DESA/KELURAHAN %s KECAMATAN %s %s", places->villages[village].name,
		sim_places_kecamatan(places, &places->villages[village])->name, places->name);
	for (char *p = title; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	worksheet_write_string(sheet, (*line)++, 0, title, NULL);
	for (size_t i = 0; i < w->columns; i++)
		worksheet_write_string(sheet, *line, (lxw_col_t)i, w->layout->columns[i].header, NULL);
	(*line)++;
	return sheet;
}

/* 16 digits as a spreadsheet keeps them: 15 are significant. */
static double fifteen_digits(const char *nik)
{
	char digits[17];

	snprintf(digits, sizeof digits, "%.15s0", nik);
	return strtod(digits, NULL);
}

static bool is_number(const char *text)
{
	return strlen(text) == 16 && strspn(text, "0123456789") == 16;
}

static void write_row(struct workbook *w, lxw_worksheet *sheet, lxw_row_t line, const struct sim_row *row,
	size_t number, bool numeric)
{
	for (size_t i = 0; i < w->columns; i++) {
		enum sim_cell kind = w->layout->columns[i].cell;

		sim_cell_write(&w->context, &w->layout->columns[i], row, number, &w->cell);
		if (w->cell.failed)
			return;
		if (!w->cell.p[0])
			continue;
		if (kind == CELL_NUMBER || kind == CELL_AMOUNT)
			worksheet_write_number(sheet, line, (lxw_col_t)i, strtod(w->cell.p, NULL), NULL);
		else if (kind == CELL_NIK && numeric && is_number(w->cell.p))
			worksheet_write_number(sheet, line, (lxw_col_t)i, fifteen_digits(w->cell.p), NULL);
		else
			worksheet_write_string(sheet, line, (lxw_col_t)i, w->cell.p, NULL);
	}
}

static void write_total(struct workbook *w, lxw_worksheet *sheet, lxw_row_t line, size_t rows)
{
	worksheet_write_string(sheet, line, (lxw_col_t)w->layout->total_column, w->layout->total, NULL);
	worksheet_write_number(sheet, line, (lxw_col_t)(w->columns - 1), (double)rows * 200000, NULL);
}

/* 0, or -1 when stopped. */
static int write_sheets(struct workbook *w, const struct sim_list *list, struct error *err)
{
	lxw_worksheet *sheet = NULL;
	lxw_row_t line = 0;
	size_t first = 0;
	bool numeric = false;

	for (size_t r = 0; r < list->count; r++) {
		const struct sim_row *row = &list->rows[r];

		if (r % 1024 == 0 && sim_world_check_stop(w->writing->world, err) < 0)
			return -1;
		if (!sheet || row->order >> 48 != list->rows[r - 1].order >> 48) {
			if (sheet)
				write_total(w, sheet, line, r - first);
			sheet = begin_sheet(w, (uint16_t)(row->order >> 48), &line);
			if (!sheet)
				return error_memory(err);
			first = r;
			numeric = sim_random_chance(&w->random, NUMERIC_SHEET * w->writing->lists->damage);
		}
		write_row(w, sheet, line++, row, r - first + 1, numeric);
		if (w->cell.failed)
			return error_memory(err);
	}
	if (sheet)
		write_total(w, sheet, line, list->count - first);
	else if (!begin_sheet(w, 0, &line))
		return error_memory(err);
	return 0;
}

int sim_workbook_write(const struct sim_writing *writing, enum sim_list_code code, struct error *err)
{
	const struct sim_layout *layout = &sim_layouts[code];
	struct workbook w = {.writing = writing, .layout = layout, .columns = sim_layout_columns(layout)};
	lxw_workbook_options options = {.constant_memory = LXW_FALSE};
	lxw_doc_properties properties = {.created = 1720000000}; /* the same file every time */
	char path[SIM_PATH_MAX];
	lxw_error closed;
	int status;

	if (sim_folder_new_file(writing->folder, sim_list_plans[code].file, path, err) < 0)
		return -1;
	sim_cell_context_init(&w.context, writing, code);
	sim_random_fork(&w.random, writing->lists->seed, "sheets");
	w.book = workbook_new_opt(path, &options);
	if (!w.book)
		return error_memory(err);
	workbook_set_properties(w.book, &properties);
	status = write_sheets(&w, &writing->lists->list[code], err);
	closed = workbook_close(w.book);
	sim_text_release(&w.cell);
	if (status == 0 && closed != LXW_NO_ERROR)
		status = error_set(err, ERROR_SYSTEM, "Tidak dapat menulis %s: %s.", "Cannot write %s: %s.",
			sim_list_plans[code].file, lxw_strerror(closed));
	return status;
}
