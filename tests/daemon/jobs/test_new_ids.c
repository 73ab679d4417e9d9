/* Ids that came up in a job, as ranges. */
#include "daemon/jobs/new_ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(uint64_t first, uint64_t end, const uint64_t *add, size_t n, const char *from, const char *to)
{
	struct new_ids ids;
	struct error err = {0};

	assert_int_equal(new_ids_init(&ids, first, end, &err), 0);
	for (size_t i = 0; i < n; i++)
		new_ids_add(&ids, add[i]);
	assert_int_equal(new_ids_write(&ids, &err), 0);
	if (from) {
		assert_string_equal(ids.from, from);
		assert_string_equal(ids.to, to);
	} else {
		assert_null(ids.from);
		assert_null(ids.to);
	}
	new_ids_release(&ids);
}

static void test_ranges(void **state)
{
	check(1, 1, NULL, 0, NULL, NULL);
	check(1, 200, NULL, 0, NULL, NULL);
	check(5, 9, (uint64_t[]){8, 5, 5, 7, 6}, 5, "{5}", "{8}");
	check(100, 300, (uint64_t[]){299, 100, 163, 164, 165, 200}, 6, "{100,163,200,299}", "{100,165,200,299}");
}

static void test_others_are_left_out(void **state)
{
	check(10, 20, (uint64_t[]){0, 9, 20, 21, UINT64_MAX}, 5, NULL, NULL);
	check(20, 10, (uint64_t[]){15}, 1, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_others_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
