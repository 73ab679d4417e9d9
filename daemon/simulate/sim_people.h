/*
 * Fills the district with households as they are on the target list's date: couples with children, widows, the old
 * and the alone, parents and in-laws in the house, twins, fathers and sons of one name, namesakes in one village.
 */
#ifndef PADAN_SIM_PEOPLE_H
#define PADAN_SIM_PEOPLE_H

#include "daemon/simulate/sim_world.h"

enum { SIM_RT_FAMILIES = 40, SIM_VILLAGE_FAMILIES = 400 };

/* How many villages so many households live in. */
size_t sim_people_villages(size_t households);

/* places and names must have been set up. */
int sim_people_settle(struct sim_world *world, size_t households, struct error *err) PADAN_MUST_CHECK;

/* A child of that household, born on that day; also used as years pass. Twins come as two. */
void sim_people_birth(struct sim_world *world, uint32_t household, uint32_t father, uint32_t mother, int32_t day,
	enum sim_relation relation);

#endif
