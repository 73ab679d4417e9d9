/*
 * Going through the steps of a job; see job_run.h. Called by job_worker.c and the jobs' steps.
 */
#include "daemon/jobs/job_run.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { BUFFER_LIMIT = 64 << 20 }; /* a single row may be as large as the readers allow */

static const char *const kind_names[] = {
	[JOB_LIST] = "list",
	[JOB_WITHDRAW] = "withdraw",
	[JOB_ERASE] = "erase",
	[JOB_REDECIDE] = "redecide",
	[JOB_TRAIN] = "train",
};

const char *job_kind_name(enum job_kind kind)
{
	return kind_names[kind];
}

enum job_kind job_kind_from_name(const char *name)
{
	int kind = 0;

	while (kind < JOB_KINDS && strcmp(kind_names[kind], name) != 0)
		kind++;
	return kind;
}

/* ---- where the time goes ---- */

void job_clock(struct job_run *run, const char *name)
{
	uint64_t now = uv_hrtime();
	size_t at = 0;

	while (at < run->n_clocks && strcmp(run->clocks[at].name, name) != 0)
		at++;
	if (at == JOB_CLOCKS_MAX)
		return;
	if (run->n_clocks)
		run->clocks[run->clock].ns += now - run->clock_begun;
	if (at == run->n_clocks)
		run->clocks[run->n_clocks++] = (struct job_clock){.name = name};
	run->clock = at;
	run->clock_begun = now;
}

void job_clocks_log(struct job_run *run)
{
	struct log_field fields[LIMIT_LOG_FIELDS + 1] = {LOG_NUMBER("job", run->claim.job)};
	int n = 1;

	job_clock(run, run->clocks[run->clock].name); /* adds up what has run until now */
	for (size_t i = 0; i < run->n_clocks && n < LIMIT_LOG_FIELDS; i++) {
		if (run->clocks[i].ns >= 1000000)
			fields[n++] = (struct log_field){.kind = LOG_FIELD_SECONDS,
				.key = run->clocks[i].name,
				.seconds = (double)run->clocks[i].ns / 1e9};
	}
	log_write(LOG_LEVEL_INFO, "time spent", fields);
}

/* ---- going on and ending ---- */

static void end_now(struct job_run *run)
{
	enum job_end end = run->end;
	struct error error = run->error;

	run->active = false;
	copy_buffer_release(&run->buffers[0]);
	copy_buffer_release(&run->buffers[1]);
	run->on_end(run, end, &error);
}

/* Nothing of the run may be under way in the pool or on the connection when on_end is called. */
static void end_when_quiet(struct job_run *run)
{
	if (run->active && run->ended && !run->in_pool && !run->copy_begun)
		end_now(run);
}

static void end_with(struct job_run *run, enum job_end end, const struct error *error)
{
	if (!run->active || run->ended)
		return;
	run->ended = true;
	run->end = end;
	if (error)
		run->error = *error;
	atomic_store(&run->stop, true);
}

static void go_on(struct job_run *run)
{
	while (run->active && !run->ended) {
		const struct job_step *step = &run->steps[run->step];
		struct error err = {0};
		int status;

		if (!step->begin) {
			end_with(run, JOB_DONE, NULL);
			break;
		}
		if (step->stage)
			run->stage = step->stage;
		if (step->clock || step->stage)
			job_clock(run, step->clock ? step->clock : step->stage);
		run->step++;
		status = step->begin(run, &err);
		if (status == JOB_WAIT)
			return;
		if (status < 0)
			end_with(run, err.kind == ERROR_CANCELLED ? JOB_CANCELLED : JOB_FAILED, &err);
	}
	end_when_quiet(run);
}

/* A query failed: what that means for the job. */
static void fail(struct job_run *run, const struct db_failure *failure)
{
	if (strcmp(failure->sqlstate, "PD003") == 0)
		end_with(run, JOB_LOST, &failure->err);
	else if (failure->lost && run->committing)
		end_with(run, JOB_UNKNOWN, &failure->err);
	else
		end_with(run, failure->err.kind == ERROR_CANCELLED ? JOB_CANCELLED : JOB_FAILED, &failure->err);
}

