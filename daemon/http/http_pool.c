/*
 * Handlers' work in the pool; see http_pool.h.
 */
#include "daemon/http/http_pool.h"

#include "daemon/http/http_internal.h"

#include "daemon/base/banned.h"

struct pool_work {
	uv_work_t work;
	struct http_request *request;
	http_pool_fn *in_pool, *done;
};

static void run(uv_work_t *work)
{
	struct pool_work *p = work->data;

	p->in_pool(p->request);
}

static void ran(uv_work_t *work, int status)
{
	struct pool_work *p = work->data;
	struct http_request *request = p->request;

	(void)status; /* nobody cancels it */
	request->server->pool_work--;
	p->done(request);
	http_request_drop(request);
}

bool http_pool_run(struct http_request *request, http_pool_fn *work, http_pool_fn *done)
{
	struct pool_work *p = arena_alloc(&request->arena, sizeof *p);

	if (!p) {
		http_reply_busy(request);
		return false;
	}
	*p = (struct pool_work){.request = request, .in_pool = work, .done = done};
	p->work.data = p;
	http_request_keep(request);
	request->server->pool_work++;
	if (uv_queue_work(http_loop(request), &p->work, run, ran) == 0)
		return true;
	request->server->pool_work--;
	http_reply_busy(request);
	http_request_drop(request);
	return false;
}
