/*
 * A file from the command line into padan.raw_rows: the same staging as the inbox's, over a blocking connection. For
 * cli_import.c.
 */
#ifndef PADAN_IMPORT_LIST_H
#define PADAN_IMPORT_LIST_H

#include "daemon/cli/cli_common.h"
#include "daemon/db/db_sync.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* What the user says about the file. */
struct import_list {
	const char *path;
	int district;
	const char *kind;    /* "programme", "target", "reference" */
	const char *subject; /* its code; "target" */
	const char *period;
	const char *sender;  /* NULL: the login */
	const char *decree_number, *decree_date; /* target lists; NULL */
	char delimiter;      /* 0: found */
};

struct import_staged {
	long list, job;
	bool duplicate; /* the file is that list already: nothing has changed, job is 0 */
	uint64_t rows, rejected;
};

/* All in one transaction: either the whole list is there and its job waits, or nothing is. */
int import_list(struct db_sync *db, const struct import_list *what, struct cli_progress *progress,
	struct import_staged *ret, struct error *err) PADAN_MUST_CHECK;

/* Writes the rows of a list that were set aside, in the layout of the office, to be mended and sent again. *ret: how many. */
int import_write_rejects(struct db_sync *db, int district, long list, const char *path, uint64_t *ret, struct error *err)
	PADAN_MUST_CHECK;

#endif
