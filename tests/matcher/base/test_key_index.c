/*
 * The key index against a plain scan of all items.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/base/key_index.h"

enum { ITEMS = 5000 };

static uint64_t key_of(const void *arg, uint32_t item)
{
	return ((const uint64_t *)arg)[item];
}

static void chains_hold_what_a_scan_finds(void **state)
{
	static uint64_t keys[ITEMS];
	struct key_index index;

	(void)state;
	key_index_init(&index, key_of);
	for (uint32_t i = 0; i < ITEMS; i++) {
		keys[i] = hash_mix(i) % 900; /* 0 among them: no key */
		assert_int_equal(key_index_add(&index, keys, NULL), 0);
	}
	for (uint64_t key = 0; key < 1000; key++) {
		uint32_t item = key_index_first(&index, keys, key);

		for (uint32_t i = ITEMS; i-- > 0;) {
			if (key == 0 || keys[i] != key)
				continue;
			assert_int_equal(item, i);
			item = key_index_next(&index, item);
		}
		assert_int_equal(item, KEY_INDEX_END);
	}
	assert_true(key_index_memory(&index) >= ITEMS * 4);
	key_index_release(&index);
}

static void an_empty_index_finds_nothing(void **state)
{
	struct key_index index;

	(void)state;
	key_index_init(&index, key_of);
	assert_int_equal(key_index_first(&index, NULL, 7), KEY_INDEX_END);
	key_index_release(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_hold_what_a_scan_finds),
		cmocka_unit_test(an_empty_index_finds_nothing),
	};

	return cmocka_run_group_tests_name("key_index", tests, NULL, NULL);
}
