/*
 * A file into padan.raw_rows over a blocking connection: the same staging as the inbox's. For the command line (cli_import.c) and, in
 * the pool, for what was sent through the web (daemon/http/api_uploads.c).
 */
#ifndef PADAN_LIST_IMPORT_H
#define PADAN_LIST_IMPORT_H

#include "daemon/db/db_sync.h"
#include "matcher/base/error.h"
#include "matcher/normalise/column_role.h"

#include <stdbool.h>
#include <stdint.h>

/* What the user says about the file. */
struct import_list {
	const char *path;
	const char *name;    /* what it is called; NULL: the last part of the path */
	const char *door;    /* "cli", "web" */
	const char *office;  /* that sends it and must be the one answerable; NULL: an administrator */
	int district;
	const char *kind;    /* "programme", "target", "reference" */
	const char *subject; /* its code; "target" */
	const char *period;
	const char *sender;  /* NULL: the login */
	const char *decree_number, *decree_date; /* target lists; NULL */
	char delimiter;      /* 0: found */
	/* What somebody said about columns, before the program's own understanding; by number from 0, COLUMN_ROLES: nothing. May be NULL. */
	const enum column_role *chosen;
	size_t n_chosen;
	void (*progress)(void *arg, uint64_t rows, double share); /* may be NULL */
	void *progress_arg;
};

struct import_staged {
	long list, job;
	bool duplicate; /* the file is that list already: nothing has changed, job is 0 */
	uint64_t rows, rejected;
};

/* All in one transaction: either the whole list is there and its job waits, or nothing is. */
int import_list(struct db_sync *db, const struct import_list *what, struct import_staged *ret, struct error *err) PADAN_MUST_CHECK;

/* Writes the rows of a list that were set aside, in the layout of the office, to be mended and sent again. *ret: how many. */
int import_write_rejects(struct db_sync *db, int district, long list, const char *path, uint64_t *ret, struct error *err)
	PADAN_MUST_CHECK;

struct arena;
struct list_stage_options;

/*
 * The columns that somebody chose, put over what the program would take the file's header for, as if this office had sent that header
 * before: options->remembered. Opens the file to read its header.
 */
int import_choose_columns(const struct import_list *what, struct arena *arena, struct list_stage_options *options, struct error *err)
	PADAN_MUST_CHECK;

#endif
