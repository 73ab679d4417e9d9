/*
 * `padan flags`: the flags, gravest first, or how many there are of each kind.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_result.h"
#include "daemon/cli/flag_filter.h"
#include "daemon/db/sql.h"

#include <stdio.h>

static const struct cli_column columns[] = {
	{"flag", "Temuan", "Flag", CLI_ID},
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_flag_kind},
	{"severity", "Tingkat", "Severity", CLI_TEXT, cli_say_severity, .minor = true},
	{"certainty", "Yakin", "Sure", CLI_PERCENT},
	{"state", "Sifat", "State", CLI_TEXT, cli_say_flag_state},
	{"status", "Status", "Status", CLI_TEXT, cli_say_flag_status, .minor = true},
	{"programme", "Program", "Programme", CLI_TEXT},
	{"village_name", "Desa", "Village", CLI_TEXT},
	{"name", "Nama", "Name", CLI_TEXT},
	{"rule", "Aturan", "Rule", CLI_TEXT, .minor = true},
	{0},
};

static const struct cli_column summary_columns[] = {
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_flag_kind},
	{"kind", "--kind", "--kind", CLI_TEXT},
	{"programme", "Program", "Programme", CLI_TEXT},
	{"finding", "Temuan", "Findings", CLI_NUMBER},
	{"to_check", "Perlu dicek", "To check", CLI_NUMBER},
	{"provisional", "Sementara", "Provisional", CLI_NUMBER},
	{"confirmed", "Dibenarkan", "Confirmed", CLI_NUMBER},
	{"villages", "Desa", "Villages", CLI_NUMBER},
	{0},
};

static int print_flags(const PGresult *flags, enum lang lang, struct error *err)
{
	char shown[32], all[32];
	long total = PQntuples(flags) ? db_long(flags, 0, PQfnumber(flags, "total")) : 0;

	if (!total) {
		puts(lang_text(lang, "Tidak ada temuan yang cocok.", "No flag matches."));
		return 0;
	}
	if (cli_print_table(flags, columns, lang, err) < 0)
		return -1;
	if (total > PQntuples(flags))
		printf(lang_text(lang, "%s dari %s temuan; semuanya: --limit 0\n", "%s of %s flags; all of them: --limit 0\n"),
			cli_number(lang, PQntuples(flags), shown), cli_number(lang, total, all));
	puts(lang_text(lang, "Penjelasan: padan explain NOMOR", "Explanation: padan explain NUMBER"));
	return 0;
}

int cli_flags(int argc, char **argv)
{
	const char *conninfo = NULL, *district_code = NULL, *values[FLAG_FILTER_PARAMS + 1];
	bool json = false, summary = false;
	long limit = 50;
	struct flag_filter filter;
	struct option_spec options[FLAG_FILTER_OPTIONS + 6];
	const struct option_spec others[] = {
		{"limit", OPTION_INTEGER, &limit, "N", "Paling banyak sekian (bawaan 50; 0: semua)", "At most so many (default 50; 0: all)",
			.max = 1e9},
		{"summary", OPTION_FLAG, &summary, NULL, "Hanya jumlah menurut jenis dan program", "Only counts by kind and programme"},
		CLI_DISTRICT_OPTION(district_code),
		CLI_JSON_OPTION(json),
		CLI_DB_OPTION(conninfo),
		{0},
	};
	const struct command_spec command = {"flags", "",
		"Menunjukkan temuan, yang terberat lebih dahulu.", "Shows the flags, gravest first.", options, 0, 0,
		"  padan flags --kind EXCLUSION --village \"Muaro Pijoan\"\n  padan flags --summary\n  padan flags --state to_check --json --limit 0"};
	struct options_result got;
	struct db_sync db = {0};
	struct error err = {0};
	PGresult *flags = NULL;
	char district[16], most[24];
	int number, rc, status;

	flag_filter_init(&filter);
	flag_filter_options(&filter, options);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		options[FLAG_FILTER_OPTIONS + i] = others[i];
	status = options_parse_or_exit_status(&command, argc, argv, &got);
	if (status != OPTIONS_GO_ON)
		return status;
	rc = db_sync_open(&db, conninfo, &err);
	if (rc == 0)
		rc = cli_district(&db, district_code, &number, &err);
	if (rc == 0) {
		snprintf(district, sizeof district, "%d", number);
		snprintf(most, sizeof most, "%ld", limit);
		flag_filter_values(&filter, district, values);
		values[FLAG_FILTER_PARAMS] = most;
		rc = flag_filter_check(&filter, &db, district, &err);
	}
	if (rc == 0)
		rc = db_sync_query(&db, sql_find(summary ? "cli_flags_summary" : "cli_flags"),
			FLAG_FILTER_PARAMS + (summary ? 0 : 1), values, &flags, &err);
	if (rc == 0 && json)
		rc = cli_print_json(cli_json_rows(flags), &err);
	else if (rc == 0)
		rc = summary ? cli_print_table(flags, summary_columns, got.lang, &err) : print_flags(flags, got.lang, &err);
	PQclear(flags);
	db_sync_close(&db);
	return rc < 0 ? cli_fail("flags", got.lang, &err) : 0;
}
