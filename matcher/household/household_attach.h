/*
 * Guests: households that nothing ties to another – no person, no KK, no family id – but whose RT may hold their family:
 * a row without KK, or one whose KK is a slip away from a neighbour's. Here is what speaks for a neighbour, and how far
 * each pattern of it can be believed; matcher/district/attach.c walks through the RTs.
 *
 * How far: measured on the data themselves. Rows whose household is known, looked at as if it were not, show how often a
 * pattern points to the right one; the same rows put into another RT, where their family surely is not, show how often it
 * points to somebody by chance. A pattern is used only where what is left is sure enough: attaching by RT alone would
 * ruin the flags.
 */
#ifndef PADAN_HOUSEHOLD_ATTACH_H
#define PADAN_HOUSEHOLD_ATTACH_H

#include "matcher/household/household.h"

/* What speaks for two rows being of one household, in ascending strength. */
enum attach_evidence {
	ATTACH_ADDRESS = 1, /* the same address */
	ATTACH_BESIDE = 2,  /* neighbours in one list */
	ATTACH_HOUSE = 4,   /* … and that address names a house, not a street alone */
	ATTACH_NAMED = 8,   /* one's head or parent is named as the other is, or both name the same */
	ATTACH_KK = 16,     /* KK numbers a slip apart */
	ATTACH_KK_ISSUE = 32, /* … in area or date, or the 16th digit lost: no cards of two neighbours differ so */
	ATTACH_PATTERNS = 64
};

struct attach_row {
	struct household_member member;
	uint32_t entry;
	uint32_t household; /* what the component said */
	double position;    /* row number in its list; between two for a row that is put elsewhere */
};

/* The best neighbour of a guest. */
struct attach_choice {
	uint32_t household; /* UINT32_MAX: none, or two are equally good */
	uint32_t row;       /* index of a row of it that speaks for it */
	unsigned pattern;   /* enum attach_evidence together */
};

/*
 * rows: those of one RT. Rows of the guest's own household (and, with other_person, of the guest's person) are passed
 * over. with_kk: whether the guest's KK may speak; a KK that is other than all of a neighbour's excludes it.
 */
void attach_choose(const struct attach_row *guest, bool with_kk, bool other_person, const struct attach_row *rows,
	size_t n, struct attach_choice *ret);

/* What was counted, by pattern. */
struct attach_counts {
	uint32_t right[ATTACH_PATTERNS], wrong[ATTACH_PATTERNS]; /* known rows in their own RT, KK and person covered */
	uint32_t chance[ATTACH_PATTERNS];                        /* known rows in another RT */
	uint32_t tried;                                          /* how many were put into another RT */
	uint32_t guests[ATTACH_PATTERNS];                        /* guests for whom the pattern spoke */
	uint32_t n_guests;
};

/* The probability, for each pattern, that a guest's choice is right. */
void attach_believe(const struct attach_counts *counts, float precision[ATTACH_PATTERNS]);

/* From this probability on a guest is attached; below, the choice is a doubt for a person to look at. */
#define ATTACH_SURE_ENOUGH 0.8f

#endif
