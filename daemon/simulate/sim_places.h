/*
 * Where people of the simulated district live: kecamatan, villages, streets. 15.05 Kabupaten Muaro Jambi has its real
 * kecamatan and village names and Kemendagri codes (public facts; Kepmendagri 300.2.2-2430/2025); any other district
 * gets made-up ones under its code.
 */
#ifndef PADAN_SIM_PLACES_H
#define PADAN_SIM_PLACES_H

#include "daemon/simulate/sim_random.h"
#include "matcher/base/arena.h"
#include "matcher/base/error.h"

/* Whose names are usual in a kecamatan. */
enum sim_culture { SIM_MALAY, SIM_JAVANESE, SIM_BATAK, SIM_CULTURES };

struct sim_kecamatan {
	unsigned number;  /* 1 … : the CC of the area code */
	unsigned bps;     /* three digits of the statistics office's code */
	const char *name; /* as on maps: "Jambi Luar Kota" */
	int culture[SIM_CULTURES]; /* weights */
};

struct sim_village {
	unsigned kecamatan; /* number */
	unsigned number;  /* four digits: 1003, 2002 */
	const char *name;
};

struct sim_places {
	char code[6];     /* "15.05" */
	char area[5];     /* "1505" */
	const char *province, *name; /* "Jambi", "Kabupaten Muaro Jambi" */
	const struct sim_kecamatan *kecamatan;
	size_t kecamatan_count;
	const struct sim_village *villages; /* those that are lived in, by code */
	size_t village_count;
};

/* "15.05"-like codes only. At most wanted villages are lived in, spread over all kecamatan. Text lives in the arena. */
int sim_places_init(struct sim_places *places, const char *code, size_t wanted, struct arena *arena, struct error *err)
	PADAN_MUST_CHECK;

const struct sim_kecamatan *sim_places_kecamatan(const struct sim_places *places, const struct sim_village *village);

/* Kemendagri code "15.05.01.2002" (dotted) or "1505012002". */
void sim_places_code(const struct sim_places *places, const struct sim_village *village, bool dotted, char code[14]);

/* The statistics office's ten digits, which differ: "1505050002". */
void sim_places_bps(const struct sim_places *places, const struct sim_village *village, char code[11]);

/* The area of a person's first registration, six digits: mostly the home kecamatan, else nearby or the country. */
void sim_places_first_area(const struct sim_places *places, const struct sim_village *home, enum sim_culture culture,
	struct sim_random *random, char area[7]);

const char *sim_places_street(struct sim_random *random);

#endif
