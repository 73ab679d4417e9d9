/*
 * Which entries speak of the same household. Pure: works on one component (entries that hang together by a person, a KK
 * number or a family id) at a time; matcher/district/ finds the components and keeps the result.
 *
 * A household belongs to an entry at its list's date. So a person shared by two lists joins their households only if
 * the person is likely to have stayed: a daughter who stands with her parents on the target list and on her husband's
 * card in a later programme list belongs to two households, and does not join them.
 *
 * Order of belief: the target list's family ids; a card (a KK number within a village); shared persons. Where they
 * disagree – a card whose persons stand with different families, a person of one family on a card of its own – the
 * question "moved, or a wrong number?" is weighed in log-odds from the time between the lists, the place, the card
 * numbers, the person's role and company (household_move.c).
 */
#ifndef PADAN_HOUSEHOLD_H
#define PADAN_HOUSEHOLD_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* An entry of a target or programme list as households see it. Reference rows never come here. */
struct household_member {
	uint32_t list;
	uint32_t day;      /* yyyymmdd: the list's date */
	uint32_t person;   /* equal numbers: the same person */
	uint64_t kk;       /* 16 digits, or 0: none that could be a key */
	uint32_t family;   /* equal numbers within a list: the same family by the list's own key; 0: none */
	uint32_t village;  /* equal numbers: the same village; 0: unknown */
	uint16_t rt;       /* 0: unknown */
	uint8_t target;    /* 0: a programme's list; else 1 + the number of the target list (modulo 63) */
	uint8_t relation;  /* enum relation */
	uint8_t sex;
	bool one_each;     /* a list that should name each household once */
	uint32_t birth;    /* yyyymmdd, parts may be 0 */
	struct str name, head_name, address; /* canonical; may be empty */
};

/* A person's verdict on two members, by their index. */
struct household_decision {
	uint32_t a, b;
	bool same;
};

/* Two members of different households that might be of one. */
struct household_doubt {
	uint32_t a, b;
	float probability;
};

/* What the data at hand are like; zero: household_settings_default. */
struct household_settings {
	double leaving; /* how often a grown child has left its family between target list and programme list, 0..1 */
};
extern const struct household_settings household_settings_default;

struct household_result {
	uint32_t *label;    /* n: the smallest index of a member of the same household */
	float *certainty;   /* n: the probability that the member belongs there */
	struct household_doubt *doubts;
	size_t n_doubts;
	/* For measuring how often people leave: rows of grown children whose card can be compared with the family's, and
	 * how many of them stand on another card at another address. */
	uint32_t may_leave, have_left;
};

/*
 * Decides a component. Results live in the arena. The partition depends on the members alone, not on their order
 * (labels are indices, of course). -1: memory.
 */
int household_decide(const struct household_settings *settings, const struct household_member *members, size_t n,
	const struct household_decision *decisions, size_t n_decisions, struct arena *arena, struct household_result *ret,
	struct error *err) PADAN_MUST_CHECK;

/*
 * How two places agree, in log-odds for "the same dwelling" against "another household", for pairs that hang together
 * anyway: village, RT, address. 0: nothing known.
 */
double household_place_weight(const struct household_member *a, const struct household_member *b);

#endif
