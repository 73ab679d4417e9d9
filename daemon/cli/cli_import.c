/*
 * `padan import`: the command line's door. Stages a file, waits for the daemon and says what came of it; or reads back a
 * check at the door (--verification).
 */
#include "daemon/base/progress.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_result.h"
#include "daemon/ingest/list_import.h"
#include "daemon/cli/import_verification.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NOBODY_AFTER = 5000, POLL = 200 }; /* ms */

struct importing {
	struct db_sync db;
	enum lang lang;
	bool json, no_wait, target, verification;
	const char *conninfo, *programme, *reference, *period, *district_code, *sender, *decree_number, *decree_date, *rejects;
	const char *delimiter;
	struct import_list what;
	struct import_staged staged;
	struct progress progress;
	char district[16], list[24], job[24];
};

static int check_options(struct importing *i, struct error *err)
{
	int kinds = (i->programme != NULL) + (i->reference != NULL) + i->target + i->verification;

	if (kinds != 1)
		return error_set(err, ERROR_USAGE,
			"Sebutkan satu saja: --programme KODE, --reference KODE, --target, atau --verification.",
			"Say exactly one of: --programme CODE, --reference CODE, --target, --verification.");
	if (!i->verification && !i->period)
		return error_set(err, ERROR_USAGE, "Sebutkan periodenya: --period 2024-07 (atau 2024).",
			"Say the period: --period 2024-07 (or 2024).");
	if (!i->target && (i->decree_number || i->decree_date))
		return error_set(err, ERROR_USAGE, "--decree dan --decree-date hanya untuk daftar sasaran (--target).",
			"--decree and --decree-date are for the target list alone (--target).");
	if (i->delimiter && strlen(i->delimiter) != 1 && strcmp(i->delimiter, "tab") != 0)
		return error_set(err, ERROR_USAGE, "--delimiter adalah satu huruf, atau kata tab.",
			"--delimiter is one character, or the word tab.");
	return 0;
}

static void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* The state of the job; with nobody alive to do it, *nobody. */
static int look_at_job(struct importing *i, char state[16], bool *nobody, struct error *err)
{
	PGresult *result;

	if (db_sync_query(&i->db,
		    "SELECT j.state, coalesce(j.stage, ''), j.rows_done, coalesce(j.rows_total, 0), j.state = 'ready' AND NOT EXISTS "
		    "(SELECT FROM padan.daemons WHERE seen_at > clock_timestamp() - interval '60 s') AND NOT EXISTS "
		    "(SELECT FROM padan.jobs r WHERE r.state = 'running' AND r.lease_until > clock_timestamp()) "
		    "FROM padan.jobs j WHERE j.district = $1::integer AND j.job = $2::bigint",
		    DB_VALUES(i->district, i->job), &result, err) < 0)
		return -1;
	snprintf(state, 16, "%s", PQntuples(result) ? db_text(result, 0, 0) : "cancelled");
	*nobody = PQntuples(result) && db_bool(result, 0, 4);
	if (strcmp(state, "running") == 0) {
		long done = db_long(result, 0, 2), total = db_long(result, 0, 3);
		char what[64];

		snprintf(what, sizeof what, "%s %.32s", lang_text(i->lang, "Memeriksa:", "Working:"), db_text(result, 0, 1));
		progress_rows(&i->progress, what, (uint64_t)done, (uint64_t)total,
			total ? (double)done / (double)total : 0);
	}
	PQclear(result);
	return 0;
}

/* Until the job has ended; *ended false: nobody is there to do it. */
static int wait_for_job(struct importing *i, bool *ended, struct error *err)
{
	char state[16];
	bool nobody;
	long alone = 0;

	*ended = false;
	progress_start(&i->progress, i->lang);
	for (;;) {
		if (look_at_job(i, state, &nobody, err) < 0)
			return -1;
		if (strcmp(state, "ready") != 0 && strcmp(state, "running") != 0) {
			*ended = true;
			break;
		}
		alone = nobody ? alone + POLL : 0;
		if (alone >= NOBODY_AFTER)
			break;
		sleep_ms(POLL);
	}
	progress_end(&i->progress);
	return 0;
}

static const char list_sql[] =
	"SELECT state, coalesce(rows_read, 0), coalesce(rows_accepted, 0), coalesce(rows_rejected, 0), refused_id, refused_en "
	"FROM padan.lists WHERE district = $1::integer AND list = $2::bigint";
