/*
 * Lets time pass between the target list and the offices' lists: deaths (and new heads), births, marriages that take
 * children into new or other households, couples who set up on their own, moves, reissued cards.
 */
#ifndef PADAN_SIM_YEARS_H
#define PADAN_SIM_YEARS_H

#include "daemon/simulate/sim_world.h"

/* Only deaths happen when years is 0: those of the months since the target list. Sets world->today to until. */
int sim_years_pass(struct sim_world *world, int years, int32_t until, struct error *err) PADAN_MUST_CHECK;

#endif
