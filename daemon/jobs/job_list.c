/*
 * A list that came: raw rows → entries → the register → flags, and the transaction that makes all of it true at once.
 *
 * Rows stream through the pool a chunk at a time; normalising runs on several threads, adding to the register on one, in
 * row order. Kept per row until the end is its line number alone; everything else is in the register. Called by job_worker.c.
 */
#include "daemon/jobs/job_list.h"
#include "daemon/base/counters.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/base/thread_pool.h"
#include "daemon/db/copy_binary.h"
#include "daemon/db/sql.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/row_shape.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/entry_copy.h"
#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_worker.h"
#include "daemon/jobs/register_load.h"
#include "matcher/normalise/list_habits.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { SAMPLE_ROWS = 200, REJECT_BATCH = 20000, SLICE_ROWS = 256 };

static const char nobody_id[] = "Baris tidak menyebut nama siapa pun.";
static const char nobody_en[] = "The row names nobody.";

struct list_job {
	struct job_effects effects; /* first: the effects' steps see no more */
	struct district_list description;
	char subject[64];
	struct str *header;
	size_t n_header;
	enum column_role *roles; /* n_roles; NULL until the columns are understood */
	size_t n_roles;
	struct str *remembered_header; /* of an earlier list of this office */
	enum column_role *remembered;
	size_t n_remembered;
	struct entry_context context;
	bool opened, voted;
	bool attach; /* the entries' table was made by this job */
	uint64_t *lines; /* of the accepted rows, in order */
	size_t lines_room;
	uint32_t *rejects; /* rows that name nobody */
	size_t n_rejects, rejects_room, rejects_told;
};

/* ---- what the list is ---- */

/* {"0":"nik","3":"name"} → roles by column. */
static int read_mapping(struct job_run *run, const char *json, enum column_role **ret, size_t *ret_n, struct error *err)
{
	json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *value;
	enum column_role *roles;
	const char *key;
	size_t n = 0;

	if (!json_is_object(object)) {
		json_decref(object);
		return error_set(err, ERROR_DATABASE, "Pemetaan kolom daftar rusak.", "The list's column mapping is damaged.");
	}
	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);

		if (column >= n && column < 1 << 20)
			n = column + 1;
	}
	roles = arena_array(&run->arena, n ? n : 1, sizeof(*roles));
	if (!roles) {
		json_decref(object);
		return error_memory(err);
	}
	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);
		enum column_role role = COLUMN_ROLES;

		if (json_is_string(value))
			role = column_role_from_name(str_from(json_string_value(value)));
		if (column < n && role != COLUMN_ROLES)
			roles[column] = role;
	}
	json_decref(object);
	*ret = roles;
	*ret_n = n;
	return 0;
}

static int read_header(struct job_run *run, const char *text, struct str **ret, size_t *ret_n, struct error *err)
{
	struct str copy = arena_str(&run->arena, str_from(text));

	if (!copy.p)
		return error_memory(err);
	if (copy_read_array(copy, &run->arena, ret, ret_n) < 0)
		return error_set(err, ERROR_DATABASE, "Kepala kolom daftar rusak.", "The list's header is damaged.");
	return 0;
}

static int on_described(struct job_run *run, PGresult *result, struct error *err)
{
	struct list_job *job = run->job;
	enum list_kind kind;

	if (PQntuples(result) != 1)
		return error_set(err, ERROR_DATABASE, "Daftar tidak ada lagi.", "The list is no longer there.");
	kind = list_kind_from_name(PQgetvalue(result, 0, 0));
	snprintf(job->subject, sizeof(job->subject), "%s", PQgetvalue(result, 0, 1));
	job->description = (struct district_list){
		.kind = kind,
		.subject = register_subject(run->reg, kind, str_from(job->subject)),
		.day = strtoul(PQgetvalue(result, 0, 2), NULL, 10),
		.external = (uint64_t)run->claim.list,
		.period_open = true,
	};
	if (job->description.subject == -2)
		return error_set(err, ERROR_INPUT,
			"\"%s\" tidak ada lagi dalam konfigurasi kabupaten; tambahkan lagi (padan apply), lalu kirim ulang daftarnya.",
			"\"%s\" is no longer in the district's configuration; add it again (padan apply), then send the list again.",
			job->subject);
	if (!PQgetisnull(result, 0, 3) && read_header(run, PQgetvalue(result, 0, 3), &job->header, &job->n_header, err) < 0)
		return -1;
	if (!PQgetisnull(result, 0, 4) && read_mapping(run, PQgetvalue(result, 0, 4), &job->roles, &job->n_roles, err) < 0)
		return -1;
	if (!PQgetisnull(result, 0, 7) &&
		(read_header(run, PQgetvalue(result, 0, 7), &job->remembered_header, &job->n_remembered, err) < 0 ||
			read_mapping(run, PQgetvalue(result, 0, 8), &job->remembered, &(size_t){0}, err) < 0))
		return -1;
	job->context = (struct entry_context){
		.villages = &run->reg->villages,
		.district = run->claim.district,
		.reference_year = job->description.day / 10000,
	};
	return 0;
}

