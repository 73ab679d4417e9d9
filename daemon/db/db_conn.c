/*
 * One PostgreSQL connection on a libuv loop. See db_conn.h; its queue is in db_queue.c, connecting in
 * db_connect.c, COPY in db_copy.c.
 *
 * Traps that shape this file (each was met):
 *   - a refused connection reaches the watcher as UV_EBADF: libpq is asked all the same, since it knows why.
 *   - PQcancel may block (a dead host): it runs in the pool.
 *   - after PQflush returns 1, reading must go on as well as writing.
 */
#include "daemon/db/db_conn_internal.h"

#include "daemon/db/db_error.h"
#include "matcher/base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_FIRST = 100, RETRY_MOST = 2000 }; /* ms */

/* ---- handles ---- */

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void db_conn_unwatch(struct db_conn *conn)
{
	if (!conn->watcher)
		return;
	conn->watcher->data = NULL;
	uv_poll_stop(conn->watcher);
	uv_close((uv_handle_t *)conn->watcher, free_handle);
	conn->watcher = NULL;
	conn->watched = 0;
}

static void on_socket(uv_poll_t *watcher, int status, int events);

int db_conn_watch(struct db_conn *conn, int events)
{
	if (!conn->watcher) {
		uv_poll_t *watcher = calloc(1, sizeof *watcher);

		if (!watcher)
			return -1;
		if (uv_poll_init(conn->loop, watcher, PQsocket(conn->pg)) != 0) {
			free(watcher);
			return -1;
		}
		watcher->data = conn;
		conn->watcher = watcher;
		conn->watched = 0;
	}
	if (conn->watched == events)
		return 0;
	conn->watched = events;
	if (!events)
		return uv_poll_stop(conn->watcher);
	return uv_poll_start(conn->watcher, events, on_socket);
}

void db_conn_set_state(struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	if (conn->state == state)
		return;
	conn->state = state;
	if (conn->options.on_state)
		conn->options.on_state(conn->options.arg, conn, state, why);
}

/* ---- losing and closing ---- */

static void on_retry(uv_timer_t *timer)
{
	struct db_conn *conn = timer->data;

	if (!conn->closing)
		db_conn_connect(conn);
}

/* 0.1 s, 0.2 s … 2 s, each between half and the whole of it: daemons don't come back all at once. */
static uint64_t retry_delay(const struct db_conn *conn)
{
	uint64_t delay = RETRY_MOST;
	uint64_t random = hash_pair(uv_hrtime(), (uint64_t)(uintptr_t)conn);

	if (conn->failures < 5)
		delay = (uint64_t)RETRY_FIRST << conn->failures;
	if (delay > RETRY_MOST)
		delay = RETRY_MOST;
	return delay / 2 + random % (delay / 2 + 1);
}

/* The connection is gone; why was said by libpq or by err. Everything that depends on it is told, and another attempt is timed. */
void db_conn_lose(struct db_conn *conn, const struct error *why)
{
	struct db_failure failure = {.lost = true, .passing = true};

	db_conn_unwatch(conn);
	uv_timer_stop(&conn->safety);
	if (why)
		failure.err = *why;
	else
		db_error_from_connection(&failure.err, conn->pg);
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->live = false;
	conn->session = 0;
	/* First the timer, then the callbacks, which may close the connection. */
	uv_timer_start(&conn->retry, on_retry, retry_delay(conn), 0);
	conn->failures++;
	db_conn_set_state(conn, DB_WAITING, &failure.err);
	db_conn_answer_lost(conn, &failure, false);
}

static void cancel_in_pool(uv_work_t *work)
{
	char why[256];

	/* Whether the server cancels in time shows in the query's own result. */
	if (!PQcancel(work->data, why, sizeof why))
		return;
}

static void cancel_done(uv_work_t *work, int status)
{
	PQfreeCancel(work->data);
	free(work);
}

void db_conn_cancel(struct db_conn *conn)
{
	uv_work_t *work;
	PGcancel *cancel = conn->pg && (conn->running || conn->sent) ? PQgetCancel(conn->pg) : NULL;

	if (!cancel)
		return;
	work = calloc(1, sizeof *work);
	if (work)
		work->data = cancel;
	if (!work || uv_queue_work(conn->loop, work, cancel_in_pool, cancel_done) != 0) {
		PQfreeCancel(cancel);
		free(work);
	}
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct db_conn *conn = handle->data;

	if (--conn->handles)
		return;
	if (conn->closed)
		conn->closed(conn->closed_arg);
	free(conn->conninfo);
	free(conn->application_name);
	free(conn->setup_sql);
	free(conn);
}

void db_conn_tear_down(struct db_conn *conn)
{
	struct db_failure failure = {.lost = conn->running || conn->sent};

	if (conn->starting_now)
		return; /* after_start() comes here again */
	error_set(&failure.err, ERROR_CANCELLED, "Dibatalkan karena program berhenti.", "Cancelled: the program is stopping.");
	db_conn_cancel(conn);
	db_conn_unwatch(conn);
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->session = 0;
	db_conn_answer_lost(conn, &failure, true);
	uv_close((uv_handle_t *)&conn->retry, on_handle_closed);
	uv_close((uv_handle_t *)&conn->kick, on_handle_closed);
	uv_close((uv_handle_t *)&conn->safety, on_handle_closed);
}

