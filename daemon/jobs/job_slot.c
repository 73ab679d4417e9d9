/*
 * One job in a slot, from the claim to its end: started, refused, given back, or asked about when a COMMIT was interrupted;
 * see job_slot.h. Called by job_worker.c.
 */
#include "daemon/jobs/job_slot.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_list.h"
#include "daemon/jobs/register_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

static const struct job_step *steps_of(enum job_kind kind)
{
	switch (kind) {
	case JOB_LIST:
		return job_list_steps;
	case JOB_WITHDRAW:
	case JOB_ERASE:
		return job_withdraw_steps;
	case JOB_REDECIDE:
	case JOB_TRAIN:
	case JOB_KINDS:
		break;
	}
	return job_redecide_steps;
}

unsigned job_worker_busy(const struct job_worker *worker)
{
	unsigned busy = 0;

	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++)
		busy += worker->slots[i].run.active || worker->slots[i].asking;
	return busy;
}

static void on_progress(struct job_run *run)
{
	service_progress(run->worker->service);
}

static void log_only(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;

	if (failure && failure->err.kind != ERROR_CANCELLED)
		log_warning("a job's end was not recorded; its lease will end", LOG_ERROR_TEXT(&failure->err));
	failpoint(shutdown_handed_back);
	job_worker_check_quiet(worker);
}

/* delay in seconds; err NULL: nothing went wrong, the attempt does not count. */
static void hand_back(struct job_worker *worker, const struct job_claim *claim, unsigned delay, const struct error *err)
{
	char district[NUMBER_MAX], job[NUMBER_MAX], fence[NUMBER_MAX], wait[NUMBER_MAX], most[NUMBER_MAX];
	const char *values[] = {district, job, fence, wait, err ? err->id : NULL, err ? err->en : NULL, most};

	snprintf(district, sizeof(district), "%u", claim->district);
	snprintf(job, sizeof(job), "%lld", (long long)claim->job);
	snprintf(fence, sizeof(fence), "%lld", (long long)claim->fence);
	snprintf(wait, sizeof(wait), "%u s", delay);
	snprintf(most, sizeof(most), "%d", LIMIT_JOB_ATTEMPTS);
	job_worker_ask(worker, "SELECT padan.job_hand_back($1, $2, $3, $4::interval, $5, $6, $7)", 7, values, log_only);
}

/* 1 s, 2 s, 4 s … five minutes. */
static unsigned retry_delay(int attempts)
{
	return attempts < 9 ? 1u << (attempts > 0 ? attempts - 1 : 0) : 300;
}

static void forget_register(struct job_worker *worker, struct job_run *run, bool keep)
{
	if (!run->reg)
		return;
	run->reg->in_use = false;
	if (keep)
		run->reg->stamp.newest_job = run->claim.job;
	else
		register_cache_drop(&worker->registers, run->reg);
	run->reg = NULL;
}

static void free_slot(struct job_slot *slot)
{
	struct job_worker *worker = slot->run.worker;

	job_list_release(&slot->run);
	arena_release(&slot->run.arena);
	arena_release(&slot->run.scratch);
	slot->asking = slot->refusing = false;
	service_work_end(worker->service);
	if (!job_worker_busy(worker))
		service_status(worker->service, "Menunggu daftar");
	job_worker_check_quiet(worker);
	job_worker_kick(worker);
}

static void on_outcome(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_slot *slot = arg;
	struct job_worker *worker = slot->run.worker;
	bool done = result && PQntuples(result) && PQgetvalue(result, 0, 0)[0] == 't';

	if (failure)
		log_warning("whether a job was committed is not known; the queue knows", LOG_ERROR_TEXT(&failure->err));
	else
		log_notice("outcome of an interrupted commit", LOG_NUMBER("job", slot->run.claim.job), LOG_NUMBER("done", done));
	if (result && !done)
		hand_back(worker, &slot->run.claim, 0, NULL);
	if (done)
		counter_add(worker->counters, COUNTER_jobs_done_total, 1);
	forget_register(worker, &slot->run, done);
	free_slot(slot);
}

/* The connection went away while COMMIT was on its way: never tried again blindly, the job's row says what became of it. */
static void ask_outcome(struct job_slot *slot)
{
	struct job_worker *worker = slot->run.worker;
	char district[NUMBER_MAX], job[NUMBER_MAX];
	const char *values[] = {district, job};
	struct db_query query = {
		.sql = "SELECT state = 'done' FROM padan.jobs WHERE district = $1 AND job = $2",
		.n = 2,
		.values = values,
		.done = on_outcome,
		.arg = slot,
	};
	struct error err = {0};

	snprintf(district, sizeof(district), "%u", slot->run.claim.district);
	snprintf(job, sizeof(job), "%lld", (long long)slot->run.claim.job);
	slot->asking = true;
	if (db_conn_query(worker->control, &query, &err) < 0) {
		struct db_failure failure = {.err = err};

		on_outcome(slot, NULL, &failure);
	}
}