void job_run_begin(struct job_run *run, const struct job_step *steps)
{
	run->steps = steps;
	run->step = 0;
	run->stage = "begin";
	run->active = true;
	run->ended = run->lost = run->committing = run->in_pool = run->loading = run->copy_begun = false;
	run->session = 0;
	run->job = NULL;
	run->n_clocks = 0;
	error_clear(&run->error);
	atomic_store(&run->stop, false);
	atomic_store(&run->rows_done, 0);
	copy_buffer_init(&run->buffers[0], BUFFER_LIMIT);
	copy_buffer_init(&run->buffers[1], BUFFER_LIMIT);
	go_on(run);
}

void job_run_stop(struct job_run *run, enum job_end end)
{
	if (!run->active)
		return;
	atomic_store(&run->stop, true);
	if (run->committing) /* its outcome is about to be known */
		return;
	run->lost |= end == JOB_LOST;
	end_with(run, end, NULL);
	if (run->copy_begun || db_conn_queued(run->conn))
		db_conn_cancel(run->conn);
	db_conn_copy_resume(run->conn);
	if (!db_conn_queued(run->conn))
		end_when_quiet(run);
}

/* ---- queries ---- */

static void on_query(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_run *run = arg;
	struct error err = {0};

	if (!run->active)
		return;
	if (failure)
		fail(run, failure);
	else if (!run->ended && run->on_result && run->on_result(run, result, &err) < 0)
		end_with(run, JOB_FAILED, &err);
	go_on(run);
}

int job_query(struct job_run *run, const char *sql, int n, const char *const *values,
	int (*on_result)(struct job_run *run, PGresult *result, struct error *err), struct error *err)
{
	struct db_query query = {
		.sql = sql, .session = run->session, .n = n, .values = values, .done = on_query, .arg = run};

	run->on_result = on_result;
	return db_conn_query(run->conn, &query, err) < 0 ? -1 : JOB_WAIT;
}

static int began(struct job_run *run, PGresult *result, struct error *err)
{
	run->session = db_conn_session(run->conn);
	return 0;
}

int job_begin_transaction(struct job_run *run, struct error *err)
{
	/* A process that froze between two statements does not hold its locks for ever. */
	return job_query(run, "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '60s'", 0, NULL, began, err);
}

int job_begin_reading(struct job_run *run, struct error *err)
{
	return job_query(run,
		"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = '60s'", 0, NULL, began, err);
}

static int committed(struct job_run *run, PGresult *result, struct error *err)
{
	run->committing = false;
	run->session = 0;
	/* COMMIT of a failed transaction is answered with ROLLBACK, and no error. */
	if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
		return error_set(err, ERROR_DATABASE, "Transaksi dibatalkan oleh server.", "The server rolled the transaction back.");
	return 0;
}

int job_commit(struct job_run *run, struct error *err)
{
	run->committing = true;
	return job_query(run, "COMMIT", 0, NULL, committed, err);
}

static int rolled_back(struct job_run *run, PGresult *result, struct error *err)
{
	run->session = 0;
	return 0;
}

int job_rollback(struct job_run *run, struct error *err)
{
	return job_query(run, "ROLLBACK", 0, NULL, rolled_back, err);
}

/* ---- the pool ---- */

static void queue_in_pool(struct job_run *run, uv_work_cb work, uv_after_work_cb after)
{
	int status;

	run->pool.data = run;
	error_clear(&run->pool_error);
	run->pool_status = 0;
	status = uv_queue_work(run->loop, &run->pool, work, after);
	if (status == 0) {
		run->in_pool = true;
	} else {
		run->pool_status = error_set(&run->pool_error, ERROR_SYSTEM, "Pekerjaan latar: %s", "Background work: %s",
			uv_strerror(status));
		after(&run->pool, status);
	}
}

static void work_in_pool(uv_work_t *pool)
{
	struct job_run *run = pool->data;

	run->pool_status = run->work(run, &run->pool_error);
}

