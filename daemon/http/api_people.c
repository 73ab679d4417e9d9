/*
 * Persons looked for, and secrets given out once: links for users, tokens. What is typed is brought into the register's own form first
 * (matcher/normalise/field.h), here, since PostgreSQL does not know it.
 */
#include "daemon/base/secret.h"
#include "daemon/db/copy_text.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "matcher/normalise/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

/* ---- what was typed ---- */

int http_typed(struct http_request *request, const char *name, enum field_type type, const char **ret)
{
	const char *text = http_json_text(request, name);
	struct field_value value;
	char number[24], id[160], en[160];

	*ret = NULL;
	if (!text || !*text)
		return 0;
	if (strlen(text) > 200 || field_normalise(type, str_from(text), false, &request->arena, &value) < 0 || field_missing(&value)) {
		snprintf(id, sizeof id, "Isian %s tidak dapat dibaca.", name);
		snprintf(en, sizeof en, "The value of %s cannot be read.", name);
		http_reply_problem(request, 422, "unreadable", id, en);
		return -1;
	}
	snprintf(number, sizeof number, "%" PRIu64, value.number);
	*ret = type == FIELD_NAME ? arena_str(&request->arena, value.text).p : http_copy(request, number);
	return *ret ? 0 : -1;
}

/* "SITI AMINAH" → {SITI,AMINAH} */
static const char *words_array(struct http_request *request, const char *name)
{
	struct str words[16];
	size_t n = 0;

	while (name && *name && n < 16) {
		size_t length = strcspn(name, " ");

		if (length)
			words[n++] = (struct str){name, length};
		name += length + (name[length] == ' ');
	}
	return n ? copy_array_literal(words, n, &request->arena) : NULL;
}

static const char *number_text(struct http_request *request, const char *name)
{
	json_t *value = json_object_get(request->json, name);
	char text[24];

	if (!json_is_integer(value))
		return NULL;
	snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return http_copy(request, text);
}

void api_search(struct http_request *request)
{
	const char *nik, *kk, *birth, *name;

	if (http_typed(request, "nik", FIELD_NIK, &nik) < 0 || http_typed(request, "kk", FIELD_KK, &kk) < 0 ||
		http_typed(request, "birth", FIELD_DATE, &birth) < 0 || http_typed(request, "name", FIELD_NAME, &name) < 0)
		return;
	if (!nik && !kk && !name)
		http_reply_problem(request, 422, "missing", "Sebutkan nama, NIK, atau nomor KK.", "Give a name, a NIK or a family card number.");
	else
		http_sql_reply(request, "api_search", DB_VALUES(nik, kk, words_array(request, name), birth, number_text(request, "village"),
			http_json_text(request, "after"), number_text(request, "limit")));
}

/* ---- secrets, shown once ---- */

struct secret_made {
	char token[SECRET_TEXT];
};

static struct secret_made *make_secret(struct http_request *request, char hash[SECRET_HASH])
{
	struct secret_made *made = arena_alloc(&request->arena, sizeof *made);

	if (!made) {
		http_reply_busy(request);
		return NULL;
	}
	secret_make(made->token);
	secret_hash(made->token, hash);
	request->data = made;
	return made;
}

static json_t *link_json(struct http_request *request, json_t *expires_at)
{
	const struct secret_made *made = request->data;
	char url[400];

	snprintf(url, sizeof url, "%s/undangan#%s", http_public_url(request), made->token);
	return json_pack("{s:s, s:O}", "url", url, "expires_at", expires_at);
}

static void user_added(struct http_request *request, PGresult *result, void *arg)
{
	json_t *json = json_loads(PQgetvalue(result, 0, 0), 0, NULL);

	http_reply_json(request, 201,
		json_pack("{s:O, s:o}", "user", json_object_get(json, "user"), "link", link_json(request, json_object_get(json, "expires_at"))));
	json_decref(json);
}

void api_add_user(struct http_request *request)
{
	json_t *villages = json_object_get(request->json, "villages");
	char hash[SECRET_HASH], *text;

	if (!make_secret(request, hash))
		return;
	text = villages ? json_dumps(villages, JSON_ENCODE_ANY) : NULL;
	http_sql_query(request, "api_user_add",
		DB_VALUES(http_json_text(request, "name"), http_json_text(request, "full_name"), http_json_text(request, "role"),
			http_json_text(request, "office"), text, hash),
		user_added, NULL);
	free(text);
}

static void link_made(struct http_request *request, PGresult *result, void *arg)
{
	json_t *json = json_loads(PQgetvalue(result, 0, 0), 0, NULL);

	http_reply_json(request, 201, link_json(request, json_object_get(json, "expires_at")));
	json_decref(json);
}

void api_make_user_link(struct http_request *request)
{
	char hash[SECRET_HASH];
	int64_t number;

	if (!http_integer(http_path(request, "user"), &number))
		http_reply_absent(request);
	else if (make_secret(request, hash))
		http_sql_query(request, "api_user_link", DB_VALUES(http_path(request, "user"), hash), link_made, NULL);
}

static void token_added(struct http_request *request, PGresult *result, void *arg)
{
	const struct secret_made *made = request->data;

	http_reply_json(request, 201, json_pack("{s:o, s:s}", "token", json_loads(PQgetvalue(result, 0, 0), 0, NULL), "secret", made->token));
}

void api_add_token(struct http_request *request)
{
	json_t *scopes = json_object_get(request->json, "scopes");
	char hash[SECRET_HASH], *text;

	if (!make_secret(request, hash))
		return;
	text = scopes ? json_dumps(scopes, JSON_ENCODE_ANY) : NULL;
	http_sql_query(request, "api_token_add",
		DB_VALUES(http_json_text(request, "name"), http_json_text(request, "office"), text, number_text(request, "days"), hash), token_added, NULL);
	free(text);
}
