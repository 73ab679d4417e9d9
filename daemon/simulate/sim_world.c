/*
 * People, households and the civil registry of the simulated district. See sim_world.h.
 */
#include "daemon/simulate/sim_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sim_world_init(struct sim_world *world, struct arena *arena, uint64_t seed, int32_t today)
{
	memset(world, 0, sizeof *world);
	world->arena = arena;
	world->today = today;
	sim_random_fork(&world->random, seed, "people");
}

int sim_world_check_stop(const struct sim_world *world, struct error *err)
{
	if (!world->stop || !world->stop(world->stop_arg))
		return 0;
	return error_set(err, ERROR_CANCELLED, "Dihentikan; tidak ada yang ditulis.", "Stopped; nothing was written.");
}

void sim_world_release(struct sim_world *world)
{
	free(world->people);
	free(world->households);
	free(world->serials);
	memset(world, 0, sizeof *world);
}

/* Room for one more item; false when memory ran out. */
static bool grow(struct sim_world *world, void **items, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 1024;
	void *p;

	if (count < *room)
		return true;
	p = realloc(*items, more * size);
	if (!p) {
		world->failed = true;
		return false;
	}
	*items = p;
	*room = more;
	return true;
}

static struct sim_serial *serial_slot(struct sim_serial *serials, size_t room, uint64_t key)
{
	size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (serials[at].key && serials[at].key != key)
		at = (at + 1) & (room - 1);
	return &serials[at];
}

static bool grow_serials(struct sim_world *world)
{
	size_t room = world->serial_room ? world->serial_room * 2 : 4096;
	struct sim_serial *serials = calloc(room, sizeof *serials);

	if (!serials) {
		world->failed = true;
		return false;
	}
	for (size_t i = 0; i < world->serial_room; i++) {
		if (world->serials[i].key)
			*serial_slot(serials, room, world->serials[i].key) = world->serials[i];
	}
	free(world->serials);
	world->serials = serials;
	world->serial_room = room;
	return true;
}

/*
 * Sixteen digits: area, day, serial. The serial goes on from the last one of that area and day, with gaps for those
 * who were registered but live elsewhere.
 */
static void next_number(struct sim_world *world, const char *area, int32_t day, int day_offset, int first_serial,
	bool card, char number[17])
{
	struct sim_date date = sim_date_of(day);
	char prefix[13];
	struct sim_serial *serial;
	uint64_t key;

	snprintf(prefix, sizeof prefix, "%.6s%02u%02u%02u", area, (unsigned)(date.day + day_offset) % 100,
		(unsigned)date.month % 100, (unsigned)date.year % 100);
	key = strtoull(prefix, NULL, 10) * 2 + (card ? 1 : 0);
	number[0] = '\0';
	if (world->serial_count * 2 >= world->serial_room && !grow_serials(world))
		return;
	serial = serial_slot(world->serials, world->serial_room, key);
	if (!serial->key) {
		serial->key = key;
		world->serial_count++;
		serial->last = (uint32_t)sim_random_between(&world->random, 0, first_serial);
	}
	serial->last += 1 + sim_random_below(&world->random, 3);
	snprintf(number, 17, "%.12s%04u", prefix, serial->last % 10000u);
}

static void new_card_number(struct sim_world *world, const struct sim_household *household, int32_t issued,
	char number[17])
{
	char area[7];

	snprintf(area, sizeof area, "%.4s%02u", world->places.area,
		world->places.villages[household->village].kecamatan % 100);
	next_number(world, area, issued, 0, 60, true, number);
}

uint32_t sim_world_add_household(struct sim_world *world, uint16_t village, int rt, int32_t issued)
{
	struct sim_household *household;

	if (!grow(world, (void **)&world->households, world->household_count, &world->household_room,
		sizeof *household))
		return SIM_NOBODY;
	household = &world->households[world->household_count];
	*household = (struct sim_household){.first = SIM_NOBODY, .village = village, .rt = (uint8_t)rt,
		.rw = (uint8_t)((rt - 1) / 4 + 1), .street = sim_places_street(&world->random),
		.house_number = (uint16_t)sim_random_between(&world->random, 1, 180)};
	new_card_number(world, household, issued, household->kk);
	return (uint32_t)world->household_count++;
}

