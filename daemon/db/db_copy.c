/*
 * COPY in and out on a db_conn, in pieces: at most a budget of bytes each time round, so that the loop stays on time. See
 * db_conn.h for what sources and sinks do. Called by db_conn.c alone.
 */
#include "daemon/db/db_conn_internal.h"

enum { STEP_BYTES = 1 << 20 };

void db_copy_begin(struct db_conn *conn, ExecStatusType status)
{
	const struct db_query *query = &conn->first->query;

	/* A COPY that nobody gave a source or sink for is ended or read away, so that the connection stays usable. */
	if (status == PGRES_COPY_OUT)
		conn->copy = query->sink ? COPY_OUT : COPY_OUT_DISCARD;
	else
		conn->copy = COPY_IN;
	conn->chunk = NULL;
	conn->chunk_size = 0;
}

/* Ends a COPY IN. 1: done, 0: libpq cannot take it yet, -1: lost. */
static int end_copy_in(struct db_conn *conn, const char *failure)
{
	int rc = PQputCopyEnd(conn->pg, failure);

	if (rc > 0)
		conn->copy = COPY_IN_ENDED;
	return rc;
}

/* Asks the source for its next bytes. 1: there are some, 0: stop for now, -1: lost. */
static int next_chunk(struct db_conn *conn)
{
	const struct db_query *query = &conn->first->query;

	if (!query->source || conn->closing)
		return end_copy_in(conn, "no source") < 0 ? -1 : 0;
	switch (query->source(query->arg, &conn->chunk, &conn->chunk_size)) {
	case DB_COPY_DATA:
		return 1;
	case DB_COPY_LATER:
		conn->copy = COPY_IN_PAUSED;
		return 0;
	case DB_COPY_END:
		conn->chunk = NULL;
		return end_copy_in(conn, NULL) < 0 ? -1 : 0;
	case DB_COPY_FAIL:
		break;
	}
	conn->chunk = NULL;
	return end_copy_in(conn, "cancelled by the client") < 0 ? -1 : 0;
}

static int copy_in_step(struct db_conn *conn, bool *again)
{
	size_t sent = 0;

	while (conn->copy == COPY_IN && sent < STEP_BYTES) {
		int flushed = PQflush(conn->pg), rc;

		if (flushed < 0)
			return -1;
		if (flushed > 0)
			return 0; /* the socket is full: the watcher waits for it */
		if (!conn->chunk) {
			rc = next_chunk(conn);
			if (rc <= 0)
				return rc;
		}
		rc = PQputCopyData(conn->pg, conn->chunk, (int)conn->chunk_size);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return 0;
		sent += conn->chunk_size;
		conn->chunk = NULL;
	}
	*again = conn->copy == COPY_IN;
	return 0;
}

static int copy_out_step(struct db_conn *conn, bool *again)
{
	const struct db_query *query = &conn->first->query;
	size_t taken = 0;

	while (taken < STEP_BYTES) {
		char *row;
		int n = PQgetCopyData(conn->pg, &row, 1);
		enum db_copy answer = DB_COPY_DATA;

		if (n == 0)
			return 0;
		if (n < 0) {
			conn->copy = COPY_NONE; /* what follows is an ordinary result, or why it failed */
			return 0;
		}
		if (conn->copy == COPY_OUT)
			answer = query->sink(query->arg, row, (size_t)n);
		PQfreemem(row);
		taken += (size_t)n;
		if (conn->closing)
			return 0;
		if (answer == DB_COPY_LATER) {
			conn->copy = COPY_OUT_PAUSED;
			return 0;
		}
		if (answer != DB_COPY_DATA) {
			conn->copy = COPY_OUT_DISCARD;
			db_conn_cancel(conn);
		}
	}
	*again = true;
	return 0;
}

int db_copy_step(struct db_conn *conn, bool *again)
{
	*again = false;
	switch (conn->copy) {
	case COPY_IN:
		return copy_in_step(conn, again);
	case COPY_OUT:
	case COPY_OUT_DISCARD:
		return copy_out_step(conn, again);
	case COPY_IN_ENDED:
		conn->copy = COPY_NONE;
		return 0;
	case COPY_NONE:
	case COPY_IN_PAUSED:
	case COPY_OUT_PAUSED:
		break;
	}
	return 0;
}

void db_conn_copy_resume(struct db_conn *conn)
{
	if (conn->copy == COPY_IN_PAUSED)
		conn->copy = COPY_IN;
	else if (conn->copy == COPY_OUT_PAUSED)
		conn->copy = COPY_OUT;
	else
		return;
	db_conn_kick(conn);
}
