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
#define FUNCTIONS FOLDER "functions/"
#define LOCK_NUMBER "7953764249" /* "padan" on a telephone's keys, and some: any fixed number does */
#define NO_TRANSACTION "-- no-transaction\n"
#define NEXT_STATEMENT "\n-- next\n"

static void fill(struct migration *migration, int number, const char *name, const struct embedded_text *text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	migration->number = number;
	migration->name = name;
	migration->text = text->text;
	migration->transaction = strncmp(text->text, NO_TRANSACTION, strlen(NO_TRANSACTION)) != 0;
	crypto_hash_sha256(hash, (const unsigned char *)text->text, text->size);
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

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct migration *)a)->name, ((const struct migration *)b)->name);
}

static int take_text(struct migrations *migrations, const struct embedded_text *text, struct error *err)
{
	const char *name = text->path + strlen(FOLDER);

	if (strncmp(text->path, FOLDER, strlen(FOLDER)) != 0)
		return 0;
	if (strncmp(text->path, FUNCTIONS, strlen(FUNCTIONS)) == 0 && migrations->function_files < MIGRATIONS_MAX) {
		fill(&migrations->functions[migrations->function_files++], 0, text->path + strlen(FUNCTIONS), text);
		return 0;
	}
	if (migrations->n == MIGRATIONS_MAX || number_of(name) != (int)migrations->n + 1)
		return error_set(err, ERROR_SYSTEM,
			"Migrasi %.60s tidak berurutan (seharusnya nomor %zu); program ini salah dibuat.",
			"Migration %.60s is out of order (number %zu was due); this program was built wrongly.", name, migrations->n + 1);
	fill(&migrations->all[migrations->n], (int)migrations->n + 1, name, text);
	migrations->n++;
	return 0;
}

int migrations_load(struct migrations *migrations, const struct embedded_text *texts, struct error *err)
{
	int rc = 0;

	memset(migrations, 0, sizeof *migrations);
	migrations->all = calloc(MIGRATIONS_MAX, sizeof *migrations->all);
	migrations->functions = calloc(MIGRATIONS_MAX, sizeof *migrations->functions);
	if (!migrations->all || !migrations->functions)
		rc = error_memory(err);
	for (const struct embedded_text *text = texts; rc == 0 && text->path; text++)
		rc = take_text(migrations, text, err);
	if (rc < 0)
		migrations_release(migrations);
	else
		qsort(migrations->functions, migrations->function_files, sizeof *migrations->functions, by_name);
	return rc;
}

void migrations_release(struct migrations *migrations)
{
	free(migrations->all);
	free(migrations->functions);
	memset(migrations, 0, sizeof *migrations);
}

/* Row of the record: the i-th numbered migration. */
static int check_numbered(const struct migrations *migrations, const PGresult *record, int row, size_t i, struct error *err)
{
	const char *name = db_text(record, row, 1);

	if (db_long(record, row, 0) != (long)i + 1)
		return error_set(err, ERROR_DATABASE,
			"Migrasi %04zu hilang dari padan.schema_migrations, tetapi yang sesudahnya sudah dijalankan; pulihkan dari cadangan.",
			"Migration %04zu is missing from padan.schema_migrations though later ones have run; restore from a backup.", i + 1);
	if (i >= migrations->n)
		return error_set(err, ERROR_DATABASE,
			"Basis data lebih baru (migrasi %.60s) daripada program ini; pasang versi padan yang lebih baru.",
			"The database is newer (migration %.60s) than this program; install a newer padan.", name);
	if (strcmp(migrations->all[i].checksum, db_text(record, row, 2)) != 0)
		return error_set(err, ERROR_DATABASE,
			"Migrasi %.60s yang sudah dijalankan berbeda dari yang ada dalam program ini; migrasi tidak boleh diubah.",
			"Migration %.60s has run in another version than this program's; migrations are never edited.", name);
	return 0;
}

int migrate_missing(const struct migrations *migrations, const PGresult *record, struct migrate_count *missing, struct error *err)
{
	size_t numbered = 0, same = 0, foreign = 0;

	for (int row = 0; row < PQntuples(record); row++) {
		const struct migration key = {.name = db_text(record, row, 1)}, *mine;

		if (db_long(record, row, 0) > 0) {
			if (check_numbered(migrations, record, row, numbered++, err) < 0)
				return -1;
			continue;
		}
		mine = bsearch(&key, migrations->functions, migrations->function_files, sizeof key, by_name);
		foreign += !mine;
		same += mine && strcmp(mine->checksum, db_text(record, row, 2)) == 0;
	}
	missing->migrations = migrations->n - numbered;
	missing->functions = migrations->function_files - same + foreign;
	return 0;
}

