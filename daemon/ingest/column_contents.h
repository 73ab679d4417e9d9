/*
 * What the cells of one column look like, counted over a sample: how many are digits, dates, names of the sexes, how many values
 * are distinct. Pure. Called by column_guess.c and column_together.c, which make types of it.
 */
#ifndef PADAN_COLUMN_CONTENTS_H
#define PADAN_COLUMN_CONTENTS_H

#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct column_contents {
	uint32_t filled, distinct;
	uint32_t integers, ascending; /* whole numbers, and how many of them are not below the one before */
	uint32_t numbers;             /* with a decimal point or comma too */
	uint32_t niks, women;         /* 16 digits with a province and a day; a woman's day */
	uint32_t dates, emails, sexes;
	uint32_t letters;             /* mostly letters */
	uint32_t with_digits;
	uint32_t words;               /* in all cells together */
	uint32_t longest;
	uint32_t phones;
	uint32_t years, months, days; /* whole numbers that may be a year of birth, a month, a day of the month */
};

/* sample: rows of n cells each; the column's number. */
struct column_contents column_contents_judge(const struct str *sample, uint32_t n, uint32_t rows, uint32_t column);

/* Whether so many of the filled cells are at least that share of them. */
static inline bool column_share(uint32_t part, const struct column_contents *c, uint32_t percent)
{
	return (uint64_t)part * 100 >= (uint64_t)c->filled * percent;
}

#endif
