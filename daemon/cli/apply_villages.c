/*
 * The official table of villages. See apply_villages.h.
 */
#include "daemon/cli/apply_villages.h"

#include "daemon/ingest/row_reader.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

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
static json_int_t village_code(struct str cell)
{
	json_int_t code = 0;
	int digits = 0;

	for (size_t i = 0; i < cell.n; i++) {
		if (isdigit((unsigned char)cell.p[i])) {
			code = code * 10 + (cell.p[i] - '0');
			if (++digits > 10)
				return 0;
		} else if (cell.p[i] != '.') {
			return 0;
		}
	}
	return digits == 10 ? code : 0;
}

static int read_rows(struct row_reader *reader, const char *path, json_t *villages, struct error *err)
{
	int columns[COLUMNS], rc = find_columns(row_reader_sheet(reader, 0), columns, path, err);
	struct row row;

	while (rc == 0 && (rc = row_reader_next(reader, &row, err)) > 0) {
		json_int_t code = 0;
		struct str name, kecamatan;
		int last = columns[CODE] > columns[VILLAGE] ? columns[CODE] : columns[VILLAGE];

		last = columns[KECAMATAN] > last ? columns[KECAMATAN] : last;
		if ((uint32_t)last < row.n)
			code = village_code(row.cells[columns[CODE]]);
		if (!code)
			return error_set(err, ERROR_INPUT, "%.200s, baris %llu: kode desa harus sepuluh angka, misalnya 15.05.01.2001.",
				"%.200s, line %llu: a village's code has ten digits, such as 15.05.01.2001.", path,
				(unsigned long long)row.line);
		name = row.cells[columns[VILLAGE]];
		kecamatan = row.cells[columns[KECAMATAN]];
		json_array_append_new(villages,
			json_pack("{s:I, s:o, s:o}", "village", code, "name", json_stringn(name.p, name.n), "kecamatan",
				json_stringn(kecamatan.p, kecamatan.n)));
		rc = 0;
	}
	return rc;
}

int apply_villages_read(const char *path, json_t **ret, struct error *err)
{
	struct row_reader_options options = {.header = ROW_HEADER_FIRST, .keep_totals = true};
	struct row_reader *reader = row_reader_open(path, &options, err);
	json_t *villages = json_array();
	int rc = reader && villages ? read_rows(reader, path, villages, err) : -1;

	row_reader_free(reader);
	if (rc < 0) {
		json_decref(villages);
		return -1;
	}
	*ret = villages;
	return 0;
}
