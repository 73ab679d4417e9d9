/*
 * An allocator that fails when it is told to: the n-th call since failing_malloc_start() returns NULL, once, and all
 * others succeed, so that what an error path itself allocates is tried too.
 *
 * Works for test programs that are linked with FAILING_MALLOC of the Makefile (the linker's --wrap: the calls in
 * matcher/ and daemon/ come here, those inside of libc and of the sanitizers do not). Arenas ask malloc seldom, so their
 * calls are counted as well. One thread alone; leaks are found by running the same test under the address sanitizer.
 */
#ifndef PADAN_FAILING_MALLOC_H
#define PADAN_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* From now on calls are counted, and call number nth (from 1; 0: none) fails. */
void failing_malloc_start(size_t nth);

/*
 * The n to try after this one: the next, and from 64 on every 8th to save time, unless EVERY_ALLOCATION=1 is set in the
 * environment.
 */
size_t failing_malloc_next(size_t nth);

/* No further call fails. Whether one has since failing_malloc_start(). */
bool failing_malloc_stop(void);

#endif
