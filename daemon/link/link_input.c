/* See link_input.h. */
#include "daemon/link/link_input.h"

#include "daemon/ingest/column_map.h"
#include "matcher/base/grow.h"
#include "matcher/normalise/field_memory.h"
#include "matcher/normalise/text_fold.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	SAMPLE_ROWS = 1000,
	RANGES_MAX = 65536,
	RANGE_BYTES = 128 * 1024, /* of text that one task normalises at a time */
	HEADER_BYTES = 256
};

/* ---- what the columns are ---- */

struct sampler {
	struct str *cells;
	uint32_t columns, rows, room;
	uint32_t left; /* rows still wanted of this range */
};

static int take_sample(void *arg, const struct csv_table_row *row)
{
	struct sampler *sampler = arg;

	if (sampler->rows == sampler->room || sampler->left == 0)
		return 1;
	memcpy(sampler->cells + (size_t)sampler->rows * sampler->columns, row->cells,
		sampler->columns * sizeof *sampler->cells);
	sampler->rows++;
	sampler->left--;
	return sampler->left == 0;
}

/* Rows spread over the file, so that a list sorted by village or by year shows all it has. */
static int guess_columns(struct link_input *input, struct link_file *file, struct error *err)
{
	enum { PARTS = 16 };
	struct sampler sampler = {.columns = file->table.columns, .room = SAMPLE_ROWS};
	size_t parts = file->n_ranges < PARTS ? file->n_ranges : PARTS;
	int status = -1;

	file->guesses = calloc(file->table.columns, sizeof *file->guesses);
	sampler.cells = calloc((size_t)SAMPLE_ROWS * file->table.columns, sizeof *sampler.cells);
	if (!file->guesses || !sampler.cells) {
		error_memory(err);
		goto out;
	}
	for (size_t i = 0; i < parts; i++) {
		const struct csv_table_range *range = &file->ranges[i * file->n_ranges / parts];

		sampler.left = (SAMPLE_ROWS - sampler.rows) / (uint32_t)(parts - i);
		if (sampler.left && csv_table_scan(&file->table, range, &input->arena, take_sample, &sampler, err) < 0)
			goto out;
	}
	column_guess(file->table.header, file->table.columns, sampler.cells, sampler.rows, file->guesses);
	status = 0;
out:
	free(sampler.cells);
	return status;
}

static int open_file(struct link_input *input, struct link_file *file, const char *path, const struct parallel *parallel,
	struct error *err)
{
	size_t parts;

	if (csv_table_open(&file->table, path, err) < 0)
		return -1;
	file->open = true;
	strbuf_init(&file->ids, SIZE_MAX);
	input->n_files++;
	if (column_map_is_data(file->table.header, file->table.columns))
		return error_set(err, ERROR_INPUT,
			"%.200s: baris judul kolom tidak ada: baris pertama sudah berisi data. Tambahkan baris judul, misalnya: nik, nama, "
			"tanggal lahir.",
			"%.200s: the header row is missing: the first row already holds data. Add a header row, for example: nik, name, "
			"birth date.",
			file->table.name);
	parts = file->table.text.n / RANGE_BYTES + 1;
	parts = parts < RANGES_MAX ? parts : RANGES_MAX;
	file->ranges = calloc(parts, sizeof *file->ranges);
	if (!file->ranges)
		return error_memory(err);
	if (csv_table_ranges(&file->table, parallel, parts, file->ranges, &file->n_ranges, err) < 0)
		return -1;
	return guess_columns(input, file, err);
}

static bool same_header(struct str a, struct str b)
{
	char x[HEADER_BYTES], y[HEADER_BYTES];
	size_t n = text_fold_words_into(a, x, sizeof x, NULL), m = text_fold_words_into(b, y, sizeof y, NULL);

	return n == m && memcmp(x, y, n) == 0;
}

static int32_t find_column(const struct link_file *file, struct str name)
{
	for (uint32_t c = 0; c < file->table.columns; c++) {
		if (str_equal(file->table.header[c], name))
			return (int32_t)c;
	}
	for (uint32_t c = 0; c < file->table.columns; c++) {
		if (same_header(file->table.header[c], name))
			return (int32_t)c;
	}
	return -1;
}

