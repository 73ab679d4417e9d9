/*
 * Damaged names: old spelling, titles, abbreviations, BIN and BINTI, joins and splits, cut fields, typos, initials,
 * parts left out or in another order. See sim_damage.h.
 */
#include "daemon/simulate/sim_damage.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(random, array) ((array)[sim_random_below((random), COUNT(array))])

enum { WORK_MAX = 160, PARTS_MAX = 10 };

/* Usual rates per row. */
static const double RATE_SHORT_FORM = 0.22, RATE_OLD_SPELLING = 0.02, RATE_OTHER_SPELLING = 0.025, RATE_TITLE = 0.035,
		    RATE_BIN = 0.02, RATE_JOIN = 0.012, RATE_SPLIT = 0.006, RATE_CUT = 0.02, RATE_TYPO = 0.035,
		    RATE_INITIAL = 0.015, RATE_DROP = 0.014, RATE_NICKNAME = 0.004, RATE_ORDER = 0.005,
		    RATE_SPACE = 0.006;

/* Puts with in place of the n bytes at at; false when it does not fit. */
static bool replace_at(char *text, size_t size, char *at, size_t n, const char *with)
{
	size_t length = strlen(text), more = strlen(with);

	if (length - n + more + 1 > size)
		return false;
	memmove(at + more, at + n, length - (size_t)(at - text) - n + 1);
	memcpy(at, with, more); /* NOLINT(bugprone-not-null-terminated-result): into the middle of text */
	return true;
}

void sim_damage_typo(struct sim_random *random, char *text, size_t size)
{
	size_t n = strlen(text);
	char *at;
	char letter[2] = {(char)('A' + sim_random_below(random, 26)), '\0'};

	if (n < 4)
		return;
	for (int tries = 0; tries < 12; tries++) {
		at = text + 1 + sim_random_below(random, (uint32_t)n - 2);
		if (at[0] < 'A' || at[0] > 'Z' || at[1] < 'A' || at[1] > 'Z')
			continue;
		switch (sim_random_below(random, 4)) {
		case 0:
			*at = letter[0];
			break;
		case 1:
			replace_at(text, size, at, 1, "");
			break;
		case 2:
			letter[0] = *at;
			replace_at(text, size, at, 0, letter);
			break;
		default:
			letter[0] = at[0];
			at[0] = at[1];
			at[1] = letter[0];
			break;
		}
		return;
	}
}

struct short_form {
	const char *whole;
	const char *written[11];
};

static const struct short_form short_forms[] = {
	{"MUHAMMAD", {"M", "M.", "MUH", "MUH.", "MOH", "MOCH", "MHD", "MOHAMAD", "MUHAMAD", "MUHAMMED", "MOH."}},
	{"MUHAMAD", {"M", "M.", "MUH", "MUH.", "MOH", "MOCH", "MHD", "MOHAMAD", "MUHAMMAD", "MUHAMMED", "MHD."}},
	{"MOHAMMAD", {"M", "M.", "MOH", "MOH.", "MOH", "MOCH", "MHD", "MOHAMAD", "MUHAMMAD", "MUHAMAD", "M"}},
	{"AHMAD", {"ACHMAD", "AKHMAD", "AHMAT", "AHMAD", "ACH.", "ACHMAT", "AHMAD", "ACHMAD", "AKHMAD", "A.", "AHMED"}},
	{"ACHMAD", {"AHMAD", "AKHMAD", "ACHMAT", "ACH.", "AHMAD", "AHMAD", "AHMAD", "AKHMAD", "A.", "AHMAD", "ACH"}},
	{"ABDUL", {"ABD", "ABD.", "ABDUL", "ABDOEL", "ABD", "ABD.", "A.", "ABD", "ABDL", "ABD", "ABD."}},
	{"SITI", {"ST", "ST.", "SITTI", "ST", "ST.", "SITI", "SITTI", "S.", "ST", "ST", "SITY"}},
	{"NUR", {"NOER", "NOOR", "NUR", "NOER", "NOOR", "NOR", "NUR", "NUR", "NOER", "NOR", "NUR"}},
	{"RADEN", {"RD", "RD.", "R", "R.", "RD", "RD.", "R.", "RD", "RADEN", "RD", "RD."}},
	{"KEMAS", {"KMS", "KMS.", "KMS", "KMS", "KGS", "KMS", "KMS.", "KMS", "KMS", "K.", "KMS"}},
	{"MASAGUS", {"MGS", "MGS.", "MGS", "MGS", "MGS", "MGS", "MGS.", "MGS", "MGS", "MGS", "MGS"}},
	{"NYIMAS", {"NYS", "NYS.", "NYS", "NYM", "NY", "NYS", "NYS.", "NYS", "NYMAS", "NYS", "NYS"}},
	{"MASAYU", {"MSY", "MSY.", "MSY", "MSY", "MSY", "MSY", "MSY.", "MSY", "MSY", "MSY", "MSY"}},
	{"SYARIFAH", {"SY.", "SYF", "SARIFAH", "SYARIFA", "SY", "SYF.", "SARIFAH", "SYF", "SY.", "SY", "SYRF"}},
	{"YUSUF", {"YUSUP", "JUSUF", "YUSUP", "YUSUPH", "YUSUP", "JUSUF", "YUSUP", "YUSUP", "JOESOEF", "YSF", "YUSUP"}},
};

