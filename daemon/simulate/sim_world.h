/*
 * The simulated district on one day: people, households, and the registry that hands out NIK and KK numbers.
 *
 * What a household is over time (and so what "the same household" means in the truth files):
 * - it stays itself when its card is reissued, when it moves, when members are born, die or leave, and when its head
 *   dies: the survivor who becomes head goes on with it;
 * - a child who marries, or a young couple that sets up on its own, leaves it and belongs from that day on to the new
 *   household, or to the one joined; the parents' household stays what it was;
 * - the dead stay with the household that they last belonged to, since lists go on naming them there.
 * A row of a list belongs to the household on that list's date.
 *
 * Persons and households are known by their index, which never changes; arrays grow, so no pointers are kept.
 */
#ifndef PADAN_SIM_WORLD_H
#define PADAN_SIM_WORLD_H

#include "daemon/simulate/sim_date.h"
#include "daemon/simulate/sim_names.h"
#include "daemon/simulate/sim_places.h"

#define SIM_NOBODY UINT32_MAX
#define SIM_ALIVE INT32_MAX

/* SHDK codes of the civil registry. */
enum sim_relation {
	SIM_HEAD = 1,
	SIM_HUSBAND,
	SIM_WIFE,
	SIM_CHILD,
	SIM_CHILD_IN_LAW,
	SIM_GRANDCHILD,
	SIM_PARENT,
	SIM_PARENT_IN_LAW,
	SIM_RELATIVE
};

struct sim_person {
	const char *name; /* in the arena */
	const char *birth_place;
	char nik[17];
	int32_t birth, death; /* SIM_ALIVE: not yet */
	uint32_t household;
	uint32_t next; /* of the same household, or SIM_NOBODY */
	uint32_t spouse, father, mother;
	uint8_t sex, relation, culture;
	bool has_moved_out; /* belongs to another household than at the target list's date */
};

struct sim_household {
	char kk[17];
	char kk_before[17]; /* the number of the card before this one; empty: none */
	const char *street;
	uint32_t first;     /* member; the head stands anywhere */
	uint16_t village;   /* index into places.villages */
	uint16_t house_number;
	uint8_t rt, rw;
	uint8_t decile;     /* 1 poorest … 10 */
	uint8_t culture;
	const char *clan;   /* NULL: none */
};

struct sim_serial {
	uint64_t key;
	uint32_t last;
};

/* True when the work should stop (the user wants it); asked now and then. */
typedef bool sim_stop(void *arg);

struct sim_world {
	struct arena *arena;
	sim_stop *stop; /* NULL: nobody asks */
	void *stop_arg;
	struct sim_places places;
	struct sim_names names;
	struct sim_random random;
	struct sim_person *people;
	size_t person_count, person_room;
	struct sim_household *households;
	size_t household_count, household_room;
	struct sim_serial *serials; /* open addressing; key 0: free */
	size_t serial_count, serial_room;
	int32_t today;
	bool failed; /* an allocation failed: everything made since is void */
};

void sim_world_init(struct sim_world *world, struct arena *arena, uint64_t seed, int32_t today);
void sim_world_release(struct sim_world *world);

/*
 * A new person in a household, with a NIK; the rest is filled by the caller. twin: the brother or sister registered
 * the same day at the same office, or SIM_NOBODY. SIM_NOBODY when memory ran out.
 */
uint32_t sim_world_add_person(struct sim_world *world, uint32_t household, const char *name, int sex, int32_t birth,
	enum sim_relation relation, uint32_t twin);

/* A new empty household with a card issued on that day. SIM_NOBODY when memory ran out. */
uint32_t sim_world_add_household(struct sim_world *world, uint16_t village, int rt, int32_t issued);

/* A new card of that day; the old number is kept as kk_before. */
void sim_world_reissue_card(struct sim_world *world, uint32_t household, int32_t issued);

/* To another household, as that relation. */
void sim_world_move(struct sim_world *world, uint32_t person, uint32_t household, enum sim_relation relation);

/* The living head; SIM_NOBODY if all have died. */
uint32_t sim_world_head(const struct sim_world *world, uint32_t household);

/* -1 with ERROR_CANCELLED when the work should stop. Cheap enough for every few hundred households. */
int sim_world_check_stop(const struct sim_world *world, struct error *err) PADAN_MUST_CHECK;

static inline bool sim_person_lives(const struct sim_person *person)
{
	return person->death == SIM_ALIVE;
}

static inline int sim_person_age(const struct sim_world *world, const struct sim_person *person)
{
	return sim_date_age(person->birth, world->today);
}

#endif
