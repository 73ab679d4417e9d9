/*
 * The bytes of an upload, in one piece or several: written in the pool to a file of the daemon's folder, from where the last piece ended. What
 * came before a connection broke off counts; the database says how much that is.
 */
#include "daemon/base/log.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/upload.h"
#include "daemon/ingest/file_type.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

struct receiving {
	int64_t at, to; /* the next byte of the file, and the one beyond the piece */
	int fd;
	uv_fs_t fs;
	char *piece;
	size_t piece_n;
	bool writing, ended, answered, failed;
	struct error refused;
};

static struct receiving *receiving_of(struct http_request *request)
{
	return upload_of(request)->step;
}

static void noted(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_answer(request, result);
}

static void refusal_kept(struct http_request *request, PGresult *result, void *arg)
{
	http_reply_error(request, &receiving_of(request)->refused);
}

static void refusal_noted(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_commit(request, refusal_kept, NULL);
}

/* All of the piece is written, or as much as will come. */
static void finish_content(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct receiving *r = receiving_of(request);
	char received[24];

	if (r->answered)
		return;
	r->answered = true;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	snprintf(received, sizeof received, "%" PRId64, r->at);
	if (r->failed)
		http_reply_problem(request, 503, "disk", "Berkas tidak dapat disimpan di server; beri tahu administrator.",
			"The file cannot be kept on the server; tell an administrator.");
	else if (r->refused.kind != ERROR_NONE)
		http_sql_query(request, "api_upload_received", DB_VALUES(upload->id, received, r->refused.id, r->refused.en), refusal_noted, NULL);
	else
		http_sql_query(request, "api_upload_received", DB_VALUES(upload->id, received, NULL, NULL), noted, NULL);
}

static void write_on(struct http_request *request);

static void on_written(uv_fs_t *fs)
{
	struct http_request *request = fs->data;
	struct receiving *r = receiving_of(request);
	ssize_t n = fs->result;

	uv_fs_req_cleanup(fs);
	r->writing = false;
	if (n < 0) {
		log_error("an upload could not be written", LOG_WORD("error", uv_strerror((int)n)));
		r->failed = true;
	} else {
		r->at += n;
		if ((size_t)n < r->piece_n) {
			memmove(r->piece, r->piece + n, r->piece_n - (size_t)n);
			r->piece_n -= (size_t)n;
			write_on(request);
			http_request_drop(request);
			return;
		}
	}
	free(r->piece);
	r->piece = NULL;
	if (r->ended || r->failed)
		finish_content(request);
	else
		http_body_resume(request);
	http_request_drop(request);
}

static void write_on(struct http_request *request)
{
	struct receiving *r = receiving_of(request);
	uv_buf_t buffer = uv_buf_init(r->piece, (unsigned)r->piece_n);

	r->writing = true;
	r->fs.data = request;
	http_request_keep(request);
	if (uv_fs_write(http_loop(request), &r->fs, r->fd, &buffer, 1, r->at, on_written) < 0) {
		r->writing = false;
		r->failed = true;
		finish_content(request);
		http_request_drop(request);
	}
}

static enum http_body_more take_bytes(struct http_request *request, const char *bytes, size_t n, bool broken)
{
	struct receiving *r = receiving_of(request);
	enum file_type type;

	if (r->answered)
		return HTTP_BODY_GO_ON;
	if (!bytes) {
		r->ended = true;
		if (!r->writing)
			finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	if (r->at == 0 && file_type_find((struct str){bytes, n}, &type, &r->refused) < 0) {
		finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	if (r->at + (int64_t)n > r->to)
		n = (size_t)(r->to - r->at); /* more than was announced is not looked at */
	if (!n)
		return HTTP_BODY_GO_ON;
	r->piece = malloc(n);
	if (!r->piece) {
		r->failed = true;
		finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	memcpy(r->piece, bytes, n);
	r->piece_n = n;
	write_on(request);
	return HTTP_BODY_PAUSE;
}

/* "bytes 100-199/1000"; without it the whole file. false: the request has been answered. */
static bool read_range(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct receiving *r = receiving_of(request);
	const char *range = http_header(request, "Content-Range");
	long long from = 0, last = upload->bytes - 1, total = upload->bytes;
	int64_t size = http_body_size(request);
	int end = 0;

	if (range && (sscanf(range, "bytes %lld-%lld/%lld%n", &from, &last, &total, &end) != 3 || range[end] || from < 0 || last < from)) {
		http_reply_problem(request, 400, "range", "Content-Range harus berbentuk: bytes 0-1048575/7340032.", "Content-Range must be as in: bytes 0-1048575/7340032.");
		return false;
	}
	if (total != upload->bytes || last >= upload->bytes || (size >= 0 && size > last + 1 - from)) {
		http_reply_problem(request, 422, "size", "Ukuran berkas lain dari yang diumumkan; mulai kiriman baru.",
			"The file's size is not what was announced; begin a new upload.");
		return false;
	}
	if (from != upload->received) {
		http_reply_problem(request, 409, "offset", "Lanjutkan dari byte yang sudah diterima (lihat received).", "Go on from the byte that has been received (see received).");
		return false;
	}
	r->at = from;
	r->to = last + 1;
	return true;
}

static void content_may_come(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct receiving *r = arena_alloc(&request->arena, sizeof *r);

	if (!r) {
		http_reply_busy(request);
		return;
	}
	upload->step = r;
	r->fd = -1;
	if (strcmp(upload->state, "receiving") != 0) {
		upload_reply_state(request);
		return;
	}
	if (!read_range(request))
		return;
	r->fd = open(upload->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (r->fd < 0) {
		log_error("an upload's file could not be opened", LOG_WORD("error", strerror(errno)));
		r->failed = true;
		finish_content(request);
		return;
	}
	http_body_to(request, take_bytes);
}

void api_take_content(struct http_request *request)
{
	upload_look_up(request, content_may_come);
}
