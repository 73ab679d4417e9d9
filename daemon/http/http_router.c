/*
 * Finding the route of a path; see http_router.h. Called by http_server.c.
 */
#include "daemon/http/http_router.h"

#include <string.h>

#include "daemon/base/banned.h"

static const struct {
	const char *word;
	enum http_method method;
} methods[] = {
	{"GET", HTTP_GET},
	{"POST", HTTP_POST},
	{"PUT", HTTP_PUT},
	{"PATCH", HTTP_PATCH},
	{"DELETE", HTTP_DELETE},
};

enum http_method http_method_parse(const char *word)
{
	if (strcmp(word, "HEAD") == 0)
		return HTTP_GET;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (strcmp(word, methods[i].word) == 0)
			return methods[i].method;
	}
	return HTTP_NO_METHOD;
}

const char *http_method_name(enum http_method method)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (methods[i].method == method)
			return methods[i].word;
	}
	return "other";
}

/* The next piece up to a slash; *at goes behind it. */
static struct str segment(const char **at)
{
	struct str piece = {*at, strcspn(*at, "/")};

	*at += piece.n + (piece.p[piece.n] == '/');
	return piece;
}

static bool fits(const char *pattern, const char *path, struct http_match *match)
{
	size_t n = 0;

	while (*pattern && *path) {
		bool pattern_goes_on, path_goes_on;
		struct str wanted = segment(&pattern), given = segment(&path);

		pattern_goes_on = pattern[-1] == '/';
		path_goes_on = path[-1] == '/';
		if (pattern_goes_on != path_goes_on)
			return false;
		if (wanted.n > 2 && wanted.p[0] == '{') {
			if (!given.n || n == HTTP_PATH_PARAMS_MAX)
				return false;
			match->params[n].name = (struct str){wanted.p + 1, wanted.n - 2};
			match->params[n++].value = given;
		} else if (!str_equal(wanted, given)) {
			return false;
		}
	}
	match->n = n;
	return !*pattern && !*path;
}

void http_router_find(const struct http_route *const *tables, enum http_method method, const char *path,
	struct http_match *match)
{
	*match = (struct http_match){0};
	for (; *tables; tables++) {
		for (const struct http_route *route = *tables; route->method != HTTP_NO_METHOD; route++) {
			if (!fits(route->pattern, path, match))
				continue;
			match->path_known = true;
			if (route->method != method)
				continue;
			match->route = route;
			return;
		}
	}
	match->n = 0;
}
