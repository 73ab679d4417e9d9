/*
 * Work of a handler that may block, in the thread pool: the request and the server stay as long. work() uses its own data (request->data) and
 * the server's constants alone; done() is called on the loop afterwards, and answers.
 *
 * Not for: the server's own work (passwords, compression). Called by the handlers api_*.c.
 */
#ifndef PADAN_HTTP_POOL_H
#define PADAN_HTTP_POOL_H

#include "daemon/http/http_request.h"

typedef void http_pool_fn(struct http_request *request);

/* false: the request has been answered (503), neither is called. */
bool http_pool_run(struct http_request *request, http_pool_fn *work, http_pool_fn *done) PADAN_MUST_CHECK;

#endif
