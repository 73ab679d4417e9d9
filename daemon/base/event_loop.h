/*
 * The one libuv loop of the daemon: how it starts and ends, its signals, and how late it ever was.
 *
 * Lateness is measured at every turn: the time the loop did not wait for events is the time an event may have waited
 * for the loop. Beside it stands the CPU time of the same turn, as the machine may be shared: callbacks are to blame for
 * that part alone.
 *
 * Not for: work that takes long (uv_queue_work) or blocks. Used by daemon/padand.c and everything that runs on its loop;
 * all functions belong to the loop's thread.
 */
#ifndef PADAN_EVENT_LOOP_H
#define PADAN_EVENT_LOOP_H

#include "matcher/base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* What signals ask for; called on the loop. */
struct event_loop_signals {
	void (*stop)(void *arg);   /* SIGTERM, SIGINT */
	void (*reload)(void *arg); /* SIGHUP */
	void *arg;
};

struct event_loop_lateness {
	double longest_turn_seconds;     /* wall time of the longest turn without waiting */
	double longest_turn_cpu_seconds; /* longest CPU time of the loop's thread in a turn */
	uint64_t turns;
	uint64_t late_turns; /* that took 50 ms or more */
};

struct event_loop {
	uv_loop_t uv;
	uv_signal_t sigterm, sigint, sighup;
	uv_prepare_t turn;
	struct event_loop_signals signals;
	struct event_loop_lateness lateness;
	uint64_t turn_began_ns, idle_ns, cpu_ns; /* at the previous turn */
	bool open;
};

/* The loop must stay where it is until event_loop_release(). SIGPIPE is ignored from then on. */
int event_loop_init(struct event_loop *loop, const struct event_loop_signals *signals, struct error *err) PADAN_MUST_CHECK;

/* Runs until nothing is active any more, which takes event_loop_close() and everybody else's _close(). */
void event_loop_run(struct event_loop *loop);

/* Closes what event_loop_init() opened, so that event_loop_run() can end. Legal twice. */
void event_loop_close(struct event_loop *loop);

/* After event_loop_run() came back. Returns false when somebody left a handle open: a mistake of that caller. */
bool event_loop_release(struct event_loop *loop);

/* A libuv error number as an error: "what: name". what_* names what was tried. */
int event_loop_error(struct error *err, const char *what_id, const char *what_en, int uv_status);

#endif
