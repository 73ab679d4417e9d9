/* See column_contents.h. */
#include "daemon/ingest/column_contents.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DISTINCT_MAX = 2048 };

static bool is_missing(struct str cell)
{
	static const char *const WORDS[] = {"-", "na", "n/a", "null", "none", "nan", "?", "#n/a"};

	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (strlen(WORDS[i]) == cell.n && strncasecmp(cell.p, WORDS[i], cell.n) == 0)
			return true;
	return cell.n == 0;
}

static bool is_sex(struct str cell)
{
	static const char *const WORDS[] = {"m", "f", "male", "female", "l", "p", "lk", "pr", "laki-laki", "perempuan", "man", "woman",
		"u", "unknown"};

	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (strlen(WORDS[i]) == cell.n && strncasecmp(cell.p, WORDS[i], cell.n) == 0)
			return true;
	return false;
}

static int two(const char *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

static void judge_digits(struct column_contents *c, struct str cell)
{
	if (cell.n == 16) {
		int province = two(cell.p), day = two(cell.p + 6), month = two(cell.p + 8);
		bool nik = province >= 11 && province <= 97 && month >= 1 && month <= 12 &&
			   ((day >= 1 && day <= 31) || (day >= 41 && day <= 71));

		c->niks += nik;
		c->women += nik && day > 40;
	} else if (cell.n == 8) {
		int year_first = two(cell.p), year_last = two(cell.p + 4);
		bool ymd = (year_first == 18 || year_first == 19 || year_first == 20) && two(cell.p + 4) <= 12 && two(cell.p + 6) <= 31;
		bool dmy = (year_last == 18 || year_last == 19 || year_last == 20) && two(cell.p) <= 31 && two(cell.p + 2) <= 12;

		c->dates += ymd || dmy;
	}
}

static bool looks_like_date(struct str cell, uint32_t digits, uint32_t letters, uint32_t separators)
{
	if (digits < 5 || digits > 14 || cell.n > 25)
		return false;
	return (letters == 0 && separators >= 2 && separators <= 5 && digits + separators + 3 >= cell.n) ||
	       (letters >= 3 && letters <= 9 && digits <= 6 && cell.p[0] >= '0' && cell.p[0] <= '9');
}

static void judge_cell(struct column_contents *c, struct str cell, int64_t *before)
{
	uint32_t digits = 0, letters = 0, separators = 0, points = 0, spaces = 0, other = 0;

	c->filled++;
	for (size_t i = 0; i < cell.n; i++) {
		unsigned char ch = (unsigned char)cell.p[i];

		if (ch >= '0' && ch <= '9')
			digits++;
		else if ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z')
			letters++;
		else if (ch == '/' || ch == '-' || ch == ':')
			separators++;
		else if (ch == '.' || ch == ',')
			points++;
		else if (ch == ' ')
			spaces++;
		else
			other += ch < 0x80;
	}
	c->emails += letters > 2 && memchr(cell.p, '@', cell.n) && memchr(cell.p, '.', cell.n) && spaces == 0;
	c->dates += looks_like_date(cell, digits, letters, separators + points);
	c->sexes += is_sex(cell);
	c->phones += letters == 0 && digits >= 8 && digits <= 15 && (cell.p[0] == '+' || cell.p[0] == '(' || (cell.p[0] == '0' && digits >= 9)) &&
		     digits + separators + points + spaces + other == cell.n;
	c->letters += letters > digits;
	c->with_digits += digits > 0;
	c->words += spaces + 1;
	if (cell.n > c->longest)
		c->longest = (uint32_t)cell.n;
	if (digits == cell.n) {
		int64_t value = digits <= 18 ? strtoll(cell.p, NULL, 10) : INT64_MAX;

		c->integers++;
		c->years += cell.n == 4 && value >= 1850 && value <= 2035;
		c->months += cell.n <= 2 && value >= 1 && value <= 12;
		c->days += cell.n <= 2 && value >= 1 && value <= 31;
		c->ascending += value >= *before;
		*before = value;
		judge_digits(c, cell);
	}
	c->numbers += letters == 0 && other == 0 && spaces == 0 && digits > 0 && points + separators <= 1 &&
		      digits + points + separators == cell.n;
}

/* How many different values a column has, up to DISTINCT_MAX rows of it. */
static uint32_t count_distinct(const struct str *sample, uint32_t n, uint32_t rows, uint32_t column, struct str *sorted)
{
	uint32_t filled = 0, distinct = 0;

	for (uint32_t r = 0; r < rows && filled < DISTINCT_MAX; r++) {
		struct str cell = str_trim(sample[(size_t)r * n + column]);
		uint32_t at = filled;

		if (is_missing(cell))
			continue;
		/* Insertion keeps the values sorted; a sample is small. */
		while (at > 0 && str_compare(sorted[at - 1], cell) > 0) {
			sorted[at] = sorted[at - 1];
			at--;
		}
		sorted[at] = cell;
		filled++;
	}
	for (uint32_t i = 0; i < filled; i++)
		distinct += i == 0 || !str_equal(sorted[i], sorted[i - 1]);
	return distinct;
}

struct column_contents column_contents_judge(const struct str *sample, uint32_t n, uint32_t rows, uint32_t column)
{
	struct column_contents contents = {0};
	struct str *sorted = malloc(DISTINCT_MAX * sizeof *sorted);
	int64_t before = INT64_MIN;

	for (uint32_t r = 0; r < rows; r++) {
		struct str cell = str_trim(sample[(size_t)r * n + column]);
		char text[32];

		if (is_missing(cell))
			continue;
		/* strtoll() wants an end; longer cells are no number that matters. */
		if (cell.n < sizeof text) {
			memcpy(text, cell.p, cell.n);
			text[cell.n] = '\0';
			cell.p = text;
		}
		judge_cell(&contents, cell, &before);
	}
	/* Without memory every value counts as distinct, which changes a guess at most. */
	contents.distinct = sorted ? count_distinct(sample, n, rows, column, sorted) : contents.filled;
	free(sorted);
	return contents;
}
