/*
 * Which handler answers which address, and who may ask: tables of data, searched for each request.
 *
 *	const struct http_route api_routes[] = {
 *		{HTTP_GET, "/api/v1/flags/{flag}", HTTP_MAY_LOOK, .sql = "api_flag", .params = {"flag:integer"}},
 *		{HTTP_POST, "/api/v1/flags/{flag}/decision", HTTP_MAY_DECIDE, decide_flag, .body = HTTP_BODY_JSON},
 *		{0},
 *	};
 *
 * Most endpoints are the first kind: one file daemon/db/sql/NAME.sql whose single row becomes the answer, with no C at all; see
 * http_sql.h for what its columns mean. .params says what $1, $2 … are: a name is looked for in the path, then in the query,
 * then in the JSON body, and is NULL where it is nowhere. Behind a colon stands its kind:
 *
 *	"flag:integer"  a whole number (in the path: anything else is an absent thing, 404; elsewhere 400 that names it)
 *	"kind"          a text of at most 1000 bytes
 *	"decided:json"  a value of the JSON body, as JSON text
 *	"$body"         the whole JSON body       "$lang"  "id" or "en"
 *	"$office" "$lists"  the caller's office, and the lists that it answers for ("{1,2}"); NULL for who has none
 *	"$version"      what If-Match says, or "version" in the JSON body
 *
 * A route without a handler's may is never reached; what a caller may not reach looks the same as what is not there, unless
 * nobody is logged in (401). Changes (everything but GET) by a session need its CSRF token; the server checks before the handler
 * is called. Names in patterns match one path segment each.
 *
 * Not for: pages (http_pages.h answers what no route does). Used by http_server.c and whoever writes tables of routes.
 */
#ifndef PADAN_HTTP_ROUTER_H
#define PADAN_HTTP_ROUTER_H

#include "matcher/base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct http_request;

enum http_method { HTTP_NO_METHOD, HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

/* Who may. Bits, so that a route can name several. */
enum http_may {
	HTTP_MAY_ANYONE = 1, /* nobody need be logged in; request->who is empty then */
	HTTP_MAY_ADMINISTRATOR = 2,
	HTTP_MAY_OFFICE = 4,
	HTTP_MAY_BAPPEDA = 8,
	HTTP_MAY_VERIFIER = 16,
	HTTP_MAY_TOKEN = 32, /* an office's system with a token that has the route's scope */
	HTTP_MAY_DISTRICT = HTTP_MAY_ADMINISTRATOR | HTTP_MAY_BAPPEDA,
	HTTP_MAY_LOOK = HTTP_MAY_DISTRICT | HTTP_MAY_OFFICE,
	HTTP_MAY_SESSION = HTTP_MAY_LOOK | HTTP_MAY_VERIFIER /* everybody who has logged in */
};

enum http_body {
	HTTP_BODY_NONE,  /* none is taken */
	HTTP_BODY_JSON,  /* held whole, parsed into request->json before the handler is called; an object or an array */
	HTTP_BODY_STREAM /* the handler is called once the headers are there and takes the bytes with http_body_to() */
};

/* How often one session (or token) may ask. */
enum http_rate { HTTP_RATE_NONE, HTTP_RATE_SEARCH, HTTP_RATE_HEAVY, HTTP_RATES };

/* Answers once, now or later, with one of http_reply_* (http_request.h) or http_sql_reply (http_sql.h). */
typedef void http_handler_fn(struct http_request *request);

enum { HTTP_PARAMS_MAX = 24, HTTP_PATH_PARAMS_MAX = 8 };

struct http_route {
	enum http_method method; /* HTTP_NO_METHOD ends a table */
	const char *pattern;
	unsigned may; /* of enum http_may */
	http_handler_fn *handle;
	const char *sql; /* without a handler: the statement that answers */
	const char *params[HTTP_PARAMS_MAX];
	const char *scope; /* HTTP_MAY_TOKEN: what the token must be for, such as "lists:write" */
	const char *audit; /* what the audit trail calls it ("household.view"); the path's numbers are noted with it. NULL: nothing */
	bool hurries; /* the answer does not wait until its line in the trail is on disk: should PostgreSQL crash within .6 s, the line may be lost */
	enum http_body body;
	size_t body_max; /* bytes; 0: LIMIT_WEB_BODY_BYTES. For HTTP_BODY_STREAM: of the whole stream */
	enum http_rate rate;
	bool watches; /* asked for by a page that is merely open: no sign of life of the person before it */
};

/* A name of a pattern and what stood in its place. */
struct http_path_param {
	struct str name, value;
};

struct http_match {
	const struct http_route *route; /* NULL: nothing answers this method there */
	bool path_known;                /* a route has this path, with another method */
	struct http_path_param params[HTTP_PATH_PARAMS_MAX];
	size_t n;
};

/* The first route, table by table (the list ends with NULL), that fits. What match points into is the pattern and the path. */
void http_router_find(const struct http_route *const *tables, enum http_method method, const char *path,
	struct http_match *match);

enum http_method http_method_parse(const char *word); /* HEAD is GET; HTTP_NO_METHOD for what nobody answers */
const char *http_method_name(enum http_method method);

#endif