static void on_rolled_back(void *arg, PGresult *result, const struct db_failure *failure)
{
	/* If the connection was lost, the server has rolled back by itself. */
	(void)arg;
}

/* A run that ended badly leaves no transaction open on its connection. */
static void roll_back(struct job_run *run)
{
	struct db_query query = {.sql = "ROLLBACK", .session = run->session, .done = on_rolled_back, .arg = run};

	if (!run->session)
		return;
	run->session = 0;
	if (db_conn_query(run->conn, &query, NULL) < 0)
		log_warning("transaction not rolled back", LOG_NUMBER("job", run->claim.job));
}

static void start_run(struct job_slot *slot, const struct job_step *steps);

static void on_failed(struct job_slot *slot, const struct error *error)
{
	struct job_worker *worker = slot->run.worker;
	struct job_run *run = &slot->run;
	bool refused = error->kind == ERROR_INPUT && !slot->refusing;

	/* What a list had not been added to yet stays, for when the refusal is written. */
	if (!refused || !run->reg || !run->reg->loaded || !run->effects || run->effects->list_number != DISTRICT_NONE ||
		run->claim.kind != JOB_LIST)
		forget_register(worker, run, false);
	if (refused) {
		log_warning("list refused", LOG_NUMBER("district", run->claim.district), LOG_NUMBER("list", run->claim.list),
			LOG_ERROR_TEXT(error));
		job_list_release(run);
		run->refusal = *error;
		slot->refusing = true;
		start_run(slot, job_refuse_steps);
		return;
	}
	log_error("job failed; it will be tried again", LOG_NUMBER("district", run->claim.district),
		LOG_NUMBER("job", run->claim.job), LOG_WORD("stage", run->stage), LOG_NUMBER("attempt", run->claim.attempts),
		LOG_ERROR_TEXT(error));
	counter_add(worker->counters,
		run->claim.attempts >= LIMIT_JOB_ATTEMPTS ? COUNTER_jobs_failed_total : COUNTER_jobs_retried_total, 1);
	hand_back(worker, &run->claim, retry_delay(run->claim.attempts), error);
	free_slot(slot);
}

static bool gave_up(struct job_slot *slot);

static void start_job(struct job_slot *slot)
{
	if (!gave_up(slot))
		start_run(slot, steps_of(slot->run.claim.kind));
}

/* A register was loaded ahead, or not; a job that was claimed meanwhile goes on, or loads it itself. */
static void on_end_ahead(struct job_slot *slot, enum job_end end, const struct error *error)
{
	struct job_worker *worker = slot->run.worker;
	struct job_run *run = &slot->run;
	bool claimed = slot->claimed;

	slot->ahead = slot->claimed = false;
	if (run->reg && end == JOB_DONE) {
		run->reg->in_use = false;
		run->reg = NULL;
	}
	forget_register(worker, run, false);
	if (end == JOB_FAILED)
		log_warning("register not loaded ahead; the next list loads it", LOG_NUMBER("district", run->claim.district),
			LOG_ERROR_TEXT(error));
	if (claimed && (end == JOB_DONE || end == JOB_FAILED)) {
		start_job(slot);
		return;
	}
	if (claimed && end == JOB_CANCELLED)
		hand_back(worker, &run->claim, 0, NULL);
	free_slot(slot);
}

static void on_end(struct job_run *run, enum job_end end, const struct error *error)
{
	struct job_slot *slot = (struct job_slot *)run;
	struct job_worker *worker = run->worker;

	roll_back(run);
	if (slot->ahead) {
		on_end_ahead(slot, end, error);
		return;
	}
	switch (end) {
	case JOB_DONE:
		counter_add(worker->counters, COUNTER_jobs_done_total, 1);
		forget_register(worker, run, true);
		break;
	case JOB_FAILED:
		on_failed(slot, error);
		return;
	case JOB_UNKNOWN:
		ask_outcome(slot);
		return;
	case JOB_LOST:
		log_warning("job lost to somebody else, or called off", LOG_NUMBER("job", run->claim.job));
		counter_add(worker->counters, COUNTER_leases_lost_total, 1);
		forget_register(worker, run, false);
		break;
	case JOB_CANCELLED:
		log_info("job handed back", LOG_NUMBER("job", run->claim.job), LOG_WORD("stage", run->stage));
		hand_back(worker, &run->claim, 0, NULL);
		forget_register(worker, run, false);
		break;
	}
	free_slot(slot);
}

static void start_run(struct job_slot *slot, const struct job_step *steps)
{
	slot->run.on_end = on_end;
	slot->run.on_progress = on_progress;
	job_run_begin(&slot->run, steps);
}

