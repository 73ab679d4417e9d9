/*
 * A blocking connection for the command line. See db_sync.h.
 */
#include "daemon/db/db_sync.h"

#include "daemon/db/db_error.h"

#include <stdlib.h>
#include <string.h>

static void ignore_notice(void *arg, const PGresult *result)
{
	/* Notices may quote values; nothing here depends on one. */
}

int db_sync_open(struct db_sync *db, const char *conninfo, struct error *err)
{
	bool given = conninfo && *conninfo;
	const char *keywords[] = {"fallback_application_name", "connect_timeout", "client_encoding", given ? "dbname" : NULL, NULL};
	const char *values[] = {"padan", "10", "UTF8", conninfo, NULL};

	db->pg = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(db->pg) != CONNECTION_OK) {
		db_error_from_connection(err, db->pg);
		db_sync_close(db);
		return -1;
	}
	PQsetNoticeReceiver(db->pg, ignore_notice, NULL);
	if (db_sync_exec(db, "SET search_path = pg_catalog; SET jit = off", err) < 0) {
		db_sync_close(db);
		return -1;
	}
	return 0;
}

void db_sync_close(struct db_sync *db)
{
	PQfinish(db->pg);
	db->pg = NULL;
}

/* Whether the result is no error; otherwise says so. */
static int check(struct db_sync *db, const PGresult *result, struct error *err)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
		return 0;
	default:
		break;
	}
	if (!result || PQstatus(db->pg) == CONNECTION_BAD)
		return db_error_from_connection(err, db->pg);
	return db_error_from_result(err, result);
}

int db_sync_exec(struct db_sync *db, const char *sql, struct error *err)
{
	PGresult *result = PQexec(db->pg, sql);
	int rc = check(db, result, err);

	PQclear(result);
	return rc;
}

int db_sync_query(struct db_sync *db, const char *sql, int n, const char *const *values, PGresult **ret, struct error *err)
{
	PGresult *result = PQexecParams(db->pg, sql, n, NULL, values, NULL, NULL, 0);

	if (check(db, result, err) < 0) {
		PQclear(result);
		return -1;
	}
	*ret = result;
	return 0;
}

int db_sync_run(struct db_sync *db, const char *sql, int n, const char *const *values, long *rows, struct error *err)
{
	PGresult *result;

	if (db_sync_query(db, sql, n, values, &result, err) < 0)
		return -1;
	if (rows)
		*rows = strtol(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return 0;
}

int db_sync_copy_begin(struct db_sync *db, const char *sql, struct error *err)
{
	PGresult *result = PQexec(db->pg, sql);
	int rc = check(db, result, err);

	PQclear(result);
	return rc;
}

int db_sync_copy_put(struct db_sync *db, const char *bytes, size_t n, struct error *err)
{
	struct error said = {0};

	while (n) {
		size_t piece = n < (1 << 20) ? n : 1 << 20;

		if (PQputCopyData(db->pg, bytes, (int)piece) != 1) {
			if (db_sync_copy_end(db, "failed", NULL, &said) < 0 && err && err->kind == ERROR_NONE)
				*err = said;
			return db_error_from_connection(err, db->pg);
		}
		bytes += piece;
		n -= piece;
	}
	return 0;
}

int db_sync_copy_end(struct db_sync *db, const char *failure, long *rows, struct error *err)
{
	int rc = 0;
	PGresult *result;

	if (PQputCopyEnd(db->pg, failure) != 1)
		rc = db_error_from_connection(err, db->pg);
	while ((result = PQgetResult(db->pg))) {
		/* Given up on purpose: that the server says so is no news. */
		if (!failure && rc == 0)
			rc = check(db, result, err);
		if (rows && PQresultStatus(result) == PGRES_COMMAND_OK)
			*rows = strtol(PQcmdTuples(result), NULL, 10);
		PQclear(result);
	}
	return rc;
}

int db_sync_copy_out(struct db_sync *db, const char *sql,
	int (*sink)(void *arg, const char *row, size_t n, struct error *err), void *arg, struct error *err)
{
	PGresult *result = PQexec(db->pg, sql);
	int rc = check(db, result, err), n;
	char *row;

	PQclear(result);
	if (rc < 0)
		return -1;
	while ((n = PQgetCopyData(db->pg, &row, 0)) > 0) {
		if (rc == 0)
			rc = sink(arg, row, (size_t)n, err);
		PQfreemem(row);
		if (rc < 0) {
			/* The rest would have to be read to keep the connection; whoever stops is done with it. */
			db_sync_close(db);
			return -1;
		}
	}
	while ((result = PQgetResult(db->pg))) {
		if (rc == 0)
			rc = check(db, result, err);
		PQclear(result);
	}
	return rc;
}

int db_sync_act_as(struct db_sync *db, const char *who, struct error *err)
{
	return db_sync_run(db, "SELECT set_config('padan.actor', $1, true)", DB_VALUES(who ? who : ""), NULL, err);
}

long db_long(const PGresult *result, int row, int column)
{
	return strtol(PQgetvalue(result, row, column), NULL, 10);
}

double db_double(const PGresult *result, int row, int column)
{
	return strtod(PQgetvalue(result, row, column), NULL);
}

bool db_bool(const PGresult *result, int row, int column)
{
	return *PQgetvalue(result, row, column) == 't';
}
