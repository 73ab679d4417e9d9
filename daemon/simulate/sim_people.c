/*
 * The households of the simulated district. See sim_people.h.
 */
#include "daemon/simulate/sim_people.h"

#include <stdio.h>
#include <string.h>

enum household_type { COUPLE, MOTHER, FATHER, OLD_COUPLE, ALONE, HOUSEHOLD_TYPES };

size_t sim_people_villages(size_t households)
{
	return (households + SIM_VILLAGE_FAMILIES - 1) / SIM_VILLAGE_FAMILIES;
}

/* A day on which someone of that age today was born. */
static int32_t birth_at_age(struct sim_world *world, int age)
{
	return world->today - age * 1461 / 4 - sim_random_between(&world->random, 1, 364);
}

static uint32_t add_adult(struct sim_world *world, uint32_t household, int sex, int age, enum sim_relation relation,
	const char *clan)
{
	enum sim_culture culture = world->households[household].culture;
	struct sim_name_wish wish = {.sex = sex, .culture = culture, .family_part = clan};
	char name[SIM_NAME_MAX];
	int32_t birth = birth_at_age(world, age);

	wish.birth_year = sim_date_of(birth).year;
	sim_names_make(&world->names, &world->random, &wish, name);
	return sim_world_add_person(world, household, name, sex, birth, relation, SIM_NOBODY);
}

static void marry(struct sim_world *world, uint32_t a, uint32_t b)
{
	if (a == SIM_NOBODY || b == SIM_NOBODY)
		return;
	world->people[a].spouse = b;
	world->people[b].spouse = a;
}

/* The part of the name that a child shares with its family, if it does. */
static const char *shared_part(struct sim_world *world, uint32_t household, uint32_t father)
{
	const char *last;

	if (world->households[household].clan)
		return world->households[household].clan;
	if (father == SIM_NOBODY || !sim_random_chance(&world->random, 0.14))
		return NULL;
	last = sim_names_last_part(world->people[father].name);
	return strcmp(last, "MUHAMMAD") == 0 ? NULL : last;
}

void sim_people_birth(struct sim_world *world, uint32_t household, uint32_t father, uint32_t mother, int32_t day,
	enum sim_relation relation)
{
	uint32_t twin = SIM_NOBODY;
	int count = sim_random_chance(&world->random, 0.012) ? 2 : 1;
	struct sim_name_wish wish = {.culture = world->households[household].culture,
		.birth_year = sim_date_of(day).year};
	char name[SIM_NAME_MAX], first[SIM_NAME_MAX] = "";

	wish.family_part = shared_part(world, household, father);
	wish.sex = sim_random_chance(&world->random, 0.512) ? SIM_MALE : SIM_FEMALE;
	for (int i = 0; i < count; i++) {
		uint32_t child;

		if (i > 0) {
			if (sim_random_chance(&world->random, 0.3))
				wish.sex = !wish.sex;
			sim_names_make_twin(&world->names, &world->random, &wish, first, name);
		} else if (wish.sex == SIM_MALE && father != SIM_NOBODY && sim_random_chance(&world->random, 0.005)) {
			snprintf(name, sizeof name, "%s", world->people[father].name);
		} else {
			sim_names_make(&world->names, &world->random, &wish, name);
		}
		memcpy(first, name, sizeof first);
		child = sim_world_add_person(world, household, name, wish.sex, day, relation, twin);
		if (child == SIM_NOBODY)
			return;
		world->people[child].father = father;
		world->people[child].mother = mother;
		twin = child;
	}
}

/* Children of a mother up to today; those grown up have mostly left. */
static void add_children(struct sim_world *world, uint32_t household, uint32_t father, uint32_t mother,
	enum sim_relation relation)
{
	static const int wanted[] = {5, 17, 35, 25, 12, 6};
	int births = (int)sim_random_weighted(&world->random, wanted, 6);
	int32_t parent_birth = world->people[mother != SIM_NOBODY ? mother : father].birth;
	int32_t day = parent_birth + sim_random_between(&world->random, 18 * 365, 28 * 365);

	for (int i = 0; i < births && day < world->today; i++) {
		int age = sim_date_age(day, world->today);

		if (age < 20 || sim_random_chance(&world->random, age < 26 ? 0.55 : 0.14))
			sim_people_birth(world, household, father, mother, day, relation);
		day += sim_random_between(&world->random, 400, 2200);
		if (day > parent_birth + 43 * 365)
			break;
	}
}

/* A parent of the head or of the spouse who lives with them. */
static void add_grandparents(struct sim_world *world, uint32_t household, uint32_t child)
{
	bool of_head = world->people[child].relation == SIM_HEAD;
	enum sim_relation relation = of_head ? SIM_PARENT : SIM_PARENT_IN_LAW;
	int age = sim_person_age(world, &world->people[child]) + sim_random_between(&world->random, 18, 32);
	uint32_t mother = SIM_NOBODY, father = SIM_NOBODY;
	uint32_t which = sim_random_below(&world->random, 10);

	if (age > 92)
		return;
	if (which < 8)
		mother = add_adult(world, household, SIM_FEMALE, age, relation, NULL);
	if (which >= 6)
		father = add_adult(world, household, SIM_MALE, age + 3, relation, world->households[household].clan);
	marry(world, mother, father);
	if (mother != SIM_NOBODY)
		world->people[child].mother = mother;
	if (father != SIM_NOBODY)
		world->people[child].father = father;
}

