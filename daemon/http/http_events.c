/*
 * Telling what goes on; see http_events.h.
 */
#include "daemon/http/http_events.h"
#include "daemon/base/log.h"
#include "daemon/base/version.h"
#include "daemon/db/sql.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_routes.h"
#include "matcher/base/hash.h"
#include "matcher/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/base/banned.h"

enum { TICK_MS = 1000, HEARTBEAT_TICKS = 15, HEADS_TICKS = 3600, HEADS_FIRST = 5, REMEMBERED = 512 };

struct event_stream {
	struct http_request *request;
	uint64_t began_ms;
	bool ended;
	struct event_stream *next;
};

struct http_events {
	struct http_server *server;
	struct db_conn *conn;
	uv_timer_t tick;
	struct event_stream *streams;
	unsigned count, ticks;
	uint64_t told[REMEMBERED]; /* hashes of what was said last of a job, by its place */
	uint64_t asked_alive_ms;
	time_t started;
	bool asking, ask_again, closing;
	unsigned open_handles;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void end_stream(struct event_stream *stream)
{
	if (stream->ended)
		return;
	stream->ended = true;
	http_stream_end(stream->request, true);
}

/* Those that have ended leave the list: their memory goes with their request, which the list holds. */
static void forget_ended(struct http_events *events)
{
	struct event_stream **at = &events->streams;

	while (*at) {
		struct event_stream *stream = *at;

		if (!stream->ended) {
			at = &stream->next;
			continue;
		}
		*at = stream->next;
		events->count--;
		http_request_drop(stream->request);
	}
}

static void write_to(struct event_stream *stream, const char *text)
{
	/* A reader who does not read is cut off: he will come back and see how things stand. */
	if (!stream->ended && http_stream_write(stream->request, text, strlen(text)) != HTTP_STREAM_GO_ON)
		end_stream(stream);
}

static bool may_hear(const struct http_identity *who, const char *district, const char *office)
{
	if (strcmp(who->district, district) != 0)
		return false;
	if (who->may & HTTP_MAY_DISTRICT || !*office || strcmp(office, "*") == 0)
		return true;
	return who->office && strcmp(who->office, office) == 0;
}

static void tell(struct http_events *events, const char *district, const char *office, const char *text)
{
	for (struct event_stream *stream = events->streams; stream; stream = stream->next) {
		if (!stream->ended && may_hear(&stream->request->who, district, office))
			write_to(stream, text);
	}
}

/* ---- jobs ---- */

static void ask(struct http_events *events);

static void on_jobs(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_events *events = arg;
	char text[1200];

	events->asking = false;
	for (int i = 0; !failure && i < PQntuples(result); i++) {
		const char *district = PQgetvalue(result, i, 0), *job = PQgetvalue(result, i, 2), *data = PQgetvalue(result, i, 3);
		uint64_t place = hash_bytes(district, strlen(district), hash_bytes(job, strlen(job), 1)) % REMEMBERED;
		uint64_t hash = hash_bytes(data, strlen(data), 2) ^ place;

		if (events->told[place] == hash)
			continue;
		events->told[place] = hash;
		if (snprintf(text, sizeof text, "event: job\ndata: %s\n\n", data) < (int)sizeof text)
			tell(events, district, PQgetvalue(result, i, 1), text);
	}
	forget_ended(events);
	if (events->ask_again && !events->closing)
		ask(events);
}

static void ask(struct http_events *events)
{
	struct db_query query = {.sql = sql_find("web_events"), .done = on_jobs, .arg = events};
	struct error err = {0};

	events->ask_again = events->asking;
	if (events->asking || !events->streams || db_conn_state(events->conn) != DB_READY)
		return;
	events->asking = db_conn_query(events->conn, &query, &err) == 0;
}

/* ---- whose session has ended ---- */

static void on_alive(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct http_events *events = arg;

	for (struct event_stream *stream = events->streams; !failure && stream; stream = stream->next) {
		bool alive = stream->began_ms >= events->asked_alive_ms; /* began after the question */
		int64_t session;

		for (int i = 0; i < PQntuples(result) && !alive; i++)
			alive = http_integer(PQgetvalue(result, i, 0), &session) && session == stream->request->who.session;
		if (!alive)
			end_stream(stream);
	}
	forget_ended(events);
}

static void ask_alive(struct http_events *events)
{
	struct strbuf sessions;
	struct error err = {0};

	if (!events->streams || db_conn_state(events->conn) != DB_READY)
		return;
	events->asked_alive_ms = uv_now(events->server->loop);
	strbuf_init(&sessions, 24 * LIMIT_WEB_EVENT_STREAMS);
	for (struct event_stream *stream = events->streams; stream; stream = stream->next)
		strbuf_addf(&sessions, "%c%lld", stream == events->streams ? '{' : ',', (long long)stream->request->who.session);
	strbuf_add(&sessions, STR_LITERAL("}"));
	if (strbuf_failed(&sessions, &err) == 0) {
		const char *values[] = {sessions.p};
		struct db_query query = {.sql = sql_find("web_sessions_alive"), .n = 1, .values = values, .done = on_alive, .arg = events};

		if (db_conn_query(events->conn, &query, &err) < 0)
			log_warning("sessions of watchers could not be looked at", LOG_ERROR_TEXT(&err));
	}
	strbuf_release(&sessions);
}

/* ---- the audit trail's end, in the log ---- */

/* The log is kept elsewhere than the database: against its lines `padan audit verify --expect` finds rows cut from the end. */
static void on_heads(void *arg, PGresult *result, const struct db_failure *failure)
{
	for (int i = 0; !failure && i < PQntuples(result); i++)
		log_notice("audit trail", LOG_WORD("district", PQgetvalue(result, i, 0)), LOG_WORD("rows", PQgetvalue(result, i, 1)),
			LOG_WORD("hash", PQgetvalue(result, i, 2)));
}

static void ask_heads(struct http_events *events)
{
	struct db_query query = {.sql = sql_find("web_audit_heads"), .done = on_heads, .arg = events};
	struct error err = {0};

	if (db_conn_query(events->conn, &query, &err) < 0)
		log_warning("the audit trail's end could not be logged", LOG_ERROR_TEXT(&err));
}

static void on_tick(uv_timer_t *timer)
{
	struct http_events *events = timer->data;
	uint64_t now = uv_now(timer->loop);
	bool beat = ++events->ticks % HEARTBEAT_TICKS == 0;

	for (struct event_stream *stream = events->streams; stream; stream = stream->next) {
		if (now - stream->began_ms > (uint64_t)LIMIT_WEB_SEND_SECONDS * 1000)
			end_stream(stream);
		else if (beat)
			write_to(stream, ": still here\n\n");
	}
	forget_ended(events);
	if (beat)
		ask_alive(events);
	if (events->ticks % HEADS_TICKS == HEADS_FIRST)
		ask_heads(events);
	ask(events);
}

/* ---- what changed ---- */

/* "1505:dinsos:flag:12" */
static void tell_changed(struct http_events *events, const char *payload)
{
	char copy[200], text[240], *district, *office, *what, *id, *rest = copy;
	int64_t number;

	snprintf(copy, sizeof copy, "%s", payload);
	district = strsep(&rest, ":");
	office = strsep(&rest, ":");
	what = strsep(&rest, ":");
	id = strsep(&rest, ":");
	if (!id || !http_integer(id, &number) || strspn(what, "abcdefghijklmnopqrstuvwxyz_") != strlen(what))
		return;
	snprintf(text, sizeof text, "event: changed\ndata: {\"what\":\"%s\",\"id\":%lld}\n\n", what, (long long)number);
	tell(events, district, office, text);
	forget_ended(events);
}

static void on_notify(void *arg, struct db_conn *conn, const char *channel, const char *payload)
{
	struct http_events *events = arg;

	if (strcmp(channel, "padan_web") == 0)
		tell_changed(events, payload);
	else
		ask(events);
}

/* The pages' own address, for those who make links. */
static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	struct http_events *events = arg;
	const char *url[] = {events->server->public_url};
	struct db_query query = {.sql = sql_find("web_address"), .n = 1, .values = url};
	struct error err = {0};

