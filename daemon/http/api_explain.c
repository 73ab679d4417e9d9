/*
 * What needs the engine's words or weights: one flag in sentences with its evidence, doubtful pairs with how their fields compare
 * and the waterfall of their weight. PostgreSQL gives the page's JSON and the two entries; words and comparisons are put in here.
 *
 * The waterfall is read from the register that this daemon keeps for its jobs. While a job has it, and when it is not loaded, the
 * stored weight is told alone ("from": "stored", and "busy" if asking again later is worth it): nobody waits for a job, and no job for a page.
 */
#include "daemon/db/db_sync.h"
#include "daemon/export/export_rows.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_register.h"
#include "daemon/jobs/entry_copy.h"
#include "matcher/district/register.h" /* district_schema: what its comparisons are called */
#include "matcher/flag/explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

/* ---- words ---- */

/* Whether the text's next sentence begins behind this full stop: not behind "No." or "Kep.", but behind "pun.". */
static bool ends_sentence(const char *text, const char *dot)
{
	unsigned letters = 0;

	if (dot[1] == '\0' || dot[1] == '\n')
		return true;
	if (dot[1] != ' ' || !(isupper((unsigned char)dot[2]) || (unsigned char)dot[2] >= 0x80))
		return false;
	while (dot - letters > text && isalpha((unsigned char)dot[-1 - (int)letters]))
		letters++;
	return letters > 3 || letters == 0 || islower((unsigned char)dot[-(int)letters]);
}

static size_t sentence_length(const char *text)
{
	const char *dot = strchr(text, '.');

	while (dot && !ends_sentence(text, dot))
		dot = strchr(dot + 1, '.');
	return dot ? (size_t)(dot - text) + 1 : strlen(text);
}

/* Both languages have the same sentences; where they should not, the longer one's rest stands alone. */
static json_t *sentences_json(const char *id, const char *en)
{
	json_t *list = json_array();

	while (*id || *en) {
		size_t n_id = sentence_length(id), n_en = sentence_length(en);

		json_array_append_new(list, json_pack("{s:s%, s:s%}", "text", id, n_id, "text_en", en, n_en));
		id += n_id + strspn(id + n_id, " \n");
		en += n_en + strspn(en + n_en, " \n");
	}
	return list;
}

static json_t *explained_json(const struct explain_case *explained, struct error *err)
{
	struct strbuf text[2];
	json_t *list = NULL;
	int rc = 0;

	for (int english = 0; english < 2; english++) {
		const struct explain_style style = {.english = english};

		strbuf_init(&text[english], EXPLAIN_TEXT_MAX);
		if (rc == 0 && (explain_flag(explained, &style, &text[english], err) < 0 || strbuf_failed(&text[english], err) < 0))
			rc = -1;
	}
	if (rc == 0)
		list = sentences_json(text[0].p, text[1].p);
	strbuf_release(&text[0]);
	strbuf_release(&text[1]);
	return list;
}

/* ---- comparison ---- */

static json_t *differing_digits(uint64_t a, uint64_t b)
{
	json_t *list = json_array();
	char digits_a[24], digits_b[24];

	snprintf(digits_a, sizeof digits_a, "%016llu", (unsigned long long)a);
	snprintf(digits_b, sizeof digits_b, "%016llu", (unsigned long long)b);
	for (int i = 0; i < 16; i++) {
		if (digits_a[i] != digits_b[i])
			json_array_append_new(list, json_integer(i));
	}
	return list;
}

static json_t *comparison_json(const struct entry *a, const struct entry *b)
{
	static const char *const names[EXPLAIN_FIELDS] = {[EXPLAIN_NAME] = "name", [EXPLAIN_NIK] = "nik", [EXPLAIN_BIRTH] = "birth",
		[EXPLAIN_SEX] = "sex", [EXPLAIN_KK] = "kk", [EXPLAIN_FAMILY_ID] = "family_id", [EXPLAIN_VILLAGE] = "village",
		[EXPLAIN_RT] = "rt", [EXPLAIN_ADDRESS] = "address"};
	static const char *const verdicts[] = {[EXPLAIN_UNKNOWN] = "unknown", [EXPLAIN_AGREES] = "agrees", [EXPLAIN_DIFFERS] = "differs"};
	struct explain_part parts[EXPLAIN_FIELDS];
	json_t *list = json_array();

	explain_compare(a, b, parts);
	for (int i = 0; i < EXPLAIN_FIELDS; i++) {
		json_t *one = json_pack("{s:s, s:s, s:s, s:s}", "field", names[i], "verdict", verdicts[parts[i].verdict],
			"text", explain_part_text(&parts[i], false), "text_en", explain_part_text(&parts[i], true));

		if (i == EXPLAIN_NIK && a->nik && b->nik)
			json_object_set_new(one, "differs_at", differing_digits(a->nik, b->nik));
		else if (i == EXPLAIN_KK && a->kk && b->kk)
			json_object_set_new(one, "differs_at", differing_digits(a->kk, b->kk));
		json_array_append_new(list, one);
	}
	return list;
}

