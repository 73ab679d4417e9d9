/*
 * Who stands on which list: the target list, the six programmes' recipients with the errors that are to be found
 * (all but exclusion scaled by the damage), and the reference lists. See sim_lists.h.
 */
#include "daemon/simulate/sim_lists.h"

#include "daemon/simulate/sim_damage.h"

#include <stdlib.h>
#include <string.h>

enum { TARGET_DECILE = 4, RTLH_DECILE = 2, PKH_DECILE = 3 };

/* By decile 1 … 4: the chance that a family on the target list, known to the offices, gets the programme. */
static const double PKH_SHARE[] = {0.60, 0.50, 0.30, 0}, BPNT_SHARE[] = {0.62, 0.52, 0.40, 0.25},
		    BLT_SHARE[] = {0.45, 0.35, 0.20, 0.15}, PBI_SHARE[] = {0.75, 0.70, 0.60, 0.50},
		    PIP_SHARE[] = {0.50, 0.45, 0.30, 0.20}, RTLH_SHARE[] = {0.06, 0.04, 0, 0};
static const double UNKNOWN_TO_OFFICES = 0.05, AID_FOLLOWS = 0.7, PBI_MEMBER = 0.93, PBI_OFF_TARGET = 0.02;

/* At the usual damage. */
static const double OFF_PKH = 0.010, OFF_BPNT = 0.014, OFF_BLT = 0.006, OFF_PIP = 0.010, OFF_RTLH = 0.002,
		    OVERLAP_BLT = 0.025, OVERLAP_RTLH = 0.006, PKH_TOO_WELL_OFF = 0.02, RTLH_TOO_WELL_OFF = 0.006,
		    NAMES_THE_DEAD = 0.25, TWICE = 0.010, ANOTHER_MEMBER = 0.012, TARGET_TWICE = 0.003, NOBODY = 0.0008;

struct chooser {
	const struct sim_world *world;
	struct sim_lists *lists;
	struct sim_random random, damage[SIM_LISTS];
	uint8_t *received; /* by household: a programme that bars civil servants */
	struct error *err;
};

static int chooser_start(struct chooser *c, const struct sim_world *world, struct sim_lists *lists, const char *label,
	struct error *err)
{
	*c = (struct chooser){.world = world, .lists = lists, .err = err};
	sim_random_fork(&c->random, lists->seed, label);
	for (int i = 0; i < SIM_LISTS; i++)
		sim_random_fork(&c->damage[i], lists->seed, sim_list_plans[i].file);
	c->received = calloc(world->household_count + 1, 1);
	return c->received ? 0 : error_memory(err);
}

static double limited(double p)
{
	return p > 0.9 ? 0.9 : p;
}

static bool chance(struct chooser *c, double p)
{
	return sim_random_chance(&c->random, limited(p));
}

/* An error of targeting or of care, whose rate grows with the damage. */
static bool mishap(struct chooser *c, double p)
{
	return sim_random_chance(&c->random, limited(p * c->lists->damage));
}

/* Files are ordered by village and RT, families together; a row retyped later stands elsewhere, often at the end. */
static uint64_t order_of(struct chooser *c, const struct sim_row *row, bool retyped, bool keep_village)
{
	uint64_t place = ((uint64_t)row->village << 48) | ((uint64_t)row->rt << 40);
	uint64_t family = ((uint64_t)row->household * UINT64_C(0x9e3779b97f4a7c15)) >> 32;

	if (!retyped)
		return place | family << 8;
	if (!keep_village && sim_random_chance(&c->random, 0.3))
		return UINT64_MAX;
	return ((uint64_t)row->village << 48) | (sim_random_next(&c->random) >> 16);
}

/* One row, damaged; sometimes the same person is typed in once more. */
static int add_person(struct chooser *c, enum sim_list_code code, uint32_t person, double twice)
{
	const struct sim_list_plan *plan = &sim_list_plans[code];
	double scale = plan->damage * c->lists->damage;
	struct sim_row clean, row;

	sim_row_fill(c->world, person, &clean);
	clean.order = order_of(c, &clean, false, plan->by_village);
	row = clean;
	sim_damage_row(c->world, plan, &c->damage[code], scale, &row);
	if (sim_lists_add(c->lists, code, &row, c->err) < 0)
		return -1;
	if (!mishap(c, twice))
		return 0;
	row = clean;
	row.order = order_of(c, &clean, true, plan->by_village);
	sim_damage_row(c->world, plan, &c->damage[code], 2 * scale, &row);
	return sim_lists_add(c->lists, code, &row, c->err);
}

/* A living member from 17 on that is not that person; SIM_NOBODY if there is none. */
static uint32_t another_adult(struct chooser *c, uint32_t household, uint32_t but)
{
	uint32_t chosen = SIM_NOBODY, seen = 0;

	for (uint32_t i = c->world->households[household].first; i != SIM_NOBODY; i = c->world->people[i].next) {
		const struct sim_person *person = &c->world->people[i];

		if (i == but || !sim_person_lives(person) || sim_person_age(c->world, person) < 17)
			continue;
		if (sim_random_below(&c->random, ++seen) == 0)
			chosen = i;
	}
	return chosen;
}

