/*
 * From a path in the inbox to office, programme and period; the rules stand in inbox_name.h.
 */
#include "daemon/inbox/inbox_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/base/banned.h"

enum { WORDS_MAX = 48, WORD_BYTES = 40, LISTED_BYTES = 200 };

/* The words of one path component: runs of letters or digits, lower case. */
struct words {
	char text[WORDS_MAX][WORD_BYTES];
	bool used[WORDS_MAX];
	size_t n;
};

static const char *const months[12][3] = {
	{"januari", "jan", "january"},
	{"februari", "feb", "pebruari"},
	{"maret", "mar", "march"},
	{"april", "apr", NULL},
	{"mei", "may", NULL},
	{"juni", "jun", "june"},
	{"juli", "jul", "july"},
	{"agustus", "agt", "ags"},
	{"september", "sep", "sept"},
	{"oktober", "okt", "oct"},
	{"november", "nov", "nopember"},
	{"desember", "des", "dec"},
};

bool inbox_name_is_temporary(const char *name)
{
	static const char *const endings[] = {"~", ".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp",
		".lock", ".download"};
	size_t n = strlen(name);

	if (name[0] == '.' || name[0] == '~')
		return true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t m = strlen(endings[i]);

		if (n >= m && strcasecmp(name + n - m, endings[i]) == 0)
			return true;
	}
	return false;
}

/* Letters and digits end each other's word: "pkh2024" is pkh, 2024. Bytes beyond ASCII count as letters. */
static void words_split(struct words *words, const char *text, size_t n)
{
	memset(words, 0, sizeof(*words));
	for (size_t i = 0; i < n && words->n < WORDS_MAX;) {
		unsigned char c = text[i];
		bool digits = isdigit(c);
		size_t m = 0;

		if (c < 0x80 && !isalnum(c)) {
			i++;
			continue;
		}
		for (; i < n; i++) {
			c = text[i];
			if (digits ? !isdigit(c) : !(c >= 0x80 || isalpha(c)))
				break;
			if (m < WORD_BYTES - 1)
				words->text[words->n][m++] = tolower(c);
		}
		words->n++;
	}
}

/* How many words from `at` on spell the code's letters and digits, whatever stands between them; 0: they don't. */
static size_t words_spell(const struct words *words, size_t at, const char *code)
{
	const char *c = code;

	for (size_t i = at; i < words->n && !words->used[i]; i++) {
		for (const char *w = words->text[i]; *w; w++, c++) {
			while (*c && !isalnum((unsigned char)*c))
				c++;
			if (tolower((unsigned char)*c) != *w)
				return 0;
		}
		while (*c && !isalnum((unsigned char)*c))
			c++;
		if (!*c)
			return i - at + 1;
	}
	return 0;
}

struct found_subject {
	bool found, twice;
	enum list_kind kind;
	const char *code;
};

static void subject_found(struct found_subject *found, enum list_kind kind, const char *code)
{
	found->twice |= found->found && (found->kind != kind || strcmp(found->code, code) != 0);
	found->found = true;
	found->kind = kind;
	found->code = code;
}

/* Longest code first at each place, so that "pkh_plus" is not read as "pkh". */
static void find_subject(struct words *words, const struct inbox_subject *subjects, size_t n, struct found_subject *found)
{
	for (size_t at = 0; at < words->n; at++) {
		size_t longest = 0, longest_bytes = 0;
		const struct inbox_subject *best = NULL;

		for (size_t i = 0; i < n; i++) {
			size_t spelt = words_spell(words, at, subjects[i].code);

			if (spelt && strlen(subjects[i].code) > longest_bytes) {
				longest = spelt;
				longest_bytes = strlen(subjects[i].code);
				best = &subjects[i];
			}
		}
		if (best) {
			subject_found(found, best->kind, best->code);
		} else if (strcmp(words->text[at], "sasaran") == 0 || strcmp(words->text[at], "target") == 0) {
			subject_found(found, LIST_TARGET, "");
			longest = 1;
		}
		for (size_t i = 0; i < longest; i++)
			words->used[at + i] = true;
		at += longest ? longest - 1 : 0;
	}
}

