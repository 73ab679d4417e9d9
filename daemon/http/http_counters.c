/*
 * Counting answers; see http_counters.h. Called by http_server.c.
 */
#include "daemon/http/http_counters.h"

#include <stddef.h>

#include "daemon/base/banned.h"

const double http_seconds_bounds[HTTP_SECONDS_BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0};

static struct http_route_counts *find(struct http_counters *counters, const char *pattern, const char *method)
{
	unsigned i;

	/* Both are constants of the tables: the same pointers each time. */
	for (i = 0; i < counters->route_count; i++) {
		if (counters->routes[i].pattern == pattern && counters->routes[i].method == method)
			return &counters->routes[i];
	}
	if (i == HTTP_ROUTES_COUNTED)
		return &counters->routes[i - 1];
	counters->routes[i].pattern = pattern;
	counters->routes[i].method = method;
	counters->route_count++;
	return &counters->routes[i];
}

void http_counters_answered(struct http_counters *counters, const char *pattern, const char *method, unsigned status,
	double seconds)
{
	static const char none[] = "other";
	struct http_route_counts *route = find(counters, pattern ? pattern : none, method);
	unsigned bucket = 0;

	while (bucket < HTTP_SECONDS_BUCKETS && seconds > http_seconds_bounds[bucket])
		bucket++;
	route->buckets[bucket]++;
	route->seconds += seconds;
	route->by_class[status / 100 < 6 ? status / 100 : 0]++;
}