int migrate_look(struct db_sync *db, const struct migrations *migrations, struct migrate_count *missing, struct error *err)
{
	static const char *const sql[] = {NULL, "SELECT number, name, checksum FROM padan.schema_migrations ORDER BY number",
		MIGRATE_RECORD_SQL};
	PGresult *result;
	long tables;
	int rc;

	if (db_sync_query(db, "SELECT (to_regclass('padan.schema_migrations') IS NOT NULL)::integer"
			      " + (to_regclass('padan.schema_functions') IS NOT NULL)::integer", 0, NULL, &result, err) < 0)
		return -1;
	tables = db_long(result, 0, 0);
	PQclear(result);
	*missing = (struct migrate_count){migrations->n, migrations->function_files};
	if (!tables)
		return 0;
	if (db_sync_query(db, sql[tables], 0, NULL, &result, err) < 0)
		return -1;
	rc = migrate_missing(migrations, result, missing, err);
	PQclear(result);
	return rc;
}

/* ---- running them ---- */

struct run {
	struct db_sync *db;
	const struct migrations *migrations;
	size_t waiting; /* numbered migrations of the open transaction */
	bool open;
	struct migrate_count *done;
};

static int begin(struct run *run, struct error *err)
{
	if (!run->open && db_sync_exec(run->db, "BEGIN; SET LOCAL ROLE padan_owner", err) < 0)
		return -1;
	run->open = true;
	return 0;
}

static int commit(struct run *run, struct error *err)
{
	if (run->open && db_sync_exec(run->db, "COMMIT", err) < 0)
		return -1;
	run->open = false;
	run->done->migrations += run->waiting;
	run->waiting = 0;
	return 0;
}

static int record(struct db_sync *db, const struct migration *m, struct error *err)
{
	char number[16];

	snprintf(number, sizeof number, "%d", m->number);
	return db_sync_run(db, "INSERT INTO padan.schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
		DB_VALUES(number, m->name, m->checksum), NULL, err);
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

static int run_numbered(struct run *run, const struct migration *m, struct error *err)
{
	if (!m->transaction) {
		if (commit(run, err) < 0 || run_one_by_one(run->db, m, err) < 0)
			return -1;
		run->done->migrations++;
		return 0;
	}
	if (begin(run, err) < 0 || db_sync_exec(run->db, m->text, err) < 0 || record(run->db, m, err) < 0)
		return -1;
	run->waiting++;
	return 0;
}

/* A function may name one that stands further down or in a later file: bodies are looked into when they are called. */
static int run_functions(struct run *run, struct error *err)
{
	if (begin(run, err) < 0 ||
		db_sync_exec(run->db, "SET LOCAL check_function_bodies = off; DELETE FROM padan.schema_functions", err) < 0)
		return -1;
	for (size_t i = 0; i < run->migrations->function_files; i++) {
		const struct migration *file = &run->migrations->functions[i];

		if (db_sync_exec(run->db, file->text, err) < 0 ||
			db_sync_run(run->db, "INSERT INTO padan.schema_functions (name, checksum) VALUES ($1, $2)",
				DB_VALUES(file->name, file->checksum), NULL, err) < 0) {
			error_context(err, file->name, file->name);
			return -1;
		}
	}
	return 0;
}

static int run_missing(struct run *run, void (*tell)(void *arg, const struct migration *next), void *arg, struct error *err)
{
	struct migrate_count missing;

	if (db_sync_exec(run->db, sql_find("migrate_bootstrap"), err) < 0 ||
		migrate_look(run->db, run->migrations, &missing, err) < 0)
		return -1;
	for (size_t i = run->migrations->n - missing.migrations; i < run->migrations->n; i++) {
		const struct migration *m = &run->migrations->all[i];

		if (tell)
			tell(arg, m);
		if (run_numbered(run, m, err) < 0) {
			error_context(err, m->name, m->name);
			return -1;
		}
	}
	if ((missing.migrations || missing.functions) && run->migrations->function_files && run_functions(run, err) < 0)
		return -1;
	if (commit(run, err) < 0)
		return -1;
	run->done->functions = missing.functions;
	return 0;
}

int migrate(struct db_sync *db, const struct migrations *migrations, void (*tell)(void *arg, const struct migration *next),
	void *arg, struct migrate_count *done, struct error *err)
{
	struct run run = {.db = db, .migrations = migrations, .done = done};
	struct error ending = {0};
	int rc;

	*done = (struct migrate_count){0};
	/* The lock waits for another migrate as long as that takes. */
	if (db_sync_exec(db, "SELECT pg_advisory_lock(" LOCK_NUMBER ")", err) < 0)
		return -1;
	rc = run_missing(&run, tell, arg, err);
	/* After a failure the first error is the one to tell: if the connection is gone, so are transaction and lock. */
	if (rc < 0 && run.open && db_sync_exec(db, "ROLLBACK", &ending) < 0)
		return -1;
	if (db_sync_exec(db, "RESET ROLE; SELECT pg_advisory_unlock(" LOCK_NUMBER ")", rc == 0 ? err : &ending) < 0)
		return -1;
	return rc;
}