	if (state == DB_READY && db_conn_query(conn, &query, &err) < 0)
		log_warning("the web's address could not be noted", LOG_ERROR_TEXT(&err));
}

/* ---- a stream ---- */

static void stream_gone(struct http_request *request)
{
	end_stream(request->data);
}

static void begin_stream(struct http_request *request, PGresult *result, void *arg)
{
	static const struct http_stream_events told = {.gone = stream_gone};
	struct http_events *events = request->server->events;
	struct event_stream *stream = arena_alloc(&request->arena, sizeof *stream);
	char hello[160];

	if (!stream || events->count >= LIMIT_WEB_EVENT_STREAMS || events->closing) {
		http_reply_busy(request);
		return;
	}
	*stream = (struct event_stream){.request = request, .began_ms = uv_now(request->server->loop), .next = events->streams};
	request->data = stream;
	events->streams = stream;
	events->count++;
	http_request_keep(request);
	http_reply_header(request, "X-Accel-Buffering", "no"); /* nginx hands it on at once */
	http_stream_begin(request, 200, "text/event-stream", NULL, &told);
	snprintf(hello, sizeof hello, "retry: 3000\nevent: hello\ndata: {\"version\":\"" PADAN_VERSION "\",\"started\":%lld}\n\n",
		(long long)events->started);
	write_to(stream, hello);
	memset(events->told, 0, sizeof events->told); /* everybody is told anew: it says how things stand, not what is new */
	ask(events);
}

