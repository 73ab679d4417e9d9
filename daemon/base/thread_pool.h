/*
 * Threads for the command line: a struct parallel (matcher/base/parallel.h) over a fixed number of them, which sleep
 * between two runs. The caller's thread works too, so a pool of one has no thread at all.
 *
 * For padan's own commands (check, dedupe, link); padand lends the libuv pool instead. One run at a time, from the thread
 * that made the pool.
 */
#ifndef PADAN_THREAD_POOL_H
#define PADAN_THREAD_POOL_H

#include "matcher/base/error.h"
#include "matcher/base/parallel.h"

struct thread_pool;

/* threads 0: as many as there are processors for this process. Fewer than asked for are used if the system gives fewer. */
struct thread_pool *thread_pool_new(unsigned threads);
void thread_pool_free(struct thread_pool *pool);

/* Valid as long as the pool; NULL pool gives NULL, which means: one after another. */
const struct parallel *thread_pool_parallel(const struct thread_pool *pool);

#endif
