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

/* How many have not run, without changing anything. */
static int count_missing(struct db_sync *db, const struct migrations *migrations, size_t *missing, struct error *err)
{
	PGresult *result;
	int rc;

	if (db_sync_query(db, "SELECT to_regclass('padan.schema_migrations') IS NULL", 0, NULL, &result, err) < 0)
		return -1;
	*missing = migrations->n;
	if (db_bool(result, 0, 0)) {
		PQclear(result);
		return 0;
	}
	PQclear(result);
	if (db_sync_query(db, MIGRATE_APPLIED_SQL, 0, NULL, &result, err) < 0)
		return -1;
	rc = migrate_missing(migrations, result, missing, err);
	PQclear(result);
	return rc;
}

static int report(const struct telling *telling, bool check, const struct migrations *migrations, size_t n, struct error *err)
{
	if (telling->json)
		return cli_print_json(json_pack("{s:i, s:I, s:O}", "version", (int)migrations->n, check ? "missing" : "applied",
					      (json_int_t)n, "names", telling->names), err);
	if (check && n)
		printf(lang_text(telling->lang, "%zu migrasi belum dijalankan; jalankan: padan migrate\n",
			       "%zu migrations have not run; run: padan migrate\n"), n);
	else if (n)
		printf(lang_text(telling->lang, "Selesai: %zu migrasi dijalankan; basis data pada versi %zu.\n",
			       "Done: %zu migrations have run; the database is at version %zu.\n"), n, migrations->n);
	else
		printf(lang_text(telling->lang, "Basis data sudah pada versi %zu; tidak ada yang berubah.\n",
			       "The database is at version %zu already; nothing has changed.\n"), migrations->n);
	return 0;
}

int cli_migrate(int argc, char **argv)
{
	const char *conninfo = NULL;
	bool json = false, check = false;
	const struct option_spec options[] = {
		{"check", OPTION_FLAG, &check, NULL, "Hanya memeriksa apa yang belum dijalankan; status 3 bila ada",
			"Only say what has not run yet; exit status 3 if there is something"},
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
	size_t n = 0;
	int rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	telling = (struct telling){json, got.lang, json_array()};
	rc = migrations_load(&migrations, embedded_texts, &err);
	if (rc == 0)
		rc = db_sync_open(&db, conninfo, &err);
	if (rc == 0)
		rc = check ? count_missing(&db, &migrations, &n, &err) : migrate(&db, &migrations, tell, &telling, &n, &err);
	if (rc == 0)
		rc = report(&telling, check, &migrations, n, &err);
	db_sync_close(&db);
	migrations_release(&migrations);
	json_decref(telling.names);
	if (rc < 0)
		return cli_fail("migrate", got.lang, &err);
	return check && n ? 3 : 0;
}
