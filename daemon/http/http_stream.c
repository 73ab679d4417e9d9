/*
 * Answers in pieces, as whoever has them writes them and the client takes them; see http_request.h. What is written waits in a buffer of
 * the answer: the library's reader takes from its head, outside of any handler, and the writer is told when there is room again.
 */
#include "daemon/base/log.h"
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

ssize_t http_stream_read(void *arg, uint64_t at, char *into, size_t max)
{
	struct http_request *request = arg;
	struct http_answer *answer = request->answer;
	size_t n = answer->fill - answer->head;

	if (!n && answer->ended)
		return answer->complete ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
	if (!n) {
		MHD_suspend_connection(request->connection);
		request->suspended = true;
	}
	n = n < max ? n : max;
	if (n)
		memcpy(into, answer->buffer + answer->head, n);
	answer->head += n;
	request->server->counters.bytes_sent_total += n;
	if (answer->writer_waits && answer->fill - answer->head < LIMIT_WEB_STREAM_BYTES / 2)
		http_server_kick(request->server); /* http_stream_told() calls the writer, outside of the library */
	return (ssize_t)n;
}

static void wake_reader(struct http_request *request)
{
	if (request->suspended && request->connection) {
		request->suspended = false;
		MHD_resume_connection(request->connection);
	}
	http_server_kick(request->server);
}

void http_stream_told(struct http_request *request)
{
	struct http_answer *answer = request->answer;

	if (!answer->streams || answer->ended)
		return;
	if (answer->gone && !answer->told_gone) {
		answer->told_gone = true;
		if (answer->events.gone)
			answer->events.gone(request);
	} else if (answer->writer_waits && answer->fill - answer->head < LIMIT_WEB_STREAM_BYTES / 2) {
		answer->writer_waits = false;
		if (answer->events.drained)
			answer->events.drained(request);
	}
}

void http_stream_begin(struct http_request *request, unsigned status, const char *content_type, const char *file_name,
	const struct http_stream_events *events)
{
	struct http_answer *answer;
	char disposition[160];

	if (!http_may_answer(request))
		return;
	if (request->route && request->route->audit && !request->audited) {
		log_error("a stream began without its line in the audit trail", LOG_WORD("route", request->route->pattern));
		http_reply_busy(request);
		return;
	}
	if (file_name) {
		snprintf(disposition, sizeof disposition, "attachment; filename=\"%.120s\"", file_name);
		http_reply_header(request, "Content-Disposition", disposition);
	}
	answer = request->answer;
	answer->status = status;
	answer->content_type = http_copy(request, content_type);
	answer->streams = true;
	answer->events = *events;
	request->server->counters.streams++;
	request->state = REQUEST_ENDING;
	http_answer_deliver_now(request);
}

enum http_stream_room http_stream_write(struct http_request *request, const char *bytes, size_t n)
{
	struct http_answer *answer = request->answer;

	if (answer->gone || answer->ended || !request->connection)
		return HTTP_STREAM_GONE;
	if (answer->head && (answer->head == answer->fill || answer->fill + n > answer->room)) {
		memmove(answer->buffer, answer->buffer + answer->head, answer->fill - answer->head);
		answer->fill -= answer->head;
		answer->head = 0;
	}
	if (answer->fill + n > answer->room) {
		size_t room = answer->room ? answer->room : 8192;
		char *grown;

		while (room < answer->fill + n)
			room *= 2;
		/* Twice the mark at which a writer is told to wait: one who does not listen is cut off. */
		grown = room <= 4u * LIMIT_WEB_STREAM_BYTES + n ? realloc(answer->buffer, room) : NULL;
		if (!grown) {
			http_stream_end(request, false);
			return HTTP_STREAM_GONE;
		}
		answer->buffer = grown;
		answer->room = room;
	}
	memcpy(answer->buffer + answer->fill, bytes, n);
	answer->fill += n;
	wake_reader(request);
	if (answer->fill - answer->head < LIMIT_WEB_STREAM_BYTES)
		return HTTP_STREAM_GO_ON;
	answer->writer_waits = true;
	return HTTP_STREAM_WAIT;
}

void http_stream_end(struct http_request *request, bool complete)
{
	struct http_answer *answer = request->answer;

	if (answer->ended)
		return;
	answer->ended = true;
	answer->complete = complete;
	request->server->counters.streams--;
	wake_reader(request);
	if (http_sql_open(request))
		http_sql_end(request, complete);
	http_request_drop(request); /* the handler's hold */
}
