/*
 * What an upload would be taken for, before it counts: its columns with examples, which of them are missing, which programme and period its name
 * speaks of. Read in the pool with the reader that lists are read with; no number of anybody is shown whole.
 */
#include "daemon/base/district_config.h"
#include "daemon/db/copy_text.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"
#include "daemon/http/upload.h"
#include "daemon/inbox/inbox_name.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/list_stage.h"
#include "daemon/ingest/row_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { SAMPLE_ROWS_SHOWN = 20, EXAMPLES_SHOWN = 3, CELL_SHOWN = 60 };

struct preview {
	struct arena arena; /* of the work in the pool */
	struct import_list what;
	json_t *json;
	int rc;
	struct error err;
};

/* Twelve digits or more are somebody's number, whatever stands between them. */
static json_t *cell_json(struct str cell)
{
	char text[CELL_SHOWN * 4 + 1];
	size_t n = cell.n < sizeof text - 1 ? cell.n : sizeof text - 1;
	size_t digits = 0, seen = 0;
	json_t *json;

	while (n && n < cell.n && ((unsigned char)cell.p[n] & 0xc0) == 0x80)
		n--; /* not within a letter */
	memcpy(text, cell.p, n);
	text[n] = '\0';
	for (size_t i = 0; i < n; i++)
		digits += text[i] >= '0' && text[i] <= '9';
	for (size_t i = 0; digits >= 12 && i < n; i++) {
		if (text[i] >= '0' && text[i] <= '9' && ++seen > 6 && seen + 4 <= digits)
			text[i] = '*';
	}
	json = json_string(text);
	return json ? json : json_string("");
}

static void take_remembered(struct upload *upload, struct list_stage_options *options)
{
	struct preview *preview = upload->step;
	json_t *object, *value;
	enum column_role *roles;
	struct str *header;
	const char *key;
	size_t n;

	if (!upload->header || !upload->mapping || copy_read_array(str_from(upload->header), &preview->arena, &header, &n) < 0)
		return;
	roles = arena_array(&preview->arena, n ? n : 1, sizeof *roles);
	object = json_loads(upload->mapping, 0, NULL);
	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);
		enum column_role role = column_role_from_name(str_from(json_string_value(value)));

		if (roles && column < n && role < COLUMN_ROLES)
			roles[column] = role;
	}
	json_decref(object);
	options->remembered_header = header;
	options->remembered = roles;
	options->n_remembered = roles ? (uint32_t)n : 0;
}

/* chosen: what the reader would take columns for has been put into options->remembered. map NULL: they make no list. */
static json_t *columns_json(const struct row_sheet *sheet, const struct column_map *map, const struct str *sample, uint32_t rows,
	const struct list_stage_options *options, bool chosen)
{
	json_t *list = json_array();

	for (uint32_t c = 0; c < sheet->n; c++) {
		enum column_role by_name = column_map_role(sheet->header[c], options->synonyms, options->n_synonyms);
		enum column_role role = map ? map->roles[c] : chosen ? options->remembered[c] : by_name == COLUMN_ROLES ? COLUMN_IGNORE : by_name;
		json_t *examples = json_array();

		for (uint32_t r = 0; r < rows && json_array_size(examples) < EXAMPLES_SHOWN; r++) {
			if (sample[(size_t)r * sheet->n + c].n)
				json_array_append_new(examples, cell_json(sample[(size_t)r * sheet->n + c]));
		}
		json_array_append_new(list, json_pack("{s:i, s:o, s:s, s:b, s:o}", "column", (int)c, "header", cell_json(sheet->header[c]), "role",
							column_role_name(role), "sure", (map && map->remembered) || by_name == role, "examples", examples));
	}
	return list;
}

static json_t *guess_json(struct upload *upload, const char *office)
{
	struct preview *preview = upload->step;
	struct inbox_subject subjects[256];
	struct inbox_name name;
	struct error ignored = {0};
	struct str copy = arena_str(&preview->arena, str_from(upload->subjects ? upload->subjects : ""));
	char path[400], period[16] = "", *rest, *word;
	size_t n = 0;

	for (rest = (char *)(uintptr_t)copy.p; rest && n < 256 && (word = strsep(&rest, " "));) {
		char *colon = strchr(word, ':');

		if (!colon)
			continue;
		subjects[n++] = (struct inbox_subject){strncmp(word, "reference", 9) == 0 ? LIST_REFERENCE : LIST_PROGRAMME, colon + 1};
	}
	snprintf(path, sizeof path, "%s/%.255s", office && *office ? office : "administrator", upload->file_name);
	for (char *at = strchr(path, '/') + 1; *at; at++)
		*at = *at == '/' ? '_' : *at;
	if (inbox_name_read(path, subjects, n, &name, &ignored) < 0) {
		error_clear(&ignored);
		return json_pack("{s:n, s:n, s:n}", "kind", "subject", "period");
	}
	if (name.month)
		snprintf(period, sizeof period, "%04u-%02u", name.year % 10000, name.month % 100);
	else if (name.year)
		snprintf(period, sizeof period, "%04u", name.year % 10000);
	return json_pack("{s:s, s:o, s:o}", "kind", name.kind == LIST_TARGET ? "target" : name.kind == LIST_REFERENCE ? "reference" : "programme",
		"subject", *name.code ? json_string(name.code) : json_null(), "period", *period ? json_string(period) : json_null());
}

