/*
 * The daemon's loop; see event_loop.h. Called by daemon/padand.c.
 */
#include "daemon/base/event_loop.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "daemon/base/banned.h"

static const double late_seconds = 0.050;

static uint64_t thread_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Runs just before the loop looks for events, once per turn: what passed since the last time, waiting taken off. */
static void on_turn(uv_prepare_t *handle)
{
	struct event_loop *loop = handle->data;
	uint64_t now = uv_hrtime(), idle = uv_metrics_idle_time(&loop->uv), cpu = thread_cpu_ns();
	double busy = ((double)(now - loop->turn_began_ns) - (double)(idle - loop->idle_ns)) * 1e-9;
	double busy_cpu = (double)(cpu - loop->cpu_ns) * 1e-9;

	if (busy > loop->lateness.longest_turn_seconds)
		loop->lateness.longest_turn_seconds = busy;
	if (busy_cpu > loop->lateness.longest_turn_cpu_seconds)
		loop->lateness.longest_turn_cpu_seconds = busy_cpu;
	loop->lateness.turns++;
	loop->lateness.late_turns += busy >= late_seconds;
	loop->turn_began_ns = now;
	loop->idle_ns = idle;
	loop->cpu_ns = cpu;
}

static void on_signal(uv_signal_t *handle, int signal)
{
	struct event_loop *loop = handle->data;

	if (signal == SIGHUP)
		loop->signals.reload(loop->signals.arg);
	else
		loop->signals.stop(loop->signals.arg);
}

int event_loop_error(struct error *err, const char *what_id, const char *what_en, int uv_status)
{
	error_set(err, ERROR_SYSTEM, "%s", "%s", uv_strerror(uv_status));
	return error_context(err, what_id, what_en);
}

static int start_signal(struct event_loop *loop, uv_signal_t *handle, int signal)
{
	int status = uv_signal_init(&loop->uv, handle);

	handle->data = loop;
	if (status == 0)
		status = uv_signal_start(handle, on_signal, signal);
	return status;
}

int event_loop_init(struct event_loop *loop, const struct event_loop_signals *signals, struct error *err)
{
	int status;

	memset(loop, 0, sizeof(*loop));
	loop->signals = *signals;
	signal(SIGPIPE, SIG_IGN);
	status = uv_loop_init(&loop->uv);
	if (status < 0)
		return event_loop_error(err, "lingkar peristiwa", "event loop", status);
	loop->open = true;
	uv_loop_configure(&loop->uv, UV_METRICS_IDLE_TIME);
	uv_prepare_init(&loop->uv, &loop->turn);
	loop->turn.data = loop;
	loop->turn_began_ns = uv_hrtime();
	loop->cpu_ns = thread_cpu_ns();
	uv_prepare_start(&loop->turn, on_turn);
	uv_unref((uv_handle_t *)&loop->turn);
	if ((status = start_signal(loop, &loop->sigterm, SIGTERM)) < 0 ||
		(status = start_signal(loop, &loop->sigint, SIGINT)) < 0 ||
		(status = start_signal(loop, &loop->sighup, SIGHUP)) < 0)
		return event_loop_error(err, "penangan sinyal", "signal handler", status);
	return 0;
}

void event_loop_run(struct event_loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void event_loop_close(struct event_loop *loop)
{
	uv_handle_t *const handles[] = {(uv_handle_t *)&loop->sigterm, (uv_handle_t *)&loop->sigint,
		(uv_handle_t *)&loop->sighup, (uv_handle_t *)&loop->turn};

	for (size_t i = 0; loop->open && i < sizeof(handles) / sizeof(handles[0]); i++) {
		if (handles[i]->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handles[i]))
			uv_close(handles[i], NULL);
	}
}

bool event_loop_release(struct event_loop *loop)
{
	bool clean = true;

	if (loop->open)
		clean = uv_loop_close(&loop->uv) == 0;
	loop->open = false;
	return clean;
}
