/*
 * A blocking connection to PostgreSQL, for the command line. The daemon uses db_conn.h.
 *
 * Every function reports with struct error, in the manner of db_error.h: no values of rows in it.
 */
#ifndef PADAN_DB_SYNC_H
#define PADAN_DB_SYNC_H

#include "matcher/base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

struct db_sync {
	PGconn *pg; /* NULL: not open */
};

/* conninfo: libpq's, a database's name, or NULL / "" for PGHOST, PGSERVICE and the rest of the environment. */
int db_sync_open(struct db_sync *db, const char *conninfo, struct error *err) PADAN_MUST_CHECK;
void db_sync_close(struct db_sync *db); /* legal on one that is not open */

/* One or more statements without parameters; results are thrown away. */
int db_sync_exec(struct db_sync *db, const char *sql, struct error *err) PADAN_MUST_CHECK;

/* One statement with n text parameters (NULL is SQL's NULL). *ret is the caller's to PQclear(). */
int db_sync_query(struct db_sync *db, const char *sql, int n, const char *const *values, PGresult **ret,
	struct error *err) PADAN_MUST_CHECK;

/* db_sync_query() without a result to look at. *rows (may be NULL) receives how many rows were changed. */
int db_sync_run(struct db_sync *db, const char *sql, int n, const char *const *values, long *rows, struct error *err)
	PADAN_MUST_CHECK;

/* Parameters written where they are used: DB_VALUES(a, b) is their count and their array, two arguments. */
#define DB_VALUES(...) (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)), (const char *const[]){__VA_ARGS__}

/*
 * COPY … FROM STDIN: begin, put any pieces, end. With failure (a word for the server's log) it is given up. After any -1
 * the COPY is over and the transaction failed.
 */
int db_sync_copy_begin(struct db_sync *db, const char *sql, struct error *err) PADAN_MUST_CHECK;
int db_sync_copy_put(struct db_sync *db, const char *bytes, size_t n, struct error *err) PADAN_MUST_CHECK;
int db_sync_copy_end(struct db_sync *db, const char *failure, long *rows, struct error *err) PADAN_MUST_CHECK;

/* COPY … TO STDOUT: each row goes to sink, which returns 0, or -1 (having set err) to stop. */
int db_sync_copy_out(struct db_sync *db, const char *sql,
	int (*sink)(void *arg, const char *row, size_t n, struct error *err), void *arg, struct error *err) PADAN_MUST_CHECK;

/* SET LOCAL padan.actor: who acts in this transaction; NULL: the login. */
int db_sync_act_as(struct db_sync *db, const char *who, struct error *err) PADAN_MUST_CHECK;

/* A cell: "" for NULL. */
static inline const char *db_text(const PGresult *result, int row, int column)
{
	return PQgetvalue(result, row, column);
}

long db_long(const PGresult *result, int row, int column);   /* 0 for NULL */
double db_double(const PGresult *result, int row, int column);
bool db_bool(const PGresult *result, int row, int column);
static inline bool db_null(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column);
}

#endif
