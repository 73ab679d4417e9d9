/*
 * Connecting, claiming and keeping leases; see job_worker.h. How a job ends stands in job_slot.c, what it does in
 * job_list.c and job_redecide.c.
 */
#include "daemon/jobs/job_worker.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/base/version.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/job_ahead.h"
#include "daemon/jobs/job_slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { NAME_TRIES = 5, NAME_WAIT_MS = 150 };

static const char *const channels[] = {"padan_jobs", "padan_done", NULL};

static void look_at_queue(struct job_worker *worker);
static void check_migrations(struct job_worker *worker);
static void take_name(struct job_worker *worker);
static void on_poll(uv_timer_t *timer);
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

int job_worker_ask(struct job_worker *worker, const char *sql, int n, const char *const *values, db_done_fn *done)
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
		worker->told_away = false;
		counter_add(worker->counters, COUNTER_database_reconnects_total, 1);
		set_state(worker, WORKER_CHECKING);
		check_migrations(worker);
		break;
	case DB_WAITING:
		if (!worker->told_away)
			log_warning("database is away", LOG_ERROR_TEXT(why));
		else
			log_debug("database is still away", LOG_ERROR_TEXT(why));
		worker->told_away = true;
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
	struct migrate_count missing = {0};
	bool none = failure && (!strcmp(failure->sqlstate, "42P01") || !strcmp(failure->sqlstate, "3F000"));

	if (worker->state != WORKER_CHECKING || (failure && failure->lost))
		return;
	if (failure && !none)
		err = failure->err;
	else if (!failure && migrate_missing(&worker->migrations, result, &missing, &err) < 0)
		missing = (struct migrate_count){0};
	if (err.kind == ERROR_NONE && !none && !missing.migrations && !missing.functions) {
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
	else if (!worker->complained && none)
		log_error("the database is not prepared, or of an older version; run: padan migrate");
	else if (!worker->complained && missing.migrations)
		log_error("migrations are missing; run: padan migrate", LOG_NUMBER("missing", missing.migrations));
	else if (!worker->complained)
		log_error("the database's functions are not this program's; run: padan migrate", LOG_NUMBER("files", missing.functions));
	service_status(worker->service, "Menunggu: padan migrate");
	worker->complained = true;
}

static void check_migrations(struct job_worker *worker)
{
	job_worker_ask(worker, MIGRATE_RECORD_SQL, 0, NULL, on_migrations);
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
	job_worker_ask(worker, sql_find("jobs_left_behind"), 2, values, on_reclaimed);
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
	job_worker_ask(worker, "SELECT pg_try_advisory_lock(hashtextextended('padand ' || $1::text, 0))", 1, values, on_named);
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
		job_worker_check_quiet(worker);
		return;
	}
	for (int i = 0; i < PQntuples(result); i++)
		job_slot_take(worker, result, i);
	job_worker_check_quiet(worker);
	if (again || PQntuples(result))
		look_at_queue(worker);
	else
		job_ahead_next(worker);
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
	worker->claiming = job_worker_ask(worker,
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
	job_worker_check_quiet(worker);
}

static void end_stuck_jobs(struct job_worker *worker)
{
	char lease[NUMBER_MAX];
	const char *values[] = {lease_text(worker, lease)};

	if (worker->state == WORKER_USABLE && !worker->stopping)
		job_worker_ask(worker, sql_find("jobs_stuck"), 1, values, on_stuck);
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
		const struct job_slot *slot = &worker->slots[i];

		if (slot->run.active && (!slot->ahead || slot->claimed))
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
	job_worker_ask(worker, sql_find("daemon_status"), 3, values, on_status_told);
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
		.registers = {.loop = &loop->uv},
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
	job_worker_check_quiet(worker);
}

static void on_conn_closed(void *arg)
{
	struct job_worker *worker = arg;

	worker->open_handles--;
	job_worker_check_quiet(worker);
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
void job_worker_check_quiet(struct job_worker *worker)
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
		job_worker_check_quiet(worker);
}
