/*
 * The database's own versions: migrations/NNNN_name.sql, embedded in the program, run in order, each once.
 *
 * Append-only: a file that has run is never edited, which its SHA-256 in padan.schema_migrations proves; gaps are refused,
 * and so is a database that knows migrations this program does not. One at a time, under an advisory lock: a second
 * `padan migrate` waits and then finds nothing to do. Each file runs in a transaction as the role padan_owner, except one whose
 * first line is "-- no-transaction": its statements, separated by lines "-- next", run one by one and must bear being
 * repeated, since an interruption leaves the file unrecorded.
 */
#ifndef PADAN_MIGRATE_H
#define PADAN_MIGRATE_H

#include "daemon/base/embedded.h"
#include "daemon/db/db_sync.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { MIGRATIONS_MAX = 1000, MIGRATION_CHECKSUM = 65 };

struct migration {
	int number;
	const char *name; /* "0001_districts.sql"; points into the texts */
	const char *text;
	bool transaction;
	char checksum[MIGRATION_CHECKSUM]; /* SHA-256, hexadecimal, NUL-terminated */
};

struct migrations {
	struct migration *all; /* all[i].number is i + 1 */
	size_t n;
};

/* Those among the texts (ended by path NULL; embedded_texts in the programs). Refuses gaps and two of one number. */
int migrations_load(struct migrations *migrations, const struct embedded_text *texts, struct error *err) PADAN_MUST_CHECK;
void migrations_release(struct migrations *migrations);

/* Runs what is missing, telling each name before it runs; *applied receives how many ran. */
int migrate(struct db_sync *db, const struct migrations *migrations, void (*tell)(void *arg, const struct migration *next),
	void *arg, size_t *applied, struct error *err) PADAN_MUST_CHECK;

/*
 * For whoever only wants to know, on any connection: run MIGRATE_APPLIED_SQL (a table that is not there, SQLSTATE 42P01 or
 * 3F000, means that nothing has run) and give the result here. *missing receives how many have not run. -1 if the database and
 * this program contradict each other.
 */
#define MIGRATE_APPLIED_SQL "SELECT number, name, checksum FROM padan.schema_migrations ORDER BY number"
int migrate_missing(const struct migrations *migrations, const PGresult *applied, size_t *missing, struct error *err)
	PADAN_MUST_CHECK;

#endif