static unsigned as_number(const char *word, size_t digits)
{
	unsigned number = 0;

	if (strlen(word) != digits || !isdigit((unsigned char)word[0]))
		return 0;
	for (; *word; word++)
		number = number * 10 + (*word - '0');
	return number;
}

static unsigned as_year(const char *word)
{
	unsigned year = as_number(word, 4);

	return year >= 2000 && year < 2100 ? year : 0;
}

/* 07, Juli, Jul → 7; 0: no month. */
static unsigned as_month(const char *word)
{
	unsigned month = as_number(word, 2);

	if (month >= 1 && month <= 12)
		return month;
	for (size_t m = 0; m < 12; m++) {
		for (size_t i = 0; i < 3 && months[m][i]; i++) {
			if (strcmp(word, months[m][i]) == 0)
				return m + 1;
		}
	}
	return 0;
}

static bool has_two_digits(const char *word)
{
	return isdigit((unsigned char)word[0]) && strlen(word) == 2;
}

struct found_period {
	unsigned year, month;
	bool twice;
	bool odd; /* a number where the month belongs that is none: 2024-13 */
};

static void period_found(struct found_period *found, unsigned year, unsigned month)
{
	if (found->year && (found->year != year || (found->month && month && found->month != month)))
		found->twice = true;
	found->year = year;
	if (month)
		found->month = month;
}

static void find_period(const struct words *words, struct found_period *found)
{
	for (size_t i = 0; i < words->n; i++) {
		unsigned year, joined, month;

		if (words->used[i])
			continue;
		joined = as_number(words->text[i], 6);
		if (joined >= 200001 && joined < 210000 && joined % 100 >= 1 && joined % 100 <= 12) {
			period_found(found, joined / 100, joined % 100);
			continue;
		}
		joined = as_number(words->text[i], 8);
		if (joined >= 20000101 && joined < 21000000 && joined / 100 % 100 >= 1 && joined / 100 % 100 <= 12) {
			period_found(found, joined / 10000, joined / 100 % 100);
			continue;
		}
		year = as_year(words->text[i]);
		if (!year)
			continue;
		month = i + 1 < words->n && !words->used[i + 1] ? as_month(words->text[i + 1]) : 0;
		if (!month && i > 0 && !words->used[i - 1])
			month = as_month(words->text[i - 1]);
		if (!month && ((i + 1 < words->n && has_two_digits(words->text[i + 1])) || (i > 0 && has_two_digits(words->text[i - 1]))))
			found->odd = true;
		period_found(found, year, month);
	}
}

/* "pkh, bpnt, blt_dd" for messages. */
static void list_codes(const struct inbox_subject *subjects, size_t n_subjects, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n_subjects && n < size - 1; i++)
		n += snprintf(text + n, size - n, "%s%s", i ? ", " : "", subjects[i].code);
}

