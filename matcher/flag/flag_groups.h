/*
 * Entries by household, by person and by NIK: sorted arrays to look into. For the decisions of matcher/flag/ alone.
 */
#ifndef PADAN_FLAG_GROUPS_H
#define PADAN_FLAG_GROUPS_H

#include "matcher/flag/flag.h"

/* Entries of one group, ascending: the low half of each item. */
struct flag_range {
	const uint64_t *items;
	size_t n;
};

static inline uint32_t flag_range_entry(struct flag_range range, size_t i)
{
	return (uint32_t)range.items[i];
}

struct flag_nik {
	uint64_t nik;
	uint32_t entry;
};

struct flag_groups {
	const struct flag_entry *entries;
	uint64_t *households, *persons; /* group in the high half, entry in the low one; sorted */
	size_t n_households, n_persons;
	struct flag_nik *niks; /* sorted by NIK, then entry; entries without one are left out */
	size_t n_niks;
	uint32_t *list_first, *list_count; /* per list: its first entry and how many there are */
};

int flag_groups_init(struct flag_groups *groups, const struct flag_input *input, struct error *err) PADAN_MUST_CHECK;
void flag_groups_release(struct flag_groups *groups);

struct flag_range flag_groups_household(const struct flag_groups *groups, uint32_t household);
struct flag_range flag_groups_person(const struct flag_groups *groups, uint32_t person);

/* The part of a group that stands in a list. */
struct flag_range flag_groups_in_list(const struct flag_groups *groups, struct flag_range range, uint32_t list);

/* Where the holders of a NIK begin in niks; n_niks when nobody holds it. */
size_t flag_groups_nik(const struct flag_groups *groups, uint64_t nik);

#endif
