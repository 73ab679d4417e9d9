/*
 * What the two halves of http_sql.h share: http_sql.c, which has the connections and the line before them, and http_tx.c, the
 * transaction of one request. For nobody else.
 */
#ifndef PADAN_HTTP_TX_H
#define PADAN_HTTP_TX_H

#include "daemon/http/http_internal.h"

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

/* http_sql.c */
struct sql_slot *http_sql_free_slot(struct http_sql *sql); /* NULL: none */
void http_sql_pump(struct http_sql *sql);                  /* whoever is first in line gets what is free */
int http_sql_line_up(struct http_sql *sql, struct http_tx *tx); /* -1: the line is full */

/* http_tx.c */
void http_tx_start(struct http_tx *tx, struct sql_slot *slot); /* takes the connection: BEGIN, who asks, the statement */
void http_tx_failed(struct http_tx *tx, const struct db_failure *failure);
void http_tx_lost(struct db_failure *failure); /* a failure that says: the database does not answer */

#endif