/* Whom the programme's row names: the mother, any adult, or the head. */
static uint32_t who_is_named(struct chooser *c, enum sim_list_code code, uint32_t household)
{
	const struct sim_world *world = c->world;
	uint32_t head = sim_world_head(world, household), person = head, dead = SIM_NOBODY;

	for (uint32_t i = world->households[household].first; i != SIM_NOBODY; i = world->people[i].next) {
		if (world->people[i].relation == SIM_WIFE && code == SIM_PKH && sim_person_lives(&world->people[i]))
			person = i;
		if (!sim_person_lives(&world->people[i]) &&
			sim_date_age(world->people[i].birth, world->people[i].death) >= 17)
			dead = i;
	}
	if (dead != SIM_NOBODY && mishap(c, NAMES_THE_DEAD))
		return dead;
	if (code == SIM_BPNT || (code == SIM_RTLH && chance(c, 0.2)))
		person = another_adult(c, household, SIM_NOBODY);
	return person == SIM_NOBODY ? head : person;
}

static int add_household(struct chooser *c, enum sim_list_code code, uint32_t household)
{
	uint32_t person = who_is_named(c, code, household), other;

	if (person == SIM_NOBODY)
		return 0;
	c->received[household] |= code == SIM_PKH || code == SIM_BPNT || code == SIM_BLT_DD;
	if (add_person(c, code, person, TWICE) < 0)
		return -1;
	other = mishap(c, ANOTHER_MEMBER) ? another_adult(c, household, person) : SIM_NOBODY;
	return other == SIM_NOBODY ? 0 : add_person(c, code, other, 0);
}

static int add_insured(struct chooser *c, uint32_t household)
{
	for (uint32_t i = c->world->households[household].first; i != SIM_NOBODY; i = c->world->people[i].next) {
		bool alive = sim_person_lives(&c->world->people[i]);
		bool listed = alive ? chance(c, PBI_MEMBER) : mishap(c, NAMES_THE_DEAD);

		if (listed && add_person(c, SIM_PBI_JK, i, TWICE) < 0)
			return -1;
	}
	return 0;
}

static int add_pupils(struct chooser *c, uint32_t household, double share)
{
	for (uint32_t i = c->world->households[household].first; i != SIM_NOBODY; i = c->world->people[i].next) {
		const struct sim_person *person = &c->world->people[i];
		int age = sim_person_age(c->world, person);

		if (age < 7 || age > 20 || person->relation == SIM_WIFE || !sim_person_lives(person) ||
			!chance(c, share))
			continue;
		if (add_person(c, SIM_PIP, i, TWICE) < 0)
			return -1;
	}
	return 0;
}

static int serve_target_household(struct chooser *c, uint32_t household)
{
	int decile = c->world->households[household].decile;
	int d = decile > TARGET_DECILE ? TARGET_DECILE - 1 : decile - 1;
	bool pkh = chance(c, PKH_SHARE[d]), bpnt = chance(c, BPNT_SHARE[d]), blt = chance(c, BLT_SHARE[d]);
	bool pbi = chance(c, PBI_SHARE[d]), rtlh = chance(c, RTLH_SHARE[d]);

	if (chance(c, UNKNOWN_TO_OFFICES))
		return 0;
	if (d >= PKH_DECILE)
		pkh = mishap(c, PKH_TOO_WELL_OFF);
	if (d >= RTLH_DECILE)
		rtlh = mishap(c, RTLH_TOO_WELL_OFF);
	if (pkh || bpnt)
		blt = mishap(c, OVERLAP_BLT);
	if (blt)
		rtlh = mishap(c, OVERLAP_RTLH);
	if ((pkh && add_household(c, SIM_PKH, household) < 0) || (bpnt && add_household(c, SIM_BPNT, household) < 0) ||
		(blt && add_household(c, SIM_BLT_DD, household) < 0) ||
		(rtlh && add_household(c, SIM_RTLH, household) < 0) || (pbi && add_insured(c, household) < 0))
		return -1;
	return add_pupils(c, household, PIP_SHARE[d]);
}

/* Families that nobody put on the target list; the insurance may take some of them, the other programmes may not. */
static int serve_other_household(struct chooser *c, uint32_t household)
{
	bool pbi = chance(c, PBI_OFF_TARGET);

	if ((mishap(c, OFF_PKH) && add_household(c, SIM_PKH, household) < 0) ||
		(mishap(c, OFF_BPNT) && add_household(c, SIM_BPNT, household) < 0) ||
		(mishap(c, OFF_BLT) && add_household(c, SIM_BLT_DD, household) < 0) ||
		(mishap(c, OFF_RTLH) && add_household(c, SIM_RTLH, household) < 0) ||
		(pbi && add_insured(c, household) < 0))
		return -1;
	return mishap(c, OFF_PIP) ? add_pupils(c, household, 0.6) : 0;
}

