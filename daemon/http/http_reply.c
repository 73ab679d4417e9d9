/*
 * Answers: from what a handler says to a response of the HTTP library. See http_request.h.
 *
 * An answer passes through: said (http_reply_*), its transaction ended (http_sql_end), compressed where that pays (http_compress.c), made
 * into a response with the headers every answer bears, and queued by http_server.c once the connection runs again. Answers in pieces: http_stream.c.
 */
#include "daemon/base/log.h"
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/banned.h"

enum { STREAM_STEP = 16 << 10 };

static const char page_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
				  "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
				  "form-action 'self'; frame-ancestors 'none'";
static const char data_policy[] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/* ---- the response ---- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
	/* Fails on memory, and on line breaks in a value: then the header is left out. */
	if (MHD_add_response_header(response, name, value) != MHD_YES)
		log_debug("a header could not be added");
}

static void add_headers(struct http_request *request, struct MHD_Response *response)
{
	struct http_answer *answer = request->answer;

	for (struct answer_header *header = answer->headers; header; header = header->next)
		add(response, header->name, header->value);
	if (answer->content_type)
		add(response, "Content-Type", answer->content_type);
	if (answer->compressed)
		add(response, "Content-Encoding", "gzip");
	if (!answer->cacheable)
		add(response, "Cache-Control", "no-store");
	add(response, "Content-Security-Policy", answer->is_page ? page_policy : data_policy);
	add(response, "X-Content-Type-Options", "nosniff");
	add(response, "X-Frame-Options", "DENY");
	add(response, "Referrer-Policy", "no-referrer");
	add(response, "Cross-Origin-Opener-Policy", "same-origin");
	add(response, "Cross-Origin-Resource-Policy", "same-origin");
	add(response, "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
	if (request->server->https)
		add(response, "Strict-Transport-Security", "max-age=31536000");
	if (request->server->closing)
		add(response, "Connection", "close");
}

static void make_response(struct http_request *request)
{
	struct http_answer *answer = request->answer;

	if (answer->streams)
		answer->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_STEP, http_stream_read, request, NULL);
	else if (answer->bytes)
		answer->response = MHD_create_response_from_buffer(answer->n, answer->bytes, MHD_RESPMEM_MUST_FREE);
	else
		answer->response = MHD_create_response_from_buffer(answer->n, (void *)(uintptr_t)answer->shared,
			MHD_RESPMEM_PERSISTENT);
	if (!answer->response)
		return; /* the connection is closed without an answer: there is no memory for one */
	answer->bytes = NULL;
	add_headers(request, answer->response);
}

/* The connection goes on, and finds the response. */
void http_answer_deliver_now(struct http_request *request)
{
	struct http_answer *answer = request->answer;

	request->server->counters.bytes_sent_total += answer->n;
	make_response(request);
	request->state = REQUEST_READY;
	if (request->suspended) {
		request->suspended = false;
		MHD_resume_connection(request->connection);
	}
	http_server_kick(request->server);
	if (!answer->streams)
		http_request_drop(request); /* the handler's hold */
}

/* The transaction is over: shorter if that pays, then on its way. */
void http_answer_deliver(struct http_request *request)
{
	if (request->answer->content_type && !request->answer->cacheable)
		http_reply_header(request, "Vary", "Accept-Encoding");
	if (!http_answer_compress(request))
		http_answer_deliver_now(request);
}

/* ---- saying it ---- */

void http_reply_header(struct http_request *request, const char *name, const char *value)
{
	struct http_answer *answer = request->answer;
	struct answer_header *header = arena_alloc(&request->arena, sizeof *header);

	for (const char *at = value; *at; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f) {
			log_warning("a header with control characters was left out");
			return;
		}
	}
	if (!header)
		return;
	header->name = http_copy(request, name);
	header->value = http_copy(request, value);
	header->next = answer->headers;
	if (header->name && header->value)
		answer->headers = header;
}

/* A first answer counts; a second is a mistake of the handler's, and is thrown away. */
bool http_may_answer(struct http_request *request)
{
	if (request->state < REQUEST_ENDING)
		return true;
	log_error("a request was answered twice", LOG_WORD("route", request->route ? request->route->pattern : "-"));
	return false;
}

static void said(struct http_request *request)
{
	request->state = REQUEST_ENDING;
	if (http_sql_open(request))
		http_sql_end(request, request->answer->status < 400 || request->commit_anyway);
	else
		http_answer_deliver(request);
}

void http_reply_owned(struct http_request *request, unsigned status, const char *content_type, char *bytes, size_t n)
{
	struct http_answer *answer;

	if (!http_may_answer(request)) {
		free(bytes);
		return;
	}
	answer = request->answer;
	answer->status = status;
	answer->content_type = content_type ? http_copy(request, content_type) : NULL;
	answer->bytes = bytes;
	answer->shared = "";
	answer->n = bytes ? n : 0;
	said(request);
}

