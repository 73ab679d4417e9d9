/*
 * Edit distances and Jaro against their definitions, on known words and on random ones.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/compare/edit.h"
#include "matcher/compare/jaro.h"
#include "tests/reference/edit_slow.h"

static uint64_t random_next(uint64_t *seed)
{
	return hash_mix(*seed += UINT64_C(0x9e3779b97f4a7c15));
}

static unsigned random_below(uint64_t *seed, unsigned n)
{
	return (unsigned)(random_next(seed) % n);
}

/* Letters of a small alphabet, so that much agrees. */
static struct str random_word(uint64_t *seed, char *out, unsigned max, unsigned alphabet)
{
	size_t n = random_below(seed, max + 1);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)('A' + random_below(seed, alphabet));
	return (struct str){out, n};
}

static struct str damaged(uint64_t *seed, struct str word, char *out, unsigned edits)
{
	size_t n = word.n;

	memcpy(out, word.p, n);
	while (edits-- && n > 2) {
		size_t at = random_below(seed, (unsigned)n - 1);
		char c = out[at];

		switch (random_below(seed, 3)) {
		case 0:
			out[at] = (char)('A' + random_below(seed, 6));
			break;
		case 1:
			out[at] = out[at + 1];
			out[at + 1] = c;
			break;
		default:
			memmove(out + at, out + at + 1, n - at - 1);
			n--;
			break;
		}
	}
	return (struct str){out, n};
}

static void knows_words(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned osa;
	} cases[] = {
	        {"", "", 0},
	        {"SITI", "SITI", 0},
	        {"", "SITI", 4},
	        {"SITI", "STII", 1},
	        {"SLAMET", "SELAMET", 1},
	        {"KITTEN", "SITTING", 3},
	        {"CA", "ABC", 3}, /* OSA, not Damerau's 2 */
	        {"MUHAMAD", "MUHAMMAD", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str a = str_from(cases[i].a), b = str_from(cases[i].b);

		assert_int_equal(edit_osa(a, b, 100), cases[i].osa);
		assert_int_equal(edit_osa(b, a, 100), cases[i].osa);
	}
	assert_true(fabs(jaro_winkler_similarity(STR_LITERAL("MARTHA"), STR_LITERAL("MARHTA")) - 0.961111) < 1e-6);
	assert_true(fabs(jaro_winkler_similarity(STR_LITERAL("DIXON"), STR_LITERAL("DICKSONX")) - 0.813333) < 1e-6);
}

static void check_pair(struct str a, struct str b)
{
	unsigned right = slow_edit_osa(a, b);

	for (unsigned cutoff = 0; cutoff < 200; cutoff = cutoff < 4 ? cutoff + 1 : cutoff * 3)
		assert_int_equal(edit_osa(a, b, cutoff), right > cutoff ? cutoff + 1 : right);
	assert_true(fabs(jaro_similarity(a, b) - slow_jaro(a, b)) < 1e-12);
	assert_true(fabs(jaro_winkler_similarity(a, b) - slow_jaro_winkler(a, b)) < 1e-12);
}

static void agrees_with_the_table(void **state)
{
	uint64_t seed = 20240701;
	char x[200], y[200];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct str a = random_word(&seed, x, 24, 3 + random_below(&seed, 5));
		struct str b = random_word(&seed, y, 24, 3 + random_below(&seed, 5));

		check_pair(a, b);
	}
	for (int round = 0; round < 1500; round++) {
		struct str word = random_word(&seed, x, 30, 8);

		check_pair(word, damaged(&seed, word, y, random_below(&seed, 4)));
	}
	for (int round = 0; round < 250; round++) { /* around and beyond a machine word */
		struct str word = random_word(&seed, x, 150, 4);

		check_pair(word, damaged(&seed, word, y, random_below(&seed, 6)));
		check_pair(word, random_word(&seed, y, 150, 4));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(knows_words),
	        cmocka_unit_test(agrees_with_the_table),
	};

	return cmocka_run_group_tests_name("edit distances", tests, NULL, NULL);
}
