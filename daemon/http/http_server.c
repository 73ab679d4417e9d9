/*
 * The HTTP library on the daemon's loop; see http_server.h. Requests begin, wait and end here; what they mean is the handlers'.
 *
 * libmicrohttpd has its own epoll descriptor, which a uv_poll watches; MHD_run() is called after every event, after every answer
 * and when its own time-outs are due. A connection whose handler is at work is suspended: the library forgets about it until
 * MHD_resume_connection(). What the library does not do – slow senders, slow readers, one connection making room for another – is
 * looked at once a second here (sweep), by shutting the socket, which the library then notices itself.
 */
#include "daemon/base/log.h"
#include "daemon/http/http_auth.h"
#include "daemon/http/http_events.h"
#include "daemon/http/http_refresh.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pages.h"
#include "daemon/http/http_password.h"
#include "daemon/http/http_rates.h"
#include "daemon/http/http_routes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/banned.h"

static const uint64_t ns_each_second = 1000000000u;

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

static unsigned at_work(const struct http_server *server, const char *address, unsigned *from_address)
{
	unsigned n = 0;

	*from_address = 0;
	for (const struct http_request *request = server->requests; request; request = request->next) {
		if (request->state != REQUEST_WORKING && request->state != REQUEST_ENDING)
			continue;
		n++;
		*from_address += strcmp(request->address, address) == 0;
	}
	return n;
}

static void refuse_size(struct http_request *request)
{
	http_reply_problem(request, 413, "too-large", "Isi permintaan terlalu besar.", "The body of the request is too large.");
}

static void refuse_rate(struct http_request *request, unsigned seconds)
{
	char text[16];

	request->server->counters.rate_refused_total++;
	snprintf(text, sizeof text, "%u", seconds);
	http_reply_header(request, "Retry-After", text);
	http_reply_problem(request, 429, "too-often", "Terlalu banyak permintaan; tunggu sebentar lalu coba lagi.",
		"Too many requests; wait a moment and try again.");
}

static bool has_scope(const struct http_request *request)
{
	const char *at = request->who.scopes, *wanted = request->route->scope;
	size_t n = wanted ? strlen(wanted) : 0;

	while (n && at && *at) {
		size_t length = strcspn(at, " ");

		if (length == n && memcmp(at, wanted, n) == 0)
			return true;
		at += length + (at[length] == ' ');
	}
	return false;
}

void http_server_dispatch(struct http_request *request)
{
	const struct http_route *route = request->route;
	unsigned wait;

	if (!(route->may & HTTP_MAY_ANYONE) && (!(request->who.may & route->may) || (request->who.may == HTTP_MAY_TOKEN && !has_scope(request)))) {
		http_reply_absent(request);
		return;
	}
	wait = http_rates_take(request->server->rates, route->rate, request->who.may == HTTP_MAY_TOKEN, request->who.session);
	if (wait)
		refuse_rate(request, wait);
	else if (route->handle)
		route->handle(request);
	else
		http_route_sql(request);
}

/* Everything that can be said before the body: a route, a size, a type. -1: the request has been answered. */
static int begin(struct http_request *request)
{
	const struct http_route *route;
	struct http_match match;
	unsigned from_address;
	const char *type;
	size_t most;

	if (http_check_origin(request) < 0)
		return -1;
	http_router_find(request->server->tables, request->method, request->path, &match);
	request->route = route = match.route;
	request->path_param_count = match.n;
	for (size_t i = 0; i < match.n; i++) {
		request->path_params[i].name = match.params[i].name;
		request->path_params[i].value = arena_str(&request->arena, match.params[i].value);
		if (!request->path_params[i].value.p) {
			http_reply_busy(request);
			return -1;
		}
	}
	if (!route) {
		if (match.path_known || request->method != HTTP_GET)
			http_reply_problem(request, match.path_known ? 405 : 404, match.path_known ? "method" : "absent",
				"Alamat ini tidak menerima permintaan seperti itu.", "This address takes no such request.");
		else if (strncmp(request->path, "/api/", 5) == 0)
			http_reply_absent(request);
		return request->state == REQUEST_RECEIVING ? 0 : -1;
	}
	most = route->body == HTTP_BODY_NONE ? 0 : route->body_max ? route->body_max : LIMIT_WEB_BODY_BYTES;
	if (http_body_size(request) > 0 && (uint64_t)http_body_size(request) > most) {
		refuse_size(request);
		return -1;
	}
	type = http_header(request, "Content-Type");
	if (route->body == HTTP_BODY_JSON && (!type || strncasecmp(type, "application/json", 16) != 0)) {
		http_reply_problem(request, 415, "not-json", "Isi permintaan harus application/json.", "The body must be application/json.");
		return -1;
	}
	if (at_work(request->server, request->address, &from_address) >= LIMIT_WEB_REQUESTS || from_address >= LIMIT_WEB_REQUESTS_EACH) {
		request->server->counters.requests_refused_total++;
		http_reply_busy(request);
		return -1;
	}
	return 0;
}

