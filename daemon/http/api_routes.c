/*
 * The endpoints about lists, flags, pairs, households and settings, as openapi.yaml describes them. Most are a statement in
 * daemon/db/sql (api_*.sql); those with a handler name the file it lives in.
 */
#include "daemon/base/limits.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_routes.h"

/* What chooses flags: the first fifteen parameters of api_flags.sql and its kin. */
#define FLAG_FILTER                                                                                                    \
	"kind", "programme", "kecamatan", "village:integer", "state", "status", "severity", "certainty_from", "certainty_to", \
		"list:integer", "rule", "assigned_to", "period", "person:integer", "household:integer"

/* Who sends lists. */
enum { MAY_SEND = HTTP_MAY_ADMINISTRATOR | HTTP_MAY_OFFICE | HTTP_MAY_TOKEN };

static void api_show_looked(struct http_request *request)
{
	const char *household = http_path(request, "household"), *after = http_query(request, "after"), *limit = http_query(request, "limit");
	const char *id = household ? household : http_path(request, "person");
	int64_t number;

	if (!http_integer(id, &number))
		http_reply_absent(request);
	else if ((after && !http_integer(after, &number)) || (limit && !http_integer(limit, &number)))
		http_reply_problem(request, 400, "bad-value", "Nilai after dan limit harus bilangan bulat.", "after and limit must be whole numbers.");
	else
		http_sql_reply(request, "api_looked", DB_VALUES(household ? "household" : "person", id, after, limit));
}

