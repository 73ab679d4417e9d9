/*
 * SQL for handlers, on a few connections of the web's own: asynchronous, as the database role padan_web, under row-level security.
 *
 * The first statement of a request begins a transaction, which first sets who asks (padan.role, padan.office, padan.villages …,
 * from the session); policies on every table then show an office its own rows alone, whatever the statement asks for. The
 * transaction is committed before an answer below 400 leaves and rolled back before any other, unless http_sql_commit() came
 * first. Statements are named: daemon/db/sql/NAME.sql.
 *
 * For answers, one call is enough:
 *
 *	http_sql_reply(request, "api_flag", DB_VALUES(http_path(request, "flag")));
 *
 * The statement gives one row. Its columns, by name:
 *	json    the body, as PostgreSQL made it; NULL: absent, 404 – and so is no row at all
 *	status  an integer, 200 without it
 *	etag    a text: sent as ETag; If-None-Match with the same text gets 304
 *	location, csv (a body of text/csv instead of json), file_name (makes it a download)
 *	seen_persons, seen_households: arrays of ids, for a route with an audit: see http_audit_seen()
 *
 * Refusals of the database become answers by themselves: PDxxx with both texts (see http_sql_failure()), a value that cannot
 * be one 400, a time-out or a lost connection 503.
 */
#ifndef PADAN_HTTP_SQL_H
#define PADAN_HTTP_SQL_H

#include "daemon/db/db_conn.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/http_request.h"

struct http_sql;
struct http_counters;

/* conninfo: the daemon's; the role is taken with it. */
int http_sql_start(struct http_sql **ret, uv_loop_t *loop, const char *conninfo, struct http_counters *counters,
	struct error *err) PADAN_MUST_CHECK;
/* Every statement still out is answered as lost; then closed. */
void http_sql_close(struct http_sql *sql, void (*closed)(void *arg), void *arg);
bool http_sql_ready(const struct http_sql *sql); /* at least one connection stands */
size_t http_sql_waiting(const struct http_sql *sql);
size_t http_sql_busy(const struct http_sql *sql);

/* ---- for handlers ---- */

/* result lives for the call. arg as given. */
typedef void http_sql_done_fn(struct http_request *request, PGresult *result, void *arg);
typedef void http_sql_failed_fn(struct http_request *request, const struct db_failure *failure, void *arg);

/* Runs it and answers with its row. */
void http_sql_reply(struct http_request *request, const char *name, int n, const char *const *values);

/* Runs it; done is called when it worked, else the request has been answered. One at a time for each request. */
void http_sql_query(struct http_request *request, const char *name, int n, const char *const *values,
	http_sql_done_fn *done, void *arg);

/* As http_sql_query(), but failed decides what a refusal means. The transaction is of no more use then. */
void http_sql_try(struct http_request *request, const char *name, int n, const char *const *values, http_sql_done_fn *done,
	http_sql_failed_fn *failed, void *arg);

/* COPY (…) TO STDOUT, row by row as libpq has them; text is the whole statement, made without any value of the client's. */
void http_sql_copy_out(struct http_request *request, const char *text, db_sink_fn *sink, http_sql_done_fn *done, void *arg);
void http_sql_copy_resume(struct http_request *request);

/* Ends the transaction well, now: before work that takes long, so that no connection is held. done gets a NULL result. */
void http_sql_commit(struct http_request *request, http_sql_done_fn *done, void *arg);

/*
 * For an answer that streams, whose route has an audit: writes the trail's line and commits, before anything is shown. Else the
 * server does so by itself, just before the COMMIT.
 */
void http_sql_audit(struct http_request *request, http_sql_done_fn *done, void *arg);

/*
 * Whom the answer shows, for the line that the route's audit writes: kind "person" or "household", ids as PostgreSQL writes an array ("{1,2}";
 * NULL or empty: nobody). Without it the line names the number in the path.
 */
void http_audit_seen(struct http_request *request, const char *kind, const char *ids);

/* What a refusal of the database is answered with. */
void http_sql_failure(struct http_request *request, const struct db_failure *failure);

/* The single row of such a result as the answer; also for results that a handler got with http_sql_query(). */
void http_sql_answer(struct http_request *request, const PGresult *result);

#endif
