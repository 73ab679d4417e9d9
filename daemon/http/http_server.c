/*
 * The HTTP library on the daemon's loop; see http_server.h. Requests begin, wait and end here; what they mean is the handlers'.
 *
 * libmicrohttpd has its own epoll descriptor, which a uv_poll watches; MHD_run() is called after every event, after every answer
 * and when its own time-outs are due. A connection whose handler is at work is suspended: the library forgets about it until
 * MHD_resume_connection().
 */
#include "daemon/base/log.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_events.h"
#include "daemon/http/http_refresh.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pages.h"
#include "daemon/http/http_password.h"
#include "daemon/http/http_rates.h"
#include "daemon/http/http_routes.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/banned.h"

/* ---- running the library ---- */

static void run_library(struct http_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;

	if (!server->daemon || server->in_run)
		return;
	server->in_run = true;
	MHD_run(server->daemon);
	server->in_run = false;
	if (uv_is_closing((uv_handle_t *)&server->wake))
		return;
	if (MHD_get_timeout(server->daemon, &wait) == MHD_YES)
		uv_timer_start(&server->wake, server->wake.timer_cb, wait, 0);
	else
		uv_timer_stop(&server->wake);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
	run_library(poll->data);
}

static void on_wake(uv_timer_t *timer)
{
	run_library(timer->data);
}

static void on_kick(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	struct http_request *next;

	run_library(server);
	for (struct http_request *request = server->requests; request; request = next) {
		next = request->next;
		http_stream_told(request);
	}
}

void http_server_kick(struct http_server *server)
{
	if (!uv_is_closing((uv_handle_t *)&server->kick) && !uv_is_active((uv_handle_t *)&server->kick))
		uv_timer_start(&server->kick, on_kick, 0, 0);
}

/* ---- requests ---- */

static struct http_request *request_new(struct http_server *server, struct MHD_Connection *connection, const char *method)
{
	struct http_request_and_answer *both = calloc(1, sizeof *both);
	struct http_request *request = &both->request;

	if (!both)
		return NULL;
	request->server = server;
	request->answer = &both->answer;
	request->connection = connection;
	request->method = http_method_parse(method);
	request->head = strcmp(method, "HEAD") == 0;
	request->references = 2; /* the connection's and the handler's */
	request->began_ns = uv_hrtime();
	arena_init(&request->arena, 64u << 20);
	request->next = server->requests;
	if (server->requests)
		server->requests->prev = request;
	server->requests = request;
	server->request_count++;
	return request;
}

void http_server_forget(struct http_request *request)
{
	struct http_server *server = request->server;

	if (request->prev)
		request->prev->next = request->next;
	else
		server->requests = request->next;
	if (request->next)
		request->next->prev = request->prev;
	server->request_count--;
}

/* ---- what the library calls ---- */

static void queue_response(struct http_request *request, struct http_connection *connection)
{
	const struct http_route *route = request->route;
	struct http_answer *answer = request->answer;

	request->state = REQUEST_SENDING;
	connection->since_ns = uv_hrtime();
	http_counters_answered(&request->server->counters, route ? route->pattern : NULL, http_method_name(request->method),
		answer->status, (double)(connection->since_ns - request->began_ns) / 1e9);
	if (!answer->response || MHD_queue_response(request->connection, answer->status, answer->response) != MHD_YES)
		shutdown(connection->fd, SHUT_RDWR);
}

/*
 * Whether an answer that is there before the body is sent at once. Closing while bytes are still coming makes the client lose the
 * answer, so a body of bearable size is read away first; one who asked before sending, or sends too much, is told now.
 */
static bool answer_now(struct http_request *request)
{
	int64_t n = http_body_size(request);

	if (request->unframed || n > LIMIT_WEB_REFUSED_BODY_BYTES || http_header(request, "Expect"))
		return true;
	return n <= 0 && !http_header(request, "Transfer-Encoding");
}

