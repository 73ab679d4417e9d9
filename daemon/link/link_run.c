/* See link_run.h. */
#include "daemon/link/link_run.h"

#include "daemon/base/progress.h"
#include "daemon/base/thread_pool.h"
#include "daemon/ingest/file_writer.h"
#include "daemon/link/link_explain.h"
#include "daemon/link/link_input.h"
#include "daemon/link/model_file.h"
#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* Stages whose seconds are told, in the order of --stats; the words are the linker's own. */
static const char *const stages[] = {"read", "index", "train", "score", "cluster", "write"};
enum { STAGES = sizeof stages / sizeof *stages, STAGE_SCORE = 3 };

struct link_job {
	const struct link_options *options;
	enum lang lang;
	struct thread_pool *pool;
	struct link_input input;
	struct linker *linker;
	struct progress progress;
	double seconds[STAGES], begun, since;
	int stage; /* -1 before the first */
	struct { /* opened before the work, so that one which can't be written is known at once; NULL: not asked for */
		struct file_writer *clusters, *pairs, *model, *stats;
	} out;
	bool *both; /* link: by row of each file, whether its key stands in the other file too */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void enter_stage(struct link_job *job, const char *stage)
{
	double at = now();
	int next = 0;

	while (next < STAGES - 1 && strcmp(stages[next], stage) != 0)
		next++;
	if (job->stage >= 0)
		job->seconds[job->stage] += at - job->since;
	/* What one stage held in small pieces stays with the heap, and the next one asks for large ones. */
	if (next != job->stage)
		malloc_trim(0);
	job->stage = next;
	job->since = at;
}

static int show_stage(void *arg, const char *stage, double fraction)
{
	static const char *const words[STAGES][2] = {
		{"Membaca", "Reading"},
		{"Mengindeks", "Indexing"},
		{"Mempelajari", "Training"},
		{"Membandingkan", "Comparing"},
		{"Mengelompokkan", "Clustering"},
		{"Menulis", "Writing"},
	};
	struct link_job *job = arg;

	enter_stage(job, stage);
	progress_rows(&job->progress, lang_text(job->lang, words[job->stage][0], words[job->stage][1]), 0, 0, fraction);
	return 0;
}

static int load_model(struct link_job *job, struct error *err)
{
	struct fs_model *model = model_file_read(job->options->model, err);
	int status = model ? linker_set_model(job->linker, model, err) : -1;

	free(model);
	return status;
}

/* With two files: which keys stand in both, so that they can be told apart in the output. */
static int find_shared_keys(struct link_job *job, struct error *err)
{
	const struct link_file *a = &job->input.files[0], *b = &job->input.files[1];
	struct hash_map keys = {0};
	char number[LINK_KEY_MAX];
	int status = -1;

	if (job->input.n_files < 2)
		return 0;
	job->both = calloc(a->rows + b->rows + 1, sizeof *job->both);
	if (!job->both)
		return error_memory(err);
	for (uint64_t row = 0; row < a->rows; row++) {
		if (!hash_map_at(&keys, hash_str(link_file_key(a, row, number)), 0))
			goto out;
	}
	for (uint64_t row = 0; row < b->rows; row++) {
		uint64_t key = hash_str(link_file_key(b, row, number));

		if (hash_map_get(&keys, key) == HASH_MAP_NONE)
			continue;
		*hash_map_at(&keys, key, 0) = 1;
		job->both[a->rows + row] = true;
	}
	for (uint64_t row = 0; row < a->rows; row++)
		job->both[row] = hash_map_get(&keys, hash_str(link_file_key(a, row, number))) == 1;
	status = 0;
out:
	hash_map_release(&keys);
	return status < 0 ? error_memory(err) : 0;
}

static void write_key(const struct link_job *job, struct file_writer *writer, uint32_t record)
{
	const struct link_file *a = &job->input.files[0];
	bool second = record >= a->rows;
	char number[LINK_KEY_MAX];
	struct str id = second ? link_file_key(&job->input.files[1], record - a->rows, number) : link_file_key(a, record, number);

	if (job->both && job->both[record])
		file_writer_cell_printf(writer, "%c:%.*s", second ? 'b' : 'a', STR_ARGS(id));
	else
		file_writer_cell(writer, id);
}

/* Clusters are numbered from 1 in the order of their first rows. */
static int write_clusters(struct link_job *job, struct error *err)
{
	size_t n = linker_records(job->linker);
	uint32_t *number = calloc(n + 1, sizeof *number), next = 0;
	struct file_writer *writer = job->out.clusters;

	if (!number)
		return error_memory(err);
	file_writer_text(writer, "id,cluster_id\n");
	for (uint32_t r = 0; r < n; r++) {
		uint32_t cluster = linker_cluster(job->linker, r);

		if (!number[cluster])
			number[cluster] = ++next;
		write_key(job, writer, r);
		file_writer_cell_uint(writer, number[cluster]);
		file_writer_row_end(writer);
	}
	free(number);
	return 0;
}

struct pair_output {
	const struct link_job *job;
	struct file_writer *writer;
};

static int write_pair(void *arg, const struct linker_pair *pair)
{
	struct pair_output *output = arg;

	write_key(output->job, output->writer, pair->a);
	write_key(output->job, output->writer, pair->b);
	file_writer_cell_printf(output->writer, "%.3f", (double)pair->weight);
	file_writer_cell_printf(output->writer, "%.5f", (double)pair->probability);
	file_writer_row_end(output->writer);
	return 0;
}

static void write_pairs(struct link_job *job)
{
	struct linker_statistics statistics;
	struct pair_output output = {job, job->out.pairs};

	linker_statistics(job->linker, &statistics);
	file_writer_text(output.writer, "id_l,id_r,weight,probability\n");
	linker_each_pair(job->linker, statistics.threshold, write_pair, &output);
}

static void write_statistics(struct link_job *job)
{
	struct linker_statistics s;
	struct rusage usage;
	struct file_writer *writer = job->out.stats;
	double scoring = job->seconds[STAGE_SCORE] * parallel_threads(thread_pool_parallel(job->pool));

	enter_stage(job, "write");
	linker_statistics(job->linker, &s);
	getrusage(RUSAGE_SELF, &usage);
	file_writer_printf(writer,
		"{\"records\": %" PRIu64 ", \"candidate_pairs\": %" PRIu64 ", \"scored_pairs\": %" PRIu64 ", \"matched_pairs\": %" PRIu64
		", \"doubtful_pairs\": %" PRIu64 ", \"clusters\": %" PRIu64 ", \"left_out_pairs\": %" PRIu64
		", \"threshold\": %.6f, \"expected_precision\": %.6f, \"expected_recall\": %.6f, \"peak_mib\": %ld"
		", \"pairs_per_second_core\": %.0f, \"seconds\": {",
		s.records, s.candidate_pairs, s.scored_pairs, s.matched_pairs, s.doubtful_pairs, s.clusters, s.left_out_pairs,
		s.threshold, s.expected_precision, s.expected_recall, usage.ru_maxrss / 1024,
		scoring > 0 ? (double)s.candidate_pairs / scoring : 0);
	for (int i = 0; i < STAGES; i++)
		file_writer_printf(writer, "\"%s\": %.3f, ", stages[i], job->seconds[i]);
	file_writer_printf(writer, "\"total\": %.3f}, \"index_pairs\": {", now() - job->begun);
	for (size_t i = 0; i < s.n_indexes; i++)
		file_writer_printf(writer, "%s\"%s\": %" PRIu64, i ? ", " : "", s.indexes[i].name, s.indexes[i].pairs);
	file_writer_printf(writer, "}}\n");
}

static int open_output(const char *path, struct file_writer **ret, struct error *err)
{
	if (!path)
		return 0;
	*ret = file_writer_open(path, err);
	return *ret ? 0 : -1;
}

static int open_outputs(struct link_job *job, struct error *err)
{
	const struct link_options *o = job->options;

	/* Who asks why does not want a million rows behind it. */
	const char *clusters = o->out ? o->out : o->explain.count ? NULL : "-";

	if (open_output(clusters, &job->out.clusters, err) < 0 || open_output(o->pairs, &job->out.pairs, err) < 0 ||
	    open_output(o->save_model, &job->out.model, err) < 0)
		return -1;
	return open_output(o->stats, &job->out.stats, err);
}

static void close_outputs(struct link_job *job)
{
	file_writer_free(job->out.clusters);
	file_writer_free(job->out.pairs);
	file_writer_free(job->out.model);
	file_writer_free(job->out.stats);
}

static int finish(struct file_writer *writer, struct error *err)
{
	return writer ? file_writer_finish(writer, err) : 0;
}

static int write_all(struct link_job *job, struct error *err)
{
	show_stage(job, "write", 0);
	if (find_shared_keys(job, err) < 0 || (job->out.model && model_file_write(linker_model(job->linker), job->out.model, err) < 0) ||
	    (job->out.clusters && write_clusters(job, err) < 0))
		return -1;
	if (job->out.pairs)
		write_pairs(job);
	if (job->out.stats)
		write_statistics(job);
	if (finish(job->out.clusters, err) < 0 || finish(job->out.pairs, err) < 0 || finish(job->out.model, err) < 0)
		return -1;
	return finish(job->out.stats, err);
}

/* ---- --explain ---- */

static struct str key_of(const struct link_job *job, uint32_t record, char number[LINK_KEY_MAX])
{
	const struct link_file *a = &job->input.files[0];

