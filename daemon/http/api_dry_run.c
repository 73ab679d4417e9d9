/*
 * What a new or changed rule would flag, before it is saved: tried in the pool (dry_run.h), one at a time; then the entries that are shown as
 * examples are read as the caller may see them, masked, and recorded.
 */
#include "daemon/http/api_handlers.h"
#include "daemon/http/dry_run.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

struct trial {
	struct dry_run run;
	int rc;
	struct error err;
	json_t *answer; /* without its examples */
};

static void try_rule(struct http_request *request)
{
	struct trial *trial = request->data;
	struct db_sync db = {0};

	trial->rc = db_sync_open(&db, request->server->conninfo, &trial->err);
	if (trial->rc == 0)
		trial->rc = dry_run_rule(&trial->run, &db, &trial->err);
	db_sync_close(&db);
}

static json_t *counts_json(const struct dry_run_count *counts, size_t n, bool villages)
{
	json_t *list = json_array();
	char village[24];

	for (size_t i = 0; i < n; i++) {
		snprintf(village, sizeof village, "%" PRIu64, counts[i].village);
		json_array_append_new(list, json_pack("{s:s?, s:I}", "key", !villages ? counts[i].key : counts[i].village ? village : NULL, "count",
							(json_int_t)counts[i].n));
	}
	return list;
}

static void examples_read(struct http_request *request, PGresult *result, void *arg)
{
	struct trial *trial = request->data;

	http_audit_seen(request, "person", PQgetvalue(result, 0, 1));
	json_object_set_new(trial->answer, "examples", json_loads(PQgetvalue(result, 0, 0), 0, NULL));
	http_reply_json(request, 200, json_incref(trial->answer));
	json_decref(trial->answer);
}

static void examples_failed(struct http_request *request, const struct db_failure *failure, void *arg)
{
	struct trial *trial = request->data;

	json_decref(trial->answer);
	http_sql_failure(request, failure);
}

static void rule_tried(struct http_request *request)
{
	struct trial *trial = request->data;
	const struct dry_run *run = &trial->run;
	json_t *examples = json_array();
	char *text;

	request->server->trying = false;
	if (trial->rc < 0) {
		if (run->faults.n)
			http_reply_problem(request, 422, "faults", run->faults.items[0].id, run->faults.items[0].en);
		else
			http_reply_error(request, &trial->err);
		json_decref(examples);
		arena_release(&trial->run.arena);
		return;
	}
	trial->answer = json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:b}", "flagged", (json_int_t)run->flagged, "before", (json_int_t)run->before, "new",
		(json_int_t)run->added, "gone", (json_int_t)run->gone, "by_programme", counts_json(run->programmes, run->n_programmes, false), "by_village",
		counts_json(run->villages, run->n_villages, true), "estimated", 1);
	for (size_t i = 0; i < run->n_examples; i++)
		json_array_append_new(examples, json_pack("[I, I]", (json_int_t)run->examples[i].list, (json_int_t)run->examples[i].row));
	arena_release(&trial->run.arena);
	text = json_dumps(examples, JSON_COMPACT);
	json_decref(examples);
	http_sql_try(request, "api_dry_run", DB_VALUES(text), examples_read, examples_failed, NULL);
	free(text);
}

void api_dry_run(struct http_request *request)
{
	struct trial *trial = arena_alloc(&request->arena, sizeof *trial);
	json_t *values = json_object_get(request->json, "values");
	const char *code = http_json_text(request, "code");

	if (!trial || request->server->trying) {
		http_reply_busy(request); /* one at a time; the page asks again */
		return;
	}
	if (!code || !json_is_object(values) || !*code || strlen(code) > 60 || strpbrk(code, "[];# \t\r\n\"")) {
		http_reply_problem(request, 422, "missing", "Sebutkan kode aturan dan isinya.", "Give the rule's code and its values.");
		return;
	}
	request->data = trial;
	trial->run.district = request->who.district;
	trial->run.code = code;
	trial->run.values = values;
	arena_init(&trial->run.arena, 0);
	request->server->trying = http_pool_run(request, try_rule, rule_tried);
}
