/*
 * The list that an upload becomes: staged as the command line does it (daemon/ingest/list_import.h), on a blocking connection in the pool, one
 * file at a time.
 */
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"
#include "daemon/http/upload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

struct sending {
	struct import_list what;
	struct import_staged staged;
	int rc;
	struct error err;
};

static void list_in_pool(struct http_request *request)
{
	struct sending *sending = upload_of(request)->step;
	struct db_sync db = {0};

	sending->rc = db_sync_open(&db, request->server->conninfo, &sending->err);
	if (sending->rc == 0)
		sending->rc = import_list(&db, &sending->what, &sending->staged, &sending->err);
	db_sync_close(&db);
}

static void list_noted(struct http_request *request, PGresult *result, void *arg)
{
	const struct sending *sending = upload_of(request)->step;

	http_reply_json(request, 202, json_pack("{s:I, s:b, s:o}", "list", (json_int_t)sending->staged.list, "duplicate", sending->staged.duplicate, "state",
		json_loads(PQgetisnull(result, 0, 0) ? "\"received\"" : PQgetvalue(result, 0, 0), JSON_DECODE_ANY, NULL)));
}

static void list_made(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct sending *sending = upload->step;
	char list[24];

	request->server->importing = false;
	if (sending->rc < 0) {
		http_reply_error(request, &sending->err);
		return;
	}
	unlink(upload->path);
	snprintf(list, sizeof list, "%ld", sending->staged.list);
	http_sql_query(request, "api_upload_used", DB_VALUES(upload->id, list), list_noted, NULL);
}

/* YYYY-MM-DD; PostgreSQL would not say which value it cannot read. */
static bool is_day(const char *text)
{
	int year, month, day, end = 0;

	return sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && !text[end] && end == 10 && month >= 1 && month <= 12 && day >= 1 && day <= 28 + (month != 2) * 3;
}

static void list_may_be_made(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct sending *sending;
	const char *kind = http_json_text(request, "kind"), *subject = http_json_text(request, "subject"), *period = http_json_text(request, "period");

	if (strcmp(upload->state, "complete") != 0) {
		upload_reply_state(request);
		return;
	}
	if (http_json_text(request, "decree_date") && !is_day(http_json_text(request, "decree_date"))) {
		http_reply_problem(request, 422, "decree-date", "Tanggal SK harus berbentuk TTTT-BB-HH.", "The decree's date must be YYYY-MM-DD.");
		return;
	}
	if (!kind || !period || (strcmp(kind, "programme") != 0 && strcmp(kind, "target") != 0 && strcmp(kind, "reference") != 0) ||
		(strcmp(kind, "target") != 0 && !subject)) {
		http_reply_problem(request, 422, "missing", "Sebutkan jenis daftar, program atau daftar acuannya, dan periodenya.",
			"Say the kind of list, its programme or reference, and the period.");
		return;
	}
	if (request->server->importing) {
		http_reply_busy(request); /* one file at a time is read; the page asks again */
		return;
	}
	sending = arena_alloc(&request->arena, sizeof *sending);
	if (!sending) {
		http_reply_busy(request);
		return;
	}
	upload->step = sending;
	upload_read_chosen(request);
	sending->what = (struct import_list){.path = upload->path, .name = upload->file_name, .door = "web", .office = request->who.office,
		.district = (int)strtol(request->who.district, NULL, 10), .kind = kind, .subject = strcmp(kind, "target") == 0 ? "target" : subject, .period = period,
		.sender = request->who.name, .decree_number = http_json_text(request, "decree_number"),
		.decree_date = http_json_text(request, "decree_date"), .chosen = upload->chosen, .n_chosen = upload->n_chosen};
	request->server->importing = http_pool_run(request, list_in_pool, list_made);
}

void api_send_list(struct http_request *request)
{
	upload_look_up(request, list_may_be_made);
}
