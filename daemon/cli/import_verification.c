/*
 * Reading back a check at the door. See import_verification.h.
 */
#include "daemon/cli/import_verification.h"

#include "daemon/export/verification.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct importing {
	struct db_sync *db;
	const char *district;
	struct verification *v;
};

static void add_problem(struct verification *v, const struct visit_row *row, const char *id, const char *en)
{
	json_array_append_new(v->problems,
		json_pack("{s:o, s:I, s:s, s:s}", "sheet", json_stringn(row->sheet.p ? row->sheet.p : "", row->sheet.n), "line",
			(json_int_t)row->line, "id", id, "en", en));
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

static int take_row(void *arg, const struct visit_row *row, struct error *err)
{
	struct importing *importing = arg;
	struct verification *v = importing->v;
	bool known;
	int changed;

	v->rows++;
	if (row->answer == VISIT_EMPTY) {
		v->empty++;
		return 0;
	}
	if (row->answer != VISIT_RIGHT && row->answer != VISIT_WRONG) {
		add_problem(v, row, "hasil harus \"benar\" atau \"salah\"", "the result must be \"benar\" or \"salah\"");
		return 0;
	}
	changed = record(importing->db, importing->district, row->flag, row->answer == VISIT_RIGHT, row->note, &known, err);
	if (changed < 0)
		return -1;
	if (!known)
		add_problem(v, row, "nomor temuan ini tidak ada", "there is no flag of this number");
	else if (!changed)
		v->unchanged++;
	else if (row->answer == VISIT_RIGHT)
		v->confirmed++;
	else
		v->dismissed++;
	return 0;
}

int import_verification(struct db_sync *db, int district, const char *path, const char *who, struct verification *ret,
	struct error *err)
{
	struct row_reader_options options = {.keep_totals = true};
	struct row_reader *reader = row_reader_open(path, &options, err);
	struct error rolling_back = {0};
	char number[16];
	struct importing importing = {db, number, ret};
	int rc = -1;

	memset(ret, 0, sizeof *ret);
	ret->problems = json_array();
	snprintf(number, sizeof number, "%d", district);
	if (reader && db_sync_exec(db, "BEGIN", err) == 0) {
		if (db_sync_act_as(db, who, err) == 0 && verification_read(reader, take_row, &importing, err) == 0)
			rc = db_sync_exec(db, "COMMIT", err);
		else if (db_sync_exec(db, "ROLLBACK", &rolling_back) < 0)
			error_clear(&rolling_back); /* the connection is gone, and with it the transaction */
	}
	row_reader_free(reader);
	return rc;
}
