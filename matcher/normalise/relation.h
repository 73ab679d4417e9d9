/*
 * Relation to the head of the family (SHDK): Dukcapil's codes 1–11, their words, and the words of P3KE, DTSEN and
 * office lists.
 */
#ifndef PADAN_RELATION_H
#define PADAN_RELATION_H

#include "matcher/base/str.h"

#include <stdint.h>

/* SHDK codes of the civil registry; 0 unknown. */
enum relation {
	RELATION_UNKNOWN = 0,
	RELATION_HEAD = 1,
	RELATION_HUSBAND = 2,
	RELATION_WIFE = 3,
	RELATION_CHILD = 4,
	RELATION_CHILD_IN_LAW = 5,
	RELATION_GRANDCHILD = 6,
	RELATION_PARENT = 7,
	RELATION_PARENT_IN_LAW = 8,
	RELATION_OTHER_FAMILY = 9,
	RELATION_SERVANT = 10,
	RELATION_OTHER = 11
};

/* RELATION_UNKNOWN when missing or unreadable. */
enum relation relation_parse(struct str raw);

const char *relation_text_id(enum relation relation);
const char *relation_text_en(enum relation relation);

#endif
