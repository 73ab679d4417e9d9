/* See failing_malloc.h. The names are the linker's: --wrap=f sends calls of f to __wrap_f, and __real_f is f itself. */
#include "tests/support/failing_malloc.h"

#include "matcher/base/arena.h"

#include <stdlib.h>

static struct {
	size_t calls, nth;
	bool counting, failed;
} state;

static bool fails(void)
{
	if (!state.counting || ++state.calls != state.nth)
		return false;
	state.failed = true;
	return true;
}

void failing_malloc_start(size_t nth)
{
	state.calls = 0;
	state.nth = nth;
	state.failed = false;
	state.counting = true;
}

bool failing_malloc_stop(void)
{
	state.counting = false;
	return state.failed;
}

size_t failing_malloc_next(size_t nth)
{
	return nth < 64 || getenv("EVERY_ALLOCATION") ? nth + 1 : nth + 8;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_arena_alloc(struct arena *arena, size_t size);
void *__real_arena_array(struct arena *arena, size_t n, size_t size);
struct str __real_arena_str(struct arena *arena, struct str text);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_arena_alloc(struct arena *arena, size_t size);
void *__wrap_arena_array(struct arena *arena, size_t n, size_t size);
struct str __wrap_arena_str(struct arena *arena, struct str text);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_arena_alloc(struct arena *arena, size_t size)
{
	return fails() ? NULL : __real_arena_alloc(arena, size);
}

void *__wrap_arena_array(struct arena *arena, size_t n, size_t size)
{
	return fails() ? NULL : __real_arena_array(arena, n, size);
}

struct str __wrap_arena_str(struct arena *arena, struct str text)
{
	return fails() ? (struct str){NULL, 0} : __real_arena_str(arena, text);
}
