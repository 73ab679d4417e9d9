/*
 * How the daemon fares, for those who watch over it: /healthz (it answers), /readyz (it can work), /metrics (Prometheus' text format,
 * version 0.0.4). Only on the address itself: a request that came through a proxy finds nothing here. No label holds anything
 * personal: routes are named by their pattern.
 */
#include "daemon/base/version.h"
#include "daemon/db/migrate.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_password.h"
#include "daemon/http/http_routes.h"
#include "matcher/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { METRICS_MAX = 1 << 20 };

static void show_health(struct http_request *request)
{
	if (http_is_forwarded(request))
		http_reply_absent(request);
	else
		http_reply_text(request, 200, "text/plain; charset=utf-8", "ok\n", 3);
}

/* ---- /readyz ---- */

static void say_ready(struct http_request *request, bool database, bool migrated)
{
	bool late = uv_now(request->server->loop) < request->server->late_until_ms;
	bool ready = database && migrated && !late && !request->server->closing;

	request->commit_anyway = true;
	http_reply_json(request, ready ? 200 : 503,
		json_pack("{s:b, s:b, s:b, s:b, s:b}", "ready", ready, "database", database, "migrations", migrated, "loop_in_time", !late,
			"stopping", request->server->closing));
}

static void schema_known(struct http_request *request, PGresult *result, void *arg)
{
	struct migrate_count missing;
	struct error err = {0};

	say_ready(request, true, migrate_missing(&request->server->migrations, result, &missing, &err) == 0 &&
		!missing.migrations && !missing.functions);
}

static void schema_unknown(struct http_request *request, const struct db_failure *failure, void *arg)
{
	say_ready(request, !failure->lost, false);
}

static void show_ready(struct http_request *request)
{
	if (http_is_forwarded(request))
		http_reply_absent(request);
	else if (!http_sql_ready(request->server->sql))
		say_ready(request, false, false);
	else
		http_sql_try(request, "web_schema", 0, NULL, schema_known, schema_unknown, NULL);
}

/* ---- /metrics ---- */

static void family(struct strbuf *out, const char *name, const char *type, const char *help)
{
	strbuf_addf(out, "# HELP padan_%s %s\n# TYPE padan_%s %s\n", name, help, name, type);
}

static void one(struct strbuf *out, const char *name, const char *type, const char *help, double value)
{
	family(out, name, type, help);
	strbuf_addf(out, "padan_%s %.15g\n", name, value);
}

static void add_process(struct strbuf *out, const struct http_server *server)
{
	const struct event_loop_lateness *lateness = &server->event_loop->lateness;
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file) {
		if (fscanf(file, "%*d %ld", &pages) != 1)
			pages = 0;
		fclose(file);
	}
	family(out, "build_info", "gauge", "always 1; the version is its label");
	strbuf_addf(out, "padan_build_info{version=\"" PADAN_VERSION "\"} 1\n");
	one(out, "resident_memory_bytes", "gauge", "memory of the daemon in use", (double)pages * (double)sysconf(_SC_PAGESIZE));
	one(out, "loop_longest_turn_seconds", "gauge", "longest time the loop did not wait for events", lateness->longest_turn_seconds);
	one(out, "loop_longest_turn_cpu_seconds", "gauge", "longest CPU time of the loop in one turn", lateness->longest_turn_cpu_seconds);
	one(out, "loop_turns_total", "counter", "turns of the loop", (double)lateness->turns);
	one(out, "loop_late_turns_total", "counter", "turns of 50 ms or more", (double)lateness->late_turns);
	for (int i = 0; i < COUNTER_KINDS; i++)
		one(out, counter_name(i), "counter", counter_help(i), (double)server->daemon_counters->values[i]);
}

static void add_requests(struct strbuf *out, const struct http_counters *counters)
{
	family(out, "http_requests_total", "counter", "answers, by route and class of status");
	for (unsigned i = 0; i < counters->route_count; i++) {
		const struct http_route_counts *route = &counters->routes[i];

		for (unsigned c = 1; c < 6; c++) {
			if (route->by_class[c])
				strbuf_addf(out, "padan_http_requests_total{method=\"%s\",route=\"%s\",code=\"%uxx\"} %llu\n", route->method,
					route->pattern, c, (unsigned long long)route->by_class[c]);
		}
	}
	family(out, "http_request_duration_seconds", "histogram", "from the headers to the answer");
	for (unsigned i = 0; i < counters->route_count; i++) {
		const struct http_route_counts *route = &counters->routes[i];
		unsigned long long sum = 0;

		for (unsigned b = 0; b <= HTTP_SECONDS_BUCKETS; b++) {
			char bound[16] = "+Inf";

			sum += route->buckets[b];
			if (b < HTTP_SECONDS_BUCKETS)
				snprintf(bound, sizeof bound, "%g", http_seconds_bounds[b]);
			strbuf_addf(out, "padan_http_request_duration_seconds_bucket{method=\"%s\",route=\"%s\",le=\"%s\"} %llu\n", route->method,
				route->pattern, bound, sum);
		}
		strbuf_addf(out, "padan_http_request_duration_seconds_sum{method=\"%s\",route=\"%s\"} %.9g\n", route->method, route->pattern,
			route->seconds);
		strbuf_addf(out, "padan_http_request_duration_seconds_count{method=\"%s\",route=\"%s\"} %llu\n", route->method, route->pattern, sum);
	}
}

