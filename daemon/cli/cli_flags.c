/*
 * `padan flags`: the flags, gravest first, or how many there are of each kind.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/cli/flag_filter.h"
#include "daemon/db/sql.h"

#include <stdio.h>

struct flags_verb {
	struct cli_verb verb;
	struct flag_filter filter;
	bool summary;
	long limit;
};

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
			lang_number(lang, PQntuples(flags), shown), lang_number(lang, total, all));
	puts(lang_text(lang, "Penjelasan: padan explain NOMOR", "Explanation: padan explain NUMBER"));
	return 0;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct flags_verb *f = (struct flags_verb *)verb;
	const char *values[FLAG_FILTER_PARAMS + 1];
	PGresult *flags = NULL;
	char most[24];
	int rc;

	if (cli_verb_open(verb, err) < 0 || flag_filter_check(&f->filter, &verb->db, verb->district, err) < 0)
		return -1;
	snprintf(most, sizeof most, "%ld", f->limit);
	flag_filter_values(&f->filter, verb->district, values);
	values[FLAG_FILTER_PARAMS] = most;
	rc = db_sync_query(&verb->db, sql_find(f->summary ? "cli_flags_summary" : "cli_flags"),
		FLAG_FILTER_PARAMS + (f->summary ? 0 : 1), values, &flags, err);
	if (rc == 0 && verb->json)
		rc = cli_print_json(cli_json_rows(flags), err);
	else if (rc == 0)
		rc = f->summary ? cli_print_table(flags, summary_columns, verb->lang, err) : print_flags(flags, verb->lang, err);
	PQclear(flags);
	return rc;
}

int cli_flags(int argc, char **argv)
{
	struct flags_verb f = {.limit = 50};
	struct option_spec options[FLAG_FILTER_OPTIONS + 6];
	const struct option_spec others[] = {
		{"limit", OPTION_INTEGER, &f.limit, "N", "Paling banyak sekian (bawaan 50; 0: semua)", "At most so many (default 50; 0: all)",
			.max = 1e9},
		{"summary", OPTION_FLAG, &f.summary, NULL, "Hanya jumlah menurut jenis dan program", "Only counts by kind and programme"},
		CLI_VERB_OPTIONS(f.verb),
		{0},
	};
	const struct command_spec command = {"flags", "",
		"Menunjukkan temuan, yang terberat lebih dahulu.", "Shows the flags, gravest first.", options, 0, 0,
		"  padan flags --kind EXCLUSION --village \"Muaro Pijoan\"\n  padan flags --summary\n  padan flags --state to_check --json --limit 0"};

	flag_filter_init(&f.filter);
	flag_filter_options(&f.filter, options);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		options[FLAG_FILTER_OPTIONS + i] = others[i];
	return cli_verb_run(&command, argc, argv, &f.verb, run);
}
