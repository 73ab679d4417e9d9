/*
 * The endpoints about lists, flags, pairs, households and settings, as openapi.yaml describes them. Most are a statement in
 * daemon/db/sql (api_*.sql); those with a handler name the file it lives in.
 */
#include "daemon/http/http_routes.h"

/* What chooses flags: the first fifteen parameters of api_flags.sql and its kin. */
#define FLAG_FILTER                                                                                                    \
	"kind", "programme", "kecamatan", "village:integer", "state", "status", "severity", "certainty_from", "certainty_to", \
		"list:integer", "rule", "assigned_to", "period", "person:integer", "household:integer"

const struct http_route api_routes[] = {
	{HTTP_GET, "/api/v1/lists", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_lists", .scope = "lists:read",
		.params = {"kind", "subject", "period", "office", "state", "current", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_list", .scope = "lists:read", .params = {"list:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}/rejects", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_rejects", .scope = "lists:read",
		.params = {"list:integer", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}/changes", HTTP_MAY_LOOK, .sql = "api_list_changes", .audit = "list.changes",
		.params = {"list:integer", "what", "before:integer", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/periods", HTTP_MAY_LOOK, .sql = "api_periods"},

	{HTTP_GET, "/api/v1/flags", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, .sql = "api_flags", .scope = "flags:read",
		.params = {FLAG_FILTER, "sort", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/flags/summary", HTTP_MAY_SESSION, .sql = "api_flag_summary", .params = {FLAG_FILTER}},

	{HTTP_GET, "/api/v1/coverage", HTTP_MAY_LOOK, .sql = "api_coverage",
		.params = {"by", "programme", "kecamatan", "village:integer", "desil:integer"}},
	{HTTP_GET, "/api/v1/coverage/left-out", HTTP_MAY_DISTRICT | HTTP_MAY_VERIFIER, .sql = "api_left_out", .audit = "coverage.left_out",
		.params = {"village:integer", "kecamatan", "desil:integer", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/overlap", HTTP_MAY_LOOK, .sql = "api_overlap", .params = {"level", "kecamatan", "village:integer"}},
	{HTTP_GET, "/api/v1/overlap/households", HTTP_MAY_LOOK, .sql = "api_overlap_households", .audit = "overlap.households",
		.params = {"programmes", "exact", "kecamatan", "village:integer", "after:integer", "limit:integer"}},
	{0},
};
