/*
 * Logging in and out: POST /api/v1/login, /logout, /password, GET /session, and the one-time links by which a person sets a password
 * (POST /link, /link/password). See http_auth.h for what a session is, http_password.h for passwords.
 *
 * No transaction is open while argon2id works. A name that is not there takes the same way and time as one that is, and
 * gets the same answer.
 */
#include "daemon/http/http_auth.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_password.h"
#include "daemon/http/http_routes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

struct login {
	const char *name, *password;     /* as given; the new one for a link */
	const char *district, *user, *hash;
	const char *link;                /* hash of the link's token */
	char secret[SECRET_TEXT];        /* of the session that begins */
};

static const char *arena_copy(struct http_request *request, PGresult *result, int column)
{
	return PQgetisnull(result, 0, column) ? NULL : http_copy(request, PQgetvalue(result, 0, column));
}

static struct login *login_new(struct http_request *request)
{
	request->data = arena_alloc(&request->arena, sizeof(struct login));
	if (!request->data)
		http_reply_busy(request);
	return request->data;
}

static void missing(struct http_request *request)
{
	http_reply_problem(request, 400, "missing", "Isian belum lengkap.", "Something is missing.");
}

/* ---- a session begins ---- */

static void session_begun(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;
	char csrf[CSRF_TEXT];

	http_csrf_of(login->secret, csrf);
	http_set_session_cookie(request, login->secret);
	request->server->counters.logins_ok_total++;
	http_reply_json(request, 200, json_pack("{s:s}", "csrf", csrf));
}

static void begin_session(struct http_request *request, const char *action)
{
	struct login *login = request->data;
	const char *before = http_session_cookie(request);
	char hash[SECRET_HASH], before_hash[SECRET_HASH];

	secret_make(login->secret);
	secret_hash(login->secret, hash);
	if (before)
		secret_hash(before, before_hash);
	http_sql_query(request, "web_session_begin",
		DB_VALUES(login->district, login->user, hash, before ? before_hash : NULL, request->address, action), session_begun, NULL);
}

/* ---- login ---- */

static void say_wrong(struct http_request *request, PGresult *result, void *arg)
{
	http_reply_problem(request, 401, "wrong-password", "Nama pengguna atau kata sandi salah.", "The user's name or the password is wrong.");
}

static void failure_noted(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_commit(request, say_wrong, NULL);
}

static void password_checked(struct http_request *request, bool right)
{
	struct login *login = request->data;

	if (right && login->user) {
		begin_session(request, "login");
		return;
	}
	request->server->counters.logins_refused_total++;
	http_sql_query(request, "web_login_failed", DB_VALUES(login->name, request->address), failure_noted, NULL);
}

static void may_try(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;

	http_password_check(request, login->password, login->hash, password_checked);
}

static void login_looked_up(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;
	const char *wait = PQgetvalue(result, 0, 3);
	char id[160], en[160];

	if (strcmp(wait, "0") != 0) {
		request->server->counters.logins_slowed_total++;
		http_reply_header(request, "Retry-After", wait);
		snprintf(id, sizeof id, "Terlalu banyak percobaan; tunggu %.8s detik lalu coba lagi.", wait);
		snprintf(en, sizeof en, "Too many attempts; wait %.8s seconds, then try again.", wait);
		http_reply_problem(request, 429, "wait", id, en);
		return;
	}
	login->district = arena_copy(request, result, 0);
	login->user = arena_copy(request, result, 1);
	login->hash = arena_copy(request, result, 2);
	http_sql_commit(request, may_try, NULL);
}