static int list_describe(struct job_run *run, struct error *err)
{
	struct list_job *job = arena_alloc(&run->arena, sizeof(*job));
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.list)};

	if (!job)
		return error_memory(err);
	job->effects.list = run->claim.list;
	job->effects.list_number = DISTRICT_NONE;
	run->job = job;
	run->effects = &job->effects;
	return job_query(run, sql_find("list_describe"), 2, values, on_described, err);
}

/* ---- raw rows to entries, in the pool ---- */

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

static int keep_number(uint32_t **array, size_t *n, size_t *room, uint32_t number, struct error *err)
{
	if (*n == *room) {
		size_t more = *room ? 2 * *room : 256;
		uint32_t *grown = realloc(*array, more * sizeof(*grown));

		if (!grown)
			return error_memory(err);
		*array = grown;
		*room = more;
	}
	(*array)[(*n)++] = number;
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

	if (!job->opened && district_add_list(reg->district, &job->description, &job->effects.list_number, err) < 0)
		return -1;
	job->opened = true;
	for (size_t i = 0; i < chunk->n; i++) {
		uint32_t number;

		job->effects.read++;
		if (chunk->rejects[i] != ENTRY_ACCEPTED) {
			job->effects.rejected++;
			if (!chunk->rows[i].rejected && keep_number(&job->rejects, &job->n_rejects, &job->rejects_room,
								chunk->rows[i].row, err) < 0)
				return -1;
			continue;
		}
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

static int list_read(struct job_run *run, struct error *err)
{
	char sql[JOB_SQL_MAX];

	snprintf(sql, sizeof(sql),
		"COPY (SELECT " RAW_COPY_OUT " FROM padan.raw_rows WHERE district = %u AND list = %lld ORDER BY row) TO STDOUT",
		run->claim.district, (long long)run->claim.list);
	return job_copy_out(run, sql, on_raw_rows, err);
}

/* A list without a single usable row would make everybody look left out: it is refused. */
static int list_check(struct job_run *run, struct error *err)
{
	struct list_job *job = run->job;

	failpoint(process_rows_read);
	if (job->effects.accepted)
		return JOB_NEXT;
	if (job->effects.read == 0)
		return error_set(err, ERROR_INPUT, "Daftar tidak berisi satu baris pun di bawah kepala kolom.",
			"The list has no rows below its header.");
	return error_set(err, ERROR_INPUT,
		"Tak satu pun dari %llu baris dapat dipakai; periksa kolom nama dan lihat alasan tiap baris.",
		"None of the %llu rows can be used; check the name column and see each row's reason.",
		(unsigned long long)job->effects.read);
}

/* ---- which periods are complete once this list is done: asked of a transaction that is rolled back ---- */

static int periods_begin(struct job_run *run, struct error *err)
{
	return job_begin_transaction(run, err);
}

static int periods_pretend(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.list)};

	return job_query(run, sql_find("list_pretend_done"), 2, values, NULL, err);
}

/* The list itself is not in the register yet; it comes with what is known now, so that nothing about it changes later. */
static int on_periods(struct job_run *run, PGresult *result, struct error *err)
{
	struct list_job *job = run->job;

	for (int i = 0; i < PQntuples(result); i++) {
		if (strtoll(PQgetvalue(result, i, 0), NULL, 10) == run->claim.list)
			job->description.period_open = PQgetvalue(result, i, 1)[0] == 't';
	}
	return register_take_periods(run, result, err);
}

static int periods_read(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district)};

	return job_query(run, sql_find("periods_open"), 1, values, on_periods, err);
}

static int periods_end(struct job_run *run, struct error *err)
{
	return job_rollback(run, err);
}

/* ---- what this job writes of its own ---- */

static int list_write_rejects(struct job_run *run, struct error *err)
{
	struct list_job *job = run->job;
	size_t n = job->n_rejects - job->rejects_told, length = 0;
	const char *values[5];
	char *rows;

	if (!n)
		return JOB_NEXT;
	if (n > REJECT_BATCH)
		n = REJECT_BATCH;
	rows = arena_alloc(&run->arena, n * 12 + 3);
	if (!rows)
		return error_memory(err);
	rows[length++] = '{';
	for (size_t i = 0; i < n; i++)
		length += snprintf(rows + length, 12, "%s%u", i ? "," : "", job->rejects[job->rejects_told + i]);
	rows[length++] = '}';
	rows[length] = '\0';
	job->rejects_told += n;
	values[0] = job_number(run, run->claim.district);
	values[1] = job_number(run, run->claim.list);
	values[2] = rows;
	values[3] = nobody_id;
	values[4] = nobody_en;
	run->step--; /* until all are told */
	return job_query(run, sql_find("raw_reject"), 5, values, NULL, err);
}