/* At most one: M. for MUHAMMAD, RD for RADEN … */
static void short_form(struct sim_random *random, char *name, size_t size)
{
	for (size_t i = 0; i < COUNT(short_forms); i++) {
		const char *whole = short_forms[i].whole;
		size_t n = strlen(whole);

		for (char *at = name; (at = strstr(at, whole)); at += n) {
			if ((at != name && at[-1] != ' ') || (at[n] != ' ' && at[n] != '\0'))
				continue;
			if (at == name && at[n] == '\0' && n > 5)
				return;
			replace_at(name, size, at, n, PICK(random, short_forms[i].written));
			return;
		}
	}
}

static void respell(char *name, size_t size, const char *from, const char *to)
{
	size_t n = strlen(from), m = strlen(to);

	for (char *at = name; (at = strstr(at, from)); at += m) {
		if (!replace_at(name, size, at, n, to))
			return;
	}
}

/* Letters that were written otherwise before 1947 or 1972. */
static void old_spelling(struct sim_random *random, char *name, size_t size)
{
	static const char *const reforms[][2] = {
		{"U", "OE"}, {"U", "OE"}, {"Y", "J"}, {"C", "TJ"}, {"NY", "NJ"}, {"SY", "SJ"}, {"KH", "CH"}
	};
	int count = 1 + (int)sim_random_below(random, 2);

	if (sim_random_chance(random, 0.4))
		respell(name, size, "J", "DJ");
	for (int i = 0; i < count; i++) {
		uint32_t at = sim_random_below(random, COUNT(reforms));

		respell(name, size, reforms[at][0], reforms[at][1]);
	}
}

/* Letters that sound alike: one place only. */
static void other_spelling(struct sim_random *random, char *name, size_t size)
{
	static const char *const alike[][2] = {
		{"F", "P"}, {"P", "F"}, {"V", "F"}, {"Z", "J"}, {"J", "Z"}, {"KH", "H"}, {"SY", "S"}, {"TH", "T"},
		{"DH", "D"}, {"Q", "K"}, {"Y", "I"}, {"I", "Y"}, {"LL", "L"}, {"NN", "N"}, {"SS", "S"}, {"MM", "M"},
		{"TT", "T"}, {"AH", "A"}, {"D", "T"}
	};

	for (int tries = 0; tries < 12; tries++) {
		uint32_t i = sim_random_below(random, COUNT(alike));
		char *at = strstr(name, alike[i][0]);

		if (!at)
			continue;
		replace_at(name, size, at, strlen(alike[i][0]), alike[i][1]);
		return;
	}
}

static void title(struct sim_random *random, int sex, int age, bool dead, char *name, size_t size)
{
	static const char *const before_old[SIM_SEXES][4] = {
		{"H. ", "H ", "HAJI ", "KH. "}, {"HJ. ", "HJ ", "HAJJAH ", "HJ. "}
	};
	static const char *const before[SIM_SEXES][4] = {
		{"DRS. ", "IR. ", "BPK ", "DRS "}, {"DRA. ", "IBU ", "DRA ", "NY. "}
	};
	static const char *const behind[] = {", SE", ", S.PD", " S.PD.I", ", SH", " SE", ", A.MD", ", S.SOS", " SPD"};
	static const char *const late[SIM_SEXES][3] = {{"ALM. ", "ALM ", "(ALM) "}, {"ALMH. ", "ALMH ", "ALM. "}};

	if (age < 20)
		return;
	if (dead)
		replace_at(name, size, name, 0, PICK(random, late[sex]));
	else if (age > 40 && sim_random_chance(random, 0.6))
		replace_at(name, size, name, 0, PICK(random, before_old[sex]));
	else if (sim_random_chance(random, 0.35))
		replace_at(name, size, name, 0, PICK(random, before[sex]));
	else
		replace_at(name, size, name + strlen(name), 0, PICK(random, behind));
}

static void bin(struct sim_random *random, int sex, const char *father, char *name, size_t size)
{
	static const char *const words[SIM_SEXES][3] = {{" BIN ", " BIN ", " B. "}, {" BINTI ", " BT ", " BT. "}};
	const char *word = PICK(random, words[sex]);

	if (!father || strstr(name, " BIN"))
		return;
	if (replace_at(name, size, name + strlen(name), 0, word))
		replace_at(name, size, name + strlen(name), 0, father);
}

