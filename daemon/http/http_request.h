/*
 * One request, as a handler sees it: who asks, what for, and the ways to answer.
 *
 * A handler is called on the loop, may start anything asynchronous, and answers exactly once. Everything it needs as long lives in
 * request->arena. Until it has answered the request stays, even when the client is gone; only what outlives the answer itself
 * (streams) must hold it with http_request_keep().
 *
 *	static void show_time(struct http_request *request)
 *	{
 *		const char *zone = http_query(request, "zone");
 *		…
 *		http_reply_json(request, 200, json_pack("{s:s}", "time", text));
 *	}
 *
 * Errors are problem+json (RFC 9457): {"type", "title", "status", "detail", "detail_en"}; title and detail are Indonesian, or
 * English with both when the reader asked for English (Accept-Language: en). 401 means: log in again and repeat; 403 a missing or
 * wrong CSRF token or a foreign page; 404 absent or not yours; 409 somebody was faster; 422 refused with a reason to show;
 * 429 and 503 with Retry-After.
 */
#ifndef PADAN_HTTP_REQUEST_H
#define PADAN_HTTP_REQUEST_H

#include "daemon/base/lang.h"
#include "daemon/http/http_router.h"
#include "matcher/base/arena.h"
#include "matcher/base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct http_server;
struct http_tx;
struct http_answer;
struct MHD_Connection;
struct http_request;

enum http_body_more { HTTP_BODY_GO_ON, HTTP_BODY_PAUSE };

/*
 * bytes NULL: the body has ended (n is 0), or with broken true the client is gone: then there is no answer to give, but
 * http_reply_* must still be called. HTTP_BODY_PAUSE: nothing more until http_body_resume(). Bytes live for the call alone.
 */
typedef enum http_body_more http_body_fn(struct http_request *request, const char *bytes, size_t n, bool broken);

/* Set by the server from the session or the token, never from what the client says. */
struct http_identity {
	unsigned may;         /* HTTP_MAY_ADMINISTRATOR … or HTTP_MAY_TOKEN; 0: nobody is logged in */
	int64_t user;         /* padan.users; for a token: padan.api_tokens */
	const char *name;     /* of the user or the token; also padan.actor() in SQL */
	const char *role;     /* "administrator", "office", "bappeda", "verifier", "token" */
	const char *district; /* "1505" */
	const char *office;   /* its code; NULL: none */
	const char *villages; /* a PostgreSQL array: "{1505012001}" */
	const char *lists;    /* likewise: that the office answers for; NULL without an office */
	const char *scopes;   /* of a token, separated by spaces */
	int64_t session;      /* padan.web_sessions or the token again: what rates are counted by */
};

struct http_request {
	struct http_server *server;
	struct arena arena;
	enum http_method method;
	bool head;        /* HEAD: as GET, but the body is not sent */
	const char *path; /* decoded */
	const struct http_route *route; /* NULL: pages */
	struct http_path_param path_params[HTTP_PATH_PARAMS_MAX];
	size_t path_param_count;
	json_t *json;     /* HTTP_BODY_JSON; owned by the request */
	struct http_identity who;
	const char *address; /* the client's, as the proxy or the socket says; "" when unknown */
	enum lang lang;
	void *data;       /* the handler's own */

	const char *seen_kind, *seen_ids; /* for the audit: see http_audit_seen() */

	/* http_server.c and http_sql.c alone */
	struct MHD_Connection *connection; /* NULL: gone */
	struct http_tx *tx;
	struct http_answer *answer;
	unsigned references;
	unsigned char state;
	bool suspended, commit_anyway, audited, paused, too_large, before_body, unframed;
	char *body;        /* as it comes in */
	size_t body_n, body_room;
	http_body_fn *take;
	uint64_t began_ns;
	struct http_request *next, *prev; /* all of the server's */
};

/* ---- what was asked ---- */

/* A name of the route's pattern; never NULL for a name that is there. */
const char *http_path(struct http_request *request, const char *name);
/* A parameter of the query; NULL where it is not. Valid UTF-8 without control characters. */
const char *http_query(struct http_request *request, const char *name);
const char *http_header(struct http_request *request, const char *name);
/* A whole number out of a text; false for anything else, NULL included. */
bool http_integer(const char *text, int64_t *value);
/* A text field of the JSON body; NULL where it is not, or not a text. */
const char *http_json_text(struct http_request *request, const char *name);

/* A copy in the request's arena; NULL (and the request answered with 503) when memory runs out. */
const char *http_copy(struct http_request *request, const char *text);

/* The server's handle on the loop, and its public address ("https://padan.example", no slash at the end). */
uv_loop_t *http_loop(const struct http_request *request);
const char *http_public_url(const struct http_request *request);

/* ---- the body of HTTP_BODY_STREAM ---- */

/* From the handler: where the bytes go. Without it they are read away. */
void http_body_to(struct http_request *request, http_body_fn *take);
void http_body_resume(struct http_request *request);
/* Bytes the client said would come (Content-Length), or -1. */
int64_t http_body_size(struct http_request *request);

/* ---- answering, once ---- */

/* A header of the answer to come; before http_reply_*. Values with control characters are refused (the header is left out). */
void http_reply_header(struct http_request *request, const char *name, const char *value);

/* value is given away. For answers up to some hundred rows; bigger ones come as JSON from PostgreSQL (http_sql_reply). */
void http_reply_json(struct http_request *request, unsigned status, json_t *value);
/* bytes are copied. */
void http_reply_text(struct http_request *request, unsigned status, const char *content_type, const char *bytes, size_t n);
/* bytes are given away (malloc). */
void http_reply_owned(struct http_request *request, unsigned status, const char *content_type, char *bytes, size_t n);
void http_reply_empty(struct http_request *request, unsigned status);

/* type: the last part of the problem's URI, such as "period-closed". Status 404 always says the same. */
void http_reply_problem(struct http_request *request, unsigned status, const char *type, const char *detail_id,
	const char *detail_en);
/* ERROR_INPUT and ERROR_USAGE: 422 with the error's own texts; everything else: 500, and the log. */
void http_reply_error(struct http_request *request, const struct error *err);
void http_reply_absent(struct http_request *request);
/* 503, Retry-After. */
void http_reply_busy(struct http_request *request);

/*
 * An answer in pieces, by whoever has them: http_stream_write() copies and says whether the reader is behind
 * (then wait for drained); http_stream_end() once, cut short with complete false (the client sees a broken transfer). Begin with
 * file_name NULL for no download. The writer is told when the reader is gone, and still ends the stream.
 */
enum http_stream_room { HTTP_STREAM_GO_ON, HTTP_STREAM_WAIT, HTTP_STREAM_GONE };
struct http_stream_events {
	void (*drained)(struct http_request *request);
	void (*gone)(struct http_request *request);
};
void http_stream_begin(struct http_request *request, unsigned status, const char *content_type, const char *file_name,
	const struct http_stream_events *events);
enum http_stream_room http_stream_write(struct http_request *request, const char *bytes, size_t n);
void http_stream_end(struct http_request *request, bool complete);

/* ---- memory beyond the answer ---- */

void http_request_keep(struct http_request *request);
void http_request_drop(struct http_request *request);

#endif
