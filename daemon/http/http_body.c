/*
 * Bodies as they come: kept whole for JSON, handed on for streams, read away when the answer stands already. See http_request.h.
 */
#include "daemon/http/http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/banned.h"

static void resume(struct http_request *request)
{
	if (!request->suspended || !request->connection)
		return;
	request->suspended = false;
	MHD_resume_connection(request->connection);
	http_server_kick(request->server);
}

void http_body_to(struct http_request *request, http_body_fn *take)
{
	request->take = take;
	resume(request);
}

void http_body_resume(struct http_request *request)
{
	if (request->state == REQUEST_WORKING && request->paused) {
		request->paused = false;
		resume(request);
	}
}

void http_suspend(struct http_request *request)
{
	request->suspended = true;
	MHD_suspend_connection(request->connection);
}

/* Keeps a JSON body; what is beyond the route's size is dropped and refused at the end. */
static void keep_body(struct http_request *request, const char *bytes, size_t n)
{
	size_t most = request->route && request->route->body_max ? request->route->body_max : LIMIT_WEB_BODY_BYTES;
	size_t room = request->body_room ? request->body_room : 4096;
	char *grown = request->body;

	if (request->too_large || request->body_n + n > most) {
		request->too_large = true;
		return;
	}
	while (room < request->body_n + n)
		room *= 2;
	if (room != request->body_room)
		grown = realloc(request->body, room);
	if (!grown) {
		request->too_large = true;
		return;
	}
	request->body = grown;
	request->body_room = room;
	memcpy(request->body + request->body_n, bytes, n);
	request->body_n += n;
}

void http_body_take(struct http_request *request, struct http_connection *connection, const char *bytes, size_t n)
{
	bool streams = request->route && request->route->body == HTTP_BODY_STREAM;

	connection->received += n;
	request->server->counters.bytes_received_total += n;
	if (request->state != REQUEST_RECEIVING && !(streams && request->state == REQUEST_WORKING)) {
		/* Answered already: what still comes is read away, to a point. */
		if (connection->received > LIMIT_WEB_REFUSED_BODY_BYTES)
			shutdown(connection->fd, SHUT_RDWR);
		return;
	}
	if (!streams) {
		if (request->route && request->route->body == HTTP_BODY_JSON)
			keep_body(request, bytes, n);
		else if (connection->received > LIMIT_WEB_BODY_BYTES)
			shutdown(connection->fd, SHUT_RDWR);
		return;
	}
	if (request->route->body_max && connection->received > request->route->body_max) {
		http_body_fn *take = request->take;

		request->take = NULL;
		if (take)
			take(request, NULL, 0, true); /* the handler answers, whatever it says */
		shutdown(connection->fd, SHUT_RDWR);
	} else if (request->take && request->take(request, bytes, n, false) == HTTP_BODY_PAUSE && request->state == REQUEST_WORKING) {
		request->paused = true;
		http_suspend(request);
	}
}
