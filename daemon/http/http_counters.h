/*
 * What the web server counts, for /metrics. No label ever holds a value of a request: routes are named by their pattern.
 * Belongs to the loop's thread.
 */
#ifndef PADAN_HTTP_COUNTERS_H
#define PADAN_HTTP_COUNTERS_H

#include <stdint.h>

enum { HTTP_ROUTES_COUNTED = 160, HTTP_SECONDS_BUCKETS = 10 };

/* Upper bounds of the histogram of answering times. */
extern const double http_seconds_bounds[HTTP_SECONDS_BUCKETS];

struct http_route_counts {
	const char *pattern; /* a constant; NULL: none */
	const char *method;
	uint64_t by_class[6]; /* status / 100 */
	uint64_t buckets[HTTP_SECONDS_BUCKETS + 1];
	double seconds;
};

struct http_counters {
	struct http_route_counts routes[HTTP_ROUTES_COUNTED];
	unsigned route_count;
	uint64_t connections_total, connections_cut_total, requests_refused_total, sql_waits_total, sql_timeouts_total;
	uint64_t logins_ok_total, logins_refused_total, logins_slowed_total, csrf_refused_total, rate_refused_total;
	uint64_t bytes_sent_total, bytes_received_total;
	int64_t streams;
};

/* One answer. pattern and method must be constants; NULL: what no route answers. */
void http_counters_answered(struct http_counters *counters, const char *pattern, const char *method, unsigned status,
	double seconds);

#endif
