/*
 * Queries of a pipelined db_conn: each is sent as soon as it stands in the queue, without waiting for the answers before it, and its
 * plan is kept by the connection if it asks for that. Called by db_conn.c alone.
 *
 *   - Each query ends with a sync of its own, so that an error aborts nothing but the query (and PostgreSQL's transaction).
 *   - COPY, and several statements in one text, are not possible in libpq's pipeline mode: such a query waits for those before it, and
 *     runs alone outside of that mode.
 *   - PQgetResult() gives NULL between the results of two queries and none after a sync; asked while PQisBusy() it would block.
 */
#include "daemon/db/db_conn_internal.h"

#include <stdio.h>

#include "daemon/base/banned.h"

enum { NULLS_IN_A_ROW = 4 }; /* more than libpq ever gives while something is under way */

static bool runs_alone(const struct pending *pending)
{
	return pending->internal || pending->query.source || pending->query.sink;
}

/* Where the connection keeps this text's plan, n_plans for a new one; DB_PLANS_MAX: there is no room for it. */
static size_t plan_of(const struct db_conn *conn, const char *sql)
{
	for (size_t i = 0; i < conn->n_plans; i++) {
		if (conn->plans[i] == sql)
			return i;
	}
	return conn->n_plans;
}

static int send_one(struct db_conn *conn, struct pending *pending)
{
	const struct db_query *query = &pending->query;
	size_t plan = query->keeps_plan ? plan_of(conn, query->sql) : DB_PLANS_MAX;
	char name[24];
	int ok = 1;

	if (plan == DB_PLANS_MAX) {
		ok = PQsendQueryParams(conn->pg, query->sql, query->n, NULL, pending->values, pending->lengths, pending->formats,
			query->binary_result);
	} else {
		snprintf(name, sizeof name, "p%zu", plan);
		if (plan == conn->n_plans) {
			ok = PQsendPrepare(conn->pg, name, query->sql, 0, NULL);
			conn->plans[conn->n_plans++] = query->sql;
			pending->plan = plan;
			pending->prepares = true;
		}
		ok = ok && PQsendQueryPrepared(conn->pg, name, query->n, pending->values, pending->lengths, pending->formats,
			query->binary_result);
	}
	if (!ok || !PQpipelineSync(conn->pg))
		return -1;
	pending->sent = true;
	conn->sent++;
	return 0;
}

/* Sends what stands in the queue up to what must run alone. */
static int send_all(struct db_conn *conn)
{
	for (struct pending *pending = conn->first; pending && !runs_alone(pending); pending = pending->next) {
		if (pending->sent)
			continue;
		if (PQpipelineStatus(conn->pg) == PQ_PIPELINE_OFF && !PQenterPipelineMode(conn->pg))
			return -1;
		if (send_one(conn, pending) < 0)
			return -1;
	}
	return 0;
}

/* Of a query that was to be prepared first. True: this result was about that. */
static bool take_prepared(struct db_conn *conn, struct pending *pending, ExecStatusType status)
{
	if (!pending->prepares)
		return false;
	pending->prepares = false;
	if (status == PGRES_COMMAND_OK)
		return true;
	conn->plans[pending->plan] = NULL; /* the name is not used again, the text may be */
	return false;
}

/* Takes what has come for the first query. 1: it has ended, 0: more is to come, -1: lost. */
static int take_results(struct db_conn *conn)
{
	int nulls = 0;

	while (!PQisBusy(conn->pg)) {
		PGresult *result = PQgetResult(conn->pg);
		ExecStatusType status = PQresultStatus(result);

		if (!result) {
			if (++nulls > NULLS_IN_A_ROW || PQstatus(conn->pg) == CONNECTION_BAD)
				return -1;
			continue;
		}
		nulls = 0;
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			return 1;
		}
		if (take_prepared(conn, conn->first, status) || (conn->result && PQresultStatus(conn->result) == PGRES_FATAL_ERROR)) {
			PQclear(result); /* the first error counts, else the last result */
			continue;
		}
		PQclear(conn->result);
		conn->result = result;
	}
	return 0;
}

int db_pipeline_run(struct db_conn *conn)
{
	while (!conn->closing && conn->live) {
		int ended;

		if (conn->state == DB_READY && send_all(conn) < 0)
			return -1;
		if (!conn->sent) {
			if (!conn->first || !runs_alone(conn->first))
				return 0;
			return PQpipelineStatus(conn->pg) == PQ_PIPELINE_OFF || PQexitPipelineMode(conn->pg) ? 1 : -1;
		}
		ended = take_results(conn);
		if (ended <= 0)
			return ended;
		conn->sent--;
		db_conn_finish_first(conn);
	}
	return 0;
}