/* In cells, as triggers count flags for the pages: it costs what the list showed, not all flags. */
static const char flags_sql[] =
	"SELECT kind, coalesce(sum(n) FILTER (WHERE state = 'finding'), 0), coalesce(sum(n) FILTER (WHERE state = 'to_check'), 0), "
	"coalesce(sum(n) FILTER (WHERE state = 'provisional'), 0) FROM padan.web_flag_counts "
	"WHERE district = $1::integer AND found_list = $2::bigint AND status <> 'resolved' GROUP BY kind HAVING sum(n) > 0 ORDER BY kind";

static const char villages_sql[] =
	"SELECT count(*) FILTER (WHERE note LIKE 'village\\_unknown:%'), count(*) FILTER (WHERE note LIKE 'village\\_bps:%') "
	"FROM padan.entries, unnest(notes) AS n (note) WHERE district = $1::integer AND list = $2::bigint";

static json_t *flags_json(const PGresult *flags)
{
	json_t *all = json_array();

	for (int r = 0; r < PQntuples(flags); r++)
		json_array_append_new(all, json_pack("{s:s, s:I, s:I, s:I}", "kind", db_text(flags, r, 0), "finding",
						   (json_int_t)db_long(flags, r, 1), "to_check", (json_int_t)db_long(flags, r, 2),
						   "provisional", (json_int_t)db_long(flags, r, 3)));
	return all;
}

static void print_flags(const struct importing *i, const PGresult *flags)
{
	enum table_style style = TABLE_PLAIN;

	for (int r = 0; r < PQntuples(flags); r++)
		printf(lang_text(i->lang, "  %-28s temuan %ld, perlu dicek %ld, sementara %ld\n",
			       "  %-28s findings %ld, to check %ld, provisional %ld\n"),
			cli_say_flag_kind(db_text(flags, r, 0), i->lang, &style), db_long(flags, r, 1), db_long(flags, r, 2),
			db_long(flags, r, 3));
	if (PQntuples(flags))
		printf(lang_text(i->lang, "Lihat: padan flags --list %s\n", "See: padan flags --list %s\n"), i->list);
}

/* Rows whose flags will have no village, and what would give them one. */
static void print_villages(const struct importing *i, const PGresult *villages)
{
	long unknown = db_long(villages, 0, 0), bps = db_long(villages, 0, 1);
	char n[32];

	if (unknown)
		printf(lang_text(i->lang, "Desa pada %s baris tidak ada dalam tabel desa: periksa ejaannya, atau kirim kode Kemendagri.\n",
			       "The village of %s rows is not in the table: check the spelling, or send Kemendagri codes.\n"),
			lang_number(i->lang, unknown, n));
	if (bps)
		printf(lang_text(i->lang, "Desa pada %s baris hanya ditulis dengan kode BPS: kirim nama desa dan kecamatan, atau kode Kemendagri.\n",
			       "The village of %s rows is told by a code of BPS alone: send the names of village and kecamatan, or "
			       "Kemendagri codes.\n"), lang_number(i->lang, bps, n));
}

/* What became of the list. Refused: ERROR_INPUT with the daemon's reason. */
static int report(struct importing *i, bool ended, struct error *err)
{
	PGresult *list, *flags = NULL, *villages = NULL;
	char read[32], accepted[32], rejected[32];
	const char *state;
	int rc = 0;

	if (db_sync_query(&i->db, list_sql, DB_VALUES(i->district, i->list), &list, err) < 0)
		return -1;
	if (db_sync_query(&i->db, flags_sql, DB_VALUES(i->district, i->list), &flags, err) < 0 ||
		db_sync_query(&i->db, villages_sql, DB_VALUES(i->district, i->list), &villages, err) < 0) {
		rc = -1;
		goto out;
	}
	state = db_text(list, 0, 0);
	if (strcmp(state, "refused") == 0) {
		rc = error_set(err, ERROR_INPUT, "Daftar %s ditolak: %.400s", "List %s was refused: see the reason in Indonesian: %.300s",
			i->list, db_text(list, 0, 4));
		snprintf(err->en, sizeof err->en, "List %s was refused: %.400s", i->list, db_text(list, 0, 5));
	} else if (i->json) {
		rc = cli_print_json(json_pack("{s:I, s:b, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:o}", "list", (json_int_t)i->staged.list,
					    "duplicate", i->staged.duplicate, "state", state, "finished", ended, "rows_read",
					    (json_int_t)db_long(list, 0, 1), "rows_accepted", (json_int_t)db_long(list, 0, 2),
					    "rows_rejected", (json_int_t)db_long(list, 0, 3), "village_unknown", (json_int_t)db_long(villages, 0, 0),
					    "village_bps", (json_int_t)db_long(villages, 0, 1), "flags", flags_json(flags)), err);
	} else if (ended) {
		printf(lang_text(i->lang, "Selesai: daftar %s, %s baris dibaca, %s diterima, %s ditolak.\n",
			       "Done: list %s, %s rows read, %s accepted, %s rejected.\n"), i->list,
			lang_number(i->lang, db_long(list, 0, 1), read), lang_number(i->lang, db_long(list, 0, 2), accepted),
			lang_number(i->lang, db_long(list, 0, 3), rejected));
		print_flags(i, flags);
		print_villages(i, villages);
	}
out:
	PQclear(list);
	PQclear(flags);
	PQclear(villages);
	return rc;
}

