/*
 * Reading an input of `padan check`. Rows are copied into chunks; the rows of a chunk are understood side by side, then
 * added to the district in order.
 */
#include "daemon/check/check_list.h"

#include "daemon/ingest/column_map.h"
#include "daemon/ingest/file_open.h"
#include "daemon/ingest/row_nobody.h"
#include "daemon/ingest/row_reader.h"
#include "matcher/normalise/list_habits.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_ROWS = 4096, TASK_ROWS = 256, TASKS = CHUNK_ROWS / TASK_ROWS, SHEETS_MAX = 512 };

struct kept_row { /* a row of the reader, copied */
	uint32_t row, n, sheet;
	uint64_t line;
	const struct str *cells;
	const bool *numeric;
	enum row_fault fault;
	uint32_t fault_column;
	enum entry_reject reject;
	struct entry entry;
};

struct task {
	struct arena arena;
	struct error err;
	bool failed;
};

struct list_reader {
	const struct check_reading *reading;
	struct check_list *list;
	struct row_reader *rows;
	struct column_map maps[SHEETS_MAX];
	struct entry_context contexts[SHEETS_MAX];
	uint32_t n_sheets;
	struct arena arena; /* the copies of a chunk's cells */
	struct kept_row *chunk;
	size_t n;
	struct task tasks[TASKS];
};

uint32_t check_period_day(const char *period)
{
	unsigned year, month = 1;
	int used = 0;
	size_t n = strlen(period);

	if (n == 4 && sscanf(period, "%4u%n", &year, &used) == 1 && used == 4 && year >= 1900)
		return year * 10000 + 101;
	if (n == 7 && sscanf(period, "%4u-%2u%n", &year, &month, &used) == 2 && used == 7 && year >= 1900 && month >= 1 &&
		month <= 12)
		return year * 10000 + month * 100 + 1;
	return 0;
}

static int find_code(const struct district_config *config, enum list_kind kind, struct str code)
{
	if (kind == LIST_PROGRAMME)
		for (size_t i = 0; i < config->rules.n_programmes; i++)
			if (str_equal(config->rules.programmes[i].code, code))
				return (int)i;
	if (kind == LIST_REFERENCE)
		for (size_t i = 0; i < config->rules.n_references; i++)
			if (str_equal(config->rules.references[i].code, code))
				return (int)i;
	return -1;
}

int check_list_parse(const struct district_config *config, enum list_kind kind, const char *text, uint32_t today,
	struct check_list *ret, struct error *err)
{
	const char *equals = strchr(text, '='), *at;
	struct str code;

	if (!equals || equals == text || !equals[1])
		return error_set(err, ERROR_USAGE, "\"%s\": harus KODE=BERKAS atau KODE@PERIODE=BERKAS.",
			"\"%s\": must be CODE=FILE or CODE@PERIOD=FILE.", text);
	*ret = (struct check_list){.kind = kind, .path = equals + 1, .day = today};
	at = memchr(text, '@', (size_t)(equals - text));
	code = (struct str){text, (size_t)((at ? at : equals) - text)};
	if (at) {
		snprintf(ret->period, sizeof(ret->period), "%.*s", (int)(equals - at - 1 > 7 ? 7 : equals - at - 1), at + 1);
		ret->day = equals - at - 1 > 7 ? 0 : check_period_day(ret->period);
		if (!ret->day)
			return error_set(err, ERROR_USAGE, "\"%s\": periode harus berbentuk TTTT atau TTTT-BB, misalnya 2024-07.",
				"\"%s\": a period is written YYYY or YYYY-MM, like 2024-07.", text);
	}
	ret->subject = find_code(config, kind, code);
	if (ret->subject < 0)
		return error_set(err, ERROR_USAGE,
			kind == LIST_PROGRAMME ? "Program \"%.*s\" tidak ada dalam konfigurasi: tambahkan [programme %.*s]." :
						 "Rujukan \"%.*s\" tidak ada dalam konfigurasi: tambahkan [reference %.*s].",
			kind == LIST_PROGRAMME ? "There is no programme \"%.*s\" in the configuration: add [programme %.*s]." :
						 "There is no reference \"%.*s\" in the configuration: add [reference %.*s].",
			STR_ARGS(code), STR_ARGS(code));
	snprintf(ret->code, sizeof(ret->code), "%s%.*s", kind == LIST_REFERENCE ? "ref:" : "", STR_ARGS(code));
	snprintf(ret->label, sizeof(ret->label), "%s", ret->code);
	return 0;
}

/* What the first rows of a sheet tell about the way it writes. */
static void learn_habits(const struct column_map *map, const struct str *sample, uint32_t rows, struct entry_context *context)
{
	struct list_habits habits = {.names = 0};

	for (uint32_t i = 0; i < rows; i++)
		list_habits_add(&habits, map->roles, sample + (size_t)i * map->n, map->n);
	list_habits_settle(&habits, context);
}

