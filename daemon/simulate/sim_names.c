/*
 * Names of the simulated people. See sim_names.h.
 */
#include "daemon/simulate/sim_names.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(random, array) ((array)[sim_random_below((random), COUNT(array))])

static const char *const clans[] = {
	"SIREGAR", "NASUTION", "LUBIS", "HARAHAP", "SIMANJUNTAK", "SITUMORANG", "SINAGA", "PURBA", "SIAHAAN",
	"PASARIBU", "SIHOMBING", "PANJAITAN", "NAINGGOLAN", "LIMBONG", "MANURUNG", "SIMBOLON", "SITORUS", "HUTAPEA",
	"HUTAGALUNG", "TAMPUBOLON", "SARAGIH", "DAMANIK", "GINTING", "SEMBIRING", "TARIGAN", "SILALAHI", "LUMBAN GAOL",
	"LUMBANTOBING", "BUTAR BUTAR", "MARPAUNG", "GULTOM", "RITONGA", "HASIBUAN", "DAULAY", "POHAN", "RANGKUTI",
	"BATUBARA", "MATONDANG", "ARITONANG", "NAPITUPULU"
};

/* Old Javanese names are put together; so are the fashionable ones of today: a long tail of rare parts. */
static const char *const java_first[SIM_SEXES][16] = {
	{"SU", "HAR", "WAR", "SAR", "TU", "PON", "WA", "MAR", "KAR", "PAR", "NGA", "SLA", "TRI", "WI", "MUL", "KAS"},
	{"SU", "HAR", "WAR", "SAR", "TU", "PON", "WA", "MAR", "KAR", "PAR", "NGA", "SRI", "TRI", "WI", "MUL", "KAS"}
};
static const char *const java_last[SIM_SEXES][16] = {
	{"YANTO", "YONO", "MIN", "DI", "JO", "NO", "TO", "MAN", "GIMIN", "PARDI", "WONO", "TONO", "YADI",
		"TIJO", "IMAN", "JONO"},
	{"YEM", "TINI", "MINAH", "YATI", "NINGSIH", "WATI", "NAH", "LASTRI", "MI", "TINAH", "SINAH", "GIYEM", "MIATI",
		"SIYAH", "RINI", "TUN"}
};
static const char *const new_first[] = {
	"A", "AZ", "KHA", "NAI", "RAI", "FA", "ZA", "AL", "HA", "RE", "VI", "MI", "SHE", "DA", "KI", "NA", "ZHA", "AR",
	"EL", "RA"
};
static const char *const new_last[SIM_SEXES][16] = {
	{"FAN", "ZRIEL", "FARO", "NDRA", "VIN", "RIZ", "QIL", "BIYAN", "DHAN", "SYAD", "GHA", "RZAN", "THAN",
		"LFI", "RIAN", "KIEL"},
	{"RA", "ZIA", "LIQA", "NAYA", "RISA", "VINA", "LEA", "QUEENA", "LOVA", "NISA", "RSYA", "MEERA", "HIRA",
		"DIRA", "YLA", "TASYA"}
};
static const char *const noble[SIM_SEXES][4] = {
	{"RADEN", "KEMAS", "MASAGUS", "SAYID"}, {"RADEN", "NYIMAS", "MASAYU", "SYARIFAH"}
};
/* Written with an apostrophe, which typewriters and code pages disagree about. */
static const char *const apostrophe[SIM_SEXES][6] = {
	{"MA'RUF", "SYA'BAN", "RIF'AN", "MU'IN", "SA'DULLAH", "JUM'AT"},
	{"NUR'AINI", "RIF'AH", "SA'ADAH", "MA'RIFAH", "NI'MAH", "KHOIRUN NI'MAH"}
};

/* Parts that follow another, and are no name by themselves. */
static const char *const followers[] = {
	"PUTRA", "SAPUTRA", "PRATAMA", "PUTRI", "SARI", "WATI", "NINGSIH", "LESTARI", "SAPUTRI", "PERTIWI", "HIDAYAT",
	"KURNIAWAN", "RAMADHAN", "RAMADHANI", "PERDANA", "ABDILLAH", "PRASETYO", "UTAMI", "PERMANA"
};

/* Parts that open a name, and are none by themselves. */
static const char *const openers[] = {"MUHAMMAD", "MUHAMAD", "MOHAMMAD", "ABDUL", "NURUL", "SRI", "DWI", "TRI"};

static int cohort_of(int birth_year)
{
	return birth_year < 1965 ? 0 : birth_year < 1990 ? 1 : 2;
}

int sim_names_init(struct sim_names *names, struct arena *arena, struct error *err)
{
	static const int share[3][SIM_COHORTS] = {{60, 20, 3}, {10, 10, 10}, {0, 3, 22}}; /* by fashion, in tenths */

	memset(names, 0, sizeof *names);
	names->parts[SIM_MALE] = sim_male_parts;
	names->parts[SIM_FEMALE] = sim_female_parts;
	for (int sex = 0; sex < SIM_SEXES; sex++) {
		while (names->parts[sex][names->count[sex]].text)
			names->count[sex]++;
		for (int cohort = 0; cohort < SIM_COHORTS; cohort++) {
			uint32_t *sums = arena_array(arena, names->count[sex], sizeof *sums);
			uint32_t sum = 0;

			if (!sums)
				return error_memory(err);
			for (uint32_t i = 0; i < names->count[sex]; i++) {
				const struct sim_part *part = &names->parts[sex][i];

				sum += (uint32_t)(part->weight * share[part->fashion][cohort]);
				sums[i] = sum;
			}
			names->sums[sex][cohort] = sums;
		}
	}
	return 0;
}