const struct http_route api_routes[] = {
	{HTTP_GET, "/api/v1/vocabulary", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, api_show_vocabulary, .scope = "lists:read"},
	{HTTP_GET, "/api/v1/home", HTTP_MAY_SESSION, .sql = "api_home", .params = {"seen"}},

	{HTTP_GET, "/api/v1/lists", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_lists", .scope = "lists:read",
		.params = {"kind", "subject", "period", "office", "state", "current", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_list", .scope = "lists:read", .params = {"list:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}/rejects.csv", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_OFFICE | HTTP_MAY_TOKEN, api_rejects_file,
		.scope = "lists:read", .audit = "list.rejects"},
	{HTTP_GET, "/api/v1/lists/{list}/rejects", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, .sql = "api_rejects", .scope = "lists:read", .audit = "list.rejects.view",
		.params = {"list:integer", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/lists/{list}/changes", HTTP_MAY_LOOK, .sql = "api_list_changes", .audit = "list.changes",
		.params = {"list:integer", "what", "before:integer", "after", "limit:integer"}},
	{HTTP_POST, "/api/v1/lists/{list}/withdrawal", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_OFFICE | HTTP_MAY_TOKEN, .sql = "api_list_withdraw",
		.scope = "lists:write", .params = {"list:integer", "reason", "$version"}, .body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/periods", HTTP_MAY_LOOK, .sql = "api_periods"},
	{HTTP_PUT, "/api/v1/periods/{period}", HTTP_MAY_ADMINISTRATOR, .sql = "api_period_change", .params = {"period", "state", "reason", "$version"},
		.body = HTTP_BODY_JSON},

	{HTTP_POST, "/api/v1/uploads", MAY_SEND, .sql = "api_upload_begin", .scope = "lists:write", .params = {"file_name", "bytes:integer"},
		.body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/uploads/{upload}", MAY_SEND, .sql = "api_upload", .scope = "lists:write", .params = {"upload"}},
	{HTTP_PUT, "/api/v1/uploads/{upload}/content", MAY_SEND, api_take_content, .scope = "lists:write", .body = HTTP_BODY_STREAM,
		.body_max = LIMIT_WEB_UPLOAD_BYTES},
	{HTTP_DELETE, "/api/v1/uploads/{upload}", MAY_SEND, api_drop_upload, .scope = "lists:write"},
	{HTTP_POST, "/api/v1/uploads/{upload}/preview", MAY_SEND, api_preview_upload, .scope = "lists:write", .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/uploads/{upload}/list", MAY_SEND, api_send_list, .scope = "lists:write", .body = HTTP_BODY_JSON, .audit = "list.send"},

	{HTTP_GET, "/api/v1/flags", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, .sql = "api_flags", .scope = "flags:read",
		.params = {FLAG_FILTER, "sort", "after", "limit:integer", "$office", "$lists"}, .audit = "flags.view"},
	{HTTP_GET, "/api/v1/flags/summary", HTTP_MAY_SESSION, .sql = "api_flag_summary", .params = {FLAG_FILTER}},

	{HTTP_GET, "/api/v1/flags.csv", HTTP_MAY_LOOK | HTTP_MAY_TOKEN, api_export_csv, .scope = "flags:read", .params = {FLAG_FILTER},
		.audit = "flags.export", .rate = HTTP_RATE_HEAVY},
	{HTTP_GET, "/api/v1/flags.xlsx", HTTP_MAY_LOOK, api_export_xlsx, .params = {FLAG_FILTER}, .audit = "flags.export", .rate = HTTP_RATE_HEAVY},
	{HTTP_POST, "/api/v1/flags/decisions", HTTP_MAY_LOOK, .sql = "api_flags_decide", .params = {"flags:json", "status", "reason", "office"},
		.body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/flags/{flag}", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, api_show_flag, .scope = "flags:read", .audit = "flag.view"},
	{HTTP_POST, "/api/v1/flags/{flag}/decision", HTTP_MAY_SESSION, .sql = "api_flag_decide",
		.params = {"flag:integer", "status", "reason", "office", "$version"}, .body = HTTP_BODY_JSON},

	{HTTP_GET, "/api/v1/review/pairs", HTTP_MAY_LOOK, .sql = "api_pairs",
		.params = {"kind", "programme", "village:integer", "across", "second", "flag:integer", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/review/next", HTTP_MAY_LOOK, api_show_next_pairs, .audit = "pair.view"},
	{HTTP_GET, "/api/v1/review/progress", HTTP_MAY_LOOK, .sql = "api_review_progress"},
	{HTTP_GET, "/api/v1/review/decisions", HTTP_MAY_LOOK, .sql = "api_decisions", .params = {"mine", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/review/pairs/{pair}", HTTP_MAY_LOOK, api_show_pair, .audit = "pair.view"},
	{HTTP_POST, "/api/v1/review/pairs/{pair}/decision", HTTP_MAY_LOOK, .sql = "api_pair_decide",
		.params = {"pair", "verdict", "reason", "$version"}, .body = HTTP_BODY_JSON},
	{HTTP_DELETE, "/api/v1/review/decisions/{decision}", HTTP_MAY_LOOK, .sql = "api_pair_undo", .params = {"decision:integer"}},

	{HTTP_GET, "/api/v1/households/{household}", HTTP_MAY_LOOK, .sql = "api_household", .params = {"household:integer"}, .audit = "household.view"},
	{HTTP_GET, "/api/v1/persons/{person}", HTTP_MAY_LOOK, .sql = "api_person", .params = {"person:integer"}, .audit = "person.view"},
	{HTTP_POST, "/api/v1/unmask", HTTP_MAY_LOOK, .sql = "api_unmask", .params = {"list:integer", "row:integer", "flag:integer", "reason"},
		.body = HTTP_BODY_JSON, .rate = HTTP_RATE_SEARCH},

	{HTTP_GET, "/api/v1/coverage", HTTP_MAY_LOOK, .sql = "api_coverage",
		.params = {"by", "programme", "kecamatan", "village:integer", "desil:integer"}},
	{HTTP_GET, "/api/v1/coverage/left-out", HTTP_MAY_DISTRICT | HTTP_MAY_VERIFIER, .sql = "api_left_out", .audit = "coverage.left_out",
		.params = {"village:integer", "kecamatan", "desil:integer", "after", "limit:integer"}},
	{HTTP_GET, "/api/v1/overlap", HTTP_MAY_LOOK, .sql = "api_overlap", .params = {"level", "kecamatan", "village:integer"}},
	{HTTP_GET, "/api/v1/overlap/households", HTTP_MAY_LOOK, .sql = "api_overlap_households", .audit = "overlap.households",
		.params = {"programmes", "exact", "kecamatan", "village:integer", "after:integer", "limit:integer"}},

	{HTTP_GET, "/api/v1/households/{household}/looked", HTTP_MAY_ADMINISTRATOR, api_show_looked},
	{HTTP_GET, "/api/v1/persons/{person}/looked", HTTP_MAY_ADMINISTRATOR, api_show_looked},
	{HTTP_POST, "/api/v1/search", HTTP_MAY_LOOK, api_search, .body = HTTP_BODY_JSON, .rate = HTTP_RATE_SEARCH, .audit = "search"},
	{HTTP_POST, "/api/v1/check", HTTP_MAY_SESSION | HTTP_MAY_TOKEN, api_check, .scope = "check", .body = HTTP_BODY_JSON, .rate = HTTP_RATE_SEARCH,
		.audit = "check", .hurries = true},

	{HTTP_GET, "/api/v1/sheets", HTTP_MAY_DISTRICT | HTTP_MAY_VERIFIER, .sql = "api_sheets",
		.params = {"village:integer", "state", "after:integer", "limit:integer"}},
	{HTTP_POST, "/api/v1/sheets", HTTP_MAY_DISTRICT, .sql = "api_sheets_make", .params = {"villages:json", "kinds:json", "states:json", "most:integer"},
		.body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/sheets/{sheet}", HTTP_MAY_DISTRICT | HTTP_MAY_VERIFIER, api_show_sheet, .audit = "sheet.view"},
	{HTTP_GET, "/api/v1/sheets/{sheet}/workbook", HTTP_MAY_DISTRICT | HTTP_MAY_VERIFIER, api_export_sheet, .audit = "sheet.view", .rate = HTTP_RATE_HEAVY},
	{HTTP_POST, "/api/v1/sheets/{sheet}/answers", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_VERIFIER, .sql = "api_sheet_answers",
		.params = {"sheet:integer", "answers:json"}, .body = HTTP_BODY_JSON, .body_max = 1 << 20},
	{HTTP_POST, "/api/v1/sheets/{sheet}/workbook", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_VERIFIER, api_take_sheet, .body = HTTP_BODY_JSON, .body_max = 8 << 20,
		.rate = HTTP_RATE_SEARCH},
	{HTTP_POST, "/api/v1/sheets/{sheet}/close", HTTP_MAY_DISTRICT, .sql = "api_sheet_close", .params = {"sheet:integer", "$version"}, .body = HTTP_BODY_JSON},

	{HTTP_GET, "/api/v1/proposals", HTTP_MAY_DISTRICT, .sql = "api_proposals", .params = {"after:integer", "limit:integer"}},
	{HTTP_POST, "/api/v1/proposals", HTTP_MAY_DISTRICT, .sql = "api_proposal_make", .params = {"note"}, .body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/proposals/{proposal}/changes", HTTP_MAY_DISTRICT, .sql = "api_proposal_changes", .audit = "proposal.view",
		.params = {"proposal:integer", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/proposals/{proposal}/file", HTTP_MAY_ADMINISTRATOR, api_proposal_file, .audit = "proposal.file", .rate = HTTP_RATE_HEAVY},

	{HTTP_GET, "/api/v1/users", HTTP_MAY_ADMINISTRATOR, .sql = "api_users"},
	{HTTP_POST, "/api/v1/users", HTTP_MAY_ADMINISTRATOR, api_add_user, .body = HTTP_BODY_JSON},
	{HTTP_PATCH, "/api/v1/users/{user}", HTTP_MAY_ADMINISTRATOR, .sql = "api_user_change", .params = {"user:integer", "$body"}, .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/users/{user}/link", HTTP_MAY_ADMINISTRATOR, api_make_user_link, .body = HTTP_BODY_JSON},
	{HTTP_GET, "/api/v1/tokens", HTTP_MAY_ADMINISTRATOR, .sql = "api_tokens"},
	{HTTP_POST, "/api/v1/tokens", HTTP_MAY_ADMINISTRATOR, api_add_token, .body = HTTP_BODY_JSON},
	{HTTP_DELETE, "/api/v1/tokens/{token}", HTTP_MAY_ADMINISTRATOR, .sql = "api_token_revoke", .params = {"token:integer"}},
	{HTTP_POST, "/api/v1/alerts/{alert}/retry", HTTP_MAY_ADMINISTRATOR, .sql = "api_alert_retry", .params = {"alert:integer"}, .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/models/train", HTTP_MAY_ADMINISTRATOR, .sql = "api_train", .params = {"reason"}, .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/models/{model}/use", HTTP_MAY_ADMINISTRATOR, .sql = "api_model_use", .params = {"model:integer", "reason"}, .body = HTTP_BODY_JSON},

	{HTTP_POST, "/api/v1/settings/rules/dry-run", HTTP_MAY_DISTRICT, api_dry_run, .body = HTTP_BODY_JSON, .rate = HTTP_RATE_SEARCH,
		.audit = "rule.dry_run"},
	{HTTP_GET, "/api/v1/settings/thresholds", HTTP_MAY_DISTRICT, .sql = "api_thresholds"},
	{HTTP_GET, "/api/v1/settings", HTTP_MAY_ADMINISTRATOR, api_show_settings},
	{HTTP_POST, "/api/v1/settings/configuration/check", HTTP_MAY_ADMINISTRATOR, api_check_configuration, .body = HTTP_BODY_JSON, .body_max = 2 << 20},
	{HTTP_PUT, "/api/v1/settings/configuration", HTTP_MAY_ADMINISTRATOR, api_put_configuration, .body = HTTP_BODY_JSON, .body_max = 2 << 20},
	{HTTP_PUT, "/api/v1/settings/{thing}/{code}", HTTP_MAY_ADMINISTRATOR, api_put_setting, .body = HTTP_BODY_JSON},
	{HTTP_DELETE, "/api/v1/settings/{thing}/{code}", HTTP_MAY_ADMINISTRATOR, api_drop_setting},
	{HTTP_GET, "/api/v1/settings/configuration", HTTP_MAY_ADMINISTRATOR, .sql = "api_configuration"},
	{HTTP_GET, "/api/v1/settings/columns", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_OFFICE, .sql = "api_columns"},
	{HTTP_POST, "/api/v1/settings/columns/forget", HTTP_MAY_ADMINISTRATOR | HTTP_MAY_OFFICE, .sql = "api_columns_forget",
		.params = {"office", "header:json"}, .body = HTTP_BODY_JSON},
	{HTTP_POST, "/api/v1/audit/verify", HTTP_MAY_ADMINISTRATOR, .sql = "api_audit_verify", .body = HTTP_BODY_JSON, .rate = HTTP_RATE_HEAVY},
	{HTTP_GET, "/api/v1/alerts", HTTP_MAY_LOOK, .sql = "api_alerts", .params = {"state", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/jobs", HTTP_MAY_DISTRICT, .sql = "api_jobs"},
	{HTTP_GET, "/api/v1/models", HTTP_MAY_DISTRICT, .sql = "api_models"},
	{HTTP_GET, "/api/v1/models/{model}", HTTP_MAY_DISTRICT, .sql = "api_model", .params = {"model:integer"}},
	{HTTP_GET, "/api/v1/audit", HTTP_MAY_ADMINISTRATOR, .sql = "api_audit",
		.params = {"action", "kind", "id:integer", "user:integer", "from", "to", "after:integer", "limit:integer"}},
	{HTTP_GET, "/api/v1/audit/unmaskings", HTTP_MAY_DISTRICT, .sql = "api_unmaskings", .params = {"after:integer", "limit:integer"}},
	{0},
};
