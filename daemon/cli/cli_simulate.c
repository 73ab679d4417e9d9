/*
 * padan simulate: options, progress, Ctrl-C, and a last word on what to do with the folder. The work is done in
 * daemon/simulate/.
 */
#include "daemon/base/options.h"
#include "daemon/cli/cli.h"
#include "daemon/simulate/simulate.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct meter {
	enum lang lang;
	bool terminal;
	struct timespec begun;
	bool shown;
};

static double seconds_since(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) * 1e-9;
}

/* Signals are blocked while files are made, so that cleaning up needs no handler: they wait here. */
static bool is_interrupted(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting,
		SIGTERM) == 1 || sigismember(&waiting, SIGHUP) == 1);
}

static bool show(void *arg, const char *id, const char *en, unsigned step, unsigned steps)
{
	struct meter *meter = arg;

	if (meter->terminal && seconds_since(&meter->begun) > 1) {
		fprintf(stderr, "\r\033[K%s %3u %%  %s", lang_text(meter->lang, "Menyimulasikan", "Simulating"),
			(step - 1) * 100 / steps, lang_text(meter->lang, id, en));
		fflush(stderr);
		meter->shown = true;
	}
	return is_interrupted();
}

static void say_what_was_written(const struct simulate_options *o, const struct simulate_summary *summary,
	enum lang lang)
{
	printf(lang_text(lang,
		       "%s: %zu orang dalam %zu keluarga; daftar sasaran %zu baris, daftar program %zu baris, "
		       "daftar acuan %zu baris.\n\n"
		       "  district.conf        konfigurasi kabupaten\n"
		       "  lists.csv            berkas mana daftar apa\n"
		       "  truth_entries.csv    orang dan keluarga sebenarnya di tiap baris\n"
		       "  truth_flags.csv      temuan yang benar\n\n"
		       "Periksa dengan:\n",
		       "%s: %zu people in %zu households; target list %zu rows, programme lists %zu rows, "
		       "reference lists %zu rows.\n\n"
		       "  district.conf        the district's configuration\n"
		       "  lists.csv            which file is which list\n"
		       "  truth_entries.csv    the true person and household of each row\n"
		       "  truth_flags.csv      the flags that are right\n\n"
		       "Check it with:\n"),
		o->out, summary->people, summary->households, summary->target_rows, summary->programme_rows,
		summary->reference_rows);
	printf("  cd '%s' && padan check --config district.conf --target target.csv \\\n"
	       "    --list pkh@2024-07=pkh.csv --list bpnt@2024-07=bpnt.xlsx --list blt_dd@2024-07=blt_dd.tsv \\\n"
	       "    --list pbi_jk@2024-07=pbi_jk.txt --list pip@2024-07=pip.csv --list rtlh@2024-07=rtlh.csv \\\n"
	       "    --reference asn=asn.csv --reference meninggal=meninggal.csv --out hasil\n",
		o->out);
}

static const char description_id[] =
	"Menulis kabupaten buatan untuk latihan dan uji coba: daftar sasaran, enam daftar program dalam bentuk yang\n"
	"biasa dikirim dinas (CSV, TSV, XLSX, berbagai judul kolom, pengodean, dan bentuk tanggal), dua daftar\n"
	"acuan (ASN, penduduk meninggal), konfigurasi, dan jawaban benarnya. Tidak ada orang nyata di dalamnya.\n"
	"Pilihan yang sama selalu menghasilkan berkas yang sama.";
static const char description_en[] =
	"Writes a made-up district for training and trials: a target list, six programmes' lists in the layouts that\n"
	"offices send (CSV, TSV, XLSX; various headers, encodings and dates), two reference lists (civil servants,\n"
	"deaths), the configuration, and the true answers beside them. Nobody in it is real.\n"
	"The same options always give the same files.";

int cli_simulate(int argc, char **argv)
{
	struct simulate_options o = {.district = "15.05", .damage = 1};
	long households = 6000, seed = 1, years = 0;
	const struct option_spec options[] = {
		{"out", OPTION_TEXT, &o.out, "DIR", "folder hasil (wajib; dibuat bila belum ada)",
			"output folder (needed; made if absent)", NULL, 0, 0},
		{"households", OPTION_INTEGER, &households, "N",
		"jumlah keluarga di kabupaten, kaya dan miskin; bawaan 6000",
			"households of the district, rich and poor; default 6000", NULL, 1, SIMULATE_HOUSEHOLDS_MAX},
		{"seed", OPTION_INTEGER, &seed, "S", "benih acak; bawaan 1", "random seed; default 1", NULL, 0, 4e18},
		{"damage", OPTION_NUMBER, &o.damage, "D",
			"kesalahan dalam daftar: 0 bersih, 1 lazim (bawaan), 2 dua kali lipat",
			"errors in the lists: 0 clean, 1 usual (default), 2 twice as many", NULL, 0, 8},
		{"years", OPTION_INTEGER, &years, "Y",
			"umur daftar sasaran (tahun): pindah, kartu baru, kematian, kelahiran, nikah; bawaan 0",
			"age of the target list in years: moves, new cards, deaths, births, marriages; default 0", NULL,
			0, SIMULATE_YEARS_MAX},
		{"district", OPTION_TEXT, &o.district, "CODE",
			"kode kabupaten; bawaan 15.05 (Muaro Jambi), selain itu desanya dibuat-buat",
			"district code; default 15.05 (Muaro Jambi), villages of any other are made up", NULL, 0, 0},
		{0},
	};
	const struct command_spec command = {"simulate", "", description_id, description_en, options, 0, 0,
		"  padan simulate --out latihan\n"
		"  padan simulate --out besar --households 60000 --damage 2 --years 2 --seed 7"};
	struct options_result got;
	struct meter meter = {0};
	struct simulate_summary summary;
	struct error err = {0};
	sigset_t held, before;
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!o.out) {
		fputs(lang_text(got.lang, "padan simulate: beri folder hasil dengan --out DIR.\n",
			      "padan simulate: give the output folder with --out DIR.\n"),
			stderr);
		return 2;
	}
	o.households = (size_t)households;
	o.seed = (uint64_t)seed;
	o.years = (int)years;
	meter.lang = got.lang;
	meter.terminal = isatty(STDERR_FILENO) == 1;
	clock_gettime(CLOCK_MONOTONIC, &meter.begun);
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	status = simulate_district(&o, show, &meter, &summary, &err);
	if (meter.shown)
		fputs("\r\033[K", stderr);
	if (status < 0)
		fprintf(stderr, "padan simulate: %s\n", lang_error(got.lang, &err));
	sigprocmask(SIG_SETMASK, &before, NULL); /* a signal that waited ends the program here */
	if (status < 0)
		return error_exit_status(&err);
	say_what_was_written(&o, &summary, got.lang);
	return 0;
}
