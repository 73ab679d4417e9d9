/*
 * The district's configuration in the browser: read section by section, tried before it is kept, changed whole or one section at a
 * time. It stays one text, the same that `padan apply` takes: a section that is changed is written anew in its place, everything else
 * stays as it was typed.
 *
 * Parsing and applying are `padan apply`'s own (daemon/db/config_apply.h), on a blocking connection in the pool.
 */
#include "daemon/base/ini_text.h"
#include "daemon/db/config_apply.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/config_section.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct settings {
	const char *now, *version, *applied_at, *applied_by; /* what is in force */
	const char *wanted;                                   /* the text to be tried or applied */
	bool keep;
	struct config_faults faults;
	json_t *changes;
	char new_version[40];
	int rc;
	struct error err;
	void (*go_on)(struct http_request *request);
};

static struct settings *settings_of(struct http_request *request)
{
	return request->data;
}

static void committed(struct http_request *request, PGresult *result, void *arg)
{
	settings_of(request)->go_on(request);
}

static void looked_up(struct http_request *request, PGresult *result, void *arg)
{
	struct settings *s = settings_of(request);

	if (PQntuples(result) == 0) {
		http_reply_absent(request);
		return;
	}
	s->now = http_copy(request, PQgetvalue(result, 0, 0));
	s->version = http_copy(request, PQgetvalue(result, 0, 1));
	s->applied_at = http_copy(request, PQgetvalue(result, 0, 2));
	s->applied_by = http_copy(request, PQgetvalue(result, 0, 3));
	if (s->now && s->version && s->applied_at && s->applied_by)
		http_sql_commit(request, committed, NULL);
	else
		http_reply_busy(request);
}

static void look_up(struct http_request *request, void (*go_on)(struct http_request *request))
{
	struct settings *s = arena_alloc(&request->arena, sizeof *s);

	if (!s) {
		http_reply_busy(request);
		return;
	}
	request->data = s;
	s->go_on = go_on;
	http_sql_query(request, "api_config_row", 0, NULL, looked_up, NULL);
}

/* ---- reading ---- */

static bool is_setting(struct str kind)
{
	return str_equal(kind, STR_LITERAL("office")) || str_equal(kind, STR_LITERAL("programme")) || str_equal(kind, STR_LITERAL("reference")) ||
		str_equal(kind, STR_LITERAL("rule"));
}

static json_t *section_json(const struct ini_section *section, const char *version)
{
	json_t *values = json_object();

	for (size_t i = 0; i < section->n_entries; i++) {
		char key[INI_KEY_MAX + 1];

		snprintf(key, sizeof key, "%.*s", STR_ARGS(section->entries[i].key));
		json_object_set_new(values, key, json_stringn(section->entries[i].value.p, section->entries[i].value.n));
	}
	return json_pack("{s:s%, s:s%, s:o, s:s}", "kind", section->kind.p, section->kind.n, "code", section->code.p, section->code.n, "values", values,
		"version", version);
}

static void show(struct http_request *request)
{
	struct settings *s = settings_of(request);
	struct config_faults faults = {0};
	struct error err = {0};
	struct ini_text ini;
	json_t *sections = json_array();
	char etag[60];

	if (ini_text_parse(str_from(s->now), &request->arena, &ini, &faults, &err) < 0) {
		json_decref(sections);
		http_reply_error(request, &err);
		return;
	}
	for (size_t i = 0; i < ini.n_sections; i++) {
		if (is_setting(ini.sections[i].kind))
			json_array_append_new(sections, section_json(&ini.sections[i], s->version));
	}
	snprintf(etag, sizeof etag, "\"%.40s\"", s->version);
	http_reply_header(request, "ETag", etag);
	http_reply_json(request, 200, json_pack("{s:o, s:s, s:s, s:s}", "sections", sections, "version", s->version, "applied_at", s->applied_at,
		"applied_by", s->applied_by));
}

void api_show_settings(struct http_request *request)
{
	look_up(request, show);
}

/* ---- trying and applying ---- */

static int apply_now(struct http_request *request, struct config_apply *apply, struct error *err)
{
	struct settings *s = settings_of(request);
	PGresult *result;

	if (db_sync_exec(apply->db, "BEGIN", err) < 0 || db_sync_act_as(apply->db, request->who.name, err) < 0)
		return -1;
	/* Whoever changes it waits for whoever is at it; then what he saw must still be what is there. */
	if (db_sync_query(apply->db,
		    "SELECT left(encode(sha256(convert_to(config, 'UTF8')), 'hex'), 16), left(encode(sha256(convert_to($2, 'UTF8')), 'hex'), 16) "
		    "FROM padan.districts WHERE district = $1::integer FOR NO KEY UPDATE",
		    DB_VALUES(apply->district, s->wanted), &result, err) < 0)
		return -1;
	if (PQntuples(result) != 1 || (s->keep && strcmp(db_text(result, 0, 0), s->version) != 0))
		error_set(err, ERROR_CANCELLED, "Pengaturan baru saja diubah orang lain.", "Somebody else has just changed the settings.");
	else
		snprintf(s->new_version, sizeof s->new_version, "%s", db_text(result, 0, 1));
	PQclear(result);
	if (err->kind != ERROR_NONE || config_apply_write(apply, NULL, err) < 0)
		return -1;
	if (s->keep && db_sync_run(apply->db,
			       "SELECT padan.audit_in($1::integer, NULL, padan.actor(), 'settings.change', NULL, NULL, jsonb_build_object('changes', $2::integer), $3)",
			       DB_VALUES(apply->district, json_array_size(apply->changes) ? "1" : "0", request->address), NULL, err) < 0)
		return -1;
	return db_sync_exec(apply->db, s->keep ? "COMMIT" : "ROLLBACK", err);
}

