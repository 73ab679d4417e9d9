/*
 * `padan migrate`: brings the database to this program's version. See daemon/db/migrate.h.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/db/migrate.h"

#include <stdio.h>

struct telling {
	bool json;
	enum lang lang;
	json_t *names;
};

static void tell(void *arg, const struct migration *next)
{
	struct telling *telling = arg;

	if (telling->json)
		json_array_append_new(telling->names, json_string(next->name));
	else
		printf("%s %s\n", lang_text(telling->lang, "menjalankan", "running"), next->name);
}

static void report_in_words(enum lang lang, bool check, const struct migrations *migrations, const struct migrate_count *n)
{
	if (check && n->migrations)
		printf(lang_text(lang, "%zu migrasi belum dijalankan; jalankan: padan migrate\n",
			       "%zu migrations have not run; run: padan migrate\n"), n->migrations);
	else if (check && n->functions)
		printf(lang_text(lang, "Fungsi basis data bukan milik program ini (%zu berkas berbeda); jalankan: padan migrate\n",
			       "The database's functions are not this program's (%zu files differ); run: padan migrate\n"), n->functions);
	else if (n->migrations)
		printf(lang_text(lang, "Selesai: %zu migrasi dijalankan; basis data pada versi %zu.\n",
			       "Done: %zu migrations have run; the database is at version %zu.\n"), n->migrations, migrations->n);
	else if (n->functions)
		printf(lang_text(lang, "Selesai: fungsi basis data diperbarui (%zu berkas); basis data tetap pada versi %zu.\n",
			       "Done: the database's functions were brought up (%zu files); the database stays at version %zu.\n"),
			n->functions, migrations->n);
	else
		printf(lang_text(lang, "Basis data sudah pada versi %zu; tidak ada yang berubah.\n",
			       "The database is at version %zu already; nothing has changed.\n"), migrations->n);
}

static int report(const struct telling *telling, bool check, const struct migrations *migrations, const struct migrate_count *n,
	struct error *err)
{
	if (telling->json)
		return cli_print_json(json_pack("{s:i, s:I, s:I, s:O}", "version", (int)migrations->n, check ? "missing" : "applied",
					      (json_int_t)n->migrations, "functions", (json_int_t)n->functions, "names",
					      telling->names), err);
	report_in_words(telling->lang, check, migrations, n);
	return 0;
}

int cli_migrate(int argc, char **argv)
{
	const char *conninfo = NULL;
	bool json = false, check = false;
	const struct option_spec options[] = {
		{"check", OPTION_FLAG, &check, NULL, "Hanya memeriksa apa yang belum dijalankan atau berbeda; status 3 bila ada",
			"Only say what has not run or differs; exit status 3 if there is something"},
		CLI_JSON_OPTION(json),
		CLI_DB_OPTION(conninfo),
		{0},
	};
	const struct command_spec command = {"migrate", "",
		"Menyiapkan basis data, atau membawanya ke versi program ini. Aman dijalankan berulang kali.",
		"Prepares the database, or brings it to this program's version. Safe to run again.", options, 0, 0,
		"  padan migrate\n  padan migrate --db \"host=/run/postgresql dbname=padan\""};
	struct options_result got;
	struct migrations migrations = {0};
	struct telling telling;
	struct db_sync db = {0};
	struct error err = {0};
	struct migrate_count n = {0};
	int rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	telling = (struct telling){json, got.lang, json_array()};
	rc = migrations_load(&migrations, embedded_texts, &err);
	if (rc == 0)
		rc = db_sync_open(&db, conninfo, &err);
	if (rc == 0)
		rc = check ? migrate_look(&db, &migrations, &n, &err) : migrate(&db, &migrations, tell, &telling, &n, &err);
	if (rc == 0)
		rc = report(&telling, check, &migrations, &n, &err);
	db_sync_close(&db);
	migrations_release(&migrations);
	json_decref(telling.names);
	if (rc < 0)
		return cli_fail("migrate", got.lang, &err);
	return check && (n.migrations || n.functions) ? 3 : 0;
}
