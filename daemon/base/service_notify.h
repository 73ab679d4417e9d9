/*
 * What the service manager is told: ready, what is being done, stopping – and the watchdog.
 *
 * The watchdog is fed by a timer on the loop, and only if something moved: the loop turned (else the timer would not
 * run), and, while work is in hand, service_progress() was called since LIMIT_STALL_SECONDS at the latest. A daemon that
 * spins or hangs in the pool is restarted by systemd; one with nothing to do is not.
 *
 * Without NOTIFY_SOCKET everything here is silent. service_progress() may be called from any thread; the rest from the loop's.
 */
#ifndef PADAN_SERVICE_NOTIFY_H
#define PADAN_SERVICE_NOTIFY_H

#include "matcher/base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct service {
	uv_timer_t timer;
	uint64_t watchdog_us; /* 0: nobody watches */
	unsigned stall_seconds;
	atomic_uint_fast64_t progress; /* steps ever made */
	uint64_t progress_seen;
	uint64_t progress_seen_ms; /* loop time when it was last seen to have moved */
	unsigned in_hand;          /* pieces of work begun and not ended */
	bool started, ready;
};

int service_start(struct service *service, uv_loop_t *loop, struct error *err) PADAN_MUST_CHECK;
void service_close(struct service *service);

void service_ready(struct service *service);
/* A line for `systemctl status`; literals and numbers only. */
void service_status(struct service *service, const char *format, ...) __attribute__((format(printf, 2, 3)));
void service_reloading(struct service *service); /* followed by service_ready() */
void service_stopping(struct service *service);

/* Around each piece of work that must not stall. */
void service_work_begin(struct service *service);
void service_work_end(struct service *service);
static inline void service_progress(struct service *service)
{
	atomic_fetch_add_explicit(&service->progress, 1, memory_order_relaxed);
}

/* Whether the watchdog may be fed now; the decision of the timer, apart for tests. */
bool service_is_alive(struct service *service, uint64_t now_ms);

#endif
