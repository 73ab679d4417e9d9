/*
 * Workers wait for a new run, then take tasks by number until none are left. See thread_pool.h.
 */
#include "daemon/base/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS_MAX = 1024 };

struct thread_pool {
	struct parallel parallel; /* first: a run finds its pool through it */
	pthread_mutex_t mutex;
	pthread_cond_t begin, end;
	pthread_t *threads;
	unsigned n_threads; /* beside the caller's */
	bool stop;
	unsigned long run_number; /* under the mutex, like the next four */
	parallel_task *task;
	void *arg;
	size_t count;
	unsigned busy;
	atomic_size_t next;
};

static void work(struct thread_pool *pool, parallel_task *task, void *arg, size_t count)
{
	for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < count;)
		task(arg, i);
}

static void *worker(void *arg)
{
	struct thread_pool *pool = arg;
	unsigned long done = 0;

	pthread_mutex_lock(&pool->mutex);
	for (;;) {
		while (pool->run_number == done && !pool->stop)
			pthread_cond_wait(&pool->begin, &pool->mutex);
		if (pool->stop)
			break;
		done = pool->run_number;
		pthread_mutex_unlock(&pool->mutex);
		work(pool, pool->task, pool->arg, pool->count);
		pthread_mutex_lock(&pool->mutex);
		if (--pool->busy == 0)
			pthread_cond_signal(&pool->end);
	}
	pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

static void run(const struct parallel *self, size_t count, parallel_task *task, void *arg)
{
	struct thread_pool *pool = (struct thread_pool *)(void *)self;

	pthread_mutex_lock(&pool->mutex);
	pool->task = task;
	pool->arg = arg;
	pool->count = count;
	pool->busy = pool->n_threads;
	atomic_store(&pool->next, 0);
	pool->run_number++;
	pthread_cond_broadcast(&pool->begin);
	pthread_mutex_unlock(&pool->mutex);
	work(pool, task, arg, count);
	pthread_mutex_lock(&pool->mutex);
	while (pool->busy)
		pthread_cond_wait(&pool->end, &pool->mutex);
	pthread_mutex_unlock(&pool->mutex);
}

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

struct thread_pool *thread_pool_new(unsigned threads)
{
	struct thread_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	threads = threads ? threads : processors();
	threads = threads > THREADS_MAX ? THREADS_MAX : threads;
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->begin, NULL);
	pthread_cond_init(&pool->end, NULL);
	pool->threads = calloc(threads, sizeof(*pool->threads));
	while (pool->threads && pool->n_threads + 1 < threads &&
		pthread_create(&pool->threads[pool->n_threads], NULL, worker, pool) == 0)
		pool->n_threads++;
	pool->parallel = (struct parallel){.threads = pool->n_threads + 1, .run = run};
	return pool;
}

void thread_pool_free(struct thread_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->mutex);
	pool->stop = true;
	pthread_cond_broadcast(&pool->begin);
	pthread_mutex_unlock(&pool->mutex);
	for (unsigned i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_mutex_destroy(&pool->mutex);
	pthread_cond_destroy(&pool->begin);
	pthread_cond_destroy(&pool->end);
	free(pool->threads);
	free(pool);
}

const struct parallel *thread_pool_parallel(const struct thread_pool *pool)
{
	return pool ? &pool->parallel : NULL;
}
