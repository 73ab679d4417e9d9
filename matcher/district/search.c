/*
 * Searching a district for one person: a check at the door. Called by whoever holds a register; see district.h.
 */
#include "matcher/district/register.h"

uint32_t district_next_of_person(const struct district *district, uint32_t entry)
{
	return district->entries[entry].next_of_person;
}

bool district_search_ready(const struct district *district)
{
	return linker_search_ready(district->linker);
}

int district_search_prepare(struct district *district, const struct parallel *parallel)
{
	return linker_search_prepare(district->linker, parallel);
}

static bool has_person(const struct district *district, const struct district_hit *hits, size_t n, uint32_t entry)
{
	for (size_t i = 0; i < n; i++) {
		if (district->entries[hits[i].entry].person == district->entries[entry].person)
			return true;
	}
	return false;
}

static size_t search(struct district *district, const struct entry *person, bool each_row, struct district_hit *hits, size_t max)
{
	enum { ROWS_A_PERSON = 8 };
	struct field_value values[DISTRICT_FIELDS];
	struct linker_pair pairs[DISTRICT_HITS_MAX * ROWS_A_PERSON];
	size_t found, n = 0;

	arena_reset(&district->scratch);
	if (district_field_values(person, &district->scratch, values) < 0)
		return 0;
	found = linker_search(district->linker, values, pairs, DISTRICT_HITS_MAX * ROWS_A_PERSON);
	for (size_t i = 0; i < found && n < max; i++) {
		uint32_t entry = pairs[i].a;

		if (district_withdrawn(district, entry) || (!each_row && has_person(district, hits, n, entry)))
			continue;
		hits[n++] = (struct district_hit){.entry = entry, .person = district->entries[entry].person_id,
			.weight = (double)pairs[i].weight, .probability = (double)pairs[i].probability,
			.household = (double)pairs[i].household};
	}
	return n;
}

size_t district_search(struct district *district, const struct entry *person, struct district_hit *hits, size_t max)
{
	return search(district, person, false, hits, max);
}

size_t district_search_rows(struct district *district, const struct entry *person, struct district_hit *hits, size_t max)
{
	return search(district, person, true, hits, max);
}