static enum MHD_Result first_call(struct http_server *server, struct MHD_Connection *mhd, struct http_connection *connection,
	const char *url, const char *method, void **kept)
{
	struct http_request *request = request_new(server, mhd, method);

	if (!request)
		return MHD_NO;
	*kept = request;
	connection->request = request;
	connection->fresh = false;
	connection->received = 0;
	connection->since_ns = request->began_ns;
	if (http_request_parse(request, url) == 0 && http_dispatch_begin(request) == 0 && request->route &&
		request->route->body == HTTP_BODY_STREAM)
		http_dispatch_work(request);
	if (request->state == REQUEST_READY && answer_now(request)) {
		queue_response(request, connection);
	} else if (request->state == REQUEST_WORKING && !request->take) {
		request->before_body = true;
		http_suspend(request);
	}
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
	const char *version, const char *bytes, size_t *n, void **kept)
{
	struct http_server *server = arg;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_connection *connection = info ? info->socket_context : NULL;
	struct http_request *request = *kept;

	if (!connection)
		return MHD_NO;
	if (!request)
		return first_call(server, mhd, connection, url, method, kept);
	if (request->before_body) {
		/* The library repeats its first call after a suspension in it. */
		request->before_body = false;
		if (request->state == REQUEST_READY && answer_now(request))
			queue_response(request, connection);
		return MHD_YES;
	}
	if (*n) {
		http_body_take(request, connection, bytes, *n);
		*n = 0;
		return MHD_YES;
	}
	if (request->state == REQUEST_RECEIVING) {
		if (request->too_large)
			http_refuse_size(request);
		else
			http_dispatch_work(request);
	} else if (request->state == REQUEST_WORKING && request->take) {
		http_body_fn *take = request->take;

		request->take = NULL;
		take(request, NULL, 0, false);
	}
	if (request->state == REQUEST_READY)
		queue_response(request, connection);
	else if (!request->suspended && request->state < REQUEST_SENDING)
		http_suspend(request);
	return MHD_YES;
}

static void on_completed(void *arg, struct MHD_Connection *mhd, void **kept, enum MHD_RequestTerminationCode code)
{
	struct http_request *request = *kept;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_connection *connection = info ? info->socket_context : NULL;
	enum request_state before;

	*kept = NULL;
	if (connection) {
		connection->request = NULL;
		connection->since_ns = uv_hrtime();
	}
	if (!request)
		return;
	before = request->state;
	request->connection = NULL;
	request->suspended = false;
	if (request->answer->streams)
		request->answer->gone = true;
	if (before >= REQUEST_SENDING)
		request->state = REQUEST_OVER;
	if (before == REQUEST_RECEIVING) {
		request->state = REQUEST_OVER;
		http_request_drop(request); /* no handler was called: its hold goes, too */
	} else if (request->take) {
		http_body_fn *take = request->take;

		request->take = NULL;
		take(request, NULL, 0, true);
	}
	http_server_kick(request->server);
	http_request_drop(request);
}

/* Percent signs in an address. A %00 becomes \1, which http_request_parse() refuses as it does every control character. */
static size_t unescape(void *arg, struct MHD_Connection *mhd, char *text)
{
	size_t n = MHD_http_unescape(text);

	for (size_t i = 0; i < n; i++) {
		if (!text[i])
			text[i] = '\1';
	}
	return n;
}

/* The library's own messages may quote what a client sent. */
static void on_library_message(void *arg, const char *format, va_list values)
{
}

/* ---- beginning and ending ---- */

static int start_library(struct http_server *server, struct error *err)
{
	const union MHD_DaemonInfo *info;
	int status;

	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, server,
		MHD_OPTION_EXTERNAL_LOGGER, on_library_message, NULL,
		MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_NOTIFY_CONNECTION, http_connection_notify, server,
		MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_WEB_CONNECTIONS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_WEB_HEADER_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_WEB_IDLE_SECONDS,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_END);
	info = server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (!info)
		return error_set(err, ERROR_SYSTEM, "Server web tidak dapat dimulai.", "The web server cannot be started.");
	if ((status = uv_poll_init(server->loop, &server->poll, info->epoll_fd)) < 0)
		return event_loop_error(err, "server web", "web server", status);
	server->poll.data = server;
	server->open_handles++;
	uv_poll_start(&server->poll, UV_READABLE, on_event);
	return 0;
}

static void start_timers(struct http_server *server)
{
	uv_timer_t *const timers[] = {&server->wake, &server->kick, &server->sweep, &server->grace};

	for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
		uv_timer_init(server->loop, timers[i]);
		timers[i]->data = server;
	}
	server->open_handles = 4;
	server->wake.timer_cb = on_wake;
	uv_timer_start(&server->sweep, http_connections_sweep, 1000, 1000);
}

