/*
 * The web server inside padand, on its one loop: only the files that include http_internal.h know the HTTP library
 * (libmicrohttpd).
 *
 * It listens on a loopback address or a Unix socket; whoever wants it seen from outside puts a reverse proxy with TLS before it
 * (docs/WEB.md). A request comes in here, is matched by the router, its session looked up in the database, its handler
 * called; while that works the connection is suspended. Nothing here blocks and nothing takes long: passwords, compression and files
 * are work for the pool.
 *
 * Called by daemon/padand.c.
 */
#ifndef PADAN_HTTP_SERVER_H
#define PADAN_HTTP_SERVER_H

#include "daemon/base/counters.h"
#include "daemon/base/event_loop.h"
#include "matcher/base/error.h"

#include <stdbool.h>

struct http_server;
struct register_cache;

struct http_server_options {
	const char *listen;     /* "127.0.0.1:8750", "[::1]:8750", "unix:/run/padan/web.sock" */
	const char *public_url; /* how people reach it; NULL: http:// and the address. With https the cookies are Secure */
	const char *pages;      /* folder of the pages; NULL or one that is not there: none are served */
	const char *uploads;    /* folder of files on their way; NULL: one of our own in /var/tmp */
	const char *conninfo;
	const struct register_cache *registers; /* of this daemon's jobs, to explain weights by; NULL: none */
};

/* Fails on an address that is not loopback, or that somebody else has. */
int http_server_start(struct http_server **ret, struct event_loop *loop, struct counters *counters,
	const struct http_server_options *options, struct error *err) PADAN_MUST_CHECK;

/* Pages are read anew. */
void http_server_reload(struct http_server *server);

/* No new connections; what is being worked on is answered (within some seconds); then closed, and server is gone. */
void http_server_close(struct http_server *server, void (*closed)(void *arg), void *arg);

#endif
