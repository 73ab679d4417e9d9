/*
 * Connections: counted as they come and go, and what the library does not do itself – slow senders, slow readers, one connection making
 * room for another – looked at once a second, by shutting the socket, which the library then notices.
 */
#include "daemon/http/http_internal.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "daemon/base/banned.h"

static const uint64_t ns_each_second = 1000000000u;

static void cut(struct http_server *server, struct http_connection *connection)
{
	if (connection->cut)
		return;
	connection->cut = true;
	server->counters.connections_cut_total++;
	shutdown(connection->fd, SHUT_RDWR);
}

/* Room for another: the one that has waited longest without a request goes. */
static void make_room(struct http_server *server)
{
	struct http_connection *oldest = NULL;

	for (struct http_connection *c = server->connections; c; c = c->next) {
		if (!c->request && !c->cut && (!oldest || c->since_ns < oldest->since_ns))
			oldest = c;
	}
	if (oldest)
		cut(server, oldest);
}

void http_connection_notify(void *arg, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct http_server *server = arg;
	struct http_connection *connection = *context;
	const union MHD_ConnectionInfo *info;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
		if (server->connection_count >= LIMIT_WEB_CONNECTIONS - 8)
			make_room(server);
		connection = calloc(1, sizeof *connection);
		*context = connection;
		if (!connection || !info)
			return; /* its first request is refused */
		connection->fd = info->connect_fd;
		connection->since_ns = uv_hrtime();
		connection->fresh = true;
		connection->next = server->connections;
		if (server->connections)
			server->connections->prev = connection;
		server->connections = connection;
		server->connection_count++;
		server->counters.connections_total++;
		return;
	}
	if (!connection)
		return;
	if (connection->prev)
		connection->prev->next = connection->next;
	else
		server->connections = connection->next;
	if (connection->next)
		connection->next->prev = connection->prev;
	server->connection_count--;
	*context = NULL;
	free(connection);
}

void http_connections_sweep(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	uint64_t now = uv_hrtime();

	if (server->swept_ms && uv_now(server->loop) - server->swept_ms > 1500)
		server->late_until_ms = uv_now(server->loop) + 10000;
	server->swept_ms = uv_now(server->loop);
	for (struct http_connection *c = server->connections; c; c = c->next) {
		uint64_t seconds = (now - c->since_ns) / ns_each_second;
		enum request_state state = c->request ? (enum request_state)c->request->state : REQUEST_OVER;
		bool receiving = c->request && (state == REQUEST_RECEIVING || (state == REQUEST_WORKING && c->request->take && !c->request->paused));

		if (!c->request && seconds > (c->fresh ? server->header_seconds : LIMIT_WEB_IDLE_SECONDS))
			cut(server, c);
		else if (receiving && seconds > server->header_seconds + c->received / LIMIT_WEB_BYTES_EACH_SECOND)
			cut(server, c);
		else if (state == REQUEST_SENDING && seconds > LIMIT_WEB_SEND_SECONDS)
			cut(server, c);
	}
}
