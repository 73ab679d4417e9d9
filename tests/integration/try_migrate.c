/*
 * Migrations that are not this program's own: one without a transaction, some that fail half-way and leave nothing, functions
 * that name each other in any order, and some that cannot be made. Run by
 * tests/integration/run.sh, which sets PGHOST; makes a database of its own and drops it.
 */
#include "daemon/db/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s (%s)\n", __FILE__, __LINE__, #condition, err.en); \
			exit(1); \
		} \
	} while (0)

#define TEXT(path, text) {path, text, sizeof text - 1}

#define TABLE TEXT("migrations/0001_table.sql", "CREATE TABLE padan.t (a integer); CREATE TABLE padan.schema_functions (name text, checksum text);")
#define INDEX TEXT("migrations/0002_index.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS padan.t_a\n-- next\n" \
						"CREATE INDEX CONCURRENTLY t_a ON padan.t (a)\n")
#define HELPS TEXT("migrations/functions/helps.sql", "CREATE OR REPLACE FUNCTION padan.helped() RETURNS integer LANGUAGE sql AS 'SELECT 1';")
#define CALLS(n) TEXT("migrations/functions/calls.sql", "CREATE OR REPLACE FUNCTION padan.calls() RETURNS integer LANGUAGE sql " \
						       "AS 'SELECT padan.helped() + " n "';")

static const struct embedded_text good[] = {TABLE, INDEX, CALLS("1"), HELPS, {0}};
/* A good one before the one that fails: it goes with it. */
static const struct embedded_text broken[] = {TABLE, INDEX, TEXT("migrations/0003_whole.sql", "CREATE TABLE padan.whole (a integer);"),
	TEXT("migrations/0004_half.sql", "CREATE TABLE padan.half (a integer); SELECT 1/0;"), CALLS("1"), HELPS, {0}};
static const struct embedded_text edited[] = {TABLE, INDEX, CALLS("10"), HELPS, {0}};
/* The numbered migration is in order; a later file of functions is not. */
static const struct embedded_text unmakeable[] = {TABLE, INDEX, TEXT("migrations/0003_whole.sql", "CREATE TABLE padan.whole (a integer);"),
	CALLS("100"), TEXT("migrations/functions/helps.sql", "CREATE OR REPLACE FUNCTION padan.helped() RETURNS nonsense LANGUAGE sql AS '';"), {0}};

static int run(struct db_sync *db, const struct embedded_text *texts, struct migrate_count *done, struct error *err)
{
	struct migrations migrations;
	int rc = migrations_load(&migrations, texts, err);

	if (rc == 0)
		rc = migrate(db, &migrations, NULL, NULL, done, err);
	migrations_release(&migrations);
	return rc;
}

static long count(struct db_sync *db, const char *sql)
{
	struct error err = {0};
	PGresult *result;
	long n;

	MUST(db_sync_query(db, sql, 0, NULL, &result, &err) == 0);
	n = db_long(result, 0, 0);
	PQclear(result);
	return n;
}

int main(void)
{
	struct db_sync server = {0}, db = {0};
	struct error err = {0};
	struct migrate_count done;

	MUST(db_sync_open(&server, "", &err) == 0);
	MUST(db_sync_exec(&server, "DROP DATABASE IF EXISTS padan_try_migrate", &err) == 0);
	MUST(db_sync_exec(&server, "CREATE DATABASE padan_try_migrate", &err) == 0);
	MUST(db_sync_open(&db, "dbname=padan_try_migrate", &err) == 0);

	MUST(run(&db, good, &done, &err) == 0 && done.migrations == 2 && done.functions == 2);
	MUST(count(&db, "SELECT count(*) FROM pg_index i WHERE i.indexrelid = 'padan.t_a'::regclass AND i.indisvalid") == 1);
	MUST(count(&db, "SELECT count(*) FROM pg_class c WHERE c.oid IN ('padan.t'::regclass, 'padan.t_a'::regclass) "
			"AND pg_get_userbyid(c.relowner) = 'padan_owner'") == 2);
	MUST(count(&db, "SELECT padan.calls()") == 2);
	MUST(run(&db, good, &done, &err) == 0 && done.migrations == 0 && done.functions == 0);

	MUST(run(&db, broken, &done, &err) == -1 && done.migrations == 0 && done.functions == 0);
	MUST(err.kind == ERROR_DATABASE && strstr(err.en, "0004_half.sql"));
	MUST(count(&db, "SELECT count(*) FROM pg_class WHERE relname IN ('whole', 'half')") == 0);
	MUST(count(&db, "SELECT count(*) FROM padan.schema_migrations") == 2);

	error_clear(&err);
	MUST(run(&db, edited, &done, &err) == 0 && done.migrations == 0 && done.functions == 1);
	MUST(count(&db, "SELECT padan.calls()") == 11);
	MUST(run(&db, unmakeable, &done, &err) == -1 && done.migrations == 0 && done.functions == 0);
	MUST(err.kind == ERROR_DATABASE && strstr(err.en, "helps.sql"));
	MUST(count(&db, "SELECT padan.calls()") == 11);
	MUST(count(&db, "SELECT count(*) FROM padan.schema_functions") == 2);
	MUST(count(&db, "SELECT count(*) FROM pg_class WHERE relname = 'whole'") == 0);
	/* The lock was given back, and the connection is the caller's own again. */
	MUST(count(&db, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
			"(SELECT oid FROM pg_database WHERE datname = current_database())") == 0);
	MUST(count(&db, "SELECT (current_user = session_user)::integer") == 1);

	db_sync_close(&db);
	error_clear(&err);
	MUST(db_sync_exec(&server, "DROP DATABASE padan_try_migrate", &err) == 0);
	db_sync_close(&server);
	puts("as it must be");
	return 0;
}