static int write_rejects(struct importing *i, struct error *err)
{
	uint64_t n = 0;

	if (!i->rejects)
		return 0;
	if (import_write_rejects(&i->db, i->what.district, i->staged.list, i->rejects, &n, err) < 0)
		return -1;
	if (n)
		fprintf(stderr, lang_text(i->lang, "%" PRIu64 " baris yang ditolak ada di %s; perbaiki di sana tanpa mengubah kolomnya, lalu kirim: ia melengkapi daftar ini.\n",
					"%" PRIu64 " rejected rows are in %s; mend them there, leaving the columns alone, and send the file: it completes this list.\n"), n, i->rejects);
	return 0;
}

static void show_progress(void *arg, uint64_t rows, double share)
{
	struct progress *progress = arg;

	progress_rows(progress, lang_text(progress->lang, "Membaca", "Reading"), rows, 0, share);
}

static int import_one(struct importing *i, const char *path, struct error *err)
{
	char rows[32];
	bool ended = false;
	int rc;

	i->what.path = path;
	i->what.kind = i->target ? "target" : i->programme ? "programme" : "reference";
	i->what.subject = i->target ? "target" : i->programme ? i->programme : i->reference;
	i->what.period = i->period;
	i->what.sender = i->sender;
	i->what.decree_number = i->decree_number;
	i->what.decree_date = i->decree_date;
	i->what.delimiter = i->delimiter ? strcmp(i->delimiter, "tab") == 0 ? '\t' : *i->delimiter : 0;
	i->what.door = "cli";
	i->what.progress = show_progress;
	i->what.progress_arg = &i->progress;
	progress_start(&i->progress, i->lang);
	rc = import_list(&i->db, &i->what, &i->staged, err);
	progress_end(&i->progress);
	if (rc < 0)
		return -1;
	snprintf(i->list, sizeof i->list, "%ld", i->staged.list);
	snprintf(i->job, sizeof i->job, "%ld", i->staged.job);
	if (i->staged.duplicate) {
		fprintf(stderr, lang_text(i->lang, "Berkas ini sudah diterima sebagai daftar %s; tidak ada yang berubah.\n",
					"This file has been received as list %s already; nothing has changed.\n"), i->list);
		return i->json ? report(i, false, err) : 0;
	}
	if (!i->json)
		printf(lang_text(i->lang, "Diterima sebagai daftar %s: %s baris.\n", "Received as list %s: %s rows.\n"), i->list,
			lang_number(i->lang, (int64_t)i->staged.rows, rows));
	if (!i->no_wait && (fflush(stdout) != 0 || wait_for_job(i, &ended, err) < 0))
		return -1;
	if (!i->no_wait && !ended)
		fputs(lang_text(i->lang, "Daftar tersimpan dan menunggu, tetapi tidak ada padand yang berjalan; jalankan: padand\n",
			      "The list is stored and waits, but no padand is running; start: padand\n"), stderr);
	if (report(i, ended, err) < 0)
		return -1;
	return write_rejects(i, err);
}