static int judge(const struct found_subject *subject, const struct found_period *period,
	const struct inbox_subject *subjects, size_t n_subjects, struct error *err)
{
	char codes[LISTED_BYTES];

	list_codes(subjects, n_subjects, codes, sizeof(codes));
	if (subject->twice)
		return error_set(err, ERROR_INPUT,
			"Nama berkas atau folder menyebut lebih dari satu program. Sebut satu saja dari: %s.",
			"The file's or folder's name tells more than one programme. Name one of: %s.", codes);
	if (!subject->found)
		return error_set(err, ERROR_INPUT,
			"Nama berkas tidak menyebut program yang dikenal. Beri nama seperti pkh_2024-07.csv; "
			"yang dikenal: %s, sasaran.",
			"The file's name tells no known programme. Name it like pkh_2024-07.csv; known are: %s, sasaran.",
			codes);
	if (period->twice)
		return error_set(err, ERROR_INPUT,
			"Nama berkas atau folder menyebut lebih dari satu periode. Sebut satu saja, seperti %s_2024-07.csv.",
			"The file's or folder's name tells more than one period. Name one, as in %s_2024-07.csv.",
			subject->kind == LIST_TARGET ? "sasaran" : subject->code);
	if (period->odd && !period->month)
		return error_set(err, ERROR_INPUT,
			"Bulan pada nama berkas atau folder tidak ada. Tulis 01 sampai 12, seperti %s_2024-07.csv.",
			"The month in the file's or folder's name is none. Write 01 to 12, as in %s_2024-07.csv.",
			subject->kind == LIST_TARGET ? "sasaran" : subject->code);
	if (subject->kind == LIST_PROGRAMME && !period->year)
		return error_set(err, ERROR_INPUT,
			"Nama berkas tidak menyebut periode. Beri nama seperti %s_2024-07.csv (tahun-bulan).",
			"The file's name tells no period. Name it like %s_2024-07.csv (year-month).", subject->code);
	return 0;
}

unsigned inbox_name_district(const char *path, const char **ret_office)
{
	size_t n = strcspn(path, "/");
	unsigned number = 0;

	*ret_office = path;
	if (path[n] != '/' || strspn(path, "0123456789.") != n || n < 4 || n > 5)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (path[i] != '.')
			number = number * 10 + (path[i] - '0');
	}
	*ret_office = path + n + 1;
	return number;
}

/* "sasaran 2024 SK 400-2024" → what stands behind SK, which is then no part of the rest. Returns the length of the rest. */
static size_t take_decree(const char *stem, size_t n, struct inbox_name *name)
{
	for (size_t i = 1; i + 3 < n; i++) {
		bool apart = !isalnum((unsigned char)stem[i - 1]) && !isalnum((unsigned char)stem[i + 2]);

		if (!apart || strncasecmp(stem + i, "sk", 2) != 0)
			continue;
		snprintf(name->decree, sizeof(name->decree), "%.*s", (int)(n - i - 3), stem + i + 3);
		return i;
	}
	return n;
}

int inbox_name_read(const char *path, const struct inbox_subject *subjects, size_t n_subjects, struct inbox_name *name,
	struct error *err)
{
	struct found_subject subject = {0};
	struct found_period period = {0};
	const char *slash, *dot;

	memset(name, 0, sizeof(*name));
	name->district = inbox_name_district(path, &path);
	slash = strchr(path, '/');
	if (!slash || slash == path || (size_t)(slash - path) >= sizeof(name->office))
		return error_set(err, ERROR_INPUT,
			"Berkas tidak terletak di folder sebuah dinas. Letakkan di folder dinas Anda di dalam kotak masuk.",
			"The file does not lie in an office's folder. Put it into your office's folder in the inbox.");
	for (const char *p = path; p < slash; p++)
		name->office[p - path] = tolower((unsigned char)*p);
	while (slash) {
		const char *part = slash + 1;
		struct found_subject here = {0};
		struct found_period period_here = {0};
		struct words words;
		size_t length;

		slash = strchr(part, '/');
		dot = slash ? NULL : strrchr(part, '.');
		length = slash ? (size_t)(slash - part) : dot ? (size_t)(dot - part) : strlen(part);
		words_split(&words, part, slash ? length : take_decree(part, length, name));
		find_subject(&words, subjects, n_subjects, &here);
		find_period(&words, &period_here);
		/* A folder speaks before what lies in it: the file's own name only fills what is still missing. */
		if (!subject.found)
			subject = here;
		if (!period.year)
			period = period_here;
		else if (!period.month && period_here.year == period.year)
			period = period_here;
	}
	if (judge(&subject, &period, subjects, n_subjects, err) < 0)
		return -1;
	name->kind = subject.kind;
	if (name->kind != LIST_TARGET)
		name->decree[0] = '\0';
	snprintf(name->code, sizeof(name->code), "%s", subject.code);
	name->year = period.year;
	name->month = period.month;
	return 0;
}
