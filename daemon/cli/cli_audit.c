/*
 * `padan audit`: proves that the audit trail is whole, and answers who saw a person's data (UU 27/2022).
 */
#include "daemon/cli/audit_chain.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/db/sql.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct audit_verb {
	struct cli_verb verb;
	const char *expect;
	long person, household, limit;
};

static const struct cli_column columns[] = {
	{"at", "Waktu", "Time", CLI_TIME},
	{"who", "Siapa", "Who", CLI_TEXT},
	{"action", "Apa", "What", CLI_TEXT},
	{"kind", "Pada", "Of", CLI_TEXT},
	{"ids", "Nomor", "Number", CLI_TEXT},
	{"reason", "Alasan", "Reason", CLI_TEXT},
	{"address", "Alamat", "Address", CLI_TEXT},
	{0},
};

/* A head that was kept elsewhere: "NUMBER:HASH", the hash with hyphens or without (the daemon's log has them). */
struct noted {
	int64_t number;
	char hash[AUDIT_HASH_TEXT];
	bool given, seen;
};

static int parse_noted(const char *text, struct noted *noted, struct error *err)
{
	char *end = NULL;
	size_t n = 0;

	if (!text)
		return 0;
	noted->given = true;
	noted->number = strtoll(text, &end, 10);
	for (const char *at = *end == ':' ? end + 1 : ""; *at && n < AUDIT_HASH_TEXT; at++) {
		if (*at != '-')
			noted->hash[n++] = *at;
	}
	if (n < AUDIT_HASH_TEXT)
		noted->hash[n] = '\0';
	if (noted->number < 1 || n != AUDIT_HASH_TEXT - 1)
		return error_set(err, ERROR_USAGE, "--expect ditulis NOMOR:HASH, seperti ditampilkan padan audit verify.",
			"--expect is written NUMBER:HASH, as padan audit verify shows it.");
	return 0;
}

static int add_rows(struct audit_chain *chain, const char *district, const PGresult *rows, struct noted *noted, struct error *err)
{
	for (int r = 0; r < PQntuples(rows); r++) {
		const char *fields[AUDIT_FIELDS] = {district};

		for (int c = 0; c < AUDIT_FIELDS - 1; c++)
			fields[c + 1] = db_null(rows, r, c) ? NULL : db_text(rows, r, c);
		if (audit_chain_add(chain, fields, db_text(rows, r, 9), db_text(rows, r, 10), err) < 0)
			return -1;
		if (noted->given && chain->number == noted->number)
			noted->seen = strcmp(chain->hash, noted->hash) == 0;
	}
	return 0;
}

static int check_head(struct audit_verb *v, const struct audit_chain *chain, struct error *err)
{
	PGresult *head;
	int rc;

	if (db_sync_query(&v->verb.db, "SELECT number, encode(hash, 'hex') FROM padan.audit_heads WHERE district = $1::integer",
		    DB_VALUES(v->verb.district), &head, err) < 0)
		return -1;
	rc = PQntuples(head) ? audit_chain_end(chain, db_long(head, 0, 0), db_text(head, 0, 1), err) : audit_chain_end(chain, 0, chain->hash, err);
	PQclear(head);
	return rc;
}

/* All rows, in one snapshot, so that what is added meanwhile does not look like a fault. */
static int walk(struct audit_verb *v, struct audit_chain *chain, struct noted *noted, struct error *err)
{
	int n, rc = db_sync_exec(&v->verb.db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);

	do {
		PGresult *rows = NULL;
		char after[24];

		snprintf(after, sizeof after, "%lld", (long long)chain->number);
		if (rc == 0)
			rc = db_sync_query(&v->verb.db, sql_find("cli_audit_rows"), DB_VALUES(v->verb.district, after), &rows, err);
		n = rc == 0 ? PQntuples(rows) : 0;
		if (rc == 0)
			rc = add_rows(chain, v->verb.district, rows, noted, err);
		PQclear(rows);
	} while (rc == 0 && n);
	return rc == 0 ? check_head(v, chain, err) : -1;
}

