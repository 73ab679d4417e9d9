/*
 * The daemon's hands: takes jobs from the queue, works on several districts side by side, keeps leases alive, gives back what
 * it cannot finish.
 *
 *	connect → are all migrations there? → a name nobody alive bears → what an earlier life left behind is given back
 *	        → claim (NOTIFY padan_jobs, a timer, the end of a job) → run → claim …
 *	        → nothing to do: registers that will be asked for are loaded ahead (job_ahead.h)
 *
 * The name is the host's (or --name), with -2, -3 … where another living daemon bears it: an advisory lock says so. Since it
 * stays the same after a kill -9, the next life finds its jobs at once instead of waiting for their leases.
 *
 * Called by daemon/padand.c; all on the loop's thread.
 */
#ifndef PADAN_JOB_WORKER_H
#define PADAN_JOB_WORKER_H

#include "daemon/base/counters.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/limits.h"
#include "daemon/base/service_notify.h"
#include "daemon/db/db_conn.h"
#include "daemon/db/migrate.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/job_run.h"

enum { WORKER_NAME_MAX = 80 };

struct job_worker_options {
	const char *conninfo;
	const char *name;       /* NULL: the host's */
	unsigned lease_seconds; /* 0: LIMIT_JOB_LEASE_SECONDS */
	unsigned threads;       /* for one job; 0: all processors */
	bool searched;          /* registers at rest are searched for single persons: jobs leave them ready for that */
	/* May be NULL. A list of that district was finished or refused, by whomever. */
	void (*on_done)(void *arg, uint32_t district, int64_t job);
	/* The database can be used (again): connected, all migrations there. */
	void (*on_usable)(void *arg);
	void *arg;
};

struct job_slot {
	struct job_run run;
	struct db_conn *conn;
	bool refusing; /* the run writes a refusal */
	bool asking;   /* the run is over; whether its COMMIT took effect is being asked */
	bool ahead;    /* the run loads a register before a list asks for it … */
	bool claimed;  /* … and then goes on with the job that was claimed meanwhile (run.claim) */
};

enum worker_state { WORKER_AWAY, WORKER_CHECKING, WORKER_NAMING, WORKER_RECLAIMING, WORKER_USABLE, WORKER_STATES };

struct job_worker {
	struct job_worker_options options;
	uv_loop_t *loop;
	struct event_loop *event_loop;
	struct counters *counters;
	struct service *service;
	struct db_conn *control;
	struct migrations migrations;
	struct register_cache registers;
	struct job_slot slots[LIMIT_JOBS_AT_ONCE];
	uv_timer_t poll, heartbeat, status;
	enum worker_state state;
	char name[WORKER_NAME_MAX];
	unsigned name_number;  /* 1: the plain name */
	unsigned name_tries;
	bool claiming, stopping, closing, claim_again;
	bool complained;       /* about migrations that are missing */
	bool ahead_asked;      /* whose registers are to be loaded ahead, once */
	uint32_t ahead[LIMIT_DISTRICTS_AHEAD];
	unsigned n_ahead;
	bool told_away;        /* that the database is away; once each time */
	unsigned open_handles;
	void (*stopped)(void *arg);
	void *stopped_arg;
};

int job_worker_start(struct job_worker *worker, struct event_loop *loop, struct service *service,
	struct counters *counters, const struct job_worker_options *options, struct error *err) PADAN_MUST_CHECK;

/* Looks at the queue now. */
void job_worker_kick(struct job_worker *worker);

/*
 * SIGTERM: no more claims; a job that is writing ends, another is given back. stopped() is called when all is quiet and everything
 * has been given back, at the latest after LIMIT_SHUTDOWN_SECONDS. Then the worker holds nothing any more.
 */
void job_worker_stop(struct job_worker *worker, void (*stopped)(void *arg), void *arg);

unsigned job_worker_busy(const struct job_worker *worker); /* jobs in hand */

#endif