static int import_results(struct importing *i, const char *path, struct error *err)
{
	struct verification v;
	json_t *problem;
	size_t n;
	int rc = import_verification(&i->db, i->what.district, path, i->sender, &v, err);

	if (rc == 0 && i->json) {
		rc = cli_print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:O}", "rows", (json_int_t)v.rows, "confirmed",
					    (json_int_t)v.confirmed, "dismissed", (json_int_t)v.dismissed, "unchanged",
					    (json_int_t)v.unchanged, "empty", (json_int_t)v.empty, "problems", v.problems), err);
	} else if (rc == 0) {
		printf(lang_text(i->lang, "%" PRIu64 " temuan dibaca: %" PRIu64 " benar, %" PRIu64 " salah, %" PRIu64
				       " sudah tercatat, %" PRIu64 " belum diisi.\n",
			       "%" PRIu64 " flags read: %" PRIu64 " right, %" PRIu64 " wrong, %" PRIu64 " recorded already, %" PRIu64
			       " not filled in yet.\n"), v.rows, v.confirmed, v.dismissed, v.unchanged, v.empty);
		json_array_foreach(v.problems, n, problem)
			fprintf(stderr, "%s%s%s %" JSON_INTEGER_FORMAT ": %s\n", json_string_value(json_object_get(problem, "sheet")),
				*json_string_value(json_object_get(problem, "sheet")) ? ", " : "",
				lang_text(i->lang, "baris", "line"), json_integer_value(json_object_get(problem, "line")),
				json_string_value(json_object_get(problem, lang_text(i->lang, "id", "en"))));
	}
	json_decref(v.problems);
	return rc;
}

int cli_import(int argc, char **argv)
{
	struct importing i = {.lang = LANG_ID};
	const struct option_spec options[] = {
		{"programme", OPTION_TEXT, &i.programme, "CODE", "Daftar penerima program ini", "Recipients of this programme"},
		{"target", OPTION_FLAG, &i.target, NULL, "Daftar sasaran", "The target list"},
		{"reference", OPTION_TEXT, &i.reference, "CODE", "Daftar acuan (kematian, ASN, …)", "A reference list (deaths, civil servants, …)"},
		{"period", OPTION_TEXT, &i.period, "PERIOD", "Periode: 2024-07 atau 2024", "Period: 2024-07 or 2024"},
		{"decree", OPTION_TEXT, &i.decree_number, "NUMBER", "Nomor SK daftar sasaran", "Number of the target list's decree"},
		{"decree-date", OPTION_TEXT, &i.decree_date, "YYYY-MM-DD", "Tanggal SK", "Date of the decree"},
		{"verification", OPTION_FLAG, &i.verification, NULL, "Hasil verifikasi lapangan pada berkas dari padan export",
			"Results of a check at the door, in a file that padan export wrote"},
		{"sender", OPTION_TEXT, &i.sender, "NAME", "Siapa yang mengirim (tanpa ini: nama masuk basis data)",
			"Who sends it (without it: the database login)"},
		{"delimiter", OPTION_TEXT, &i.delimiter, "C", "Pemisah kolom CSV, atau tab; tanpa ini dikenali sendiri",
			"Delimiter of the CSV, or tab; found by itself without it"},
		{"rejects", OPTION_TEXT, &i.rejects, "FILE", "Tulis baris yang ditolak ke sini, untuk diperbaiki",
			"Write rejected rows here, to be mended"},
		{"no-wait", OPTION_FLAG, &i.no_wait, NULL, "Jangan menunggu pemeriksaan selesai", "Don't wait for the daemon"},
		CLI_DISTRICT_OPTION(i.district_code),
		CLI_JSON_OPTION(i.json),
		CLI_DB_OPTION(i.conninfo),
		{0},
	};
	const struct command_spec command = {"import", "FILE",
		"Memasukkan satu berkas (CSV atau XLSX) dan menunggu sampai selesai diperiksa oleh padand. Berkas yang sama\n"
		"boleh dikirim lagi: tidak ada yang berubah.",
		"Takes in a file (CSV or XLSX) and waits until padand has worked on it. Sending the same file again changes\n"
		"nothing.", options, 1, 1,
		"  padan import --target --period 2024 --decree 400/2024 sasaran.xlsx\n"
		"  padan import --programme pkh --period 2024-07 pkh-juli.csv --rejects ditolak.csv\n"
		"  padan import --verification hasil-desa.xlsx"};
	struct options_result got;
	struct error err = {0};
	int rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	i.lang = got.lang;
	rc = check_options(&i, &err);
	if (rc == 0)
		rc = db_sync_open(&i.db, i.conninfo, &err);
	if (rc == 0)
		rc = cli_district(&i.db, i.district_code, &i.what.district, &err);
	snprintf(i.district, sizeof i.district, "%d", i.what.district);
	if (rc == 0)
		rc = i.verification ? import_results(&i, got.operands[0], &err) : import_one(&i, got.operands[0], &err);
	db_sync_close(&i.db);
	return rc < 0 ? cli_fail("import", got.lang, &err) : 0;
}
