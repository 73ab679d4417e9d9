/* See verification.h. */
#include "daemon/export/verification.h"

#include "daemon/export/export_rows.h" /* what the columns are called */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { FLAG, RESULT, NOTE, COLUMNS };

/* Lower-case ASCII letters and digits of a cell, and other UTF-8 as it is: what headers and answers are compared by. */
static void fold(struct str cell, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < cell.n && n + 1 < size; i++) {
		unsigned char c = (unsigned char)cell.p[i];

		if (isalnum(c) || c >= 0x80)
			out[n++] = (char)tolower(c);
	}
	out[n] = '\0';
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static enum visit_answer read_answer(struct str cell)
{
	static const char *const words[VISIT_UNREAD][18] = {
		[VISIT_RIGHT] = {"benar", "betul", "ya", "y", "b", "v", "x", "✓", "✔", "sesuai", "1", "yes", "right", "true", NULL},
		[VISIT_WRONG] = {"salah", "tidak", "tdk", "t", "s", "bukan", "n", "no", "0", "keliru", "wrong", "false", NULL},
		[VISIT_ABSENT] = {"tidakditemukan", "tidakada", "tdkditemukan", "tdkada", "notfound", NULL},
		[VISIT_MOVED] = {"pindah", "sudahpindah", "moved", NULL},
		[VISIT_DIED] = {"meninggal", "meninggaldunia", "alm", "wafat", "died", NULL},
		[VISIT_REFUSED] = {"menolak", "menolakmenjawab", "tidakmaumenjawab", "refused", NULL},
	};
	char word[64];

	fold(cell, word, sizeof word);
	if (!*word)
		return VISIT_EMPTY;
	for (int answer = VISIT_RIGHT; answer < VISIT_UNREAD; answer++) {
		if (is_one_of(word, words[answer]))
			return (enum visit_answer)answer;
	}
	return VISIT_UNREAD;
}

const char *visit_answer_name(enum visit_answer answer)
{
	static const char *const names[VISIT_UNREAD + 1] = {[VISIT_RIGHT] = "right", [VISIT_WRONG] = "wrong", [VISIT_ABSENT] = "not_found",
		[VISIT_MOVED] = "moved", [VISIT_DIED] = "died", [VISIT_REFUSED] = "refused_to_answer"};

	return names[answer];
}

static void find_columns(const struct row_sheet *sheet, int columns[COLUMNS])
{
	static const char *const flag[] = {"notemuan", "nomortemuan", "temuan", "flag", NULL};
	static const char *const note[] = {"keterangan", "catatan", "alasan", "note", NULL};
	char word[64];

	for (int c = 0; c < COLUMNS; c++)
		columns[c] = -1;
	for (uint32_t i = 0; i < sheet->n; i++) {
		fold(sheet->header[i], word, sizeof word);
		if (columns[FLAG] < 0 && is_one_of(word, flag))
			columns[FLAG] = (int)i;
		else if (columns[RESULT] < 0 && (strncmp(word, "hasil", 5) == 0 || strcmp(word, "result") == 0))
			columns[RESULT] = (int)i;
		else if (is_one_of(word, note))
			columns[NOTE] = (int)i;
	}
}

static struct str cell_of(const struct row *row, int column)
{
	return column >= 0 && (uint32_t)column < row->n ? row->cells[column] : (struct str){"", 0};
}

enum { NOTE_BYTES = 300 };

static bool is_flag_number(struct str cell)
{
	if (cell.n == 0 || cell.n > 18)
		return false;
	for (size_t i = 0; i < cell.n; i++)
		if (cell.p[i] < '0' || cell.p[i] > '9')
			return false;
	return true;
}

/* False: a line of the form that is about no flag. */
static bool read_row(const struct row *row, const struct row_sheet *sheet, const int columns[COLUMNS], struct visit_row *ret)
{
	struct str number = cell_of(row, columns[FLAG]), note = cell_of(row, columns[NOTE]);

	if (!is_flag_number(number))
		return false;
	*ret = (struct visit_row){.sheet = sheet->name, .line = row->line, .answer = read_answer(cell_of(row, columns[RESULT]))};
	snprintf(ret->flag, sizeof ret->flag, "%.*s", STR_ARGS(number));
	if (note.n > NOTE_BYTES) {
		note.n = NOTE_BYTES;
		while (note.n && ((unsigned char)note.p[note.n] & 0xc0) == 0x80)
			note.n--; /* not within a letter */
	}
	snprintf(ret->note, sizeof ret->note, "%.*s", (int)note.n, note.n ? note.p : "");
	return true;
}

int verification_read(struct row_reader *reader, visit_row_fn *take, void *arg, struct error *err)
{
	uint32_t sheet_number = 0;
	const struct row_sheet *sheet = NULL;
	struct visit_row visit;
	int columns[COLUMNS], rc;
	bool any = false;
	struct row row;

	while ((rc = row_reader_next(reader, &row, err)) > 0) {
		if (!sheet || row.sheet != sheet_number) {
			sheet_number = row.sheet;
			sheet = row_reader_sheet(reader, sheet_number);
			find_columns(sheet, columns);
			any |= columns[FLAG] >= 0 && columns[RESULT] >= 0;
		}
		if (columns[FLAG] >= 0 && columns[RESULT] >= 0 && read_row(&row, sheet, columns, &visit) && take(arg, &visit, err) < 0)
			return -1;
	}
	if (rc == 0 && !any)
		return error_set(err, ERROR_INPUT,
			"Tidak ada kolom \"%s\" dan \"%s\"; gunakan berkas yang diunduh dari Padan.",
			"There are no columns \"%s\" and \"%s\"; use the file that came from Padan.", VERIFICATION_FLAG_HEADER,
			VERIFICATION_RESULT_HEADER);
	return rc;
}
