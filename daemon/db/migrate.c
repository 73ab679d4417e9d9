/*
 * Runs migrations. See migrate.h. Called by `padan migrate`, and by padand and `padan doctor` to say what is missing.
 */
#include "daemon/db/migrate.h"

#include "daemon/db/sql.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "migrations/"
#define LOCK_NUMBER "7953764249" /* "padan" on a telephone's keys, and some: any fixed number does */
#define NO_TRANSACTION "-- no-transaction\n"
#define NEXT_STATEMENT "\n-- next\n"

static void fill_checksum(struct migration *migration, size_t size)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)migration->text, size);
	sodium_bin2hex(migration->checksum, sizeof migration->checksum, hash, sizeof hash);
}

/* NNNN_name.sql → its number; 0 for another name. */
static int number_of(const char *name)
{
	for (int i = 0; i < 4; i++)
		if (!isdigit((unsigned char)name[i]))
			return 0;
	return name[4] == '_' ? (int)strtol(name, NULL, 10) : 0;
}

int migrations_load(struct migrations *migrations, const struct embedded_text *texts, struct error *err)
{
	size_t n = 0;

	memset(migrations, 0, sizeof *migrations);
	migrations->all = calloc(MIGRATIONS_MAX, sizeof *migrations->all);
	if (!migrations->all)
		return error_memory(err);
	for (const struct embedded_text *t = texts; t->path; t++) {
		const char *name = t->path + strlen(FOLDER);
		struct migration *m = &migrations->all[n];

		if (strncmp(t->path, FOLDER, strlen(FOLDER)) != 0)
			continue;
		if (n == MIGRATIONS_MAX || number_of(name) != (int)n + 1) {
			migrations_release(migrations);
			return error_set(err, ERROR_SYSTEM,
				"Migrasi %.60s tidak berurutan (seharusnya nomor %zu); program ini salah dibuat.",
				"Migration %.60s is out of order (number %zu was due); this program was built wrongly.", name, n + 1);
		}
		m->number = (int)n + 1;
		m->name = name;
		m->text = t->text;
		m->transaction = strncmp(t->text, NO_TRANSACTION, strlen(NO_TRANSACTION)) != 0;
		fill_checksum(m, t->size);
		n++;
	}
	migrations->n = n;
	return 0;
}

void migrations_release(struct migrations *migrations)
{
	free(migrations->all);
	memset(migrations, 0, sizeof *migrations);
}

int migrate_missing(const struct migrations *migrations, const PGresult *applied, size_t *missing, struct error *err)
{
	int n = PQntuples(applied);

	for (int i = 0; i < n; i++) {
		long number = db_long(applied, i, 0);
		const char *name = db_text(applied, i, 1);

		if (number != i + 1)
			return error_set(err, ERROR_DATABASE,
				"Migrasi %04d hilang dari padan.schema_migrations, tetapi yang sesudahnya sudah dijalankan; pulihkan dari cadangan.",
				"Migration %04d is missing from padan.schema_migrations though later ones have run; restore from a backup.", i + 1);
		if ((size_t)i >= migrations->n)
			return error_set(err, ERROR_DATABASE,
				"Basis data lebih baru (migrasi %.60s) daripada program ini; pasang versi padan yang lebih baru.",
				"The database is newer (migration %.60s) than this program; install a newer padan.", name);
		if (strcmp(migrations->all[i].checksum, db_text(applied, i, 2)) != 0)
			return error_set(err, ERROR_DATABASE,
				"Migrasi %.60s yang sudah dijalankan berbeda dari yang ada dalam program ini; migrasi tidak boleh diubah.",
				"Migration %.60s has run in another version than this program's; migrations are never edited.", name);
	}
	*missing = migrations->n - (size_t)n;
	return 0;
}

static int record(struct db_sync *db, const struct migration *m, struct error *err)
{
	char number[16];

	snprintf(number, sizeof number, "%d", m->number);
	return db_sync_run(db, "INSERT INTO padan.schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
		DB_VALUES(number, m->name, m->checksum), NULL, err);
}

static int run_in_transaction(struct db_sync *db, const struct migration *m, struct error *err)
{
	struct error ignored = {0};

	if (db_sync_exec(db, "BEGIN; SET LOCAL ROLE padan_owner", err) == 0 && db_sync_exec(db, m->text, err) == 0 &&
		record(db, m, err) == 0 && db_sync_exec(db, "COMMIT", err) == 0)
		return 0;
	if (db_sync_exec(db, "ROLLBACK", &ignored) < 0)
		return -1; /* the connection is gone: the first error says so */
	return -1;
}

static int run_one_by_one(struct db_sync *db, const struct migration *m, struct error *err)
{
	char *text = strdup(m->text), *statement = text;
	int rc = text ? db_sync_exec(db, "SET ROLE padan_owner", err) : error_memory(err);

	while (rc == 0 && statement) {
		char *end = strstr(statement, NEXT_STATEMENT);

		if (end) {
			*end = '\0';
			end += strlen(NEXT_STATEMENT);
		}
		rc = db_sync_exec(db, statement, err);
		statement = end;
	}
	if (rc == 0)
		rc = record(db, m, err);
	if (rc == 0)
		rc = db_sync_exec(db, "RESET ROLE", err);
	free(text);
	return rc;
}

static int run_missing(struct db_sync *db, const struct migrations *migrations,
	void (*tell)(void *arg, const struct migration *next), void *arg, size_t *applied, struct error *err)
{
	PGresult *result;
	size_t missing = 0;
	int rc;

	if (db_sync_exec(db, sql_find("migrate_bootstrap"), err) < 0 ||
		db_sync_query(db, MIGRATE_APPLIED_SQL, 0, NULL, &result, err) < 0)
		return -1;
	rc = migrate_missing(migrations, result, &missing, err);
	PQclear(result);
	for (size_t i = migrations->n - missing; rc == 0 && i < migrations->n; i++) {
		const struct migration *m = &migrations->all[i];

		if (tell)
			tell(arg, m);
		rc = m->transaction ? run_in_transaction(db, m, err) : run_one_by_one(db, m, err);
		if (rc == 0)
			++*applied;
		else
			error_context(err, m->name, m->name);
	}
	return rc;
}

int migrate(struct db_sync *db, const struct migrations *migrations, void (*tell)(void *arg, const struct migration *next),
	void *arg, size_t *applied, struct error *err)
{
	struct error unlocking = {0};
	int rc;

	*applied = 0;
	/* The lock waits for another migrate as long as that takes. */
	if (db_sync_exec(db, "SELECT pg_advisory_lock(" LOCK_NUMBER ")", err) < 0)
		return -1;
	rc = run_missing(db, migrations, tell, arg, applied, err);
	/* Ends with the connection at the latest, so its own failure changes nothing. */
	if (db_sync_exec(db, "RESET ROLE; SELECT pg_advisory_unlock(" LOCK_NUMBER ")", rc == 0 ? err : &unlocking) < 0)
		return -1;
	return rc;
}
