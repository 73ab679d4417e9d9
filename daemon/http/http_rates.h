/*
 * How often one session or token may ask, by kind of route: buckets that fill with time. In memory: a restart forgets them, which
 * costs an attacker nothing he can repeat. Passwords are slowed by the database instead (padan.web_login_begin).
 * Used by http_server.c.
 */
#ifndef PADAN_HTTP_RATES_H
#define PADAN_HTTP_RATES_H

#include "daemon/http/http_router.h"
#include "matcher/base/error.h"

#include <stdint.h>
#include <uv.h>

struct http_rates;

int http_rates_new(struct http_rates **ret, uv_loop_t *loop, struct error *err) PADAN_MUST_CHECK;
void http_rates_free(struct http_rates *rates);

/* 0: go on; else the seconds to wait. An office's system may ask more often than a person. */
unsigned http_rates_take(struct http_rates *rates, enum http_rate rate, bool token, int64_t session);

#endif