/* All of the request is there, or for a stream its headers. */
static void work(struct http_request *request)
{
	json_error_t where;

	request->state = REQUEST_WORKING;
	if (!request->route) {
		http_pages_serve(request);
		return;
	}
	if (request->route->body == HTTP_BODY_JSON) {
		request->json = json_loadb(request->body ? request->body : "", request->body_n, JSON_REJECT_DUPLICATES, &where);
		free(request->body);
		request->body = NULL;
		if (!request->json) {
			http_reply_problem(request, 400, "not-json", "Isi permintaan bukan JSON yang sah.", "The body is not valid JSON.");
			return;
		}
	}
	if (request->route->may & HTTP_MAY_ANYONE)
		http_server_dispatch(request);
	else
		http_auth(request);
}

/* ---- bodies ---- */

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

static void suspend(struct http_request *request)
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

static void take_body(struct http_request *request, struct http_connection *connection, const char *bytes, size_t n)
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
		suspend(request);
	}
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
	if (http_request_parse(request, url) == 0 && begin(request) == 0 && request->route &&
		request->route->body == HTTP_BODY_STREAM)
		work(request);
	if (request->state == REQUEST_READY && answer_now(request)) {
		queue_response(request, connection);
	} else if (request->state == REQUEST_WORKING && !request->take) {
		request->before_body = true;
		suspend(request);
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
		take_body(request, connection, bytes, *n);
		*n = 0;
		return MHD_YES;
	}
	if (request->state == REQUEST_RECEIVING) {
		if (request->too_large)
			refuse_size(request);
		else
			work(request);
	} else if (request->state == REQUEST_WORKING && request->take) {
		http_body_fn *take = request->take;

		request->take = NULL;
		take(request, NULL, 0, false);
	}
	if (request->state == REQUEST_READY)
		queue_response(request, connection);
	else if (!request->suspended && request->state < REQUEST_SENDING)
		suspend(request);
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

/* ---- connections ---- */

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

static void on_connection(void *arg, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode what)
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

static void on_sweep(uv_timer_t *timer)
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

/* ---- the address to listen on ---- */

static int listen_error(struct error *err, const char *where, int number)
{
	return error_set(err, ERROR_SYSTEM, "Tidak dapat mendengarkan di %.100s (%s); pilih alamat lain dengan --web.",
		"Cannot listen on %.100s (%s); choose another address with --web.", where, strerror(number));
}

static int listen_unix(struct http_server *server, const char *path, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	mode_t before;
	int fd, rc;

	if (strlen(path) >= sizeof address.sun_path)
		return error_set(err, ERROR_USAGE, "Jalur soket --web terlalu panjang.", "The path of the socket in --web is too long.");
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_error(err, path, errno);
	/* A socket that a daemon killed left behind; one that answers stays. */
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
		close(fd);
		return listen_error(err, path, EADDRINUSE);
	}
	unlink(path);
	before = umask(0117); /* the owner and the group: the proxy's user belongs to the group */
	rc = bind(fd, (struct sockaddr *)&address, sizeof address);
	umask(before);
	if (rc < 0 || listen(fd, 128) < 0) {
		listen_error(err, path, errno);
		close(fd);
		return -1;
	}
	snprintf(server->socket_path, sizeof server->socket_path, "%s", path);
	server->unix_socket = true;
	server->listen_fd = fd;
	return 0;
}

