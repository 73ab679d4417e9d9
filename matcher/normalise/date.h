/*
 * Dates as lists write them: 31/12/1980, 31-12-80, 31.12.1980, 31 Desember 1980, Dec 31, 1980, 1980-12-31, 19801231,
 * 31121980, spreadsheet serials, "Muaro Jambi, 31-12-1980" (place and date), 12/1980, 1980, with or without a time of
 * day. An impossible date (31 February) keeps its parts and is flagged. No clock: the year that splits two-digit years
 * comes from the caller. Which of day and month stands first is learnt from a column's clear rows (date_order_votes).
 */
#ifndef PADAN_DATE_H
#define PADAN_DATE_H

#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum date_flag {
	DATE_IMPOSSIBLE = 1 << 0,     /* not in the calendar (31 February, month 13), parts kept as written */
	DATE_AMBIGUOUS = 1 << 1,      /* day and month could be the other way round and no order was known */
	DATE_TWO_DIGIT_YEAR = 1 << 2, /* the century is a guess */
	DATE_FROM_SERIAL = 1 << 3,    /* a spreadsheet's day number */
	DATE_PLACEHOLDER = 1 << 4,    /* 00/00/0000, 01/01/1900 and the like: all parts 0 */
	DATE_UNREADABLE = 1 << 5,     /* something was written, no date was found: all parts 0 */
	DATE_IMPLAUSIBLE = 1 << 6     /* after the reference year, or before 1880 */
};

/* Plain data; unknown parts are 0, so all zero is "no date". */
struct date {
	int16_t year;
	uint8_t month, day;
	uint8_t flags; /* enum date_flag */
};

enum date_order {
	DATE_ORDER_UNKNOWN = 0, /* day first, flagged DATE_AMBIGUOUS where it matters */
	DATE_ORDER_DMY,
	DATE_ORDER_MDY,
	DATE_ORDER_YMD /* also settles two-digit years in front: 80-12-31 */
};

struct date_context {
	enum date_order order;
	int16_t reference_year; /* "now" for two-digit years: yy above its last two digits means 19yy. 0: 2026 */
	bool serial_1904;       /* the workbook counts days from 1904-01-01 */
};

/* How a column's clear cells are ordered. All zero is empty; votes of parts of a column may be added up. */
struct date_order_votes {
	uint32_t dmy, mdy, ymd;
};

void date_order_votes_add(struct date_order_votes *votes, struct str raw);
/* UNKNOWN unless one order has at least nine in ten of the clear cells. */
enum date_order date_order_votes_winner(const struct date_order_votes *votes);

/* Fills out (always, zero and flags if there is nothing) and returns whether a year, at least, was found. numeric: the
   cell was a number in the workbook. place, if not NULL, gets what stands before the date ("Muaro Jambi"), a part of
   raw. */
bool date_parse(struct str raw, bool numeric, const struct date_context *context, struct date *out, struct str *place);

/* Real calendar (Gregorian, leap years); needs all three parts. */
bool date_is_real(int year, unsigned month, unsigned day);
unsigned date_days_in_month(int year, unsigned month);

/* Days since 1970-01-01 and back; for real dates only. */
int32_t date_to_days(struct date date);
struct date date_from_days(int32_t days);

/* yyyymmdd, unknown parts 0; flags are not kept. 0: no date. */
static inline uint32_t date_pack(struct date date)
{
	return (uint32_t)(date.year > 0 ? date.year : 0) * 10000 + date.month * 100u + date.day;
}

static inline struct date date_unpack(uint32_t yyyymmdd)
{
	return (struct date){
	        (int16_t)(yyyymmdd / 10000), (uint8_t)(yyyymmdd / 100 % 100), (uint8_t)(yyyymmdd % 100), 0};
}

static inline bool date_is_full(struct date date)
{
	return date.year && date.month && date.day;
}

#endif
