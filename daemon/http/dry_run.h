/*
 * What a rule would flag in the lists as they stand, and what it flags as it is written now: decided by matcher/flag from the persons and
 * households in the database. Doubtful links are not weighed, so the figures are an estimate; nothing is changed.
 *
 * Blocking, for the pool. Called by api_dry_run.c.
 */
#ifndef PADAN_DRY_RUN_H
#define PADAN_DRY_RUN_H

#include "daemon/base/config_faults.h"
#include "daemon/db/db_sync.h"
#include "matcher/base/arena.h"

#include <jansson.h>
#include <stdint.h>

enum { DRY_RUN_EXAMPLES = 20 };

struct dry_run_count {
	const char *key; /* NULL: none */
	uint64_t village;
	size_t n;
};

struct dry_run {
	/* given */
	const char *district; /* "1505" */
	const char *code;     /* of the rule */
	json_t *values;       /* {key: text}: as the configuration would have it */

	/* found; all in the arena, which the caller releases */
	struct arena arena;
	struct config_faults faults; /* of the configuration with that rule */
	size_t flagged, before, added, gone;
	struct dry_run_count *programmes, *villages; /* of what would be flagged, most first */
	size_t n_programmes, n_villages;
	struct { int64_t list; uint32_t row; } examples[DRY_RUN_EXAMPLES]; /* new ones, if there are any */
	size_t n_examples;
};

/* ERROR_INPUT: the rule makes no sense; faults say why. */
int dry_run_rule(struct dry_run *run, struct db_sync *db, struct error *err) PADAN_MUST_CHECK;

#endif