static bool parse_address(const char *text, struct sockaddr_storage *address, socklen_t *size)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	const char *colon = strrchr(text, ':');
	int64_t port;
	char host[64];

	memset(address, 0, sizeof *address);
	if (!colon || !http_integer(colon + 1, &port) || port < 0 || port > 65535)
		return false;
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = '\0';
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		*size = sizeof *six;
		return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	*size = sizeof *four;
	return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &four->sin_addr) == 1 &&
	       (ntohl(four->sin_addr.s_addr) >> 24) == 127;
}

static int listen_tcp(struct http_server *server, const char *text, struct error *err)
{
	struct sockaddr_storage address;
	socklen_t size;
	int one = 1, fd;

	if (!parse_address(text, &address, &size))
		return error_set(err, ERROR_USAGE,
			"--web harus alamat loopback seperti 127.0.0.1:8750, atau unix:/jalur/soket; ke luar lewat proksi TLS (docs/WEB.md).",
			"--web takes a loopback address such as 127.0.0.1:8750, or unix:/path/of/socket; for outside use a TLS proxy (docs/WEB.md).");
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_error(err, text, errno);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 128) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
		listen_error(err, text, errno);
		close(fd);
		return -1;
	}
	server->port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
							   : ((struct sockaddr_in *)&address)->sin_port);
	server->listen_fd = fd;
	return 0;
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
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
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
	uv_timer_start(&server->sweep, on_sweep, 1000, 1000);
}

static int name_itself(struct http_server *server, const struct http_server_options *options, struct error *err)
{
	char url[128];
	size_t n;

	if (options->public_url && *options->public_url)
		snprintf(url, sizeof url, "%s", options->public_url);
	else if (server->unix_socket)
		snprintf(url, sizeof url, "http://localhost");
	else
		snprintf(url, sizeof url, "http://%.*s:%u", (int)(strrchr(options->listen, ':') - options->listen), options->listen, server->port);
	n = strlen(url);
	if (n && url[n - 1] == '/')
		url[n - 1] = '\0';
	server->https = strncmp(url, "https://", 8) == 0;
	if (!server->https && strncmp(url, "http://", 7) != 0)
		return error_set(err, ERROR_USAGE, "--web-url harus diawali https:// atau http://.", "--web-url must begin with https:// or http://.");
	server->public_url = strdup(url);
	server->conninfo = strdup(options->conninfo ? options->conninfo : "");
	return server->public_url && server->conninfo ? 0 : error_memory(err);
}

int http_server_start(struct http_server **ret, struct event_loop *loop, struct counters *counters,
	const struct http_server_options *options, struct error *err)
{
	struct http_server *server = calloc(1, sizeof *server);
	int rc;

	if (!server || sodium_init() < 0)
		return error_memory(err);
	server->event_loop = loop;
	server->registers = options->registers;
	server->loop = &loop->uv;
	server->daemon_counters = counters;
	server->tables = http_all_routes;
	server->header_seconds = LIMIT_WEB_HEADER_SECONDS;
#ifdef PADAN_DEBUG
	if (getenv("PADAN_WEB_HEADER_SECONDS")) /* the tests have less patience */
		server->header_seconds = strtoul(getenv("PADAN_WEB_HEADER_SECONDS"), NULL, 10);
#endif
	start_timers(server);
	if (strncmp(options->listen, "unix:", 5) == 0)
		rc = listen_unix(server, options->listen + 5, err);
	else
		rc = listen_tcp(server, options->listen, err);
	if (rc < 0 || name_itself(server, options, err) < 0 ||
		http_sql_start(&server->sql, server->loop, server->conninfo, &server->counters, err) < 0 ||
		http_rates_new(&server->rates, server->loop, err) < 0 ||
		http_passwords_start(&server->passwords, server->loop, err) < 0 ||
		http_pages_start(&server->pages, server->loop, options->pages, err) < 0 ||
		http_events_start(&server->events, server, err) < 0 ||
		http_refresh_start(&server->refresh, server->loop, server->conninfo, err) < 0 || start_library(server, err) < 0)
		return -1; /* the process ends */
	log_notice("web server listens", LOG_NUMBER("port", server->port), LOG_WORD("url", server->public_url));
	*ret = server;
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
	free(server->public_url);
	free(server->conninfo);
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

	if (server->parts == 0 && (server->request_count == 0 || uv_now(server->loop) - server->closing_since_ms > 3000)) {
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
