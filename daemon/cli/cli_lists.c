/*
 * `padan lists`: which lists came, which one counts, what is still awaited; withdrawing one sent by mistake, destroying its
 * personal data, closing a period.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/ingest/list_import.h"
#include "daemon/db/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct listing {
	struct cli_verb verb;
	bool current, yes;
	const char *period, *reason, *close_period, *open_period, *rejects, *who;
	long withdraw, erase, rejects_of;
};

static const struct cli_column columns[] = {
	{"list", "Daftar", "List", CLI_ID},
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_list_kind},
	{"subject", "Kode", "Code", CLI_TEXT},
	{"period", "Periode", "Period", CLI_TEXT},
	{"office", "Dinas", "Office", CLI_TEXT, .minor = true},
	{"received_at", "Diterima", "Received", CLI_TIME, .minor = true},
	{"rows_read", "Baris", "Rows", CLI_NUMBER},
	{"rows_rejected", "Ditolak", "Rejected", CLI_NUMBER, .minor = true},
	{"flags", "Temuan", "Flags", CLI_NUMBER},
	{"state", "Status", "State", CLI_TEXT, cli_say_list_state},
	{"current", "Berlaku", "Counts", CLI_TEXT, cli_say_yes, .minor = true},
	{"file_name", "Berkas", "File", CLI_TEXT, .minor = true},
	{0},
};

static void print_reasons(const struct listing *l, const PGresult *lists)
{
	int reason = PQfnumber(lists, lang_text(l->verb.lang, "refused_id", "refused_en"));

	for (int r = 0; r < PQntuples(lists); r++)
		if (!db_null(lists, r, reason))
			printf(lang_text(l->verb.lang, "Daftar %s ditolak: %s\n", "List %s was refused: %s\n"), db_text(lists, r, 0),
				db_text(lists, r, reason));
}

static int print_lists(struct listing *l, struct error *err)
{
	PGresult *lists = NULL, *awaited = NULL;
	int rc = db_sync_query(&l->verb.db, sql_find("cli_lists"),
		DB_VALUES(l->verb.district, l->period, l->current ? "t" : "f"), &lists, err);

	if (rc == 0)
		rc = db_sync_query(&l->verb.db, sql_find("cli_awaited"), DB_VALUES(l->verb.district), &awaited, err);
	if (rc == 0 && l->verb.json) {
		rc = cli_print_json(json_pack("{s:o, s:o}", "lists", cli_json_rows(lists), "awaited", cli_json_rows(awaited)), err);
	} else if (rc == 0 && PQntuples(lists) == 0) {
		puts(lang_text(l->verb.lang, "Belum ada daftar. Masukkan yang pertama: padan import --target --period 2024 BERKAS",
			"There is no list yet. Take in the first: padan import --target --period 2024 FILE"));
	} else if (rc == 0) {
		rc = cli_print_table(lists, columns, l->verb.lang, err);
		print_reasons(l, lists);
		for (int r = 0; r < PQntuples(awaited); r++)
			printf(lang_text(l->verb.lang, "Periode %s masih menunggu: %s\n", "Period %s still waits for: %s\n"),
				db_text(awaited, r, 0), db_text(awaited, r, 1));
	}
	PQclear(lists);
	PQclear(awaited);
	return rc;
}

static int withdraw(struct listing *l, struct error *err)
{
	char list[24], job[64];

	snprintf(list, sizeof list, "%ld", l->withdraw);
	if (cli_verb_act(&l->verb, l->who, "SELECT padan.withdraw_list($1::integer, $2::bigint, $3)",
		    DB_VALUES(l->verb.district, list, l->reason), job, err) < 0)
		return -1;
	printf(lang_text(l->verb.lang, "Daftar %s ditarik. %s\n", "List %s is withdrawn. %s\n"), list,
		*job ? lang_text(l->verb.lang, "Yang berlaku sebelumnya berlaku lagi; temuan diputus ulang.",
			       "What counted before counts again; flags are decided anew.")
		     : lang_text(l->verb.lang, "Daftar ini belum sempat diperiksa.", "It had not been worked on yet."));
	return 0;
}

static int erase(struct listing *l, struct error *err)
{
	char list[24], rows[64];

	snprintf(list, sizeof list, "%ld", l->erase);
	if (!l->yes)
		return error_set(err, ERROR_USAGE,
			"Data pribadi daftar %s akan dimusnahkan dan tidak dapat dipulihkan; ulangi dengan --yes bila memang demikian.",
			"The personal data of list %s would be destroyed for good; say --yes if that is what you want.", list);
	if (cli_verb_act(&l->verb, l->who, "SELECT padan.erase_list($1::integer, $2::bigint, $3)",
		    DB_VALUES(l->verb.district, list, l->reason), rows, err) < 0)
		return -1;
	printf(lang_text(l->verb.lang, "Data pribadi daftar %s dimusnahkan: %s baris. Riwayat temuan tetap, tanpa nama dan NIK.\n",
		       "The personal data of list %s are destroyed: %s rows. The history of flags stands, without names and NIKs.\n"),
		list, rows);
	return 0;
}

/* A period that is closed makes its exclusions final, one that is opened makes them provisional: decided anew. */
static int set_period(struct listing *l, struct error *err)
{
	const char *period = l->close_period ? l->close_period : l->open_period;
	const char *state = l->close_period ? "closed" : "open";
	char cell[64];

	if (cli_verb_act(&l->verb, l->who,
		    "WITH p AS (INSERT INTO padan.periods AS p (district, period, state, changed_by, reason) "
		    "SELECT $1::integer, $2, $3, padan.actor(), $4 WHERE padan.period_day($2) IS NOT NULL "
		    "ON CONFLICT (district, period) DO UPDATE SET state = excluded.state, changed_by = excluded.changed_by, "
		    "changed_at = clock_timestamp(), reason = excluded.reason RETURNING p.district) "
		    "SELECT padan.enqueue_job(district, 'redecide', NULL) FROM p",
		    DB_VALUES(l->verb.district, period, state, l->reason), cell, err) < 0)
		return -1;
	if (!*cell)
		return error_set(err, ERROR_INPUT, "Periode \"%.20s\" harus berbentuk TTTT atau TTTT-BB, misalnya 2024-07.",
			"Period \"%.20s\" must be YYYY or YYYY-MM, such as 2024-07.", period);
	printf(lang_text(l->verb.lang, "Periode %s %s; temuan diputus ulang.\n", "Period %s is %s; flags are decided anew.\n"), period,
		l->close_period ? lang_text(l->verb.lang, "ditutup", "closed") : lang_text(l->verb.lang, "dibuka", "open"));
	return 0;
}

