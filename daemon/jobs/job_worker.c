/*
 * Claiming, keeping, ending and giving back jobs; see job_worker.h. What a job does stands in job_list.c and
 * job_redecide.c.
 */
#include "daemon/jobs/job_worker.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/base/version.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/job_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { NUMBER_MAX = 24, NAME_TRIES = 5, NAME_WAIT_MS = 150 };

static const char *const channels[] = {"padan_jobs", "padan_done", NULL};

static void look_at_queue(struct job_worker *worker);
static void check_migrations(struct job_worker *worker);
static void take_name(struct job_worker *worker);
static void on_poll(uv_timer_t *timer);
static void close_when_quiet(struct job_worker *worker);
static void tell_status(struct job_worker *worker);

/* ---- states ---- */

static void set_state(struct job_worker *worker, enum worker_state state)
{
	static const char *const names[WORKER_STATES] = {"away", "checking", "naming", "reclaiming", "usable"};

	if (worker->state == state)
		return;
	log_debug("worker state", LOG_WORD("from", names[worker->state]), LOG_WORD("to", names[state]));
	worker->state = state;
	if (state == WORKER_USABLE) {
		log_info("at work", LOG_WORD("name", worker->name));
		service_status(worker->service, "Menunggu daftar");
		tell_status(worker);
		if (worker->options.on_usable)
			worker->options.on_usable(worker->options.arg);
		look_at_queue(worker);
	}
}

static int control(struct job_worker *worker, const char *sql, int n, const char *const *values, db_done_fn *done)
{
	struct db_query query = {.sql = sql, .n = n, .values = values, .done = done, .arg = worker};
	struct error err = {0};

	if (db_conn_query(worker->control, &query, &err) == 0)
		return 0;
	log_warning("query not sent", LOG_ERROR_TEXT(&err));
	return -1;
}

static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	struct job_worker *worker = arg;

	switch (state) {
	case DB_READY:
		counter_add(worker->counters, COUNTER_database_reconnects_total, 1);
		set_state(worker, WORKER_CHECKING);
		check_migrations(worker);
		break;
	case DB_WAITING:
		if (worker->state != WORKER_AWAY)
			log_warning("database is away", LOG_ERROR_TEXT(why));
		else
			log_debug("database is still away", LOG_ERROR_TEXT(why));
		service_status(worker->service, "Menunggu PostgreSQL");
		worker->claiming = false;
		set_state(worker, WORKER_AWAY);
		break;
	case DB_CONNECTING:
	case DB_CLOSING:
		break;
	}
}

static void on_migrations(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;
	struct error err = {0};
	size_t missing = worker->migrations.n;
	bool none = failure && (!strcmp(failure->sqlstate, "42P01") || !strcmp(failure->sqlstate, "3F000"));

	if (worker->state != WORKER_CHECKING || (failure && failure->lost))
		return;
	if (failure && !none)
		err = failure->err;
	else if (!failure && migrate_missing(&worker->migrations, result, &missing, &err) < 0)
		missing = 0;
	if (err.kind == ERROR_NONE && missing == 0) {
		worker->complained = false;
		set_state(worker, WORKER_NAMING);
		worker->name_number = 1;
		worker->name_tries = 0;
		take_name(worker);
		return;
	}
	/* The poll timer asks again: somebody may be running `padan migrate` right now. */
	if (!worker->complained && err.kind != ERROR_NONE)
		log_error("the database can't be used", LOG_ERROR_TEXT(&err));
	else if (!worker->complained)
		log_error("migrations are missing; run: padan migrate", LOG_NUMBER("missing", missing));
	service_status(worker->service, "Menunggu: padan migrate");
	worker->complained = true;
}

static void check_migrations(struct job_worker *worker)
{
	control(worker, MIGRATE_APPLIED_SQL, 0, NULL, on_migrations);
}

static void on_reclaimed(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;

	if (worker->state != WORKER_RECLAIMING || (failure && failure->lost))
		return;
	if (failure)
		log_warning("jobs of an earlier life were not given back; their leases will end", LOG_ERROR_TEXT(&failure->err));
	else if (PQntuples(result))
		log_notice("jobs of an earlier life given back", LOG_NUMBER("jobs", PQntuples(result)));
	set_state(worker, WORKER_USABLE);
}

