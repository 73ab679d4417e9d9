/*
 * Made-up persons for tests of the linker: rows of NIK, KK, name, birth date, sex, village as an office would write them, given
 * to a linker through field_normalise(). Names are made of syllables, so that no list of real ones is needed.
 */
#ifndef PADAN_LINK_PEOPLE_H
#define PADAN_LINK_PEOPLE_H

#include "matcher/link/linker.h"

enum { PEOPLE_FIELDS = 6 };

struct person_row {
	char nik[24], kk[24], name[64], born[16], sex[4], village[16];
};

/* The schema of such rows: nik, kk, name, date, sex, code. */
void people_schema(struct linker_schema *schema);

/* The n-th person of a seed: always the same row. Household members come in threes: same KK and village. */
void people_make(uint64_t seed, unsigned n, struct person_row *ret);

/* The same person as another office writes him: one of a dozen kinds of damage, by the seed. */
void people_damage(uint64_t seed, struct person_row *row);

/* Adds the row to the linker's newest list and returns its record; ends the test program when that fails. */
uint32_t people_add(struct linker *linker, const struct person_row *row);

/* The row as canonical values in the arena, for a search. */
void people_values(const struct person_row *row, struct arena *arena, struct field_value values[PEOPLE_FIELDS]);

/*
 * A crowd, and repeats of its first members, damaged, so that there is something to learn from: record i + PEOPLE_CROWD of a linker that
 * was empty is person 4 i.
 */
enum { PEOPLE_CROWD = 480, PEOPLE_REPEATS = 100 };
void people_crowd(struct linker *linker);

#endif
