/*
 * The people of the simulated district: numbers by the registry's rules, families that hold together, and time that
 * moves people without losing them. Damage: none at scale 0, within bounds at the usual rates, never of the truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "daemon/simulate/sim_damage.h"
#include "daemon/simulate/sim_people.h"
#include "daemon/simulate/sim_years.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUSEHOLDS = 1500 };

struct district {
	struct arena arena;
	struct sim_world world;
};

static int settle(void **state)
{
	struct district *d = calloc(1, sizeof *d);
	struct error err = {0};

	if (!d)
		return -1;
	arena_init(&d->arena, 0);
	sim_world_init(&d->world, &d->arena, 3, sim_date_number((struct sim_date){2022, 1, 15}));
	if (sim_places_init(&d->world.places, "15.05", sim_people_villages(HOUSEHOLDS), &d->arena, &err) < 0 ||
		sim_names_init(&d->world.names, &d->arena, &err) < 0 || sim_people_settle(&d->world, HOUSEHOLDS,
		&err) < 0)
		return -1;
	*state = d;
	return 0;
}

static int leave(void **state)
{
	struct district *d = *state;

	sim_world_release(&d->world);
	arena_release(&d->arena);
	free(d);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void assert_all_different(const char **numbers, size_t n)
{
	qsort(numbers, n, sizeof *numbers, by_text);
	for (size_t i = 1; i < n; i++)
		assert_string_not_equal(numbers[i - 1], numbers[i]);
}

static void numbers_follow_the_registry(void **state)
{
	struct sim_world *w = &((struct district *)*state)->world;
	const char **numbers = calloc(w->person_count + 1, sizeof *numbers);
	size_t local = 0;

	assert_non_null(numbers);
	for (size_t i = 0; i < w->person_count; i++) {
		const struct sim_person *p = &w->people[i];
		struct sim_date birth = sim_date_of(p->birth);
		char date[7];

		assert_int_equal(strlen(p->nik), 16);
		assert_int_equal(strspn(p->nik, "0123456789"), 16);
		snprintf(date, sizeof date, "%02u%02u%02u", (unsigned)(birth.day + (p->sex == SIM_FEMALE ? 40 :
			0)) % 100, (unsigned)birth.month % 100, (unsigned)birth.year % 100);
		assert_memory_equal(p->nik + 6, date, 6);
		assert_string_not_equal(p->nik + 12, "0000");
		local += strncmp(p->nik, "1505", 4) == 0;
		numbers[i] = p->nik;
	}
	assert_in_range(local * 100 / w->person_count, 65, 97);
	assert_all_different(numbers, w->person_count);
	for (size_t i = 0; i < w->household_count; i++) {
		assert_int_equal(strlen(w->households[i].kk), 16);
		assert_string_not_equal(w->households[i].kk, w->households[i].kk_before);
		numbers[i] = w->households[i].kk;
	}
	assert_all_different(numbers, w->household_count);
	free(numbers);
}

/* Everyone stands in one household's list; each household with somebody alive has one living head. */
static void assert_families_hold(const struct sim_world *w)
{
	size_t members = 0;

	for (uint32_t h = 0; h < w->household_count; h++) {
		int heads = 0, alive = 0;

		for (uint32_t i = w->households[h].first; i != SIM_NOBODY; i = w->people[i].next) {
			const struct sim_person *p = &w->people[i];

			members++;
			assert_int_equal(p->household, h);
			alive += sim_person_lives(p);
			heads += sim_person_lives(p) && p->relation == SIM_HEAD;
			assert_in_range(p->relation, SIM_HEAD, SIM_RELATIVE);
			if (p->mother != SIM_NOBODY)
				assert_in_range(p->birth - w->people[p->mother].birth, 16 * 365, 46 * 365);
		}
		assert_int_equal(heads, alive > 0);
	}
	assert_int_equal(members, w->person_count);
}

static void families_hold_together(void **state)
{
	struct sim_world *w = &((struct district *)*state)->world;
	size_t twins = 0;

	assert_families_hold(w);
	assert_in_range(w->person_count, HOUSEHOLDS * 3, HOUSEHOLDS * 4);
	for (size_t i = 1; i < w->person_count; i++)
		twins += w->people[i].birth == w->people[i - 1].birth && w->people[i].mother != SIM_NOBODY &&
			w->people[i].mother == w->people[i - 1].mother;
	assert_in_range(twins, 5, 80);
}