static void after_work(uv_work_t *pool, int status)
{
	struct job_run *run = pool->data;

	run->in_pool = false;
	run->on_progress(run);
	if (run->pool_status < 0)
		end_with(run, run->pool_error.kind == ERROR_CANCELLED ? JOB_CANCELLED : JOB_FAILED, &run->pool_error);
	go_on(run);
}

int job_in_pool(struct job_run *run, int (*work)(struct job_run *run, struct error *err), struct error *err)
{
	run->work = work;
	queue_in_pool(run, work_in_pool, after_work);
	return JOB_WAIT;
}

/* ---- COPY out: rows are gathered in one buffer while the pool is at the other ---- */

static void chunk_in_pool(uv_work_t *pool)
{
	struct job_run *run = pool->data;
	struct copy_buffer *buffer = &run->buffers[!run->filling];

	run->pool_status = run->chunk(run, (struct str){buffer->p, buffer->n}, &run->pool_error);
}

static void after_chunk(uv_work_t *pool, int status);

/* Hands the gathered rows to the pool if it is free. */
static void pass_chunk(struct job_run *run)
{
	if (run->in_pool || run->ended || !run->buffers[run->filling].n)
		return;
	run->filling = !run->filling;
	copy_buffer_clear(&run->buffers[run->filling]);
	queue_in_pool(run, chunk_in_pool, after_chunk);
}

/* Both the rows and the pool have ended? */
static void copy_out_over(struct job_run *run)
{
	if (run->copy_begun || run->in_pool)
		return;
	if (!run->ended && run->buffers[run->filling].n) {
		pass_chunk(run);
		return;
	}
	go_on(run);
}

static void after_chunk(uv_work_t *pool, int status)
{
	struct job_run *run = pool->data;

	run->in_pool = false;
	run->on_progress(run);
	if (run->pool_status < 0)
		end_with(run, run->pool_error.kind == ERROR_CANCELLED ? JOB_CANCELLED : JOB_FAILED, &run->pool_error);
	if (run->copy_paused) {
		run->copy_paused = false;
		pass_chunk(run);
		db_conn_copy_resume(run->conn);
	}
	copy_out_over(run);
}

static enum db_copy on_row(void *arg, const char *row, size_t n)
{
	struct job_run *run = arg;
	struct copy_buffer *buffer = &run->buffers[run->filling];

	if (run->ended)
		return DB_COPY_FAIL;
	copy_append_raw(buffer, row, n);
	if (buffer->failed) {
		struct error err = {0};

		error_memory(&err);
		end_with(run, JOB_FAILED, &err);
		return DB_COPY_FAIL;
	}
	if (buffer->n < LIMIT_COPY_CHUNK_BYTES)
		return DB_COPY_DATA;
	if (run->in_pool) {
		run->copy_paused = true;
		return DB_COPY_LATER;
	}
	pass_chunk(run);
	return DB_COPY_DATA;
}

static void on_copied_out(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_run *run = arg;

	run->copy_begun = run->copy_paused = false;
	if (failure)
		fail(run, failure);
	copy_out_over(run);
}

static int begin_copy(struct job_run *run, const char *sql, db_source_fn *source, db_sink_fn *sink, db_done_fn *done,
	struct error *err)
{
	struct db_query query = {
		.sql = run->sql, .session = run->session, .source = source, .sink = sink, .done = done, .arg = run};

	if (snprintf(run->sql, sizeof(run->sql), "%s", sql) >= (int)sizeof(run->sql))
		return error_set(err, ERROR_SYSTEM, "Perintah COPY terlalu panjang.", "The COPY statement is too long.");
	copy_buffer_clear(&run->buffers[0]);
	copy_buffer_clear(&run->buffers[1]);
	run->filling = 0;
	run->copy_ended = run->copy_paused = false;
	if (db_conn_query(run->conn, &query, err) < 0)
		return -1;
	run->copy_begun = true;
	return JOB_WAIT;
}

