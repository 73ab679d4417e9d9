/*
 * padan check: the whole job on files, no database: a target list, the programmes' lists and reference lists in; persons,
 * households and flags out.
 */
#include "daemon/base/options.h"
#include "daemon/base/progress.h"
#include "daemon/base/thread_pool.h"
#include "daemon/check/check_explain.h"
#include "daemon/check/check_list.h"
#include "daemon/check/check_report.h"
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_interrupt.h"
#include "daemon/ingest/village_file.h"
#include "daemon/link/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LISTS_MAX = 2 * OPTION_LIST_MAX + 1, TRAIN_FROM_ENTRIES = 2000 };

struct check {
	/* options */
	const char *config_path, *target, *target_period, *out, *model_path, *save_model;
	struct option_list programmes, references, explain;
	long threads;
	/* the work */
	enum lang lang;
	struct arena arena;
	struct district_config config;
	struct village_table villages;
	struct check_list *lists;
	size_t n_lists;
	struct district *district;
	struct thread_pool *pool;
	struct check_report report;
	struct fs_model *model;           /* of --model */
	struct file_writer *model_output; /* of --save-model */
	struct cli_interrupt interrupt;
	struct check_seconds seconds;
	struct progress progress;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint32_t today(void)
{
	time_t seconds = time(NULL);
	struct tm day;