/* Under a third of all people have one part, half have two, the rest three. */
static void names_are_as_long_as_in_life(void **state)
{
	struct sim_world *w = &((struct district *)*state)->world;
	size_t parts[8] = {0};

	for (size_t i = 0; i < w->person_count; i++) {
		size_t n = 1;

		for (const char *p = w->people[i].name; *p; p++)
			n += *p == ' ';
		parts[n < 7 ? n : 7]++;
	}
	assert_in_range(parts[1] * 1000 / w->person_count, 265, 305);
	assert_in_range(parts[2] * 1000 / w->person_count, 455, 520);
}

static void years_lose_nobody(void **state)
{
	struct sim_world *w = &((struct district *)*state)->world;
	struct error err = {0};
	size_t people = w->person_count, dead = 0, moved = 0, new_cards = 0;
	char(*cards)[17] = calloc(HOUSEHOLDS, sizeof *cards);

	assert_non_null(cards);
	for (size_t h = 0; h < HOUSEHOLDS; h++)
		memcpy(cards[h], w->households[h].kk, 17);
	assert_int_equal(sim_years_pass(w, 4, w->today + 4 * 365, &err), 0);
	assert_families_hold(w);
	numbers_follow_the_registry(state);
	for (size_t i = 0; i < w->person_count; i++) {
		dead += !sim_person_lives(&w->people[i]);
		moved += w->people[i].has_moved_out;
	}
	for (size_t h = 0; h < HOUSEHOLDS; h++)
		new_cards += strcmp(cards[h], w->households[h].kk) != 0;
	assert_in_range(dead, people / 200, people / 15);
	assert_in_range(moved, people / 100, people / 8);
	assert_in_range(new_cards, HOUSEHOLDS / 6, HOUSEHOLDS / 2);
	assert_true(w->person_count > people);
	assert_true(w->household_count > HOUSEHOLDS);
	free(cards);
}

static void damage_is_none_at_scale_0_and_bounded_at_1(void **state)
{
	struct sim_world *w = &((struct district *)*state)->world;
	struct sim_random random;
	size_t nik = 0, name = 0, date = 0, kk = 0;

	sim_random_init(&random, 9);
	for (uint32_t i = 0; i < w->person_count; i++) {
		struct sim_row clean, row;

		sim_row_fill(w, i, &clean);
		row = clean;
		sim_damage_row(w, &sim_list_plans[SIM_PKH], &random, 0, &row);
		assert_memory_equal(&row, &clean, sizeof row);
		sim_damage_row(w, &sim_list_plans[SIM_PKH], &random, 1, &row);
		assert_int_equal(row.person, i);
		assert_int_equal(row.household, clean.household);
		assert_true(row.name[0] != '\0');
		nik += strcmp(row.nik, clean.nik) != 0;
		name += strcmp(row.name, clean.name) != 0;
		date += memcmp(&row.birth, &clean.birth, sizeof row.birth) != 0;
		kk += strcmp(row.kk, clean.kk) != 0;
	}
	assert_in_range(nik * 1000 / w->person_count, 80, 160);
	assert_in_range(name * 1000 / w->person_count, 100, 300);
	assert_in_range(date * 1000 / w->person_count, 25, 80);
	assert_in_range(kk * 1000 / w->person_count, 25, 90);
}

static void names_survive_any_damage(void **state)
{
	struct sim_random random;
	char name[80];

	(void)state;
	sim_random_init(&random, 11);
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "%s", i % 3 ? "A" : i % 2 ?
			"MUHAMMAD RIZKY SYAHPUTRA KHAIRUDDIN SIMANJUNTAK" : "NURHAYATI");
		sim_damage_name(&random, 30, i % 2, 50, i % 5 == 0, "ABDURRAHMAN BIN MUHAMMAD SYAFI'I", name,
			sizeof name);
		assert_in_range(strlen(name), 1, sizeof name - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers_follow_the_registry, settle, leave),
		cmocka_unit_test_setup_teardown(families_hold_together, settle, leave),
		cmocka_unit_test_setup_teardown(names_are_as_long_as_in_life, settle, leave),
		cmocka_unit_test_setup_teardown(years_lose_nobody, settle, leave),
		cmocka_unit_test_setup_teardown(damage_is_none_at_scale_0_and_bounded_at_1, settle, leave),
		cmocka_unit_test(names_survive_any_damage),
	};

	return cmocka_run_group_tests_name("sim_world", tests, NULL, NULL);
}
