/*
 * What the files of the web server share among themselves. Handlers use http_request.h and http_sql.h.
 */
#ifndef PADAN_HTTP_INTERNAL_H
#define PADAN_HTTP_INTERNAL_H

#include "daemon/base/limits.h"
#include "daemon/db/migrate.h"
#include "daemon/http/http_counters.h"
#include "daemon/http/http_request.h"
#include "daemon/http/http_server.h"
#include "daemon/http/http_sql.h"

#include <microhttpd.h>

enum request_state {
	REQUEST_RECEIVING, /* headers are there, the body comes */
	REQUEST_WORKING,   /* with the handler */
	REQUEST_ENDING,    /* answered; its transaction ends, its body is compressed */
	REQUEST_READY,     /* the response waits to be queued */
	REQUEST_SENDING,
	REQUEST_OVER
};

struct answer_header {
	const char *name, *value;
	struct answer_header *next;
};

struct http_answer {
	unsigned status;
	const char *content_type; /* in the arena, or constant; NULL: no body */
	char *bytes;              /* malloc'd, until the response owns it; NULL with shared */
	const char *shared;       /* bytes that outlive every request: pages */
	size_t n;
	bool compressed, cacheable, is_page; /* cacheable: the headers say how; else no-store */
	struct answer_header *headers;
	struct MHD_Response *response;

	/* streams */
	bool streams, ended, complete, gone, told_gone, writer_waits;
	struct http_stream_events events;
	char *buffer;
	size_t head, fill, room; /* bytes from head to fill wait */
};

/* One TCP connection; lives as MHD says. */
struct http_connection {
	int fd;
	uint64_t since_ns; /* of its present state */
	uint64_t received; /* bytes of the body so far */
	struct http_request *request; /* NULL: between requests, or its headers are on their way */
	bool fresh;        /* no request yet */
	bool cut;
	struct http_connection *next, *prev;
};

struct http_pages;
struct http_events;
struct http_refresh;
struct http_passwords;
struct http_rates;

struct http_server {
	struct event_loop *event_loop;
	uv_loop_t *loop;
	struct counters *daemon_counters;
	struct http_counters counters;
	struct MHD_Daemon *daemon;
	int listen_fd;
	char socket_path[108]; /* to be removed at the end; "" for TCP */
	char *public_url, *conninfo, *uploads;
	bool https, unix_socket;
	unsigned port;
	uint64_t header_seconds; /* LIMIT_WEB_HEADER_SECONDS */
	uv_poll_t poll;
	uv_timer_t wake, kick, sweep, grace;
	unsigned open_handles;
	bool in_run, closing;
	bool importing, trying; /* one at a time: a file that came is read into the database; a rule is tried */
	const struct http_route *const *tables;
	struct migrations migrations; /* what the database should have been made from */
	struct http_sql *sql;
	struct http_pages *pages;
	struct http_events *events;
	struct http_refresh *refresh;
	struct http_passwords *passwords;
	struct http_rates *rates;
	const struct register_cache *registers;
	struct http_request *requests;       /* all that are held */
	struct http_connection *connections; /* all that are open */
	unsigned connection_count, request_count;
	uint64_t closing_since_ms;
	uint64_t swept_ms, late_until_ms; /* the loop was late lately */
	unsigned pool_work; /* of handlers, in the pool: the server stays as long */
	unsigned parts; /* still to be closed before the server is */
	void (*closed)(void *arg);
	void *closed_arg;
};

/* A request is made as one piece with its answer, so that there is always room to say that there is none. */
struct http_request_and_answer {
	struct http_request request;
	struct http_answer answer;
};

/* http_server.c */
void http_server_kick(struct http_server *server); /* MHD_run soon */
void http_server_forget(struct http_request *request); /* from the list of requests */

/* http_listen.c */
int http_listen(struct http_server *server, const char *address, struct error *err) PADAN_MUST_CHECK;
int http_name_itself(struct http_server *server, const struct http_server_options *options, struct error *err) PADAN_MUST_CHECK;

/* http_connection.c */
void http_connection_notify(void *server, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode what);
void http_connections_sweep(uv_timer_t *timer);

/* http_dispatch.c */
int http_dispatch_begin(struct http_request *request);  /* the headers are there; -1: the request has been answered */
void http_dispatch_work(struct http_request *request);  /* all of it is there, or for a stream its headers */
void http_dispatch(struct http_request *request);       /* who asks is known: may he, and the handler */
void http_refuse_size(struct http_request *request);

/* http_body.c */
void http_body_take(struct http_request *request, struct http_connection *connection, const char *bytes, size_t n);
void http_suspend(struct http_request *request);

/* http_request.c */
int http_request_parse(struct http_request *request, const char *url); /* -1: the request has been answered */
const char *http_client_address(struct http_request *request);
bool http_is_forwarded(struct http_request *request); /* came through a proxy */

/* http_reply.c */
void http_answer_release(struct http_request *request);
void http_answer_deliver(struct http_request *request); /* the transaction is over */
void http_answer_deliver_now(struct http_request *request); /* as it is: the connection goes on, and finds the response */
bool http_answer_compress(struct http_request *request); /* true: the pool has it, and delivers it */
bool http_may_answer(struct http_request *request); /* false: it was answered, or nobody is there */
void http_answer_replace(struct http_request *request, const struct db_failure *failure); /* … and failed */
void http_reply_page(struct http_request *request, unsigned status, const char *content_type, const char *encoding,
	const char *bytes, size_t n);
/* Called by the HTTP library when the client can take more. */
ssize_t http_stream_read(void *arg, uint64_t at, char *into, size_t max);
void http_stream_told(struct http_request *request); /* drained and gone, outside of MHD */

/* http_tx.c */
bool http_sql_open(const struct http_request *request); /* a transaction is open */
void http_sql_end(struct http_request *request, bool well); /* then http_answer_deliver() or http_answer_replace() */

/* http_sql_conninfo.c */
char *http_sql_conninfo(const char *conninfo); /* malloc'd; NULL on memory */

/* http_route_sql.c: a route without C */
void http_route_sql(struct http_request *request);
/* For a handler whose route has .params: their values. -1: the request has been answered. */
int http_route_values(struct http_request *request, const char *values[HTTP_PARAMS_MAX], int *ret_n);

/* http_auth.c */
void http_auth(struct http_request *request); /* then http_dispatch(), or an answer */
int http_check_origin(struct http_request *request); /* -1: the request has been answered */

#endif