/* A page stays open for hours: the transaction that asked who it is ends first, so that no watcher holds a connection to the database. */
static void show_events(struct http_request *request)
{
	http_sql_commit(request, begin_stream, NULL);
}

const struct http_route http_events_routes[] = {
	{HTTP_GET, "/api/v1/events", HTTP_MAY_SESSION, show_events, .watches = true},
	{0},
};

/* ---- beginning and ending ---- */

int http_events_start(struct http_events **ret, struct http_server *server, struct error *err)
{
	static const char *const channels[] = {"padan_jobs", "padan_done", "padan_web", NULL};
	struct http_events *events = calloc(1, sizeof *events);
	struct db_conn_options options = {.conninfo = server->conninfo, .application_name = "padand web events",
		.statement_timeout = LIMIT_WEB_SQL_MS, .channels = channels, .on_state = on_state, .on_notify = on_notify, .arg = events};

	if (!events)
		return error_memory(err);
	events->server = server;
	events->started = time(NULL);
	uv_timer_init(server->loop, &events->tick);
	events->tick.data = events;
	uv_timer_start(&events->tick, on_tick, TICK_MS, TICK_MS);
	events->open_handles = 2;
	*ret = events;
	return db_conn_start(server->loop, &options, &events->conn, err);
}

static void finish_closing(struct http_events *events)
{
	if (--events->open_handles)
		return;
	events->closed(events->closed_arg);
	free(events);
}

static void on_timer_closed(uv_handle_t *handle)
{
	finish_closing(handle->data);
}

static void on_conn_closed(void *arg)
{
	finish_closing(arg);
}

void http_events_close(struct http_events *events, void (*closed)(void *arg), void *arg)
{
	events->closing = true;
	events->closed = closed;
	events->closed_arg = arg;
	for (struct event_stream *stream = events->streams; stream; stream = stream->next)
		end_stream(stream);
	forget_ended(events);
	uv_close((uv_handle_t *)&events->tick, on_timer_closed);
	db_conn_close(events->conn, on_conn_closed, events);
}
