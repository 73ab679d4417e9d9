/*
 * The web's connections to PostgreSQL and the transactions of requests; see http_sql.h.
 *
 * A transaction has a connection to itself from its first statement to its end. Where none is free it waits in line. BEGIN,
 * the settings and the first statement are sent without waiting for each other's answers.
 */
#include "daemon/base/log.h"
#include "daemon/db/sql.h"
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct sql_slot {
	struct http_sql *sql;
	struct db_conn *conn;
	struct http_tx *tx; /* who has it */
};

struct http_sql {
	uv_loop_t *loop;
	char *conninfo;
	struct http_counters *counters;
	struct sql_slot slots[LIMIT_WEB_SQL_CONNECTIONS];
	struct http_tx *first, *last; /* in line */
	size_t waiting;
	uv_timer_t timer;             /* looks at who has waited too long */
	unsigned open_handles;
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

struct http_tx {
	struct http_request *request;
	struct sql_slot *slot; /* NULL: none yet, or given back */
	struct http_tx *next;
	uint64_t session, waits_since_ms;
	bool in_line, failed, ending, well;
	struct db_failure first_failure; /* of BEGIN or the settings */

	http_sql_done_fn *after_audit;
	http_sql_done_fn *ended; /* NULL: with the answer */
	void *ended_arg;

	/* the one statement at work */
	bool busy;
	const char *text;
	int n;
	const char **values;
	db_sink_fn *sink;
	http_sql_done_fn *done;
	http_sql_failed_fn *failed_fn;
	void *arg;
};

static void pump(struct http_sql *sql);

/* ---- the connections ---- */

static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	struct sql_slot *slot = arg;

	if (state == DB_READY)
		pump(slot->sql);
}

static void look_at_waiters(uv_timer_t *timer);

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

static struct http_tx *leave_line(struct http_sql *sql);
static void answer_failed(struct http_tx *tx, const struct db_failure *failure);

static void make_lost(struct db_failure *failure)
{
	*failure = (struct db_failure){.lost = true, .passing = true};
	error_set(&failure->err, ERROR_DATABASE, "Basis data tidak menjawab.", "The database does not answer.");
}

void http_sql_close(struct http_sql *sql, void (*closed)(void *arg), void *arg)
{
	struct db_failure lost;

	make_lost(&lost);
	sql->closing = true;
	sql->closed = closed;
	sql->closed_arg = arg;
	while (sql->first)
		answer_failed(leave_line(sql), &lost);
	uv_close((uv_handle_t *)&sql->timer, on_timer_closed);
	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		if (sql->slots[i].conn)
			db_conn_close(sql->slots[i].conn, on_closed, sql);
	}
}

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

	make_lost(&lost);
	while (sql->first && uv_now(sql->loop) - sql->first->waits_since_ms > LIMIT_WEB_SQL_WAIT_MS) {
		sql->counters->sql_timeouts_total++;
		answer_failed(leave_line(sql), &lost);
	}
}

static struct sql_slot *free_slot(struct http_sql *sql)
{
	for (int i = 0; i < LIMIT_WEB_SQL_CONNECTIONS; i++) {
		if (!sql->slots[i].tx && db_conn_state(sql->slots[i].conn) == DB_READY)
			return &sql->slots[i];
	}
	return NULL;
}

static void give_back(struct http_tx *tx)
{
	struct sql_slot *slot = tx->slot;

	tx->slot = NULL;
	if (slot)
		slot->tx = NULL;
}

/* ---- one statement ---- */

static void answer_failed(struct http_tx *tx, const struct db_failure *failure)
{
	struct http_request *request = tx->request;
	http_sql_failed_fn *failed = tx->failed_fn;

	tx->failed = true;
	tx->busy = false;
	if (failure->lost)
		give_back(tx);
	if (failed)
		failed(request, failure, tx->arg);
	else if (request->answer->streams)
		http_stream_end(request, false);
	else
		http_sql_failure(request, failure);
	http_request_drop(request);
}

static void on_prelude(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_tx *tx = arg;

	if (failure && tx->first_failure.err.kind == ERROR_NONE)
		tx->first_failure = *failure;
}

static void on_statement(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_tx *tx = arg;
	struct http_request *request = tx->request;

	if (failure) {
		answer_failed(tx, tx->first_failure.err.kind != ERROR_NONE ? &tx->first_failure : failure);
		return;
	}
	tx->busy = false;
	tx->done(request, result, tx->arg);
	http_request_drop(request);
}

