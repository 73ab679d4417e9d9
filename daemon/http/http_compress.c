/*
 * Answers made shorter with gzip: in the pool, where that takes longer than going there. Texts alone, and of whoever asks for it; pages are
 * compressed when they are read (http_pages.c). Called by http_reply.c.
 */
#include "daemon/http/http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "daemon/base/banned.h"

enum { WORTH_COMPRESSING = 1400, COMPRESSED_HERE = 32 << 10 };

struct compressing {
	uv_work_t work;
	struct http_request *request;
	char *from, *to;
	size_t from_n, to_n;
};

static void compress_bytes(struct compressing *c)
{
	z_stream z = {0};
	size_t room;

	if (deflateInit2(&z, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	room = deflateBound(&z, c->from_n);
	c->to = malloc(room);
	if (c->to) {
		z.next_in = (Bytef *)c->from;
		z.avail_in = (uInt)c->from_n;
		z.next_out = (Bytef *)c->to;
		z.avail_out = (uInt)room;
		if (deflate(&z, Z_FINISH) == Z_STREAM_END)
			c->to_n = z.total_out;
	}
	deflateEnd(&z);
}

static void compress_in_pool(uv_work_t *work)
{
	compress_bytes(work->data);
}

/* The shorter text is the answer's, the other goes. */
static void take_shorter(struct compressing *c)
{
	struct http_answer *answer = c->request->answer;

	answer->compressed = c->to_n && c->to_n < c->from_n;
	answer->bytes = answer->compressed ? c->to : c->from;
	answer->n = answer->compressed ? c->to_n : c->from_n;
	free(answer->compressed ? c->from : c->to);
	free(c);
}

static void compressed(uv_work_t *work, int status)
{
	struct compressing *c = work->data;
	struct http_request *request = c->request;

	(void)status; /* nobody cancels it */
	take_shorter(c);
	http_answer_deliver_now(request);
	http_request_drop(request);
}

static bool accepts_gzip(struct http_request *request)
{
	const char *accepted = http_header(request, "Accept-Encoding");

	return accepted && strstr(accepted, "gzip") && !strstr(accepted, "gzip;q=0");
}

bool http_answer_compress(struct http_request *request)
{
	struct http_answer *answer = request->answer;
	struct compressing *c;

	if (!answer->bytes || answer->n < WORTH_COMPRESSING || answer->n > UINT32_MAX / 2 || !answer->content_type ||
		!(strstr(answer->content_type, "json") || strncmp(answer->content_type, "text/", 5) == 0) || !accepts_gzip(request))
		return false;
	c = calloc(1, sizeof *c);
	if (!c)
		return false;
	*c = (struct compressing){.request = request, .from = answer->bytes, .from_n = answer->n};
	c->work.data = c;
	if (c->from_n <= COMPRESSED_HERE) {
		compress_bytes(c);
		take_shorter(c);
		return false;
	}
	http_request_keep(request);
	answer->bytes = NULL;
	if (uv_queue_work(request->server->loop, &c->work, compress_in_pool, compressed) == 0)
		return true;
	answer->bytes = c->from;
	free(c);
	http_request_drop(request);
	return false;
}
