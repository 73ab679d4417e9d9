/*
 * sd_notify and the watchdog; see service_notify.h. Called by daemon/padand.c and the job worker.
 */
#include "daemon/base/service_notify.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "daemon/base/banned.h"

bool service_is_alive(struct service *service, uint64_t now_ms)
{
	uint64_t progress = atomic_load_explicit(&service->progress, memory_order_relaxed);

	if (service->in_hand == 0 || progress != service->progress_seen) {
		service->progress_seen = progress;
		service->progress_seen_ms = now_ms;
		return true;
	}
	return now_ms - service->progress_seen_ms <= service->stall_seconds * UINT64_C(1000);
}

static void on_timer(uv_timer_t *timer)
{
	struct service *service = timer->data;

	if (service_is_alive(service, uv_now(timer->loop)))
		sd_notify(0, "WATCHDOG=1");
	else
		log_error("work in hand has not moved; the watchdog is not fed",
			LOG_NUMBER("stall_seconds", service->stall_seconds));
}

int service_start(struct service *service, uv_loop_t *loop, struct error *err)
{
	int status = uv_timer_init(loop, &service->timer);

	if (status < 0)
		return event_loop_error(err, "pewaktu", "timer", status);
	service->timer.data = service;
	service->started = true;
	service->stall_seconds = LIMIT_STALL_SECONDS;
	service->progress_seen_ms = uv_now(loop);
	if (sd_watchdog_enabled(0, &service->watchdog_us) <= 0)
		service->watchdog_us = 0;
	if (service->watchdog_us) {
		uint64_t every_ms = service->watchdog_us / 3000;

		uv_timer_start(&service->timer, on_timer, 0, every_ms ? every_ms : 1);
	}
	return 0;
}

void service_close(struct service *service)
{
	if (service->started && !uv_is_closing((uv_handle_t *)&service->timer))
		uv_close((uv_handle_t *)&service->timer, NULL);
}

void service_ready(struct service *service)
{
	service->ready = true;
	sd_notify(0, "READY=1");
}

void service_status(struct service *service, const char *format, ...)
{
	char text[256] = "STATUS=";
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + 7, sizeof(text) - 7, format, arguments);
	va_end(arguments);
	sd_notify(0, text);
}

void service_reloading(struct service *service)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		(unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000);
}

void service_stopping(struct service *service)
{
	sd_notify(0, "STOPPING=1");
}

void service_work_begin(struct service *service)
{
	service->in_hand++;
	service_progress(service);
}

void service_work_end(struct service *service)
{
	service->in_hand--;
	service_progress(service);
}
