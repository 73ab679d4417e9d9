/*
 * Pairs found many times over and in any order, some packed on the way, come out once and in order: against a plain table.
 */
#include "matcher/base/hash.h"
#include "matcher/link/found_pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { RECORDS = 2000, PARTNERS = 900, LOTS = 3, MANY = 1100000 /* enough to be packed */ };

static void check(bool with_indexes, size_t a_lot)
{
	struct found_pairs *found = found_pairs_new(RECORDS, with_indexes);
	uint8_t *slow = calloc(RECORDS * RECORDS, 1);
	struct candidates candidates = {0};
	size_t expected = 0, at = 0;

	assert_non_null(found);
	assert_non_null(slow);
	for (uint64_t lot = 0; lot < LOTS; lot++) {
		for (size_t i = 0; i < a_lot; i++) {
			uint64_t r = hash_pair(lot, i);
			uint32_t a = (uint32_t)(r % RECORDS), b = (uint32_t)((a + 1 + (r >> 32) % PARTNERS) % RECORDS);

			assert_int_equal(found_pairs_add(found, r >> 20 & (FOUND_LISTS - 1), a, b, 1u << lot, (unsigned)lot), 0);
			slow[(a < b ? a : b) * RECORDS + (a < b ? b : a)] |= (uint8_t)(1 << lot);
		}
		if (!with_indexes)
			assert_int_equal(found_pairs_pack(found, NULL), 0);
	}
	assert_int_equal(found->packed[0].n > 0, a_lot >= MANY);
	assert_int_equal(found_pairs_gather(found, NULL, &candidates), 0);
	for (uint32_t a = 0; a < RECORDS; a++) {
		for (uint32_t b = a + 1; b < RECORDS; b++) {
			uint8_t lots = slow[a * RECORDS + b];

			if (!lots)
				continue;
			expected++;
			assert_true(at < candidates.n && candidates.pairs[at].a == a && candidates.pairs[at].b == b);
			if (with_indexes)
				assert_true(candidates.free_from[at] == lots && candidates.indexes[at] == lots);
			at++;
		}
	}
	assert_int_equal(candidates.n, expected);
	found_pairs_free(found);
	candidates_release(&candidates);
	free(slow);
}

static void comes_out_once_and_in_order(void **state)
{
	(void)state;
	check(false, 0);
	check(false, 5000);
	check(false, MANY);
	check(true, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(comes_out_once_and_in_order)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
