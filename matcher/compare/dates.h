/*
 * Two dates compared: how they agree, as a level. Works on yyyymmdd with unknown parts 0 (date_pack), so that the
 * engine needs four bytes a record. Impossible dates are compared by their digits like any other.
 */
#ifndef PADAN_DATES_H
#define PADAN_DATES_H

#include <stdint.h>

/* From most to least alike; the numbers go into models and stay. */
enum dates_level {
	DATES_MISSING = 0, /* … or a year alone, which ages give, one off */
	DATES_EQUAL = 1,
	DATES_SWAPPED = 2, /* day and month change places, the year agrees */
	DATES_ONE_DIGIT =
	        3, /* one digit differs, or two neighbours are swapped, within one of the parts; not the decade */
	DATES_DECADE = 4,     /* day and month agree, the year is 10, 20 … or 100 off */
	DATES_NEAR = 5,       /* at most 31 days apart */
	DATES_YEAR_OFF = 6,   /* day and month agree, the year does not */
	DATES_YEAR_MONTH = 7, /* year and month agree and one day is not known, or the days differ */
	DATES_YEAR_DAY = 8,   /* year and day agree, the month differs */
	DATES_YEAR_ONLY = 9,  /* the year alone agrees, or is all that is known and agrees */
	DATES_DIFFERENT = 10,
	DATES_LEVEL_COUNT = 11
};

enum dates_level dates_compare(uint32_t a, uint32_t b);

#endif
