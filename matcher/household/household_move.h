/*
 * "Moved, or the same family still?" – the log-odds by which matcher/household/household.c settles a person who stands
 * with one family on the target list and on a card in a programme's list. Internal to matcher/household/.
 */
#ifndef PADAN_HOUSEHOLD_MOVE_H
#define PADAN_HOUSEHOLD_MOVE_H

#include "matcher/household/household.h"

/* What is known about a person's link between a target family and a card; all seen at the same question. */
struct household_move {
	const struct household_member *at_family; /* the person's row on the target list */
	const struct household_member *on_card;   /* the person's row in the programme's list */
	double place;        /* best household_place_weight() between the card's row and the family's other rows */
	int kk;              /* of the family's known cards: +1 the same or nearly, −1 known and different, 0 unknown */
	unsigned strangers;  /* grown-ups on the card who are not of the family */
	unsigned others;     /* other persons of the family on the card */
	struct str head_name; /* name of the family's head; may be empty */
};

/* A person who stays with the family whatever becomes of the card: its head or the head's spouse. */
bool household_person_stays(const struct household_member *at_family);

/* Natural log-odds that the person had left the family by the card's date. */
double household_move_odds(const struct household_move *move);

/* Whole years between two yyyymmdd dates (later − earlier), 0 if either is unknown. */
int household_years(uint32_t earlier, uint32_t later);

/* Names of two people that may well be one: equal, or alike but for spelling; false when either is empty. */
bool household_names_alike(struct str a, struct str b);

/* 16-digit numbers that differ by a slip: one digit, two neighbours swapped, a lost 16th digit. Equal counts. */
bool household_kk_near(uint64_t a, uint64_t b);

#endif
