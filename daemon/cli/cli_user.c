/*
 * `padan user`: who may log in on the web. A user gets a one-time link by which he sets his password himself: there is no default
 * password, and nobody else ever knows it.
 */
#include "daemon/base/secret.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/db/sql.h"
#include "matcher/base/strbuf.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct user_verb {
	struct cli_verb verb;
	const char *role, *office, *full_name, *url;
	struct option_list villages;
	long hours;
};

static const char *say_role(const char *text, enum lang lang, enum table_style *style)
{
	static const struct {
		const char *role, *id, *en;
	} words[] = {
		{"administrator", "administrator", "administrator"},
		{"office", "pengelola program", "programme manager"},
		{"bappeda", "Bappeda", "Bappeda"},
		{"verifier", "verifikator desa", "village verifier"},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i].role) == 0)
			return lang_text(lang, words[i].id, words[i].en);
	}
	return text;
}

static const struct cli_column columns[] = {
	{"name", "Pengguna", "User", CLI_TEXT},
	{"full_name", "Nama", "Name", CLI_TEXT},
	{"role", "Peran", "Role", CLI_TEXT, say_role},
	{"office", "Dinas", "Office", CLI_TEXT},
	{"villages", "Desa", "Villages", CLI_TEXT},
	{"active", "Aktif", "Active", CLI_TEXT, cli_say_yes},
	{"has_password", "Kata sandi", "Password", CLI_TEXT, cli_say_yes},
	{"seen_at", "Terakhir", "Last seen", CLI_TIME},
	{0},
};

/* {"a","b"} of the villages as they were given. */
static int villages_array(const struct option_list *list, struct strbuf *text, struct error *err)
{
	strbuf_init(text, 32 << 10);
	strbuf_add(text, STR_LITERAL("{"));
	for (size_t i = 0; i < list->count; i++) {
		strbuf_add(text, i ? STR_LITERAL(",\"") : STR_LITERAL("\""));
		for (const char *at = list->items[i]; *at; at++) {
			if (*at == '"' || *at == '\\')
				strbuf_add(text, STR_LITERAL("\\"));
			strbuf_add(text, (struct str){at, 1});
		}
		strbuf_add(text, STR_LITERAL("\""));
	}
	strbuf_add(text, STR_LITERAL("}"));
	return strbuf_failed(text, err);
}

/* A database array of village numbers, the caller's to free; NULL with rc 0 where none were given. */
static int find_villages(struct user_verb *v, char **numbers, struct error *err)
{
	PGresult *result = NULL;
	struct strbuf given;
	int rc;

	*numbers = NULL;
	if (!v->villages.count)
		return 0;
	rc = villages_array(&v->villages, &given, err);
	if (rc == 0)
		rc = db_sync_query(&v->verb.db, sql_find("cli_villages"), DB_VALUES(v->verb.district, given.p), &result, err);
	strbuf_release(&given);
	if (rc == 0 && !db_null(result, 0, 1))
		rc = error_set(err, ERROR_INPUT, "Desa \"%.60s\" tidak ada atau lebih dari satu; tulis kode sepuluh angkanya.",
			"There is no village \"%.60s\", or more than one; write its ten digits.", db_text(result, 0, 1));
	if (rc == 0) {
		*numbers = strdup(db_text(result, 0, 0));
		rc = *numbers ? 0 : error_memory(err);
	}
	PQclear(result);
	return rc;
}

/* Where the web is, without a slash at the end: --url, PADAN_WEB_URL, or what the daemon said last. */
static int web_url(struct user_verb *v, char url[200], struct error *err)
{
	const char *given = v->url ? v->url : getenv("PADAN_WEB_URL");
	PGresult *result;

	snprintf(url, 200, "%s", given ? given : "");
	if (!*url) {
		if (db_sync_query(&v->verb.db, "SELECT url FROM padan.web_address", 0, NULL, &result, err) < 0)
			return -1;
		snprintf(url, 200, "%s", PQntuples(result) ? db_text(result, 0, 0) : "http://127.0.0.1:8750");
		PQclear(result);
	}
	if (*url && url[strlen(url) - 1] == '/')
		url[strlen(url) - 1] = '\0';
	return 0;
}

static int print_link(struct user_verb *v, const char *name, struct error *err)
{
	char token[SECRET_TEXT], hash[SECRET_HASH], url[200], valid[32];
	PGresult *result;
	int rc;

	secret_make(token);
	secret_hash(token, hash);
	snprintf(valid, sizeof valid, "%ld hours", v->hours);
	if (web_url(v, url, err) < 0 ||
		db_sync_query(&v->verb.db, "SELECT to_char(padan.user_link_add($1::integer, $2, decode($3, 'hex'), $4::interval), 'YYYY-MM-DD HH24:MI')",
			DB_VALUES(v->verb.district, name, hash, valid), &result, err) < 0)
		return -1;
	if (v->verb.json) {
		char link[300];

		snprintf(link, sizeof link, "%s/undangan#%s", url, token);
		rc = cli_print_json(json_pack("{s:s, s:s, s:s}", "user", name, "link", link, "valid_until", db_text(result, 0, 0)), err);
	} else {
		rc = 0;
		printf(lang_text(v->verb.lang,
			       "Tautan sekali pakai untuk %s, berlaku sampai %s; sampaikan hanya kepadanya:\n\n  %s/undangan#%s\n\n",
			       "One-time link for %s, good until %s; give it to nobody else:\n\n  %s/undangan#%s\n\n"),
			name, db_text(result, 0, 0), url, token);
	}
	PQclear(result);
	return rc;
}

