/*
 * How a db_conn connects: PQconnectStart in the pool, PQconnectPoll from the loop, then its settings and LISTENs. See
 * db_conn.h; what follows is db_conn.c. Called by db_conn.c alone.
 *
 *   - libpq may change its socket at every PQconnectPoll, even keeping the number: the watcher is closed before each call
 *     and made anew after it.
 *   - PQconnectStart may wait for DNS: it runs in the pool.
 */
#include "daemon/db/db_conn_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_TIMEOUT = 10000, SAFETY_PERIOD = 1000 }; /* ms */

static void on_safety(uv_timer_t *timer)
{
	db_conn_service(timer->data);
}

static void setup_done(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct db_conn *conn = arg;

	if (conn->closing || (failure && failure->lost))
		return;
	if (failure) {
		/* The settings were refused: this connection is of no use. db_conn_service() sees that pg is gone. */
		db_conn_lose(conn, &failure->err);
		return;
	}
	uv_timer_stop(&conn->retry);
	conn->failures = 0;
	conn->session = ++conn->sessions;
	db_conn_set_state(conn, DB_READY, NULL);
}

static void ignore_notice(void *arg, const PGresult *result)
{
	/* Notices may quote values; nothing in Padan depends on one. */
}

/* Connected: the settings go first, in front of what waits. */
static void connected(struct db_conn *conn)
{
	struct db_query query = {.sql = conn->setup_sql, .done = setup_done, .arg = conn};
	struct pending *setup = db_conn_pending(&query);

	if (!setup || PQsetnonblocking(conn->pg, 1) != 0) {
		free(setup);
		db_conn_lose(conn, NULL);
		return;
	}
	PQsetNoticeReceiver(conn->pg, ignore_notice, NULL);
	setup->internal = true;
	setup->next = conn->first;
	conn->first = setup;
	if (!conn->last)
		conn->last = setup;
	conn->queued++;
	conn->live = true;
	uv_timer_start(&conn->safety, on_safety, SAFETY_PERIOD, SAFETY_PERIOD);
	db_conn_service(conn);
}

void db_conn_connect_step(struct db_conn *conn)
{
	db_conn_unwatch(conn);
	switch (PQconnectPoll(conn->pg)) {
	case PGRES_POLLING_READING:
		if (db_conn_watch(conn, UV_READABLE) != 0)
			db_conn_lose(conn, NULL);
		return;
	case PGRES_POLLING_WRITING:
		if (db_conn_watch(conn, UV_WRITABLE) != 0)
			db_conn_lose(conn, NULL);
		return;
	case PGRES_POLLING_OK:
		connected(conn);
		return;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		break;
	}
	db_conn_lose(conn, NULL);
}

static void on_connect_timeout(uv_timer_t *timer)
{
	struct db_conn *conn = timer->data;
	struct error why = {0};

	error_set(&why, ERROR_DATABASE, "PostgreSQL tidak menjawab dalam %d detik.", "PostgreSQL did not answer within %d seconds.",
		CONNECT_TIMEOUT / 1000);
	if (!conn->closing && conn->pg)
		db_conn_lose(conn, &why);
}

/* In the pool: PQconnectStart resolves names. What the user's conninfo says comes last and counts. */
static void start_in_pool(uv_work_t *work)
{
	struct db_conn *conn = work->data;
	const char *keywords[] = {"fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "tcp_user_timeout", "client_encoding", *conn->conninfo ? "dbname" : NULL, NULL};
	const char *values[] = {conn->application_name, "1", "5", "3", "3", "12000", "UTF8", conn->conninfo, NULL};

	conn->started = PQconnectStartParams(keywords, values, 1);
}

static void after_start(uv_work_t *work, int status)
{
	struct db_conn *conn = work->data;

	conn->starting_now = false;
	conn->pg = conn->started;
	conn->started = NULL;
	if (conn->closing) {
		db_conn_tear_down(conn);
		return;
	}
	if (!conn->pg || PQstatus(conn->pg) == CONNECTION_BAD) {
		db_conn_lose(conn, NULL);
		return;
	}
	uv_timer_start(&conn->retry, on_connect_timeout, CONNECT_TIMEOUT, 0);
	if (db_conn_watch(conn, UV_WRITABLE) != 0)
		db_conn_lose(conn, NULL);
}

void db_conn_connect(struct db_conn *conn)
{
	struct error why = {0};

	db_conn_set_state(conn, DB_CONNECTING, NULL);
	if (conn->closing)
		return;
	conn->starting.data = conn;
	if (uv_queue_work(conn->loop, &conn->starting, start_in_pool, after_start) == 0) {
		conn->starting_now = true;
		return;
	}
	error_set(&why, ERROR_SYSTEM, "Pekerjaan latar tidak dapat dimulai.", "Background work cannot be started.");
	db_conn_lose(conn, &why);
}
