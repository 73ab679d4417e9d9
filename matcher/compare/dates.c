/*
 * See dates.h.
 */
#include "matcher/compare/dates.h"

#include "matcher/normalise/date.h"

enum { NEAR_DAYS = 31 };

/* One digit differs, or two digits change places, in a number of two digits. */
static bool near_two_digits(unsigned a, unsigned b)
{
	return a / 10 == b / 10 || a % 10 == b % 10 || (a / 10 == b % 10 && a % 10 == b / 10);
}

/* Years alike but for the last digit, or the last two swapped: 1983, 1988; 1967, 1976. */
static bool near_year(unsigned a, unsigned b)
{
	return a / 10 == b / 10 || (a / 100 == b / 100 && a / 10 % 10 == b % 10 && a % 10 == b / 10 % 10);
}

static enum dates_level compare_partly_known(struct date a, struct date b)
{
	bool months = a.month && b.month, days = a.day && b.day;

	if (a.year != b.year) {
		/* A year that an age was told in may be one off: that speaks neither for nor against. */
		bool reckoned = !(a.month | a.day) || !(b.month | b.day);

		return reckoned && (a.year - b.year == 1 || b.year - a.year == 1) ? DATES_MISSING : DATES_DIFFERENT;
	}
	if (months && a.month == b.month)
		return DATES_YEAR_MONTH;
	if (months)
		return days && a.day == b.day ? DATES_YEAR_DAY : DATES_DIFFERENT;
	return DATES_YEAR_ONLY;
}

static bool is_near(struct date a, struct date b)
{
	int32_t apart;

	if (a.year - b.year > 1 || b.year - a.year > 1)
		return false;
	if (!date_is_real(a.year, a.month, a.day) || !date_is_real(b.year, b.month, b.day))
		return false;
	apart = date_to_days(a) - date_to_days(b);
	return apart <= NEAR_DAYS && apart >= -NEAR_DAYS;
}

static enum dates_level compare_same_year(struct date a, struct date b)
{
	if (a.day == b.month && a.month == b.day)
		return DATES_SWAPPED;
	if (a.month == b.month && near_two_digits(a.day, b.day))
		return DATES_ONE_DIGIT;
	if (a.day == b.day && near_two_digits(a.month, b.month))
		return DATES_ONE_DIGIT;
	if (is_near(a, b))
		return DATES_NEAR;
	if (a.month == b.month)
		return DATES_YEAR_MONTH;
	return a.day == b.day ? DATES_YEAR_DAY : DATES_YEAR_ONLY;
}

enum dates_level dates_compare(uint32_t packed_a, uint32_t packed_b)
{
	struct date a = date_unpack(packed_a), b = date_unpack(packed_b);

	if (a.year == 0 || b.year == 0)
		return DATES_MISSING;
	if (!date_is_full(a) || !date_is_full(b))
		return compare_partly_known(a, b);
	if (packed_a == packed_b)
		return DATES_EQUAL;
	if (a.year == b.year)
		return compare_same_year(a, b);
	if (a.month == b.month && a.day == b.day) {
		if (near_year((unsigned)a.year, (unsigned)b.year))
			return DATES_ONE_DIGIT;
		return (a.year - b.year) % 10 == 0 ? DATES_DECADE : DATES_YEAR_OFF;
	}
	return is_near(a, b) ? DATES_NEAR : DATES_DIFFERENT;
}