static void in_pool(struct http_request *request)
{
	struct settings *s = settings_of(request);
	struct db_sync db = {0};
	struct config_apply apply;

	config_apply_init(&apply, &db);
	s->rc = config_apply_read(&apply, s->wanted, &s->faults, &s->err);
	if (s->rc == 0 && strcmp(apply.district, request->who.district) != 0)
		s->rc = error_set(&s->err, ERROR_INPUT, "Kode kabupatennya bukan %s.", "The district's code is not %s.", request->who.district);
	if (s->rc == 0)
		s->rc = db_sync_open(&db, request->server->conninfo, &s->err);
	if (s->rc == 0)
		s->rc = apply_now(request, &apply, &s->err);
	if (s->rc == 0)
		s->changes = json_incref(apply.changes);
	config_apply_release(&apply);
	db_sync_close(&db);
}

static json_t *faults_json(const struct settings *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->faults.n; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "text", s->faults.items[i].id, "text_en", s->faults.items[i].en, "line",
							s->faults.items[i].line ? json_integer(s->faults.items[i].line) : json_null()));
	if (!s->faults.n && s->rc < 0)
		json_array_append_new(list, json_pack("{s:s, s:s, s:n}", "text", s->err.id, "text_en", s->err.en, "line"));
	return list;
}

static void reply_stale(struct http_request *request)
{
	http_reply_problem(request, 412, "stale", "Pengaturan baru saja diubah orang lain; muat ulang dan ubah lagi.",
		"Somebody else has just changed the settings; load them again and repeat your change.");
}

static void applied(struct http_request *request)
{
	struct settings *s = settings_of(request);
	bool wrong = s->rc < 0 && (s->faults.n || s->err.kind == ERROR_INPUT);

	if (!s->keep && (s->rc == 0 || wrong))
		http_reply_json(request, 200, json_pack("{s:o, s:o}", "changes", s->changes ? s->changes : json_array(), "faults", faults_json(s)));
	else if (s->rc == 0)
		http_reply_json(request, 200, json_pack("{s:o, s:s}", "changes", s->changes, "version", s->new_version));
	else if (s->err.kind == ERROR_CANCELLED)
		reply_stale(request);
	else if (s->faults.n)
		http_reply_problem(request, 422, "faults", s->faults.items[0].id, s->faults.items[0].en);
	else
		http_reply_error(request, &s->err);
}

static void work(struct http_request *request, const char *wanted, bool keep)
{
	struct settings *s = settings_of(request);

	s->wanted = wanted;
	s->keep = keep;
	if (!http_pool_run(request, in_pool, applied))
		return; /* answered */
}

/* The version that the caller saw must be the one in force. false: the request has been answered. */
static bool is_current(struct http_request *request, const char *version)
{
	if (!version) {
		http_reply_problem(request, 422, "version", "Sebutkan versi pengaturan yang diubah.", "Say which version of the settings is changed.");
		return false;
	}
	if (strcmp(version, settings_of(request)->version) == 0)
		return true;
	reply_stale(request);
	return false;
}

static void check(struct http_request *request)
{
	const char *contents = http_json_text(request, "contents");

	if (contents)
		work(request, contents, false);
	else
		http_reply_problem(request, 422, "missing", "Isi pengaturan tidak ada.", "There are no contents.");
}

void api_check_configuration(struct http_request *request)
{
	look_up(request, check);
}

static void put(struct http_request *request)
{
	const char *contents = http_json_text(request, "contents");

	if (!contents)
		http_reply_problem(request, 422, "missing", "Isi pengaturan tidak ada.", "There are no contents.");
	else if (is_current(request, http_json_text(request, "version")))
		work(request, contents, true);
}

void api_put_configuration(struct http_request *request)
{
	look_up(request, put);
}

/* ---- one section ---- */

/* values NULL: the section goes. NULL: the request has been answered. */
static const char *changed_text(struct http_request *request, const char *kind, const char *code, json_t *values)
{
	struct error err = {0};
	const char *text;

	if (config_section_put(settings_of(request)->now, kind, code, values, &request->arena, &text, &err) == 0) {
		if (!text)
			http_reply_absent(request);
		return text;
	}
	if (err.kind == ERROR_INPUT)
		http_reply_problem(request, 422, "value", err.id, err.en);
	else
		http_reply_error(request, &err);
	return NULL;
}

static bool names_a_setting(struct http_request *request)
{
	const char *code = http_path(request, "code");

	if (is_setting(str_from(http_path(request, "thing"))) && *code && strlen(code) <= INI_CODE_MAX && !strpbrk(code, "[];# \t\r\n\""))
		return true;
	http_reply_absent(request);
	return false;
}

static void put_section(struct http_request *request)
{
	json_t *values = json_object_get(request->json, "values");
	const char *text;

	if (!names_a_setting(request) || !is_current(request, http_json_text(request, "version")))
		return;
	if (!json_is_object(values)) {
		http_reply_problem(request, 422, "missing", "Nilai-nilainya tidak ada.", "There are no values.");
		return;
	}
	text = changed_text(request, http_path(request, "thing"), http_path(request, "code"), values);
	if (text)
		work(request, text, true);
}

void api_put_setting(struct http_request *request)
{
	look_up(request, put_section);
}

static void drop_section(struct http_request *request)
{
	const char *text;

	if (!names_a_setting(request) || !is_current(request, http_query(request, "version")))
		return;
	text = changed_text(request, http_path(request, "thing"), http_path(request, "code"), NULL);
	if (text)
		work(request, text, true);
}

void api_drop_setting(struct http_request *request)
{
	look_up(request, drop_section);
}