static int make_map(const struct district_config *config, const char *name, const struct row_reader *rows, uint32_t number,
	struct column_map *map, struct entry_context *context, struct error *err)
{
	const struct row_sheet *sheet = row_reader_sheet(rows, number);
	uint32_t n_sample;
	const struct str *sample = row_reader_sample(rows, number, &n_sample);
	struct column_map_options options = {.synonyms = config->synonyms, .synonyms_n = config->n_synonyms,
		.sheet = sheet->name};

	if (column_map_make(map, sheet->header, sheet->n, sample, n_sample, &options, err) < 0)
		return error_context(err, name, name);
	learn_habits(map, sample, n_sample, context);
	return 0;
}

/* Understands the headers of sheets that were not met yet. */
static int open_sheets(struct list_reader *r, uint32_t sheet, struct error *err)
{
	while (r->n_sheets <= sheet) {
		struct entry_context *context = &r->contexts[r->n_sheets];

		if (r->n_sheets == SHEETS_MAX)
			return error_set(err, ERROR_INPUT, "Lebih dari %d lembar dalam satu buku kerja.",
				"More than %d sheets in one workbook.", SHEETS_MAX);
		*context = (struct entry_context){.villages = r->reading->villages, .district = r->reading->config->district,
			.reference_year = (uint16_t)(r->list->day / 10000)};
		if (make_map(r->reading->config, file_open_name(r->list->path), r->rows, r->n_sheets, &r->maps[r->n_sheets], context, err) < 0)
			return -1;
		if (r->maps[r->n_sheets].village_from_sheet)
			context->sheet_village = row_reader_sheet(r->rows, r->n_sheets)->name;
		r->n_sheets++;
	}
	return 0;
}

static int keep_row(struct list_reader *r, const struct row *row, struct error *err)
{
	struct kept_row *kept = &r->chunk[r->n];
	struct str *cells = arena_array(&r->arena, row->n + 1, sizeof(*cells));
	bool *numeric = row->numeric ? arena_array(&r->arena, row->n + 1, sizeof(*numeric)) : NULL;

	if (!cells || (row->numeric && !numeric))
		return error_memory(err);
	for (uint32_t i = 0; i < row->n; i++) {
		cells[i] = arena_str(&r->arena, row->cells[i]);
		if (!cells[i].p)
			return error_memory(err);
	}
	if (numeric)
		memcpy(numeric, row->numeric, row->n * sizeof(*numeric));
	*kept = (struct kept_row){.row = row->row, .n = row->n, .sheet = row->sheet, .line = row->line, .cells = cells,
		.numeric = numeric, .fault = row->fault, .fault_column = row->fault_column};
	r->n++;
	return 0;
}

static void understand(void *arg, size_t number)
{
	struct list_reader *r = arg;
	struct task *task = &r->tasks[number];
	size_t end = (number + 1) * TASK_ROWS < r->n ? (number + 1) * TASK_ROWS : r->n;

	arena_reset(&task->arena);
	for (size_t i = number * TASK_ROWS; i < end && !task->failed; i++) {
		struct kept_row *row = &r->chunk[i];
		const struct column_map *map = &r->maps[row->sheet];

		if (row->fault != ROW_OK)
			continue;
		if (entry_build(&r->contexts[row->sheet], map->roles, row->cells, row->numeric, row->n < map->n ? row->n : map->n,
			    row->row, row->line, &task->arena, &row->entry, &row->reject, &task->err) < 0)
			task->failed = true;
	}
}

/* The row as it was read, as one cell: its cells between semicolons. */
static int joined_cells(struct arena *arena, const struct kept_row *row, struct str *ret, struct error *err)
{
	size_t size = row->n + 1, n = 0;
	char *text;

	for (uint32_t i = 0; i < row->n; i++)
		size += row->cells[i].n;
	text = arena_alloc(arena, size);
	if (!text)
		return error_memory(err);
	for (uint32_t i = 0; i < row->n; i++) {
		if (i)
			text[n++] = ';';
		if (row->cells[i].n)
			memcpy(text + n, row->cells[i].p, row->cells[i].n);
		n += row->cells[i].n;
	}
	*ret = (struct str){text, n};
	return 0;
}

static int reject(struct list_reader *r, const struct kept_row *row, struct error *err)
{
	struct file_writer *out = r->reading->rejects;
	struct error why = {0};
	struct str cells = {0};

	if (row->fault != ROW_OK) {
		struct row seen = {.row = row->row, .sheet = row->sheet, .line = row->line, .n = row->n, .fault = row->fault,
			.fault_column = row->fault_column, .cells = row->cells, .numeric = row->numeric};

		row_fault_describe(&seen, &why);
	} else {
		const struct column_map *map = &r->maps[row->sheet];
		struct row_nobody nobody = row_nobody_find(map->roles, row->cells, row->n < map->n ? row->n : map->n);

		row_nobody_describe(&nobody, row->line, &why);
	}
	if (joined_cells(&r->arena, row, &cells, err) < 0)
		return -1;
	file_writer_cell_text(out, r->list->label);
	file_writer_cell_uint(out, row->row);
	file_writer_cell_uint(out, row->line);
	file_writer_cell_text(out, lang_error(r->reading->lang, &why));
	file_writer_cell_safe(out, cells);
	file_writer_row_end(out);
	r->list->rejected++;
	return 0;
}