int job_copy_out(struct job_run *run, const char *sql, int (*chunk)(struct job_run *run, struct str rows, struct error *err),
	struct error *err)
{
	run->chunk = chunk;
	return begin_copy(run, sql, NULL, on_row, on_copied_out, err);
}

bool job_next_row(struct str *rows, struct str *row)
{
	const char *end = rows->n ? memchr(rows->p, '\n', rows->n) : NULL;

	if (!end)
		return false;
	*row = (struct str){rows->p, end - rows->p + 1};
	rows->p += row->n;
	rows->n -= row->n;
	return true;
}

/* ---- COPY in: one buffer is with the server while the pool fills the other ---- */

static void fill_in_pool(uv_work_t *pool)
{
	struct job_run *run = pool->data;
	struct copy_buffer *buffer = &run->buffers[run->filling];
	int status = 1;

	copy_buffer_clear(buffer);
	while (status == 1 && buffer->n < LIMIT_COPY_CHUNK_BYTES / 2) {
		if (atomic_load(&run->stop)) {
			error_set(&run->pool_error, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
			status = -1;
			break;
		}
		status = run->fill(run, buffer, &run->pool_error);
	}
	if (status >= 0 && buffer->failed)
		status = error_memory(&run->pool_error);
	run->pool_status = status;
}

static void after_fill(uv_work_t *pool, int status)
{
	struct job_run *run = pool->data;

	run->in_pool = false;
	run->on_progress(run);
	if (run->pool_status < 0)
		end_with(run, run->pool_error.kind == ERROR_CANCELLED ? JOB_CANCELLED : JOB_FAILED, &run->pool_error);
	run->copy_ended = run->pool_status == 0;
	if (run->copy_begun)
		db_conn_copy_resume(run->conn);
	else
		go_on(run);
}

/* Sends what is left of a filled buffer, at most a chunk a time; then waits for the next one. */
static enum db_copy on_source(void *arg, const char **bytes, size_t *n)
{
	struct job_run *run = arg;
	struct copy_buffer *ready;

	if (run->in_pool)
		return run->ended ? DB_COPY_FAIL : DB_COPY_LATER;
	if (run->ended)
		return DB_COPY_FAIL;
	ready = &run->buffers[run->filling];
	if (run->sent < ready->n) {
		*bytes = ready->p + run->sent;
		*n = ready->n - run->sent < DB_COPY_CHUNK_MAX ? ready->n - run->sent : DB_COPY_CHUNK_MAX;
		run->sent += *n;
		/* The last piece of it goes to the server while the pool fills the other buffer. */
		if (run->sent == ready->n && !run->copy_ended) {
			run->filling = !run->filling;
			run->sent = 0;
			queue_in_pool(run, fill_in_pool, after_fill);
		}
		return DB_COPY_DATA;
	}
	if (run->copy_ended)
		return DB_COPY_END;
	run->filling = !run->filling;
	run->sent = 0;
	queue_in_pool(run, fill_in_pool, after_fill);
	return DB_COPY_LATER;
}

static void on_copied_in(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_run *run = arg;

	run->copy_begun = false;
	if (failure)
		fail(run, failure);
	if (!run->in_pool)
		go_on(run);
}

int job_copy_in(struct job_run *run, const char *sql,
	int (*fill)(struct job_run *run, struct copy_buffer *buffer, struct error *err), struct error *err)
{
	run->fill = fill;
	run->sent = 0;
	return begin_copy(run, sql, on_source, NULL, on_copied_in, err);
}

/* ---- small things ---- */

/* On the thread that called linker or district. */
static int report(void *arg, const char *stage, double fraction)
{
	struct job_run *run = arg;

	job_clock(run, stage);
	run->on_progress(run);
	return atomic_load(&run->stop);
}

struct linker_progress job_progress(struct job_run *run)
{
	return (struct linker_progress){report, run};
}

const char *job_number(struct job_run *run, int64_t number)
{
	char *text = arena_alloc(&run->arena, 24);

	if (text)
		snprintf(text, 24, "%lld", (long long)number);
	return text;
}