/* The tests have less patience with slow senders; debug builds alone. */
static void impatient(struct http_server *server)
{
#ifdef PADAN_DEBUG
	const char *seconds = getenv("PADAN_WEB_HEADER_SECONDS");

	if (seconds)
		server->header_seconds = strtoul(seconds, NULL, 10);
#endif
}

int http_server_start(struct http_server **ret, struct event_loop *loop, struct counters *counters,
	const struct http_server_options *options, struct error *err)
{
	struct http_server *server = calloc(1, sizeof *server);

	if (!server || sodium_init() < 0) {
		free(server);
		return error_memory(err);
	}
	*ret = server; /* whatever fails below, the process ends */
	server->event_loop = loop;
	server->registers = options->registers;
	server->loop = &loop->uv;
	server->daemon_counters = counters;
	server->tables = http_all_routes;
	server->header_seconds = LIMIT_WEB_HEADER_SECONDS;
	impatient(server);
	start_timers(server);
	if (migrations_load(&server->migrations, embedded_texts, err) < 0 || http_listen(server, options->listen, err) < 0 ||
		http_name_itself(server, options, err) < 0 ||
		http_sql_start(&server->sql, server->loop, server->conninfo, &server->counters, err) < 0 ||
		http_rates_new(&server->rates, server->loop, err) < 0 ||
		http_passwords_start(&server->passwords, server->loop, err) < 0 ||
		http_pages_start(&server->pages, server->loop, options->pages, err) < 0 ||
		http_events_start(&server->events, server, err) < 0 ||
		api_uploads_folder(options->uploads, &server->uploads, err) < 0 ||
		http_refresh_start(&server->refresh, server->loop, server->conninfo, err) < 0 || start_library(server, err) < 0)
		return -1;
	log_notice("web server listens", LOG_NUMBER("port", server->port), LOG_WORD("url", server->public_url));
	return 0;
}

void http_server_reload(struct http_server *server)
{
	http_pages_reload(server->pages);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct http_server *server = handle->data;

	if (--server->open_handles)
		return;
	if (server->closed)
		server->closed(server->closed_arg);
	http_pages_free(server->pages);
	http_rates_free(server->rates);
	migrations_release(&server->migrations);
	free(server->public_url);
	free(server->conninfo);
	free(server->uploads);
	free(server);
}

/* Everybody has been answered, or has had time enough. */
static void stop_library(struct http_server *server)
{
	uv_handle_t *const handles[] = {(uv_handle_t *)&server->poll, (uv_handle_t *)&server->wake, (uv_handle_t *)&server->kick,
		(uv_handle_t *)&server->sweep, (uv_handle_t *)&server->grace};

	for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
		uv_close(handles[i], on_handle_closed);
	for (struct http_request *request = server->requests; request; request = request->next) {
		if (!request->connection || !request->suspended)
			continue;
		request->suspended = false;
		MHD_resume_connection(request->connection);
	}
	MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
	if (server->socket_path[0])
		unlink(server->socket_path);
}

static void on_grace(uv_timer_t *timer)
{
	struct http_server *server = timer->data;

	if (server->parts == 0 && server->pool_work == 0 && (server->request_count == 0 || uv_now(server->loop) - server->closing_since_ms > 3000)) {
		uv_timer_stop(timer);
		stop_library(server);
	}
}

static void on_part_closed(void *arg)
{
	struct http_server *server = arg;

	server->parts--;
}

void http_server_close(struct http_server *server, void (*closed)(void *arg), void *arg)
{
	int fd;

	if (server->closing)
		return;
	server->closing = true;
	server->closing_since_ms = uv_now(server->loop);
	server->closed = closed;
	server->closed_arg = arg;
	fd = MHD_quiesce_daemon(server->daemon);
	if (fd >= 0)
		close(fd);
	server->parts = 5;
	http_refresh_close(server->refresh, on_part_closed, server);
	http_events_close(server->events, on_part_closed, server);
	http_passwords_close(server->passwords, on_part_closed, server);
	http_pages_close(server->pages, on_part_closed, server);
	http_sql_close(server->sql, on_part_closed, server);
	uv_timer_start(&server->grace, on_grace, 10, 20);
}
