/* hash_map: what was put in comes out, through growth, with keys of every kind. */
#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void keeps_what_was_put_in(void **state)
{
	struct hash_map map = {0};

	(void)state;
	assert_int_equal(hash_map_get(&map, 0), HASH_MAP_NONE);
	for (uint32_t i = 0; i < 5000; i++) {
		/* Small numbers, multiples of a power of two, and hashes. */
		uint64_t keys[] = {i, (uint64_t)(i + 1) << 40, hash_mix(i + 1)};

		for (uint32_t k = 0; k < 3; k++) {
			uint32_t *at = hash_map_at(&map, keys[k], 3 * i + k);

			assert_non_null(at);
			assert_int_equal(*at, 3 * i + k);
		}
	}
	assert_int_equal(map.used, 15000);
	for (uint32_t i = 0; i < 5000; i++) {
		assert_int_equal(hash_map_get(&map, i), 3 * i);
		assert_int_equal(hash_map_get(&map, (uint64_t)(i + 1) << 40), 3 * i + 1);
		assert_int_equal(*hash_map_at(&map, hash_mix(i + 1), 99), 3 * i + 2);
	}
	assert_int_equal(hash_map_get(&map, UINT64_MAX), HASH_MAP_NONE);
	hash_map_release(&map);
	assert_int_equal(hash_map_get(&map, 1), HASH_MAP_NONE);
}

static void values_change_in_place(void **state)
{
	struct hash_map map = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		*hash_map_at(&map, (uint64_t)i % 10, 0) += 1;
	for (uint64_t key = 0; key < 10; key++)
		assert_int_equal(hash_map_get(&map, key), 100);
	hash_map_release(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_put_in),
		cmocka_unit_test(values_change_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
