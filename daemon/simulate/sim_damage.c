/*
 * Damaged numbers, dates and places. See sim_damage.h; names are in sim_damage_name.c.
 */
#include "daemon/simulate/sim_damage.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Usual rates per row. */
static const double RATE_NIK = 0.12, RATE_KK = 0.06, RATE_DATE = 0.055, RATE_VILLAGE = 0.035, RATE_RT = 0.03,
		    RATE_SEX = 0.008;

static void wrong_digit(struct sim_random *random, char *number)
{
	size_t n = strlen(number);
	char *digit;

	if (!n)
		return;
	digit = &number[sim_random_below(random, (uint32_t)n)];
	*digit = (char)('0' + (*digit - '0' + sim_random_between(random, 1, 9)) % 10);
}

static void swapped_digits(struct sim_random *random, char *number)
{
	size_t n = strlen(number);

	for (int tries = 0; n > 1 && tries < 8; tries++) {
		char *at = &number[sim_random_below(random, (uint32_t)n - 1)];
		char keep = at[0];

		if (at[0] == at[1])
			continue;
		at[0] = at[1];
		at[1] = keep;
		return;
	}
}

/* 1505012002800001 → 1505.0120.0280.0001 or with spaces or dashes. */
static void grouped(struct sim_random *random, char *number, size_t size)
{
	static const char *const marks[] = {".", " ", "-"};
	const char *mark = marks[sim_random_below(random, COUNT(marks))];
	char whole[17];

	snprintf(whole, sizeof whole, "%.16s", number);
	snprintf(number, size, "%.4s%s%.4s%s%.4s%s%.4s", whole, mark, whole + 4, mark, whole + 8, mark, whole + 12);
}

static void letters_for_digits(struct sim_random *random, char *number)
{
	int left = 1 + (int)sim_random_below(random, 2);

	for (char *p = number; *p && left; p++) {
		if (*p == '0' || *p == '1') {
			*p = *p == '0' ? 'O' : 'l';
			left--;
		}
	}
}

static void placeholder(struct sim_random *random, char *number, size_t size)
{
	static const char *const words[] = {"0", "-", "9999999999999999", "BELUM REKAM", "0000000000000000"};
	uint32_t at = sim_random_below(random, COUNT(words) + 1);

	if (at < COUNT(words))
		snprintf(number, size, "%s", words[at]);
	else
		memset(number + 6, '0', strlen(number) - 6);
}

/* The spouse's number, else another member's. */
static const char *other_members_nik(const struct sim_world *world, const struct sim_row *row)
{
	const struct sim_person *person = &world->people[row->person];

	if (person->spouse != SIM_NOBODY && world->people[person->spouse].household == person->household)
		return world->people[person->spouse].nik;
	for (uint32_t i = world->households[row->household].first; i != SIM_NOBODY; i = world->people[i].next) {
		if (i != row->person)
			return world->people[i].nik;
	}
	return NULL;
}

static void damage_nik(const struct sim_world *world, bool has_kk, struct sim_random *random, struct sim_row *row)
{
	enum { MISSING, DIGIT, SWAP, FIFTEEN, SCIENTIFIC, POINT_ZERO, APOSTROPHE, GROUPED, LETTERS, KK_HERE, KK_SWAPPED,
		SPOUSE, PLACEHOLDER, INVISIBLE, KINDS };
	static const int weights[KINDS] = {25, 9, 6, 14, 5, 8, 14, 8, 4, 5, 4, 7, 11, 4};
	char keep[17];
	const char *other;

	memcpy(keep, row->nik, sizeof keep);
	switch (sim_random_weighted(random, weights, KINDS)) {
	case MISSING:
		row->nik[0] = '\0';
		break;
	case DIGIT:
		wrong_digit(random, row->nik);
		break;
	case SWAP:
		swapped_digits(random, row->nik);
		break;
	case FIFTEEN:
		row->nik[15] = '0';
		break;
	case SCIENTIFIC:
		snprintf(row->nik, sizeof row->nik, "%.1s%s%.3sE+15", keep, sim_random_chance(random, 0.7) ? "," : ".",
			keep + 1);
		break;
	case POINT_ZERO:
		snprintf(row->nik, sizeof row->nik, "%s.0", keep);
		break;
	case APOSTROPHE:
		snprintf(row->nik, sizeof row->nik, "'%s", keep);
		break;
	case GROUPED:
		grouped(random, row->nik, sizeof row->nik);
		break;
	case LETTERS:
		letters_for_digits(random, row->nik);
		break;
	case KK_SWAPPED:
		memcpy(row->nik, row->kk, sizeof keep);
		if (has_kk)
			memcpy(row->kk, keep, sizeof keep);
		break;
	case KK_HERE:
		memcpy(row->nik, row->kk, sizeof keep);
		break;
	case SPOUSE:
		other = other_members_nik(world, row);
		if (other)
			memcpy(row->nik, other, sizeof keep);
		break;
	case PLACEHOLDER:
		placeholder(random, row->nik, sizeof row->nik);
		break;
	case INVISIBLE: /* a no-break space, in front or behind */
		snprintf(row->nik, sizeof row->nik, sim_random_chance(random, 0.5) ? "\xC2\xA0%s" : "%s\xC2\xA0", keep);
		break;
	}
}