static int fill_entries(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct list_job *job = run->job;
	const struct district *district = run->reg->district;
	const struct district_list *list = district_list(district, job->effects.list_number);
	size_t end = job->effects.next + SLICE_ROWS;

	if (end > list->n_entries)
		end = list->n_entries;
	if (job->effects.next == 0)
		copy_binary_begin(buffer);
	for (; job->effects.next < end; job->effects.next++) {
		uint32_t number = list->first_entry + (uint32_t)job->effects.next;
		struct district_ids ids = {district_person(district, number), district_household(district, number)};
		struct entry entry;

		district_entry(district, number, &entry);
		entry.line = job->lines[job->effects.next];
		entry_copy_write(buffer, run->claim.district, run->claim.list, &entry, ids, district_fingerprint(district, number));
	}
	if (end < list->n_entries)
		return 1;
	copy_binary_end(buffer);
	return 0;
}

/* A district's first list is copied into a table that is no part of padan.entries yet. */
static int on_entries_table(struct job_run *run, PGresult *result, struct error *err)
{
	((struct list_job *)run->job)->attach = PQgetvalue(result, 0, 0)[0] == 't';
	return 0;
}

static int list_make_entries(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district)};

	return job_query(run, sql_find("entries_make"), 1, values, on_entries_table, err);
}

static int list_copy_entries(struct job_run *run, struct error *err)
{
	struct list_job *job = run->job;

	char sql[JOB_SQL_MAX];

	job->effects.next = 0;
	snprintf(sql, sizeof(sql), ENTRY_COPY_IN, run->claim.district);
	return job_copy_in(run, sql, fill_entries, err);
}

static int list_attach_entries(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district)};

	return ((struct list_job *)run->job)->attach ? job_query(run, sql_find("entries_attach"), 1, values, NULL, err) : JOB_NEXT;
}

static int list_counts(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.list),
		job_number(run, (int64_t)effects->read), job_number(run, (int64_t)effects->accepted),
		job_number(run, (int64_t)effects->rejected), job_number(run, run->reg->model), effects->mapping};

	return job_query(run, sql_find("list_counts"), 7, values, NULL, err);
}

const struct job_step job_list_steps[] = {
	REGISTER_STEPS,
	{"read", list_describe},
	{NULL, periods_begin, "periods"},
	{NULL, effects_guard},
	{NULL, periods_pretend},
	{NULL, periods_read},
	{NULL, periods_end},
	{NULL, list_read, "read"},
	{NULL, list_check},
	{"match", effects_decide},
	EFFECTS_BEGIN_STEPS,
	{NULL, list_write_rejects},
	{NULL, list_make_entries, "write_entries"},
	{NULL, list_copy_entries},
	EFFECTS_WRITE_STEPS,
	{NULL, list_attach_entries, "write_entries"},
	{NULL, list_counts, "alerts"},
	EFFECTS_END_STEPS,
	{NULL, NULL},
};

/* ---- refusing ---- */

static int refuse_finish(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.job),
		job_number(run, run->claim.fence), run->refusal.id, run->refusal.en};

	return job_query(run, sql_find("job_finish"), 5, values, NULL, err);
}

static int refuse_alerts(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.list), run->refusal.id};

	if (run->claim.kind != JOB_LIST || !run->mail)
		return JOB_NEXT;
	return job_query(run, sql_find("alerts_list_refused"), 3, values, NULL, err);
}

const struct job_step job_refuse_steps[] = {
	{"refuse", effects_begin},
	{NULL, effects_guard},
	{NULL, refuse_alerts},
	{NULL, refuse_finish},
	{NULL, effects_commit},
	{NULL, NULL},
};

void job_list_release(struct job_run *run)
{
	struct job_effects *effects = run->effects;
	struct list_job *job = run->claim.kind == JOB_LIST ? (struct list_job *)effects : NULL;

	if (!effects)
		return;
	free(effects->changed);
	free(effects->touched);
	new_ids_release(&effects->persons);
	new_ids_release(&effects->households);
	free(effects->flags);
	free(effects->model);
	if (job) {
		free(job->lines);
		free(job->rejects);
	}
	run->effects = NULL;
}
