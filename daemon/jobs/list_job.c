/*
 * A list's raw rows to entries, in the pool. See list_job.h. Rows stream through a chunk at a time; kept per row until the end is its
 * line number alone, everything else is in the register.
 */
#include "daemon/jobs/list_job.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/thread_pool.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/row_shape.h"
#include "daemon/jobs/entry_copy.h"
#include "daemon/jobs/job_worker.h"
#include "matcher/normalise/list_habits.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { SAMPLE_ROWS = 200, SLICE_ROWS = 256 };

struct chunk {
	struct job_run *run;
	struct list_job *job;
	struct str *texts;
	struct raw_row *rows;
	struct entry *entries;
	enum entry_reject *rejects;
	size_t n;
	struct slice {
		struct arena arena;
		struct error err;
		bool failed;
	} *slices;
	size_t n_slices;
};

static void build_slice(void *arg, size_t number)
{
	struct chunk *chunk = arg;
	struct slice *slice = &chunk->slices[number];
	const struct list_job *job = chunk->job;
	size_t end = (number + 1) * SLICE_ROWS < chunk->n ? (number + 1) * SLICE_ROWS : chunk->n;

	for (size_t i = number * SLICE_ROWS; i < end && !slice->failed; i++) {
		const struct raw_row *raw = &chunk->rows[i];
		size_t n = raw->n_cells < job->n_roles ? raw->n_cells : job->n_roles;

		chunk->rejects[i] = ENTRY_NAMES_NOBODY;
		/* A file's totals were left out by its reader; an office's own system may have sent them along. */
		if (!raw->rejected && !row_shape_is_total(raw->cells, raw->n_cells))
			slice->failed = entry_build(&job->context, job->roles, raw->cells, raw->numeric, n, raw->row, raw->line,
						&slice->arena, &chunk->entries[i], &chunk->rejects[i], &slice->err) < 0;
	}
}

/* How this list writes: learnt from the first chunk. */
static void learn_habits(struct chunk *chunk)
{
	struct list_job *job = chunk->job;
	struct list_habits habits = {.names = 0};

	for (size_t i = 0; i < chunk->n && i < LIST_HABITS_ROWS && job->roles; i++)
		list_habits_add(&habits, job->roles, chunk->rows[i].cells,
			job->n_roles < chunk->rows[i].n_cells ? job->n_roles : chunk->rows[i].n_cells);
	list_habits_settle(&habits, &job->context);
	job->voted = true;
}

/* The door could not say what the columns mean (SQL): understood from the header and the first rows. */
static int understand_columns(struct chunk *chunk, struct error *err)
{
	struct list_job *job = chunk->job;
	struct arena *arena = &chunk->run->arena;
	size_t n_rows = chunk->n < SAMPLE_ROWS ? chunk->n : SAMPLE_ROWS, n = job->n_header, length = 0;
	struct str *sample = arena_array(arena, n_rows * n + 1, sizeof(*sample));
	struct column_map_options options = {
		.synonyms = chunk->run->reg->config.synonyms,
		.synonyms_n = chunk->run->reg->config.n_synonyms,
		.remembered_header = job->remembered_header,
		.remembered = job->remembered,
		.remembered_n = job->n_remembered,
	};
	struct column_map map;
	char *json;

	if (!sample)
		return error_memory(err);
	for (size_t i = 0; i < n_rows; i++) {
		for (size_t column = 0; column < n; column++)
			sample[i * n + column] =
				column < chunk->rows[i].n_cells ? chunk->rows[i].cells[column] : (struct str){"", 0};
	}
	if (column_map_make(&map, job->header, n, sample, n_rows, &options, err) < 0)
		return -1;
	job->roles = arena_array(arena, n + 1, sizeof(*job->roles));
	json = arena_alloc(arena, n * 48 + 8);
	if (!job->roles || !json) {
		column_map_release(&map);
		return error_memory(err);
	}
	memcpy(job->roles, map.roles, n * sizeof(*job->roles));
	job->n_roles = n;
	json[length++] = '{';
	for (size_t i = 0; i < n; i++) {
		if (map.roles[i] != COLUMN_IGNORE)
			length += snprintf(json + length, 48, "%s\"%zu\":\"%s\"", length > 1 ? "," : "", i,
				column_role_name(map.roles[i]));
	}
	json[length++] = '}';
	json[length] = '\0';
	job->effects.mapping = json;
	column_map_release(&map);
	return 0;
}

static int keep_reject(struct list_job *job, const struct raw_row *raw, struct error *err)
{
	size_t n = raw->n_cells < job->n_roles ? raw->n_cells : job->n_roles;

	if (job->n_rejects == job->rejects_room) {
		size_t room = job->rejects_room ? 2 * job->rejects_room : 256;
		struct list_reject *rejects = realloc(job->rejects, room * sizeof(*rejects));

		if (!rejects)
			return error_memory(err);
		job->rejects = rejects;
		job->rejects_room = room;
	}
	job->rejects[job->n_rejects++] =
		(struct list_reject){.row = raw->row, .line = raw->line, .why = row_nobody_find(job->roles, raw->cells, (uint32_t)n)};
	return 0;
}

