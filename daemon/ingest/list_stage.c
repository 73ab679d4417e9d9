/*
 * Staging a file, row by row; see list_stage.h.
 */
#include "daemon/ingest/list_stage.h"
#include "daemon/db/copy_binary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { SHEET_NONE = UINT32_MAX, STAGE_COLUMNS = 8 };

struct list_stage {
	struct row_reader *reader;
	struct list_stage_options options;
	struct arena arena;      /* as long as the stage */
	struct column_map map;   /* of the first sheet: the list's own */
	struct str *header;      /* n cells, the sheet column among them */
	uint32_t n;
	bool sheet_column;       /* the last column is the sheet's name */
	const char *header_text, *mapping_text, *sheet_text;
	uint32_t sheet;          /* that `from` is about; SHEET_NONE at first */
	int32_t *from;           /* column of the list → column of this sheet, -1: it has none; NULL: the same columns */
	struct str *cells;       /* n, of the row in hand */
	int32_t *numeric;        /* n */
	char delimiter[2];
	uint64_t count, rejected;
	bool begun;
};

static int map_sheet(struct list_stage *stage, uint32_t sheet, struct column_map *map, struct error *err)
{
	const struct row_sheet *of = row_reader_sheet(stage->reader, sheet);
	uint32_t rows;
	const struct str *sample = row_reader_sample(stage->reader, sheet, &rows);
	struct column_map_options options = {
		.synonyms = stage->options.synonyms,
		.synonyms_n = stage->options.n_synonyms,
		.remembered_header = stage->options.remembered_header,
		.remembered = stage->options.remembered,
		.remembered_n = stage->options.n_remembered,
		.sheet = of->name,
	};

	return column_map_make(map, of->header, of->n, sample, rows, &options, err);
}

/* {"0":"nik","3":"name"} */
static const char *mapping_json(const struct list_stage *stage, struct arena *arena)
{
	size_t room = 4 + (size_t)stage->n * 48, n = 0;
	char *text = arena_alloc(arena, room);

	if (!text)
		return NULL;
	text[n++] = '{';
	for (uint32_t i = 0; i < stage->n; i++) {
		enum column_role role = i < stage->map.n ? stage->map.roles[i] : COLUMN_VILLAGE;

		if (role != COLUMN_IGNORE)
			n += snprintf(text + n, room - n, "%s\"%u\":\"%s\"", n > 1 ? "," : "", i, column_role_name(role));
	}
	text[n++] = '}';
	text[n] = '\0';
	return text;
}

static int read_header(struct list_stage *stage, struct error *err)
{
	const struct row_sheet *sheet = row_reader_sheet(stage->reader, 0);

	if (map_sheet(stage, 0, &stage->map, err) < 0)
		return -1;
	stage->sheet_column = stage->map.village_from_sheet && sheet->name.n > 0;
	stage->n = sheet->n + stage->sheet_column;
	stage->header = arena_array(&stage->arena, stage->n, sizeof(*stage->header));
	stage->cells = arena_array(&stage->arena, stage->n, sizeof(*stage->cells));
	stage->numeric = arena_array(&stage->arena, stage->n, sizeof(*stage->numeric));
	stage->from = arena_array(&stage->arena, stage->n, sizeof(*stage->from));
	if (!stage->header || !stage->cells || !stage->numeric || !stage->from)
		return error_memory(err);
	memcpy(stage->header, sheet->header, sheet->n * sizeof(*stage->header));
	if (stage->sheet_column)
		stage->header[sheet->n] = STR_LITERAL(LIST_STAGE_SHEET_HEADER);
	stage->header_text = copy_array_literal(stage->header, stage->n, &stage->arena);
	stage->mapping_text = mapping_json(stage, &stage->arena);
	stage->sheet_text = arena_str(&stage->arena, sheet->name.n ? sheet->name : STR_LITERAL("")).p;
	if (!stage->header_text || !stage->mapping_text || !stage->sheet_text)
		return error_memory(err);
	return 0;
}

int list_stage_open(int fd, const struct list_stage_options *options, struct list_stage **ret, struct error *err)
{
	struct row_reader_options reader_options = {
		.name = options->name,
		.delimiter = options->delimiter,
		.synonyms = options->synonyms,
		.synonyms_n = options->n_synonyms,
	};
	struct list_stage *stage = calloc(1, sizeof(*stage));

	if (stage) {
		stage->options = *options;
		arena_init(&stage->arena, 0);
		stage->sheet = SHEET_NONE;
	}
	/* The reader owns the descriptor in any case, so it is asked even when there is no memory for more. */
	struct row_reader *reader = row_reader_open_fd(fd, &reader_options, err);

	if (!stage || !reader) {
		row_reader_free(reader);
		list_stage_free(stage);
		return reader ? error_memory(err) : -1;
	}
	stage->reader = reader;
	if (row_reader_type(reader) == ROW_FILE_CSV)
		stage->delimiter[0] = row_reader_delimiter(reader);
	if (read_header(stage, err) < 0) {
		list_stage_free(stage);
		return -1;
	}
	*ret = stage;
	return 0;
}

