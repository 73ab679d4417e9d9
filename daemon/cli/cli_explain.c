/*
 * `padan explain FLAG`: why a flag was raised, in sentences for a village official, then the evidence as a table. NIK, KK and
 * birth date are masked unless asked for with a reason, which is recorded.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/cli/flag_filter.h"
#include "daemon/export/flag_case.h"
#include "daemon/db/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explaining {
	struct cli_verb verb;
	struct cli_unmasking unmasking;
	struct flag_cases cases;
	struct flag_case flag;
	struct explain_style style;
	struct strbuf text;
};

static const struct cli_column household_columns[] = {
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_list_kind},
	{"subject", "Kode", "Code", CLI_TEXT},
	{"period", "Periode", "Period", CLI_TEXT},
	{"row", "Baris", "Row", CLI_ID},
	{"person", "Orang", "Person", CLI_ID},
	{"name", "Nama", "Name", CLI_TEXT},
	{"born", "Lahir", "Born", CLI_ID},
	{"current", "Berlaku", "Counts", CLI_TEXT, cli_say_yes},
	{0},
};

static const struct cli_column history_columns[] = {
	{"at", "Waktu", "Time", CLI_TIME},
	{"who", "Oleh", "By", CLI_TEXT},
	{"to_status", "Status", "Status", CLI_TEXT, cli_say_flag_status},
	{"to_state", "Sifat", "State", CLI_TEXT, cli_say_flag_state},
	{"list", "Daftar", "List", CLI_ID},
	{"reason", "Alasan", "Reason", CLI_TEXT},
	{0},
};

/* One field of both rows, and how they compare. */
static void add_field(struct explaining *x, struct table *table, const struct explain_part *parts, enum explain_field field)
{
	const struct explain_case *c = &x->flag.explained;
	const bool english = x->verb.lang == LANG_EN;
	struct strbuf value, other;

	strbuf_init(&value, EXPLAIN_TEXT_MAX);
	strbuf_init(&other, EXPLAIN_TEXT_MAX);
	explain_value(&c->at, field, &x->style, &value);
	if (c->has_other)
		explain_value(&c->other, field, &x->style, &other);
	if (!value.n && !other.n)
		goto out; /* neither list has it */
	table_cell(table, explain_field_title(field, english), TABLE_PLAIN);
	table_cell(table, value.p, TABLE_PLAIN);
	if (c->has_other) {
		enum explain_verdict verdict = parts ? parts[field].verdict : EXPLAIN_UNKNOWN;

		table_cell(table, other.p, TABLE_PLAIN);
		table_cell(table, parts ? explain_part_text(&parts[field], english) : "",
			verdict == EXPLAIN_AGREES ? TABLE_GOOD : verdict == EXPLAIN_DIFFERS ? TABLE_WARNING : TABLE_PLAIN);
	}
out:
	strbuf_release(&value);
	strbuf_release(&other);
}

static void add_title(struct explaining *x, struct table *table, const struct explain_party *party)
{
	char title[160];

	snprintf(title, sizeof title, "%.*s %.*s:%u",
		STR_ARGS(party->kind == LIST_TARGET ? str_from(lang_text(x->verb.lang, "Sasaran", "Target")) : party->list),
		STR_ARGS(party->period), party->row);
	table_column(table, title, TABLE_LEFT);
}

static int print_evidence(struct explaining *x, struct error *err)
{
	const struct explain_case *c = &x->flag.explained;
	struct explain_part parts[EXPLAIN_FIELDS];
	bool both = c->has_other && c->at.entry && c->other.entry;
	struct table table;
	int rc;

	if (!c->at.entry)
		return 0;
	if (both)
		explain_compare(c->at.entry, c->other.entry, parts);
	table_init(&table, stdout);
	table_column(&table, "", TABLE_LEFT);
	add_title(x, &table, &c->at);
	if (c->has_other) {
		add_title(x, &table, &c->other);
		table_column(&table, lang_text(x->verb.lang, "Perbandingan", "Comparison"), TABLE_LEFT);
	}
	for (int field = 0; field < EXPLAIN_FIELDS; field++)
		add_field(x, &table, both ? parts : NULL, field);
	rc = table_print(&table, err);
	table_release(&table);
	return rc;
}

