/*
 * The official villages of a district: from the tables inside the program (daemon/base/villages/, a file per province)
 * or, where there is none, learnt from codes and names that stand side by side in lists.
 *
 * Called by check (no database), by migrate and apply (to fill padan.villages) and by doctor. Texts and tables live in
 * the arena that is given.
 */
#ifndef PADAN_VILLAGES_H
#define PADAN_VILLAGES_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/normalise/place.h"

#include <stdint.h>

/* The villages of the district (1505); n is 0 if no table inside the program covers it. */
int villages_of_district(uint32_t district, struct arena *arena, struct village_table *ret, struct error *err)
	PADAN_MUST_CHECK;

/* Pairs of code and name as lists write them. A code's name is the one most often seen with it. */
struct village_learner;

struct village_learner *village_learner_new(uint32_t district);
void village_learner_free(struct village_learner *learner);

/* A row's cells: a code of ten digits (dots or not) within the district counts, everything else is passed over. */
int village_learner_add(struct village_learner *learner, struct str code, struct str name, struct str kecamatan,
	struct error *err) PADAN_MUST_CHECK;

/* The table of what was learnt, with its index. Codes seen fewer than twice are taken for typing errors. */
int village_learner_table(struct village_learner *learner, struct arena *arena, struct village_table *ret,
	struct error *err) PADAN_MUST_CHECK;

#endif