static enum db_copy on_row(void *arg, const char *row, size_t n)
{
	struct http_tx *tx = arg;

	/* The reader has gone, and the writer has ended the stream: the rest is not wanted. */
	if (tx->request->answer->ended)
		return DB_COPY_FAIL;
	return tx->sink(tx->arg, row, n);
}

static int send_statement(struct http_tx *tx, struct error *err)
{
	struct db_query query = {.sql = tx->text, .session = tx->session, .n = tx->n, .values = tx->values,
		.sink = tx->sink ? on_row : NULL, .done = on_statement, .arg = tx};

	return db_conn_query(tx->slot->conn, &query, err);
}

/* Takes the connection: BEGIN with who asks, and the statement. */
static void start(struct http_tx *tx, struct sql_slot *slot)
{
	struct db_failure failure = {0};
	struct db_query begin = {.sql = http_sql_begin_text(tx->request, &failure.err), .done = on_prelude, .arg = tx};

	slot->tx = tx;
	tx->slot = slot;
	tx->failed = false;
	tx->first_failure = (struct db_failure){0};
	begin.session = tx->session = db_conn_session(slot->conn);
	if (!begin.sql || db_conn_query(slot->conn, &begin, &failure.err) < 0 || send_statement(tx, &failure.err) < 0)
		answer_failed(tx, &failure); /* out of memory: rolled back with the answer */
}

static void pump(struct http_sql *sql)
{
	struct sql_slot *slot;

	while (!sql->closing && sql->first && (slot = free_slot(sql)))
		start(leave_line(sql), slot);
}

static void run(struct http_request *request, const char *text, int n, const char *const *values, db_sink_fn *sink,
	http_sql_done_fn *done, http_sql_failed_fn *failed, void *arg)
{
	struct http_sql *sql = request->server->sql;
	struct http_tx *tx = request->tx;
	struct sql_slot *slot;
	struct db_failure failure;
	struct error err = {0};

	make_lost(&failure);
	if (!tx)
		tx = request->tx = arena_alloc(&request->arena, sizeof *tx);
	if (!tx) {
		http_reply_busy(request);
		return;
	}
	tx->request = request;
	http_request_keep(request);
	tx->text = text;
	tx->n = n;
	tx->sink = sink;
	tx->done = done;
	tx->failed_fn = failed;
	tx->arg = arg;
	tx->values = arena_array(&request->arena, (size_t)n + 1, sizeof *tx->values);
	for (int i = 0; tx->values && i < n; i++) {
		tx->values[i] = values[i] ? http_copy(request, values[i]) : NULL;
		if (values[i] && !tx->values[i])
			tx->values = NULL;
	}
	failure.lost = !tx->slot; /* with one, what has begun is rolled back with the answer */
	if (!tx->values || tx->busy || sql->closing || (tx->failed && tx->slot) || (tx->slot && send_statement(tx, &err) < 0)) {
		answer_failed(tx, &failure);
		return;
	}
	tx->busy = true;
	if (tx->slot)
		return;
	slot = sql->first ? NULL : free_slot(sql);
	if (slot) {
		start(tx, slot);
		return;
	}
	if (sql->waiting >= LIMIT_WEB_REQUESTS) {
		answer_failed(tx, &failure);
		return;
	}
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
}

/* ---- the end of a transaction ---- */

bool http_sql_open(const struct http_request *request)
{
	return request->tx && request->tx->slot;
}

static void on_end(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_tx *tx = arg;
	struct http_request *request = tx->request;
	struct http_sql *sql = tx->slot->sql;
	bool kept = !failure && strcmp(PQcmdStatus(result), "COMMIT") == 0;
	struct db_failure not_kept = {0};

	give_back(tx);
	if (tx->well && !kept) {
		/* A lost connection or a constraint checked at the end; or the transaction had failed, and somebody wanted to keep it. */
		if (failure)
			not_kept = *failure;
		else if (tx->first_failure.err.kind != ERROR_NONE)
			not_kept = tx->first_failure;
		else
			make_lost(&not_kept);
	}
	pump(sql);
	if (tx->ended) {
		if (tx->well && !kept)
			http_sql_failure(request, &not_kept);
		else
			tx->ended(request, NULL, tx->ended_arg);
	} else if (request->answer->streams) {
		/* Everything has been said already. */
	} else if (tx->well && !kept) {
		http_answer_replace(request, &not_kept);
	} else {
		http_answer_deliver(request);
	}
	http_request_drop(request);
}

