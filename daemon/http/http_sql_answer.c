/*
 * A row, or a refusal, of the database as the answer to a request; see http_sql.h.
 */
#include "daemon/base/log.h"
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

/* A column by its name; NULL where it is not or is SQL's NULL. */
static const char *cell(const PGresult *result, const char *column)
{
	int at = PQfnumber(result, column);

	return at < 0 || PQgetisnull(result, 0, at) ? NULL : PQgetvalue(result, 0, at);
}

void http_sql_answer(struct http_request *request, const PGresult *result)
{
	const char *json, *csv, *etag, *location, *file_name, *given;
	int64_t status = 200;
	char text[160];

	if (PQntuples(result) == 0) {
		http_reply_absent(request);
		return;
	}
	json = cell(result, "json");
	csv = cell(result, "csv");
	etag = cell(result, "etag");
	location = cell(result, "location");
	file_name = cell(result, "file_name");
	if (cell(result, "status"))
		http_integer(cell(result, "status"), &status);
	if (cell(result, "seen_persons"))
		http_audit_seen(request, "person", cell(result, "seen_persons"));
	else if (cell(result, "seen_households"))
		http_audit_seen(request, "household", cell(result, "seen_households"));
	if (status == 404 || (!json && !csv && status != 204)) {
		http_reply_absent(request);
		return;
	}
	if (location)
		http_reply_header(request, "Location", location);
	if (file_name) {
		snprintf(text, sizeof text, "attachment; filename=\"%.120s\"", file_name);
		http_reply_header(request, "Content-Disposition", text);
	}
	if (etag) {
		snprintf(text, sizeof text, "\"%.120s\"", etag);
		http_reply_header(request, "ETag", text);
		given = http_header(request, "If-None-Match");
		if (given && request->method == HTTP_GET && strstr(given, text)) {
			http_reply_empty(request, 304);
			return;
		}
	}
	if (status == 204)
		http_reply_empty(request, 204);
	else if (csv)
		http_reply_text(request, (unsigned)status, "text/csv; charset=utf-8", csv, strlen(csv));
	else
		http_reply_text(request, (unsigned)status, status < 400 ? "application/json; charset=utf-8" : "application/problem+json; charset=utf-8",
			json, strlen(json));
}

void http_sql_failure(struct http_request *request, const struct db_failure *failure)
{
	const char *state = failure->sqlstate;

	if (strncmp(state, "PD", 2) == 0) {
		bool absent = strcmp(state, "PD017") == 0 || strcmp(state, "PD021") == 0 || strcmp(state, "PD404") == 0;
		bool conflict = strcmp(state, "PD409") == 0;

		if (absent)
			http_reply_absent(request);
		else
			http_reply_problem(request, conflict ? 409 : 422, conflict ? "conflict" : "refused", failure->err.id, failure->err.en);
	} else if (strcmp(state, "42501") == 0) {
		log_warning("a request went past its rights", LOG_WORD("route", request->route ? request->route->pattern : "-"));
		http_reply_absent(request);
	} else if (strncmp(state, "22", 2) == 0) {
		http_reply_problem(request, 400, "bad-value", "Salah satu nilai tidak dapat dipakai.", "One of the values cannot be used.");
	} else if (strcmp(state, "23505") == 0) {
		http_reply_problem(request, 409, "exists", "Sudah ada.", "It is there already.");
	} else if (strcmp(state, "57014") == 0) {
		log_warning("a request's statement took too long", LOG_WORD("route", request->route ? request->route->pattern : "-"));
		http_reply_busy(request);
	} else if (failure->lost || failure->passing || failure->err.kind == ERROR_CANCELLED) {
		http_reply_busy(request);
	} else {
		http_reply_error(request, &failure->err);
	}
}
