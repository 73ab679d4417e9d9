/*
 * GET /api/v1/events: what goes on, told as it happens (server-sent events). One connection of the daemon listens for all; who may
 * hear what is decided here by the session: an office hears of its own lists.
 *
 *	event: hello     data: {"version": "…", "started": 1732…}            first; another "started" than before: the server was restarted
 *	event: job       data: {"job", "kind", "state", "stage", "rows_done", "rows_total", "list", "list_state", "subject", "period"}
 *	event: changed   data: {"what": "flag", "id": 12}                      somebody decided something
 *
 * Ids and counts only. Functions in the database say what changed with NOTIFY padan_web, 'district:office:what:id' – the office
 * whose business it is, or * for everybody's. A stream ends after LIMIT_WEB_SEND_SECONDS or with the session; browsers come back.
 */
#ifndef PADAN_HTTP_EVENTS_H
#define PADAN_HTTP_EVENTS_H

#include "matcher/base/error.h"

struct http_events;
struct http_server;

int http_events_start(struct http_events **ret, struct http_server *server, struct error *err) PADAN_MUST_CHECK;
void http_events_close(struct http_events *events, void (*closed)(void *arg), void *arg);

#endif
