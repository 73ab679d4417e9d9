/*
 * The multi interface under libuv; see curl_loop.h. In the manner of libcurl's own multi-uv.c, with what was measured:
 * a refused connection reaches the poll's callback as an error (UV_EBADF) and must be passed on as CURL_CSELECT_ERR.
 */
#include "daemon/alerts/curl_loop.h"
#include "daemon/base/event_loop.h"

#include <stdlib.h>

#include "daemon/base/banned.h"

struct watched_socket {
	uv_poll_t poll;
	curl_socket_t socket;
	struct curl_loop *curl;
};

static void tell_ended(struct curl_loop *curl)
{
	CURLMsg *message;
	int left;

	while (!curl->closing && (message = curl_multi_info_read(curl->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result; /* message is gone with the handle */
		struct curl_transfer *transfer;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
		curl_multi_remove_handle(curl->multi, easy);
		curl->transfers--;
		transfer->done(transfer->arg, easy, code);
	}
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
	struct watched_socket *watched = poll->data;
	struct curl_loop *curl = watched->curl;
	int flags = 0, running;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(curl->multi, watched->socket, flags, &running);
	tell_ended(curl);
}

static void finish_closing(struct curl_loop *curl)
{
	void (*closed)(void *arg) = curl->closed;

	if (curl->open_handles || !curl->closing || !closed)
		return;
	curl->closed = NULL;
	closed(curl->closed_arg);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct watched_socket *watched = handle->data;
	struct curl_loop *curl = watched->curl;

	free(watched);
	curl->open_handles--;
	finish_closing(curl);
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *known)
{
	struct curl_loop *curl = arg;
	struct watched_socket *watched = known;

	if (what == CURL_POLL_REMOVE) {
		if (watched) {
			uv_poll_stop(&watched->poll);
			uv_close((uv_handle_t *)&watched->poll, on_watch_closed);
			curl_multi_assign(curl->multi, socket, NULL);
		}
		return 0;
	}
	if (!watched) {
		watched = calloc(1, sizeof(*watched));
		if (!watched)
			return -1;
		watched->socket = socket;
		watched->curl = curl;
		if (uv_poll_init_socket(curl->loop, &watched->poll, socket) < 0) {
			free(watched);
			return -1;
		}
		watched->poll.data = watched;
		curl->open_handles++;
		curl_multi_assign(curl->multi, socket, watched);
	}
	uv_poll_start(&watched->poll, (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0),
		on_socket);
	return 0;
}

static void on_timer(uv_timer_t *timer)
{
	struct curl_loop *curl = timer->data;
	int running;

	curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	tell_ended(curl);
}

static int set_timer(CURLM *multi, long ms, void *arg)
{
	struct curl_loop *curl = arg;

	if (ms < 0 || curl->closing)
		uv_timer_stop(&curl->timer);
	else /* 0 means soon, but not from within this call */
		uv_timer_start(&curl->timer, on_timer, ms > 0 ? (uint64_t)ms : 1, 0);
	return 0;
}

int curl_loop_start(struct curl_loop *curl, uv_loop_t *loop, struct error *err)
{
	int status;

	*curl = (struct curl_loop){.loop = loop};
	curl->multi = curl_multi_init();
	if (!curl->multi)
		return error_memory(err);
	if ((status = uv_timer_init(loop, &curl->timer)) < 0)
		return event_loop_error(err, "pewaktu", "timer", status);
	curl->timer.data = curl;
	curl->open_handles = 1;
	curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
	curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
	/* Nothing is kept open between alerts: they are few and far between. */
	curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, 1L);
	return 0;
}

int curl_loop_add(struct curl_loop *curl, CURL *easy, struct curl_transfer *transfer, struct error *err)
{
	CURLMcode code;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code = curl_multi_add_handle(curl->multi, easy);
	if (code != CURLM_OK)
		return error_set(err, ERROR_SYSTEM, "libcurl: %s", "libcurl: %s", curl_multi_strerror(code));
	curl->transfers++;
	return 0;
}

void curl_loop_remove(struct curl_loop *curl, CURL *easy)
{
	if (curl_multi_remove_handle(curl->multi, easy) == CURLM_OK && curl->transfers)
		curl->transfers--;
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct curl_loop *curl = handle->data;

	curl->open_handles--;
	finish_closing(curl);
}

void curl_loop_close(struct curl_loop *curl, void (*closed)(void *arg), void *arg)
{
	if (curl->closing)
		return;
	curl->closing = true;
	curl->closed = closed;
	curl->closed_arg = arg;
	uv_close((uv_handle_t *)&curl->timer, on_timer_closed);
	/* Sockets still open for reuse are closed here, through watch_socket(). */
	curl_multi_cleanup(curl->multi);
	curl->multi = NULL;
}
