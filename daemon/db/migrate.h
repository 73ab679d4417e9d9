/*
 * The database's own versions, embedded in the program.
 *
 * migrations/NNNN_name.sql: tables, and what is done to them; run in order, each once. Append-only: a file that has run is never
 * edited, which its SHA-256 in padan.schema_migrations proves; gaps are refused, and so is a database that knows migrations this
 * program does not. All that are missing run in one transaction as the role padan_owner, so that the database is of one version or
 * of the next; but a file whose first line is "-- no-transaction" ends that transaction and runs its statements, separated by lines
 * "-- next", one by one: they must bear being repeated, since an interruption leaves the file unrecorded.
 *
 * migrations/functions/NAME.sql: every function and view as it is now (docs/DATABASE.md says how they are written). Edited in place
 * and applied again, all of them, whenever the database was given other ones or a numbered migration ran: after the numbered ones,
 * in their transaction. padan.schema_functions remembers each file's SHA-256. They have no order of versions: of two programs whose
 * functions differ and whose numbered migrations do not, the one that migrated last has its own in place, and the other says so.
 *
 * One at a time, under an advisory lock: a second `padan migrate` waits and then finds nothing to do.
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
	int number;       /* 0: a file of functions */
	const char *name; /* "0001_districts.sql", "lists.sql"; points into the texts */
	const char *text;
	bool transaction;
	char checksum[MIGRATION_CHECKSUM]; /* SHA-256, hexadecimal, NUL-terminated */
};

struct migrations {
	struct migration *all; /* all[i].number is i + 1 */
	size_t n;
	struct migration *functions; /* by name */
	size_t function_files;
};

/* Those among the texts (ended by path NULL; embedded_texts in the programs). Refuses gaps and two of one number. */
int migrations_load(struct migrations *migrations, const struct embedded_text *texts, struct error *err) PADAN_MUST_CHECK;
void migrations_release(struct migrations *migrations);

/* How far a database is from this program, or what `migrate` has done about it. */
struct migrate_count {
	size_t migrations; /* numbered ones */
	size_t functions;  /* files of functions whose text is another in the database, or in one of the two alone */
};

/*
 * Brings the database here, telling the name of each numbered migration before it runs. *done receives what is in place now, also
 * where a later one failed; .functions: how many files differed.
 */
int migrate(struct db_sync *db, const struct migrations *migrations, void (*tell)(void *arg, const struct migration *next),
	void *arg, struct migrate_count *done, struct error *err) PADAN_MUST_CHECK;

/* What `migrate` would do, without changing anything. -1 also if the database and this program contradict each other. */
int migrate_look(struct db_sync *db, const struct migrations *migrations, struct migrate_count *missing, struct error *err)
	PADAN_MUST_CHECK;

/*
 * The same on any connection: run MIGRATE_RECORD_SQL (a table that is not there, SQLSTATE 42P01 or 3F000, means that nothing has
 * run, or nothing that knows of functions) and give the result here.
 */
#define MIGRATE_RECORD_SQL \
	"SELECT number, name, checksum FROM padan.schema_migrations " \
	"UNION ALL SELECT 0, name, checksum FROM padan.schema_functions ORDER BY 1, 2"
int migrate_missing(const struct migrations *migrations, const PGresult *record, struct migrate_count *missing, struct error *err)
	PADAN_MUST_CHECK;

#endif
