/*
 * The settling of households in progress: what households.c and attach.c share.
 */
#ifndef PADAN_SETTLING_H
#define PADAN_SETTLING_H

#include "matcher/district/register.h"

struct settling {
	struct district *district;
	struct entry_set seen;       /* all entries of all components so far */
	size_t begin;                /* the current component is seen.items[begin…] */
	struct entry_set walked;     /* heads of chains that carry a mark */
	struct household_member *members;
	uint32_t *entry;             /* of each member */
	struct household_decision *decisions;
	size_t room, decisions_room;
	struct arena arena;          /* for one component */
	struct household_doubt_kept *doubts;
	size_t n_doubts, doubts_room;
	uint64_t may_leave, have_left;
};

int settling_see(struct settling *s, uint32_t entry, struct error *err) PADAN_MUST_CHECK;
void settling_describe(const struct settling *s, uint32_t entry, struct household_member *member);
/* Keeps that two entries may be of one household, seen from both. */
int settling_doubt(struct settling *s, uint32_t a, uint32_t b, float probability, struct error *err) PADAN_MUST_CHECK;

/* context.c: begins with what the linker says of the component's persons; then, n members being settled, lets their families
 * say who else is whom. */
enum { SETTLING_TIES_MAX = 8 };
/* Entries with whom an entry may be one person, and is of one household if not; how likely each is a stranger. Returns how many. */
int settling_ties(const struct district *district, uint32_t entry, uint32_t ties[SETTLING_TIES_MAX],
	float strangers[SETTLING_TIES_MAX]);
int settling_part_kin(struct settling *s, struct error *err) PADAN_MUST_CHECK;
int settling_join_kin(struct settling *s, size_t n, bool *ret_joined, struct error *err) PADAN_MUST_CHECK;

/* attach.c: measures how far what speaks for a guest's neighbours may be believed, on what was seen; the guests find families. */
int settling_measure_guests(struct settling *s, struct error *err) PADAN_MUST_CHECK;
int settling_attach(struct settling *s, struct error *err) PADAN_MUST_CHECK;
bool district_may_be_guest(const struct district *district, uint32_t entry);

#endif
