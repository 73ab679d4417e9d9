/*
 * `padan decide`: what a person decides – a flag is right or wrong or somebody's to look at; two rows are the same person or
 * household or not. Decisions outrank every score and survive new lists until a compared field changes.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct deciding {
	struct cli_verb verb;
	bool confirm, dismiss, reopen, same, not_same;
	const char *assign, *level, *reason, *who;
};

/* A row of a list, as "LIST:ROW". */
struct entry_name {
	char list[24], row[24];
};

static int parse_entry(const char *text, struct entry_name *name, struct error *err)
{
	size_t n = strcspn(text, ":");

	if (!n || text[n] != ':' || n >= sizeof name->list || strlen(text + n + 1) >= 10 || !text[n + 1] ||
		strspn(text, "0123456789") != n || strspn(text + n + 1, "0123456789") != strlen(text + n + 1))
		return error_set(err, ERROR_USAGE, "Baris ditulis DAFTAR:BARIS, misalnya 17:204, bukan \"%.40s\".",
			"A row is written LIST:ROW, such as 17:204, not \"%.40s\".", text);
	snprintf(name->list, sizeof name->list, "%.*s", (int)n, text);
	snprintf(name->row, sizeof name->row, "%s", text + n + 1);
	return 0;
}

static int check_options(const struct deciding *d, struct error *err)
{
	int about_flag = d->confirm + d->dismiss + d->reopen + (d->assign != NULL), about_pair = d->same + d->not_same;

	if (about_flag + about_pair != 1)
		return error_set(err, ERROR_USAGE,
			"Pilih satu putusan: --confirm, --dismiss, --assign DINAS, --reopen, --same atau --not-same.",
			"Choose one decision: --confirm, --dismiss, --assign OFFICE, --reopen, --same or --not-same.");
	if (about_flag && d->verb.n_words != 1)
		return error_set(err, ERROR_USAGE, "Putusan tentang temuan memerlukan satu nomor temuan.",
			"A decision about a flag takes one flag's number.");
	if ((d->dismiss || about_pair) && !(d->reason && *d->reason))
		return error_set(err, ERROR_USAGE, "Sebutkan alasannya: --reason \"…\"", "Say why: --reason \"…\"");
	if (d->verb.n_words == 1 && strspn(d->verb.words[0], "0123456789") != strlen(d->verb.words[0]))
		return error_set(err, ERROR_USAGE, "\"%.40s\" bukan nomor temuan.", "\"%.40s\" is no flag's number.", d->verb.words[0]);
	return 0;
}

static int decide_flag(struct deciding *d, const char *flag, struct error *err)
{
	const char *status = d->confirm ? "confirmed" : d->dismiss ? "dismissed" : d->assign ? "assigned" : "found";
	char before[64];

	if (cli_verb_act(&d->verb, d->who, "SELECT padan.decide_flag($1::integer, $2::bigint, $3, $4, $5)",
		    DB_VALUES(d->verb.district, flag, status, d->reason, d->assign), before, err) < 0)
		return -1;
	if (d->verb.json)
		return cli_print_json(json_pack("{s:s, s:s, s:s}", "flag", flag, "before", before, "status", status), err);
	printf(lang_text(d->verb.lang, "Temuan %s: %s.\n", "Flag %s: %s.\n"), flag,
		d->confirm	? lang_text(d->verb.lang, "dinyatakan benar", "confirmed")
			: d->dismiss ? lang_text(d->verb.lang, "dinyatakan salah", "dismissed")
			: d->assign  ? lang_text(d->verb.lang, "ditugaskan", "assigned")
				     : lang_text(d->verb.lang, "dibuka lagi", "open again"));
	return 0;
}

/* The two entries that a flag stands on. */
static int entries_of_flag(struct deciding *d, const char *flag, struct entry_name *a, struct entry_name *b, struct error *err)
{
	PGresult *result;
	int rc = 0;

	if (db_sync_query(&d->verb.db,
		    "SELECT list, row, other_list, other_row FROM padan.flags WHERE district = $1::integer AND flag = $2::bigint",
		    DB_VALUES(d->verb.district, flag), &result, err) < 0)
		return -1;
	if (PQntuples(result) == 0)
		rc = error_set(err, ERROR_INPUT, "Temuan %s tidak ada.", "There is no flag %s.", flag);
	else if (db_null(result, 0, 2))
		rc = error_set(err, ERROR_INPUT, "Temuan %s tidak mempunyai pasangan; sebutkan dua baris: DAFTAR:BARIS DAFTAR:BARIS.",
			"Flag %s has no counterpart; name two rows: LIST:ROW LIST:ROW.", flag);
	if (rc == 0) {
		snprintf(a->list, sizeof a->list, "%s", db_text(result, 0, 0));
		snprintf(a->row, sizeof a->row, "%s", db_text(result, 0, 1));
		snprintf(b->list, sizeof b->list, "%s", db_text(result, 0, 2));
		snprintf(b->row, sizeof b->row, "%s", db_text(result, 0, 3));
	}
	PQclear(result);
	return rc;
}

