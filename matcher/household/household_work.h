/*
 * The deciding of one component in progress: what household.c (the order of decisions) and household_cards.c (cards) share.
 * Internal to matcher/household/.
 */
#ifndef PADAN_HOUSEHOLD_WORK_H
#define PADAN_HOUSEHOLD_WORK_H

#include "matcher/household/household.h"
#include "matcher/household/household_move.h"

#include <math.h>

#define NONE UINT32_MAX

/* How sure a join is by what it rests on alone; links in question get their own odds. */
#define SURE_BY_CARD 0.995f
#define SURE_BY_PERSON 0.99f

struct work {
	const struct household_settings *settings;
	const struct household_member *m;
	uint32_t n;
	const struct household_decision *decisions;
	size_t n_decisions;
	uint32_t *parent;
	uint64_t *targets;   /* of a root: the target lists it holds a family of, one bit each */
	uint32_t *by_person; /* members ordered by person, then day and index */
	uint32_t *by_card;   /* programme and target members with a KK, ordered by KK, village, index */
	uint32_t n_by_card;
	uint32_t *by_root;   /* members ordered by root, as it was after the sure cards; with the next two */
	uint32_t *root_begin;
	uint32_t *home;      /* the person's row on the newest target list, or NONE */
	bool *moved;         /* this row speaks of another household than its person's family */
	float *certainty;
	struct household_doubt *doubts;
	size_t n_doubts;
	uint32_t may_leave, have_left;
};

static inline double household_probability(double odds)
{
	return 1 / (1 + exp(-odds));
}

/* household.c. The household of a member, named by one of them. */
uint32_t work_find(struct work *w, uint32_t i);
/* Joins unless two families of one target list would become one, or a person forbids it. */
bool work_try_join(struct work *w, uint32_t a, uint32_t b);
/* Keeps that a and b, of two households, may be of one. */
void work_doubt(struct work *w, uint32_t a, uint32_t b, double probability);
/* The member belongs where it is with no more certainty than that. */
void work_make_sure(struct work *w, uint32_t i, float certainty);

/* household_cards.c. First round: cards that surely belong to a family, or to no family at all. */
void work_join_sure_cards(struct work *w, uint32_t *scratch);
/* How often grown children stand on another card at another place: what household_settings.leaving is measured by. */
void work_count_leavers(struct work *w);
/* Second round: cards of one person who may have left, and rows of other families on a sure card. */
void work_decide_cards(struct work *w, uint32_t *scratch);
/* What the rows of the person's family say about its place and cards, as of the sure cards. */
void work_look_at_family(struct work *w, uint32_t row, struct household_move *move);

#endif
