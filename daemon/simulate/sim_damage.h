/*
 * What happens to a row between the truth and the file: every kind of damage that real lists were seen with, each
 * at its usual rate times a scale. With scale 0 a row stays as it is. The truth (person, household) never changes.
 */
#ifndef PADAN_SIM_DAMAGE_H
#define PADAN_SIM_DAMAGE_H

#include "daemon/simulate/sim_lists.h"

/* Numbers and dates are damaged here, names by sim_damage_name(), which it calls. */
void sim_damage_row(const struct sim_world *world, const struct sim_list_plan *plan, struct sim_random *random,
	double scale, struct sim_row *row);

/* father: his name, or NULL; dead: the person has died. */
void sim_damage_name(struct sim_random *random, double scale, int sex, int age, bool dead, const char *father,
	char *name, size_t size);

/* One letter of capital text wrong, missing, twice, or two swapped. */
void sim_damage_typo(struct sim_random *random, char *text, size_t size);

#endif
