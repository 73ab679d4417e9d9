/*
 * Rows that name nobody. See row_nobody.h.
 */
#include "daemon/ingest/row_nobody.h"

#include <string.h>

/* "#N/A", "#REF!", "#DIV/0!" …: what spreadsheets write where a formula has no result. */
static bool is_formula_error(struct str cell)
{
	return cell.n >= 4 && cell.n <= 14 && cell.p[0] == '#' &&
	       (cell.p[cell.n - 1] == '!' || cell.p[cell.n - 1] == '?' || str_equal(cell, str_from("#N/A")));
}

static uint32_t delimiters(struct str cell)
{
	uint32_t most = 0;

	for (const char *c = ";,\t|"; *c; c++) {
		uint32_t n = 0;

		for (size_t i = 0; i < cell.n; i++)
			n += cell.p[i] == *c;
		if (n > most)
			most = n;
	}
	return most;
}

struct row_nobody row_nobody_find(const enum column_role *roles, const struct str *cells, uint32_t n)
{
	struct row_nobody nobody = {.kind = NOBODY_EMPTY};
	struct str name = {0}, only = {0};
	uint32_t filled = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct str cell = str_trim(cells[i]);

		if (roles[i] == COLUMN_NAME) {
			name = cell;
			nobody.column = i + 1;
		}
		if (cell.n) {
			only = cell;
			filled++;
		}
	}
	if (filled == 1 && n > 2 && delimiters(only) >= 2)
		nobody.kind = NOBODY_ONE_CELL;
	else if (is_formula_error(name))
		nobody.kind = NOBODY_FORMULA_ERROR;
	else if (name.n)
		nobody.kind = NOBODY_NO_NAME;
	return nobody;
}

void row_nobody_describe(const struct row_nobody *nobody, uint64_t line, struct error *reason)
{
	unsigned long long at = line;

	*reason = (struct error){0};
	switch (nobody->kind) {
	case NOBODY_EMPTY:
		(void)!error_set(reason, ERROR_INPUT,
			"Baris %llu, kolom %u: nama kosong, sehingga barisnya tidak menyebut siapa pun. Isi namanya.",
			"Line %llu, column %u: the name is empty, so that the row names nobody. Fill it in.", at, nobody->column);
		break;
	case NOBODY_FORMULA_ERROR:
		(void)!error_set(reason, ERROR_INPUT,
			"Baris %llu, kolom %u: di tempat nama ada galat rumus, misalnya #N/A. Perbaiki rumusnya atau ketik namanya.",
			"Line %llu, column %u: a formula's error stands in the name's place, like #N/A. Mend the formula or type the name.",
			at, nobody->column);
		break;
	case NOBODY_ONE_CELL:
		(void)!error_set(reason, ERROR_INPUT,
			"Baris %llu: seluruh isinya terbaca sebagai satu kolom. Pemisah kolomnya lain dari baris lain, atau seluruh baris "
			"diapit tanda kutip; samakan dengan baris lain.",
			"Line %llu: all of it was read as one column. Its delimiter differs from the other rows', or the whole row stands in "
			"quotes; write it like the others.",
			at);
		break;
	case NOBODY_NO_NAME:
		(void)!error_set(reason, ERROR_INPUT,
			"Baris %llu, kolom %u: yang tertulis di tempat nama bukan nama orang. Ganti dengan namanya.",
			"Line %llu, column %u: what stands in the name's place is no person's name. Write the name there.", at,
			nobody->column);
		break;
	}
}