void db_conn_close(struct db_conn *conn, void (*closed)(void *arg), void *arg)
{
	if (conn->closing)
		return;
	conn->closing = true;
	conn->closed = closed;
	conn->closed_arg = arg;
	db_conn_set_state(conn, DB_CLOSING, NULL);
	db_conn_kick(conn);
}

static void on_kick(uv_timer_t *timer)
{
	struct db_conn *conn = timer->data;

	if (conn->closing)
		db_conn_tear_down(conn);
	else
		db_conn_service(conn);
}

void db_conn_kick(struct db_conn *conn)
{
	if (!uv_is_closing((uv_handle_t *)&conn->kick) && !uv_is_active((uv_handle_t *)&conn->kick))
		uv_timer_start(&conn->kick, on_kick, 0, 0);
}

/* ---- working ---- */

static int send_first(struct db_conn *conn)
{
	struct pending *pending = conn->first;
	const struct db_query *query = &pending->query;
	int ok;

	if (query->n || query->binary_result)
		ok = PQsendQueryParams(conn->pg, query->sql, query->n, NULL, pending->values, pending->lengths,
			pending->formats, query->binary_result);
	else
		ok = PQsendQuery(conn->pg, query->sql);
	conn->running = true;
	return ok ? 0 : -1;
}

/* A kept plan no longer fits, as functions or tables were made anew: the next connection makes its own. */
static bool is_outdated(const struct db_conn *conn, const char *sqlstate)
{
	return conn->options.pipelined && (strcmp(sqlstate, "0A000") == 0 || strcmp(sqlstate, "26000") == 0);
}

void db_conn_finish_first(struct db_conn *conn)
{
	struct pending *pending = db_conn_take_first(conn);
	PGresult *result = conn->result;
	ExecStatusType status = PQresultStatus(result);
	struct db_failure failure = {0};

	conn->running = false;
	conn->result = NULL;
	conn->copy = COPY_NONE;
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
		db_conn_answer(pending, result, NULL);
	} else {
		const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

		snprintf(failure.sqlstate, sizeof failure.sqlstate, "%s", sqlstate ? sqlstate : "");
		failure.lost = PQstatus(conn->pg) == CONNECTION_BAD;
		failure.passing = failure.lost || db_error_is_passing(failure.sqlstate);
		if (result)
			db_error_from_result(&failure.err, result);
		else
			db_error_from_connection(&failure.err, conn->pg);
		failure.passing |= is_outdated(conn, failure.sqlstate);
		db_conn_answer(pending, NULL, &failure);
		if (is_outdated(conn, failure.sqlstate) && conn->live && !conn->closing)
			db_conn_lose(conn, &failure.err);
	}
	PQclear(result);
}

/* Takes what the server has sent for the running query. 1: it has ended, 0: more is to come, -1: lost. */
static int take_results(struct db_conn *conn)
{
	while (!PQisBusy(conn->pg)) {
		PGresult *result = PQgetResult(conn->pg);
		ExecStatusType status = PQresultStatus(result);

		if (!result)
			return 1;
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
			PQclear(result);
			db_copy_begin(conn, status);
			return 0;
		}
		/* The first error counts, else the last result. */
		if (conn->result && PQresultStatus(conn->result) == PGRES_FATAL_ERROR) {
			PQclear(result);
			continue;
		}
		PQclear(conn->result);
		conn->result = result;
	}
	return 0;
}

static bool copy_holds(const struct db_conn *conn)
{
	return conn->copy != COPY_NONE && conn->copy != COPY_IN_ENDED;
}

/* Runs the queue until there is nothing to do without the server. 0, or -1 when the connection is lost. */
static int run_queue(struct db_conn *conn)
{
	while (!conn->closing && conn->live && (conn->running || conn->first)) {
		bool again = false;
		int ended;

		if (!conn->running && conn->options.pipelined) {
			int alone = db_pipeline_run(conn);

			if (alone <= 0)
				return alone;
		}
		if (!conn->running) {
			/* Behind the settings, everything waits for the connection to be ready. */
			if (!conn->first->internal && conn->state != DB_READY)
				return 0;
			if (send_first(conn) < 0)
				return -1;
		}
		if (conn->copy != COPY_NONE && db_copy_step(conn, &again) < 0)
			return -1;
		if (again)
			db_conn_kick(conn);
		if (conn->closing || copy_holds(conn))
			return 0;
		ended = take_results(conn);
		if (ended > 0)
			db_conn_finish_first(conn);
		else if (conn->copy == COPY_NONE)
			return 0;
	}
	return 0;
}

