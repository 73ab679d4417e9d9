/*
 * "Moved, or the same family still?" – the log-odds by which matcher/household/household.c settles a person who stands
 * with one family on the target list and on a card in a programme's list. Internal to matcher/household/.
 */
#ifndef PADAN_HOUSEHOLD_MOVE_H
#define PADAN_HOUSEHOLD_MOVE_H

#include "matcher/household/household.h"

/* What a family's known cards say about a row's KK. */
enum household_card_evidence {
	CARD_UNKNOWN = 0, /* no KK to compare */
	CARD_ALIKE,       /* the same, or a slip away from it */
	CARD_OTHER,       /* the family has another one, in another list */
	CARD_OTHER_BESIDE /* … in the very same list: both are of one day */
};

/* What is known about a person's link between a target family and a card; all seen at the same question. */
struct household_move {
	const struct household_member *at_family; /* the person's row on the target list */
	const struct household_member *on_card;   /* the person's row in the programme's list */
	double place;        /* best household_place_weight() between the card's row and the family's rows */
	enum household_card_evidence card;
	unsigned strangers;  /* grown-ups on the card who are not of the family */
	unsigned small, grown; /* other children of the family's head on the card, below 17 and above */
	bool listed_beside;  /* the family stands in the same list, by another member, and each should stand there once */
	bool gone_elsewhere; /* another row of the person of that time has left the family */
	bool parent_named;   /* the row's head or parent bears the name of the family's head or spouse */
	bool other_named;    /* … another name */
	double leaving;      /* how often a grown child has left its family between the lists, 0..1 */
};

/* A person who stays with the family whatever becomes of the card: its head or the head's spouse. */
bool household_person_stays(const struct household_member *at_family);

/* A grown child or other member of an age at which people marry and move out. day: yyyymmdd. */
bool household_person_may_leave(const struct household_member *at_family, uint32_t day);

/* Natural log-odds that the person had left the family by the card's date. */
double household_move_odds(const struct household_move *move);

/* Whole years between two yyyymmdd dates (later − earlier), 0 if either is unknown. */
int household_years(uint32_t earlier, uint32_t later);

/* Names of two people that may well be one: equal, or alike but for spelling; false when either is empty. */
bool household_names_alike(struct str a, struct str b);

/* 16-digit numbers that differ by a slip: one digit, two neighbours swapped, a lost 16th digit. Equal counts. */
bool household_kk_near(uint64_t a, uint64_t b);

#endif
