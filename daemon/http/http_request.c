/*
 * What a request asks, made safe to use; see http_request.h. Called by http_server.c and by handlers.
 */
#include "daemon/http/http_internal.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "daemon/base/banned.h"

/* Valid UTF-8 without control characters: what reaches SQL, logs and headers. (%00 has become \1, see unescape() of the server.) */
static bool is_clean(const char *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(text);

	while (left > 0) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(at, left, &c);

		if (n <= 0 || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
		at += n;
		left -= n;
	}
	return true;
}

static enum MHD_Result check_argument(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	bool *clean = arg;

	if (!is_clean(name) || (value && !is_clean(value)))
		*clean = false;
	return *clean ? MHD_YES : MHD_NO;
}

static enum MHD_Result count_framing(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	unsigned *n = arg;

	*n += strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0;
	return MHD_YES;
}

/* Two lengths, or a length and chunks: the proxy before us may have read another end of this request than we do (RFC 9112, 6.3). */
static bool ends_in_two_places(struct http_request *request)
{
	unsigned n = 0;

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_framing, &n);
	return n > 1;
}

static enum lang wanted_language(struct http_request *request)
{
	const char *asked = http_query(request, "lang"), *accepted = http_header(request, "Accept-Language");
	enum lang lang;

	if (asked && lang_parse(asked, &lang) == 0)
		return lang;
	return accepted && strncasecmp(accepted, "en", 2) == 0 ? LANG_EN : LANG_ID;
}

int http_request_parse(struct http_request *request, const char *url)
{
	bool clean = is_clean(url);

	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_argument, &clean);
	request->path = "/";
	request->address = http_client_address(request);
	if (!request->address)
		request->address = "";
	request->lang = LANG_ID;
	if (ends_in_two_places(request)) {
		request->unframed = true;
		http_reply_header(request, "Connection", "close");
		http_reply_problem(request, 400, "two-lengths", "Panjang permintaan ini tidak jelas.", "It is unclear where this request ends.");
		return -1;
	}
	if (!clean || url[0] != '/') {
		http_reply_problem(request, 400, "bad-address", "Alamat berisi karakter yang tidak sah.",
			"The address holds characters that are not allowed.");
		return -1;
	}
	request->lang = wanted_language(request);
	request->path = http_copy(request, url);
	return request->path ? 0 : -1;
}

/* ---- where it comes from ---- */

bool http_is_forwarded(struct http_request *request)
{
	return http_header(request, "X-Forwarded-For") || http_header(request, "Forwarded");
}

/* Only loopback and a Unix socket are listened on, so whoever connects is our own proxy, and the last address is the one he saw. */
const char *http_client_address(struct http_request *request)
{
	const char *forwarded = http_header(request, "X-Forwarded-For");
	const union MHD_ConnectionInfo *info;
	char text[INET6_ADDRSTRLEN] = "";

	if (forwarded) {
		const char *last = strrchr(forwarded, ',');
		unsigned char binary[16];

		last = last ? last + 1 : forwarded;
		last += strspn(last, " ");
		snprintf(text, sizeof text, "%.*s", (int)strcspn(last, " "), last);
		if (inet_pton(AF_INET, text, binary) != 1 && inet_pton(AF_INET6, text, binary) != 1)
			snprintf(text, sizeof text, "proxy");
	} else {
		info = MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		if (info && info->client_addr && info->client_addr->sa_family == AF_INET)
			inet_ntop(AF_INET, &((const struct sockaddr_in *)info->client_addr)->sin_addr, text, sizeof text);
		else if (info && info->client_addr && info->client_addr->sa_family == AF_INET6)
			inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text, sizeof text);
		else
			snprintf(text, sizeof text, "local");
	}
	return http_copy(request, text);
}

/* ---- what was asked ---- */

const char *http_path(struct http_request *request, const char *name)
{
	struct str wanted = str_from(name);

	for (size_t i = 0; i < request->path_param_count; i++) {
		if (str_equal(request->path_params[i].name, wanted))
			return request->path_params[i].value.p; /* NUL-terminated by the server */
	}
	return NULL;
}

const char *http_query(struct http_request *request, const char *name)
{
	return request->connection ? MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name) : NULL;
}

const char *http_header(struct http_request *request, const char *name)
{
	return request->connection ? MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name) : NULL;
}

bool http_integer(const char *text, int64_t *value)
{
	char *end;

	if (!text || !(isdigit((unsigned char)text[0]) || (text[0] == '-' && isdigit((unsigned char)text[1]))))
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return !*end && !errno;
}

const char *http_json_text(struct http_request *request, const char *name)
{
	return json_string_value(json_object_get(request->json, name));
}

const char *http_copy(struct http_request *request, const char *text)
{
	struct str copy = arena_str(&request->arena, str_from(text));

	return copy.p;
}

uv_loop_t *http_loop(const struct http_request *request)
{
	return request->server->loop;
}

const char *http_public_url(const struct http_request *request)
{
	return request->server->public_url;
}

int64_t http_body_size(struct http_request *request)
{
	int64_t n;

	return http_integer(http_header(request, "Content-Length"), &n) && n >= 0 ? n : -1;
}

/* ---- life ---- */

void http_request_keep(struct http_request *request)
{
	request->references++;
}

void http_request_drop(struct http_request *request)
{
	if (--request->references)
		return;
	http_answer_release(request);
	json_decref(request->json);
	free(request->body);
	http_server_forget(request);
	arena_release(&request->arena);
	free(request);
}