static void tell_notifications(struct db_conn *conn)
{
	PGnotify *notify;

	while (!conn->closing && conn->live && (notify = PQnotifies(conn->pg))) {
		if (conn->options.on_notify)
			conn->options.on_notify(conn->options.arg, conn, notify->relname, notify->extra);
		PQfreemem(notify);
	}
}

/* Everything there is to do on a live connection. Callbacks may close it, or db_conn_lose() may have taken it away in between. */
void db_conn_service(struct db_conn *conn)
{
	int flushed, events = UV_READABLE;

	if (conn->closing || !conn->live)
		return;
	/* Rows that a paused sink has not asked for stay in the socket: that is what holds the server back. */
	if (conn->copy == COPY_OUT_PAUSED)
		events = 0;
	else if (!PQconsumeInput(conn->pg)) {
		db_conn_lose(conn, NULL);
		return;
	}
	if (run_queue(conn) < 0) {
		db_conn_lose(conn, NULL);
		return;
	}
	tell_notifications(conn);
	if (conn->closing || !conn->live)
		return;
	if (conn->copy == COPY_OUT_PAUSED)
		events = 0;
	flushed = PQflush(conn->pg);
	if (flushed > 0)
		events |= UV_READABLE | UV_WRITABLE;
	if (flushed < 0 || db_conn_watch(conn, events) != 0)
		db_conn_lose(conn, NULL);
}

static void on_socket(uv_poll_t *watcher, int status, int events)
{
	struct db_conn *conn = watcher->data;

	if (!conn || conn->closing)
		return;
	/* A status below 0 (UV_EBADF for a refused connection) is libpq's to explain. */
	if (conn->live)
		db_conn_service(conn);
	else
		db_conn_connect_step(conn);
}

/* ---- making ---- */

/* "SET …; LISTEN a; LISTEN b": sent as one text after every connect. */
static char *make_setup_sql(const struct db_conn_options *options)
{
	char sql[1024];
	int n = snprintf(sql, sizeof sql,
		"SET statement_timeout = %u; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 3; "
		"SET tcp_keepalives_count = 3; SET tcp_user_timeout = 12000; SET search_path = pg_catalog; SET jit = off; "
		/* A backend in the middle of a long statement notices that its client is gone (PostgreSQL 14 and later). */
		"SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval';%s%s",
		options->statement_timeout, options->settings ? " " : "", options->settings ? options->settings : "");

	if (n >= (int)sizeof sql - 128)
		return NULL;

	for (size_t i = 0; options->channels && options->channels[i]; i++) {
		if (i == DB_CHANNELS_MAX || strlen(options->channels[i]) > 60)
			return NULL;
		n += snprintf(sql + n, sizeof sql - (size_t)n, " LISTEN \"%s\";", options->channels[i]);
	}
	return strdup(sql);
}

static int check_conninfo(const char *conninfo, struct error *err)
{
	char *message = NULL;
	PQconninfoOption *parsed;

	if (!strchr(conninfo, '=') && strncmp(conninfo, "postgres", 8) != 0)
		return 0; /* a database's name */
	parsed = PQconninfoParse(conninfo, &message);
	if (!parsed) {
		PQfreemem(message); /* it may quote a password */
		return error_set(err, ERROR_USAGE, "Keterangan sambungan (--db) tidak dapat dibaca; contoh: --db \"host=/run/postgresql dbname=padan\".",
			"The connection string (--db) cannot be read; for example: --db \"host=/run/postgresql dbname=padan\".");
	}
	PQconninfoFree(parsed);
	return 0;
}

int db_conn_start(uv_loop_t *loop, const struct db_conn_options *options, struct db_conn **ret, struct error *err)
{
	struct db_conn *conn;

	if (check_conninfo(options->conninfo ? options->conninfo : "", err) < 0)
		return -1;
	conn = calloc(1, sizeof *conn);
	if (!conn)
		return error_memory(err);
	conn->loop = loop;
	conn->options = *options;
	conn->state = DB_WAITING;
	conn->conninfo = strdup(options->conninfo ? options->conninfo : "");
	conn->application_name = strdup(options->application_name ? options->application_name : "padan");
	conn->setup_sql = make_setup_sql(options);
	if (!conn->conninfo || !conn->application_name || !conn->setup_sql) {
		free(conn->conninfo);
		free(conn->application_name);
		free(conn->setup_sql);
		free(conn);
		return error_memory(err);
	}
	uv_timer_init(loop, &conn->retry);
	uv_timer_init(loop, &conn->kick);
	uv_timer_init(loop, &conn->safety);
	conn->retry.data = conn->kick.data = conn->safety.data = conn;
	conn->handles = 3;
	/* From the loop, so that nothing is called back before the caller has his pointer. */
	uv_timer_start(&conn->retry, on_retry, 0, 0);
	*ret = conn;
	return 0;
}

uint64_t db_conn_session(const struct db_conn *conn)
{
	return conn->session;
}

enum db_conn_state db_conn_state(const struct db_conn *conn)
{
	return conn->state;
}

size_t db_conn_queued(const struct db_conn *conn)
{
	return conn->queued;
}
