/*
 * The web's connections to PostgreSQL and the line of requests that wait for one; see http_sql.h. What a request does with its
 * connection is http_tx.c.
 */
#include "daemon/http/http_tx.h"

#include <stdlib.h>

#include "daemon/base/banned.h"

/* ---- the line ---- */

static struct http_tx *leave_line(struct http_sql *sql)
{
	struct http_tx *tx = sql->first;

	sql->first = tx->next;
	if (!sql->first)
		sql->last = NULL;
	sql->waiting--;
	tx->in_line = false;
	return tx;
}

static void look_at_waiters(uv_timer_t *timer)
{
	struct http_sql *sql = timer->data;
	struct db_failure lost;

	http_tx_lost(&lost);
	while (sql->first && uv_now(sql->loop) - sql->first->waits_since_ms > LIMIT_WEB_SQL_WAIT_MS) {
		sql->counters->sql_timeouts_total++;
		http_tx_failed(leave_line(sql), &lost);
	}
}

struct sql_slot *http_sql_free_slot(struct http_sql *sql)
{
	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		if (!sql->slots[i].tx && db_conn_state(sql->slots[i].conn) == DB_READY)
			return &sql->slots[i];
	}
	return NULL;
}

void http_sql_pump(struct http_sql *sql)
{
	struct sql_slot *slot;

	while (!sql->closing && sql->first && (slot = http_sql_free_slot(sql)))
		http_tx_start(leave_line(sql), slot);
}

int http_sql_line_up(struct http_sql *sql, struct http_tx *tx)
{
	if (sql->waiting >= LIMIT_WEB_REQUESTS)
		return -1;
	sql->counters->sql_waits_total++;
	tx->in_line = true;
	tx->next = NULL;
	tx->waits_since_ms = uv_now(sql->loop);
	if (sql->last)
		sql->last->next = tx;
	else
		sql->first = tx;
	sql->last = tx;
	sql->waiting++;
	return 0;
}

/* ---- the connections ---- */

static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	struct sql_slot *slot = arg;

	if (state == DB_READY)
		http_sql_pump(slot->sql);
}

int http_sql_start(struct http_sql **ret, uv_loop_t *loop, const char *conninfo, struct http_counters *counters,
	struct error *err)
{
	struct http_sql *sql = calloc(1, sizeof *sql);
	int rc = 0;

	if (!sql)
		return error_memory(err);
	sql->loop = loop;
	sql->counters = counters;
	sql->conninfo = http_sql_conninfo(conninfo ? conninfo : "");
	if (!sql->conninfo) {
		free(sql);
		return error_memory(err);
	}
	uv_timer_init(loop, &sql->timer);
	sql->timer.data = sql;
	sql->open_handles = 1;
	uv_timer_start(&sql->timer, look_at_waiters, 500, 500);
	for (int i = 0; rc == 0 && i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		struct db_conn_options options = {
			.conninfo = sql->conninfo,
			.application_name = "padand web",
			.statement_timeout = LIMIT_WEB_SQL_MS,
			.pipelined = true,
			.on_state = on_state,
			.arg = &sql->slots[i],
		};

		sql->slots[i].sql = sql;
		rc = db_conn_start(loop, &options, &sql->slots[i].conn, err);
		if (rc == 0)
			sql->open_handles++;
	}
	*ret = sql;
	return rc;
}

bool http_sql_ready(const struct http_sql *sql)
{
	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		if (sql->slots[i].conn && db_conn_state(sql->slots[i].conn) == DB_READY)
			return true;
	}
	return false;
}

size_t http_sql_waiting(const struct http_sql *sql)
{
	return sql->waiting;
}

size_t http_sql_busy(const struct http_sql *sql)
{
	size_t n = 0;

	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++)
		n += sql->slots[i].tx != NULL;
	return n;
}

/* ---- the end ---- */

static void finish_closing(struct http_sql *sql)
{
	if (--sql->open_handles)
		return;
	if (sql->closed)
		sql->closed(sql->closed_arg);
	free(sql->conninfo);
	free(sql);
}

static void on_closed(void *arg)
{
	finish_closing(arg);
}

static void on_timer_closed(uv_handle_t *handle)
{
	finish_closing(handle->data);
}

void http_sql_close(struct http_sql *sql, void (*closed)(void *arg), void *arg)
{
	struct db_failure lost;

	http_tx_lost(&lost);
	sql->closing = true;
	sql->closed = closed;
	sql->closed_arg = arg;
	while (sql->first)
		http_tx_failed(leave_line(sql), &lost);
	uv_close((uv_handle_t *)&sql->timer, on_timer_closed);
	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		if (sql->slots[i].conn)
			db_conn_close(sql->slots[i].conn, on_closed, sql);
	}
}
