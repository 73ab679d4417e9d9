/*
 * How one list writes: in which order its dates stand, what its letters for the sexes mean, and at how many letters a
 * field cuts its names. Learnt from its first rows, by whoever reads it (padan check, the list job), before entries are
 * built.
 */
#ifndef PADAN_LIST_HABITS_H
#define PADAN_LIST_HABITS_H

#include "matcher/normalise/date.h"
#include "matcher/normalise/entry.h"
#include "matcher/normalise/sex.h"

enum { LIST_HABITS_ROWS = 4000, LIST_HABITS_NAME_MAX = 40 }; /* rows that are worth looking at; letters of a name */

struct list_habits { /* all zero is empty */
	struct date_order_votes dates;
	struct sex_votes sexes;
	uint32_t names;
	uint32_t name_lengths[LIST_HABITS_NAME_MAX + 1];
};

/* One row: cells[i] has the meaning roles[i]. */
void list_habits_add(struct list_habits *habits, const enum column_role *roles, const struct str *cells, size_t n);

/* Writes what was learnt into the context. */
void list_habits_settle(const struct list_habits *habits, struct entry_context *context);

#endif
