/*
 * Endpoints of debug builds alone, for the tests of the server itself: a handler that forgets to ask whose rows it shows, one that
 * writes where it may not, slow and large answers, streams in both directions. Release builds have none of these.
 */
#ifdef PADAN_DEBUG

#include "daemon/http/http_internal.h"
#include "daemon/http/http_routes.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

/* ---- a stream out: n bytes, as fast as they are taken ---- */

struct outpour {
	int64_t left;
};

static void pour(struct http_request *request)
{
	struct outpour *outpour = request->data;
	char piece[1000];
	enum http_stream_room room = HTTP_STREAM_GO_ON;

	memset(piece, 'x', sizeof piece);
	while (outpour->left > 0 && room == HTTP_STREAM_GO_ON) {
		size_t n = outpour->left < (int64_t)sizeof piece ? (size_t)outpour->left : sizeof piece;

		room = http_stream_write(request, piece, n);
		outpour->left -= (int64_t)n;
	}
	if (outpour->left <= 0 || room == HTTP_STREAM_GONE)
		http_stream_end(request, room != HTTP_STREAM_GONE);
}

static void pour_no_more(struct http_request *request)
{
	http_stream_end(request, false);
}

static void show_stream(struct http_request *request)
{
	static const struct http_stream_events events = {pour, pour_no_more};
	struct outpour *outpour = arena_alloc(&request->arena, sizeof *outpour);

	if (!outpour || !http_integer(http_query(request, "bytes"), &outpour->left)) {
		http_reply_absent(request);
		return;
	}
	request->data = outpour;
	http_stream_begin(request, 200, "text/plain", "x.txt", &events);
	pour(request);
}

/* ---- a stream out of the database ---- */

static enum db_copy on_copied(void *arg, const char *row, size_t n)
{
	switch (http_stream_write(arg, row, n)) {
	case HTTP_STREAM_GO_ON:
		return DB_COPY_DATA;
	case HTTP_STREAM_WAIT:
		return DB_COPY_LATER;
	default:
		http_stream_end(arg, false);
		return DB_COPY_FAIL;
	}
}

static void copied(struct http_request *request, PGresult *result, void *arg)
{
	http_stream_end(request, true);
}

static void go_on_copying(struct http_request *request)
{
	http_sql_copy_resume(request);
}

static void audited(struct http_request *request, PGresult *result, void *arg)
{
	static const struct http_stream_events events = {go_on_copying, pour_no_more};

	http_stream_begin(request, 200, "text/csv", "x.csv", &events);
	http_sql_copy_out(request, "COPY (SELECT n, md5(n::text) FROM generate_series(1, 400000) n) TO STDOUT", on_copied, copied, request);
}

static void show_copy(struct http_request *request)
{
	http_sql_audit(request, audited, NULL);
}

/* ---- a stream in: counted and hashed, with a pause every 100,000 bytes ---- */

struct inflow {
	crypto_hash_sha256_state hash;
	int64_t n, paused_at;
	uv_timer_t timer;
	struct http_request *request;
	bool over;
};

static void on_flow_timer_closed(uv_handle_t *handle)
{
	http_request_drop(((struct inflow *)handle->data)->request);
}

static void on_flow_timer(uv_timer_t *timer)
{
	http_body_resume(((struct inflow *)timer->data)->request);
}

static enum http_body_more take(struct http_request *request, const char *bytes, size_t n, bool broken)
{
	struct inflow *inflow = request->data;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof hash + 1];

	if (bytes) {
		crypto_hash_sha256_update(&inflow->hash, (const unsigned char *)bytes, n);
		inflow->n += (int64_t)n;
		if (inflow->n - inflow->paused_at < 100000)
			return HTTP_BODY_GO_ON;
		inflow->paused_at = inflow->n;
		uv_timer_start(&inflow->timer, on_flow_timer, 1, 0);
		return HTTP_BODY_PAUSE;
	}
	uv_close((uv_handle_t *)&inflow->timer, on_flow_timer_closed);
	if (broken) {
		http_reply_empty(request, 400);
		return HTTP_BODY_GO_ON;
	}
	crypto_hash_sha256_final(&inflow->hash, hash);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	http_reply_json(request, 200, json_pack("{s:I, s:s}", "bytes", (json_int_t)inflow->n, "sha256", hex));
	return HTTP_BODY_GO_ON;
}

static void take_upload(struct http_request *request)
{
	struct inflow *inflow = arena_alloc(&request->arena, sizeof *inflow);

	if (!inflow) {
		http_reply_busy(request);
		return;
	}
	request->data = inflow;
	inflow->request = request;
	inflow->timer.data = inflow;
	http_request_keep(request); /* until the timer is closed */
	uv_timer_init(http_loop(request), &inflow->timer);
	crypto_hash_sha256_init(&inflow->hash);
	http_body_to(request, take);
}

const struct http_route http_debug_routes[] = {
	{HTTP_GET, "/api/v1/debug/forgetful", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, .sql = "debug_forgetful", .scope = "lists:read"},
	{HTTP_GET, "/api/v1/debug/writes", HTTP_MAY_SESSION, .sql = "debug_writes"},
	{HTTP_GET, "/api/v1/debug/echo/{id}", HTTP_MAY_SESSION, .sql = "debug_echo", .params = {"id:integer", "text", "number:integer"},
		.audit = "debug.echo"},
	{HTTP_POST, "/api/v1/debug/echo", HTTP_MAY_SESSION, .sql = "debug_echo", .params = {"id:integer", "text", "number:integer"},
		.body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/debug/slow", HTTP_MAY_SESSION, .sql = "debug_slow", .params = {"milliseconds:integer"}},
	{HTTP_GET, "/api/v1/debug/large", HTTP_MAY_SESSION, .sql = "debug_large", .params = {"rows:integer"}},
	{HTTP_GET, "/api/v1/debug/search", HTTP_MAY_SESSION, .sql = "debug_echo", .params = {"id:integer", "text", "number:integer"},
		.rate = HTTP_RATE_SEARCH},
	{HTTP_GET, "/api/v1/debug/administrator", HTTP_MAY_ADMINISTRATOR, .sql = "debug_echo",
		.params = {"id:integer", "text", "number:integer"}},
	{HTTP_GET, "/api/v1/debug/stream", HTTP_MAY_SESSION, show_stream},
	{HTTP_GET, "/api/v1/debug/copy", HTTP_MAY_SESSION, show_copy, .audit = "debug.copy"},
	{HTTP_POST, "/api/v1/debug/upload", HTTP_MAY_SESSION, take_upload, .body = HTTP_BODY_STREAM, .body_max = 50u << 20},
	{0},
};

#endif