static int verify(struct audit_verb *v, struct error *err)
{
	struct audit_chain chain;
	struct noted noted = {0};
	char number[32];

	audit_chain_init(&chain);
	if (parse_noted(v->expect, &noted, err) < 0 || walk(v, &chain, &noted, err) < 0)
		return -1;
	if (noted.given && !noted.seen)
		return error_set(err, ERROR_INPUT, "Rantai ini bukan yang dahulu: catatan %lld tidak lagi mempunyai hash yang disebut.",
			"This is not the chain of that time: row %lld no longer has the hash that was given.", (long long)noted.number);
	if (v->verb.json)
		return cli_print_json(json_pack("{s:b, s:I, s:s}", "whole", 1, "rows", (json_int_t)chain.number, "hash", chain.hash), err);
	printf(lang_text(v->verb.lang, "Jejak audit utuh: %s catatan. Simpan ujungnya di tempat lain, lalu periksa nanti dengan --expect:\n  %lld:%s\n",
		       "The audit trail is whole: %s rows. Keep its end elsewhere, and check against it later with --expect:\n  %lld:%s\n"),
		lang_number(v->verb.lang, chain.number, number), (long long)chain.number, chain.hash);
	return 0;
}

static int who(struct audit_verb *v, struct error *err)
{
	char person[24] = "", household[24] = "", limit[24];
	PGresult *result;
	int rc;

	if (!v->person == !v->household)
		return error_set(err, ERROR_USAGE, "Sebutkan satu: --person NOMOR atau --household NOMOR (lihat padan search).",
			"Say one: --person ID or --household ID (see padan search).");
	snprintf(person, sizeof person, "%ld", v->person);
	snprintf(household, sizeof household, "%ld", v->household);
	snprintf(limit, sizeof limit, "%ld", v->limit);
	if (db_sync_query(&v->verb.db, sql_find("cli_audit_who"),
		    DB_VALUES(v->verb.district, v->person ? person : NULL, v->household ? household : NULL, limit), &result, err) < 0)
		return -1;
	rc = cli_verb_show(&v->verb, result, columns, "Belum ada yang melihat datanya lewat web atau membuka nomornya.",
		"Nobody has seen these data on the web or unmasked a number.", err);
	PQclear(result);
	return rc;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct audit_verb *v = (struct audit_verb *)verb;
	const char *what = verb->words[0];

	if (sodium_init() < 0)
		return error_memory(err);
	if (cli_verb_open(verb, err) < 0)
		return -1;
	if (strcmp(what, "verify") == 0)
		return verify(v, err);
	if (strcmp(what, "who") == 0)
		return who(v, err);
	return error_set(err, ERROR_USAGE, "Pemakaian: padan audit verify | who; lihat --help.", "Usage: padan audit verify | who; see --help.");
}

int cli_audit(int argc, char **argv)
{
	struct audit_verb v = {.limit = 1000};
	const struct option_spec options[] = {
		{"expect", OPTION_TEXT, &v.expect, "NUMBER:HASH", "verify: ujung rantai yang dahulu dicatat harus masih ada",
			"verify: the end that was noted before must still be there"},
		{"person", OPTION_INTEGER, &v.person, "ID", "who: nomor orangnya", "who: the person's number", .min = 1, .max = 9e15},
		{"household", OPTION_INTEGER, &v.household, "ID", "who: nomor keluarganya", "who: the household's number", .min = 1, .max = 9e15},
		{"limit", OPTION_INTEGER, &v.limit, "N", "who: paling banyak; bawaan 1000", "who: at most; 1000 by default", .min = 1, .max = 100000},
		CLI_VERB_OPTIONS(v.verb),
		{0},
	};
	const struct command_spec command = {"audit", "verify | who",
		"Jejak audit: verify membuktikan bahwa tidak ada catatan yang diubah, dihapus, atau disisipkan (status 3 bila ada);\n"
		"who menjawab siapa yang melihat data seseorang.",
		"The audit trail: verify proves that no row was changed, removed or put in (exit status 3 if one was);\n"
		"who answers who saw a person's data.", options, 1, 1,
		"  padan audit verify\n  padan audit verify --expect 1204:5d41…\n  padan audit who --person 311"};

	return cli_verb_run(&command, argc, argv, &v.verb, run);
}
