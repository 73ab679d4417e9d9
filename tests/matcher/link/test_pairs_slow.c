/*
 * Training and candidates against their slow twins (tests/reference/pairs_slow.h), on made-up persons of several seeds: nearly no
 * pair that all pairs would link is left out by the indexes, and what training arrived at is what one more step of expectation
 * maximisation, made pair by pair, gives again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "matcher/link/linker_state.h"
#include "tests/reference/pairs_slow.h"
#include "tests/support/link_people.h"

enum { PERSONS = 420, SEEDS = 3 };

/* A list in which every third person stands twice. */
static struct linker *trained(uint64_t seed)
{
	const struct linker_options options = {.within_lists = true};
	struct linker_schema schema;
	struct linker *linker;
	uint32_t list;

	people_schema(&schema);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	for (unsigned n = 0; n < PERSONS; n++) {
		struct person_row row;

		people_make(seed, n, &row);
		people_add(linker, &row);
		if (n % 3 == 0) {
			people_damage(seed * 1000 + n, &row);
			people_add(linker, &row);
		}
	}
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	return linker;
}

static void indexes_find_what_all_pairs_find(void **state)
{
	size_t pairs_in_all = 0, found_in_all = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct linker *linker = trained(seed);
		size_t pairs, found;

		pairs_slow_recall(&linker->scorer, &linker->candidates, 0.5, &pairs, &found);
		pairs_in_all += pairs;
		found_in_all += found;
		linker_free(linker);
	}
	assert_true(pairs_in_all >= SEEDS * PERSONS / 3 * 9 / 10);
	/* At most one in two hundred. */
	assert_true((pairs_in_all - found_in_all) * 200 <= pairs_in_all);
}

/* The shipped values count as thirty pairs, and what found a pair teaches half: train.c. */
enum { STRENGTH = 30 };
#define CHOSEN 0.5

static void training_is_a_fixed_point(void **state)
{
	static double share[COMPARISONS_MAX][LEVELS_MAX], counts[COMPARISONS_MAX][LEVELS_MAX];

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct linker *linker = trained(seed);
		const struct fs_model *model = &linker->model;
		double matches = pairs_slow_levels(&linker->scorer, &linker->candidates, CHOSEN, share, counts);

		/* Ten records of the shipped rate, .1. */
		assert_true(fabs(model->within - (matches + 1) / ((double)linker->store.n_records / 2 + 10)) < 0.02);
		for (size_t c = 0; c < model->n; c++) {
			const struct fs_comparison *comparison = &model->comparisons[c];

			for (unsigned l = 1; l < comparison->n_levels; l++) {
				double told = 0, n;

				for (unsigned k = 1; k < comparison->n_levels; k++) {
					if (!comparison_is_phrase(comparison->kind) || phrase_split(k) == phrase_split(l))
						told += counts[c][k];
				}
				n = told + STRENGTH;
				/* Between the share seen and the shipped value, by their weights: what is seen may miss by that of the latter. */
				if (told > 60 && fabs(comparison->p[FS_MATCH][l] - share[c][l]) > STRENGTH / n + 0.02)
					fail_msg("seed %u, %s, level %u: %.4f, pair by pair %.4f", (unsigned)seed, comparison->name, l,
						comparison->p[FS_MATCH][l], share[c][l]);
			}
		}
		linker_free(linker);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indexes_find_what_all_pairs_find),
		cmocka_unit_test(training_is_a_fixed_point),
	};

	return cmocka_run_group_tests_name("slow pairs", tests, NULL, NULL);
}
