/*
 * Counts and queues that the pages read (padan.web_reach, web_pairs …) are made anew in the background: after each job, and every
 * minute for what changes with the day. On a connection of its own, as the daemon: it may take seconds where a district is large,
 * and nobody waits for it; pages say when their numbers were counted.
 *
 * Called by http_server.c.
 */
#ifndef PADAN_HTTP_REFRESH_H
#define PADAN_HTTP_REFRESH_H

#include "matcher/base/error.h"

#include <uv.h>

struct http_refresh;

int http_refresh_start(struct http_refresh **ret, uv_loop_t *loop, const char *conninfo, struct error *err) PADAN_MUST_CHECK;
void http_refresh_close(struct http_refresh *refresh, void (*closed)(void *arg), void *arg);

#endif
