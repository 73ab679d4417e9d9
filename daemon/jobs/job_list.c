/*
 * A list that came: raw rows → entries → the register → flags, and the transaction that makes all of it true at once. How rows
 * become entries: list_job.c. Called by job_worker.c.
 */
#include "daemon/jobs/job_list.h"
#include "daemon/base/failpoint.h"
#include "daemon/db/copy_binary.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/entry_copy.h"
#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_worker.h"
#include "daemon/jobs/list_job.h"
#include "daemon/jobs/register_load.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { REJECT_BATCH = 2000, COPY_ROWS = 256 };

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

/* [{"row":7,"id":"Baris 8, kolom 3: …","en":"…"}] */
static char *rejects_json(const struct list_reject *rejects, size_t n)
{
	json_t *rows = json_array();
	char *text;

	for (size_t i = 0; i < n; i++) {
		struct error why;

		row_nobody_describe(&rejects[i].why, rejects[i].line, &why);
		json_array_append_new(rows, json_pack("{s:i, s:s, s:s}", "row", (int)rejects[i].row, "id", why.id, "en", why.en));
	}
	text = json_array_size(rows) == n ? json_dumps(rows, JSON_COMPACT) : NULL;
	json_decref(rows);
	return text;
}

static int list_write_rejects(struct job_run *run, struct error *err)
{
	struct list_job *job = run->job;
	size_t n = job->n_rejects - job->rejects_told;
	const char *values[3];
	char *rows;
	int status;

	if (!n)
		return JOB_NEXT;
	if (n > REJECT_BATCH)
		n = REJECT_BATCH;
	rows = rejects_json(job->rejects + job->rejects_told, n);
	if (!rows)
		return error_memory(err);
	job->rejects_told += n;
	values[0] = job_number(run, run->claim.district);
	values[1] = job_number(run, run->claim.list);
	values[2] = rows;
	run->step--; /* until all are told */
	status = job_query(run, sql_find("raw_reject"), 3, values, NULL, err);
	free(rows);
	return status;
}

static int fill_entries(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct list_job *job = run->job;
	const struct district *district = run->reg->district;
	const struct district_list *list = district_list(district, job->effects.list_number);
	size_t end = job->effects.next + COPY_ROWS;

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
	{NULL, list_job_read, "read"},
	{NULL, list_job_check},
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