static bool is_on_target(const struct chooser *c, uint32_t household)
{
	return household < c->lists->target_households && c->lists->on_target[household];
}

/* On the target list, or the new family of someone who stands there with the parents: aid mostly follows him. */
static bool is_known_as_poor(struct chooser *c, uint32_t household)
{
	bool follows = chance(c, AID_FOLLOWS);

	if (is_on_target(c, household))
		return true;
	for (uint32_t i = c->world->households[household].first; i != SIM_NOBODY; i = c->world->people[i].next) {
		if (i < c->lists->target_people && c->lists->listed[i])
			return follows;
	}
	return false;
}

/* Rows that name nobody: a village and nothing else. */
static int add_nobodies(struct chooser *c, enum sim_list_code code)
{
	size_t count = c->lists->list[code].count, wanted = 0;

	if (c->lists->damage > 0 && count > 20)
		wanted = 1 + (size_t)((double)count * NOBODY * c->lists->damage);
	for (size_t i = 0; i < wanted; i++) {
		struct sim_row row = c->lists->list[code].rows[sim_random_below(&c->random, (uint32_t)count)];

		row.person = row.household = SIM_NOBODY;
		row.name[0] = row.nik[0] = row.kk[0] = '\0';
		row.birth = (struct sim_date){0, 0, 0};
		row.order += row.order != UINT64_MAX;
		row.sex = SIM_SEXES;
		row.ragged = SIM_EVEN;
		if (sim_lists_add(c->lists, code, &row, c->err) < 0)
			return -1;
	}
	return 0;
}

/* Active civil servants, soldiers and police; a few live in families that receive aid. */
static int choose_servants(struct chooser *c)
{
	for (uint32_t i = 0; i < c->world->person_count; i++) {
		const struct sim_person *person = &c->world->people[i];
		int age = sim_person_age(c->world, person);
		bool poor = is_on_target(c, person->household) || c->received[person->household];

		/* Whoever changed household since the target list would bar two of them. */
		if (age < 22 || age > 58 || !sim_person_lives(person) || person->has_moved_out)
			continue;
		if ((poor ? mishap(c, 0.004) : chance(c, 0.03)) && add_person(c, SIM_ASN, i, 0) < 0)
			return -1;
	}
	return 0;
}

static int choose_the_dead(struct chooser *c)
{
	for (uint32_t i = 0; i < c->world->person_count; i++) {
		if (!sim_person_lives(&c->world->people[i]) && add_person(c, SIM_MENINGGAL, i, 0) < 0)
			return -1;
	}
	return 0;
}

int sim_target_choose(const struct sim_world *world, struct sim_lists *lists, struct error *err)
{
	struct chooser c;
	int status = -1;

	if (chooser_start(&c, world, lists, "target", err) < 0)
		return -1;
	lists->target_households = world->household_count;
	lists->on_target = calloc(world->household_count + 1, 1);
	lists->target_people = world->person_count;
	lists->listed = calloc(world->person_count + 1, 1);
	if (!lists->on_target || !lists->listed) {
		error_memory(err);
		goto out;
	}
	for (uint32_t h = 0; h < world->household_count; h++) {
		if (h % 1024 == 0 && sim_world_check_stop(world, err) < 0)
			goto out;
		if (world->households[h].decile > TARGET_DECILE)
			continue;
		lists->on_target[h] = 1;
		for (uint32_t i = world->households[h].first; i != SIM_NOBODY; i = world->people[i].next) {
			lists->listed[i] = 1;
			if (add_person(&c, SIM_TARGET, i, TARGET_TWICE) < 0)
				goto out;
		}
	}
	status = add_nobodies(&c, SIM_TARGET);
out:
	free(c.received);
	return status;
}

int sim_recipients_choose(const struct sim_world *world, struct sim_lists *lists, struct error *err)
{
	struct chooser c;
	int status = -1;

	if (chooser_start(&c, world, lists, "recipients", err) < 0)
		return -1;
	for (uint32_t h = 0; h < world->household_count; h++) {
		if (h % 1024 == 0 && sim_world_check_stop(world, err) < 0)
			goto out;
		if ((is_known_as_poor(&c, h) ? serve_target_household(&c, h) : serve_other_household(&c, h)) < 0)
			goto out;
	}
	for (int code = SIM_FIRST_PROGRAMME; code <= SIM_LAST_PROGRAMME; code++) {
		if (add_nobodies(&c, code) < 0)
			goto out;
	}
	if (choose_servants(&c) < 0 || choose_the_dead(&c) < 0)
		goto out;
	status = 0;
out:
	free(c.received);
	return status;
}
