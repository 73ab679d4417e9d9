/*
 * `padan apply CONFIG`: brings offices, programmes, references, rules and roles in the database to what the configuration
 * file says, in one transaction, and prints what changed. What the file no longer names is kept, no longer active: flags
 * and lists speak of it.
 */
#include "daemon/base/district_config.h"
#include "daemon/base/villages.h"
#include "daemon/cli/apply_json.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/db/sql.h"
#include "daemon/ingest/village_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct applying {
	struct db_sync db;
	enum lang lang;
	const char *path; /* of the configuration */
	struct arena arena;
	struct district_config config;
	char *text; /* the file as it is */
	char district[16];
	json_t *changes;     /* [{thing, code, before, after}] */
	json_t *no_roles;    /* offices whose role could not be made */
	long villages, villages_changed;
};

/* Runs one apply_*.sql and keeps the changes it returns. */
static int apply(struct applying *a, const char *name, int n, const char *const *values, struct error *err)
{
	PGresult *result;

	if (db_sync_query(&a->db, sql_find(name), n, values, &result, err) < 0)
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

static int apply_array(struct applying *a, const char *name, json_t *array, struct error *err)
{
	char *dumped = array ? json_dumps(array, JSON_COMPACT) : NULL;
	int rc = dumped ? apply(a, name, DB_VALUES(a->district, dumped), err) : error_memory(err);

	free(dumped);
	json_decref(array);
	return rc;
}

static int apply_district(struct applying *a, struct error *err)
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
static int apply_settings(struct applying *a, struct error *err)
{
	struct district_config old = {0};
	PGresult *result;
	json_t *before = NULL, *after = NULL;
	char *was = NULL, *is = NULL;
	int rc = 0;

	if (db_sync_query(&a->db, "SELECT config FROM padan.districts WHERE district = $1::integer FOR UPDATE", DB_VALUES(a->district),
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
static int apply_roles(struct applying *a, struct error *err)
{
	PGresult *result;

	if (db_sync_query(&a->db,
		    "SELECT office FROM (SELECT office, active, padan.make_office_role(district, office) AS role "
		    "FROM padan.offices WHERE district = $1::integer ORDER BY office) o WHERE active AND role IS NULL",
		    DB_VALUES(a->district), &result, err) < 0)
		return -1;
	for (int i = 0; i < PQntuples(result); i++)
		json_array_append_new(a->no_roles, json_string(db_text(result, i, 0)));
	PQclear(result);
	return 0;
}

/* From the file, or from the tables inside the program where they cover the district. */
static int read_villages(struct applying *a, const char *path, json_t **ret, struct error *err)
{
	struct village_table table = {0};
	int rc;

	if (path)
		rc = village_file_read(path, a->config.district, &a->arena, &table, err);
	else if (a->config.villages_file.n)
		rc = village_file_of_config(&a->config, a->path, &a->arena, &table, err);
	else
		rc = villages_of_district(a->config.district, &a->arena, &table, err);
	if (rc < 0)
		return -1;
	*ret = apply_json_villages(&table);
	return *ret ? 0 : error_memory(err);
}

static int apply_villages(struct applying *a, const char *path, struct error *err)
{
	json_t *villages = NULL;
	char *dumped = NULL;
	PGresult *result;
	int rc = read_villages(a, path, &villages, err);

	if (rc == 0) {
		dumped = json_dumps(villages, JSON_COMPACT);
		rc = dumped ? db_sync_query(&a->db, sql_find("apply_villages"), DB_VALUES(a->district, dumped), &result, err)
			    : error_memory(err);
	}
	if (rc == 0) {
		a->villages = db_long(result, 0, 0);
		a->villages_changed = db_long(result, 0, 1);
		PQclear(result);
	}
	free(dumped);
	json_decref(villages);
	return rc;
}

/* Other rules may mean other flags: a job decides everything anew where there is something to decide. */
static int enqueue_if_changed(struct applying *a, struct error *err)
{
	if (json_array_size(a->changes) == 0 && a->villages_changed == 0)
		return 0;
	return db_sync_run(&a->db,
		"SELECT padan.enqueue_job($1::integer, 'redecide', NULL) "
		"WHERE EXISTS (SELECT FROM padan.lists WHERE district = $1::integer AND state = 'done')",
		DB_VALUES(a->district), NULL, err);
}

static int apply_everything(struct applying *a, const char *villages, bool dry_run, struct error *err)
{
	if (db_sync_exec(&a->db, "BEGIN", err) < 0 || apply_settings(a, err) < 0 || apply_district(a, err) < 0 ||
		apply_array(a, "apply_offices", apply_json_offices(&a->config), err) < 0 ||
		apply_array(a, "apply_programmes", apply_json_programmes(&a->config), err) < 0 ||
		apply_array(a, "apply_references", apply_json_references(&a->config), err) < 0 ||
		apply_array(a, "apply_rules", apply_json_rules(&a->config), err) < 0 ||
		apply_array(a, "apply_periods", apply_json_periods(&a->config), err) < 0 || apply_roles(a, err) < 0 ||
		apply_villages(a, villages, err) < 0 || enqueue_if_changed(a, err) < 0)
		return -1;
	return db_sync_exec(&a->db, dry_run ? "ROLLBACK" : "COMMIT", err);
}

static const char *thing_name(enum lang lang, const char *thing)
{
	static const char *const names[][3] = {{"district", "kabupaten", "district"}, {"office", "dinas", "office"},
		{"programme", "program", "programme"}, {"reference", "daftar acuan", "reference"}, {"rule", "aturan", "rule"},
		{"period", "periode", "period"}, {"settings", "setelan", "settings"}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i][0], thing) == 0)
			return names[i][lang == LANG_EN ? 2 : 1];
	return thing;
}

/* "severity: "low" → "high"" for each key that differs. */
static void print_differences(const json_t *before, json_t *after)
{
	const char *key, *separator = ": ";
	json_t *value;

	json_object_foreach(after, key, value)
	{
		json_t *old = json_object_get(before, key);
		char *was, *is;

		if (json_equal(old, value))
			continue;
		was = json_dumps(old, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		is = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		printf("%s%s %s → %s", separator, key, was ? was : "?", is ? is : "?");
		separator = "; ";
		free(was);
		free(is);
	}
}

static void print_changes(const struct applying *a, bool dry_run)
{
	size_t i;
	json_t *change, *office;

	json_array_foreach(a->changes, i, change)
	{
		json_t *before = json_object_get(change, "before"), *after = json_object_get(change, "after");
		const char *sign = json_is_null(before) ? "+" : json_is_null(after) ? "-" : "~";

		printf("%s %s %s", sign, thing_name(a->lang, json_string_value(json_object_get(change, "thing"))),
			json_string_value(json_object_get(change, "code")));
		if (*sign == '~')
			print_differences(before, after);
		putchar('\n');
	}
	if (a->villages_changed)
		printf(lang_text(a->lang, "Desa: %ld dalam tabel, %ld baru atau berubah.\n",
			       "Villages: %ld in the table, %ld new or changed.\n"), a->villages, a->villages_changed);
	json_array_foreach(a->no_roles, i, office)
		fprintf(stderr, lang_text(a->lang, "Peringatan: peran basis data untuk dinas %s tidak dapat dibuat; pintu SQL-nya belum ada.\n",
					"Warning: the database role of office %s could not be made; it has no SQL door yet.\n"),
			json_string_value(office));
	if (json_array_size(a->changes) == 0 && a->villages_changed == 0)
		puts(lang_text(a->lang, "Tidak ada yang berubah.", "Nothing has changed."));
	else
		printf(lang_text(a->lang, "%s: %zu perubahan.\n", "%s: %zu changes.\n"),
			dry_run ? lang_text(a->lang, "Hanya dicoba, tidak disimpan", "Only tried, not kept")
				: lang_text(a->lang, "Diterapkan", "Applied"), json_array_size(a->changes));
}

static int run(struct applying *a, const char *path, const char *conninfo, const char *villages, bool dry_run,
	struct config_faults *faults, struct error *err)
{
	a->path = path;
	a->text = cli_read_file(path, err);
	if (!a->text || district_config_parse(str_from(a->text), &a->arena, &a->config, faults, err) < 0)
		return -1;
	snprintf(a->district, sizeof a->district, "%u", a->config.district);
	if (db_sync_open(&a->db, conninfo, err) < 0)
		return -1;
	return apply_everything(a, villages, dry_run, err);
}

int cli_apply(int argc, char **argv)
{
	const char *conninfo = NULL, *villages = NULL;
	bool json = false, dry_run = false, keys = false;
	const struct option_spec options[] = {
		{"keys", OPTION_FLAG, &keys, NULL, "Hanya tampilkan semua bagian dan kunci berkas konfigurasi", "Only show every section and key of a configuration file"},
		{"villages", OPTION_TEXT, &villages, "FILE", "Tabel resmi desa (CSV: kode, desa, kecamatan), bila program ini belum memuatnya",
			"Official table of villages (CSV: code, village, kecamatan), where this program has none"},
		{"dry-run", OPTION_FLAG, &dry_run, NULL, "Hanya tunjukkan perubahannya", "Only show what would change"},
		CLI_JSON_OPTION(json),
		CLI_DB_OPTION(conninfo),
		{0},
	};
	const struct command_spec command = {"apply", "CONFIG",
		"Menerapkan berkas konfigurasi kabupaten (dinas, program, daftar acuan, aturan) ke basis data dan menunjukkan\n"
		"apa yang berubah. Yang tidak lagi disebut tetap tersimpan, tetapi tidak berlaku.",
		"Applies a district's configuration file (offices, programmes, references, rules) to the database and shows\n"
		"what changed. What it no longer names is kept but no longer in force.", options, 0, 1,
		"  padan apply --keys\n  padan apply muaro-jambi.conf --dry-run\n  padan apply muaro-jambi.conf --villages desa.csv"};
	struct options_result got;
	struct config_faults faults = {0};
	struct error err = {0};
	struct applying a = {.changes = NULL};
	int rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	if (keys) {
		district_config_print_reference(got.lang == LANG_EN, stdout);
		return 0;
	}
	if (!got.operand_count) {
		error_set(&err, ERROR_USAGE, "Sebutkan berkas konfigurasinya: padan apply kabupaten.conf",
			"Name the configuration file: padan apply district.conf");
		return cli_fail("apply", got.lang, &err);
	}
	a.lang = got.lang;
	a.changes = json_array();
	a.no_roles = json_array();
	arena_init(&a.arena, 0);
	rc = run(&a, got.operands[0], conninfo, villages, dry_run, &faults, &err);
	if (rc == 0 && json)
		rc = cli_print_json(json_pack("{s:s, s:b, s:O, s:O, s:I}", "district", a.district, "kept", !dry_run, "changes",
					    a.changes, "offices_without_role", a.no_roles, "villages_changed",
					    (json_int_t)a.villages_changed), &err);
	else if (rc == 0)
		print_changes(&a, dry_run);
	if (rc < 0 && faults.total)
		district_config_print_faults(&faults, got.operands[0], got.lang == LANG_EN, stderr);
	db_sync_close(&a.db);
	arena_release(&a.arena);
	json_decref(a.changes);
	json_decref(a.no_roles);
	free(a.text);
	if (rc < 0)
		return faults.total ? error_exit_status(&err) : cli_fail("apply", got.lang, &err);
	return 0;
}
