/*
 * `padan status`: how things stand – daemons and their counters, the queue, lists, flags, alerts.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_result.h"
#include "daemon/db/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_column total_columns[] = {
	{"code", "Kode", "Code", CLI_TEXT},
	{"name", "Kabupaten", "District", CLI_TEXT},
	{"persons", "Orang", "Persons", CLI_NUMBER},
	{"households", "Keluarga", "Households", CLI_NUMBER},
	{"finding", "Temuan", "Findings", CLI_NUMBER},
	{"to_check", "Perlu dicek", "To check", CLI_NUMBER},
	{"provisional", "Sementara", "Provisional", CLI_NUMBER},
	{"alerts_waiting", "Pesan menunggu", "Alerts waiting", CLI_NUMBER},
	{"alerts_dead", "Pesan gagal", "Alerts dead", CLI_NUMBER},
	{0},
};

static const struct cli_column list_columns[] = {
	{"district", "Kabupaten", "District", CLI_DISTRICT},
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_list_kind},
	{"state", "Status", "State", CLI_TEXT, cli_say_list_state},
	{"lists", "Daftar", "Lists", CLI_NUMBER},
	{"rows_read", "Baris", "Rows", CLI_NUMBER},
	{"rows_accepted", "Diterima", "Accepted", CLI_NUMBER},
	{"rows_rejected", "Ditolak", "Rejected", CLI_NUMBER},
	{0},
};

static const struct cli_column job_columns[] = {
	{"district", "Kabupaten", "District", CLI_DISTRICT},
	{"job", "Pekerjaan", "Job", CLI_ID},
	{"kind", "Jenis", "Kind", CLI_TEXT, cli_say_job},
	{"list", "Daftar", "List", CLI_ID},
	{"state", "Status", "State", CLI_TEXT, cli_say_job},
	{"stage", "Tahap", "Stage", CLI_TEXT},
	{"rows_done", "Baris", "Rows", CLI_NUMBER},
	{"rows_total", "dari", "of", CLI_NUMBER},
	{"attempts", "Percobaan", "Attempts", CLI_NUMBER},
	{"age_seconds", "Umur (detik)", "Age (s)", CLI_NUMBER},
	{0},
};

static const struct cli_column daemon_columns[] = {
	{"worker", "padand", "padand", CLI_TEXT},
	{"version", "Versi", "Version", CLI_TEXT},
	{"started_at", "Sejak", "Since", CLI_TIME},
	{"seen_seconds_ago", "Kabar (detik lalu)", "Seen (s ago)", CLI_NUMBER},
	{"alive", "Hidup", "Alive", CLI_TEXT, cli_say_yes},
	{0},
};

enum { TOTALS, DAEMONS, JOBS, LISTS, PARTS };

static const struct part {
	const char *sql, *key, *id, *en, *none_id, *none_en;
	const struct cli_column *columns;
	int params;
} parts[PARTS] = {
	[TOTALS] = {"cli_status_totals", "districts", "Keadaan", "State of things", "Belum ada kabupaten.", "There is no district yet.",
		total_columns, 1},
	[DAEMONS] = {"cli_status_daemons", "daemons", "padand", "padand", "Tidak ada padand yang berjalan; jalankan: padand",
		"No padand is running; start: padand", daemon_columns, 0},
	[JOBS] = {"cli_status_jobs", "jobs", "Antrean", "Queue", "Antrean kosong.", "The queue is empty.", job_columns, 1},
	[LISTS] = {"cli_status_lists", "lists", "Daftar", "Lists", "Belum ada daftar.", "There is no list yet.", list_columns, 1},
};

/* A daemon's counters in words; what has no words here (a newer daemon's) is shown by its name. */
static const struct counter_words {
	const char *name, *id, *en;
	bool seconds;
} counter_words[] = {
	{"lists_done_total", "daftar selesai diperiksa", "lists done"},
	{"rows_read_total", "baris dibaca dari berkas", "rows read from files"},
	{"rows_accepted_total", "baris diterima", "rows accepted"},
	{"rows_rejected_total", "baris ditolak", "rows rejected"},
	{"flags_opened_total", "temuan baru", "flags raised"},
	{"flags_settled_total", "temuan selesai sendiri", "flags resolved by themselves"},
	{"files_taken_total", "berkas kotak masuk diterima", "inbox files taken in"},
	{"files_refused_total", "berkas kotak masuk ditolak", "inbox files refused"},
	{"files_repeated_total", "berkas kotak masuk yang sudah pernah datang", "inbox files that had come before"},
	{"inbox_overflows_total", "kotak masuk dibaca ulang karena peristiwa terlewat", "times the inbox was read again for lost events"},
	{"alerts_sent_total", "pesan terkirim", "alerts sent"},
	{"alerts_retried_total", "pengiriman pesan yang akan diulang", "alert deliveries to be tried again"},
	{"alerts_dead_total", "pesan yang gagal untuk seterusnya", "alerts given up"},
	{"jobs_claimed_total", "pekerjaan diambil", "jobs taken"},
	{"jobs_done_total", "pekerjaan selesai", "jobs done"},
	{"jobs_retried_total", "pekerjaan diulang setelah gagal", "jobs tried again after a failure"},
	{"jobs_failed_total", "pekerjaan gagal", "jobs failed"},
	{"leases_lost_total", "pekerjaan yang diambil alih padand lain", "jobs that went to another padand"},
	{"registers_loaded_total", "register kabupaten dimuat dari basis data", "district registers loaded from the database"},
	{"database_reconnects_total", "sambungan basis data pulih", "times the database came back"},
	{"loop_longest_turn_seconds", "putaran terlama (milidetik)", "longest turn of the loop (ms)", true},
	{"loop_longest_turn_cpu_seconds", "… di antaranya waktu prosesor (milidetik)", "… of it processor time (ms)", true},
	{"loop_late_turns_total", "putaran yang terlambat", "late turns of the loop"},
};

