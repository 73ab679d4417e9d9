/*
 * From padan.alerts to the people: claims what is due under a lease and a fence, sends by mail or webhook, records what became
 * of it. An alert that fails is tried again after a growing wait, and is dead after LIMIT_ALERT_ATTEMPTS. Also writes the daily
 * digest into the outbox when its hour has come.
 *
 * Matching never waits for any of this: it only writes rows. A crash between sending and recording sends the alert again
 * under the same Message-ID or Idempotency-Key, by which the other side knows it.
 *
 * Secrets are systemd credentials (CREDENTIALS_DIRECTORY): padan_smtp (the mail relay's password) and padan_webhook (the
 * key of signatures), or padan_smtp_1505 and so on for one district. Called by daemon/padand.c; on the loop's thread.
 */
#ifndef PADAN_ALERT_OUTBOX_H
#define PADAN_ALERT_OUTBOX_H

#include "daemon/alerts/curl_loop.h"
#include "daemon/base/counters.h"
#include "daemon/db/db_conn.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <uv.h>

struct alert_delivery;

struct alert_outbox_options {
	const char *conninfo;
	bool allow_inner;         /* webhooks may go to private addresses, and without TLS */
	unsigned backoff_seconds; /* wait after the first failure; 0: LIMIT_ALERT_BACKOFF_SECONDS */
	unsigned limit_seconds;   /* for one delivery; 0: LIMIT_ALERT_SECONDS */
};

struct alert_outbox {
	struct alert_outbox_options options;
	uv_loop_t *loop;
	struct counters *counters;
	struct curl_loop curl;
	struct db_conn *conn;
	uv_timer_t poll, digest;
	struct alert_delivery *deliveries; /* under way */
	unsigned n_deliveries;
	bool usable, claiming, closing;
	unsigned open_parts;
	void (*closed)(void *arg);
	void *closed_arg;
};

int alert_outbox_start(struct alert_outbox *outbox, uv_loop_t *loop, struct counters *counters,
	const struct alert_outbox_options *options, struct error *err) PADAN_MUST_CHECK;

/* The database can be used. */
void alert_outbox_usable(struct alert_outbox *outbox);
/* There may be something to send. */
void alert_outbox_kick(struct alert_outbox *outbox);

/* What is under way is broken off and sent again later, by whomever. */
void alert_outbox_close(struct alert_outbox *outbox, void (*closed)(void *arg), void *arg);

#endif
