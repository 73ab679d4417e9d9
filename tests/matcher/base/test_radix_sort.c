/* radix_sort() against qsort on seeded random entries: order, and stability. */
#include "matcher/base/hash.h"
#include "matcher/base/radix_sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static int by_key_then_number(const void *a, const void *b)
{
	const struct sort_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static void check(size_t n, uint64_t mask, uint64_t seed)
{
	struct sort_entry *entries = calloc(n + 1, sizeof *entries), *scratch = calloc(n + 1, sizeof *scratch);
	struct sort_entry *slow = calloc(n + 1, sizeof *slow);
	uint64_t *keys = calloc(2 * n + 1, sizeof *keys);

	for (size_t i = 0; i < n; i++)
		entries[i] = slow[i] = (struct sort_entry){hash_pair(seed, i) & mask, (uint32_t)i, (uint32_t)(i * 7)};
	radix_sort(entries, scratch, n);
	/* Numbers ascend as given, so a stable sort is one by (key, number). */
	qsort(slow, n, sizeof *slow, by_key_then_number);
	assert_memory_equal(entries, slow, n * sizeof *slow);
	for (size_t i = 0; i < n; i++)
		keys[i] = hash_pair(seed, i) & mask;
	radix_sort_keys(keys, keys + n, n);
	for (size_t i = 0; i < n; i++)
		assert_true(keys[i] == slow[i].key);
	/* Lower bits that ascend: sorting by the others sorts all. */
	for (size_t i = 0; i < n; i++)
		keys[i] = (hash_pair(seed, i) & mask) << 20 | i;
	radix_sort_keys_above(keys, keys + n, n, 20);
	for (size_t i = 1; i < n; i++)
		assert_true(keys[i - 1] < keys[i]);
	free(keys);
	free(entries);
	free(scratch);
	free(slow);
}

static void sorts_like_qsort(void **state)
{
	static const uint64_t masks[] = {UINT64_MAX, 0xff, 0xff00ff0000000000, 1, 0, 0xfffff};

	(void)state;
	for (size_t n = 0; n < 200; n += 13) {
		for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
			check(n, masks[m], n + m);
	}
	for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
		check(20000, masks[m], m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sorts_like_qsort)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
