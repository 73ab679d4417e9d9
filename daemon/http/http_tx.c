/*
 * The transaction of one request; see http_sql.h. It has a connection to itself from its first statement to its end: BEGIN, who asks and
 * the first statement go there together, and so do the audit trail's line and COMMIT.
 */
#include "daemon/base/log.h"
#include "daemon/db/sql.h"
#include "daemon/http/http_tx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

void http_tx_lost(struct db_failure *failure)
{
	*failure = (struct db_failure){.lost = true, .passing = true};
	error_set(&failure->err, ERROR_DATABASE, "Basis data tidak menjawab.", "The database does not answer.");
}

static void give_back(struct http_tx *tx)
{
	struct sql_slot *slot = tx->slot;

	tx->slot = NULL;
	if (slot)
		slot->tx = NULL;
}

/* ---- one statement ---- */

void http_tx_failed(struct http_tx *tx, const struct db_failure *failure)
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
		http_tx_failed(tx, tx->first_failure.err.kind != ERROR_NONE ? &tx->first_failure : failure);
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
		.keeps_plan = !tx->sink, .sink = tx->sink ? on_row : NULL, .done = on_statement, .arg = tx};

	return db_conn_query(tx->slot->conn, &query, err);
}

/* A statement whose result nobody wants; that it failed is told by the end of the transaction, or by the statement after it. */
static int send_beside(struct http_tx *tx, const char *sql, bool keeps_plan, int n, const char *const *values, struct error *err)
{
	struct db_query query = {.sql = sql, .session = tx->session, .n = n, .values = values, .keeps_plan = keeps_plan, .done = on_prelude,
		.arg = tx};

	return db_conn_query(tx->slot->conn, &query, err);
}

/* Nobody, as long as a session's or token's secret is only about to be looked at: that statement says who it is. */
static int send_who(struct http_tx *tx, struct error *err)
{
	const struct http_request *request = tx->request;
	const struct http_identity *who = &request->who;
	char user[24];

	if (!who->may && request->route && !(request->route->may & HTTP_MAY_ANYONE))
		return 0;
	snprintf(user, sizeof user, "%lld", (long long)who->user);
	return send_beside(tx, sql_find("web_who"), true,
		DB_VALUES(who->may ? user : NULL, who->name, who->role, who->district, who->office, who->villages, request->address), err);
}

void http_tx_start(struct http_tx *tx, struct sql_slot *slot)
{
	struct db_failure failure = {0};

	slot->tx = tx;
	tx->slot = slot;
	tx->failed = false;
	tx->first_failure = (struct db_failure){0};
	tx->session = db_conn_session(slot->conn);
	if (send_beside(tx, "BEGIN", false, 0, NULL, &failure.err) < 0 || send_who(tx, &failure.err) < 0 || send_statement(tx, &failure.err) < 0)
		http_tx_failed(tx, &failure); /* out of memory: rolled back with the answer */
}

static void run(struct http_request *request, const char *text, int n, const char *const *values, db_sink_fn *sink,
	http_sql_done_fn *done, http_sql_failed_fn *failed, void *arg)
{
	struct http_sql *sql = request->server->sql;
	struct http_tx *tx = request->tx;
	struct sql_slot *slot;
	struct db_failure failure;
	struct error err = {0};

	http_tx_lost(&failure);
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
		http_tx_failed(tx, &failure);
		return;
	}
	tx->busy = true;
	if (tx->slot)
		return;
	slot = sql->first ? NULL : http_sql_free_slot(sql);
	if (slot) {
		http_tx_start(tx, slot);
		return;
	}
	if (http_sql_line_up(sql, tx) < 0)
		http_tx_failed(tx, &failure);
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
			http_tx_lost(&not_kept);
	}
	http_sql_pump(sql);
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
	struct error err = {0};
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
	if (send_beside(tx, sql_find("web_audit"), true,
			DB_VALUES(request->route->audit, kind, ids, detail, request->address, request->route->hurries ? "true" : "false"), &err) < 0 &&
		tx->first_failure.err.kind == ERROR_NONE)
		http_tx_lost(&tx->first_failure);
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
