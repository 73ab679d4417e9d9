/*
 * One alert on its way: its message, its transfer, and what came of it. For alert_outbox.c and the two ways alone.
 */
#ifndef PADAN_ALERT_DELIVERY_H
#define PADAN_ALERT_DELIVERY_H

#include "daemon/alerts/alert_message.h"
#include "daemon/alerts/alert_outbox.h"
#include "daemon/base/district_config.h"
#include "matcher/base/arena.h"

#include <stdatomic.h>

struct alert_delivery {
	struct alert_delivery *next;
	struct alert_outbox *outbox;
	struct alert alert;
	bool webhook;
	char email[256]; /* of the office, if it is for one */
	struct arena arena;
	struct district_config config;

	CURL *easy;
	struct curl_transfer transfer;
	struct curl_slist *list; /* recipients or headers */
	struct curl_slist *pinned;
	uv_getaddrinfo_t resolving;
	uv_work_t work; /* a mail's transfer */
	CURLcode code;
	bool in_resolver, in_curl, in_pool;
	atomic_bool given_up;
	char *message;
	size_t n_message, sent, answered;
	char error[CURL_ERROR_SIZE];
};

/* Starts the transfer, or says why not. */
int alert_smtp_send(struct alert_delivery *delivery, struct error *err) PADAN_MUST_CHECK;
/* Resolves the name first; the end is told by alert_delivery_over() in any case. */
int alert_webhook_send(struct alert_delivery *delivery, struct error *err) PADAN_MUST_CHECK;

/* An easy handle with what both ways share: deadline, answer's limit, no redirects, no proxy. */
int alert_delivery_prepare(struct alert_delivery *delivery, struct error *err) PADAN_MUST_CHECK;
int alert_delivery_start(struct alert_delivery *delivery, struct error *err) PADAN_MUST_CHECK;
/* The same in the pool. */
int alert_delivery_start_in_pool(struct alert_delivery *delivery, struct error *err) PADAN_MUST_CHECK;
/* why NULL: delivered. */
void alert_delivery_over(struct alert_delivery *delivery, const struct error *why);

/* The credential of that name, for this district or for all; trimmed, in the arena. {NULL, 0}: there is none. */
struct str alert_credential(struct alert_delivery *delivery, const char *name);

#endif