static int read_entry(PGresult *result, int row, int first, struct arena *arena, struct entry *entry, struct error *err)
{
	struct copy_field fields[ENTRY_FIELDS];
	struct district_ids ids;
	int64_t list;

	for (int i = 0; i < ENTRY_FIELDS; i++)
		fields[i] = (struct copy_field){
			{PQgetvalue(result, row, first + i), (size_t)PQgetlength(result, row, first + i)}, db_null(result, row, first + i)};
	return entry_copy_fields(fields, arena, &list, entry, &ids, err);
}

/* ---- the waterfall ---- */

/* What people call a part of the weight; by the district's schema. */
static const char *const part_words[][3] = {
	{"nik", "NIK", "NIK"}, {"kk", "Nomor KK", "Family card number"}, {"family_id", "ID keluarga", "Family id"}, {"name", "Nama", "Name"},
	{"birth_date", "Tanggal lahir", "Birth date"}, {"sex", "Jenis kelamin", "Sex"}, {"village", "Desa", "Village"}, {"rt", "RT", "RT"},
	{"address", "Alamat", "Address"}, {"other", "Kaitan antar-isian dan keluarga", "Fields that go together, family"},
};
enum { PART_WORDS = sizeof part_words / sizeof part_words[0] };

/* "other": what no field alone has brought. */
static json_t *part_json(const struct waterfall_part *part)
{
	const char *field = part->field >= 0 ? district_schema.fields[part->field].name : "other";
	size_t word = 0;

	while (word + 1 < PART_WORDS && strcmp(part_words[word][0], field) != 0)
		word++;
	return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o}", "field", field, "text", part_words[word][1], "text_en", part_words[word][2], "level", part->level,
		"weight", (double)part->weight, "frequency",
		part->frequency_weight != 0 ? json_real((double)part->frequency_weight) : json_null());
}

static uint32_t find_entry(const struct district *district, json_t *entry)
{
	uint32_t list = district_find_list(district, (uint64_t)json_integer_value(json_object_get(entry, "list")));

	return list == DISTRICT_NONE ? DISTRICT_NONE
				     : district_find_entry(district, list, (uint32_t)json_integer_value(json_object_get(entry, "row")));
}

static json_t *waterfall_json(struct http_request *request, json_t *pair)
{
	bool busy;
	const struct district *district = http_register_at_rest(request, &busy);
	uint32_t a = district ? find_entry(district, json_object_get(pair, "a")) : DISTRICT_NONE;
	uint32_t b = district ? find_entry(district, json_object_get(pair, "b")) : DISTRICT_NONE;
	struct waterfall waterfall;
	struct linker_statistics statistics;
	json_t *parts = json_array();
	double prior = 0, threshold = 0.5;

	if (a == DISTRICT_NONE || b == DISTRICT_NONE || a == b)
		return json_pack("{s:f, s:o, s:O, s:O, s:f, s:s, s:b}", "prior", prior, "parts", parts, "weight", json_object_get(pair, "weight"),
			"probability", json_object_get(pair, "probability"), "threshold", threshold, "from", "stored", "busy", busy);
	linker_explain(district_linker(district), a < b ? a : b, a < b ? b : a, &waterfall);
	linker_statistics(district_linker(district), &statistics);
	for (size_t i = 0; i < waterfall.n; i++) {
		if (waterfall.parts[i].field == -1)
			prior += (double)waterfall.parts[i].weight;
		else
			json_array_append_new(parts, part_json(&waterfall.parts[i]));
	}
	threshold = statistics.threshold;
	return json_pack("{s:f, s:o, s:f, s:f, s:f, s:s, s:b}", "prior", prior, "parts", parts, "weight", (double)waterfall.pair.weight,
		"probability", (double)waterfall.pair.probability, "threshold", threshold, "from", "engine", "busy", 0);
}

/* ---- one flag ---- */

