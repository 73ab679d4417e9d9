/*
 * How matcher/ uses several cores without knowing about threads: the caller lends a way to run tasks side by side
 * (threads in the command line, the libuv pool in the daemon). A NULL struct parallel means: one after another.
 *
 * Results never depend on the number of threads: a task writes only to places that belong to its number.
 */
#ifndef PADAN_PARALLEL_H
#define PADAN_PARALLEL_H

#include <stddef.h>

typedef void parallel_task(void *arg, size_t task);

struct parallel {
	unsigned threads; /* how many tasks run at once, ≥ 1 */
	/* Calls task(arg, i) once for each i below count, on any thread, and returns when all have ended. */
	void (*run)(const struct parallel *self, size_t count, parallel_task *task, void *arg);
};

static inline void parallel_run(const struct parallel *parallel, size_t count, parallel_task *task, void *arg)
{
	if (parallel && parallel->threads > 1 && count > 1) {
		parallel->run(parallel, count, task, arg);
		return;
	}
	for (size_t i = 0; i < count; i++)
		task(arg, i);
}

static inline unsigned parallel_threads(const struct parallel *parallel)
{
	return parallel ? parallel->threads : 1;
}

#endif
