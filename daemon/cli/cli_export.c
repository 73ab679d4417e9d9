/*
 * `padan export`: flags as a workbook for a check at the door, a sheet for each village, or as CSV. What is filled in comes back
 * by `padan import --verification`.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/cli/flag_filter.h"
#include "daemon/export/export_rows.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct exporting {
	struct cli_verb verb;
	struct cli_unmasking unmasking;
	const char *out, *format;
	struct flag_filter filter;
	struct flag_cases cases;
};

/* By --format, else by how the file's name ends. */
static bool wants_xlsx(const struct exporting *x)
{
	const char *dot = x->out ? strrchr(x->out, '.') : NULL;

	if (x->format)
		return strcmp(x->format, "xlsx") == 0;
	return dot && strcasecmp(dot, ".xlsx") == 0;
}

static int export_flags(struct exporting *x, struct error *err)
{
	const struct export_style style = {x->verb.lang, x->unmasking.wanted};
	char number[32];
	int rc;

	if (cli_unmasking_check(&x->unmasking, err) < 0)
		return -1;
	if (wants_xlsx(x) && !x->out)
		return error_set(err, ERROR_USAGE, "Buku kerja memerlukan nama berkas: --out temuan.xlsx",
			"A workbook needs a file: --out flags.xlsx");
	if (cli_verb_open(&x->verb, err) < 0 || flag_filter_check(&x->filter, &x->verb.db, x->verb.district, err) < 0)
		return -1;
	if (flag_cases_load(&x->cases, &x->verb.db, x->verb.district, &x->filter, 0, 0, err) < 0)
		return -1;
	if (!x->cases.n)
		return error_set(err, ERROR_INPUT, "Tidak ada temuan yang cocok; tidak ada berkas yang ditulis.",
			"No flag matches; no file was written.");
	if (cli_unmasking_record(&x->verb, &x->unmasking, "export", NULL, NULL, NULL, x->cases.n, err) < 0)
		return -1;
	rc = wants_xlsx(x) ? export_xlsx(&x->cases, x->out, &style, err) : export_csv(&x->cases, x->out, &style, err);
	if (rc == 0 && x->out)
		fprintf(stderr, lang_text(x->verb.lang, "%s temuan ditulis ke %s\n", "%s flags written to %s\n"),
			lang_number(x->verb.lang, x->cases.n, number), x->out);
	return rc;
}

static int run(struct cli_verb *verb, struct error *err)
{
	struct exporting *x = (struct exporting *)verb;
	int rc = export_flags(x, err);

	flag_cases_release(&x->cases);
	return rc;
}

int cli_export(int argc, char **argv)
{
	struct exporting x = {.out = NULL};
	struct option_spec options[FLAG_FILTER_OPTIONS + 8];
	const struct option_spec others[] = {
		{"out", OPTION_TEXT, &x.out, "FILE", "Berkas hasil: .xlsx satu lembar per desa, selain itu CSV (tanpa ini: CSV ke layar)",
			"Where to: .xlsx with a sheet per village, else CSV (without it: CSV to standard output)"},
		{"format", OPTION_CHOICE, &x.format, "FORMAT", "csv atau xlsx, bila nama berkas tidak mengatakannya",
			"csv or xlsx, where the file's name does not say", .choices = "csv|xlsx"},
		CLI_UNMASKING_OPTIONS(x.unmasking, "Tulis NIK dan tanggal lahir lengkap", "Write NIKs and birth dates whole"),
		CLI_DISTRICT_OPTION(x.verb.district_code),
		CLI_DB_OPTION(x.verb.conninfo),
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

	flag_filter_init(&x.filter);
	flag_filter_options(&x.filter, options);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		options[FLAG_FILTER_OPTIONS + i] = others[i];
	return cli_verb_run(&command, argc, argv, &x.verb, run);
}
