/*
 * The thread pool: every task once, whatever the number of threads, run after run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "daemon/base/thread_pool.h"

enum { TASKS = 1000 };

static void count_task(void *arg, size_t task)
{
	((unsigned *)arg)[task]++;
}

static void runs_every_task_once(void **state)
{
	static unsigned done[TASKS];

	(void)state;
	for (unsigned threads = 0; threads <= 5; threads++) {
		struct thread_pool *pool = thread_pool_new(threads);

		assert_non_null(pool);
		memset(done, 0, sizeof(done));
		for (int i = 0; i < 50; i++)
			parallel_run(thread_pool_parallel(pool), i % 2 ? TASKS : 3, count_task, done);
		for (int i = 0; i < TASKS; i++)
			assert_int_equal(done[i], i < 3 ? 50 : 25);
		if (threads)
			assert_true(parallel_threads(thread_pool_parallel(pool)) <= threads);
		thread_pool_free(pool);
	}
}

static void no_pool_means_one_after_another(void **state)
{
	unsigned done[4] = {0};

	(void)state;
	parallel_run(thread_pool_parallel(NULL), 4, count_task, done);
	assert_int_equal(done[3], 1);
	thread_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_every_task_once),
		cmocka_unit_test(no_pool_means_one_after_another),
	};

	return cmocka_run_group_tests_name("thread_pool", tests, NULL, NULL);
}
