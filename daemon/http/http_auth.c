/*
 * Who asks; see http_auth.h.
 */
#include "daemon/http/http_auth.h"
#include "daemon/http/http_internal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/banned.h"

static const char *cookie_name(const struct http_request *request)
{
	return request->server->https ? "__Host-padan" : "padan";
}

const char *http_session_cookie(struct http_request *request)
{
	const char *value = request->connection ? MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, cookie_name(request)) : NULL;

	return value && strlen(value) == SECRET_TEXT - 1 ? value : NULL;
}

void http_set_session_cookie(struct http_request *request, const char *secret)
{
	char header[200];

	snprintf(header, sizeof header, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(request), secret ? secret : "",
		request->server->https ? "; Secure" : "", secret ? "" : "; Max-Age=0");
	http_reply_header(request, "Set-Cookie", header);
}

void http_csrf_of(const char *session, char text[CSRF_TEXT])
{
	static const unsigned char purpose[] = "padan csrf 1";
	unsigned char bytes[(CSRF_TEXT - 1) / 2];

	crypto_generichash(bytes, sizeof bytes, purpose, sizeof purpose, (const unsigned char *)session, strlen(session));
	sodium_bin2hex(text, CSRF_TEXT, bytes, sizeof bytes);
}

void http_reply_login(struct http_request *request)
{
	http_reply_problem(request, 401, "login", "Sesi belum ada atau sudah berakhir; masuk lagi, pekerjaan Anda di halaman ini tidak hilang.",
		"There is no session, or it has ended; log in again: your work on this page is not lost.");
}

/* ---- from our own pages? ---- */

static bool refuse_foreign(struct http_request *request)
{
	request->server->counters.csrf_refused_total++;
	http_reply_problem(request, 403, "foreign", "Permintaan ini tidak berasal dari halaman Padan; muat ulang halaman lalu coba lagi.",
		"This request did not come from a page of Padan; reload the page and try again.");
	return false;
}

/* "http://host:port" is ours if its host is the Host that was asked, which http_check_origin() has looked at. */
static bool own_origin(struct http_request *request, const char *origin)
{
	const char *host = http_header(request, "Host"), *rest = strstr(origin, "://");

	if (strcasecmp(origin, request->server->public_url) == 0)
		return true;
	return !request->server->https && rest && host && strcasecmp(rest + 3, host) == 0;
}

static bool from_own_page(struct http_request *request)
{
	const char *site = http_header(request, "Sec-Fetch-Site"), *origin = http_header(request, "Origin");

	if (site && strcmp(site, "same-origin") != 0)
		return refuse_foreign(request);
	if (origin && !own_origin(request, origin))
		return refuse_foreign(request);
	return true;
}

static bool known_host(struct http_request *request)
{
	const struct http_server *server = request->server;
	const char *host = http_header(request, "Host"), *own = strstr(server->public_url, "://");
	static const char *const locals[] = {"127.0.0.1", "localhost", "[::1]"};
	char local[64];

	if (!host || server->unix_socket)
		return host != NULL; /* only a proxy reaches a Unix socket, and it serves the names that it was told */
	if (own && strcasecmp(own + 3, host) == 0)
		return true;
	for (size_t i = 0; i < sizeof locals / sizeof locals[0]; i++) {
		snprintf(local, sizeof local, "%s:%u", locals[i], server->port);
		if (strcasecmp(local, host) == 0)
			return true;
	}
	return false;
}

int http_check_origin(struct http_request *request)
{
	if (!known_host(request)) {
		http_reply_problem(request, 421, "host", "Server ini tidak dikenal dengan nama itu (periksa --web-url).",
			"This server is not known by that name (see --web-url).");
		return -1;
	}
	if (request->method == HTTP_GET)
		return 0;
	return from_own_page(request) ? 0 : -1;
}

static bool csrf_is_right(struct http_request *request, const char *session)
{
	const char *given = http_header(request, "X-Padan-CSRF");
	char wanted[CSRF_TEXT];

	http_csrf_of(session, wanted);
	if (given && strlen(given) == CSRF_TEXT - 1 && sodium_memcmp(given, wanted, CSRF_TEXT - 1) == 0)
		return true;
	return refuse_foreign(request);
}

/* ---- whose session ---- */

static const struct {
	const char *role;
	unsigned may;
} roles[] = {
	{"administrator", HTTP_MAY_ADMINISTRATOR},
	{"office", HTTP_MAY_OFFICE},
	{"bappeda", HTTP_MAY_BAPPEDA},
	{"verifier", HTTP_MAY_VERIFIER},
	{"token", HTTP_MAY_TOKEN},
};

/* A text of the row in the request's arena; NULL for SQL's NULL. */
static const char *text_of(struct http_request *request, PGresult *result, int column)
{
	return PQgetisnull(result, 0, column) ? NULL : http_copy(request, PQgetvalue(result, 0, column));
}

static void entered(struct http_request *request, PGresult *result, void *arg)
{
	struct http_identity *who = &request->who;

	if (PQntuples(result) != 1) {
		http_reply_login(request);
		return;
	}
	http_integer(PQgetvalue(result, 0, 0), &who->user);
	who->name = text_of(request, result, 1);
	who->role = text_of(request, result, 2);
	who->district = text_of(request, result, 3);
	who->office = text_of(request, result, 4);
	who->villages = text_of(request, result, 5);
	who->scopes = text_of(request, result, 6);
	http_integer(PQgetvalue(result, 0, 7), &who->session);
	who->lists = text_of(request, result, 8);
	for (size_t i = 0; who->role && who->name && who->district && i < sizeof roles / sizeof roles[0]; i++) {
		if (strcmp(who->role, roles[i].role) == 0)
			who->may = roles[i].may;
	}
	http_dispatch(request);
}

void http_auth(struct http_request *request)
{
	const char *bearer = http_header(request, "Authorization"), *secret;
	bool token = bearer && strncasecmp(bearer, "Bearer ", 7) == 0;
	const char *kind = token ? "token" : request->route->watches ? "watch" : "session";
	char hash[SECRET_HASH];

	secret = token ? bearer + 7 : http_session_cookie(request);
	if (!secret || strlen(secret) > 100) {
		http_reply_login(request);
		return;
	}
	/* A token is never sent by a browser on its own, so it needs no proof of where a change comes from. */
	if (!token && request->method != HTTP_GET && !csrf_is_right(request, secret))
		return;
	secret_hash(secret, hash);
	http_sql_query(request, "web_session", DB_VALUES(hash, kind, request->address), entered, NULL);
}
