/*
 * Names, days and chance: names are well formed and common ones are common, dates agree with day numbers, draws are
 * fair.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/simulate/sim_date.h"
#include "daemon/simulate/sim_names.h"

#include <stdlib.h>
#include <string.h>

static void days_and_dates_agree(void **state)
{
	(void)state;
	assert_int_equal(sim_date_number((struct sim_date){1970, 1, 1}), 0);
	assert_int_equal(sim_date_number((struct sim_date){2000, 3, 1}), 11017);
	assert_int_equal(sim_date_number((struct sim_date){1980, 12, 31}) + 25569, 29586); /* as a spreadsheet counts */
	for (int32_t n = -30000; n < 30000; n++)
		assert_int_equal(sim_date_number(sim_date_of(n)), n);
	assert_int_equal(sim_date_age(sim_date_number((struct sim_date){1980, 7, 2}),
				 sim_date_number((struct sim_date){2024, 7, 1})), 43);
	assert_int_equal(sim_date_age(sim_date_number((struct sim_date){1980, 7, 1}),
				 sim_date_number((struct sim_date){2024, 7, 1})), 44);
}

static void chance_is_fair(void **state)
{
	static const int weights[] = {1, 0, 3};
	struct sim_random random;
	uint32_t items[50];
	int hits = 0, counts[3] = {0};
	uint64_t seen = 0;

	(void)state;
	sim_random_init(&random, 1);
	for (int i = 0; i < 40000; i++) {
		hits += sim_random_chance(&random, 0.25);
		counts[sim_random_weighted(&random, weights, 3)]++;
		assert_in_range(sim_random_between(&random, 3, 7), 3, 7);
		assert_false(sim_random_chance(&random, 0));
		assert_true(sim_random_chance(&random, 1));
	}
	assert_in_range(hits, 9600, 10400);
	assert_in_range(counts[0], 9600, 10400);
	assert_int_equal(counts[1], 0);
	for (uint32_t i = 0; i < 50; i++)
		items[i] = i;
	sim_random_shuffle(&random, items, 50);
	for (int i = 0; i < 50; i++)
		seen |= UINT64_C(1) << items[i];
	assert_true(seen == (UINT64_C(1) << 50) - 1);
}

static void names_are_well_formed(void **state)
{
	enum { MANY = 40000 };
	struct sim_names names;
	struct sim_random random;
	struct arena arena;
	struct error err = {0};
	char name[SIM_NAME_MAX];
	int muhammads = 0;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(sim_names_init(&names, &arena, &err), 0);
	sim_random_init(&random, 7);
	for (int i = 0; i < MANY; i++) {
		struct sim_name_wish wish = {.sex = i % 2, .birth_year = 1940 + i % 80, .culture = i % 2 ? SIM_MALAY :
			SIM_JAVANESE};

		sim_names_make(&names, &random, &wish, name);
		assert_in_range(strlen(name), 2, SIM_NAME_MAX - 1);
		assert_null(strstr(name, "  "));
		muhammads += wish.sex == SIM_MALE && strncmp(name, "MUHAMMAD ", 9) == 0;
		assert_string_not_equal(name, "MUHAMMAD");
	}
	assert_in_range(muhammads * 100 / (MANY / 2), 4, 20);
	arena_release(&arena);
}

static void twins_have_names_alike_but_not_the_same(void **state)
{
	struct sim_names names;
	struct sim_random random;
	struct arena arena;
	struct error err = {0};
	char name[SIM_NAME_MAX], twin[SIM_NAME_MAX];

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(sim_names_init(&names, &arena, &err), 0);
	sim_random_init(&random, 8);
	for (int i = 0; i < 2000; i++) {
		struct sim_name_wish wish = {.sex = i % 2, .birth_year = 2010, .culture = SIM_MALAY};

		sim_names_make(&names, &random, &wish, name);
		sim_names_make_twin(&names, &random, &wish, name, twin);
		assert_string_not_equal(name, twin);
	}
	sim_names_make_twin(&names, &random, &(struct sim_name_wish){.sex = SIM_MALE, .birth_year = 2010},
		"HASAN BASRI", twin);
	assert_string_equal(twin, "HUSIN BASRI");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_and_dates_agree),
		cmocka_unit_test(chance_is_fair),
		cmocka_unit_test(names_are_well_formed),
		cmocka_unit_test(twins_have_names_alike_but_not_the_same),
	};

	return cmocka_run_group_tests_name("sim_names", tests, NULL, NULL);
}