static void damage_kk(const struct sim_world *world, struct sim_random *random, struct sim_row *row)
{
	enum { MISSING, DIGIT, SWAP, OUTDATED, FIFTEEN, KINDS };
	static const int weights[KINDS] = {40, 14, 6, 35, 5};
	const char *before = world->households[row->household].kk_before;

	if (strlen(row->kk) != 16)
		return;
	switch (sim_random_weighted(random, weights, KINDS)) {
	case MISSING:
		row->kk[0] = '\0';
		break;
	case DIGIT:
		wrong_digit(random, row->kk);
		break;
	case SWAP:
		swapped_digits(random, row->kk);
		break;
	case OUTDATED:
		if (before[0])
			memcpy(row->kk, before, 17);
		break;
	case FIFTEEN:
		row->kk[15] = '0';
		break;
	}
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : days[month - 1];
}

/* One digit of day, month or year, still a date. */
static void wrong_date_digit(struct sim_random *random, struct sim_date *date)
{
	for (int tries = 0; tries < 10; tries++) {
		struct sim_date d = *date;
		int by = sim_random_between(random, 1, 8);

		switch (sim_random_below(random, 5)) {
		case 0:
		case 1:
			d.day = d.day / 10 * 10 + (d.day % 10 + by) % 10;
			break;
		case 2:
			d.month = d.month < 10 ? 1 + (d.month - 1 + by) % 9 : 10 + (d.month - 10 + by) % 3;
			break;
		case 3:
			d.year = d.year / 10 * 10 + (d.year % 10 + by) % 10;
			break;
		default:
			d.year += sim_random_chance(random, 0.5) ? 10 : -10;
			break;
		}
		if (d.day < 1 || d.day > days_in_month(d.year, d.month) || d.year > 2024 ||
			(d.day == date->day && d.month == date->month && d.year == date->year))
			continue;
		*date = d;
		return;
	}
}

static void damage_date(struct sim_random *random, struct sim_row *row)
{
	enum { SWAPPED, DIGIT, HEAPED, MISSING, YEAR_ONLY, KINDS };
	static const int young[KINDS] = {25, 28, 10, 28, 9};
	static const int old[KINDS] = {14, 16, 40, 20, 10};
	int keep = row->birth.day;

	switch (sim_random_weighted(random, row->birth.year < 1970 ? old : young, KINDS)) {
	case SWAPPED:
		if (keep <= 12) {
			row->birth.day = row->birth.month;
			row->birth.month = keep;
		}
		break;
	case DIGIT:
		wrong_date_digit(random, &row->birth);
		break;
	case HEAPED:
		row->birth.day = 1;
		row->birth.month = sim_random_chance(random, 0.8) ? 1 : 7;
		break;
	case MISSING:
		row->birth = (struct sim_date){0, 0, 0};
		break;
	case YEAR_ONLY:
		row->birth.day = row->birth.month = 0;
		break;
	}
}

static void damage_village(const struct sim_world *world, struct sim_random *random, struct sim_row *row)
{
	static const char *const usual[][2] = {
		{"SUNGAI ", "SEI "}, {"SUNGAI ", "S. "}, {"MUARO ", "MUARA "}, {"TANJUNG ", "TJ. "},
		{"SUNGAI ", "SUNGEI "}, {"PEMATANG ", "PMT. "}, {"SUKA ", "SUKO "}, {"TALANG ", "TLG "}
	};
	char text[sizeof row->village_name];
	uint32_t kind = sim_random_below(random, 100);

	if (kind < 12) {
		row->village_name[0] = '\0';
		return;
	}
	if (kind < 22) {
		row->village = (uint16_t)((row->village + 1u) % world->places.village_count);
		sim_row_village(world, row);
		return;
	}
	for (size_t i = 0; kind < 60 && i < COUNT(usual); i++) {
		size_t n = strlen(usual[i][0]);

		if (strncmp(row->village_name, usual[i][0], n) == 0 && sim_random_chance(random, 0.5)) {
			snprintf(text, sizeof text, "%s%s", usual[i][1], row->village_name + n);
			memcpy(row->village_name, text, sizeof text);
			return;
		}
	}
	if (kind < 75)
		snprintf(text, sizeof text, "DESA %.40s", row->village_name);
	else
		memcpy(text, row->village_name, sizeof text);
	memcpy(row->village_name, text, sizeof text);
	if (kind >= 75)
		sim_damage_typo(random, row->village_name, sizeof row->village_name);
}

static void damage_rt(struct sim_random *random, struct sim_row *row)
{
	if (sim_random_chance(random, 0.6))
		row->rt = row->rw = 0;
	else if (sim_random_chance(random, 0.5))
		row->rt = (uint8_t)sim_random_between(random, 1, 12);
	else
		row->rw = (uint8_t)sim_random_between(random, 1, 4);
}

void sim_damage_row(const struct sim_world *world, const struct sim_list_plan *plan, struct sim_random *random,
	double scale, struct sim_row *row)
{
	const struct sim_person *person = &world->people[row->person];
	const char *father = person->father == SIM_NOBODY ? NULL : world->people[person->father].name;

	if (scale <= 0)
		return;
	if (sim_random_chance(random, RATE_KK * scale))
		damage_kk(world, random, row);
	if (sim_random_chance(random, RATE_NIK * scale))
		damage_nik(world, plan->has_kk, random, row);
	if (sim_random_chance(random, RATE_DATE * scale))
		damage_date(random, row);
	if (sim_random_chance(random, RATE_VILLAGE * scale))
		damage_village(world, random, row);
	if (sim_random_chance(random, RATE_RT * scale))
		damage_rt(random, row);
	if (sim_random_chance(random, RATE_SEX * scale))
		row->sex = (uint8_t)(sim_random_chance(random, 0.5) ? SIM_SEXES : !row->sex);
	sim_damage_name(random, scale, person->sex, row->age, !sim_person_lives(person), father, row->name,
		sizeof row->name);
	if (sim_random_chance(random, 0.0015 * scale))
		row->ragged = sim_random_chance(random, 0.5) ? SIM_SHORT : SIM_LONG;
}