static size_t split_parts(char *name, char *parts[PARTS_MAX])
{
	size_t n = 0;

	for (char *p = strtok(name, " "); p && n < PARTS_MAX; p = strtok(NULL, " "))
		parts[n++] = p;
	return n;
}

static void join_parts(char *to, size_t size, char *parts[PARTS_MAX], size_t n)
{
	to[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(to + strlen(to), size - strlen(to), "%s%s", i ? " " : "", parts[i]);
}

/* SRI WAHYUNI → SRIWAHYUNI */
static void join(struct sim_random *random, char *name)
{
	char *space = strchr(name, ' ');
	char *second = space ? strchr(space + 1, ' ') : NULL;

	if (second && sim_random_chance(random, 0.5))
		space = second;
	if (space)
		memmove(space, space + 1, strlen(space));
}

/* NURHAYATI → NUR HAYATI */
static void split(char *name, size_t size)
{
	static const char *const heads[] = {
		"NUR", "SRI", "ABDUL", "SITI", "ABDUR", "SYAM", "ZAIN", "SYAIFUL", "MARI", "SU", "RATNA", "KHAIR"
	};

	for (size_t i = 0; i < COUNT(heads); i++) {
		size_t n = strlen(heads[i]);

		if (strncmp(name, heads[i], n) == 0 && strlen(name) > n + 3 && name[n] != ' ') {
			replace_at(name, size, name + n, 0, " ");
			return;
		}
	}
}

/* What is done to parts: an initial, one left out, only one kept, another order. */
static void parts_lost(struct sim_random *random, double scale, char *name, size_t size)
{
	char copy[WORK_MAX];
	char *parts[PARTS_MAX];
	size_t n;

	snprintf(copy, sizeof copy, "%s", name);
	n = split_parts(copy, parts);
	if (n < 2)
		return;
	if (sim_random_chance(random, RATE_INITIAL * scale)) {
		char *part = parts[n == 2 ? 1 : 1 + sim_random_below(random, (uint32_t)n - 1)];

		part[1] = '\0';
	}
	if (sim_random_chance(random, RATE_DROP * scale)) {
		size_t gone = n == 2 ? 1 : sim_random_below(random, (uint32_t)n);

		memmove(&parts[gone], &parts[gone + 1], (n - gone - 1) * sizeof parts[0]);
		n--;
	}
	if (n > 1 && sim_random_chance(random, RATE_NICKNAME * scale)) {
		parts[0] = parts[sim_random_below(random, (uint32_t)n)];
		n = 1;
	}
	if (n > 1 && sim_random_chance(random, RATE_ORDER * scale)) {
		char *keep = parts[0];

		parts[0] = parts[n - 1];
		parts[n - 1] = keep;
	}
	if (strlen(parts[0]) > 1 || n > 1)
		join_parts(name, size, parts, n);
}

static void odd_space(struct sim_random *random, char *name, size_t size)
{
	char *space = strchr(name, ' ');

	if (space)
		replace_at(name, size, space, 1, sim_random_chance(random, 0.5) ? "  " : "\xC2\xA0");
	else
		replace_at(name, size, name + strlen(name), 0, " ");
}

void sim_damage_name(struct sim_random *random, double scale, int sex, int age, bool dead, const char *father,
	char *name, size_t size)
{
	char text[WORK_MAX];
	size_t cut;

	snprintf(text, sizeof text, "%s", name);
	parts_lost(random, scale, text, sizeof text);
	if (sim_random_chance(random, RATE_OLD_SPELLING * scale))
		old_spelling(random, text, sizeof text);
	if (sim_random_chance(random, RATE_OTHER_SPELLING * scale))
		other_spelling(random, text, sizeof text);
	if (sim_random_chance(random, RATE_TYPO * scale))
		sim_damage_typo(random, text, sizeof text);
	if (sim_random_chance(random, RATE_SHORT_FORM * scale))
		short_form(random, text, sizeof text);
	if (sim_random_chance(random, RATE_JOIN * scale))
		join(random, text);
	if (sim_random_chance(random, RATE_SPLIT * scale * 5))
		split(text, sizeof text);
	if (sim_random_chance(random, RATE_BIN * scale))
		bin(random, sex, father, text, sizeof text);
	if (sim_random_chance(random, (dead ? 0.3 : RATE_TITLE) * scale))
		title(random, sex, age, dead, text, sizeof text);
	cut = (size_t)sim_random_between(random, 12, 25);
	if (sim_random_chance(random, RATE_CUT * scale) && strlen(text) > cut)
		text[cut] = '\0';
	if (sim_random_chance(random, RATE_SPACE * scale))
		odd_space(random, text, sizeof text);
	cut = size - 1;
	if (strlen(text) > cut) {
		while (cut && ((unsigned char)text[cut] & 0xC0) == 0x80)
			cut--;
		text[cut] = '\0';
	}
	memcpy(name, text, strlen(text) + 1);
}