/* The types that the user named: of a column that no file has, or of an unknown type, it is an error. */
static int apply_as(struct link_input *input, struct error *err)
{
	for (size_t i = 0; i < input->as->count; i++) {
		const char *item = input->as->items[i], *equals = strrchr(item, '=');
		struct str name = {item, equals ? (size_t)(equals - item) : 0};
		enum field_type type = equals ? field_type_from_name(str_from(equals + 1)) : FIELD_TYPES;
		bool found = false;

		if (type == FIELD_TYPES)
			return error_set(err, ERROR_USAGE,
				"--as %s: tulis KOLOM=JENIS; jenisnya name, given_name, surname, nik, kk, identifier, date, sex, code, "
				"number, address, text, email, age, phone, atau ignore.",
				"--as %s: write COLUMN=TYPE; types are name, given_name, surname, nik, kk, identifier, date, sex, code, "
				"number, address, text, email, age, phone and ignore.",
				item);
		for (size_t f = 0; f < input->n_files; f++) {
			int32_t column = find_column(&input->files[f], name);

			if (column < 0)
				continue;
			input->files[f].guesses[column] = (struct column_guess){type, COLUMN_BY_USER, COLUMN_WHOLE};
			found = true;
		}
		if (!found)
			return error_set(err, ERROR_USAGE, "--as %s: tidak ada kolom bernama itu.",
				"--as %s: there is no column of that name.", item);
	}
	return 0;
}

static int find_ids(struct link_input *input, struct error *err)
{
	bool found = !input->id_name;

	for (size_t f = 0; f < input->n_files; f++) {
		struct link_file *file = &input->files[f];

		file->id_column = input->id_name ? find_column(file, str_from(input->id_name))
						 : column_guess_id(file->table.header, file->table.columns);
		found |= file->id_column >= 0;
		/* The row's own key says nothing about the person, unless the user says so. */
		if (file->id_column >= 0 && file->guesses[file->id_column].why != COLUMN_BY_USER)
			file->guesses[file->id_column] = (struct column_guess){FIELD_IGNORE, COLUMN_IS_ROW_KEY, COLUMN_WHOLE};
	}
	if (!found)
		return error_set(err, ERROR_USAGE, "--id %s: tidak ada kolom bernama itu.", "--id %s: there is no column of that name.",
			input->id_name);
	return 0;
}

static void add_field(struct link_input *input, struct str name, enum field_type type)
{
	struct linker_field *field = &input->schema.fields[input->schema.n_fields++];

	field->type = type;
	snprintf(field->name, sizeof field->name, "%.*s", (int)(name.n < sizeof field->name ? name.n : sizeof field->name - 1),
		name.p);
}

/* A date in three columns is one field, at its year. */
static bool leads(const struct column_guess *guess)
{
	return guess->part == COLUMN_WHOLE || guess->part == COLUMN_YEAR;
}

/* The second file's column for that field: of the same name, else the first unused of the same type. */
static int32_t partner_column(const struct link_file *file, struct str name, enum field_type type, const bool *used)
{
	int32_t column = find_column(file, name);

	if (column >= 0 && !used[column] && file->guesses[column].type != FIELD_IGNORE && leads(&file->guesses[column]))
		return column;
	for (uint32_t c = 0; c < file->table.columns; c++) {
		if (!used[c] && file->guesses[c].type == type && leads(&file->guesses[c]))
			return (int32_t)c;
	}
	return -1;
}

static bool is_name_type(enum field_type type)
{
	return type == FIELD_NAME || type == FIELD_GIVEN_NAME || type == FIELD_SURNAME;
}

/* One field per column that is compared; with two files those that both have, and every name column of either. */
static int make_schema(struct link_input *input, struct error *err)
{
	struct link_file *a = &input->files[0], *b = input->n_files > 1 ? &input->files[1] : NULL;
	bool *used = calloc((b ? b->table.columns : 0) + 1, sizeof *used);

	if (!used)
		return error_memory(err);
	for (uint32_t c = 0; c < a->table.columns && input->schema.n_fields < LINKER_FIELDS_MAX; c++) {
		enum field_type type = a->guesses[c].type;
		int32_t partner = -1;

		if (type == FIELD_IGNORE || !leads(&a->guesses[c]))
			continue;
		if (b) {
			partner = partner_column(b, a->table.header[c], type, used);
			if (partner < 0 && !is_name_type(type))
				continue;
			if (partner >= 0)
				used[partner] = true;
		}
		a->columns[input->schema.n_fields] = (int32_t)c;
		if (b)
			b->columns[input->schema.n_fields] = partner;
		add_field(input, a->table.header[c], type);
	}
	for (uint32_t c = 0; b && c < b->table.columns && input->schema.n_fields < LINKER_FIELDS_MAX; c++) {
		if (used[c] || !is_name_type(b->guesses[c].type))
			continue;
		a->columns[input->schema.n_fields] = -1;
		b->columns[input->schema.n_fields] = (int32_t)c;
		add_field(input, b->table.header[c], b->guesses[c].type);
	}
	free(used);
	if (input->schema.n_fields == 0)
		return error_set(err, ERROR_INPUT,
			"Tidak ada kolom yang dapat dibandingkan. Sebutkan jenis kolom dengan --as KOLOM=JENIS.",
			"There is no column to compare. Name the columns' types with --as COLUMN=TYPE.");
	return 0;
}