static void flag_shown(struct http_request *request, PGresult *result, void *arg)
{
	struct flag_cases cases;
	struct flag_case flag;
	struct error err = {0};
	json_t *json = NULL, *sentences = NULL;
	PGresult *copy;
	char etag[80];

	if (PQntuples(result) == 0) {
		http_reply_absent(request);
		return;
	}
	copy = PQcopyResult(result, PG_COPYRES_TUPLES);
	if (!copy) {
		http_reply_busy(request);
		return;
	}
	json = json_loads(PQgetvalue(result, 0, PQfnumber(result, "json")), 0, NULL);
	if (flag_cases_take(&cases, str_from(PQgetvalue(result, 0, PQfnumber(result, "config"))), copy, &err) < 0 ||
		flag_cases_get(&cases, 0, &flag, &err) < 0 || !(sentences = explained_json(&flag.explained, &err))) {
		http_reply_error(request, &err);
		json_decref(json);
	} else {
		size_t n = json_array_size(sentences);

		/* What to do next is the last sentence. */
		json_object_set(json, "next_step", n > 1 ? json_array_get(sentences, n - 1) : json_null());
		if (n > 1)
			json_array_remove(sentences, n - 1);
		json_object_set_new(json, "sentences", sentences);
		json_object_set_new(json, "comparison", flag.explained.at.entry && flag.explained.other.entry
			? comparison_json(flag.explained.at.entry, flag.explained.other.entry) : json_array());
		snprintf(etag, sizeof etag, "\"%.60s\"", json_string_value(json_object_get(json, "version")));
		http_reply_header(request, "ETag", etag);
		http_reply_json(request, 200, json);
	}
	flag_cases_release(&cases);
}

void api_show_flag(struct http_request *request)
{
	int64_t number;

	if (http_integer(http_path(request, "flag"), &number))
		http_sql_query(request, "api_flag", DB_VALUES(http_path(request, "flag")), flag_shown, NULL);
	else
		http_reply_absent(request);
}

/* ---- a field sheet ---- */

static json_t *visit_json(struct flag_cases *cases, PGresult *result, int row, struct error *err)
{
	json_t *visit = json_loads(PQgetvalue(result, row, PQfnumber(result, "json")), 0, NULL);
	struct flag_case flag;
	struct strbuf text[2];
	int rc = flag_cases_get(cases, row, &flag, err);

	strbuf_init(&text[0], EXPLAIN_TEXT_MAX);
	strbuf_init(&text[1], EXPLAIN_TEXT_MAX);
	for (int english = 0; rc == 0 && english < 2; english++) {
		const struct explain_style style = {.english = english, .one_line = true};

		if (explain_flag(&flag.explained, &style, &text[english], err) < 0 || strbuf_failed(&text[english], err) < 0)
			rc = -1;
	}
	if (rc == 0) {
		json_object_set_new(visit, "why", json_pack("{s:s, s:s}", "text", text[0].p, "text_en", text[1].p));
		json_object_set_new(visit, "ask", json_pack("{s:s, s:s}", "text", export_question(flag.flag.kind, LANG_ID), "text_en",
							export_question(flag.flag.kind, LANG_EN)));
	}
	strbuf_release(&text[0]);
	strbuf_release(&text[1]);
	if (rc == 0)
		return visit;
	json_decref(visit);
	return NULL;
}

static void sheet_shown(struct http_request *request, PGresult *result, void *arg)
{
	struct flag_cases cases;
	struct error err = {0};
	json_t *json, *visits = json_array();
	PGresult *copy;
	char etag[80];
	bool well = true;

	copy = PQntuples(result) ? PQcopyResult(result, PG_COPYRES_TUPLES) : NULL;
	if (!copy) {
		json_decref(visits);
		http_reply_absent(request);
		return;
	}
	well = flag_cases_take(&cases, str_from(PQgetvalue(result, 0, PQfnumber(result, "config"))), copy, &err) == 0;
	for (int row = 0; well && row < cases.n; row++) {
		json_t *visit = visit_json(&cases, result, row, &err);

		well = visit && json_array_append_new(visits, visit) == 0;
	}
	if (well) {
		json = json_loads(PQgetvalue(result, 0, PQfnumber(result, "sheet")), 0, NULL);
		json_object_set_new(json, "visits", visits);
		http_audit_seen(request, "household", PQgetvalue(result, 0, PQfnumber(result, "seen_households")));
		snprintf(etag, sizeof etag, "\"%.60s\"", json_string_value(json_object_get(json, "version")));
		http_reply_header(request, "ETag", etag);
		http_reply_json(request, 200, json);
	} else {
		json_decref(visits);
		http_reply_error(request, &err);
	}
	flag_cases_release(&cases);
}