/* The sentences, wrapped to the width that people read. */
static void print_wrapped(const char *text)
{
	enum { WIDTH = 96 };
	unsigned column = 0, most = terminal_columns(stdout);

	most = most && most < WIDTH ? most : WIDTH;
	while (*text) {
		size_t n = strcspn(text, " \n");
		char word[512];
		unsigned width;

		snprintf(word, sizeof word, "%.*s", (int)n, text);
		width = terminal_width_of(word);
		if (column && column + 1 + width > most) {
			putchar('\n');
			column = 0;
		} else if (column && n) {
			putchar(' ');
			column++;
		}
		fputs(word, stdout);
		column += width;
		text += n;
		if (*text == '\n') {
			putchar('\n');
			column = 0;
		}
		text += *text != '\0';
	}
	if (column)
		putchar('\n');
}

static int print_part(struct explaining *x, const char *sql, const char *value, const struct cli_column *columns, const char *title,
	struct error *err)
{
	PGresult *result;
	int rc = 0;

	if (db_sync_query(&x->verb.db, sql_find(sql), DB_VALUES(x->verb.district, value), &result, err) < 0)
		return -1;
	if (PQntuples(result)) {
		printf("\n%s\n", title);
		rc = cli_print_table(result, columns, x->verb.lang, err);
	}
	PQclear(result);
	return rc;
}

static int print_explanation(struct explaining *x, struct error *err)
{
	const bool english = x->verb.lang == LANG_EN, colours = terminal_has_colours(stdout);
	enum table_style style = TABLE_PLAIN;
	const char *status = cli_say_flag_status(x->flag.status, x->verb.lang, &style);

	printf("%s%s %s · %s · %s · %s%s\n\n", terminal_style(colours, TABLE_STRONG), lang_text(x->verb.lang, "Temuan", "Flag"),
		x->flag.number, explain_kind(x->flag.flag.kind, english), explain_state(x->flag.flag.state, english), status,
		terminal_style_end(colours, TABLE_STRONG));
	print_wrapped(x->text.p);
	putchar('\n');
	if (print_evidence(x, err) < 0)
		return -1;
	if (*x->flag.household && print_part(x, "cli_household_rows", x->flag.household, household_columns,
					  lang_text(x->verb.lang, "Keluarga ini dalam semua daftar", "This household in all lists"), err) < 0)
		return -1;
	if (print_part(x, "cli_flag_history", x->flag.number, history_columns, lang_text(x->verb.lang, "Riwayat", "History"), err) < 0)
		return -1;
	if (strcmp(x->flag.status, "found") == 0 || strcmp(x->flag.status, "assigned") == 0)
		printf(lang_text(x->verb.lang, "\nPutuskan: padan decide %s --confirm, atau --dismiss --reason \"…\"\n",
			       "\nDecide: padan decide %s --confirm, or --dismiss --reason \"…\"\n"), x->flag.number);
	else if (strcmp(x->flag.status, "resolved") != 0)
		printf(lang_text(x->verb.lang, "\nBuka lagi: padan decide %s --reopen --reason \"…\"\n",
			       "\nOpen again: padan decide %s --reopen --reason \"…\"\n"), x->flag.number);
	return 0;
}

static json_t *party_json(struct explaining *x, const struct explain_party *party, int64_t list)
{
	static const char *const keys[EXPLAIN_FIELDS] = {[EXPLAIN_NAME] = "name", [EXPLAIN_NIK] = "nik", [EXPLAIN_BIRTH] = "birth",
		[EXPLAIN_SEX] = "sex", [EXPLAIN_KK] = "kk", [EXPLAIN_FAMILY_ID] = "family_id", [EXPLAIN_VILLAGE] = "village",
		[EXPLAIN_RT] = "rt", [EXPLAIN_ADDRESS] = "address"};
	json_t *object = json_pack("{s:I, s:I}", "list", (json_int_t)list, "row", (json_int_t)party->row);
	struct strbuf value;

	strbuf_init(&value, EXPLAIN_TEXT_MAX);
	for (int field = 0; party->entry && field < EXPLAIN_FIELDS; field++) {
		strbuf_clear(&value);
		explain_value(party, field, &x->style, &value);
		json_object_set_new(object, keys[field], value.n ? json_string(value.p) : json_null());
	}
	strbuf_release(&value);
	return object;
}

