/*
 * Names of the simulated people, by sex, year of birth and culture, with frequencies like those of Indonesian voters:
 * somewhat under a third have one part, half have two, the rest three; some parts very common, with a long tail.
 * The tables were written for this generator (facts of frequency, no list of persons) and serve nothing else: the
 * matcher must not know them.
 */
#ifndef PADAN_SIM_NAMES_H
#define PADAN_SIM_NAMES_H

#include "daemon/simulate/sim_places.h"
#include "daemon/simulate/sim_random.h"
#include "matcher/base/arena.h"

enum { SIM_MALE, SIM_FEMALE, SIM_SEXES };
enum { SIM_COHORTS = 3 }; /* born before 1965, before 1990, later */

enum sim_fashion { OLD, ANY, MODERN };

struct sim_part {
	const char *text;
	int weight;
	enum sim_fashion fashion;
};

extern const struct sim_part sim_male_parts[], sim_female_parts[]; /* sim_name_parts.c; ended by text NULL */

struct sim_names {
	const struct sim_part *parts[SIM_SEXES];
	uint32_t *sums[SIM_SEXES][SIM_COHORTS]; /* running sums of weights */
	uint32_t count[SIM_SEXES];
};

struct sim_name_wish {
	int sex;
	int birth_year;
	enum sim_culture culture;
	const char *family_part; /* a clan's name, or a part that father and children share; NULL: none */
	int parts;               /* 1 … 3; 0: by chance */
};

enum { SIM_NAME_MAX = 60 };

int sim_names_init(struct sim_names *names, struct arena *arena, struct error *err) PADAN_MUST_CHECK;

/* Capital letters, parts parted by one space. */
void sim_names_make(const struct sim_names *names, struct sim_random *random, const struct sim_name_wish *wish,
	char name[SIM_NAME_MAX]);

/* A twin's name: like the brother's or sister's, one part another. */
void sim_names_make_twin(const struct sim_names *names, struct sim_random *random, const struct sim_name_wish *wish,
	const char *sibling, char name[SIM_NAME_MAX]);

/* A Batak clan's name. */
const char *sim_names_clan(struct sim_random *random);

/* The last part; the whole when there is one. Points into name. */
const char *sim_names_last_part(const char *name);

#endif
