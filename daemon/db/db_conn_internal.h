/*
 * What db_conn.c (life of a connection), db_queue.c (its queue), db_connect.c (connecting), db_pipeline.c (queries sent ahead) and
 * db_copy.c (COPY in pieces) share. For nobody else.
 */
#ifndef PADAN_DB_CONN_INTERNAL_H
#define PADAN_DB_CONN_INTERNAL_H

#include "daemon/db/db_conn.h"

/* A query in the queue, with its own copies of the parameters behind it. */
struct pending {
	struct pending *next;
	struct db_query query;
	const char *values[DB_PARAMS_MAX];
	int lengths[DB_PARAMS_MAX];
	int formats[DB_PARAMS_MAX];
	bool internal; /* the settings and LISTENs after a connect */
	bool sent;     /* in a pipeline */
	bool prepares; /* the answer to its PREPARE, as that plan, is to come first */
	size_t plan;
};

enum { DB_PLANS_MAX = 256 };

enum copy_state { COPY_NONE, COPY_IN, COPY_IN_PAUSED, COPY_IN_ENDED, COPY_OUT, COPY_OUT_PAUSED, COPY_OUT_DISCARD };

struct db_conn {
	uv_loop_t *loop;
	char *conninfo, *application_name, *setup_sql;
	struct db_conn_options options;

	PGconn *pg;
	uv_poll_t *watcher; /* frees itself when closed; NULL: none */
	int watched;        /* events asked for */
	uv_timer_t retry;   /* next attempt while waiting, time limit until it is ready */
	uv_timer_t kick;    /* work to do from the loop: start the next query, go on with a COPY, close */
	uv_timer_t safety;  /* looks at the socket now and then: TLS may hold bytes back */
	uv_work_t starting; /* PQconnectStart, which may wait for DNS */
	unsigned handles;   /* timers not yet closed */
	bool starting_now;
	PGconn *started; /* what the pool made */

	bool live; /* libpq says connected: from here on service() works on it */
	enum db_conn_state state;
	uint64_t session, sessions;
	unsigned failures; /* in a row */

	struct pending *first, *last; /* the first one runs if running is set */
	size_t queued, sent;          /* sent: from the first on, in a pipeline */
	const char *plans[DB_PLANS_MAX]; /* texts whose plan this connection keeps, under the name p0, p1 …; NULL: it was refused */
	size_t n_plans;
	bool running;
	PGresult *result; /* the last result of the running query */
	enum copy_state copy;
	const char *chunk; /* bytes of a source that libpq could not take yet */
	size_t chunk_size;

	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* Moves a COPY on as far as it goes now, within a budget. 0, or -1 when the connection is lost. */
int db_copy_step(struct db_conn *conn, bool *again);

/* Sends and takes whatever is possible now. 1: the first query is to run alone, 0: nothing to do without the server, -1: lost. */
int db_pipeline_run(struct db_conn *conn);
/* The first query has given all its results: answers it. */
void db_conn_finish_first(struct db_conn *conn);

/* A query with its own copies of the parameters; NULL: memory. */
struct pending *db_conn_pending(const struct db_query *query);
/* The first one out of the queue, which is not empty; the caller's, who answers it. */
struct pending *db_conn_take_first(struct db_conn *conn);
/* Tells whoever asked, once, and frees it. */
void db_conn_answer(struct pending *pending, PGresult *result, const struct db_failure *failure);
/* Takes out of the queue what cannot go on without the lost connection, and tells it so; everything: all of it. */
void db_conn_answer_lost(struct db_conn *conn, const struct db_failure *failure, bool everything);

/* Watches libpq's socket for these events (0: none); the watcher is made if need be. 0, or not. */
int db_conn_watch(struct db_conn *conn, int events);
void db_conn_unwatch(struct db_conn *conn);

/* The one place where the state changes, told to on_state. */
void db_conn_set_state(struct db_conn *conn, enum db_conn_state state, const struct error *why);

/* An attempt to connect, and one step of it when the socket is ready. */
void db_conn_connect(struct db_conn *conn);
void db_conn_connect_step(struct db_conn *conn);

/* Everything there is to do on a live connection. */
void db_conn_service(struct db_conn *conn);

/* The connection is gone; why was said by libpq, or by why. Whoever depends on it is told, another attempt is timed. */
void db_conn_lose(struct db_conn *conn, const struct error *why);

/* The end, after db_conn_close(). */
void db_conn_tear_down(struct db_conn *conn);

/* Goes on with the work in a moment, from the loop. */
void db_conn_kick(struct db_conn *conn);

/* The result says that a COPY has begun. */
void db_copy_begin(struct db_conn *conn, ExecStatusType status);

#endif
