/*
 * One claimed job at work: a table of steps, gone through one after another on the loop. A step starts something – a
 * query, rows in or out, work in the pool – and is over when that has answered; any failure ends the run.
 *
 * The run owns a database connection for as long as the worker lives (slots), so that a transaction and its COPYs run on
 * one session; nothing of a transaction can run outside of it. What a run decides is written in the transaction
 * that begins with padan.job_guard() and ends with padan.job_finish(): both hold the fence.
 *
 * Not for: claiming, heartbeats, handing back (job_worker.c), nor what the steps are (job_list.c, job_redecide.c).
 * All functions are called on the loop's thread, except where a callback is said to run in the pool.
 */
#ifndef PADAN_JOB_RUN_H
#define PADAN_JOB_RUN_H

#include "daemon/db/copy_text.h"
#include "daemon/db/db_conn.h"
#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/link/linker.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct job_run;
struct job_worker;
struct district_register;
struct job_effects;

enum job_kind { JOB_LIST, JOB_WITHDRAW, JOB_ERASE, JOB_REDECIDE, JOB_TRAIN, JOB_KINDS };
const char *job_kind_name(enum job_kind kind);
/* JOB_KINDS for an unknown word. */
enum job_kind job_kind_from_name(const char *name);

struct job_claim {
	uint32_t district;
	int64_t job, list, fence; /* list 0: none */
	enum job_kind kind;
	int attempts;
};

/* What a step's begin() returns beside -1 (failed, err is set). */
enum { JOB_NEXT = 0, JOB_WAIT = 1 };

struct job_step {
	const char *stage; /* shown to who waits: "read", "match", "flag", "write"; NULL: as before */
	int (*begin)(struct job_run *run, struct error *err);
	const char *clock; /* its time counts for that part of the stage; NULL: the stage, or the part before */
};

/* How long a run was at something, for the log and `make bench`. */
struct job_clock {
	const char *name;
	uint64_t ns;
};

/* How a run ended. */
enum job_end {
	JOB_DONE,      /* committed */
	JOB_FAILED,    /* an error: may be tried again; ERROR_INPUT: the list cannot be used */
	JOB_LOST,      /* somebody else has the job, or it was called off */
	JOB_UNKNOWN,   /* the connection went away during COMMIT */
	JOB_CANCELLED  /* the daemon stops */
};

enum { JOB_SQL_MAX = 512, JOB_CLOCKS_MAX = 24 };

struct job_run {
	struct job_worker *worker;
	uv_loop_t *loop;
	struct db_conn *conn;
	struct job_claim claim;
	const struct job_step *steps; /* ended by begin NULL */
	size_t step;
	bool active;
	bool committing;
	uint64_t session;     /* of the open transaction; 0: none */
	struct arena arena;   /* as long as the run */
	struct arena scratch; /* of the chunk in hand */
	void *job;            /* what the steps of this kind keep; in the arena */
	struct job_effects *effects; /* the same, once there is something to give back (job_list_release) */
	struct error refusal; /* why the list cannot be used */
	bool mail;            /* the district's configuration names a mail relay */
	struct district_register *reg; /* in use by this run, if any */

	/* Seen by the heartbeat and the pool. */
	_Atomic(const char *) stage;
	atomic_uint_fast64_t rows_done;
	atomic_bool stop; /* the daemon stops, or the job was lost: pool work ends soon */
	bool lost;

	/* Where the time goes. Belongs to whoever is at work: the loop, or the pool's thread while a step is there. */
	struct job_clock clocks[JOB_CLOCKS_MAX];
	size_t n_clocks, clock; /* clock: the one that runs */
	uint64_t clock_begun;

	/* What is under way. */
	char sql[JOB_SQL_MAX]; /* of a COPY, as queries don't copy their text */
	int (*on_result)(struct job_run *run, PGresult *result, struct error *err);
	int (*work)(struct job_run *run, struct error *err);
	int (*chunk)(struct job_run *run, struct str rows, struct error *err);
	int (*fill)(struct job_run *run, struct copy_buffer *buffer, struct error *err);
	uv_work_t pool;
	bool in_pool, loading;
	struct error pool_error;
	int pool_status;
	struct copy_buffer buffers[2];
	int filling;          /* COPY: the buffer that rows are gathered in, or that is being filled */
	size_t sent;          /* COPY in: bytes of the filled buffer that went to the server */
	bool copy_ended, copy_paused, copy_begun;
	bool ended;           /* the end was decided, but the pool is still at it */
	enum job_end end;
	struct error error;

	void (*on_end)(struct job_run *run, enum job_end end, const struct error *error);
	void (*on_progress)(struct job_run *run); /* something moved; any thread */
};

/* Begins the steps; on_end is called once. The claim, conn, worker and callbacks have been set. */
void job_run_begin(struct job_run *run, const struct job_step *steps);
/* Ends it as soon as may be: JOB_CANCELLED, or JOB_LOST. on_end is called later, from the loop. */
void job_run_stop(struct job_run *run, enum job_end end);

/* From now on the time counts for that; name is a literal of lower-case letters. Where all clocks are taken, the one before runs on. */
void job_clock(struct job_run *run, const char *name);
/* One line: the seconds of each clock that ran for a millisecond or more. */
void job_clocks_log(struct job_run *run);

/* The rest is for steps. Each returns JOB_WAIT or -1. */

/* sql must be static (sql_find()). on_result may be NULL. In a transaction it runs there or not at all. */
int job_query(struct job_run *run, const char *sql, int n, const char *const *values,
	int (*on_result)(struct job_run *run, PGresult *result, struct error *err), struct error *err);
/* BEGIN, then everything until job_commit() belongs to one session. */
int job_begin_transaction(struct job_run *run, struct error *err);
/* The same to read alone: all of it sees the database as it is at its first query. Ended by job_rollback(). */
int job_begin_reading(struct job_run *run, struct error *err);
int job_commit(struct job_run *run, struct error *err);
int job_rollback(struct job_run *run, struct error *err);

/* In the pool. */
int job_in_pool(struct job_run *run, int (*work)(struct job_run *run, struct error *err), struct error *err);

/* COPY … TO STDOUT; chunk() gets whole rows, some LIMIT_COPY_CHUNK_BYTES at a time, in the pool. sql is copied. */
int job_copy_out(struct job_run *run, const char *sql, int (*chunk)(struct job_run *run, struct str rows, struct error *err),
	struct error *err);
/* The next row of a chunk, with its line end; false: there is none. */
bool job_next_row(struct str *rows, struct str *row);

/* COPY … FROM STDIN; fill() appends rows in the pool: 1 there is more, 0 that was all. sql is copied. */
int job_copy_in(struct job_run *run, const char *sql, int (*fill)(struct job_run *run, struct copy_buffer *buffer,
	struct error *err), struct error *err);

/* For linker and district: tells progress and the time of their stages, cancels when the run is to stop. */
struct linker_progress job_progress(struct job_run *run);

/* Numbers as query parameters, in the run's arena; NULL: memory. */
const char *job_number(struct job_run *run, int64_t number);

#endif
