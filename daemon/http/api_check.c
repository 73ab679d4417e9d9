/*
 * One person checked at the door: is this NIK with this name known? See POST /check in openapi.yaml.
 *
 * The district's register in memory is asked first, as a list's row would be matched: it finds a NIK or a name with errors in it. That runs
 * on the loop, as it takes some tenths of a millisecond and nobody else may have the register meanwhile; while a job has it, or before the first job
 * has loaded it, only the NIK as it is finds anybody.
 *
 * A check says no more than its caller could read in the lists that he may see. What the register found is a list of rows, each like the
 * person by itself; PostgreSQL gives those of them that row-level security shows the caller, and these alone decide. What is elsewhere is
 * answered as what is nowhere, in the same words and after the same work.
 */
#include "daemon/db/copy_text.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_register.h"
#include "daemon/jobs/entry_copy.h"
#include "matcher/compare/tokens.h"
#include "matcher/flag/explain.h"
#include "matcher/normalise/nik.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { ROWS_MAX = 100, CERTAIN_PERCENT = 50, OTHER_NIK_PERCENT = 90 }; /* ROWS_MAX: of api_check.sql */

struct check {
	struct entry asked;
	bool in_register; /* the register was asked */
	size_t n_hits;
	struct district_hit hits[DISTRICT_HITS_MAX];
	int64_t lists[DISTRICT_HITS_MAX];
	uint32_t rows[DISTRICT_HITS_MAX];
};

