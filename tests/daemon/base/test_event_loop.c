/*
 * The loop: it closes when everybody closed, notices a callback that took long, and hears signals. The watchdog's
 * decision and the counters' text are tested here too, being small.
 */
#include "daemon/base/counters.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/service_notify.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct heard {
	struct event_loop *loop;
	int stops, reloads;
};

static void heard_stop(void *arg)
{
	struct heard *heard = arg;

	heard->stops++;
	event_loop_close(heard->loop);
}

static void heard_reload(void *arg)
{
	struct heard *heard = arg;

	heard->reloads++;
	raise(SIGTERM);
}

static void dawdle(uv_timer_t *timer)
{
	uint64_t until = uv_hrtime() + 60 * 1000000;

	while (uv_hrtime() < until)
		;
	uv_close((uv_handle_t *)timer, NULL);
	raise(SIGHUP);
}

static void test_signals_and_lateness(void **state)
{
	struct event_loop loop;
	struct heard heard = {.loop = &loop};
	struct event_loop_signals signals = {heard_stop, heard_reload, &heard};
	uv_timer_t timer;

	assert_int_equal(event_loop_init(&loop, &signals, NULL), 0);
	uv_timer_init(&loop.uv, &timer);
	uv_timer_start(&timer, dawdle, 1, 0);
	event_loop_run(&loop);
	assert_int_equal(heard.stops, 1);
	assert_int_equal(heard.reloads, 1);
	assert_true(loop.lateness.longest_turn_seconds >= 0.055);
	assert_true(loop.lateness.longest_turn_seconds < 5);
	assert_true(loop.lateness.longest_turn_cpu_seconds > 0);
	assert_true(loop.lateness.late_turns >= 1);
	assert_true(event_loop_release(&loop));
}

static void test_watchdog_wants_progress(void **state)
{
	struct service service = {.stall_seconds = 10};

	assert_true(service_is_alive(&service, 1000));
	assert_true(service_is_alive(&service, 1000000)); /* idle is alive */
	service_work_begin(&service);
	assert_true(service_is_alive(&service, 1001000));
	assert_true(service_is_alive(&service, 1011000));
	assert_false(service_is_alive(&service, 1011001)); /* nothing moved for more than 10 s */
	service_progress(&service);
	assert_true(service_is_alive(&service, 1012000));
	assert_true(service_is_alive(&service, 1022000));
	assert_false(service_is_alive(&service, 1022001));
	service_work_end(&service);
	assert_true(service_is_alive(&service, 2000000));
}

static void test_counters_as_json(void **state)
{
	struct counters counters = {{0}};
	char text[4096], small[64];

	counter_add(&counters, COUNTER_rows_read_total, 41);
	counter_add(&counters, COUNTER_rows_read_total, 1);
	assert_true(counters_json(&counters, text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "\"rows_read_total\":42,"));
	assert_int_equal(text[strlen(text) - 1], '}');
	assert_int_equal(counters_json(&counters, small, sizeof(small)), -1);
}

static void test_failpoint_ends_the_process_at_the_nth_time(void **state)
{
	for (int times = 1; times <= 3; times++) {
		int status;
		pid_t child = fork();

		if (child == 0) {
			char wish[32];

			snprintf(wish, sizeof(wish), "%d:2", FAILPOINT_stage_chunk);
			setenv("PADAN_FAILPOINT", wish, 1);
			failpoint(stage_begun);
			for (int i = 0; i < times; i++)
				failpoint(stage_chunk);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WEXITSTATUS(status), times >= 2 ? FAILPOINT_EXIT_STATUS : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_and_lateness),
		cmocka_unit_test(test_watchdog_wants_progress),
		cmocka_unit_test(test_counters_as_json),
		cmocka_unit_test(test_failpoint_ends_the_process_at_the_nth_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
