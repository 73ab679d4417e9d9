/*
 * A proposed target list as a file: rows in the layout of the list it starts from (padan.proposal_rows), to be decreed and sent as a list. It
 * is made in the pool and sent whole; the rest of the proposals is SQL (api_proposal*.sql).
 */
#include "daemon/db/copy_text.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"
#include "daemon/ingest/file_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

struct proposal {
	int64_t number;
	const char *header; /* as PostgreSQL writes an array */
	char delimiter;
	char path[480];
	struct arena arena; /* of one row */
	struct file_writer *writer;
	char *bytes;
	size_t n;
	int rc;
	struct error err;
};

static int write_cells(struct proposal *p, struct str array, struct error *err)
{
	struct str *cells;
	size_t n;

	if (copy_read_array(array, &p->arena, &cells, &n) < 0)
		return error_memory(err);
	for (size_t i = 0; i < n; i++)
		file_writer_cell_safe(p->writer, cells[i]);
	file_writer_row_end(p->writer);
	return 0;
}

static int write_row(void *arg, const char *row, size_t n, struct error *err)
{
	struct proposal *p = arg;
	struct copy_field field;

	arena_reset(&p->arena);
	if (copy_read_row((struct str){row, n}, &p->arena, &field, 1) != 1)
		return error_memory(err);
	return write_cells(p, field.text, err);
}

static int write_file(struct proposal *p, struct db_sync *db, const char *district)
{
	char sql[160];

	p->writer = file_writer_open(p->path, &p->err);
	if (!p->writer)
		return -1;
	file_writer_delimiter(p->writer, p->delimiter);
	file_writer_text(p->writer, "\xEF\xBB\xBF");
	snprintf(sql, sizeof sql, "COPY (SELECT padan.proposal_rows(%d, %" PRId64 ")) TO STDOUT", (int)strtol(district, NULL, 10), p->number);
	if (write_cells(p, str_from(p->header), &p->err) < 0 || db_sync_copy_out(db, sql, write_row, p, &p->err) < 0)
		return -1;
	return file_writer_finish(p->writer, &p->err);
}

static void make_file(struct http_request *request)
{
	struct proposal *p = request->data;
	struct db_sync db = {0};

	arena_init(&p->arena, 0);
	p->rc = db_sync_open(&db, request->server->conninfo, &p->err);
	if (p->rc == 0)
		p->rc = write_file(p, &db, request->who.district);
	if (p->rc == 0)
		p->rc = api_read_file(p->path, &p->bytes, &p->n, &p->err);
	file_writer_free(p->writer);
	unlink(p->path);
	db_sync_close(&db);
	arena_release(&p->arena);
}

static void file_made(struct http_request *request)
{
	struct proposal *p = request->data;
	char name[80];

	if (p->rc < 0) {
		http_reply_error(request, &p->err);
		return;
	}
	snprintf(name, sizeof name, "attachment; filename=\"usulan-sasaran-%" PRId64 ".csv\"", p->number);
	http_reply_header(request, "Content-Disposition", name);
	http_reply_owned(request, 200, "text/csv; charset=utf-8", p->bytes, p->n);
}

static void recorded(struct http_request *request, PGresult *result, void *arg)
{
	if (!http_pool_run(request, make_file, file_made))
		return; /* answered */
}

static void layout_known(struct http_request *request, PGresult *result, void *arg)
{
	struct proposal *p = request->data;

	if (PQntuples(result) == 0) {
		http_reply_absent(request);
		return;
	}
	p->header = http_copy(request, PQgetvalue(result, 0, 1));
	p->delimiter = *PQgetvalue(result, 0, 2) ? *PQgetvalue(result, 0, 2) : ';';
	if (p->header)
		http_sql_audit(request, recorded, NULL);
	else
		http_reply_busy(request);
}

void api_proposal_file(struct http_request *request)
{
	struct proposal *p = arena_alloc(&request->arena, sizeof *p);

	if (!p) {
		http_reply_busy(request);
		return;
	}
	request->data = p;
	if (!http_integer(http_path(request, "proposal"), &p->number)) {
		http_reply_absent(request);
		return;
	}
	snprintf(p->path, sizeof p->path, "%s/proposal-%p", request->server->uploads, (void *)request);
	http_sql_query(request, "api_proposal_file", DB_VALUES(http_path(request, "proposal")), layout_known, NULL);
}
