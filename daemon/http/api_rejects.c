/*
 * Rejected rows in the office's own layout, to be mended and sent again (daemon/ingest/rejects.h): made in the pool, sent whole.
 */
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"
#include "daemon/ingest/list_import.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { FILE_BYTES_MAX = 64 << 20 };

struct rejects_file {
	int64_t list;
	char path[480];
	char *bytes;
	size_t n;
	int rc;
	struct error err;
};

int api_read_file(const char *path, char **bytes, size_t *n, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got = -1;

	*bytes = NULL;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size <= FILE_BYTES_MAX && (*bytes = malloc((size_t)st.st_size + 1))) {
		got = read(fd, *bytes, (size_t)st.st_size);
		*n = (size_t)(got < 0 ? 0 : got);
	}
	if (fd >= 0)
		close(fd);
	if (got >= 0)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return error_set(err, ERROR_SYSTEM, "Berkas tidak dapat dibuat; ambil dengan padan lists --rejects.", "The file cannot be made; take it with padan lists --rejects.");
}

static void rejects_in_pool(struct http_request *request)
{
	struct rejects_file *r = request->data;
	struct db_sync db = {0};
	uint64_t rows;

	r->rc = db_sync_open(&db, request->server->conninfo, &r->err);
	if (r->rc == 0)
		r->rc = import_write_rejects(&db, (int)strtol(request->who.district, NULL, 10), (long)r->list, r->path, &rows, &r->err);
	if (r->rc == 0 && rows == 0)
		r->rc = error_set(&r->err, ERROR_INPUT, "Daftar ini tidak mempunyai baris yang ditolak.", "This list has no rejected rows.");
	if (r->rc == 0)
		r->rc = api_read_file(r->path, &r->bytes, &r->n, &r->err);
	unlink(r->path);
	db_sync_close(&db);
}

static void rejects_made(struct http_request *request)
{
	struct rejects_file *r = request->data;
	char name[80];

	if (r->rc == 0) {
		snprintf(name, sizeof name, "attachment; filename=\"ditolak-%" PRId64 ".csv\"", r->list);
		http_reply_header(request, "Content-Disposition", name);
		http_reply_owned(request, 200, "text/csv; charset=utf-8", r->bytes, r->n);
	} else {
		http_reply_error(request, &r->err);
	}
}

static void rejects_audited(struct http_request *request, PGresult *result, void *arg)
{
	if (!http_pool_run(request, rejects_in_pool, rejects_made))
		return; /* answered */
}

static void rejects_allowed(struct http_request *request, PGresult *result, void *arg)
{
	if (PQntuples(result) == 0)
		http_reply_absent(request);
	else
		http_sql_audit(request, rejects_audited, NULL);
}

void api_rejects_file(struct http_request *request)
{
	struct rejects_file *r = arena_alloc(&request->arena, sizeof *r);

	if (!r) {
		http_reply_busy(request);
		return;
	}
	request->data = r;
	if (!http_integer(http_path(request, "list"), &r->list)) {
		http_reply_absent(request);
		return;
	}
	snprintf(r->path, sizeof r->path, "%s/rejects-%p", request->server->uploads, (void *)request);
	http_sql_query(request, "api_rejects_may", DB_VALUES(http_path(request, "list")), rejects_allowed, NULL);
}
