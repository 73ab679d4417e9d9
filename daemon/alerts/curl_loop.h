/*
 * libcurl's transfers on the libuv loop: one multi handle, one uv_poll per socket, one timer. Nothing blocks; a transfer ends
 * with a callback, whatever happens to it. For HTTP: libcurl's SMTP blocks (alert_smtp.c).
 *
 * Not for: what is sent (alert_smtp.h, alert_webhook.h). All on the loop's thread. Called by alert_outbox.c.
 */
#ifndef PADAN_CURL_LOOP_H
#define PADAN_CURL_LOOP_H

#include "matcher/base/error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <uv.h>

struct curl_loop {
	uv_loop_t *loop;
	uv_timer_t timer;
	CURLM *multi;
	unsigned transfers, open_handles;
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* The transfer is over; easy is no longer in the loop and is the caller's to clean up. code: CURLE_… */
typedef void curl_done(void *arg, CURL *easy, CURLcode code);

struct curl_transfer {
	curl_done *done;
	void *arg;
};

int curl_loop_start(struct curl_loop *curl, uv_loop_t *loop, struct error *err) PADAN_MUST_CHECK;

/* transfer must stay until done is called; CURLOPT_PRIVATE of easy is used. */
int curl_loop_add(struct curl_loop *curl, CURL *easy, struct curl_transfer *transfer, struct error *err) PADAN_MUST_CHECK;

/* Takes a transfer out; its done is not called. */
void curl_loop_remove(struct curl_loop *curl, CURL *easy);

/* All transfers have been removed or are over. */
void curl_loop_close(struct curl_loop *curl, void (*closed)(void *arg), void *arg);

#endif
