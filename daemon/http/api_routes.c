/*
 * The endpoints about lists, flags, pairs, households and settings. Most are a statement in daemon/db/sql (api_*.sql); those with a
 * handler name the file it lives in.
 */
#include "daemon/http/http_routes.h"

const struct http_route api_routes[] = {
	{HTTP_GET, "/api/v1/programmes", HTTP_MAY_SESSION, .sql = "api_programmes"},
	{0},
};