/* Jobs that bear this name and are in none of this process's slots were left by a life that ended suddenly. */
static void give_back_leftovers(struct job_worker *worker)
{
	char held[LIMIT_JOBS_AT_ONCE * NUMBER_MAX + 4] = "{";
	const char *values[2] = {worker->name, held};
	size_t n = 1;

	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++) {
		if (worker->slots[i].run.active || worker->slots[i].asking)
			n += snprintf(held + n, sizeof(held) - n, "%s%lld", n > 1 ? "," : "",
				(long long)worker->slots[i].run.claim.fence);
	}
	snprintf(held + n, sizeof(held) - n, "}");
	control(worker, sql_find("jobs_left_behind"), 2, values, on_reclaimed);
}

static void on_named(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;

	if (worker->state != WORKER_NAMING || failure)
		return;
	if (PQgetvalue(result, 0, 0)[0] != 't') {
		/* Perhaps the server has not noticed yet that an earlier life is over: the name is asked for a few times. */
		if (++worker->name_tries == NAME_TRIES) {
			worker->name_tries = 0;
			worker->name_number++;
		}
		uv_timer_start(&worker->poll, on_poll, NAME_WAIT_MS, LIMIT_JOB_POLL_MS);
		return;
	}
	set_state(worker, WORKER_RECLAIMING);
	give_back_leftovers(worker);
}

static void take_name(struct job_worker *worker)
{
	const char *values[1] = {worker->name};
	char host[WORKER_NAME_MAX - 8] = "padand";

	if (worker->options.name)
		snprintf(host, sizeof(host), "%s", worker->options.name);
	else if (gethostname(host, sizeof(host) - 1) < 0)
		snprintf(host, sizeof(host), "padand");
	if (worker->name_number == 1)
		snprintf(worker->name, sizeof(worker->name), "%s", host);
	else
		snprintf(worker->name, sizeof(worker->name), "%s-%u", host, worker->name_number);
	control(worker, "SELECT pg_try_advisory_lock(hashtextextended('padand ' || $1::text, 0))", 1, values, on_named);
}