	localtime_r(&seconds, &day);
	return (uint32_t)((day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday);
}

static int read_config(struct check *check, struct error *err)
{
	struct config_faults faults = {0};

	if (district_config_read(check->config_path, &check->arena, &check->config, &faults, err) == 0)
		return 0;
	if (faults.n > 1)
		district_config_print_faults(&faults, check->config_path, check->lang == LANG_EN, stderr);
	return -1;
}

/* Lists of one programme and period can't both be meant; an older one is named with its period. */
static int name_lists(struct check *check, struct error *err)
{
	for (size_t i = 0; i < check->n_lists; i++) {
		struct check_list *a = &check->lists[i];

		for (size_t j = 0; j < check->n_lists; j++) {
			const struct check_list *b = &check->lists[j];

			if (i == j || a->kind != b->kind || a->subject != b->subject)
				continue;
			if (a->day == b->day)
				return error_set(err, ERROR_USAGE, "%s: dua daftar untuk periode yang sama.", "%s: two lists for one period.",
					a->code);
			if (a->kind == LIST_REFERENCE || a->day < b->day)
				snprintf(a->label, sizeof(a->label), "%.60s@%s", a->code, a->period);
		}
	}
	return 0;
}

static int parse_lists(struct check *check, struct error *err)
{
	uint32_t day = today();
	struct check_list *target;

	check->lists = calloc(LISTS_MAX, sizeof(*check->lists));
	if (!check->lists)
		return error_memory(err);
	target = &check->lists[check->n_lists++];
	*target = (struct check_list){.kind = LIST_TARGET, .subject = -1, .path = check->target, .code = "target",
		.label = "target", .day = day};
	if (check->target_period) {
		target->day = check_period_day(check->target_period);
		if (!target->day)
			return error_set(err, ERROR_USAGE, "--target-period harus berbentuk TTTT atau TTTT-BB, misalnya 2024-07.",
				"--target-period is written YYYY or YYYY-MM, like 2024-07.");
		snprintf(target->period, sizeof(target->period), "%s", check->target_period);
	}
	for (size_t i = 0; i < check->programmes.count; i++)
		if (check_list_parse(&check->config, LIST_PROGRAMME, check->programmes.items[i], day,
			    &check->lists[check->n_lists++], err) < 0)
			return -1;
	for (size_t i = 0; i < check->references.count; i++)
		if (check_list_parse(&check->config, LIST_REFERENCE, check->references.items[i], day,
			    &check->lists[check->n_lists++], err) < 0)
			return -1;
	return name_lists(check, err);
}

/* The official villages, or those that the lists themselves write. */
static int find_villages(struct check *check, struct error *err)
{
	struct village_learner *learner;
	int result = 0;

	if (check->config.villages_file.n)
		return village_file_of_config(&check->config, check->config_path, &check->arena, &check->villages, err);
	if (villages_of_district(check->config.district, &check->arena, &check->villages, err) < 0)
		return -1;
	if (check->villages.n)
		return 0;
	learner = village_learner_new(check->config.district);
	if (!learner)
		return error_memory(err);
	for (size_t i = 0; i < check->n_lists && result == 0; i++)
		result = check_list_learn_villages(&check->config, &check->lists[i], learner, err);
	if (result == 0)
		result = village_learner_table(learner, &check->arena, &check->villages, err);
	village_learner_free(learner);
	return result;
}

static int show_reading(void *arg, const struct check_list *list, double share)
{
	struct check *check = arg;
	char what[160];

	snprintf(what, sizeof(what), lang_text(check->lang, "Membaca %s", "Reading %s"), list->label);
	progress_rows(&check->progress, what, list->rows, 0, share);
	return 0;
}

static int show_stage(void *arg, const char *stage, double fraction)
{
	static const char *const words[][3] = {
		{"index", "Mengindeks", "Indexing"},
		{"train", "Mempelajari", "Training"},
		{"score", "Membandingkan", "Comparing"},
		{"cluster", "Mengelompokkan", "Clustering"},
		{"household", "Menyusun keluarga", "Settling households"},
	};
	struct check *check = arg;
	const char *what = stage;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(stage, words[i][0]) == 0)
			what = lang_text(check->lang, words[i][1], words[i][2]);
	progress_rows(&check->progress, what, 0, 0, fraction);
	return 0;
}

static int read_lists(struct check *check, struct error *err)
{
	struct linker_options thresholds = {.threshold = check->config.link_threshold,
		.doubtful_from = check->config.doubtful_from};
	struct check_reading reading = {.config = &check->config, .villages = &check->villages,
		.parallel = thread_pool_parallel(check->pool), .rejects = check->report.rejects, .lang = check->lang,
		.progress = show_reading, .arg = check};

	if (district_new(&check->config.rules, &check->villages, &thresholds, &check->district, err) < 0)
		return -1;
	reading.district = check->district;
	for (size_t i = 0; i < check->n_lists; i++)
		if (check_list_read(&reading, &check->lists[i], err) < 0)
			return -1;
	return 0;
}

static int settle(struct check *check, struct error *err)
{
	struct linker_progress progress = {show_stage, check};
	const struct parallel *parallel = thread_pool_parallel(check->pool);
	double begun = now();

	if (check->model) {
		if (district_set_model(check->district, check->model, err) < 0)
			return error_context(err, check->model_path, check->model_path);
	} else if (district_entries(check->district) >= TRAIN_FROM_ENTRIES &&
		district_train(check->district, parallel, &progress, err) < 0) {
		return -1;
	}
	check->seconds.train = now() - begun;
	begun = now();
	if (district_settle(check->district, parallel, &progress, err) < 0)
		return -1;
	check->seconds.link = now() - begun;
	return 0;
}

static int write_report(struct check *check, double begun, struct error *err)
{
	double at = now();

	check->report.lists = check->lists;
	check->report.n_lists = check->n_lists;
	check->report.district = check->district;
	check->report.rules = &check->config.rules;
	if (check_report_entries(&check->report, err) < 0)
		return -1;
	check->seconds.write = now() - at;
	if (check->explain.count) {
		progress_end(&check->progress);
		if (check_explain(&check->report, &check->villages, &check->explain, stdout, err) < 0)
			return -1;
		putchar('\n');
	}
	at = now();
	if (check_report_flags(&check->report, err) < 0)
		return -1;
	check->seconds.flags = now() - at;
	check->seconds.total = now() - begun;
	if (check_report_summary(&check->report, &check->seconds, err) < 0)
		return -1;
	if (check->model_output &&
		(model_file_write(linker_model(district_linker(check->district)), check->model_output, err) < 0 ||
			file_writer_finish(check->model_output, err) < 0))
		return -1;
	return check_report_finish(&check->report, err);
}

/* Before the work, so that what cannot be read or written is known at once. */
static int open_models(struct check *check, struct error *err)
{
	if (check->model_path && !(check->model = model_file_read(check->model_path, err)))
		return -1;
	if (check->save_model && !(check->model_output = file_writer_open(check->save_model, err)))
		return -1;
	return 0;
}

static int run(struct check *check, struct error *err)
{
	double begun = now();

	if (read_config(check, err) < 0 || parse_lists(check, err) < 0)
		return -1;
	if (open_models(check, err) < 0 || find_villages(check, err) < 0 || check_report_open(&check->report, check->out, check->lang, err) < 0)
		return -1;
	if (check->report.made_folder && cli_interrupt_begin(&check->interrupt, check->out, err) < 0)
		return -1;
	check->pool = thread_pool_new((unsigned)check->threads);
	if (!check->pool)
		return error_memory(err);
	if (read_lists(check, err) < 0)
		return -1;
	check->seconds.read = now() - begun;
	if (settle(check, err) < 0)
		return -1;
	return write_report(check, begun, err);
}

/* What came out, for a person at a terminal. */
static void print_result(const struct check *check)
{
	uint64_t found = 0, doubted = 0, rejected = 0, rows = 0;
	int tenths = (int)(check->seconds.total * 10 + 0.5);
	char a[32], b[32], c[32];

	for (int kind = 0; kind < FLAG_KINDS; kind++) {
		found += check->report.found[kind];
		doubted += check->report.doubted[kind];
	}
	for (size_t i = 0; i < check->n_lists; i++) {
		rows += check->lists[i].rows;
		rejected += check->lists[i].rejected;
	}
	printf(lang_text(check->lang, "%s baris dibaca, %s ditolak; ", "%s rows read, %s rejected; "),
		lang_number(check->lang, (int64_t)rows, a), lang_number(check->lang, (int64_t)rejected, b));
	printf(lang_text(check->lang, "%s orang, %s keluarga.\n", "%s persons, %s households.\n"),
		lang_number(check->lang, (int64_t)district_persons(check->district), a),
		lang_number(check->lang, (int64_t)district_households(check->district), b));
	printf(lang_text(check->lang, "%s temuan dan %s yang perlu dilihat, dalam %s detik: %s/flags.csv\n",
		       "%s flags and %s to look at, in %s seconds: %s/flags.csv\n"),
		lang_number(check->lang, (int64_t)found, a), lang_number(check->lang, (int64_t)doubted, b),
		(snprintf(c, sizeof(c), "%d%s%d", tenths / 10, lang_text(check->lang, ",", "."), tenths % 10), c), check->out);
}

static const char description_id[] =
	"Memeriksa daftar dari berkas, tanpa basis data: mencocokkan orang dan keluarga di semua daftar, lalu menandai siapa\n"
	"yang terlewat, siapa yang tidak seharusnya ada, dan siapa yang tercatat ganda. Menulis entries.csv, flags.csv,\n"
	"doubtful.csv, rejects.csv, dan summary.json ke folder --out.";
static const char description_en[] =
	"Checks lists from files, without a database: matches persons and households across all lists and flags who is left\n"
	"out, who should not be there, and who is there twice. Writes entries.csv, flags.csv, doubtful.csv, rejects.csv and\n"
	"summary.json into the folder --out.";

static void release(struct check *check)
{
	check_report_release(&check->report);
	file_writer_free(check->model_output);
	free(check->model);
	cli_interrupt_end(&check->interrupt);
	district_free(check->district);
	thread_pool_free(check->pool);
	free(check->lists);
	arena_release(&check->arena);
}

int cli_check(int argc, char **argv)
{
	struct check check = {.out = NULL};
	const struct option_spec options[] = {
		{"config", OPTION_TEXT, &check.config_path, "FILE", "Konfigurasi kabupaten (wajib)",
			"The district's configuration (needed)", NULL, 0, 0},
		{"target", OPTION_TEXT, &check.target, "FILE", "Daftar sasaran (wajib)", "The target list (needed)", NULL, 0, 0},
		{"target-period", OPTION_TEXT, &check.target_period, "YYYY-MM", "Tanggal daftar sasaran; bawaan: hari ini",
			"Date of the target list; today's by default", NULL, 0, 0},
		{"list", OPTION_LIST, &check.programmes, "CODE[@PERIOD]=FILE", "Daftar satu program; boleh berulang",
			"A programme's list; repeatable", NULL, 0, 0},
		{"reference", OPTION_LIST, &check.references, "CODE=FILE", "Daftar acuan; boleh berulang",
			"A reference list; repeatable", NULL, 0, 0},
		{"out", OPTION_TEXT, &check.out, "DIR", "Folder hasil (wajib); dibuat bila belum ada",
			"Folder for the results (needed); made if absent", NULL, 0, 0},
		{"explain", OPTION_LIST, &check.explain, "LIST:ROW",
			"Jelaskan orang dari baris ini (pkh:7, target:12); dua kali: mengapa kedua baris satu orang atau bukan",
			"Explain the person of this row (pkh:7, target:12); twice: why two rows are one person or not"},
		{"model", OPTION_TEXT, &check.model_path, "FILE", "Pakai model tersimpan, tanpa belajar",
			"Use a saved model instead of training"},
		{"save-model", OPTION_TEXT, &check.save_model, "FILE", "Simpan model (berkas teks)", "Save the model (a text file)"},
		{"threads", OPTION_INTEGER, &check.threads, "N", "Jumlah utas; bawaan: semua inti prosesor",
			"Number of threads; all cores by default", NULL, 1, 1024},
		{0},
	};
	const struct command_spec command = {"check", "", description_id, description_en, options, 0, 0,
		"  padan check --config kabupaten.conf --target sasaran.csv --list pkh@2024-07=pkh.xlsx --out hasil"};
	struct options_result got;
	struct error err = {0};
	int status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	check.lang = got.lang;
	if (!check.config_path || !check.target || !check.out) {
		(void)!error_set(&err, ERROR_USAGE, "--config, --target, dan --out wajib diisi.",
			"--config, --target and --out are needed.");
		return cli_fail("check", got.lang, &err);
	}
	progress_start(&check.progress, got.lang);
	status = run(&check, &err);
	progress_end(&check.progress);
	if (status == 0)
		print_result(&check);
	release(&check);
	return status == 0 ? 0 : cli_fail("check", got.lang, &err);
}