void sim_world_reissue_card(struct sim_world *world, uint32_t household, int32_t issued)
{
	struct sim_household *h = &world->households[household];

	memcpy(h->kk_before, h->kk, sizeof h->kk);
	new_card_number(world, h, issued, h->kk);
}

static void append_member(struct sim_world *world, uint32_t household, uint32_t person)
{
	uint32_t *link = &world->households[household].first;

	while (*link != SIM_NOBODY)
		link = &world->people[*link].next;
	*link = person;
	world->people[person].next = SIM_NOBODY;
	world->people[person].household = household;
}

static const char *birth_place(struct sim_world *world, const struct sim_village *home, const char *area)
{
	static const char *const java[] = {
		"WONOGIRI", "CILACAP", "KEBUMEN", "NGAWI", "BLITAR", "PACITAN", "SRAGEN", "DEMAK", "BOYOLALI",
		"TULUNGAGUNG"
	};
	static const char *const north[] = {"TAPANULI", "MEDAN", "PEMATANGSIANTAR", "SIDIKALANG", "TARUTUNG"};

	if (area[0] == '3')
		return java[sim_random_below(&world->random, sizeof java / sizeof java[0])];
	if (area[0] == '1' && area[1] == '2')
		return north[sim_random_below(&world->random, sizeof north / sizeof north[0])];
	if (strncmp(area, world->places.area, 4) != 0 || sim_random_chance(&world->random, 0.35))
		return "JAMBI";
	return sim_random_chance(&world->random, 0.5) ? home->name : sim_places_kecamatan(&world->places, home)->name;
}

uint32_t sim_world_add_person(struct sim_world *world, uint32_t household, const char *name, int sex, int32_t birth,
	enum sim_relation relation, uint32_t twin)
{
	enum sim_culture culture = world->households[household].culture;
	const struct sim_village *home = &world->places.villages[world->households[household].village];
	struct sim_person *person;
	char area[7];
	bool born_here = sim_date_of(birth).year >= 1996;

	if (!grow(world, (void **)&world->people, world->person_count, &world->person_room, sizeof *person))
		return SIM_NOBODY;
	person = &world->people[world->person_count];
	*person = (struct sim_person){.birth = birth, .death = SIM_ALIVE, .spouse = SIM_NOBODY, .father = SIM_NOBODY,
		.mother = SIM_NOBODY, .sex = (uint8_t)sex, .relation = (uint8_t)relation, .culture = (uint8_t)culture};
	person->name = arena_str(world->arena, str_from(name)).p;
	if (!person->name) {
		world->failed = true;
		return SIM_NOBODY;
	}
	if (twin != SIM_NOBODY) {
		snprintf(area, sizeof area, "%.6s", world->people[twin].nik);
		person->birth_place = world->people[twin].birth_place;
	} else {
		sim_places_first_area(&world->places, home, born_here ? SIM_MALAY : culture, &world->random, area);
		person->birth_place = birth_place(world, home, area);
	}
	next_number(world, area, birth, sex == SIM_FEMALE ? 40 : 0, 3, false, person->nik);
	append_member(world, household, (uint32_t)world->person_count);
	return (uint32_t)world->person_count++;
}

void sim_world_move(struct sim_world *world, uint32_t person, uint32_t household, enum sim_relation relation)
{
	uint32_t *link = &world->households[world->people[person].household].first;

	while (*link != person)
		link = &world->people[*link].next;
	*link = world->people[person].next;
	append_member(world, household, person);
	world->people[person].relation = (uint8_t)relation;
	world->people[person].has_moved_out = true;
}

uint32_t sim_world_head(const struct sim_world *world, uint32_t household)
{
	for (uint32_t i = world->households[household].first; i != SIM_NOBODY; i = world->people[i].next) {
		if (world->people[i].relation == SIM_HEAD && sim_person_lives(&world->people[i]))
			return i;
	}
	return SIM_NOBODY;
}