/* ---- slots ---- */

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
	close_when_quiet(worker);
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
	control(worker, "SELECT padan.job_hand_back($1, $2, $3, $4::interval, $5, $6, $7)", 7, values, log_only);
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
	close_when_quiet(worker);
	look_at_queue(worker);
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

	forget_register(worker, run, false);
	if (error->kind == ERROR_INPUT && !slot->refusing) {
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

static void on_end(struct job_run *run, enum job_end end, const struct error *error)
{
	struct job_slot *slot = (struct job_slot *)run;
	struct job_worker *worker = run->worker;

	roll_back(run);
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

static int connect_slot(struct job_worker *worker, struct job_slot *slot, struct error *err)
{
	struct db_conn_options options = {
		.conninfo = worker->options.conninfo, .application_name = "padand job", .arg = worker};

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

static void take_job(struct job_worker *worker, const PGresult *result, int row)
{
	struct job_slot *slot = NULL;
	struct job_claim claim = {
		.district = strtoul(PQgetvalue(result, row, 0), NULL, 10),
		.job = strtoll(PQgetvalue(result, row, 1), NULL, 10),
		.kind = job_kind_from_name(PQgetvalue(result, row, 2)),
		.list = strtoll(PQgetvalue(result, row, 3), NULL, 10),
		.fence = strtoll(PQgetvalue(result, row, 4), NULL, 10),
		.attempts = strtol(PQgetvalue(result, row, 5), NULL, 10),
	};
	struct error err = {0};

	for (int i = 0; i < LIMIT_JOBS_AT_ONCE && !slot; i++) {
		if (!worker->slots[i].run.active && !worker->slots[i].asking)
			slot = &worker->slots[i];
	}
	failpoint(job_claimed);
	if (!slot || worker->stopping || connect_slot(worker, slot, &err) < 0) {
		hand_back(worker, &claim, 0, err.kind == ERROR_NONE ? NULL : &err);
		return;
	}
	counter_add(worker->counters, COUNTER_jobs_claimed_total, 1);
	log_info("job claimed", LOG_NUMBER("district", claim.district), LOG_NUMBER("job", claim.job),
		LOG_WORD("kind", PQgetvalue(result, row, 2)), LOG_NUMBER("list", claim.list), LOG_NUMBER("attempt", claim.attempts));
	service_work_begin(worker->service);
	service_status(worker->service, "Mengerjakan daftar %lld kabupaten %u", (long long)claim.list, claim.district);
	slot->run.claim = claim;
	slot->run.reg = NULL;
	slot->run.effects = NULL;
	slot->refusing = false;
	arena_init(&slot->run.arena, 0);
	arena_init(&slot->run.scratch, 0);
	if (!gave_up(slot))
		start_run(slot, steps_of(claim.kind));
}

/* ---- the queue ---- */

static void on_claimed(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;
	bool again = worker->claim_again;

	worker->claiming = worker->claim_again = false;
	if (failure) {
		if (!failure->lost && failure->err.kind != ERROR_CANCELLED)
			log_error("the queue can't be asked", LOG_ERROR_TEXT(&failure->err));
		close_when_quiet(worker);
		return;
	}
	for (int i = 0; i < PQntuples(result); i++)
		take_job(worker, result, i);
	close_when_quiet(worker);
	if (again || PQntuples(result))
		look_at_queue(worker);
}

static const char *lease_text(const struct job_worker *worker, char text[NUMBER_MAX])
{
	unsigned seconds = worker->options.lease_seconds ? worker->options.lease_seconds : LIMIT_JOB_LEASE_SECONDS;

	snprintf(text, NUMBER_MAX, "%u s", seconds);
	return text;
}

static void look_at_queue(struct job_worker *worker)
{
	unsigned busy = job_worker_busy(worker);
	char lease[NUMBER_MAX], most[NUMBER_MAX];
	const char *values[] = {worker->name, lease_text(worker, lease), most};

	if (worker->state != WORKER_USABLE || worker->stopping || busy == LIMIT_JOBS_AT_ONCE)
		return;
	if (worker->claiming) {
		worker->claim_again = true;
		return;
	}
	snprintf(most, sizeof(most), "%u", LIMIT_JOBS_AT_ONCE - busy);
	worker->claiming = control(worker,
				   "SELECT district, job, kind, list, fence, attempts "
				   "FROM padan.job_claim($1, $2::interval, $3::integer)",
				   3, values, on_claimed) == 0;
}

void job_worker_kick(struct job_worker *worker)
{
	look_at_queue(worker);
}

static void on_notify(void *arg, struct db_conn *conn, const char *channel, const char *payload)
{
	struct job_worker *worker = arg;
	const char *colon = strchr(payload, ':');

	if (strcmp(channel, "padan_done") == 0 && worker->options.on_done && colon)
		worker->options.on_done(worker->options.arg, strtoul(payload, NULL, 10), strtoll(colon + 1, NULL, 10));
	look_at_queue(worker);
}

static void on_stuck(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;

	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_warning("jobs that are stuck can't be looked for", LOG_ERROR_TEXT(&failure->err));
	for (int i = 0; result && i < PQntuples(result); i++)
		log_warning("a worker froze in the middle of writing; its transaction was ended",
			LOG_NUMBER("job", strtoll(PQgetvalue(result, i, 0), NULL, 10)));
	close_when_quiet(worker);
}

static void end_stuck_jobs(struct job_worker *worker)
{
	char lease[NUMBER_MAX];
	const char *values[] = {lease_text(worker, lease)};

	if (worker->state == WORKER_USABLE && !worker->stopping)
		control(worker, sql_find("jobs_stuck"), 1, values, on_stuck);
}

static void on_poll(uv_timer_t *timer)
{
	struct job_worker *worker = timer->data;

	end_stuck_jobs(worker);

	if (worker->state == WORKER_CHECKING)
		check_migrations(worker);
	else if (worker->state == WORKER_NAMING)
		take_name(worker);
	else
		look_at_queue(worker);
}

/* ---- heartbeats ---- */

struct heartbeat {
	struct job_worker *worker;
	int slot;
	int64_t fence;
};

static void on_heartbeat_answer(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct heartbeat *heartbeat = arg;
	struct job_run *run = &heartbeat->worker->slots[heartbeat->slot].run;
	bool lost = result && strcmp(PQgetvalue(result, 0, 0), "lost") == 0;

	if (lost && run->active && run->claim.fence == heartbeat->fence)
		job_run_stop(run, JOB_LOST);
	free(heartbeat);
}

static void send_heartbeat(struct job_worker *worker, int slot)
{
	struct job_run *run = &worker->slots[slot].run;
	struct heartbeat *heartbeat = malloc(sizeof(*heartbeat));
	char district[NUMBER_MAX], job[NUMBER_MAX], fence[NUMBER_MAX], lease[NUMBER_MAX], rows[NUMBER_MAX];
	const char *values[] = {district, job, fence, lease_text(worker, lease), run->stage, rows};
	struct db_query query = {
		.sql = "SELECT padan.job_heartbeat($1, $2, $3, $4::interval, $5, $6)",
		.n = 6,
		.values = values,
		.done = on_heartbeat_answer,
		.arg = heartbeat,
	};

	if (!heartbeat)
		return;
	*heartbeat = (struct heartbeat){worker, slot, run->claim.fence};
	snprintf(district, sizeof(district), "%u", run->claim.district);
	snprintf(job, sizeof(job), "%lld", (long long)run->claim.job);
	snprintf(fence, sizeof(fence), "%lld", (long long)run->claim.fence);
	snprintf(rows, sizeof(rows), "%llu", (unsigned long long)atomic_load(&run->rows_done));
	if (db_conn_query(worker->control, &query, NULL) < 0)
		free(heartbeat);
}

static void on_heartbeat(uv_timer_t *timer)
{
	struct job_worker *worker = timer->data;

	for (int i = 0; worker->state == WORKER_USABLE && i < LIMIT_JOBS_AT_ONCE; i++) {
		if (worker->slots[i].run.active)
			send_heartbeat(worker, i);
	}
}

/* ---- the daemon's line in the database ---- */

static void on_status_told(void *arg, PGresult *result, const struct db_failure *failure)
{
	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_warning("status not told", LOG_ERROR_TEXT(&failure->err));
}

static void tell_status(struct job_worker *worker)
{
	const struct event_loop_lateness *lateness = &worker->event_loop->lateness;
	char json[4096];
	const char *values[] = {worker->name, PADAN_VERSION, json};
	int n;

	if (worker->state != WORKER_USABLE)
		return;
	n = counters_json(worker->counters, json, sizeof(json) - 200);
	if (n < 0)
		return;
	snprintf(json + n - 1, sizeof(json) - n + 1,
		",\"loop_longest_turn_seconds\":%.6f,\"loop_longest_turn_cpu_seconds\":%.6f,\"loop_late_turns_total\":%llu}",
		lateness->longest_turn_seconds, lateness->longest_turn_cpu_seconds, (unsigned long long)lateness->late_turns);
	control(worker, sql_find("daemon_status"), 3, values, on_status_told);
}

static void on_status(uv_timer_t *timer)
{
	tell_status(timer->data);
}

/* ---- starting and stopping ---- */

static int start_timer(struct job_worker *worker, uv_timer_t *timer, uv_timer_cb tick, uint64_t first, uint64_t every,
	struct error *err)
{
	int status = uv_timer_init(worker->loop, timer);

	timer->data = worker;
	if (status == 0) {
		worker->open_handles++;
		status = uv_timer_start(timer, tick, first, every);
	}
	return status < 0 ? event_loop_error(err, "pewaktu", "timer", status) : 0;
}

int job_worker_start(struct job_worker *worker, struct event_loop *loop, struct service *service,
	struct counters *counters, const struct job_worker_options *options, struct error *err)
{
	struct db_conn_options control_options = {
		.conninfo = options->conninfo,
		.application_name = "padand",
		.statement_timeout = 30000,
		.channels = channels,
		.on_state = on_state,
		.on_notify = on_notify,
		.arg = worker,
	};
	unsigned lease = options->lease_seconds ? options->lease_seconds : LIMIT_JOB_LEASE_SECONDS;
	/* Whoever does not say that he lives within a lease counts as frozen. */
	unsigned status = lease / 3 < LIMIT_STATUS_SECONDS ? lease / 3 + 1 : LIMIT_STATUS_SECONDS;

	*worker = (struct job_worker){.options = *options,
		.loop = &loop->uv,
		.event_loop = loop,
		.counters = counters,
		.service = service,
		.name_number = 1};
	if (migrations_load(&worker->migrations, embedded_texts, err) < 0)
		return -1;
	if (start_timer(worker, &worker->poll, on_poll, LIMIT_JOB_POLL_MS, LIMIT_JOB_POLL_MS, err) < 0 ||
		start_timer(worker, &worker->heartbeat, on_heartbeat, lease * 250, lease * 250, err) < 0 ||
		start_timer(worker, &worker->status, on_status, status * 1000, status * 1000, err) < 0)
		return -1;
	return db_conn_start(worker->loop, &control_options, &worker->control, err);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct job_worker *worker = handle->data;

	worker->open_handles--;
	close_when_quiet(worker);
}

static void on_conn_closed(void *arg)
{
	struct job_worker *worker = arg;

	worker->open_handles--;
	close_when_quiet(worker);
}

static void close_everything(struct job_worker *worker)
{
	uv_timer_t *const timers[] = {&worker->poll, &worker->heartbeat, &worker->status};

	worker->closing = true;
	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		uv_close((uv_handle_t *)timers[i], on_timer_closed);
	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++) {
		if (worker->slots[i].conn) {
			worker->open_handles++;
			db_conn_close(worker->slots[i].conn, on_conn_closed, worker);
			worker->slots[i].conn = NULL;
		}
	}
	worker->open_handles++;
	db_conn_close(worker->control, on_conn_closed, worker);
}

/* While stopping: once no job is in hand and everything has been told to the database, the connections go; then the rest. */
static void close_when_quiet(struct job_worker *worker)
{
	void (*stopped)(void *arg) = worker->stopped;

	if (!worker->stopping)
		return;
	if (!worker->closing) {
		/* What calls here may be the callback of the last query: it is no longer counted. */
		if (job_worker_busy(worker) || worker->claiming || db_conn_queued(worker->control))
			return;
		close_everything(worker);
		return;
	}
	if (worker->open_handles || job_worker_busy(worker) || !stopped)
		return;
	worker->stopped = NULL;
	register_cache_release(&worker->registers);
	migrations_release(&worker->migrations);
	stopped(worker->stopped_arg);
}

static void on_too_late(uv_timer_t *timer)
{
	struct job_worker *worker = timer->data;

	log_warning("stopping without waiting any longer");
	if (!worker->closing)
		close_everything(worker);
}

void job_worker_stop(struct job_worker *worker, void (*stopped)(void *arg), void *arg)
{
	if (worker->stopping)
		return;
	failpoint(shutdown_asked);
	worker->stopping = true;
	worker->stopped = stopped;
	worker->stopped_arg = arg;
	uv_timer_start(&worker->poll, on_too_late, LIMIT_SHUTDOWN_SECONDS * 1000, 0);
	for (int i = 0; i < LIMIT_JOBS_AT_ONCE; i++) {
		struct job_run *run = &worker->slots[i].run;

		/* What is being written ends in a moment; what is being read or matched is given back. */
		if (run->active && strcmp(run->stage, "write") != 0 && strcmp(run->stage, "refuse") != 0)
			job_run_stop(run, JOB_CANCELLED);
	}
	if (worker->state != WORKER_USABLE && !worker->closing && !job_worker_busy(worker))
		close_everything(worker);
	else
		close_when_quiet(worker);
}