static void add_web(struct strbuf *out, const struct http_server *server)
{
	const struct http_counters *c = &server->counters;

	one(out, "http_connections", "gauge", "connections open", server->connection_count);
	one(out, "http_connections_total", "counter", "connections taken", (double)c->connections_total);
	one(out, "http_connections_cut_total", "counter", "connections cut: slow, idle, or in the way of others", (double)c->connections_cut_total);
	one(out, "http_requests_in_progress", "gauge", "requests being received, worked on or answered", server->request_count);
	one(out, "http_requests_refused_total", "counter", "requests told to come back, as too many were at work", (double)c->requests_refused_total);
	one(out, "http_foreign_requests_total", "counter", "changes refused as they did not come from our pages", (double)c->csrf_refused_total);
	one(out, "http_rate_limited_total", "counter", "requests refused as the same session asked too often", (double)c->rate_refused_total);
	one(out, "http_streams", "gauge", "answers that stream, watchers of events among them", (double)c->streams);
	one(out, "http_sent_bytes_total", "counter", "bytes of answers", (double)c->bytes_sent_total);
	one(out, "http_received_bytes_total", "counter", "bytes of bodies", (double)c->bytes_received_total);
	one(out, "http_sql_connections_busy", "gauge", "the web's database connections in a transaction", (double)http_sql_busy(server->sql));
	one(out, "http_sql_waiting", "gauge", "requests waiting for a database connection", (double)http_sql_waiting(server->sql));
	one(out, "http_sql_waits_total", "counter", "requests that had to wait for a database connection", (double)c->sql_waits_total);
	one(out, "http_sql_timeouts_total", "counter", "requests that waited too long for one", (double)c->sql_timeouts_total);
	one(out, "http_passwords_waiting", "gauge", "passwords waiting to be checked", (double)http_passwords_waiting(server->passwords));
	family(out, "logins_total", "counter", "logins, by what became of them");
	strbuf_addf(out, "padan_logins_total{result=\"ok\"} %llu\npadan_logins_total{result=\"refused\"} %llu\npadan_logins_total{result=\"slowed\"} %llu\n",
		(unsigned long long)c->logins_ok_total, (unsigned long long)c->logins_refused_total, (unsigned long long)c->logins_slowed_total);
}

static const struct {
	const char *name, *label, *help;
} from_database[] = {
	{"jobs", "state", "jobs in the queue, by state"},
	{"oldest_ready_job_age_seconds", NULL, "how long the oldest job has been waiting"},
	{"alerts", "state", "alerts, waiting and given up"},
	{"oldest_waiting_alert_age_seconds", NULL, "how long the oldest alert has been waiting"},
	{"open_flags", "kind", "flags not dismissed or resolved, by kind"},
	{"lists", "state", "lists, by state"},
	{"sessions", NULL, "sessions of the web in use"},
};

static void add_database(struct strbuf *out, const PGresult *result)
{
	for (size_t f = 0; f < sizeof from_database / sizeof from_database[0]; f++) {
		family(out, from_database[f].name, "gauge", from_database[f].help);
		for (int i = 0; i < PQntuples(result); i++) {
			if (strcmp(PQgetvalue(result, i, 0), from_database[f].name) != 0)
				continue;
			if (from_database[f].label)
				strbuf_addf(out, "padan_%s{%s=\"%s\"} %s\n", from_database[f].name, from_database[f].label, PQgetvalue(result, i, 1),
					PQgetvalue(result, i, 2));
			else
				strbuf_addf(out, "padan_%s %s\n", from_database[f].name, PQgetvalue(result, i, 2));
		}
	}
}

static void say_metrics(struct http_request *request, PGresult *result, void *arg)
{
	struct error err = {0};
	struct strbuf out;

	strbuf_init(&out, METRICS_MAX);
	add_process(&out, request->server);
	add_requests(&out, &request->server->counters);
	add_web(&out, request->server);
	one(&out, "database_up", "gauge", "1 if the database answered", result != NULL);
	if (result)
		add_database(&out, result);
	if (strbuf_failed(&out, &err) < 0)
		http_reply_error(request, &err);
	else
		http_reply_text(request, 200, "text/plain; version=0.0.4; charset=utf-8", out.p, out.n);
	strbuf_release(&out);
}

static void database_away(struct http_request *request, const struct db_failure *failure, void *arg)
{
	say_metrics(request, NULL, arg);
}

static void show_metrics(struct http_request *request)
{
	if (http_is_forwarded(request))
		http_reply_absent(request);
	else if (!http_sql_ready(request->server->sql))
		say_metrics(request, NULL, NULL);
	else
		http_sql_try(request, "web_metrics", 0, NULL, say_metrics, database_away, NULL);
}

const struct http_route http_state_routes[] = {
	{HTTP_GET, "/healthz", HTTP_MAY_ANYONE, show_health},
	{HTTP_GET, "/readyz", HTTP_MAY_ANYONE, show_ready},
	{HTTP_GET, "/metrics", HTTP_MAY_ANYONE, show_metrics},
	{0},
};
