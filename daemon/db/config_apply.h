/*
 * Brings offices, programmes, references, rules and roles in the database to what a configuration's text says. What the text no longer
 * names is kept, no longer active: flags and lists speak of it. For `padan apply` and the web's settings.
 *
 *	config_apply_init → config_apply_read → (BEGIN) config_apply_write (COMMIT, or ROLLBACK to have only seen) → config_apply_release
 */
#ifndef PADAN_CONFIG_APPLY_H
#define PADAN_CONFIG_APPLY_H

#include "daemon/base/config_faults.h"
#include "daemon/base/district_config.h"
#include "daemon/db/db_sync.h"
#include "matcher/base/arena.h"

#include <jansson.h>

struct config_apply {
	struct db_sync *db;
	struct arena arena;
	struct district_config config;
	const char *text; /* the caller's */
	char district[16];
	json_t *changes;  /* [{thing, code, before, after}] */
	json_t *no_roles; /* offices whose role could not be made */
	long villages, villages_changed;
};

void config_apply_init(struct config_apply *apply, struct db_sync *db);
void config_apply_release(struct config_apply *apply);

/* text must stay until the release. faults may be NULL. */
int config_apply_read(struct config_apply *apply, const char *text, struct config_faults *faults, struct error *err) PADAN_MUST_CHECK;

/* Within a transaction of the caller's. villages: [{village, name, kecamatan}]; NULL: they stay as they are. */
int config_apply_write(struct config_apply *apply, json_t *villages, struct error *err) PADAN_MUST_CHECK;

#endif