static const char *table_part(const struct sim_names *names, struct sim_random *random, int sex, int cohort)
{
	const uint32_t *sums = names->sums[sex][cohort];
	uint32_t low = 0, high = names->count[sex] - 1;
	uint32_t at = sim_random_below(random, sums[high]);

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (sums[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return names->parts[sex][low].text;
}

static void one_part(const struct sim_names *names, struct sim_random *random, const struct sim_name_wish *wish,
	bool first, char *part, size_t size)
{
	int cohort = cohort_of(wish->birth_year);
	int sex = wish->sex;
	uint32_t luck = sim_random_below(random, 1000);
	uint32_t composed = cohort == 2 ? 200 : wish->culture == SIM_JAVANESE ? (cohort == 0 ? 600 : 350) : 60;

	if (luck < 6)
		snprintf(part, size, "%s", PICK(random, apostrophe[sex]));
	else if (luck < composed && cohort == 2)
		snprintf(part, size, "%s%s", PICK(random, new_first), PICK(random, new_last[sex]));
	else if (luck < composed && first)
		snprintf(part, size, "%s%s", PICK(random, java_first[sex]), PICK(random, java_last[sex]));
	else
		snprintf(part, size, "%s", table_part(names, random, sex, cohort));
}

static bool has_part(const char *name, const char *part)
{
	size_t n = strlen(part);

	for (const char *p = name; (p = strstr(p, part)); p += n) {
		if ((p == name || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	}
	return false;
}

/* Whether a part may stand at that place of a name of so many parts. */
static bool fits(const char *part, int place, int parts)
{
	for (size_t i = 0; i < COUNT(openers); i++) {
		if (strcmp(part, openers[i]) == 0)
			return place == 0 && parts > 1;
	}
	for (size_t i = 0; place == 0 && i < COUNT(followers); i++) {
		if (strcmp(part, followers[i]) == 0)
			return false;
	}
	return true;
}

static void append_part(char name[SIM_NAME_MAX], const char *part)
{
	size_t n = strlen(name);

	if (n + strlen(part) + 2 <= SIM_NAME_MAX)
		snprintf(name + n, SIM_NAME_MAX - n, "%s%s", n ? " " : "", part);
}

static int parts_by_chance(struct sim_random *random, int birth_year)
{
	static const int weights[4][3] = {{56, 39, 5}, {45, 46, 9}, {31, 49, 20}, {21, 49, 30}};
	int row = birth_year < 1960 ? 0 : birth_year < 1980 ? 1 : birth_year < 2000 ? 2 : 3;

	return 1 + (int)sim_random_weighted(random, weights[row], 3);
}

void sim_names_make(const struct sim_names *names, struct sim_random *random, const struct sim_name_wish *wish,
	char name[SIM_NAME_MAX])
{
	int parts = wish->parts ? wish->parts : parts_by_chance(random, wish->birth_year);
	int own = parts;
	char part[32];

	name[0] = '\0';
	if (wish->family_part && parts < 2 && wish->culture == SIM_BATAK)
		own = ++parts;
	if (wish->family_part && parts > 1)
		own--;
	if (wish->culture == SIM_MALAY && parts > 1 && sim_random_chance(random, 0.07)) {
		append_part(name, PICK(random, noble[wish->sex]));
		if (own > 1)
			own--;
	}
	for (int i = 0; i < own; i++) {
		for (int tries = 0; tries < 8; tries++) {
			one_part(names, random, wish, i == 0, part, sizeof part);
			if (!has_part(name, part) && fits(part, i, parts))
				break;
		}
		append_part(name, part);
	}
	if (wish->family_part && parts > 1 && !has_part(name, wish->family_part))
		append_part(name, wish->family_part);
}

void sim_names_make_twin(const struct sim_names *names, struct sim_random *random, const struct sim_name_wish *wish,
	const char *sibling, char name[SIM_NAME_MAX])
{
	static const char *const pairs[][2] = {
		{"HASAN", "HUSIN"}, {"HASANAH", "HUSNAH"}, {"RIZKI", "RIZKA"}, {"RAFA", "RAFI"}, {"DIMAS", "DIMAR"},
		{"NAYLA", "NAILA"}, {"DEWI", "DEWA"}, {"ALIF", "ALFI"}
	};
	const char *space = strchr(sibling, ' ');
	struct sim_name_wish own = *wish;

	for (size_t i = 0; i < COUNT(pairs); i++) {
		size_t n = strlen(pairs[i][0]);

		if (strncmp(sibling, pairs[i][0], n) == 0 && (sibling[n] == ' ' || sibling[n] == '\0')) {
			snprintf(name, SIM_NAME_MAX, "%s%s", pairs[i][1], sibling + n);
			return;
		}
	}
	own.parts = 1;
	own.family_part = NULL;
	do {
		sim_names_make(names, random, &own, name);
	} while (has_part(sibling, name));
	if (space && sim_random_chance(random, 0.7))
		append_part(name, space + 1);
}

const char *sim_names_clan(struct sim_random *random)
{
	return PICK(random, clans);
}

const char *sim_names_last_part(const char *name)
{
	const char *space = strrchr(name, ' ');

	return space ? space + 1 : name;
}