static int decide_pair(struct deciding *d, struct error *err)
{
	struct entry_name a, b;
	const char *flag = NULL;
	char decision[64];
	int rc;

	if (d->verb.n_words == 1) {
		flag = d->verb.words[0];
		rc = entries_of_flag(d, flag, &a, &b, err);
	} else {
		rc = parse_entry(d->verb.words[0], &a, err);
		if (rc == 0)
			rc = parse_entry(d->verb.words[1], &b, err);
	}
	if (rc < 0 || cli_verb_act(&d->verb, d->who,
			      "SELECT padan.decide_pair($1::integer, $2, $3, $4::bigint, $5::integer, $6::bigint, $7::integer, "
			      "$8::bigint, $9)",
			      DB_VALUES(d->verb.district, d->level, d->same ? "same" : "not_same", a.list, a.row, b.list, b.row, flag,
				      d->reason),
			      decision, err) < 0)
		return -1;
	if (d->verb.json)
		return cli_print_json(json_pack("{s:I, s:s, s:s}", "decision", (json_int_t)strtoll(decision, NULL, 10), "level",
					      d->level, "verdict", d->same ? "same" : "not_same"), err);
	printf(lang_text(d->verb.lang, "Putusan %s: %s:%s dan %s:%s %s. Temuan yang terkait diputus ulang.\n",
		       "Decision %s: %s:%s and %s:%s are %s. Flags that depend on it are decided anew.\n"),
		decision, a.list, a.row, b.list, b.row,
		strcmp(d->level, "person") == 0
			? (d->same ? lang_text(d->verb.lang, "orang yang sama", "the same person")
				   : lang_text(d->verb.lang, "bukan orang yang sama", "not the same person"))
			: (d->same ? lang_text(d->verb.lang, "keluarga yang sama", "the same household")
				   : lang_text(d->verb.lang, "bukan keluarga yang sama", "not the same household")));
	return 0;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct deciding *d = (struct deciding *)verb;

	if (check_options(d, err) < 0 || cli_verb_open(verb, err) < 0)
		return -1;
	return d->same || d->not_same ? decide_pair(d, err) : decide_flag(d, verb->words[0], err);
}

int cli_decide(int argc, char **argv)
{
	struct deciding d = {.level = "person"};
	const struct option_spec options[] = {
		{"confirm", OPTION_FLAG, &d.confirm, NULL, "Temuan ini benar", "This flag is right"},
		{"dismiss", OPTION_FLAG, &d.dismiss, NULL, "Temuan ini salah (perlu --reason)", "This flag is wrong (needs --reason)"},
		{"assign", OPTION_TEXT, &d.assign, "OFFICE", "Tugaskan kepada dinas ini", "Give it to this office to look at"},
		{"reopen", OPTION_FLAG, &d.reopen, NULL, "Buka lagi temuan ini", "Open this flag again"},
		{"same", OPTION_FLAG, &d.same, NULL, "Kedua baris orang (atau keluarga) yang sama", "Both rows are the same person (or household)"},
		{"not-same", OPTION_FLAG, &d.not_same, NULL, "Kedua baris bukan orang (atau keluarga) yang sama",
			"The rows are not the same person (or household)"},
		{"level", OPTION_CHOICE, &d.level, "LEVEL", "person (bawaan) atau household", "person (the default) or household",
			.choices = "person|household"},
		{"reason", OPTION_TEXT, &d.reason, "TEXT", "Alasannya; dicatat", "Why; it is recorded"},
		{"who", OPTION_TEXT, &d.who, "NAME", "Siapa yang memutuskan (tanpa ini: nama masuk basis data)",
			"Who decides (without it: the database login)"},
		CLI_VERB_OPTIONS(d.verb),
		{0},
	};
	const struct command_spec command = {"decide", "FLAG | LIST:ROW LIST:ROW",
		"Mencatat putusan manusia: suatu temuan benar, salah, atau ditugaskan; dua baris orang atau keluarga yang sama\n"
		"atau bukan. Putusan mengalahkan setiap perhitungan dan berlaku terus sampai datanya berubah.",
		"Records what a person decides: a flag is right, wrong or somebody's to look at; two rows are the same person or\n"
		"household or not. A decision outranks every score and holds until the data change.", options, 1, 2,
		"  padan decide 204 --confirm\n  padan decide 204 --dismiss --reason \"sudah pindah, KK baru\"\n"
		"  padan decide 204 --not-same --reason \"saudara kembar\"\n"
		"  padan decide 17:31 20:7 --same --level household --reason \"KK diganti\""};

	return cli_verb_run(&command, argc, argv, &d.verb, run);
}
