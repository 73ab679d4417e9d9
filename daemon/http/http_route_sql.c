/*
 * A route without C: its parameters are gathered as its table says, its statement gives the answer. See http_router.h.
 */
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { TEXT_MAX = 1000 };
enum param_kind { PARAM_TEXT, PARAM_INTEGER, PARAM_JSON };

static const char *json_as_text(struct http_request *request, const json_t *value, enum param_kind kind)
{
	const char *copy = NULL;
	char *text;

	if (!value || json_is_null(value))
		return NULL;
	if (kind != PARAM_JSON && json_is_string(value))
		return json_string_value(value);
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (text)
		copy = http_copy(request, text);
	free(text);
	return copy;
}

static void refuse(struct http_request *request, const char *name, bool too_long)
{
	char id[160], en[160];

	snprintf(id, sizeof id, too_long ? "Nilai \"%.40s\" terlalu panjang." : "Nilai \"%.40s\" harus bilangan bulat.", name);
	snprintf(en, sizeof en, too_long ? "The value \"%.40s\" is too long." : "The value \"%.40s\" must be a whole number.", name);
	http_reply_problem(request, 400, "bad-value", id, en);
}

/* If-Match: "12", or "version" in the body. */
static const char *version_given(struct http_request *request)
{
	const char *given = http_header(request, "If-Match");
	char text[100];
	size_t n;

	if (!given || strcmp(given, "*") == 0)
		return json_as_text(request, json_object_get(request->json, "version"), PARAM_TEXT);
	given += strncmp(given, "W/", 2) == 0 ? 2 : 0;
	given += *given == '"';
	n = strcspn(given, "\"");
	snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text ? n : sizeof text - 1), given);
	return http_copy(request, text);
}

/* -1: the request has been answered. */
static int gather(struct http_request *request, const char *spec, const char **value)
{
	const char *colon = strchr(spec, ':');
	enum param_kind kind = !colon ? PARAM_TEXT : strcmp(colon, ":integer") == 0 ? PARAM_INTEGER : PARAM_JSON;
	char name[48];
	bool in_path = true;
	int64_t number;

	snprintf(name, sizeof name, "%.*s", colon ? (int)(colon - spec) : (int)strlen(spec), spec);
	if (strcmp(name, "$body") == 0) {
		*value = json_as_text(request, request->json, PARAM_JSON);
		return 0;
	}
	if (strcmp(name, "$version") == 0) {
		*value = version_given(request);
		return 0;
	}
	if (strcmp(name, "$lang") == 0) {
		*value = lang_text(request->lang, "id", "en");
		return 0;
	}
	if (strcmp(name, "$office") == 0 || strcmp(name, "$lists") == 0) {
		*value = name[1] == 'o' ? request->who.office : request->who.lists;
		return 0;
	}
	*value = http_path(request, name);
	if (!*value) {
		in_path = false;
		*value = http_query(request, name);
		if (*value && !**value && kind == PARAM_INTEGER)
			*value = NULL; /* "?limit=": as if it were not there */
	}
	if (!*value)
		*value = json_as_text(request, json_object_get(request->json, name), kind);
	if (!*value)
		return 0;
	if (kind == PARAM_INTEGER && !http_integer(*value, &number)) {
		if (in_path)
			http_reply_absent(request);
		else
			refuse(request, name, false);
		return -1;
	}
	if (kind == PARAM_TEXT && strlen(*value) > TEXT_MAX) {
		refuse(request, name, true);
		return -1;
	}
	return 0;
}

int http_route_values(struct http_request *request, const char *values[HTTP_PARAMS_MAX], int *ret_n)
{
	int n = 0;

	for (; n < HTTP_PARAMS_MAX && request->route->params[n]; n++) {
		if (gather(request, request->route->params[n], &values[n]) < 0)
			return -1;
	}
	*ret_n = n;
	return 0;
}

void http_route_sql(struct http_request *request)
{
	const char *values[HTTP_PARAMS_MAX];
	int n;

	if (http_route_values(request, values, &n) == 0)
		http_sql_reply(request, request->route->sql, n, values);
}