static void end(struct http_tx *tx, bool well, http_sql_done_fn *done, void *arg)
{
	bool commits = well && tx->first_failure.err.kind == ERROR_NONE;
	struct db_query query = {.sql = commits ? "COMMIT" : "ROLLBACK", .session = tx->session, .done = on_end, .arg = tx};
	struct db_failure failure = {.lost = true, .passing = true};

	tx->well = well;
	tx->ended = done;
	tx->ended_arg = arg;
	http_request_keep(tx->request);
	if (db_conn_query(tx->slot->conn, &query, &failure.err) < 0)
		on_end(tx, NULL, &failure);
	else if (tx->busy && tx->sink)
		db_conn_copy_resume(tx->slot->conn); /* a COPY that waits for its reader has to end first: see on_row() */
}

/* The audit trail's line is the last thing a transaction writes: its lock is held for the COMMIT alone. */
static void queue_audit(struct http_tx *tx)
{
	struct http_request *request = tx->request;
	const char *kind = request->seen_kind, *ids = request->seen_ids, *detail = NULL;
	json_t *words = json_object();
	char one[32];
	int64_t number;

	for (size_t i = 0; i < request->path_param_count; i++) {
		const struct http_path_param *param = &request->path_params[i];
		char name[64];

		snprintf(name, sizeof name, "%.*s", STR_ARGS(param->name));
		if (!kind && http_integer(param->value.p, &number)) {
			kind = http_copy(request, name);
			snprintf(one, sizeof one, "{%lld}", (long long)number);
			ids = one;
		} else {
			json_object_set_new(words, name, json_string(param->value.p));
		}
	}
	detail = json_dumps(words, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(words);
	{
		const char *values[] = {request->route->audit, kind, ids, detail, request->address};
		struct db_query audit = {.sql = sql_find("web_audit"), .session = tx->session, .n = 5, .values = values,
				.done = on_prelude, .arg = tx};
		struct error err = {0};

		if (db_conn_query(tx->slot->conn, &audit, &err) < 0 && tx->first_failure.err.kind == ERROR_NONE)
			make_lost(&tx->first_failure);
	}
	free((char *)(uintptr_t)detail);
}

void http_audit_seen(struct http_request *request, const char *kind, const char *ids)
{
	request->seen_kind = kind;
	request->seen_ids = ids && *ids ? http_copy(request, ids) : NULL;
}

void http_sql_end(struct http_request *request, bool well)
{
	struct http_tx *tx = request->tx;

	if (well && !tx->failed && request->route && request->route->audit && !request->audited) {
		request->audited = true;
		queue_audit(tx); /* without its line in the trail the COMMIT fails, and nothing is shown */
	}
	end(tx, well && !tx->failed, NULL, NULL);
}

void http_sql_commit(struct http_request *request, http_sql_done_fn *done, void *arg)
{
	if (!http_sql_open(request))
		done(request, NULL, arg);
	else
		end(request->tx, true, done, arg);
}

static void audit_queued(struct http_request *request, PGresult *result, void *arg)
{
	struct http_tx *tx = request->tx;

	queue_audit(tx);
	end(tx, true, tx->after_audit, arg);
}

void http_sql_audit(struct http_request *request, http_sql_done_fn *done, void *arg)
{
	request->audited = true;
	http_sql_query(request, "web_begin", 0, NULL, audit_queued, arg);
	if (request->tx)
		request->tx->after_audit = done;
}

/* ---- for handlers ---- */

void http_sql_try(struct http_request *request, const char *name, int n, const char *const *values, http_sql_done_fn *done,
	http_sql_failed_fn *failed, void *arg)
{
	run(request, sql_find(name), n, values, NULL, done, failed, arg);
}

void http_sql_query(struct http_request *request, const char *name, int n, const char *const *values,
	http_sql_done_fn *done, void *arg)
{
	run(request, sql_find(name), n, values, NULL, done, NULL, arg);
}

void http_sql_copy_out(struct http_request *request, const char *text, db_sink_fn *sink, http_sql_done_fn *done, void *arg)
{
	const char *copy = http_copy(request, text);

	if (copy)
		run(request, copy, 0, NULL, sink, done, NULL, arg);
	else
		http_reply_busy(request);
}

void http_sql_copy_resume(struct http_request *request)
{
	if (http_sql_open(request))
		db_conn_copy_resume(request->tx->slot->conn);
}

static void answer_with_row(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_answer(request, result);
}

void http_sql_reply(struct http_request *request, const char *name, int n, const char *const *values)
{
	http_sql_query(request, name, n, values, answer_with_row, NULL);
}