static json_t *sample_json(const struct row_sheet *sheet, const struct str *sample, uint32_t rows)
{
	json_t *list = json_array();

	for (uint32_t r = 0; r < rows && r < SAMPLE_ROWS_SHOWN; r++) {
		json_t *row = json_array();

		for (uint32_t c = 0; c < sheet->n; c++)
			json_array_append_new(row, cell_json(sample[(size_t)r * sheet->n + c]));
		json_array_append_new(list, row);
	}
	return list;
}

static int make_preview(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct preview *preview = upload->step;
	struct list_stage_options options = {.name = upload->file_name};
	struct district_config config = {0};
	struct row_reader_options reading;
	struct column_map_options mapping;
	struct column_map map = {0};
	struct row_reader_notes notes;
	struct row_reader *reader;
	const struct row_sheet *sheet;
	const struct str *sample;
	json_t *missing = json_array();
	struct error lacks = {0};
	uint32_t rows;
	bool usable;

	if (upload->config && district_config_parse(str_from(upload->config), &preview->arena, &config, NULL, &preview->err) < 0)
		error_clear(&preview->err); /* without the district's own words, then */
	options.synonyms = config.synonyms;
	options.n_synonyms = config.n_synonyms;
	take_remembered(upload, &options);
	preview->what = (struct import_list){.path = upload->path, .name = upload->file_name, .chosen = upload->chosen, .n_chosen = upload->n_chosen};
	reading = (struct row_reader_options){.name = upload->file_name, .synonyms = options.synonyms, .synonyms_n = options.n_synonyms};
	reader = row_reader_open(upload->path, &reading, &preview->err);
	if (!reader || (upload->n_chosen && import_choose_columns(&preview->what, &preview->arena, &options, &preview->err) < 0)) {
		row_reader_free(reader);
		json_decref(missing);
		return -1;
	}
	sheet = row_reader_sheet(reader, 0);
	sample = row_reader_sample(reader, 0, &rows);
	mapping = (struct column_map_options){.synonyms = options.synonyms, .synonyms_n = options.n_synonyms, .remembered_header = options.remembered_header,
		.remembered = options.remembered, .remembered_n = options.n_remembered, .sheet = sheet->name};
	usable = column_map_make(&map, sheet->header, sheet->n, sample, rows, &mapping, &lacks) == 0;
	if (!usable)
		json_array_append_new(missing, json_pack("{s:s, s:s}", "text", lacks.id, "text_en", lacks.en));
	row_reader_notes(reader, &notes);
	preview->json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:I, s:i, s:o, s:b, s:o, s:o, s:[], s:o}", "upload", upload->id, "type",
		row_reader_type(reader) == ROW_FILE_XLSX ? "xlsx" : "csv", "encoding", encoding_name(notes.encoding), "delimiter",
		row_reader_type(reader) == ROW_FILE_XLSX ? json_null() : json_stringn(&(char){row_reader_delimiter(reader)}, 1), "sheet",
		sheet->name.n ? cell_json(sheet->name) : json_null(), "sheets", (int)row_reader_sheets(reader), "header_line", (json_int_t)sheet->header_line,
		"rows_sampled", (int)rows, "columns", columns_json(sheet, usable ? &map : NULL, sample, rows, &options, upload->n_chosen > 0), "remembered",
		usable && map.remembered && !upload->n_chosen, "sample", sample_json(sheet, sample, rows), "missing", missing, "notes", "guess",
		guess_json(upload, request->who.office));
	if (usable)
		column_map_release(&map);
	row_reader_free(reader);
	return preview->json ? 0 : error_memory(&preview->err);
}

static void preview_in_pool(struct http_request *request)
{
	struct preview *preview = upload_of(request)->step;

	arena_init(&preview->arena, 0);
	preview->rc = make_preview(request);
	arena_release(&preview->arena);
}

static void preview_made(struct http_request *request)
{
	struct preview *preview = upload_of(request)->step;

	if (preview->rc == 0)
		http_reply_json(request, 200, preview->json);
	else
		http_reply_error(request, &preview->err);
}

static void preview(struct http_request *request)
{
	struct upload *upload = upload_of(request);

	if (strcmp(upload->state, "complete") != 0) {
		upload_reply_state(request);
		return;
	}
	upload->step = arena_alloc(&request->arena, sizeof(struct preview));
	if (!upload->step) {
		http_reply_busy(request);
		return;
	}
	upload_read_chosen(request);
	if (!http_pool_run(request, preview_in_pool, preview_made))
		return; /* answered */
}

void api_preview_upload(struct http_request *request)
{
	upload_look_up(request, preview);
}
