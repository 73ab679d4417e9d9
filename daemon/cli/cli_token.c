/*
 * `padan token`: what an office's own system shows to use the API. A token is printed once and never again: the database holds its
 * hash alone.
 */
#include "daemon/base/secret.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/db/sql.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Every scope there is; routes name them (daemon/http/http_router.h). */
static const char *const scopes[] = {"lists:read", "lists:write", "flags:read", "check"};

struct token_verb {
	struct cli_verb verb;
	const char *office, *name;
	struct option_list scopes;
	long days;
};

static const struct cli_column columns[] = {
	{"token", "Token", "Token", CLI_ID},
	{"office", "Dinas", "Office", CLI_TEXT},
	{"name", "Nama", "Name", CLI_TEXT},
	{"scopes", "Untuk", "For", CLI_TEXT},
	{"made_at", "Dibuat", "Made", CLI_TIME},
	{"expires_at", "Berlaku sampai", "Good until", CLI_TIME},
	{"seen_at", "Terakhir dipakai", "Last used", CLI_TIME},
	{"active", "Aktif", "Active", CLI_TEXT, cli_say_yes},
	{0},
};

/* "{a,b}" of the scopes asked for, all where none were. They need no quoting: each is one of the table. */
static int scopes_array(const struct token_verb *v, char text[200], struct error *err)
{
	size_t n = (size_t)snprintf(text, 200, "{");

	for (size_t i = 0; i < v->scopes.count; i++) {
		bool known = false;

		for (size_t j = 0; j < sizeof scopes / sizeof scopes[0]; j++)
			known |= strcmp(v->scopes.items[i], scopes[j]) == 0;
		if (!known)
			return error_set(err, ERROR_USAGE, "Cakupan \"%.40s\" tidak dikenal; yang ada: lists:read, lists:write, flags:read, check.",
				"There is no scope \"%.40s\"; there are: lists:read, lists:write, flags:read, check.", v->scopes.items[i]);
	}
	for (size_t j = 0; j < sizeof scopes / sizeof scopes[0]; j++) {
		bool wanted = !v->scopes.count;

		for (size_t i = 0; i < v->scopes.count; i++)
			wanted |= strcmp(v->scopes.items[i], scopes[j]) == 0;
		if (wanted)
			n += (size_t)snprintf(text + n, 200 - n, "%s\"%s\"", n > 1 ? "," : "", scopes[j]);
	}
	snprintf(text + n, 200 - n, "}");
	return 0;
}

static int add_token(struct token_verb *v, struct error *err)
{
	char secret[SECRET_TEXT], token[SECRET_TEXT + 8], hash[SECRET_HASH], wanted[200], valid[32];
	PGresult *result;
	int rc = 0;

	if (!v->office)
		return error_set(err, ERROR_USAGE, "Sebutkan dinasnya: --office KODE.", "Say the office: --office CODE.");
	if (scopes_array(v, wanted, err) < 0)
		return -1;
	secret_make(secret);
	snprintf(token, sizeof token, "padan_%s", secret); /* the prefix lets scanners of published code find it */
	secret_hash(token, hash);
	snprintf(valid, sizeof valid, "%ld days", v->days);
	if (db_sync_query(&v->verb.db, "SELECT padan.token_add($1::integer, $2, $3, decode($4, 'hex'), $5::text[], $6::interval)",
		    DB_VALUES(v->verb.district, v->office, v->name ? v->name : v->office, hash, wanted, valid), &result, err) < 0)
		return -1;
	if (v->verb.json)
		rc = cli_print_json(json_pack("{s:s, s:s, s:s}", "number", db_text(result, 0, 0), "office", v->office, "token", token), err);
	else
		printf(lang_text(v->verb.lang, "Token %s untuk dinas %s; hanya ditampilkan sekali ini:\n\n  %s\n\nPemakaian: Authorization: Bearer TOKEN\n",
			       "Token %s for the office %s; it is shown this once alone:\n\n  %s\n\nUse: Authorization: Bearer TOKEN\n"),
			db_text(result, 0, 0), v->office, token);
	PQclear(result);
	return rc;
}

static int list_tokens(struct token_verb *v, struct error *err)
{
	PGresult *result;
	int rc = db_sync_query(&v->verb.db, sql_find("cli_tokens"), DB_VALUES(v->verb.district), &result, err);

	if (rc < 0)
		return -1;
	rc = cli_verb_show(&v->verb, result, columns, "Belum ada token.", "There is no token yet.", err);
	PQclear(result);
	return rc;
}

static int revoke_token(struct token_verb *v, const char *number, struct error *err)
{
	if (!*number || strspn(number, "0123456789") != strlen(number))
		return error_set(err, ERROR_USAGE, "\"%.20s\" bukan nomor token; lihat padan token list.",
			"\"%.20s\" is no token's number; see padan token list.", number);
	if (db_sync_run(&v->verb.db, "SELECT padan.token_revoke($1::integer, $2::bigint)", DB_VALUES(v->verb.district, number), NULL, err) < 0)
		return -1;
	printf(lang_text(v->verb.lang, "Token %s dicabut.\n", "Token %s is revoked.\n"), number);
	return 0;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct token_verb *v = (struct token_verb *)verb;
	char **words = verb->words;
	int n = verb->n_words;

	if (sodium_init() < 0)
		return error_memory(err);
	if (cli_verb_open(verb, err) < 0)
		return -1;
	if (n == 1 && strcmp(words[0], "list") == 0)
		return list_tokens(v, err);
	if (n == 1 && strcmp(words[0], "add") == 0)
		return add_token(v, err);
	if (n == 2 && strcmp(words[0], "revoke") == 0)
		return revoke_token(v, words[1], err);
	return error_set(err, ERROR_USAGE, "Pemakaian: padan token list | add --office KODE | revoke NOMOR; lihat --help.",
		"Usage: padan token list | add --office CODE | revoke NUMBER; see --help.");
}

int cli_token(int argc, char **argv)
{
	struct token_verb v = {.days = 365};
	const struct option_spec options[] = {
		{"office", OPTION_TEXT, &v.office, "CODE", "Dinas yang sistemnya memakai token ini", "The office whose system uses this token"},
		{"name", OPTION_TEXT, &v.name, "TEXT", "Nama sistem itu, untuk dikenali nanti", "What the system is called, to know it by"},
		{"scope", OPTION_LIST, &v.scopes, "SCOPE", "Untuk apa: lists:read, lists:write, flags:read, check; boleh berulang; tanpa ini semuanya",
			"What for: lists:read, lists:write, flags:read, check; may be repeated; all without it"},
		{"days", OPTION_INTEGER, &v.days, "N", "Masa berlaku; bawaan 365 hari", "How long it is good; 365 days by default", .min = 1, .max = 3650},
		CLI_VERB_OPTIONS(v.verb),
		{0},
	};
	const struct command_spec command = {"token", "list | add | revoke NUMBER",
		"Token untuk sistem milik dinas yang memakai API: membuat, menampilkan, mencabut.",
		"Tokens for offices' own systems that use the API: makes, lists, revokes them.", options, 1, 2,
		"  padan token add --office dinsos --name \"SIM bansos\" --scope lists:write --scope lists:read\n  padan token list\n"
		"  padan token revoke 3"};

	return cli_verb_run(&command, argc, argv, &v.verb, run);
}