static int print_json(struct explaining *x, struct error *err)
{
	const struct explain_case *c = &x->flag.explained;
	PGresult *history;
	json_t *object;

	if (db_sync_query(&x->verb.db, sql_find("cli_flag_history"), DB_VALUES(x->verb.district, x->flag.number), &history, err) < 0)
		return -1;
	object = json_pack("{s:I, s:s, s:s, s:s, s:s, s:f, s:s, s:o, s:o, s:o}", "flag",
		(json_int_t)strtoll(x->flag.number, NULL, 10), "kind", x->flag.kind, "severity", x->flag.severity, "state", x->flag.state,
		"status", x->flag.status, "certainty", x->flag.flag.certainty, "explanation", x->text.p, "entry",
		party_json(x, &c->at, x->flag.list), "other", c->has_other ? party_json(x, &c->other, x->flag.other_list) : json_null(),
		"history", cli_json_rows(history));
	PQclear(history);
	return cli_print_json(object, err);
}

/* Before anything is shown: what is not recorded is not seen. */
static int record(struct explaining *x, struct error *err)
{
	char list[24], row[16];

	snprintf(list, sizeof list, "%lld", (long long)x->flag.list);
	snprintf(row, sizeof row, "%u", x->flag.explained.at.row);
	return cli_unmasking_record(&x->verb, &x->unmasking, "explain", x->flag.number, list, row, x->flag.explained.has_other ? 2 : 1, err);
}

static int explain(struct explaining *x, const char *flag, struct error *err)
{
	struct flag_filter filter;
	char *end;
	long long number = strtoll(flag, &end, 10);

	if (*end || number <= 0)
		return error_set(err, ERROR_USAGE, "\"%.40s\" bukan nomor temuan.", "\"%.40s\" is no flag's number.", flag);
	if (cli_unmasking_check(&x->unmasking, err) < 0 || cli_verb_open(&x->verb, err) < 0)
		return -1;
	flag_filter_init(&filter);
	filter.status = "all";
	if (flag_cases_load(&x->cases, &x->verb.db, x->verb.district, &filter, number, 1, err) < 0)
		return -1;
	if (!x->cases.n)
		return error_set(err, ERROR_INPUT, "Temuan %lld tidak ada; nomornya ada pada padan flags.",
			"There is no flag %lld; padan flags has the numbers.", number);
	x->style = (struct explain_style){.english = x->verb.lang == LANG_EN, .unmasked = x->unmasking.wanted};
	strbuf_init(&x->text, EXPLAIN_TEXT_MAX);
	if (flag_cases_get(&x->cases, 0, &x->flag, err) < 0 || record(x, err) < 0 ||
		explain_flag(&x->flag.explained, &x->style, &x->text, err) < 0 || strbuf_failed(&x->text, err) < 0)
		return -1;
	return x->verb.json ? print_json(x, err) : print_explanation(x, err);
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct explaining *x = (struct explaining *)verb;
	int rc = explain(x, verb->words[0], err);

	strbuf_release(&x->text);
	flag_cases_release(&x->cases);
	return rc;
}

int cli_explain(int argc, char **argv)
{
	struct explaining x = {.verb = {.json = false}};
	const struct option_spec options[] = {
		CLI_UNMASKING_OPTIONS(x.unmasking, "Tampilkan NIK, KK dan tanggal lahir lengkap", "Show NIK, KK number and birth date whole"),
		CLI_VERB_OPTIONS(x.verb),
		{0},
	};
	const struct command_spec command = {"explain", "FLAG",
		"Menjelaskan suatu temuan dengan kalimat yang dapat dibaca perangkat desa, lalu buktinya.",
		"Explains a flag in sentences that a village official can read, then its evidence.", options, 1, 1,
		"  padan explain 204\n  padan explain 204 --unmask --reason \"verifikasi lapangan Desa Mestong\""};

	return cli_verb_run(&command, argc, argv, &x.verb, run);
}