/* A row that the caller may see. */
struct seen_row {
	int64_t list, person;
	uint32_t row;
	double certainty; /* that it is the person asked for, by what it says itself */
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

/*
 * How sure a row is the person asked for. With the same NIK, the names decide: at a door, another's NIK with one's own name is no find,
 * whatever it would be between two lists. With another NIK, what the register found counts if it is hardly to be doubted.
 */
static double certainty_of(const struct check *check, int64_t list, const struct entry *entry)
{
	struct explain_part parts[EXPLAIN_FIELDS];
	double certainty;

	if (entry->nik == check->asked.nik) {
		explain_compare(&check->asked, entry, parts);
		certainty = name_certainty(parts[EXPLAIN_NAME].level);
		return parts[EXPLAIN_BIRTH].verdict == EXPLAIN_DIFFERS ? certainty * 0.8 : certainty;
	}
	for (size_t i = 0; i < check->n_hits; i++) {
		if (check->lists[i] == list && check->rows[i] == entry->row && check->hits[i].probability * 100 >= OTHER_NIK_PERCENT)
			return check->hits[i].probability;
	}
	return 0;
}

static int read_row(const struct check *check, PGresult *result, int at, struct arena *arena, struct seen_row *ret, struct error *err)
{
	struct copy_field fields[ENTRY_FIELDS];
	struct district_ids ids;
	struct entry entry;

	for (int i = 0; i < ENTRY_FIELDS; i++)
		fields[i] = (struct copy_field){{PQgetvalue(result, at, i), (size_t)PQgetlength(result, at, i)}, db_null(result, at, i)};
	if (entry_copy_fields(fields, arena, &ret->list, &entry, &ids, err) < 0)
		return -1;
	ret->row = entry.row;
	ret->person = (int64_t)ids.person;
	ret->certainty = certainty_of(check, ret->list, &entry);
	return 0;
}

static bool is_certain(const struct seen_row *row)
{
	return row->certainty * 100 >= CERTAIN_PERCENT;
}

/* Whether a row is the person's, by itself or as somebody's who is. */
static bool counts(const struct seen_row *rows, int n, const struct seen_row *row)
{
	for (int i = 0; i < n; i++) {
		if (is_certain(&rows[i]) && (&rows[i] == row || (row->person && rows[i].person == row->person)))
			return true;
	}
	return false;
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

static void answer(struct http_request *request, PGresult *result, const struct seen_row *rows, int n)
{
	const struct check *check = request->data;
	const struct seen_row *best = NULL;
	json_t *receives = json_array(), *flags = NULL;
	bool knows_target = request->who.may & HTTP_MAY_DISTRICT, target = false;
	struct nik nik;
	char ids[32];

	for (int i = 0; i < n; i++) {
		if (is_certain(&rows[i]) && (!best || rows[i].certainty > best->certainty))
			best = &rows[i];
		if (!counts(rows, n, &rows[i]))
			continue;
		if (strcmp(PQgetvalue(result, i, ENTRY_FIELDS), "programme") == 0)
			add_once(receives, PQgetvalue(result, i, ENTRY_FIELDS + 1));
		else if (strcmp(PQgetvalue(result, i, ENTRY_FIELDS), "target") == 0)
			target = knows_target = true; /* it stands in what the caller may see */
	}
	if (best) {
		flags = json_loads(PQgetvalue(result, (int)(best - rows), ENTRY_FIELDS + 2), 0, NULL);
		snprintf(ids, sizeof ids, "{%" PRId64 "}", best->person);
		http_audit_seen(request, "person", ids);
	}
	nik_describe(check->asked.nik, &nik);
	http_reply_json(request, 200, json_pack("{s:b, s:f, s:o, s:o, s:o, s:b, s:[], s:o, s:s}", "known", best != NULL,
		"certainty", best ? best->certainty : 0.0, "receives", receives, "on_target", knows_target ? json_boolean(target) : json_null(),
		"flags", flags ? flags : json_array(), "nik_valid", nik_is_key(&nik), "notes",
		"person", best && request->who.may & HTTP_MAY_SESSION ? json_integer(best->person) : json_null(),
		"searched", check->in_register ? "register" : "nik"));
}

static void checked(struct http_request *request, PGresult *result, void *arg)
{
	struct seen_row rows[ROWS_MAX];
	struct error err = {0};
	int n = PQntuples(result);

	for (int i = 0; i < n; i++) {
		if (read_row(request->data, result, i, &request->arena, &rows[i], &err) < 0) {
			http_reply_error(request, &err);
			return;
		}
	}
	answer(request, result, rows, n);
}

/* The rows of the register that are like the person, as "{1,2}" "{7,9}". */
static int ask_register(struct http_request *request, struct check *check, const char **lists, const char **rows)
{
	struct district *district = http_register_at_rest(request, NULL);
	struct strbuf texts[2];
	struct error err = {0};

	strbuf_init(&texts[0], 4096);
	strbuf_init(&texts[1], 4096);
	check->in_register = district && district_search_ready(district);
	if (check->in_register)
		check->n_hits = district_search_rows(district, &check->asked, check->hits, DISTRICT_HITS_MAX);
	for (size_t i = 0; i < check->n_hits; i++) {
		struct entry entry;

		district_entry(district, check->hits[i].entry, &entry);
		check->rows[i] = entry.row;
		check->lists[i] = (int64_t)district_list(district, district_list_of(district, check->hits[i].entry))->external;
		strbuf_addf(&texts[0], "%c%" PRId64, i ? ',' : '{', check->lists[i]);
		strbuf_addf(&texts[1], "%c%" PRIu32, i ? ',' : '{', check->rows[i]);
	}
	for (int t = 0; t < 2; t++)
		strbuf_addf(&texts[t], check->n_hits ? "}" : "{}");
	if (strbuf_failed(&texts[0], &err) == 0 && strbuf_failed(&texts[1], &err) == 0) {
		*lists = http_copy(request, texts[0].p);
		*rows = http_copy(request, texts[1].p);
	}
	strbuf_release(&texts[0]);
	strbuf_release(&texts[1]);
	return *lists && *rows ? 0 : -1;
}

void api_check(struct http_request *request)
{
	struct check *check = arena_alloc(&request->arena, sizeof *check);
	const char *nik, *name, *birth, *lists = NULL, *rows = NULL;

	if (!check) {
		http_reply_busy(request);
		return;
	}
	request->data = check;
	if (http_typed(request, "nik", FIELD_NIK, &nik) < 0 || http_typed(request, "name", FIELD_NAME, &name) < 0 ||
		http_typed(request, "birth", FIELD_DATE, &birth) < 0)
		return;
	if (!nik || !name) {
		http_reply_problem(request, 422, "missing", "Sebutkan NIK dan nama.", "Give a NIK and a name.");
		return;
	}
	*check = (struct check){.asked = {.nik = strtoull(nik, NULL, 10), .nik_digits = 16, .name = str_from(name), .name_shown = str_from(name),
		.birth = birth ? (uint32_t)strtoul(birth, NULL, 10) : 0}};
	if (ask_register(request, check, &lists, &rows) < 0)
		http_reply_busy(request);
	else
		http_sql_query(request, "api_check", DB_VALUES(nik, lists, rows), checked, NULL);
}
