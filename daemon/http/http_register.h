/*
 * The register of the caller's district, as this daemon's jobs hold it in memory: to weigh pairs and to search in. Belongs to the loop's
 * thread, for the length of a callback: a job may take it afterwards. Called by api_explain.c and api_check.c.
 */
#ifndef PADAN_HTTP_REGISTER_H
#define PADAN_HTTP_REGISTER_H

#include "daemon/http/http_request.h"
#include "matcher/district/district.h"

/* NULL: it is not in memory, or a job has it; *busy (may be NULL) tells which. */
struct district *http_register_at_rest(struct http_request *request, bool *busy);

#endif