/* A grown child's husband or wife and children who live with the parents. */
static void add_young_family(struct sim_world *world, uint32_t household)
{
	for (uint32_t i = world->households[household].first; i != SIM_NOBODY; i = world->people[i].next) {
		int age = sim_person_age(world, &world->people[i]);
		bool man = world->people[i].sex == SIM_MALE;
		uint32_t partner;

		if (world->people[i].relation != SIM_CHILD || age < 20)
			continue;
		partner = add_adult(world, household, man ? SIM_FEMALE : SIM_MALE, age + (man ? -1 : 2),
			SIM_CHILD_IN_LAW, NULL);
		if (partner == SIM_NOBODY)
			return;
		marry(world, i, partner);
		add_children(world, household, man ? i : partner, man ? partner : i, SIM_GRANDCHILD);
		return;
	}
}

static void add_couple(struct sim_world *world, uint32_t household, int age)
{
	struct sim_random *random = &world->random;
	const char *her_clan = world->households[household].culture == SIM_BATAK ? sim_names_clan(random) : NULL;
	uint32_t man = add_adult(world, household, SIM_MALE, age, SIM_HEAD, world->households[household].clan);
	int her_age = age + 2 - (int)sim_random_below(random, 9);
	uint32_t woman = add_adult(world, household, SIM_FEMALE, her_age < 17 ? 17 : her_age, SIM_WIFE, her_clan);

	if (man == SIM_NOBODY || woman == SIM_NOBODY)
		return;
	marry(world, man, woman);
	add_children(world, household, man, woman, SIM_CHILD);
	if (age >= 42 && sim_random_chance(random, 0.5))
		add_young_family(world, household);
	if (age < 60 && sim_random_chance(random, 0.13))
		add_grandparents(world, household, sim_random_chance(random, 0.55) ? man : woman);
}

/* Sometimes the head bears the name of an earlier head in the village. */
static void make_namesake(struct sim_world *world, uint32_t household, uint32_t village_first)
{
	uint32_t head = sim_world_head(world, household);
	uint32_t other;

	if (head == SIM_NOBODY || household <= village_first || !sim_random_chance(&world->random, 0.012))
		return;
	other = sim_world_head(world, village_first + sim_random_below(&world->random, household - village_first));
	if (other != SIM_NOBODY && world->people[other].sex == world->people[head].sex)
		world->people[head].name = world->people[other].name;
}

static void fill_household(struct sim_world *world, uint32_t household)
{
	static const int types[HOUSEHOLD_TYPES] = {72, 9, 2, 8, 9};
	static const int deciles[] = {8, 9, 9, 10, 10, 10, 11, 11, 11, 11};
	static const int poor_deciles[] = {18, 15, 12, 10, 9, 9, 8, 7, 6, 6};
	struct sim_random *random = &world->random;
	enum household_type type = sim_random_weighted(random, types, HOUSEHOLD_TYPES);
	struct sim_household *h = &world->households[household];
	uint32_t parent;

	h->culture = (uint8_t)sim_random_weighted(random,
		sim_places_kecamatan(&world->places, &world->places.villages[h->village])->culture, SIM_CULTURES);
	h->clan = h->culture == SIM_BATAK ? sim_names_clan(random) : NULL;
	h->decile = (uint8_t)(1 + sim_random_weighted(random, type == COUPLE ? deciles : poor_deciles, 10));
	switch (type) {
	case COUPLE:
		add_couple(world, household, sim_random_between(random, 21, 42) + sim_random_between(random, 0, 21));
		break;
	case MOTHER:
	case FATHER:
		parent = add_adult(world, household, type == MOTHER ? SIM_FEMALE : SIM_MALE,
			sim_random_between(random, 27, 66), SIM_HEAD, h->clan);
		if (parent != SIM_NOBODY)
			add_children(world, household, type == MOTHER ? SIM_NOBODY : parent,
				type == MOTHER ? parent : SIM_NOBODY, SIM_CHILD);
		break;
	case OLD_COUPLE:
		add_couple(world, household, sim_random_between(random, 60, 80));
		break;
	case ALONE:
	case HOUSEHOLD_TYPES:
		add_adult(world, household, sim_random_chance(random, 0.66) ? SIM_FEMALE : SIM_MALE,
			sim_random_chance(random, 0.75) ? sim_random_between(random, 55, 88) :
							  sim_random_between(random, 20, 54),
			SIM_HEAD, h->clan);
		break;
	}
}

int sim_people_settle(struct sim_world *world, size_t households, struct error *err)
{
	size_t villages = world->places.village_count;
	struct sim_random *random = &world->random;

	for (size_t v = 0; v < villages && !world->failed; v++) {
		size_t here = (v + 1) * households / villages - v * households / villages;
		uint32_t village_first = (uint32_t)world->household_count;
		int rt = 1, room = sim_random_between(random, SIM_RT_FAMILIES - 10, SIM_RT_FAMILIES + 10);

		if (sim_world_check_stop(world, err) < 0)
			return -1;
		for (size_t i = 0; i < here && !world->failed; i++) {
			int32_t issued = world->today - 30 - (int32_t)sim_random_below(random, 15 * 365);
			uint32_t household;

			if (room-- == 0) {
				rt += rt < 99;
				room = sim_random_between(random, SIM_RT_FAMILIES - 10, SIM_RT_FAMILIES + 10);
			}
			household = sim_world_add_household(world, (uint16_t)v, rt, issued);
			if (household == SIM_NOBODY)
				break;
			fill_household(world, household);
			make_namesake(world, household, village_first);
			if (sim_random_chance(random, 0.2))
				sim_world_reissue_card(world, household, issued + (world->today - issued) / 2);
		}
	}
	return world->failed ? error_memory(err) : 0;
}
