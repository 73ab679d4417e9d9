/*
 * Making counts and queues anew; see http_refresh.h.
 */
#include "daemon/http/http_refresh.h"

#include "daemon/base/limits.h"
#include "daemon/base/log.h"
#include "daemon/db/db_conn.h"
#include "daemon/db/sql.h"

#include <stdlib.h>

#include "daemon/base/banned.h"

struct http_refresh {
	struct db_conn *conn;
	uv_timer_t timer;
	bool working, again, closing;
	unsigned open_handles;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void begin(struct http_refresh *refresh);

static void on_made(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_refresh *refresh = arg;

	refresh->working = false;
	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_warning("counts for the pages could not be made", LOG_ERROR_TEXT(&failure->err));
	if (refresh->again && !refresh->closing)
		begin(refresh);
}

static void begin(struct http_refresh *refresh)
{
	struct db_query query = {.sql = sql_find("web_refresh"), .done = on_made, .arg = refresh};
	struct error err = {0};

	refresh->again = refresh->working;
	if (refresh->working || db_conn_state(refresh->conn) != DB_READY)
		return;
	refresh->working = db_conn_query(refresh->conn, &query, &err) == 0;
}

static void on_timer(uv_timer_t *timer)
{
	begin(timer->data);
}

static void on_notify(void *arg, struct db_conn *conn, const char *channel, const char *payload)
{
	begin(arg);
}

static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	if (state == DB_READY)
		begin(arg);
}

int http_refresh_start(struct http_refresh **ret, uv_loop_t *loop, const char *conninfo, struct error *err)
{
	static const char *const channels[] = {"padan_done", NULL};
	struct http_refresh *refresh = calloc(1, sizeof *refresh);
	struct db_conn_options options = {.conninfo = conninfo, .application_name = "padand web counts",
		.statement_timeout = LIMIT_WEB_REFRESH_MS, .channels = channels, .on_state = on_state, .on_notify = on_notify,
		.arg = refresh};

	if (!refresh)
		return error_memory(err);
	uv_timer_init(loop, &refresh->timer);
	refresh->timer.data = refresh;
	uv_timer_start(&refresh->timer, on_timer, LIMIT_WEB_REFRESH_SECONDS * 1000, LIMIT_WEB_REFRESH_SECONDS * 1000);
	refresh->open_handles = 2;
	*ret = refresh;
	return db_conn_start(loop, &options, &refresh->conn, err);
}

static void finish_closing(struct http_refresh *refresh)
{
	if (--refresh->open_handles)
		return;
	refresh->closed(refresh->closed_arg);
	free(refresh);
}

static void on_timer_closed(uv_handle_t *handle)
{
	finish_closing(handle->data);
}

static void on_conn_closed(void *arg)
{
	finish_closing(arg);
}

void http_refresh_close(struct http_refresh *refresh, void (*closed)(void *arg), void *arg)
{
	refresh->closing = true;
	refresh->closed = closed;
	refresh->closed_arg = arg;
	uv_close((uv_handle_t *)&refresh->timer, on_timer_closed);
	db_conn_close(refresh->conn, on_conn_closed, refresh);
}
