/*
 * Persons looked for, persons checked at the door by an office's system, and secrets given out once: links for users, tokens.
 *
 * What is typed is brought into the register's own form first (matcher/normalise/field.h), here, since PostgreSQL does not know it.
 * A check says no more than its caller could read in the lists that he may see: what is elsewhere is answered as what is nowhere,
 * in the same words and after the same work.
 */
#include "daemon/base/secret.h"
#include "daemon/db/copy_text.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/jobs/entry_copy.h"
#include "matcher/compare/tokens.h"
#include "matcher/flag/explain.h"
#include "matcher/normalise/field.h"
#include "matcher/normalise/nik.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

/* ---- what was typed ---- */

/* NULL where nothing was typed. -1: the request has been answered. */
static int typed(struct http_request *request, const char *name, enum field_type type, const char **ret)
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

	if (typed(request, "nik", FIELD_NIK, &nik) < 0 || typed(request, "kk", FIELD_KK, &kk) < 0 ||
		typed(request, "birth", FIELD_DATE, &birth) < 0 || typed(request, "name", FIELD_NAME, &name) < 0)
		return;
	if (!nik && !kk && !name)
		http_reply_problem(request, 422, "missing", "Sebutkan nama, NIK, atau nomor KK.", "Give a name, a NIK or a family card number.");
	else
		http_sql_reply(request, "api_search", DB_VALUES(nik, kk, words_array(request, name), birth, number_text(request, "village"),
			http_json_text(request, "after"), number_text(request, "limit")));
}

/* ---- check ---- */

struct check {
	struct entry asked;
};

/* How sure two rows with one NIK are one person, by how their names agree: what a stranger's NIK typed by mistake looks like. */
static double name_certainty(unsigned level)
{
	static const double certainty[TOKENS_LEVEL_COUNT] = {[TOKENS_MISSING] = 0, [TOKENS_SAME] = 0.999, [TOKENS_SAME_SOUND] = 0.995,
		[TOKENS_SAME_REORDERED] = 0.995, [TOKENS_PART] = 0.98, [TOKENS_SIMILAR] = 0.97, [TOKENS_SIMILAR_PART] = 0.9,
		[TOKENS_FUZZY] = 0.8, [TOKENS_ONE_REST_SIMILAR] = 0.8, [TOKENS_ONE] = 0.5, [TOKENS_ONE_FUZZY] = 0.3,
		[TOKENS_INITIALS] = 0.3, [TOKENS_APART] = 0.02};

	return level < TOKENS_LEVEL_COUNT ? certainty[level] : 0;
}

static int read_entry(PGresult *result, int row, struct arena *arena, struct entry *entry, int64_t *person, struct error *err)
{
	struct copy_field fields[ENTRY_FIELDS];
	struct district_ids ids;
	int64_t list;
	int rc;

	for (int i = 0; i < ENTRY_FIELDS; i++)
		fields[i] = (struct copy_field){{PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i)}, db_null(result, row, i)};
	rc = entry_copy_fields(fields, arena, &list, entry, &ids, err);
	*person = (int64_t)ids.person;
	return rc;
}

static void add_once(json_t *list, const char *text)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (strcmp(json_string_value(one), text) == 0)
			return;
	}
	json_array_append_new(list, json_string(text));
}

static void checked(struct http_request *request, PGresult *result, void *arg)
{
	struct check *check = request->data;
	struct error err = {0};
	json_t *receives = json_array(), *flags = NULL;
	double best = 0;
	int64_t person = 0, whose;
	bool target = false;
	bool knows_target = request->who.may & HTTP_MAY_DISTRICT;
	struct nik nik;
	char ids[32];

	nik_describe(check->asked.nik, &nik);
	for (int row = 0; row < PQntuples(result); row++) {
		struct explain_part parts[EXPLAIN_FIELDS];
		struct entry entry;
		double certainty;

		if (read_entry(result, row, &request->arena, &entry, &whose, &err) < 0) {
			json_decref(receives);
			json_decref(flags);
			http_reply_error(request, &err);
			return;
		}
		explain_compare(&check->asked, &entry, parts);
		certainty = name_certainty(parts[EXPLAIN_NAME].level);
		if (parts[EXPLAIN_BIRTH].verdict == EXPLAIN_DIFFERS)
			certainty *= 0.8;
		if (certainty < 0.5)
			continue;
		if (certainty > best) {
			best = certainty;
			person = whose;
			json_decref(flags);
			flags = json_loads(PQgetvalue(result, row, ENTRY_FIELDS + 2), 0, NULL);
		}
		if (strcmp(PQgetvalue(result, row, ENTRY_FIELDS), "programme") == 0)
			add_once(receives, PQgetvalue(result, row, ENTRY_FIELDS + 1));
		else if (strcmp(PQgetvalue(result, row, ENTRY_FIELDS), "target") == 0)
			target = true;
	}
	if (!knows_target && target)
		knows_target = true; /* it stands in what the caller may see */
	if (person) {
		snprintf(ids, sizeof ids, "{%" PRId64 "}", person);
		http_audit_seen(request, "person", ids);
	}
	http_reply_json(request, 200, json_pack("{s:b, s:f, s:o, s:o, s:o, s:b, s:[], s:o}", "known", best > 0, "certainty", best, "receives", receives,
		"on_target", knows_target ? json_boolean(target) : json_null(), "flags", flags ? flags : json_array(), "nik_valid", nik_is_key(&nik), "notes",
		"person", person && request->who.may & HTTP_MAY_SESSION ? json_integer(person) : json_null()));
}

void api_check(struct http_request *request)
{
	struct check *check = arena_alloc(&request->arena, sizeof *check);
	const char *nik, *name, *birth;

	if (!check) {
		http_reply_busy(request);
		return;
	}
	request->data = check;
	if (typed(request, "nik", FIELD_NIK, &nik) < 0 || typed(request, "name", FIELD_NAME, &name) < 0 ||
		typed(request, "birth", FIELD_DATE, &birth) < 0)
		return;
	if (!nik || !name) {
		http_reply_problem(request, 422, "missing", "Sebutkan NIK dan nama.", "Give a NIK and a name.");
		return;
	}
	*check = (struct check){.asked = {.nik = strtoull(nik, NULL, 10), .nik_digits = 16, .name = str_from(name), .name_shown = str_from(name),
		.birth = birth ? (uint32_t)strtoul(birth, NULL, 10) : 0}};
	http_sql_query(request, "api_check", DB_VALUES(nik), checked, NULL);
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