static void print_counter(const char *title, const json_t *value, bool seconds, enum lang lang)
{
	unsigned width = terminal_width_of(title);
	char number[32];

	if (seconds)
		snprintf(number, sizeof number, "%.1f", json_number_value(value) * 1000);
	else
		lang_number(lang, json_integer_value(value), number);
	for (char *p = number; seconds && lang == LANG_ID && *p; p++)
		*p = *p == '.' ? ',' : *p;
	printf("  %s%*s %12s\n", title, (int)(width < 52 ? 52 - width : 0), "", number);
}

static void print_counters(const PGresult *daemons, enum lang lang)
{
	int column = PQfnumber(daemons, "counters");

	for (int r = 0; r < PQntuples(daemons); r++) {
		json_t *counters = json_loads(db_text(daemons, r, column), 0, NULL), *value;
		const char *name;

		if (!counters || json_object_size(counters) == 0) {
			json_decref(counters);
			continue;
		}
		printf(lang_text(lang, "Sejak %s dimulai:\n", "Since %s began:\n"), db_text(daemons, r, PQfnumber(daemons, "worker")));
		for (size_t i = 0; i < sizeof counter_words / sizeof *counter_words; i++) {
			value = json_object_get(counters, counter_words[i].name);
			if (json_is_number(value))
				print_counter(lang_text(lang, counter_words[i].id, counter_words[i].en), value, counter_words[i].seconds, lang);
			json_object_del(counters, counter_words[i].name);
		}
		json_object_foreach(counters, name, value)
		{
			if (json_is_number(value))
				print_counter(name, value, json_is_real(value), lang);
		}
		json_decref(counters);
	}
}

static void print_failures(const PGresult *jobs, enum lang lang)
{
	int why = PQfnumber(jobs, lang_text(lang, "error_id", "error_en"));

	for (int r = 0; r < PQntuples(jobs); r++)
		if (!db_null(jobs, r, why))
			printf(lang_text(lang, "Pekerjaan %s: %s\n", "Job %s: %s\n"), db_text(jobs, r, PQfnumber(jobs, "job")),
				db_text(jobs, r, why));
}

static int print_part(const struct part *part, const PGresult *result, enum lang lang, struct error *err)
{
	bool colours = terminal_has_colours(stdout);

	printf("%s%s%s\n", terminal_style(colours, TABLE_STRONG), lang_text(lang, part->id, part->en),
		terminal_style_end(colours, TABLE_STRONG));
	if (PQntuples(result) == 0)
		puts(lang_text(lang, part->none_id, part->none_en));
	else if (cli_print_table(result, part->columns, lang, err) < 0)
		return -1;
	if (part == &parts[DAEMONS])
		print_counters(result, lang);
	if (part == &parts[JOBS])
		print_failures(result, lang);
	putchar('\n');
	return 0;
}

int cli_status(int argc, char **argv)
{
	const char *conninfo = NULL, *district_code = NULL;
	bool json = false;
	const struct option_spec options[] = {
		CLI_DISTRICT_OPTION(district_code),
		CLI_JSON_OPTION(json),
		CLI_DB_OPTION(conninfo),
		{0},
	};
	const struct command_spec command = {"status", "",
		"Menunjukkan keadaan: padand dan penghitungnya, antrean, daftar, temuan, pesan yang belum terkirim.",
		"Shows how things stand: daemons and their counters, the queue, lists, flags, alerts not yet sent.", options, 0, 0,
		"  padan status\n  padan status --json"};
	struct options_result got;
	struct db_sync db = {0};
	struct error err = {0};
	json_t *all = NULL;
	char district[16] = "";
	int number, rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	rc = db_sync_open(&db, conninfo, &err);
	if (rc == 0 && district_code && (rc = cli_district(&db, district_code, &number, &err)) == 0)
		snprintf(district, sizeof district, "%d", number);
	if (json)
		all = json_object();
	for (int p = 0; rc == 0 && p < PARTS; p++) {
		PGresult *result = NULL;

		rc = parts[p].params ? db_sync_query(&db, sql_find(parts[p].sql), DB_VALUES(*district ? district : NULL), &result, &err)
				     : db_sync_query(&db, sql_find(parts[p].sql), 0, NULL, &result, &err);
		if (rc == 0 && json)
			json_object_set_new(all, parts[p].key, cli_json_rows(result));
		else if (rc == 0)
			rc = print_part(&parts[p], result, got.lang, &err);
		PQclear(result);
	}
	if (rc == 0 && json)
		rc = cli_print_json(json_incref(all), &err);
	json_decref(all);
	db_sync_close(&db);
	return rc < 0 ? cli_fail("status", got.lang, &err) : 0;
}