/* The chunk's rows into the district, in order. */
static int finish_chunk(struct list_reader *r, struct error *err)
{
	parallel_run(r->reading->parallel, (r->n + TASK_ROWS - 1) / TASK_ROWS, understand, r);
	for (size_t i = 0; i < TASKS; i++) {
		if (r->tasks[i].failed) {
			*err = r->tasks[i].err;
			return -1;
		}
	}
	for (size_t i = 0; i < r->n; i++) {
		struct kept_row *row = &r->chunk[i];

		r->list->rows = row->row;
		if (row->fault != ROW_OK || row->reject != ENTRY_ACCEPTED) {
			if (reject(r, row, err) < 0)
				return -1;
			continue;
		}
		if (district_add_entry(r->reading->district, &row->entry, NULL, NULL, err) < 0)
			return -1;
		r->list->accepted++;
	}
	arena_reset(&r->arena);
	r->n = 0;
	return 0;
}

static int tell_progress(const struct list_reader *r, struct error *err)
{
	uint64_t done, total;

	row_reader_progress(r->rows, &done, &total);
	if (r->reading->progress &&
		r->reading->progress(r->reading->arg, r->list, total ? (double)done / (double)total : 0))
		return error_set(err, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
	return 0;
}

static int read_rows(struct list_reader *r, struct error *err)
{
	struct row row;
	int got;

	while ((got = row_reader_next(r->rows, &row, err)) == 1) {
		if (open_sheets(r, row.sheet, err) < 0 || keep_row(r, &row, err) < 0)
			return -1;
		if (r->n == CHUNK_ROWS && (finish_chunk(r, err) < 0 || tell_progress(r, err) < 0))
			return -1;
	}
	if (got < 0 || finish_chunk(r, err) < 0)
		return -1;
	/* a file without rows must still have a header that can be understood */
	return row_reader_sheets(r->rows) ? open_sheets(r, row_reader_sheets(r->rows) - 1, err) : 0;
}

static int open_list(struct list_reader *r, struct error *err)
{
	const struct check_reading *reading = r->reading;
	struct row_reader_options options = {.synonyms = reading->config->synonyms,
		.synonyms_n = reading->config->n_synonyms};
	struct district_list list = {.kind = r->list->kind, .subject = r->list->subject, .day = r->list->day};

	snprintf(list.period, sizeof(list.period), "%s", r->list->period);
	r->rows = row_reader_open(r->list->path, &options, err);
	r->chunk = calloc(CHUNK_ROWS, sizeof(*r->chunk));
	if (!r->rows)
		return -1;
	if (!r->chunk)
		return error_memory(err);
	return district_add_list(reading->district, &list, &r->list->number, err);
}

int check_list_read(const struct check_reading *reading, struct check_list *list, struct error *err)
{
	struct list_reader *r = calloc(1, sizeof(*r));
	int result;

	if (!r)
		return error_memory(err);
	r->reading = reading;
	r->list = list;
	result = open_list(r, err) < 0 ? -1 : read_rows(r, err);
	for (uint32_t i = 0; i < r->n_sheets; i++)
		column_map_release(&r->maps[i]);
	for (size_t i = 0; i < TASKS; i++)
		arena_release(&r->tasks[i].arena);
	arena_release(&r->arena);
	row_reader_free(r->rows);
	free(r->chunk);
	free(r);
	return result;
}

static int learn_rows(const struct district_config *config, struct row_reader *rows, struct village_learner *learner,
	struct error *err)
{
	struct column_map map = {0};
	struct error ignored = {0};
	uint32_t sheet = UINT32_MAX;
	bool useful = false;
	struct row row;
	int result = 0;

	while (result == 0 && row_reader_next(rows, &row, &ignored) == 1) {
		if (row.sheet != sheet) {
			struct entry_context context = {0};

			column_map_release(&map);
			sheet = row.sheet;
			useful = make_map(config, "", rows, sheet, &map, &context, &ignored) == 0 &&
				 map.column[COLUMN_VILLAGE_CODE] >= 0 && map.column[COLUMN_VILLAGE] >= 0;
		}
		if (useful && row.fault == ROW_OK)
			result = village_learner_add(learner, column_map_cell(&map, COLUMN_VILLAGE_CODE, row.cells),
				column_map_cell(&map, COLUMN_VILLAGE, row.cells), column_map_cell(&map, COLUMN_KECAMATAN, row.cells), err);
	}
	column_map_release(&map);
	return result;
}

int check_list_learn_villages(const struct district_config *config, const struct check_list *list,
	struct village_learner *learner, struct error *err)
{
	struct row_reader_options options = {.synonyms = config->synonyms, .synonyms_n = config->n_synonyms};
	struct error ignored = {0};
	struct row_reader *rows = row_reader_open(list->path, &options, &ignored);
	int result = rows ? learn_rows(config, rows, learner, err) : 0;

	row_reader_free(rows);
	return result;
}
