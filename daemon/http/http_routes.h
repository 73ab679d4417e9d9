/*
 * All tables of routes, in the order they are searched. Whoever adds endpoints adds a table here.
 */
#ifndef PADAN_HTTP_ROUTES_H
#define PADAN_HTTP_ROUTES_H

#include "daemon/http/http_router.h"

extern const struct http_route http_login_routes[];  /* http_login.c */
extern const struct http_route http_events_routes[]; /* http_events.c */
extern const struct http_route http_state_routes[];  /* http_state.c: /healthz, /readyz, /metrics */
extern const struct http_route api_routes[];         /* api_routes.c: lists, flags, review … */
extern const struct http_route http_debug_routes[];  /* http_debug_routes.c: debug builds alone */

extern const struct http_route *const http_all_routes[]; /* ended by NULL */

#endif