/*
 * Lists are read in the order of their key and written beside tables that grow all the time, mostly before their statistics
 * are taken: by their index, whatever the planner believes. What is sorted or hashed is one list's, or a district's flags;
 * the indexes of a district's first list are sorted in memory.
 */
static const char slot_settings[] =
	"SET enable_bitmapscan = off; SET random_page_cost = 1.1; SET work_mem = '32MB'; SET temp_buffers = '16MB'; "
	"SET maintenance_work_mem = '256MB';";

static int connect_slot(struct job_worker *worker, struct job_slot *slot, struct error *err)
{
	struct db_conn_options options = {
		.conninfo = worker->options.conninfo, .application_name = "padand job", .settings = slot_settings, .arg = worker};

	slot->run.worker = worker;
	slot->run.loop = worker->loop;
	if (slot->conn)
		return 0;
	if (db_conn_start(worker->loop, &options, &slot->conn, err) < 0)
		return -1;
	slot->run.conn = slot->conn;
	return 0;
}

/* A job that ended the daemon again and again would do so for ever: it is given up, and its list says so. */
static bool gave_up(struct job_slot *slot)
{
	struct error why = {0};

	if (slot->run.claim.attempts <= LIMIT_JOB_ATTEMPTS)
		return false;
	error_set(&why, ERROR_INPUT, "Daftar ini %d kali menghentikan padand; laporkan kepada pengelola aplikasi.",
		"This list stopped padand %d times; report it to whoever maintains the application.", LIMIT_JOB_ATTEMPTS);
	slot->run.refusal = why;
	slot->refusing = true;
	counter_add(slot->run.worker->counters, COUNTER_jobs_failed_total, 1);
	start_run(slot, job_refuse_steps);
	return true;
}

static struct job_slot *free_slot_of(struct job_worker *worker)
{
	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++) {
		if (!worker->slots[i].run.active && !worker->slots[i].asking)
			return &worker->slots[i];
	}
	return NULL;
}

/* The slot in which that district's register is being loaded ahead, for nobody's list yet. */
static struct job_slot *loading_ahead(struct job_worker *worker, uint32_t district)
{
	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++) {
		struct job_slot *slot = &worker->slots[i];

		if (slot->run.active && slot->ahead && !slot->claimed && slot->run.claim.district == district)
			return slot;
	}
	return NULL;
}

static void open_slot(struct job_slot *slot, const struct job_claim *claim)
{
	service_work_begin(slot->run.worker->service);
	slot->run.claim = *claim;
	slot->run.reg = NULL;
	slot->run.effects = NULL;
	slot->refusing = false;
	arena_init(&slot->run.arena, 0);
	arena_init(&slot->run.scratch, 0);
}

void job_slot_load_ahead(struct job_worker *worker, uint32_t district)
{
	struct job_slot *slot = free_slot_of(worker);
	struct job_claim nothing = {.district = district, .kind = JOB_KINDS};
	struct error err = {0};

	if (!slot || connect_slot(worker, slot, &err) < 0)
		return;
	service_status(worker->service, "Memuat register kabupaten %u", district);
	slot->ahead = true;
	open_slot(slot, &nothing);
	start_run(slot, register_ahead_steps);
}

void job_slot_take(struct job_worker *worker, const PGresult *result, int row)
{
	struct job_claim claim = {
		.district = strtoul(PQgetvalue(result, row, 0), NULL, 10),
		.job = strtoll(PQgetvalue(result, row, 1), NULL, 10),
		.kind = job_kind_from_name(PQgetvalue(result, row, 2)),
		.list = strtoll(PQgetvalue(result, row, 3), NULL, 10),
		.fence = strtoll(PQgetvalue(result, row, 4), NULL, 10),
		.attempts = strtol(PQgetvalue(result, row, 5), NULL, 10),
	};
	struct job_slot *ahead = loading_ahead(worker, claim.district), *slot = ahead ? ahead : free_slot_of(worker);
	struct error err = {0};

	failpoint(job_claimed);
	if (!slot || worker->stopping || connect_slot(worker, slot, &err) < 0) {
		hand_back(worker, &claim, 0, err.kind == ERROR_NONE ? NULL : &err);
		return;
	}
	counter_add(worker->counters, COUNTER_jobs_claimed_total, 1);
	log_info("job claimed", LOG_NUMBER("district", claim.district), LOG_NUMBER("job", claim.job),
		LOG_WORD("kind", PQgetvalue(result, row, 2)), LOG_NUMBER("list", claim.list), LOG_NUMBER("attempt", claim.attempts));
	service_status(worker->service, "Mengerjakan daftar %lld kabupaten %u", (long long)claim.list, claim.district);
	if (ahead) {
		slot->run.claim = claim;
		slot->claimed = true;
		return;
	}
	open_slot(slot, &claim);
	start_job(slot);
}
