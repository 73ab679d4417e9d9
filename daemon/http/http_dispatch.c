/*
 * From a request that has come in to its handler: its route, who may, how much and how often. The library's side is http_server.c.
 */
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pages.h"
#include "daemon/http/http_rates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/banned.h"

static unsigned at_work(const struct http_server *server, const char *address, unsigned *from_address)
{
	unsigned n = 0;

	*from_address = 0;
	for (const struct http_request *request = server->requests; request; request = request->next) {
		if (request->state != REQUEST_WORKING && request->state != REQUEST_ENDING)
			continue;
		n++;
		*from_address += strcmp(request->address, address) == 0;
	}
	return n;
}

void http_refuse_size(struct http_request *request)
{
	http_reply_problem(request, 413, "too-large", "Isi permintaan terlalu besar.", "The body of the request is too large.");
}

static void refuse_rate(struct http_request *request, unsigned seconds)
{
	char text[16];

	request->server->counters.rate_refused_total++;
	snprintf(text, sizeof text, "%u", seconds);
	http_reply_header(request, "Retry-After", text);
	http_reply_problem(request, 429, "too-often", "Terlalu banyak permintaan; tunggu sebentar lalu coba lagi.",
		"Too many requests; wait a moment and try again.");
}

static bool has_scope(const struct http_request *request)
{
	const char *at = request->who.scopes, *wanted = request->route->scope;
	size_t n = wanted ? strlen(wanted) : 0;

	while (n && at && *at) {
		size_t length = strcspn(at, " ");

		if (length == n && memcmp(at, wanted, n) == 0)
			return true;
		at += length + (at[length] == ' ');
	}
	return false;
}

void http_dispatch(struct http_request *request)
{
	const struct http_route *route = request->route;
	unsigned wait;

	if (!(route->may & HTTP_MAY_ANYONE) && (!(request->who.may & route->may) || (request->who.may == HTTP_MAY_TOKEN && !has_scope(request)))) {
		http_reply_absent(request);
		return;
	}
	wait = http_rates_take(request->server->rates, route->rate, request->who.may == HTTP_MAY_TOKEN, request->who.session);
	if (wait)
		refuse_rate(request, wait);
	else if (route->handle)
		route->handle(request);
	else
		http_route_sql(request);
}

/* Everything that can be said before the body: a route, a size, a type. */
int http_dispatch_begin(struct http_request *request)
{
	const struct http_route *route;
	struct http_match match;
	unsigned from_address;
	const char *type;
	size_t most;

	if (http_check_origin(request) < 0)
		return -1;
	http_router_find(request->server->tables, request->method, request->path, &match);
	request->route = route = match.route;
	request->path_param_count = match.n;
	for (size_t i = 0; i < match.n; i++) {
		request->path_params[i].name = match.params[i].name;
		request->path_params[i].value = arena_str(&request->arena, match.params[i].value);
		if (!request->path_params[i].value.p) {
			http_reply_busy(request);
			return -1;
		}
	}
	if (!route) {
		if (match.path_known || request->method != HTTP_GET)
			http_reply_problem(request, match.path_known ? 405 : 404, match.path_known ? "method" : "absent",
				"Alamat ini tidak menerima permintaan seperti itu.", "This address takes no such request.");
		else if (strncmp(request->path, "/api/", 5) == 0)
			http_reply_absent(request);
		return request->state == REQUEST_RECEIVING ? 0 : -1;
	}
	most = route->body == HTTP_BODY_NONE ? 0 : route->body_max ? route->body_max : LIMIT_WEB_BODY_BYTES;
	if (http_body_size(request) > 0 && (uint64_t)http_body_size(request) > most) {
		http_refuse_size(request);
		return -1;
	}
	type = http_header(request, "Content-Type");
	if (route->body == HTTP_BODY_JSON && (!type || strncasecmp(type, "application/json", 16) != 0)) {
		http_reply_problem(request, 415, "not-json", "Isi permintaan harus application/json.", "The body must be application/json.");
		return -1;
	}
	if (at_work(request->server, request->address, &from_address) >= LIMIT_WEB_REQUESTS || from_address >= LIMIT_WEB_REQUESTS_EACH) {
		request->server->counters.requests_refused_total++;
		http_reply_busy(request);
		return -1;
	}
	return 0;
}

/* All of the request is there, or for a stream its headers. */
void http_dispatch_work(struct http_request *request)
{
	json_error_t where;

	request->state = REQUEST_WORKING;
	if (!request->route) {
		http_pages_serve(request);
		return;
	}
	if (request->route->body == HTTP_BODY_JSON) {
		request->json = json_loadb(request->body ? request->body : "", request->body_n, JSON_REJECT_DUPLICATES, &where);
		free(request->body);
		request->body = NULL;
		if (!request->json) {
			http_reply_problem(request, 400, "not-json", "Isi permintaan bukan JSON yang sah.", "The body is not valid JSON.");
			return;
		}
	}
	if (request->route->may & HTTP_MAY_ANYONE)
		http_dispatch(request);
	else
		http_auth(request);
}