static void do_login(struct http_request *request)
{
	struct login *login = login_new(request);
	const char *name = http_json_text(request, "name"), *password = http_json_text(request, "password");
	char folded[101];
	size_t n;

	if (!login)
		return;
	if (!name || !password || !*name || !*password || strlen(password) > 4 * PASSWORD_MOST) {
		missing(request);
		return;
	}
	snprintf(folded, sizeof folded, "%s", name + strspn(name, " "));
	for (n = strlen(folded); n && folded[n - 1] == ' '; n--)
		folded[n - 1] = '\0';
	for (char *at = folded; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	login->name = http_copy(request, folded);
	login->password = password; /* lives in request->json */
	http_sql_query(request, "web_login_begin", DB_VALUES(login->name, request->address), login_looked_up, NULL);
}

/* ---- one-time links ---- */

static void no_link(struct http_request *request)
{
	http_reply_problem(request, 404, "link", "Tautan ini sudah dipakai atau kedaluwarsa; minta yang baru kepada administrator.",
		"This link has been used or has expired; ask an administrator for a new one.");
}

static void link_used(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;

	if (PQntuples(result) != 1) {
		no_link(request);
		return;
	}
	login->district = arena_copy(request, result, 0);
	login->user = arena_copy(request, result, 1);
	begin_session(request, "login.link");
}

static void link_password_made(struct http_request *request, const char *hash)
{
	struct login *login = request->data;

	if (hash)
		http_sql_query(request, "web_link_use", DB_VALUES(login->link, hash), link_used, NULL);
	else
		http_reply_busy(request);
}

static void link_may_be_used(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;

	http_password_make(request, login->password, link_password_made);
}

static void link_looked_up(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;
	struct error err = {0};

	if (PQntuples(result) != 1)
		no_link(request);
	else if (!login->password)
		http_sql_answer(request, result);
	else if (password_may_be(login->password, PQgetvalue(result, 0, 0), &err) < 0)
		http_reply_problem(request, 422, "password", err.id, err.en);
	else
		http_sql_commit(request, link_may_be_used, NULL);
}

static void look_up_link(struct http_request *request, const char *password)
{
	struct login *login = login_new(request);
	const char *token = http_json_text(request, "token");
	char hash[SECRET_HASH];

	if (!login)
		return;
	if (!token || !*token) {
		missing(request);
		return;
	}
	secret_hash(token, hash);
	login->link = http_copy(request, hash);
	login->password = password;
	http_sql_query(request, "web_link", DB_VALUES(hash), link_looked_up, NULL);
}

static void show_link(struct http_request *request)
{
	look_up_link(request, NULL);
}

static void use_link(struct http_request *request)
{
	const char *password = http_json_text(request, "password");

	if (password)
		look_up_link(request, password);
	else
		missing(request);
}

/* ---- of a session ---- */

static void show_session(struct http_request *request)
{
	char csrf[CSRF_TEXT];

	http_csrf_of(http_session_cookie(request), csrf);
	http_sql_reply(request, "web_me", DB_VALUES(csrf));
}

static void logged_out(struct http_request *request, PGresult *result, void *arg)
{
	if (!arg)
		http_set_session_cookie(request, NULL);
	http_reply_empty(request, 204);
}

/* {"others": true}: everywhere but here. */
static void do_logout(struct http_request *request)
{
	bool others = json_is_true(json_object_get(request->json, "others"));
	char hash[SECRET_HASH];

	secret_hash(http_session_cookie(request), hash);
	http_sql_query(request, "web_session_end", DB_VALUES(hash, others ? "true" : "false"), logged_out, others ? request : NULL);
}

static void password_changed(struct http_request *request, PGresult *result, void *arg)
{
	http_reply_empty(request, 204);
}

static void new_password_made(struct http_request *request, const char *hash)
{
	char session[SECRET_HASH];

	secret_hash(http_session_cookie(request), session);
	if (hash)
		http_sql_query(request, "web_password_set", DB_VALUES(hash, session), password_changed, NULL);
	else
		http_reply_busy(request);
}

static void old_password_checked(struct http_request *request, bool right)
{
	struct login *login = request->data;

	if (right)
		http_password_make(request, login->password, new_password_made);
	else
		http_reply_problem(request, 422, "wrong-password", "Kata sandi lama salah.", "The old password is wrong.");
}

static const char *old_password(struct http_request *request)
{
	const char *old = http_json_text(request, "old_password");

	return old ? old : http_json_text(request, "old");
}

static void own_password_known(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;

	http_password_check(request, old_password(request), login->hash, old_password_checked);
}

static void own_password_found(struct http_request *request, PGresult *result, void *arg)
{
	struct login *login = request->data;

	login->hash = arena_copy(request, result, 0);
	http_sql_commit(request, own_password_known, NULL);
}

static void change_password(struct http_request *request)
{
	struct login *login = login_new(request);
	struct error err = {0};

	if (!login)
		return;
	login->password = http_json_text(request, "password");
	if (!login->password)
		login->password = http_json_text(request, "new");
	if (!login->password || !old_password(request))
		missing(request);
	else if (password_may_be(login->password, request->who.name, &err) < 0)
		http_reply_problem(request, 422, "password", err.id, err.en);
	else
		http_sql_query(request, "web_password_own", 0, NULL, own_password_found, NULL);
}

const struct http_route http_login_routes[] = {
	{HTTP_POST, "/api/v1/session", HTTP_MAY_ANYONE, do_login, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_DELETE, "/api/v1/session", HTTP_MAY_SESSION, do_logout},
	{HTTP_POST, "/api/v1/first-login/check", HTTP_MAY_ANYONE, show_link, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_POST, "/api/v1/first-login", HTTP_MAY_ANYONE, use_link, .body = HTTP_BODY_JSON, .body_max = 8192},
	/* The same by the names that scripts know. */
	{HTTP_POST, "/api/v1/login", HTTP_MAY_ANYONE, do_login, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_POST, "/api/v1/link", HTTP_MAY_ANYONE, show_link, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_POST, "/api/v1/link/password", HTTP_MAY_ANYONE, use_link, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_GET, "/api/v1/session", HTTP_MAY_SESSION, show_session},
	{HTTP_PATCH, "/api/v1/session", HTTP_MAY_SESSION, .sql = "api_session_lang", .params = {"lang"}, .body = HTTP_BODY_JSON, .body_max = 8192},
	{HTTP_POST, "/api/v1/logout", HTTP_MAY_SESSION, do_logout, .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/password", HTTP_MAY_SESSION, change_password, .body = HTTP_BODY_JSON, .rate = HTTP_RATE_HEAVY},
	{0},
};