int link_input_open(struct link_input *input, const char *const *paths, size_t n_paths, const char *id_name,
	const struct option_list *as, const struct parallel *parallel, struct error *err)
{
	*input = (struct link_input){.id_name = id_name, .as = as};
	arena_init(&input->arena, 0);
	for (size_t f = 0; f < n_paths; f++)
		if (open_file(input, &input->files[f], paths[f], parallel, err) < 0)
			return -1;
	if (apply_as(input, err) < 0 || find_ids(input, err) < 0)
		return -1;
	return make_schema(input, err);
}

void link_input_print_guesses(const struct link_input *input, enum lang lang)
{
	for (size_t f = 0; f < input->n_files; f++) {
		const struct link_file *file = &input->files[f];

		fprintf(stderr, "%s:\n", file->table.name);
		for (uint32_t c = 0; c < file->table.columns; c++) {
			struct str name = file->table.header[c];
			char shown[HEADER_BYTES];
			int n = (int)(name.n < sizeof shown ? name.n : sizeof shown - 1);

			for (int i = 0; i < n; i++)
				shown[i] = (unsigned char)name.p[i] < ' ' || name.p[i] == 127 ? ' ' : name.p[i];
			fprintf(stderr, "  %-24.*s %-11s (%s)\n", n, shown, field_type_name(file->guesses[c].type),
				column_why_text(file->guesses[c].why, lang == LANG_EN));
		}
	}
}

/* ---- rows ---- */

/* What one task makes of a range: the rows' values and keys, until they are added in order. */
struct batch {
	struct field_memory *memory;
	struct arena arena; /* values' texts, cells that are not as they stand in the file */
	struct field_value *values;
	size_t n_values, values_cap;
	struct str *ids;
	size_t n_ids, ids_cap;
	uint64_t faulty;
	struct error err;
	bool failed;
};

struct adding {
	const struct linker_schema *schema;
	struct link_file *file;
	const struct csv_table_range *ranges;
	struct batch *batches;
};

struct range_work {
	const struct adding *adding;
	struct batch *batch;
};

/* "1980-12-31" from the columns of year, month and day; what is not told is 00. */
static struct str join_date(const struct link_file *file, const struct csv_table_row *row, char *text, size_t size)
{
	struct str parts[COLUMN_DAY + 1] = {{"", 0}};
	int n;

	for (uint32_t c = 0; c < file->table.columns; c++)
		parts[file->guesses[c].part] = str_trim(row->cells[c]);
	if (parts[COLUMN_YEAR].n != 4)
		return (struct str){NULL, 0};
	n = snprintf(text, size, "%.*s-%s%.*s-%s%.*s", STR_ARGS(parts[COLUMN_YEAR]),
		parts[COLUMN_MONTH].n == 2 ? "" : parts[COLUMN_MONTH].n ? "0" : "00", STR_ARGS(parts[COLUMN_MONTH]),
		parts[COLUMN_DAY].n == 2 ? "" : parts[COLUMN_DAY].n ? "0" : "00", STR_ARGS(parts[COLUMN_DAY]));
	return (struct str){text, n > 0 && (size_t)n < size ? (size_t)n : 0};
}

static int take_row(void *arg, const struct csv_table_row *row)
{
	struct range_work *work = arg;
	struct batch *batch = work->batch;
	const struct link_file *file = work->adding->file;
	const struct linker_schema *schema = work->adding->schema;

	if (GROW(&batch->values, &batch->values_cap, batch->n_values + schema->n_fields) < 0)
		return 1;
	for (size_t f = 0; f < schema->n_fields; f++) {
		struct field_value *value = &batch->values[batch->n_values++];
		int32_t column = file->columns[f];
		bool joined;
		char date[64];

		*value = (struct field_value){0};
		if (column < 0)
			continue;
		joined = file->guesses[column].part == COLUMN_YEAR;
		if (field_memory_normalise(batch->memory, schema->fields[f].type, joined ? join_date(file, row, date, sizeof date) : row->cells[column],
			    !joined && row->numeric && row->numeric[column], &batch->arena, value) < 0)
			return 1;
	}
	batch->faulty += row->faults != 0;
	if (file->id_column < 0)
		return 0;
	if (GROW(&batch->ids, &batch->ids_cap, batch->n_ids + 1) < 0)
		return 1;
	batch->ids[batch->n_ids++] = row->cells[file->id_column];
	return 0;
}