/* Another sheet begins: where its columns go. */
static int enter_sheet(struct list_stage *stage, uint32_t sheet, struct error *err)
{
	const struct row_sheet *of = row_reader_sheet(stage->reader, sheet);
	struct column_map map;

	stage->sheet = sheet;
	if (sheet == 0) {
		for (uint32_t i = 0; i < stage->n; i++)
			stage->from[i] = i < of->n ? (int32_t)i : -1;
		return 0;
	}
	if (map_sheet(stage, sheet, &map, err) < 0) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(of->name.n < 40 ? of->name.n : 40), of->name.p ? of->name.p : "");
		return error_context(err, name, name);
	}
	for (uint32_t i = 0; i < stage->n; i++) {
		enum column_role role = i < stage->map.n ? stage->map.roles[i] : COLUMN_VILLAGE;

		stage->from[i] = -1;
		if (role != COLUMN_IGNORE)
			stage->from[i] = map.column[role];
		for (uint32_t j = 0; role == COLUMN_IGNORE && j < of->n; j++) {
			if (map.roles[j] == COLUMN_IGNORE && str_equal(of->header[j], stage->header[i])) {
				stage->from[i] = j;
				break;
			}
		}
	}
	column_map_release(&map);
	return 0;
}

static void write_row(struct list_stage *stage, uint32_t district, int64_t list, const struct row *row,
	struct copy_buffer *buffer)
{
	const struct row_sheet *sheet = row_reader_sheet(stage->reader, row->sheet);
	/* What could not be read whole is kept as it was read, for the office to mend. */
	bool as_is = row->fault != ROW_OK;
	uint32_t n = as_is ? row->n : stage->n;
	size_t n_numeric = 0;

	copy_binary_row(buffer, STAGE_COLUMNS);
	copy_binary_int4(buffer, (int32_t)district);
	copy_binary_int8(buffer, list);
	copy_binary_int4(buffer, (int32_t)row->row);
	copy_binary_int8(buffer, (int64_t)row->line);
	for (uint32_t i = 0; !as_is && i < n; i++) {
		int32_t from = stage->from[i];

		stage->cells[i] = from >= 0 && (uint32_t)from < row->n ? row->cells[from] : (struct str){"", 0};
		if (from >= 0 && (uint32_t)from < row->n && row->numeric && row->numeric[from])
			stage->numeric[n_numeric++] = (int32_t)i;
		if (stage->sheet_column && i == stage->n - 1 && from < 0)
			stage->cells[i] = sheet->name;
	}
	copy_binary_cells(buffer, as_is ? row->cells : stage->cells, n);
	if (n_numeric)
		copy_binary_int4s(buffer, stage->numeric, n_numeric);
	else
		copy_binary_null(buffer);
	if (as_is) {
		struct error why = {0};

		row_fault_describe(row, &why);
		copy_binary_str(buffer, str_from(why.id));
		copy_binary_str(buffer, str_from(why.en));
		stage->rejected++;
	} else {
		copy_binary_null(buffer);
		copy_binary_null(buffer);
	}
	stage->count++;
}

int list_stage_rows(struct list_stage *stage, uint32_t district, int64_t list, struct copy_buffer *buffer, size_t bytes,
	struct error *err)
{
	if (!stage->begun)
		copy_binary_begin(buffer);
	stage->begun = true;
	while (buffer->n < bytes) {
		struct row row;
		int status = row_reader_next(stage->reader, &row, err);

		if (status == 0)
			copy_binary_end(buffer);
		if (status <= 0)
			return status;
		if (row.sheet != stage->sheet && enter_sheet(stage, row.sheet, err) < 0)
			return -1;
		write_row(stage, district, list, &row, buffer);
		if (buffer->failed)
			return error_memory(err);
	}
	return 1;
}

const char *list_stage_header(const struct list_stage *stage)
{
	return stage->header_text;
}

const char *list_stage_mapping(const struct list_stage *stage)
{
	return stage->mapping_text;
}

const char *list_stage_encoding(const struct list_stage *stage)
{
	struct row_reader_notes notes;

	row_reader_notes(stage->reader, &notes);
	return encoding_name(notes.encoding);
}

const char *list_stage_delimiter(const struct list_stage *stage)
{
	return stage->delimiter;
}

const char *list_stage_sheet(const struct list_stage *stage)
{
	return stage->sheet_text;
}

uint64_t list_stage_count(const struct list_stage *stage)
{
	return stage->count;
}

uint64_t list_stage_rejected(const struct list_stage *stage)
{
	return stage->rejected;
}

double list_stage_progress(const struct list_stage *stage)
{
	uint64_t done, total;

	row_reader_progress(stage->reader, &done, &total);
	return total ? (double)done / (double)total : 0;
}

void list_stage_free(struct list_stage *stage)
{
	if (!stage)
		return;
	row_reader_free(stage->reader);
	column_map_release(&stage->map);
	arena_release(&stage->arena);
	free(stage);
}