void http_reply_text(struct http_request *request, unsigned status, const char *content_type, const char *bytes, size_t n)
{
	char *copy = malloc(n + 1);

	if (!copy) {
		http_reply_empty(request, 503);
		return;
	}
	memcpy(copy, bytes, n);
	http_reply_owned(request, status, content_type, copy, n);
}

void http_reply_empty(struct http_request *request, unsigned status)
{
	http_reply_owned(request, status, NULL, NULL, 0);
}

/* Pages: bytes that stay, with the caller's own caching headers. */
void http_reply_page(struct http_request *request, unsigned status, const char *content_type, const char *encoding,
	const char *bytes, size_t n)
{
	struct http_answer *answer;

	if (!http_may_answer(request))
		return;
	if (encoding)
		http_reply_header(request, "Content-Encoding", encoding);
	answer = request->answer;
	answer->status = status;
	answer->content_type = content_type;
	answer->shared = bytes;
	answer->n = n;
	answer->cacheable = answer->is_page = true;
	said(request);
}

static void reply_json_as(struct http_request *request, unsigned status, const char *content_type, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(9) | JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	if (text)
		http_reply_owned(request, status, content_type, text, strlen(text));
	else
		http_reply_empty(request, 503);
}

void http_reply_json(struct http_request *request, unsigned status, json_t *value)
{
	reply_json_as(request, status, "application/json; charset=utf-8", value);
}

static const struct {
	unsigned status;
	const char *id, *en;
} titles[] = {
	{400, "Permintaan tidak dapat dibaca", "The request cannot be read"},
	{401, "Silakan masuk", "Please log in"},
	{403, "Tidak diizinkan", "Not allowed"},
	{404, "Tidak ditemukan", "Not found"},
	{405, "Cara ini tidak dikenal di sini", "Method not allowed"},
	{409, "Sudah diubah orang lain", "Changed by somebody else"},
	{413, "Terlalu besar", "Too large"},
	{415, "Jenis isi tidak dikenal", "Unsupported content type"},
	{421, "Alamat ini bukan milik server ini", "Misdirected request"},
	{422, "Ditolak", "Refused"},
	{429, "Terlalu sering", "Too many requests"},
	{500, "Kesalahan di server", "Server error"},
	{503, "Sedang sibuk", "Busy"},
};

void http_reply_problem(struct http_request *request, unsigned status, const char *type, const char *detail_id,
	const char *detail_en)
{
	const char *title_id = "Gagal", *title_en = "Failed";
	char uri[96];

	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		if (titles[i].status == status)
			title_id = titles[i].id, title_en = titles[i].en;
	}
	snprintf(uri, sizeof uri, "urn:padan:problem:%s", type);
	reply_json_as(request, status, "application/problem+json; charset=utf-8",
		json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", uri, "title", lang_text(request->lang, title_id, title_en), "status",
			(int)status, "detail", lang_text(request->lang, detail_id, detail_en), "detail_en", detail_en));
}

void http_reply_absent(struct http_request *request)
{
	http_reply_problem(request, 404, "absent", "Yang diminta tidak ada, atau bukan milik Anda.",
		"What you asked for is not there, or not yours.");
}

void http_reply_busy(struct http_request *request)
{
	http_reply_header(request, "Retry-After", "2");
	http_reply_problem(request, 503, "busy", "Server sedang sibuk; coba lagi sebentar lagi.",
		"The server is busy; try again in a moment.");
}

void http_reply_error(struct http_request *request, const struct error *err)
{
	if (err->kind == ERROR_INPUT || err->kind == ERROR_USAGE) {
		http_reply_problem(request, 422, "refused", err->id, err->en);
		return;
	}
	log_error("a request failed", LOG_WORD("route", request->route ? request->route->pattern : "-"), LOG_ERROR_TEXT(err));
	http_reply_problem(request, 500, "failed", "Permintaan gagal karena kesalahan di server; administrator dapat melihat catatannya.",
		"The request failed because of an error in the server; an administrator can look it up in the log.");
}

void http_answer_replace(struct http_request *request, const struct db_failure *failure)
{
	struct http_answer *answer = request->answer;

	free(answer->bytes);
	answer->bytes = NULL;
	answer->headers = NULL;
	answer->cacheable = answer->is_page = false;
	request->state = REQUEST_WORKING;
	http_sql_failure(request, failure);
}

void http_answer_release(struct http_request *request)
{
	struct http_answer *answer = request->answer;

	if (answer->response)
		MHD_destroy_response(answer->response);
	free(answer->bytes);
	free(answer->buffer);
}
