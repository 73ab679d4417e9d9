/* Tables of villages from files. See village_file.h. */
#include "daemon/ingest/village_file.h"

#include "daemon/ingest/row_reader.h"
#include "matcher/base/grow.h"

#include <ctype.h>
#include <stdlib.h>

enum { CODE, VILLAGE, KECAMATAN, COLUMNS };

/* A header's cell begins with or holds the word, whatever its case. */
static bool speaks_of(struct str cell, const char *word)
{
	char folded[64];
	size_t n = cell.n < sizeof folded - 1 ? cell.n : sizeof folded - 1;

	for (size_t i = 0; i < n; i++)
		folded[i] = (char)tolower((unsigned char)cell.p[i]);
	folded[n] = '\0';
	return strstr(folded, word) != NULL;
}

/* Which column is which; "kode" first, since "kode desa" speaks of a code and "nama kecamatan" of a kecamatan. */
static int find_columns(const struct row_sheet *sheet, int columns[COLUMNS], const char *path, struct error *err)
{
	for (int c = 0; c < COLUMNS; c++)
		columns[c] = -1;
	for (uint32_t i = 0; i < sheet->n; i++) {
		struct str cell = sheet->header[i];
		int column = -1;

		if (speaks_of(cell, "kode") || speaks_of(cell, "code"))
			column = CODE;
		else if (speaks_of(cell, "kecamatan"))
			column = KECAMATAN;
		else if (speaks_of(cell, "desa") || speaks_of(cell, "kelurahan") || speaks_of(cell, "village"))
			column = VILLAGE;
		/* Of several codes the last is the longest: kode kecamatan, kode desa. */
		if (column >= 0 && (columns[column] < 0 || column == CODE))
			columns[column] = (int)i;
	}
	for (int c = 0; c < COLUMNS; c++)
		if (columns[c] < 0)
			return error_set(err, ERROR_INPUT,
				"%.200s: tabel desa memerlukan kolom kode, desa, dan kecamatan pada baris judulnya.",
				"%.200s: a table of villages needs the columns kode, desa and kecamatan in its header.", path);
	return 0;
}

/* Ten digits with or without dots; 0 for anything else. */
static uint64_t village_code(struct str cell)
{
	uint64_t code = 0;
	int digits = 0;

	for (size_t i = 0; i < cell.n; i++) {
		if (isdigit((unsigned char)cell.p[i])) {
			code = code * 10 + (uint64_t)(cell.p[i] - '0');
			if (++digits > 10)
				return 0;
		} else if (cell.p[i] != '.') {
			return 0;
		}
	}
	return digits == 10 ? code : 0;
}

struct found {
	struct arena *arena;
	uint32_t district;
	struct village *villages;
	size_t n, cap;
};

static int add_village(struct found *found, uint64_t code, struct str name, struct str kecamatan, struct error *err)
{
	struct village village = {code, arena_str(found->arena, name), arena_str(found->arena, kecamatan)};

	if (!village.name.p || !village.kecamatan.p || GROW(&found->villages, &found->cap, found->n + 1) < 0)
		return error_memory(err);
	found->villages[found->n++] = village;
	return 0;
}

static int read_rows(struct row_reader *reader, const char *path, struct found *found, struct error *err)
{
	int columns[COLUMNS], rc = find_columns(row_reader_sheet(reader, 0), columns, path, err);
	struct row row;

	while (rc == 0 && (rc = row_reader_next(reader, &row, err)) > 0) {
		uint64_t code = 0;
		int last = columns[CODE] > columns[VILLAGE] ? columns[CODE] : columns[VILLAGE];

		last = columns[KECAMATAN] > last ? columns[KECAMATAN] : last;
		if ((uint32_t)last < row.n)
			code = village_code(row.cells[columns[CODE]]);
		if (!code)
			return error_set(err, ERROR_INPUT, "%.200s, baris %llu: kode desa harus sepuluh angka, misalnya 15.05.01.2001.",
				"%.200s, line %llu: a village's code has ten digits, such as 15.05.01.2001.", path,
				(unsigned long long)row.line);
		/* A province's table holds other districts, too. */
		rc = (uint32_t)(code / 1000000) == found->district ?
			add_village(found, code, row.cells[columns[VILLAGE]], row.cells[columns[KECAMATAN]], err) : 0;
	}
	return rc;
}

static int by_code(const void *a, const void *b)
{
	const struct village *x = a, *y = b;

	return x->code < y->code ? -1 : x->code > y->code;
}

/* Sorted, each code once, with its index. */
static int make_table(struct found *found, struct village_table *ret, struct error *err)
{
	struct village *villages = arena_array(found->arena, found->n + 1, sizeof *villages);
	size_t n = 0;

	if (!villages)
		return error_memory(err);
	if (found->n)
		qsort(found->villages, found->n, sizeof *found->villages, by_code);
	for (size_t i = 0; i < found->n; i++)
		if (n == 0 || villages[n - 1].code != found->villages[i].code)
			villages[n++] = found->villages[i];
	*ret = (struct village_table){villages, n, place_index_new(villages, n, found->arena)};
	return ret->index ? 0 : error_memory(err);
}

int village_file_read(const char *path, uint32_t district, struct arena *arena, struct village_table *ret, struct error *err)
{
	struct row_reader_options options = {.header = ROW_HEADER_FIRST, .keep_totals = true};
	struct row_reader *reader = row_reader_open(path, &options, err);
	struct found found = {.arena = arena, .district = district};
	int rc = reader ? read_rows(reader, path, &found, err) : -1;

	if (rc == 0 && !found.n)
		rc = error_set(err, ERROR_INPUT, "%.200s: tidak ada desa dari kabupaten %02u.%02u di dalamnya.",
			"%.200s: it holds no village of district %02u.%02u.", path, district / 100, district % 100);
	if (rc == 0)
		rc = make_table(&found, ret, err);
	row_reader_free(reader);
	free(found.villages);
	return rc;
}

int village_file_of_config(const struct district_config *config, const char *config_path, struct arena *arena,
	struct village_table *ret, struct error *err)
{
	const char *slash = strrchr(config_path, '/');
	struct str file = config->villages_file, folder = {config_path, slash && file.p[0] != '/' ? (size_t)(slash - config_path) + 1 : 0};
	char *path = arena_alloc(arena, folder.n + file.n + 1);

	if (!path)
		return error_memory(err);
	memcpy(path, folder.p, folder.n);
	memcpy(path + folder.n, file.p, file.n);
	return village_file_read(path, config->district, arena, ret, err);
}
