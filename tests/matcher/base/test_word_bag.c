/* A bag gives back what was put in, in order, whatever the number. */
#include "matcher/base/word_bag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void gives_back_in_order(void **state)
{
	static const size_t sizes[] = {0, 1, WORD_BLOCK - 1, WORD_BLOCK, WORD_BLOCK + 1, 2 * WORD_BLOCK, 1000};
	uint64_t words[1000];
	struct word_bag bag = {0};

	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		for (size_t i = 0; i < sizes[s]; i++)
			assert_int_equal(word_bag_add(&bag, i * i), 0);
		assert_int_equal(bag.n, sizes[s]);
		word_bag_take(&bag, words);
		for (size_t i = 0; i < sizes[s]; i++)
			assert_true(words[i] == i * i);
		assert_true(bag.n == 0 && bag.newest == NULL);
	}
	assert_int_equal(word_bag_add(&bag, 7), 0);
	word_bag_release(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(gives_back_in_order)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
