/*
 * Flags of a filter, or of a field sheet, as a CSV file or a workbook with a sheet for each village: the same files as `padan export`
 * makes (daemon/export/export_rows.h), numbers masked. PostgreSQL gives the rows as the caller may see them; the file is made in the
 * pool and sent whole.
 */
#include "daemon/export/export_rows.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

struct exporting {
	struct flag_cases cases;
	bool xlsx, taken;
	char path[480];
	const char *name;
	char *bytes;
	size_t n;
	int rc;
	struct error err;
};

static void make_file(struct http_request *request)
{
	struct exporting *x = request->data;
	const struct export_style style = {.lang = request->lang};

	x->rc = x->xlsx ? export_xlsx(&x->cases, x->path, &style, &x->err) : export_csv(&x->cases, x->path, &style, &x->err);
	if (x->rc == 0)
		x->rc = api_read_file(x->path, &x->bytes, &x->n, &x->err);
	unlink(x->path);
}

static void file_made(struct http_request *request)
{
	struct exporting *x = request->data;
	char text[120];

	if (x->rc == 0) {
		snprintf(text, sizeof text, "attachment; filename=\"%s.%s\"", x->name, x->xlsx ? "xlsx" : "csv");
		http_reply_header(request, "Content-Disposition", text);
		http_reply_owned(request, 200, x->xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
			x->bytes, x->n);
	} else {
		http_reply_error(request, &x->err);
	}
	flag_cases_release(&x->cases);
}

static void recorded(struct http_request *request, PGresult *result, void *arg)
{
	struct exporting *x = request->data;

	if (!http_pool_run(request, make_file, file_made))
		flag_cases_release(&x->cases);
}

/* config: where the result has the configuration. */
static void rows_there(struct http_request *request, PGresult *result, void *arg)
{
	struct exporting *x = request->data;
	PGresult *copy = PQcopyResult(result, PG_COPYRES_TUPLES);
	const char *config = PQntuples(result) ? PQgetvalue(result, 0, PQfnumber(result, "config")) : "";

	if (!copy) {
		http_reply_busy(request);
		return;
	}
	if (!PQntuples(result)) {
		PQclear(copy);
		if (arg)
			http_reply_absent(request); /* a sheet that is not the caller's */
		else
			http_reply_problem(request, 422, "nothing", "Tidak ada temuan untuk saringan ini.", "There are no flags for this filter.");
		return;
	}
	if (flag_cases_take(&x->cases, str_from(config), copy, &x->err) < 0) {
		flag_cases_release(&x->cases);
		http_reply_error(request, &x->err);
		return;
	}
	if (arg)
		http_audit_seen(request, "household", PQgetvalue(result, 0, PQfnumber(result, "seen_households")));
	http_sql_audit(request, recorded, NULL);
}

static struct exporting *begin(struct http_request *request, bool xlsx, const char *name)
{
	struct exporting *x = arena_alloc(&request->arena, sizeof *x);

	if (!x) {
		http_reply_busy(request);
		return NULL;
	}
	request->data = x;
	x->xlsx = xlsx;
	x->name = name;
	snprintf(x->path, sizeof x->path, "%s/export-%p", request->server->uploads, (void *)request);
	return x;
}

static void export_flags(struct http_request *request, bool xlsx)
{
	const char *values[HTTP_PARAMS_MAX];
	int n;

	if (begin(request, xlsx, "temuan") && http_route_values(request, values, &n) == 0)
		http_sql_query(request, "api_flags_export", n, values, rows_there, NULL);
}

void api_export_csv(struct http_request *request)
{
	export_flags(request, false);
}

void api_export_xlsx(struct http_request *request)
{
	export_flags(request, true);
}

void api_export_sheet(struct http_request *request)
{
	int64_t number;

	if (!http_integer(http_path(request, "sheet"), &number))
		http_reply_absent(request);
	else if (begin(request, true, "verifikasi"))
		http_sql_query(request, "api_sheet", DB_VALUES(http_path(request, "sheet")), rows_there, request);
}
