/*
 * Reading back a check at the door. See import_verification.h.
 */
#include "daemon/cli/import_verification.h"

#include "daemon/ingest/row_reader.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { FLAG, RESULT, NOTE, COLUMNS };
enum answer { ANSWER_EMPTY, ANSWER_RIGHT, ANSWER_WRONG, ANSWER_UNKNOWN };

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

static enum answer read_answer(struct str cell)
{
	static const char *const right[] = {"benar", "betul", "ya", "y", "b", "v", "x", "✓", "✔", "sesuai", "1", "yes", "right", "true", NULL};
	static const char *const wrong[] = {"salah", "tidak", "tdk", "t", "s", "bukan", "n", "no", "0", "keliru", "wrong", "false", NULL};
	char word[64];

	fold(cell, word, sizeof word);
	if (!*word)
		return ANSWER_EMPTY;
	if (is_one_of(word, right))
		return ANSWER_RIGHT;
	return is_one_of(word, wrong) ? ANSWER_WRONG : ANSWER_UNKNOWN;
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

static void add_problem(struct verification *v, const struct row_sheet *sheet, uint64_t line, const char *id, const char *en)
{
	json_array_append_new(v->problems,
		json_pack("{s:o, s:I, s:s, s:s}", "sheet", json_stringn(sheet->name.p ? sheet->name.p : "", sheet->name.n), "line",
			(json_int_t)line, "id", id, "en", en));
}

static struct str cell_of(const struct row *row, int column)
{
	return column >= 0 && (uint32_t)column < row->n ? row->cells[column] : (struct str){"", 0};
}

/* 1: changed, 0: it was so already or there is no such flag (*known says which), -1: error. */
static int record(struct db_sync *db, const char *district, const char *flag, bool right, const char *note, bool *known,
	struct error *err)
{
	PGresult *result;
	int changed;

	if (db_sync_query(db,
		    "WITH wanted AS (SELECT district, flag, status FROM padan.flags WHERE district = $1::integer AND flag = $2::bigint "
		    "FOR UPDATE), changed AS (UPDATE padan.flags f SET status = $3, "
		    "reason = coalesce(nullif($4, ''), 'verifikasi lapangan'), decided_by = padan.actor(), "
		    "decided_at = clock_timestamp(), changed_at = clock_timestamp(), changed_list = NULL FROM wanted w "
		    "WHERE f.district = w.district AND f.flag = w.flag AND w.status NOT IN ($3, 'resolved') RETURNING 1) "
		    "SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM changed)",
		    DB_VALUES(district, flag, right ? "confirmed" : "dismissed", note), &result, err) < 0)
		return -1;
	*known = db_long(result, 0, 0) > 0;
	changed = db_long(result, 0, 1) > 0;
	PQclear(result);
	return changed;
}

static int take_row(struct db_sync *db, const char *district, const struct row *row, const struct row_sheet *sheet,
	const int columns[COLUMNS], struct verification *v, struct error *err)
{
	struct str number = cell_of(row, columns[FLAG]), note = cell_of(row, columns[NOTE]);
	enum answer answer = read_answer(cell_of(row, columns[RESULT]));
	char flag[24], reason[400];
	bool known;
	int changed;

	if (number.n == 0 || number.n > 18 || strspn(number.p, "0123456789") < number.n)
		return 0; /* a line of the form that is about no flag */
	v->rows++;
	if (answer == ANSWER_EMPTY) {
		v->empty++;
		return 0;
	}
	if (answer == ANSWER_UNKNOWN) {
		add_problem(v, sheet, row->line, "hasil harus \"benar\" atau \"salah\"", "the result must be \"benar\" or \"salah\"");
		return 0;
	}
	snprintf(flag, sizeof flag, "%.*s", STR_ARGS(number));
	snprintf(reason, sizeof reason, "%.*s", note.n < 300 ? (int)note.n : 300, note.p ? note.p : "");
	changed = record(db, district, flag, answer == ANSWER_RIGHT, reason, &known, err);
	if (changed < 0)
		return -1;
	if (!known)
		add_problem(v, sheet, row->line, "nomor temuan ini tidak ada", "there is no flag of this number");
	else if (!changed)
		v->unchanged++;
	else if (answer == ANSWER_RIGHT)
		v->confirmed++;
	else
		v->dismissed++;
	return 0;
}

static int read_rows(struct db_sync *db, const char *district, struct row_reader *reader, struct verification *v,
	struct error *err)
{
	uint32_t sheet_number = UINT32_MAX;
	const struct row_sheet *sheet = NULL;
	int columns[COLUMNS], rc;
	bool any = false;
	struct row row;

	while ((rc = row_reader_next(reader, &row, err)) > 0) {
		if (row.sheet != sheet_number) {
			sheet_number = row.sheet;
			sheet = row_reader_sheet(reader, sheet_number);
			find_columns(sheet, columns);
			any |= columns[FLAG] >= 0 && columns[RESULT] >= 0;
		}
		if (columns[FLAG] < 0 || columns[RESULT] < 0)
			continue;
		if (take_row(db, district, &row, sheet, columns, v, err) < 0)
			return -1;
	}
	if (rc == 0 && !any)
		return error_set(err, ERROR_INPUT,
			"Tidak ada kolom \"%s\" dan \"%s\"; gunakan berkas dari padan export.",
			"There are no columns \"%s\" and \"%s\"; use the file that padan export wrote.", VERIFICATION_FLAG_HEADER,
			VERIFICATION_RESULT_HEADER);
	return rc;
}

int import_verification(struct db_sync *db, int district, const char *path, const char *who, struct verification *ret,
	struct error *err)
{
	struct row_reader_options options = {.keep_totals = true};
	struct row_reader *reader = row_reader_open(path, &options, err);
	struct error rolling_back = {0};
	char number[16];
	int rc = -1;

	memset(ret, 0, sizeof *ret);
	ret->problems = json_array();
	snprintf(number, sizeof number, "%d", district);
	if (reader && db_sync_exec(db, "BEGIN", err) == 0) {
		if (db_sync_act_as(db, who, err) == 0 && read_rows(db, number, reader, ret, err) == 0)
			rc = db_sync_exec(db, "COMMIT", err);
		else if (db_sync_exec(db, "ROLLBACK", &rolling_back) < 0)
			error_clear(&rolling_back); /* the connection is gone, and with it the transaction */
	}
	row_reader_free(reader);
	return rc;
}