	return record < a->rows ? link_file_key(a, record, number) : link_file_key(&job->input.files[1], record - a->rows, number);
}

/* With two files the first row of that key, unless "a:" or "b:" says whose. */
static uint32_t find_row(const void *arg, const char *name)
{
	const struct link_job *job = arg;
	struct str whole = str_from(name), rest = {"", 0};
	bool first = true, second = true;
	char number[LINK_KEY_MAX];
	uint32_t n = (uint32_t)linker_records(job->linker);

	if (job->input.n_files > 1 && whole.n > 2 && (name[0] == 'a' || name[0] == 'b') && name[1] == ':') {
		rest = (struct str){name + 2, whole.n - 2};
		first = name[0] == 'a';
		second = !first;
	}
	for (uint32_t r = 0; r < n; r++) {
		struct str key = key_of(job, r, number);

		if (str_equal(key, whole) || (rest.n && (r < job->input.files[0].rows ? first : second) && str_equal(key, rest)))
			return r;
	}
	return UINT32_MAX;
}

static void put_key(const void *arg, uint32_t record, struct strbuf *out)
{
	const struct link_job *job = arg;
	char number[LINK_KEY_MAX];

	if (job->input.n_files > 1)
		strbuf_add(out, record < job->input.files[0].rows ? STR_LITERAL("a:") : STR_LITERAL("b:"));
	strbuf_add_foreign(out, key_of(job, record, number), 60);
}

static void put_value(const void *arg, uint32_t record, size_t field, struct strbuf *out)
{
	const struct link_job *job = arg;
	char digits[LINKER_KEY_DIGITS];

	strbuf_add_foreign(out, linker_value(job->linker, record, field, digits), 160);
}

static int explain(struct link_job *job, struct error *err)
{
	const struct link_rows rows = {job->linker, &job->input.schema, job, find_row, put_key, put_value};

	progress_end(&job->progress);
	return link_explain(&rows, &job->options->explain, job->lang, stdout, err);
}

static int run(struct link_job *job, const char *const *paths, size_t n_paths, struct error *err)
{
	const struct link_options *o = job->options;
	struct linker_options options = {
		.within_lists = n_paths == 1,
		.across_lists = true,
		.one_to_one = o->one_to_one,
		.threshold = o->threshold,
	};
	struct linker_progress progress = {show_stage, job};
	const struct parallel *parallel;

	if (open_outputs(job, err) < 0)
		return -1;
	job->pool = thread_pool_new((unsigned)o->threads);
	if (!job->pool)
		return error_memory(err);
	parallel = thread_pool_parallel(job->pool);
	show_stage(job, "read", 0);
	if (link_input_open(&job->input, paths, n_paths, o->id, &o->as, parallel, err) < 0)
		return -1;
	link_input_print_guesses(&job->input, job->lang);
	if (linker_new(&job->input.schema, &options, &job->linker, err) < 0 ||
	    link_input_add(&job->input, job->linker, parallel, &progress, err) < 0)
		return -1;
	/* A sealed linker has not kept the texts that --explain shows. */
	if (!o->explain.count)
		linker_seal(job->linker);
	if (o->model ? load_model(job, err) < 0 : linker_train(job->linker, parallel, &progress, err) < 0)
		return -1;
	if (linker_settle(job->linker, parallel, &progress, err) < 0)
		return -1;
	if (o->explain.count && explain(job, err) < 0)
		return -1;
	return write_all(job, err);
}

static void print_result(const struct link_job *job)
{
	struct linker_statistics s;
	int tenths = (int)((now() - job->begun) * 10 + 0.5);
	char a[32], b[32], c[32], d[32];

	linker_statistics(job->linker, &s);
	fprintf(stderr, lang_text(job->lang, "%s baris, %s orang; %s pasangan cocok", "%s rows, %s persons; %s pairs match"),
		lang_number(job->lang, (int64_t)s.records, a), lang_number(job->lang, (int64_t)s.clusters, b),
		lang_number(job->lang, (int64_t)s.matched_pairs, c));
	if (s.matched_pairs)
		fprintf(stderr, lang_text(job->lang, " (perkiraan: %s di antaranya benar)", " (by estimate %s of them rightly)"),
			lang_percent(job->lang, s.expected_precision, d));
	fprintf(stderr, lang_text(job->lang, ", %d,%d detik\n", ", %d.%d seconds\n"), tenths / 10, tenths % 10);
	if (job->input.faulty_rows)
		fprintf(stderr, lang_text(job->lang, "%s baris rusak dibaca sejauh bisa\n", "%s damaged rows were read as far as they could be\n"),
			lang_number(job->lang, (int64_t)job->input.faulty_rows, a));
}

int link_run(const struct link_options *options, const char *const *paths, size_t n_paths, enum lang lang, struct error *err)
{
	struct link_job job = {.options = options, .lang = lang, .begun = now(), .stage = -1};
	int rc;

	progress_start(&job.progress, lang);
	rc = run(&job, paths, n_paths, err);
	progress_end(&job.progress);
	if (rc == 0)
		print_result(&job);
	close_outputs(&job);
	linker_free(job.linker);
	link_input_release(&job.input);
	thread_pool_free(job.pool);
	free(job.both);
	return rc;
}
