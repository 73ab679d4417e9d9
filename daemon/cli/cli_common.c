/*
 * What the verbs share. See cli_common.h.
 */
#include "daemon/cli/cli_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

const char *cli_number(enum lang lang, int64_t number, char *buffer)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%" PRIu64, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
	char *at = buffer;

	if (number < 0)
		*at++ = '-';
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*at++ = lang == LANG_EN ? ',' : '.';
		*at++ = digits[i];
	}
	*at = '\0';
	return buffer;
}

const char *cli_percent(enum lang lang, double share, char *buffer)
{
	int tenths = (int)(share * 1000 + 0.5);

	snprintf(buffer, 32, "%d%c%d%s", tenths / 10, lang == LANG_EN ? '.' : ',', tenths % 10, lang == LANG_EN ? "%" : " %");
	return buffer;
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

char *cli_read_file(const char *path, struct error *err)
{
	enum { MOST = 4 << 20 };
	FILE *file = fopen(path, "rb");
	char *text = malloc(MOST + 1);
	size_t n = file && text ? fread(text, 1, MOST + 1, file) : 0;
	int rc = 0;

	if (!text)
		rc = error_memory(err);
	else if (!file || ferror(file))
		rc = error_set(err, ERROR_INPUT, "%.200s tidak dapat dibaca.", "%.200s cannot be read.", path);
	else if (n > MOST)
		rc = error_set(err, ERROR_INPUT, "%.200s lebih dari 4 MB; apakah ini berkas yang benar?",
			"%.200s is larger than 4 MB; is it the right file?", path);
	if (file)
		fclose(file);
	if (rc < 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void cli_progress_start(struct cli_progress *progress, enum lang lang)
{
	*progress = (struct cli_progress){.terminal = isatty(STDERR_FILENO), .lang = lang, .begun = now()};
}

void cli_progress_rows(struct cli_progress *progress, const char *what, uint64_t done, uint64_t total, double share)
{
	uint64_t t;
	char rows[32], rate[32], of[32], percent[32];
	double seconds;

	if (!progress->terminal)
		return;
	t = now();
	if (t - progress->begun < 1000000000u || t - progress->last < 100000000u)
		return;
	progress->last = t;
	progress->shown = true;
	seconds = (double)(t - progress->begun) / 1e9;
	fprintf(stderr, "\r%s: %s%s%s %s (%s/%s)%s%s\033[K", what, cli_number(progress->lang, (int64_t)done, rows),
		total ? lang_text(progress->lang, " dari ", " of ") : "",
		total ? cli_number(progress->lang, (int64_t)total, of) : "", lang_text(progress->lang, "baris", "rows"),
		cli_number(progress->lang, (int64_t)((double)done / seconds), rate), lang_text(progress->lang, "detik", "s"),
		share > 0 ? " · " : "", share > 0 ? cli_percent(progress->lang, share < 1 ? share : 1, percent) : "");
}

void cli_progress_end(struct cli_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
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
