/*
 * A configuration into the tables; see config_apply.h.
 */
#include "daemon/db/config_apply.h"

#include "daemon/db/config_json.h"
#include "daemon/db/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs one apply_*.sql and keeps the changes it returns. */
static int apply(struct config_apply *a, const char *name, int n, const char *const *values, struct error *err)
{
	PGresult *result;

	if (db_sync_query(a->db, sql_find(name), n, values, &result, err) < 0)
		return -1;
	for (int i = 0; i < PQntuples(result); i++) {
		json_t *before = db_null(result, i, 2) ? json_null() : json_loads(db_text(result, i, 2), 0, NULL);
		json_t *after = db_null(result, i, 3) ? json_null() : json_loads(db_text(result, i, 3), 0, NULL);

		json_array_append_new(a->changes, json_pack("{s:s, s:s, s:o, s:o}", "thing", db_text(result, i, 0), "code",
							  db_text(result, i, 1), "before", before, "after", after));
	}
	PQclear(result);
	return 0;
}

static int apply_array(struct config_apply *a, const char *name, json_t *array, struct error *err)
{
	char *dumped = array ? json_dumps(array, JSON_COMPACT) : NULL;
	int rc = dumped ? apply(a, name, DB_VALUES(a->district, dumped), err) : error_memory(err);

	free(dumped);
	json_decref(array);
	return rc;
}

static int apply_district(struct config_apply *a, struct error *err)
{
	const struct ruleset *rules = &a->config.rules;
	const char *office = NULL;
	struct str code = arena_str(&a->arena, rules->district_code), name = arena_str(&a->arena, rules->district_name);

	if (a->config.target_office >= 0)
		office = arena_str(&a->arena, rules->offices[a->config.target_office].code).p;
	return apply(a, "apply_district", DB_VALUES(a->district, code.p, name.p, a->text, office), err);
}

/*
 * Thresholds, alerts and words for columns have no table: they are read from the text that apply_district keeps. What they were
 * is read from the text before; a text that this version can't read any more counts as having said nothing.
 */
static int apply_settings(struct config_apply *a, struct error *err)
{
	struct district_config old = {0};
	PGresult *result;
	json_t *before = NULL, *after = NULL;
	char *was = NULL, *is = NULL;
	int rc = 0;

	if (db_sync_query(a->db, "SELECT config FROM padan.districts WHERE district = $1::integer FOR UPDATE", DB_VALUES(a->district),
		    &result, err) < 0)
		return -1;
	if (PQntuples(result) && district_config_parse(str_from(db_text(result, 0, 0)), &a->arena, &old, NULL, NULL) == 0) {
		before = apply_json_settings(&old);
		after = apply_json_settings(&a->config);
		if (!before || !after)
			rc = error_memory(err);
	}
	PQclear(result);
	if (before && after && !json_equal(before, after)) {
		was = json_dumps(before, JSON_COMPACT | JSON_REAL_PRECISION(6));
		is = json_dumps(after, JSON_COMPACT | JSON_REAL_PRECISION(6));
		rc = was && is ? apply(a, "apply_settings", DB_VALUES(a->district, was, is), err) : error_memory(err);
	}
	free(was);
	free(is);
	json_decref(before);
	json_decref(after);
	return rc;
}

/* Their roles; what could not be made is told, and is no failure: everything but the SQL door works without. */
static int apply_roles(struct config_apply *a, struct error *err)
{
	PGresult *result;

	if (db_sync_query(a->db,
		    "SELECT office FROM (SELECT office, active, padan.make_office_role(district, office) AS role "
		    "FROM padan.offices WHERE district = $1::integer ORDER BY office) o WHERE active AND role IS NULL",
		    DB_VALUES(a->district), &result, err) < 0)
		return -1;
	for (int i = 0; i < PQntuples(result); i++)
		json_array_append_new(a->no_roles, json_string(db_text(result, i, 0)));
	PQclear(result);
	return 0;
}

static int apply_villages(struct config_apply *a, json_t *villages, struct error *err)
{
	char *dumped = json_dumps(villages, JSON_COMPACT);
	PGresult *result;
	int rc = dumped ? db_sync_query(a->db, sql_find("apply_villages"), DB_VALUES(a->district, dumped), &result, err) : error_memory(err);

	if (rc == 0) {
		a->villages = db_long(result, 0, 0);
		a->villages_changed = db_long(result, 0, 1);
		PQclear(result);
	}
	free(dumped);
	return rc;
}

/* Other rules may mean other flags: a job decides everything anew where there is something to decide. */
static int enqueue_if_changed(struct config_apply *a, struct error *err)
{
	if (json_array_size(a->changes) == 0 && a->villages_changed == 0)
		return 0;
	return db_sync_run(a->db,
		"SELECT padan.enqueue_job($1::integer, 'redecide', NULL) "
		"WHERE EXISTS (SELECT FROM padan.lists WHERE district = $1::integer AND state = 'done')",
		DB_VALUES(a->district), NULL, err);
}

void config_apply_init(struct config_apply *apply, struct db_sync *db)
{
	memset(apply, 0, sizeof *apply);
	arena_init(&apply->arena, 0);
	apply->db = db;
	apply->changes = json_array();
	apply->no_roles = json_array();
}

void config_apply_release(struct config_apply *apply)
{
	arena_release(&apply->arena);
	json_decref(apply->changes);
	json_decref(apply->no_roles);
	memset(apply, 0, sizeof *apply);
}

int config_apply_read(struct config_apply *apply, const char *text, struct config_faults *faults, struct error *err)
{
	apply->text = text;
	if (district_config_parse(str_from(text), &apply->arena, &apply->config, faults, err) < 0)
		return -1;
	snprintf(apply->district, sizeof apply->district, "%u", apply->config.district);
	return 0;
}

int config_apply_write(struct config_apply *a, json_t *villages, struct error *err)
{
	return apply_settings(a, err) < 0 || apply_district(a, err) < 0 ||
			apply_array(a, "apply_offices", apply_json_offices(&a->config), err) < 0 ||
			apply_array(a, "apply_programmes", apply_json_programmes(&a->config), err) < 0 ||
			apply_array(a, "apply_references", apply_json_references(&a->config), err) < 0 ||
			apply_array(a, "apply_rules", apply_json_rules(&a->config), err) < 0 ||
			apply_array(a, "apply_periods", apply_json_periods(&a->config), err) < 0 || apply_roles(a, err) < 0 ||
			(villages && apply_villages(a, villages, err) < 0) || enqueue_if_changed(a, err) < 0
		? -1
		: 0;
}