static int add_user(struct user_verb *v, const char *name, struct error *err)
{
	char *villages = NULL;
	int rc;

	if (!v->role)
		return error_set(err, ERROR_USAGE, "Sebutkan perannya: --role administrator|office|bappeda|verifier.",
			"Say the role: --role administrator|office|bappeda|verifier.");
	rc = find_villages(v, &villages, err);
	if (rc == 0)
		rc = db_sync_run(&v->verb.db, "SELECT padan.user_add($1::integer, $2, $3, $4, $5, $6::bigint[])",
			DB_VALUES(v->verb.district, name, v->full_name, v->role, v->office, villages), NULL, err);
	free(villages);
	return rc == 0 ? print_link(v, name, err) : -1;
}

static int list_users(struct user_verb *v, struct error *err)
{
	PGresult *result;
	int rc = db_sync_query(&v->verb.db, sql_find("cli_users"), DB_VALUES(v->verb.district), &result, err);

	if (rc < 0)
		return -1;
	rc = cli_verb_show(&v->verb, result, columns, "Belum ada pengguna. Buat yang pertama: padan user add NAMA --role administrator",
		"There is no user yet. Make the first: padan user add NAME --role administrator", err);
	PQclear(result);
	return rc;
}

static int set_active(struct user_verb *v, const char *name, bool active, struct error *err)
{
	if (db_sync_run(&v->verb.db, "SELECT padan.user_set_active($1::integer, $2, $3::boolean)",
		    DB_VALUES(v->verb.district, name, active ? "true" : "false"), NULL, err) < 0)
		return -1;
	printf(active ? lang_text(v->verb.lang, "%s dapat masuk lagi.\n", "%s may log in again.\n")
		      : lang_text(v->verb.lang, "%s tidak dapat masuk lagi; semua sesinya berakhir.\n", "%s may no longer log in; all sessions have ended.\n"),
		name);
	return 0;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct user_verb *v = (struct user_verb *)verb;
	const char *what = verb->words[0];
	int n = verb->n_words;

	if (sodium_init() < 0)
		return error_memory(err);
	if (cli_verb_open(verb, err) < 0)
		return -1;
	if (strcmp(what, "list") == 0 && n == 1)
		return list_users(v, err);
	if (n == 2 && strcmp(what, "add") == 0)
		return add_user(v, verb->words[1], err);
	if (n == 2 && strcmp(what, "link") == 0)
		return print_link(v, verb->words[1], err);
	if (n == 2 && (strcmp(what, "disable") == 0 || strcmp(what, "enable") == 0))
		return set_active(v, verb->words[1], what[0] == 'e', err);
	return error_set(err, ERROR_USAGE, "Pemakaian: padan user list | add NAMA | link NAMA | disable NAMA | enable NAMA; lihat --help.",
		"Usage: padan user list | add NAME | link NAME | disable NAME | enable NAME; see --help.");
}

int cli_user(int argc, char **argv)
{
	struct user_verb v = {.hours = 72};
	const struct option_spec options[] = {
		{"role", OPTION_CHOICE, &v.role, "ROLE", "Peran: administrator, office (pengelola program satu dinas), bappeda, verifier (verifikator desa)",
			"Role: administrator, office (manages one office's programmes), bappeda, verifier (of villages)",
			.choices = "administrator|office|bappeda|verifier"},
		{"office", OPTION_TEXT, &v.office, "CODE", "Dinasnya, untuk peran office", "The office, for the role office"},
		{"village", OPTION_LIST, &v.villages, "VILLAGE", "Desanya, untuk peran verifier; kode atau nama; boleh berulang",
			"A village, for the role verifier; digits or a name; may be repeated"},
		{"full-name", OPTION_TEXT, &v.full_name, "TEXT", "Nama lengkap", "Full name"},
		{"hours", OPTION_INTEGER, &v.hours, "N", "Masa berlaku tautan; bawaan 72 jam", "How long the link is good; 72 hours by default",
			.min = 1, .max = 720},
		{"url", OPTION_TEXT, &v.url, "URL", "Alamat web (tanpa ini: PADAN_WEB_URL, atau yang terakhir dipakai padand)",
			"Address of the web (without it: PADAN_WEB_URL, or what padand used last)"},
		CLI_VERB_OPTIONS(v.verb),
		{0},
	};
	const struct command_spec command = {"user", "list | add NAME | link NAME | disable NAME | enable NAME",
		"Pengguna web: membuat, mengirim tautan sekali pakai untuk memasang kata sandi, menutup. Tautan baru menggantikan\n"
		"yang lama; orang yang lupa kata sandinya cukup diberi tautan baru.",
		"Users of the web: makes them, gives them a one-time link to set a password, shuts them out. A new link ends the\n"
		"old one; whoever forgot his password gets a new link.", options, 1, 2,
		"  padan user add siti --role administrator\n  padan user add budi --role office --office dinsos\n"
		"  padan user add ani --role verifier --village Tempino --village 1505011003\n  padan user link budi\n"
		"  padan user disable budi"};

	return cli_verb_run(&command, argc, argv, &v.verb, run);
}
