/*
 * Days and their numbers. See sim_date.h.
 */
#include "daemon/simulate/sim_date.h"

int32_t sim_date_number(struct sim_date date)
{
	int y = date.year - (date.month <= 2);
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct sim_date sim_date_of(int32_t number)
{
	int z = number + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	int month = mp < 10 ? mp + 3 : mp - 9;

	return (struct sim_date){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

int sim_date_age(int32_t birth, int32_t on)
{
	struct sim_date b = sim_date_of(birth), o = sim_date_of(on);

	return o.year - b.year - (o.month < b.month || (o.month == b.month && o.day < b.day));
}

const char *sim_date_month(int month)
{
	static const char *const names[] = {
		"JANUARI", "FEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER",
		"NOVEMBER", "DESEMBER"
	};

	return month >= 1 && month <= 12 ? names[month - 1] : "";
}
