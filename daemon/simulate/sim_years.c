/*
 * Time passes in the simulated district. See sim_years.h.
 */
#include "daemon/simulate/sim_years.h"

#include "daemon/simulate/sim_people.h"

#include <stdlib.h>

/* Yearly chances of a household or person; deaths by age below. */
static const double CHANCE_MOVE = 0.025, CHANCE_REISSUE = 0.06, CHANCE_CARD_AFTER_DEATH = 0.7, CHANCE_BIRTH = 0.1,
		    CHANCE_MARRY = 0.09, CHANCE_SPLIT = 0.08;

static double chance_of_death(int age)
{
	if (age < 40)
		return age < 1 ? 0.012 : 0.0012;
	return age < 55 ? 0.004 : age < 65 ? 0.012 : age < 75 ? 0.03 : 0.075;
}

static int32_t day_within(struct sim_world *world, int32_t from, int32_t until)
{
	return from + (int32_t)sim_random_below(&world->random, (uint32_t)(until - from));
}

/* Who goes on as head: the spouse, else the eldest child from 17, else the eldest. */
static uint32_t successor(const struct sim_world *world, uint32_t household, uint32_t late)
{
	uint32_t best = SIM_NOBODY;
	int best_rank = 9;

	for (uint32_t i = world->households[household].first; i != SIM_NOBODY; i = world->people[i].next) {
		const struct sim_person *person = &world->people[i];
		int rank = 2;

		if (!sim_person_lives(person))
			continue;
		if (i == world->people[late].spouse)
			rank = 0;
		else if (person->relation == SIM_CHILD && sim_person_age(world, person) >= 17)
			rank = 1;
		if (rank < best_rank || (rank == best_rank && person->birth < world->people[best].birth)) {
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

/* Relations are told from the head: they change with him. */
static void put_head(struct sim_world *world, uint32_t household, uint32_t late)
{
	uint32_t head = successor(world, household, late);
	int was;

	if (head == SIM_NOBODY)
		return;
	was = world->people[head].relation;
	for (uint32_t i = world->households[household].first; i != SIM_NOBODY; i = world->people[i].next) {
		struct sim_person *person = &world->people[i];

		if (was == SIM_WIFE || was == SIM_HUSBAND)
			person->relation = person->relation == SIM_PARENT ? SIM_PARENT_IN_LAW :
				person->relation == SIM_PARENT_IN_LAW ? SIM_PARENT : person->relation;
		else if (i == world->people[head].spouse)
			person->relation = person->sex == SIM_FEMALE ? SIM_WIFE : SIM_HUSBAND;
		else if (i == world->people[head].mother || i == world->people[head].father)
			person->relation = SIM_PARENT;
		else if (person->father == head || person->mother == head)
			person->relation = SIM_CHILD;
		else
			person->relation = SIM_RELATIVE;
	}
	world->people[head].relation = SIM_HEAD;
}

static void deaths(struct sim_world *world, int32_t from, int32_t until)
{
	double share = (double)(until - from) / 365.25;

	for (uint32_t i = 0; i < world->person_count; i++) {
		struct sim_person *person = &world->people[i];
		uint32_t household = person->household;
		bool was_head = person->relation == SIM_HEAD;

		if (!sim_person_lives(person) ||
			!sim_random_chance(&world->random, share * chance_of_death(sim_person_age(world, person))))
			continue;
		person->death = day_within(world, from, until);
		if (person->death < person->birth)
			person->death = person->birth;
		if (!was_head)
			continue;
		put_head(world, household, i);
		if (sim_random_chance(&world->random, CHANCE_CARD_AFTER_DEATH))
			sim_world_reissue_card(world, household, day_within(world, world->people[i].death, until));
	}
}

static bool is_alive(const struct sim_world *world, uint32_t person)
{
	return person != SIM_NOBODY && sim_person_lives(&world->people[person]);
}

static void births(struct sim_world *world, int32_t from, int32_t until)
{
	size_t count = world->person_count;

	for (uint32_t i = 0; i < count; i++) {
		const struct sim_person *woman = &world->people[i];
		int age = sim_person_age(world, woman);

		if (woman->sex != SIM_FEMALE || age < 18 || age > 41 || !sim_person_lives(woman) ||
			!is_alive(world, woman->spouse) || !sim_random_chance(&world->random, CHANCE_BIRTH))
			continue;
		sim_people_birth(world, woman->household, woman->spouse, i, day_within(world, from, until),
			woman->relation == SIM_HEAD || woman->relation == SIM_WIFE ? SIM_CHILD : SIM_GRANDCHILD);
	}
}

/* A new household beside the old one. */
static uint32_t set_up(struct sim_world *world, uint32_t beside, int32_t day)
{
	struct sim_household like = world->households[beside];
	uint32_t household = sim_world_add_household(world, like.village, like.rt, day);

	if (household == SIM_NOBODY)
		return household;
	world->households[household].culture = like.culture;
	world->households[household].clan = like.clan;
	world->households[household].decile = like.decile;
	return household;
}

static void wed(struct sim_world *world, uint32_t man, uint32_t woman, int32_t day)
{
	static const int ways[] = {62, 23, 15}; /* a household of their own, his parents', her parents' */
	size_t way = sim_random_weighted(&world->random, ways, 3);
	uint32_t his = world->people[man].household, her = world->people[woman].household, own;

	world->people[man].spouse = woman;
	world->people[woman].spouse = man;
	if (way == 1) {
		sim_world_move(world, woman, his, SIM_CHILD_IN_LAW);
		return;
	}
	if (way == 2) {
		sim_world_move(world, man, her, SIM_CHILD_IN_LAW);
		return;
	}
	own = set_up(world, sim_random_chance(&world->random, 0.6) ? his : her, day);
	if (own == SIM_NOBODY)
		return;
	world->households[own].clan = world->households[his].clan;
	sim_world_move(world, man, own, SIM_HEAD);
	sim_world_move(world, woman, own, SIM_WIFE);
}

static int weddings(struct sim_world *world, int32_t from, int32_t until, struct error *err)
{
	uint32_t *ready[SIM_SEXES] = {NULL, NULL};
	size_t count[SIM_SEXES] = {0, 0};
	int status = -1;

	for (int sex = 0; sex < SIM_SEXES; sex++) {
		ready[sex] = calloc(world->person_count + 1, sizeof *ready[sex]);
		if (!ready[sex]) {
			error_memory(err);
			goto out;
		}
	}
	for (uint32_t i = 0; i < world->person_count; i++) {
		const struct sim_person *person = &world->people[i];
		int age = sim_person_age(world, person);

		if (person->relation == SIM_CHILD && age >= 19 && age <= 33 && sim_person_lives(person) &&
			!is_alive(world, person->spouse) && sim_random_chance(&world->random, CHANCE_MARRY))
			ready[person->sex][count[person->sex]++] = i;
	}
	sim_random_shuffle(&world->random, ready[SIM_MALE], count[SIM_MALE]);
	for (size_t i = 0; i < count[SIM_MALE] && i < count[SIM_FEMALE]; i++) {
		uint32_t man = ready[SIM_MALE][i], woman = ready[SIM_FEMALE][i];

		if (world->people[man].household != world->people[woman].household)
			wed(world, man, woman, day_within(world, from, until));
	}
	status = 0;
out:
	free(ready[SIM_MALE]);
	free(ready[SIM_FEMALE]);
	return status;
}

/* A young family that lived with the parents leaves. */
static void splits(struct sim_world *world, int32_t from, int32_t until)
{
	size_t count = world->person_count;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t partner = world->people[i].spouse, old = world->people[i].household, own;

		if (world->people[i].relation != SIM_CHILD || !is_alive(world, i) || !is_alive(world, partner) ||
			world->people[partner].household != old || !sim_random_chance(&world->random, CHANCE_SPLIT))
			continue;
		own = set_up(world, old, day_within(world, from, until));
		if (own == SIM_NOBODY)
			return;
		sim_world_move(world, i, own, world->people[i].sex == SIM_MALE ? SIM_HEAD : SIM_WIFE);
		sim_world_move(world, partner, own, world->people[partner].sex == SIM_MALE ? SIM_HEAD : SIM_WIFE);
		for (uint32_t c = world->households[old].first, next; c != SIM_NOBODY; c = next) {
			next = world->people[c].next;
			if (is_alive(world, c) && (world->people[c].father == i || world->people[c].mother == i))
				sim_world_move(world, c, own, SIM_CHILD);
		}
	}
}

static void moves_and_cards(struct sim_world *world, int32_t from, int32_t until)
{
	for (uint32_t i = 0; i < world->household_count; i++) {
		struct sim_household *household = &world->households[i];

		if (sim_random_chance(&world->random, CHANCE_MOVE)) {
			household->village = (uint16_t)sim_random_below(&world->random,
				(uint32_t)world->places.village_count);
			household->rt = (uint8_t)sim_random_between(&world->random, 1, 10);
			household->rw = (uint8_t)((household->rt - 1) / 4 + 1);
			household->street = sim_places_street(&world->random);
			sim_world_reissue_card(world, i, day_within(world, from, until));
		} else if (sim_random_chance(&world->random, CHANCE_REISSUE)) {
			sim_world_reissue_card(world, i, day_within(world, from, until));
		}
	}
}

int sim_years_pass(struct sim_world *world, int years, int32_t until, struct error *err)
{
	for (int year = years; year > 0 && !world->failed; year--) {
		int32_t end = until - (year - 1) * 1461 / 4;

		if (sim_world_check_stop(world, err) < 0)
			return -1;
		deaths(world, world->today, end);
		births(world, world->today, end);
		if (weddings(world, world->today, end, err) < 0)
			return -1;
		splits(world, world->today, end);
		moves_and_cards(world, world->today, end);
		world->today = end;
	}
	if (years == 0)
		deaths(world, world->today, until);
	world->today = until;
	return world->failed ? error_memory(err) : 0;
}