void api_show_sheet(struct http_request *request)
{
	int64_t number;

	if (http_integer(http_path(request, "sheet"), &number))
		http_sql_query(request, "api_sheet", DB_VALUES(http_path(request, "sheet")), sheet_shown, NULL);
	else
		http_reply_absent(request);
}

/* ---- pairs ---- */

static json_t *pair_json(struct http_request *request, PGresult *result, int row, struct error *err)
{
	struct entry a, b;
	json_t *json;

	if (db_null(result, row, 0))
		return NULL;
	if (read_entry(result, row, 2, &request->arena, &a, err) < 0 || read_entry(result, row, 2 + ENTRY_FIELDS, &request->arena, &b, err) < 0)
		return NULL;
	json = json_loads(PQgetvalue(result, row, 0), 0, NULL);
	json_object_set_new(json, "comparison", comparison_json(&a, &b));
	json_object_set_new(json, "waterfall", waterfall_json(request, json));
	return json;
}

/* Everybody whom these pairs show, for the audit trail. */
static void note_persons(struct http_request *request, const PGresult *result)
{
	int column = PQfnumber(result, "persons"), n = PQntuples(result);
	struct error ignored = {0};
	struct strbuf ids;

	strbuf_init(&ids, 64 << 10); /* five families hold less */
	for (int row = 0; row < n; row++) {
		const char *text = PQgetvalue(result, row, column);
		size_t length = strlen(text);

		if (length > 2)
			strbuf_addf(&ids, "%s%.*s", ids.n ? "," : "{", (int)length - 2, text + 1);
	}
	if (ids.n)
		strbuf_add(&ids, STR_LITERAL("}"));
	http_audit_seen(request, "person", strbuf_failed(&ids, &ignored) == 0 && ids.n ? ids.p : NULL);
	strbuf_release(&ids);
}

static void pair_shown(struct http_request *request, PGresult *result, void *arg)
{
	struct error err = {0};
	json_t *json = PQntuples(result) ? pair_json(request, result, 0, &err) : NULL;
	char etag[80];

	if (json) {
		note_persons(request, result);
		snprintf(etag, sizeof etag, "\"%.60s\"", json_string_value(json_object_get(json, "version")));
		http_reply_header(request, "ETag", etag);
		http_reply_json(request, 200, json);
	} else if (err.kind != ERROR_NONE) {
		http_reply_error(request, &err);
	} else {
		http_reply_absent(request);
	}
}

void api_show_pair(struct http_request *request)
{
	http_sql_query(request, "api_pair", DB_VALUES(http_path(request, "pair")), pair_shown, NULL);
}

static void progress_shown(struct http_request *request, PGresult *result, void *arg)
{
	http_reply_json(request, 200, json_pack("{s:[], s:o}", "items", "progress", json_loads(PQgetvalue(result, 0, 0), 0, NULL)));
}

static void next_pairs_shown(struct http_request *request, PGresult *result, void *arg)
{
	json_t *items = json_array();
	struct error err = {0};

	for (int row = 0; row < PQntuples(result); row++) {
		json_t *json = pair_json(request, result, row, &err);

		if (json)
			json_array_append_new(items, json);
	}
	if (PQntuples(result)) {
		note_persons(request, result);
		http_reply_json(request, 200,
			json_pack("{s:o, s:o}", "items", items, "progress", json_loads(PQgetvalue(result, 0, 1), 0, NULL)));
	} else {
		json_decref(items);
		http_sql_query(request, "api_review_progress", 0, NULL, progress_shown, NULL);
	}
}

void api_show_next_pairs(struct http_request *request)
{
	const char *limit = http_query(request, "limit"), *village = http_query(request, "village");
	int64_t number;

	if ((limit && !http_integer(limit, &number)) || (village && !http_integer(village, &number))) {
		http_reply_problem(request, 400, "bad-value", "Nilai limit dan village harus bilangan bulat.", "limit and village must be whole numbers.");
		return;
	}
	http_sql_query(request, "api_pairs_next",
		DB_VALUES(http_query(request, "kind"), http_query(request, "programme"), village, http_query(request, "across"),
			http_query(request, "second"), http_query(request, "skip"), limit),
		next_pairs_shown, NULL);
}
