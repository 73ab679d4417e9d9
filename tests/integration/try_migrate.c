/*
 * Migrations that are not this program's own: one without a transaction, one that fails half-way and leaves nothing. Run by
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

static const struct embedded_text good[] = {
	TEXT("migrations/0001_table.sql", "CREATE TABLE padan.t (a integer);"),
	TEXT("migrations/0002_index.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS padan.t_a\n-- next\n"
					  "CREATE INDEX CONCURRENTLY t_a ON padan.t (a)\n"),
	{0},
};
static const struct embedded_text broken[] = {
	TEXT("migrations/0001_table.sql", "CREATE TABLE padan.t (a integer);"),
	TEXT("migrations/0002_index.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS padan.t_a\n-- next\n"
					  "CREATE INDEX CONCURRENTLY t_a ON padan.t (a)\n"),
	TEXT("migrations/0003_half.sql", "CREATE TABLE padan.half (a integer); SELECT 1/0;"),
	{0},
};

static int run(struct db_sync *db, const struct embedded_text *texts, size_t *applied, struct error *err)
{
	struct migrations migrations;
	int rc = migrations_load(&migrations, texts, err);

	if (rc == 0)
		rc = migrate(db, &migrations, NULL, NULL, applied, err);
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
	size_t applied = 0;

	MUST(db_sync_open(&server, "", &err) == 0);
	MUST(db_sync_exec(&server, "DROP DATABASE IF EXISTS padan_try_migrate", &err) == 0);
	MUST(db_sync_exec(&server, "CREATE DATABASE padan_try_migrate", &err) == 0);
	MUST(db_sync_open(&db, "dbname=padan_try_migrate", &err) == 0);

	MUST(run(&db, good, &applied, &err) == 0 && applied == 2);
	MUST(count(&db, "SELECT count(*) FROM pg_index i WHERE i.indexrelid = 'padan.t_a'::regclass AND i.indisvalid") == 1);
	MUST(count(&db, "SELECT count(*) FROM pg_class c WHERE c.oid IN ('padan.t'::regclass, 'padan.t_a'::regclass) "
			"AND pg_get_userbyid(c.relowner) = 'padan_owner'") == 2);
	MUST(run(&db, good, &applied, &err) == 0 && applied == 0);

	MUST(run(&db, broken, &applied, &err) == -1 && applied == 0);
	MUST(err.kind == ERROR_DATABASE && strstr(err.en, "0003_half.sql"));
	MUST(count(&db, "SELECT count(*) FROM pg_class WHERE relname = 'half'") == 0);
	MUST(count(&db, "SELECT count(*) FROM padan.schema_migrations") == 2);
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
