/*
 * The arena: alignment, limits, resetting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/arena.h"

static void gives_aligned_zeroed_memory(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t size = 1; size < 5000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(&arena, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xA5, size);
	}
	arena_release(&arena);
	assert_int_equal(arena.taken, 0);
}

static void stops_at_its_limit(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 100000);
	assert_non_null(arena_alloc(&arena, 90000));
	assert_null(arena_alloc(&arena, 90000));
	assert_null(arena_array(&arena, SIZE_MAX / 2, 4));
	arena_release(&arena);
}

static void reset_keeps_one_block(void **state)
{
	struct arena arena;
	size_t taken;

	(void)state;
	arena_init(&arena, 0);
	for (int i = 0; i < 100; i++)
		assert_non_null(arena_alloc(&arena, 10000));
	arena_reset(&arena);
	taken = arena.taken;
	assert_true(taken > 0);
	assert_non_null(arena_alloc(&arena, 1000));
	assert_int_equal(arena.taken, taken);
	assert_true(str_equal(arena_str(&arena, STR_LITERAL("abc")), STR_LITERAL("abc")));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_aligned_zeroed_memory),
		cmocka_unit_test(stops_at_its_limit),
		cmocka_unit_test(reset_keeps_one_block),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
