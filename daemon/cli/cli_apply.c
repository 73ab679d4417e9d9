/*
 * `padan apply CONFIG`: brings offices, programmes, references, rules and roles in the database to what the configuration
 * file says, in one transaction, and prints what changed. What the file no longer names is kept, no longer active: flags
 * and lists speak of it.
 */
#include "daemon/base/district_config.h"
#include "daemon/base/text_file.h"
#include "daemon/base/villages.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/db/config_apply.h"
#include "daemon/db/config_json.h"
#include "daemon/ingest/village_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct applying {
	struct db_sync db;
	enum lang lang;
	const char *path; /* of the configuration */
	struct config_apply apply;
	char *text; /* the file as it is */
};

/* From the file, or from the tables inside the program where they cover the district. */
static int read_villages(struct applying *a, const char *path, json_t **ret, struct error *err)
{
	struct village_table table = {0};
	int rc;

	if (path)
		rc = village_file_read(path, a->apply.config.district, &a->apply.arena, &table, err);
	else if (a->apply.config.villages_file.n)
		rc = village_file_of_config(&a->apply.config, a->path, &a->apply.arena, &table, err);
	else
		rc = villages_of_district(a->apply.config.district, &a->apply.arena, &table, err);
	if (rc < 0)
		return -1;
	*ret = apply_json_villages(&table);
	return *ret ? 0 : error_memory(err);
}

static int apply_everything(struct applying *a, const char *villages, bool dry_run, struct error *err)
{
	json_t *table = NULL;
	int rc = read_villages(a, villages, &table, err);

	if (rc == 0 && (db_sync_exec(&a->db, "BEGIN", err) < 0 || config_apply_write(&a->apply, table, err) < 0))
		rc = -1;
	json_decref(table);
	return rc < 0 ? -1 : db_sync_exec(&a->db, dry_run ? "ROLLBACK" : "COMMIT", err);
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

	json_array_foreach(a->apply.changes, i, change)
	{
		json_t *before = json_object_get(change, "before"), *after = json_object_get(change, "after");
		const char *sign = json_is_null(before) ? "+" : json_is_null(after) ? "-" : "~";

		printf("%s %s %s", sign, thing_name(a->lang, json_string_value(json_object_get(change, "thing"))),
			json_string_value(json_object_get(change, "code")));
		if (*sign == '~')
			print_differences(before, after);
		putchar('\n');
	}
	if (a->apply.villages_changed)
		printf(lang_text(a->lang, "Desa: %ld dalam tabel, %ld baru atau berubah.\n",
			       "Villages: %ld in the table, %ld new or changed.\n"), a->apply.villages, a->apply.villages_changed);
	if (json_array_size(a->apply.no_roles)) {
		fputs(lang_text(a->lang, "Peringatan: peran basis data tidak dapat dibuat, sehingga pintu SQL belum ada, untuk dinas",
			      "Warning: database roles could not be made, so that there is no SQL door yet, for the offices"), stderr);
		json_array_foreach(a->apply.no_roles, i, office)
			fprintf(stderr, "%s %s", i ? "," : "", json_string_value(office));
		fputs(lang_text(a->lang, ".\nUntuk membukanya, terapkan sekali sebagai peran yang boleh membuat peran: "
					 "sudo -u postgres padan apply - --db dbname=… < KONFIGURASI\n",
			      ".\nTo open it, apply once as a role that may make roles: sudo -u postgres padan apply - --db dbname=… < CONFIG\n"),
			stderr);
	}
	if (json_array_size(a->apply.changes) == 0 && a->apply.villages_changed == 0)
		puts(lang_text(a->lang, "Tidak ada yang berubah.", "Nothing has changed."));
	else
		printf(lang_text(a->lang, "%s: %zu perubahan.\n", "%s: %zu changes.\n"),
			dry_run ? lang_text(a->lang, "Hanya dicoba, tidak disimpan", "Only tried, not kept")
				: lang_text(a->lang, "Diterapkan", "Applied"), json_array_size(a->apply.changes));
}

static int run(struct applying *a, const char *path, const char *conninfo, const char *villages, bool dry_run,
	struct config_faults *faults, struct error *err)
{
	a->path = path;
	a->text = text_file_read(path, err);
	if (!a->text || config_apply_read(&a->apply, a->text, faults, err) < 0)
		return -1;
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
	struct applying a = {.text = NULL};
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
	config_apply_init(&a.apply, &a.db);
	rc = run(&a, got.operands[0], conninfo, villages, dry_run, &faults, &err);
	if (rc == 0 && json)
		rc = cli_print_json(json_pack("{s:s, s:b, s:O, s:O, s:I}", "district", a.apply.district, "kept", !dry_run, "changes",
					    a.apply.changes, "offices_without_role", a.apply.no_roles, "villages_changed",
					    (json_int_t)a.apply.villages_changed), &err);
	else if (rc == 0)
		print_changes(&a, dry_run);
	if (rc < 0 && faults.total)
		district_config_print_faults(&faults, got.operands[0], got.lang == LANG_EN, stderr);
	db_sync_close(&a.db);
	config_apply_release(&a.apply);
	free(a.text);
	if (rc < 0)
		return faults.total ? error_exit_status(&err) : cli_fail("apply", got.lang, &err);
	return 0;
}
