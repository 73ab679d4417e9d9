/*
 * Days of the simulator: a day is a number of days since 1 January 1970 (proleptic Gregorian calendar).
 */
#ifndef PADAN_SIM_DATE_H
#define PADAN_SIM_DATE_H

#include <stdint.h>

struct sim_date {
	int year, month, day; /* month and day from 1; 0: not known */
};

/* Howard Hinnant's days_from_civil and its inverse (public domain). */
int32_t sim_date_number(struct sim_date date);
struct sim_date sim_date_of(int32_t number);

/* Whole years between a birth and a day. */
int sim_date_age(int32_t birth, int32_t on);

/* "JANUARI" … for month 1 … 12. */
const char *sim_date_month(int month);

#endif
