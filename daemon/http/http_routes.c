/*
 * The tables; see http_routes.h.
 */
#include "daemon/http/http_routes.h"

const struct http_route *const http_all_routes[] = {
	http_login_routes,
	http_events_routes,
	http_state_routes,
	api_routes,
#ifdef PADAN_DEBUG
	http_debug_routes,
#endif
	NULL,
};