static void normalise_range(void *arg, size_t task)
{
	struct adding *adding = arg;
	struct batch *batch = &adding->batches[task];
	struct range_work work = {adding, batch};
	int status = csv_table_scan(&adding->file->table, &adding->ranges[task], &batch->arena, take_row, &work, &batch->err);

	batch->failed = status != 0;
	if (status > 0)
		error_memory(&batch->err);
}

static int keep_ids(struct link_file *file, const struct batch *batch, struct error *err)
{
	for (size_t i = 0; i < batch->n_ids; i++) {
		strbuf_add(&file->ids, batch->ids[i]);
		if (GROW(&file->id_ends, &file->id_ends_cap, file->rows + i + 1) < 0)
			return error_memory(err);
		file->id_ends[file->rows + i] = file->ids.n;
	}
	return strbuf_failed(&file->ids, err);
}

static int add_batch(struct link_input *input, struct link_file *file, struct batch *batch, struct linker *linker,
	const struct parallel *parallel, struct error *err)
{
	size_t n = input->schema.n_fields;

	if (batch->failed) {
		*err = batch->err;
		return -1;
	}
	if (keep_ids(file, batch, err) < 0)
		return -1;
	if (linker_add_rows(linker, batch->values, batch->n_values / n, parallel, err) < 0)
		return -1;
	file->rows += batch->n_values / n;
	input->faulty_rows += batch->faulty;
	batch->n_values = batch->n_ids = 0;
	batch->faulty = 0;
	arena_reset(&batch->arena);
	return 0;
}

static int report(const struct linker_progress *progress, double fraction, struct error *err)
{
	if (progress && progress->report && progress->report(progress->arg, "read", fraction) != 0)
		return error_set(err, ERROR_CANCELLED, "Dibatalkan", "Cancelled");
	return 0;
}

static int add_file(struct link_input *input, struct link_file *file, struct linker *linker, const struct parallel *parallel,
	const struct linker_progress *progress, struct error *err)
{
	size_t wave = 2 * (size_t)parallel_threads(parallel);
	struct batch *batches = calloc(wave, sizeof *batches);
	struct adding adding = {.schema = &input->schema, .file = file, .batches = batches};
	uint32_t list;
	int status = -1;

	if (!batches) {
		error_memory(err);
		goto out;
	}
	for (size_t k = 0; k < wave; k++) {
		batches[k].memory = field_memory_new();
		if (!batches[k].memory) {
			error_memory(err);
			goto out;
		}
	}
	if (linker_list(linker, &list, err) < 0)
		goto out;
	for (size_t i = 0; i < file->n_ranges; i += wave) {
		size_t now = file->n_ranges - i < wave ? file->n_ranges - i : wave;

		if (report(progress, (double)i / (double)file->n_ranges, err) < 0)
			goto out;
		adding.ranges = file->ranges + i;
		parallel_run(parallel, now, normalise_range, &adding);
		for (size_t k = 0; k < now; k++) {
			if (add_batch(input, file, &batches[k], linker, parallel, err) < 0)
				goto out;
		}
	}
	status = 0;
out:
	for (size_t k = 0; batches && k < wave; k++) {
		arena_release(&batches[k].arena);
		field_memory_free(batches[k].memory);
		free(batches[k].values);
		free(batches[k].ids);
	}
	free(batches);
	return status;
}

struct str link_file_key(const struct link_file *file, uint64_t row, char number[LINK_KEY_MAX])
{
	struct str key = {number, 0};

	if (file->id_ends) {
		uint64_t from = row ? file->id_ends[row - 1] : 0;

		key = (struct str){file->ids.p + from, file->id_ends[row] - from};
	}
	if (key.n == 0)
		key = (struct str){number, (size_t)snprintf(number, LINK_KEY_MAX, "%" PRIu64, row + 1)};
	return key;
}

static void close_table(struct link_file *file)
{
	if (file->open)
		csv_table_release(&file->table);
	file->open = false;
}

int link_input_add(struct link_input *input, struct linker *linker, const struct parallel *parallel,
	const struct linker_progress *progress, struct error *err)
{
	for (size_t f = 0; f < input->n_files; f++) {
		if (add_file(input, &input->files[f], linker, parallel, progress, err) < 0)
			return -1;
		close_table(&input->files[f]);
	}
	return 0;
}

void link_input_release(struct link_input *input)
{
	for (size_t f = 0; f < LINK_FILES_MAX; f++) {
		struct link_file *file = &input->files[f];

		close_table(file);
		free(file->guesses);
		free(file->ranges);
		free(file->id_ends);
		strbuf_release(&file->ids);
	}
	arena_release(&input->arena);
}