static int write_rejects(struct listing *l, struct error *err)
{
	uint64_t n = 0;

	if (import_write_rejects(&l->verb.db, l->verb.district_number, l->rejects_of, l->rejects, &n, err) < 0)
		return -1;
	printf(lang_text(l->verb.lang, "%" PRIu64 " baris yang ditolak%s%s\n", "%" PRIu64 " rejected rows%s%s\n"), n,
		n ? lang_text(l->verb.lang, " ditulis ke ", " written to ") : "", n ? l->rejects : "");
	return 0;
}

static int check_options(const struct listing *l, struct error *err)
{
	int actions = (l->withdraw != 0) + (l->erase != 0) + (l->close_period != NULL) + (l->open_period != NULL) + (l->rejects_of != 0);

	if (actions > 1)
		return error_set(err, ERROR_USAGE, "Satu tindakan saja setiap kali.", "One action at a time.");
	if ((l->withdraw || l->erase || l->close_period || l->open_period) && !(l->reason && *l->reason))
		return error_set(err, ERROR_USAGE, "Sebutkan alasannya: --reason \"…\"", "Say why: --reason \"…\"");
	if (!l->rejects != !l->rejects_of)
		return error_set(err, ERROR_USAGE, "Pakai keduanya: --rejects-of DAFTAR --rejects BERKAS",
			"Use both: --rejects-of LIST --rejects FILE");
	return 0;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct listing *l = (struct listing *)verb;

	if (check_options(l, err) < 0 || cli_verb_open(verb, err) < 0)
		return -1;
	if (l->withdraw)
		return withdraw(l, err);
	if (l->erase)
		return erase(l, err);
	if (l->rejects_of)
		return write_rejects(l, err);
	if (l->close_period || l->open_period)
		return set_period(l, err);
	return print_lists(l, err);
}

int cli_lists(int argc, char **argv)
{
	struct listing l = {.period = NULL};
	const struct option_spec options[] = {
		{"period", OPTION_TEXT, &l.period, "PERIOD", "Hanya periode ini", "Only this period"},
		{"current", OPTION_FLAG, &l.current, NULL, "Hanya yang berlaku", "Only those that count"},
		{"withdraw", OPTION_INTEGER, &l.withdraw, "LIST", "Tarik daftar yang salah kirim; yang sebelumnya berlaku lagi",
			"Withdraw a list sent by mistake; what was before counts again", .min = 1, .max = 1e15},
		{"erase", OPTION_INTEGER, &l.erase, "LIST", "Musnahkan data pribadi suatu daftar (UU 27/2022)",
			"Destroy a list's personal data (UU 27/2022)", .min = 1, .max = 1e15},
		{"close-period", OPTION_TEXT, &l.close_period, "PERIOD", "Tutup periode: tidak menunggu daftar lagi",
			"Close a period: it waits for no more lists"},
		{"open-period", OPTION_TEXT, &l.open_period, "PERIOD", "Buka lagi periode", "Open a period again"},
		{"reason", OPTION_TEXT, &l.reason, "TEXT", "Alasan tindakan itu; dicatat", "Why; it is recorded"},
		{"yes", OPTION_FLAG, &l.yes, NULL, "Ya, musnahkan", "Yes, destroy"},
		{"who", OPTION_TEXT, &l.who, "NAME", "Siapa yang bertindak (tanpa ini: nama masuk basis data)",
			"Who acts (without it: the database login)"},
		{"rejects-of", OPTION_INTEGER, &l.rejects_of, "LIST", "Tulis baris yang ditolak dari daftar ini …",
			"Write the rejected rows of this list …", .min = 1, .max = 1e15},
		{"rejects", OPTION_TEXT, &l.rejects, "FILE", "… ke berkas ini", "… to this file"},
		CLI_VERB_OPTIONS(l.verb),
		{0},
	};
	const struct command_spec command = {"lists", "",
		"Menunjukkan daftar yang diterima, mana yang berlaku, dan apa yang masih ditunggu; atau menarik, memusnahkan,\n"
		"dan menutup periode.",
		"Shows which lists came, which count and what is still awaited; or withdraws, erases, closes a period.", options, 0, 0,
		"  padan lists --current\n  padan lists --withdraw 17 --reason \"berkas bulan lain\"\n"
		"  padan lists --close-period 2024-07 --reason \"dinas X tidak mengirim\""};

	return cli_verb_run(&command, argc, argv, &l.verb, run);
}
