/*
 * What the verbs share. See cli_common.h.
 */
#include "daemon/cli/cli_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_fail(const char *verb, enum lang lang, const struct error *err)
{
	fprintf(stderr, "padan %s: %s\n", verb, lang_error(lang, err));
	return error_exit_status(err);
}

int cli_district(struct db_sync *db, const char *code, int *district, struct error *err)
{
	PGresult *result;
	int rc = 0;

	if (db_sync_query(db,
		    "SELECT district, string_agg(code || ' ' || name, ', ') OVER () FROM padan.districts "
		    "WHERE $1::text IS NULL OR code = $1 OR district::text = $1 ORDER BY district",
		    DB_VALUES(code), &result, err) < 0)
		return -1;
	if (PQntuples(result) == 1)
		*district = (int)db_long(result, 0, 0);
	else if (PQntuples(result) > 1)
		rc = error_set(err, ERROR_USAGE, "Basis data memuat beberapa kabupaten (%.300s); pilih dengan --district KODE.",
			"The database holds several districts (%.300s); choose with --district CODE.", db_text(result, 0, 1));
	else if (code)
		rc = error_set(err, ERROR_INPUT, "Kabupaten %.20s tidak ada dalam basis data.",
			"District %.20s is not in the database.", code);
	else
		rc = error_set(err, ERROR_INPUT, "Belum ada kabupaten; jalankan dahulu: padan apply KONFIGURASI.",
			"There is no district yet; first run: padan apply CONFIG.");
	PQclear(result);
	return rc;
}

const char *cli_masked(const char *digits, char buffer[64])
{
	size_t n = strlen(digits);
	bool number = n > 10 && n <= 20; /* what is shorter or longer is no number: nothing of it is shown */
	size_t hidden = number ? n - 10 : n < 20 ? n : 20;
	char *at = buffer;

	if (number)
		at += snprintf(at, 8, "%.6s", digits);
	for (size_t i = 0; i < hidden; i++)
		at += snprintf(at, 4, "•");
	snprintf(at, 8, "%s", number ? digits + n - 4 : "");
	return buffer;
}

int cli_print_json(json_t *value, struct error *err)
{
	int failed = !value || json_dumpf(value, stdout, JSON_INDENT(1) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6)) < 0 || putchar('\n') == EOF ||
		fflush(stdout) != 0;

	json_decref(value);
	if (failed)
		return error_set(err, ERROR_SYSTEM, "Keluaran JSON tidak dapat ditulis.", "The JSON output cannot be written.");
	return 0;
}

json_t *cli_json_text(const PGresult *result, int row, int column)
{
	return db_null(result, row, column) ? json_null() : json_string(db_text(result, row, column));
}
