/*
 * One PostgreSQL connection on a libuv loop: it never blocks, comes back by itself after a failure, and hands each result to
 * a callback. For the daemon; the command line uses db_sync.h.
 *
 * Everything is called on the loop's thread. Queries wait in a queue and run one after another, in order. A lost connection
 * is made again after 0.1 s, doubling to 2 s, with jitter.
 *
 * What a lost connection means for a query:
 *   - it was running: its callback gets failure->lost; whether it took effect is unknown. Never blindly send it again.
 *   - it was waiting, with session 0: it goes on waiting and runs on the next connection.
 *   - it was waiting, with a session: it fails with failure->lost. A transaction gives every query after BEGIN the session
 *     that db_conn_session() named when BEGIN's callback came, so that no part of it can run outside of it.
 * COPY and LISTEN take a connection of their own: a COPY holds it until it ends.
 *
 * A pipelined connection sends each query as soon as it is given, without waiting for the answers before it: what a transaction asks
 * for in one go takes one round trip. Each is then a single statement, unless it has a source or a sink.
 *
 *	struct db_conn_options options = {.conninfo = "", .application_name = "padand jobs", .on_state = …, .arg = me};
 *	struct db_conn *conn;
 *
 *	db_conn_start(loop, &options, &conn, &err)
 *	db_conn_query(conn, &(struct db_query){.sql = sql_find("job_claim"), .n = 1, .values = values, .done = claimed, .arg = me}, &err)
 *	db_conn_close(conn, closed, me)
 */
#ifndef PADAN_DB_CONN_H
#define PADAN_DB_CONN_H

#include "matcher/base/error.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { DB_QUEUE_MAX = 1024, DB_PARAMS_MAX = 32, DB_CHANNELS_MAX = 8, DB_COPY_CHUNK_MAX = 1 << 20 };

struct db_conn;

enum db_conn_state {
	DB_CONNECTING, /* the first attempt, or again after a failure */
	DB_READY,      /* LISTENs have been answered: now scan for what was missed */
	DB_WAITING,    /* failed; the next attempt is timed. The callback's error says why */
	DB_CLOSING
};

typedef void db_state_fn(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why);
typedef void db_notify_fn(void *arg, struct db_conn *conn, const char *channel, const char *payload);

struct db_conn_options {
	const char *conninfo;         /* libpq's; "" for PGHOST and the rest of the environment */
	const char *application_name; /* seen in pg_stat_activity */
	unsigned statement_timeout;   /* milliseconds; 0: none */
	bool pipelined;
	const char *settings;         /* further SET statements, each ended by ';'; NULL: none */
	const char *const *channels;  /* LISTEN on these after every connect; NULL-terminated, or NULL */
	db_state_fn *on_state;        /* may be NULL */
	db_notify_fn *on_notify;      /* may be NULL */
	void *arg;
};

/* Why a query failed. */
struct db_failure {
	struct error err;
	char sqlstate[6]; /* "" if it never reached the server */
	bool lost;        /* the connection went away: if the query was running, its outcome is unknown */
	bool passing;     /* trying the whole transaction again may succeed */
};

/*
 * result is NULL exactly if failure is not; both live until the callback returns. For several statements in one text only
 * the last result is given. The callback may queue further queries and may close the connection.
 */
typedef void db_done_fn(void *arg, PGresult *result, const struct db_failure *failure);

/*
 * COPY … FROM STDIN: called whenever the server can take more. Give the next bytes (at most DB_COPY_CHUNK_MAX; they must stay
 * until the next call), or say that there are none yet (then call db_conn_copy_resume()), or the end, or that it must fail.
 */
enum db_copy { DB_COPY_DATA, DB_COPY_LATER, DB_COPY_END, DB_COPY_FAIL };
typedef enum db_copy db_source_fn(void *arg, const char **bytes, size_t *n);

/*
 * COPY … TO STDOUT: called with each row as the server sent it (text or binary). Return DB_COPY_DATA to go on,
 * DB_COPY_LATER to pause until db_conn_copy_resume() (this row has been taken), DB_COPY_FAIL to stop: the query is cancelled.
 */
typedef enum db_copy db_sink_fn(void *arg, const char *row, size_t n);

struct db_query {
	const char *sql;            /* must stay until done is called */
	uint64_t session;           /* 0: any connection will do */
	int n;                      /* parameters, at most DB_PARAMS_MAX */
	const char *const *values;  /* copied. Text, or binary where formats says 1; NULL is SQL's NULL */
	const int *lengths;         /* only for binary values; NULL: all are text */
	const int *formats;
	bool binary_result;
	bool keeps_plan;            /* pipelined connections: sql is static and asked for again and again; prepared once */
	db_source_fn *source;       /* COPY IN */
	db_sink_fn *sink;           /* COPY OUT */
	db_done_fn *done;           /* exactly once, also when the connection is closed (ERROR_CANCELLED) */
	void *arg;
};

/* Starts connecting; returns before that has happened. Fails on memory and on a conninfo that cannot be read. */
int db_conn_start(uv_loop_t *loop, const struct db_conn_options *options, struct db_conn **ret, struct error *err)
	PADAN_MUST_CHECK;

/* Puts a query into the queue. Fails (and then done is not called) when the queue is full, too many parameters, on memory. */
int db_conn_query(struct db_conn *conn, const struct db_query *query, struct error *err) PADAN_MUST_CHECK;

/* The source has bytes again, or the sink can take rows again. Nothing happens if no COPY waits. */
void db_conn_copy_resume(struct db_conn *conn);

/* Asks the server to cancel what is running (in the pool, since libpq blocks); its callback then gets SQLSTATE 57014. */
void db_conn_cancel(struct db_conn *conn);

/* The number of the present connection, from 1; 0 while there is none. */
uint64_t db_conn_session(const struct db_conn *conn);
enum db_conn_state db_conn_state(const struct db_conn *conn);
size_t db_conn_queued(const struct db_conn *conn); /* waiting and running */

/*
 * Cancels what runs, calls every outstanding done with ERROR_CANCELLED, closes the connection; then closed (may be NULL), and conn
 * is gone. An open transaction is rolled back by the server.
 */
void db_conn_close(struct db_conn *conn, void (*closed)(void *arg), void *arg);

#endif