static int keep_line(struct list_job *job, uint64_t line, struct error *err)
{
	size_t at = job->effects.accepted;

	if (at == job->lines_room) {
		size_t room = job->lines_room ? 2 * job->lines_room : 4096;
		uint64_t *lines = realloc(job->lines, room * sizeof(*lines));

		if (!lines)
			return error_memory(err);
		job->lines = lines;
		job->lines_room = room;
	}
	job->lines[at] = line;
	return 0;
}

/* Into the register, in row order. */
static int add_rows(struct chunk *chunk, struct error *err)
{
	struct list_job *job = chunk->job;
	struct district_register *reg = chunk->run->reg;

	for (size_t i = 0; i < chunk->n; i++) {
		uint32_t number;

		job->effects.read++;
		if (chunk->rejects[i] != ENTRY_ACCEPTED) {
			job->effects.rejected++;
			if (!chunk->rows[i].rejected && keep_reject(job, &chunk->rows[i], err) < 0)
				return -1;
			continue;
		}
		/* Only now: a list of which no row can be used leaves the register as it was. */
		if (!job->opened && district_add_list(reg->district, &job->description, &job->effects.list_number, err) < 0)
			return -1;
		job->opened = true;
		if (keep_line(job, chunk->entries[i].line, err) < 0 ||
			district_add_entry(reg->district, &chunk->entries[i], NULL, &number, err) < 0 ||
			register_apply_decisions(reg, number, err) < 0)
			return -1;
		job->effects.accepted++;
	}
	atomic_store(&chunk->run->rows_done, job->effects.read);
	return 0;
}

static int build_chunk(struct chunk *chunk, struct error *err)
{
	struct list_job *job = chunk->job;
	struct thread_pool *threads;
	int status = 0;

	if (!job->roles && understand_columns(chunk, err) < 0)
		return -1;
	if (!job->voted)
		learn_habits(chunk);
	for (size_t i = 0; i < chunk->n_slices; i++)
		arena_init(&chunk->slices[i].arena, 0);
	threads = thread_pool_new(chunk->run->worker->options.threads);
	parallel_run(thread_pool_parallel(threads), chunk->n_slices, build_slice, chunk);
	thread_pool_free(threads);
	for (size_t i = 0; i < chunk->n_slices && status == 0; i++) {
		if (chunk->slices[i].failed) {
			*err = chunk->slices[i].err;
			status = -1;
		}
	}
	if (status == 0)
		status = add_rows(chunk, err);
	for (size_t i = 0; i < chunk->n_slices; i++)
		arena_release(&chunk->slices[i].arena);
	return status;
}

static int on_raw_rows(struct job_run *run, struct str rows, struct error *err)
{
	struct arena *scratch = &run->scratch;
	struct chunk chunk = {.run = run, .job = run->job};
	struct str row, left = rows;
	size_t most = 0;
	int status;

	if (atomic_load(&run->stop))
		return error_set(err, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
	while (job_next_row(&left, &row))
		most++;
	chunk.rows = arena_array(scratch, most + 1, sizeof(*chunk.rows));
	chunk.entries = arena_array(scratch, most + 1, sizeof(*chunk.entries));
	chunk.rejects = arena_array(scratch, most + 1, sizeof(*chunk.rejects));
	chunk.n_slices = (most + SLICE_ROWS - 1) / SLICE_ROWS;
	chunk.slices = arena_array(scratch, chunk.n_slices + 1, sizeof(*chunk.slices));
	if (!chunk.rows || !chunk.entries || !chunk.rejects || !chunk.slices)
		return error_memory(err);
	while (job_next_row(&rows, &row)) {
		if (raw_copy_read(row, scratch, &chunk.rows[chunk.n++], err) < 0)
			return -1;
	}
	status = build_chunk(&chunk, err);
	arena_reset(scratch);
	return status;
}

int list_job_read(struct job_run *run, struct error *err)
{
	char sql[JOB_SQL_MAX];

	snprintf(sql, sizeof(sql),
		"COPY (SELECT " RAW_COPY_OUT " FROM padan.raw_rows WHERE district = %u AND list = %lld ORDER BY row) TO STDOUT",
		run->claim.district, (long long)run->claim.list);
	return job_copy_out(run, sql, on_raw_rows, err);
}

/* A list without a single usable row would make everybody look left out: it is refused. */
int list_job_check(struct job_run *run, struct error *err)
{
	struct list_job *job = run->job;

	failpoint(process_rows_read);
	if (job->effects.accepted)
		return JOB_NEXT;
	if (job->effects.read == 0)
		return error_set(err, ERROR_INPUT, "Daftar tidak berisi satu baris pun di bawah kepala kolom.",
			"The list has no rows below its header.");
	if (job->n_rejects) {
		char id[80], en[80]; /* and the first row's reason */

		snprintf(id, sizeof(id), "Tak satu pun dari %llu baris dapat dipakai", (unsigned long long)job->effects.read);
		snprintf(en, sizeof(en), "None of the %llu rows can be used", (unsigned long long)job->effects.read);
		row_nobody_describe(&job->rejects[0].why, job->rejects[0].line, err);
		return error_context(err, id, en);
	}
	return error_set(err, ERROR_INPUT,
		"Tak satu pun dari %llu baris dapat dipakai; periksa kolom nama dan lihat alasan tiap baris.",
		"None of the %llu rows can be used; check the name column and see each row's reason.",
		(unsigned long long)job->effects.read);
}
