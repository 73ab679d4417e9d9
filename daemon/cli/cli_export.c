/*
 * `padan export`: flags as a workbook for a check at the door, a sheet for each village, or as CSV. What is filled in comes back
 * by `padan import --verification`.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/export/export_rows.h"
#include "daemon/cli/flag_filter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct exporting {
	struct db_sync db;
	enum lang lang;
	bool unmask;
	const char *conninfo, *district_code, *out, *format, *reason, *who;
	struct flag_filter filter;
	struct flag_cases cases;
	char district[16];
};

/* By --format, else by how the file's name ends. */
static bool wants_xlsx(const struct exporting *x)
{
	const char *dot = x->out ? strrchr(x->out, '.') : NULL;

	if (x->format)
		return strcmp(x->format, "xlsx") == 0;
	return dot && strcasecmp(dot, ".xlsx") == 0;
}

static int record(struct exporting *x, struct error *err)
{
	char count[16];

	snprintf(count, sizeof count, "%d", x->cases.n);
	if (db_sync_exec(&x->db, "BEGIN", err) < 0 || db_sync_act_as(&x->db, x->who, err) < 0 ||
		db_sync_run(&x->db, "SELECT padan.record_unmasking($1::integer, 'export', NULL, NULL, NULL, $2::bigint, $3)",
			DB_VALUES(x->district, count, x->reason), NULL, err) < 0)
		return -1;
	return db_sync_exec(&x->db, "COMMIT", err);
}

static int run(struct exporting *x, struct error *err)
{
	const struct export_style style = {x->lang, x->unmask};
	char number[32];
	int district, rc;

	if (x->unmask && !(x->reason && *x->reason))
		return error_set(err, ERROR_USAGE, "--unmask memerlukan --reason \"…\"; permintaan ini dicatat.",
			"--unmask needs --reason \"…\"; it is recorded.");
	if (wants_xlsx(x) && !x->out)
		return error_set(err, ERROR_USAGE, "Buku kerja memerlukan nama berkas: --out temuan.xlsx",
			"A workbook needs a file: --out flags.xlsx");
	if (db_sync_open(&x->db, x->conninfo, err) < 0 || cli_district(&x->db, x->district_code, &district, err) < 0)
		return -1;
	snprintf(x->district, sizeof x->district, "%d", district);
	if (flag_filter_check(&x->filter, &x->db, x->district, err) < 0)
		return -1;
	if (flag_cases_load(&x->cases, &x->db, x->district, &x->filter, 0, 0, err) < 0)
		return -1;
	if (!x->cases.n)
		return error_set(err, ERROR_INPUT, "Tidak ada temuan yang cocok; tidak ada berkas yang ditulis.",
			"No flag matches; no file was written.");
	if (x->unmask && record(x, err) < 0)
		return -1;
	rc = wants_xlsx(x) ? export_xlsx(&x->cases, x->out, &style, err) : export_csv(&x->cases, x->out, &style, err);
	if (rc == 0 && x->out)
		fprintf(stderr, lang_text(x->lang, "%s temuan ditulis ke %s\n", "%s flags written to %s\n"),
			cli_number(x->lang, x->cases.n, number), x->out);
	return rc;
}

int cli_export(int argc, char **argv)
{
	struct exporting x = {.unmask = false};
	struct option_spec options[FLAG_FILTER_OPTIONS + 8];
	const struct option_spec others[] = {
		{"out", OPTION_TEXT, &x.out, "FILE", "Berkas hasil: .xlsx satu lembar per desa, selain itu CSV (tanpa ini: CSV ke layar)",
			"Where to: .xlsx with a sheet per village, else CSV (without it: CSV to standard output)"},
		{"format", OPTION_CHOICE, &x.format, "FORMAT", "csv atau xlsx, bila nama berkas tidak mengatakannya",
			"csv or xlsx, where the file's name does not say", .choices = "csv|xlsx"},
		{"unmask", OPTION_FLAG, &x.unmask, NULL, "Tulis NIK dan tanggal lahir lengkap; dicatat, perlu --reason",
			"Write NIKs and birth dates whole; recorded, needs --reason"},
		{"reason", OPTION_TEXT, &x.reason, "TEXT", "Untuk apa", "What for"},
		{"who", OPTION_TEXT, &x.who, "NAME", "Siapa yang meminta", "Who asks"},
		CLI_DISTRICT_OPTION(x.district_code),
		CLI_DB_OPTION(x.conninfo),
		{0},
	};
	const struct command_spec command = {"export", "",
		"Menulis temuan untuk verifikasi lapangan: buku kerja dengan satu lembar per desa (siapa, apa yang ditanyakan,\n"
		"kotak centang, kolom hasil) atau CSV. Hasilnya dibaca kembali oleh padan import --verification. Tanpa --kind atau\n"
		"--severity, mutu data (DATA_QUALITY) tidak ikut: itu pekerjaan meja.",
		"Writes flags for a check at the door: a workbook with a sheet for each village (who, what to ask, boxes to tick,\n"
		"a column for the result) or CSV. padan import --verification reads the results back. Without --kind or --severity,\n"
		"data quality (DATA_QUALITY) is left out: it is mended at a desk.", options, 0, 0,
		"  padan export --state to_check --out verifikasi.xlsx\n  padan export --village 1505012017 --out muaro-pijoan.xlsx\n"
		"  padan export --kind OVERLAP --out tumpang-tindih.csv"};
	struct options_result got;
	struct error err = {0};
	int rc, status;

	flag_filter_init(&x.filter);
	flag_filter_options(&x.filter, options);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		options[FLAG_FILTER_OPTIONS + i] = others[i];
	status = options_parse_or_exit_status(&command, argc, argv, &got);
	if (status != OPTIONS_GO_ON)
		return status;
	x.lang = got.lang;
	rc = run(&x, &err);
	flag_cases_release(&x.cases);
	db_sync_close(&x.db);
	return rc < 0 ? cli_fail("export", got.lang, &err) : 0;
}
