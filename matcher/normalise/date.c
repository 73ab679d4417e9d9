/*
 * See date.h. A cell is cut into numbers and words; then the first of these that fits is taken: a name of a month with
 * numbers beside it, three numbers, two, one. What stands before the date is a place, what follows it a time of day.
 */
#include "matcher/normalise/date.h"

#include "matcher/compare/edit.h"
#include "matcher/normalise/text_fold.h"

enum {
	PARTS_MAX = 12,
	WORD_MAX = 12,
	OLDEST_YEAR = 1880,
	DEFAULT_REFERENCE_YEAR = 2026,
	SERIALS_FROM = 3000,
	SERIALS_TO = 73050
};

/* A run of digits or of letters. */
struct part {
	size_t start, end; /* in the cell */
	uint32_t value;    /* of a number of up to 8 digits */
	uint8_t digits;    /* 0: a word; 9: nine or more */
	uint8_t month;     /* of a word: 1..12, 0 if it names none */
	char before;       /* the separator in front: the first byte that is no space, or ' ', or 0 if none */
};

struct parts {
	struct part part[PARTS_MAX];
	unsigned n;
};

static const char *const month_words[12][8] = {
        {"JANUARI", "JANUARY", "JAN", "I"},
        {"FEBRUARI", "PEBRUARI", "FEBRUARY", "FEB", "PEB", "II"},
        {"MARET", "MARCH", "MAR", "MRT", "III"},
        {"APRIL", "APR", "IV"},
        {"MEI", "MAY", "MEY", "V"},
        {"JUNI", "JUNE", "JUN", "VI"},
        {"JULI", "JULY", "JUL", "VII"},
        {"AGUSTUS", "AUGUST", "AGS", "AGT", "AGU", "AUG", "AGUS", "VIII"},
        {"SEPTEMBER", "SEP", "SEPT", "IX"},
        {"OKTOBER", "OCTOBER", "OKT", "OCT", "X"},
        {"NOVEMBER", "NOPEMBER", "NOV", "NOP", "XI"},
        {"DESEMBER", "DECEMBER", "DES", "DEC", "XII"},
};

static uint8_t month_of_word(struct str word)
{
	char upper[WORD_MAX];

	if (word.n > WORD_MAX)
		return 0;
	for (size_t i = 0; i < word.n; i++)
		upper[i] = word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 'a' + 'A') : word.p[i];
	word.p = upper;
	for (uint8_t month = 0; month < 12; month++)
		for (int i = 0; i < 8 && month_words[month][i]; i++)
			if (str_equal(word, str_from(month_words[month][i])))
				return (uint8_t)(month + 1);
	if (word.n < 5)
		return 0;
	for (uint8_t month = 0; month < 12; month++) /* with a typing error: Desembr, Agutus */
		for (int i = 0; i < 2; i++)
			if (strlen(month_words[month][i]) >= 6 &&
			        edit_osa(word, str_from(month_words[month][i]), 1) <= 1)
				return (uint8_t)(month + 1);
	return 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void read_number(struct part *part, struct str raw, size_t *at)
{
	unsigned digits = 0;

	while (*at < raw.n && is_digit(raw.p[*at])) {
		if (digits < 8)
			part->value = part->value * 10 + (uint32_t)(raw.p[*at] - '0');
		digits += digits < 9;
		++*at;
	}
	part->digits = (uint8_t)digits;
}

static void split_parts(struct str raw, struct parts *out)
{
	size_t at = 0;
	char before = 0;

	out->n = 0;
	while (at < raw.n && out->n < PARTS_MAX) {
		struct part part = {.start = at, .before = before};

		if (is_digit(raw.p[at])) {
			read_number(&part, raw, &at);
		} else if (is_letter(raw.p[at])) {
			bool ascii = false;

			for (; at < raw.n && is_letter(raw.p[at]); at++)
				ascii |= (unsigned char)raw.p[at] < 0x80;
			if (!ascii) { /* a dash or a space of another code page */
				before = before && before != ' ' ? before : '-';
				continue;
			}
			part.month = month_of_word((struct str){raw.p + part.start, at - part.start});
		} else {
			if (before == 0 || before == ' ')
				before = raw.p[at] < ' ' ? ' ' : raw.p[at];
			at++;
			continue;
		}
		part.end = at;
		before = 0;
		out->part[out->n++] = part;
	}
}

static int reference_year(const struct date_context *context)
{
	return context && context->reference_year ? context->reference_year : DEFAULT_REFERENCE_YEAR;
}

/* The year of a number of two or four digits; 0 if it can be none. */
static int year_of(const struct part *part, const struct date_context *context)
{
	int year = (int)part->value;
	int reference = reference_year(context);

	if (part->digits == 4)
		return year;
	if (part->digits > 2 || part->digits == 0)
		return 0;
	year += reference / 100 * 100;
	return year > reference ? year - 100 : year;
}

static uint8_t flags_of_year(const struct part *part)
{
	return part->digits == 4 ? 0 : DATE_TWO_DIGIT_YEAR;
}

static bool finish(
        struct date *out, int year, uint32_t month, uint32_t day, uint8_t flags, const struct date_context *context)
{
	if (year < 1 || year > 9999 || month > 99 || day > 99) {
		*out = (struct date){.flags = year == 0 && month == 0 && day == 0 ? DATE_PLACEHOLDER : DATE_UNREADABLE};
		return false;
	}
	if ((year == 1900 && month == 1 && day == 1) || (year == 1899 && month == 12) || year == 9999) {
		*out = (struct date){.flags = DATE_PLACEHOLDER};
		return false;
	}
	if (month > 12 && month <= 31 && day >= 1 && day <= 12) { /* 1980-31-12 */
		uint32_t swap = month;

		month = day;
		day = swap;
	}
	if (month > 12 || day > date_days_in_month(year, month ? month : 1))
		flags |= DATE_IMPOSSIBLE;
	if (year < OLDEST_YEAR || year > reference_year(context))
		flags |= DATE_IMPLAUSIBLE;
	*out = (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day, flags};
	return true;
}

/* first and second are day and month in some order. */
static bool finish_day_month(
        struct date *out, int year, uint32_t first, uint32_t second, uint8_t flags, const struct date_context *context)
{
	enum date_order order = context ? context->order : DATE_ORDER_UNKNOWN;
	bool day_first = first <= 31 && second <= 12;
	bool month_first = first <= 12 && second <= 31;

	if (day_first && month_first && first != second) {
		if (order != DATE_ORDER_DMY && order != DATE_ORDER_MDY)
			flags |= DATE_AMBIGUOUS;
		month_first = order == DATE_ORDER_MDY;
	} else {
		month_first = month_first && !day_first;
	}
	return month_first ? finish(out, year, first, second, flags, context)
	                   : finish(out, year, second, first, flags, context);
}

static bool is_short(const struct part *part)
{
	return part->digits == 1 || part->digits == 2;
}

static bool is_ordinal(const struct part *part, struct str raw)
{
	struct str word = {raw.p + part->start, part->end - part->start};

	return part->digits == 0 && part->before == 0 && word.n == 2 &&
	       (strncasecmp(word.p, "ST", 2) == 0 || strncasecmp(word.p, "ND", 2) == 0 ||
	               strncasecmp(word.p, "RD", 2) == 0 || strncasecmp(word.p, "TH", 2) == 0);
}

/* "31 Desember 1980", "Dec 31, 1980", "1980 Des 31", "Mei 1980". First: the part that begins the date. */
static bool try_month_word(const struct parts *parts, struct str raw, const struct date_context *context,
        struct date *out, unsigned *first)
{
	for (unsigned i = 0; i < parts->n; i++) {
		const struct part *before, *after, *last;
		unsigned b = i, a = i + 1;

		if (!parts->part[i].month)
			continue;
		if (b > 1 && is_ordinal(&parts->part[b - 1], raw))
			b--;
		before = b > 0 && parts->part[b - 1].digits ? &parts->part[b - 1] : NULL;
		after = a < parts->n && parts->part[a].digits ? &parts->part[a++] : NULL;
		if (after && a < parts->n && is_ordinal(&parts->part[a], raw))
			a++;
		last = a < parts->n && parts->part[a].digits && parts->part[a].before != ':' ? &parts->part[a] : NULL;
		*first = before ? b - 1 : i;
		if (before && is_short(before) && after && (is_short(after) || after->digits == 4))
			return finish(out, year_of(after, context), parts->part[i].month, before->value,
			        flags_of_year(after), context);
		if (before && before->digits == 4 && after && is_short(after))
			return finish(out, (int)before->value, parts->part[i].month, after->value, 0, context);
		if (!before && after && is_short(after) && last && last->digits == 4)
			return finish(out, (int)last->value, parts->part[i].month, after->value, 0, context);
		if (!before && after && after->digits == 4)
			return finish(out, (int)after->value, parts->part[i].month, 0, 0, context);
	}
	return false;
}

/* Three two-digit numbers. */
static bool finish_short_triple(const struct part *part, const struct date_context *context, struct date *out)
{
	enum date_order order = context ? context->order : DATE_ORDER_UNKNOWN;

	if (part[0].value > 31 && part[2].value <= 31)
		order = DATE_ORDER_YMD;
	else if (order == DATE_ORDER_YMD && (part[2].value > 31 || part[1].value > 12))
		order = DATE_ORDER_UNKNOWN;
	if (part[0].value == 0 && part[1].value == 0 && part[2].value == 0)
		return finish(out, 0, 0, 0, 0, context);
	if (order == DATE_ORDER_YMD)
		return finish(out, year_of(&part[0], context), part[1].value, part[2].value, flags_of_year(&part[0]),
		        context);
	return finish_day_month(
	        out, year_of(&part[2], context), part[0].value, part[1].value, flags_of_year(&part[2]), context);
}

static bool is_triple(const struct part *part)
{
	if (part[1].before == ':' || part[2].before == ':' || !part[0].digits || !is_short(&part[1]))
		return false;
	return (part[0].digits == 4 && is_short(&part[2])) ||
	       (is_short(&part[0]) && (is_short(&part[2]) || part[2].digits == 4));
}

static bool try_triple(const struct parts *parts, const struct date_context *context, struct date *out, unsigned *first)
{
	for (unsigned i = 0; i + 2 < parts->n; i++) {
		const struct part *part = &parts->part[i];

		if (!is_triple(part))
			continue;
		*first = i;
		if (part[0].digits == 4)
			return finish(out, (int)part[0].value, part[1].value, part[2].value, 0, context);
		if (part[2].digits == 4)
			return finish_day_month(out, (int)part[2].value, part[0].value, part[1].value, 0, context);
		return finish_short_triple(part, context, out);
	}
	return false;
}

/* "12/1980", "1980-12", "12-80". */
static bool try_pair(const struct parts *parts, const struct date_context *context, struct date *out, unsigned *first)
{
	for (unsigned i = 0; i + 1 < parts->n; i++) {
		const struct part *part = &parts->part[i];

		if (!part[0].digits || !part[1].digits || part[1].before == ':' || part[1].before == 0)
			continue;
		*first = i;
		if (part[0].digits == 4 && is_short(&part[1]) && part[1].value <= 12)
			return finish(out, (int)part[0].value, part[1].value, 0, 0, context);
		if (is_short(&part[0]) && part[0].value <= 12 && part[1].digits == 4)
			return finish(out, (int)part[1].value, part[0].value, 0, 0, context);
		if (is_short(&part[0]) && part[0].value <= 12 && is_short(&part[1]) && part[1].value > 31)
			return finish(
			        out, year_of(&part[1], context), part[0].value, 0, flags_of_year(&part[1]), context);
	}
	return false;
}

static bool finish_serial(uint32_t serial, const struct date_context *context, struct date *out)
{
	enum { DAYS_1900_TO_1970 = 25569, DAYS_1904_LATER = 1462 };
	struct date date;

	if (context && context->serial_1904)
		serial += DAYS_1904_LATER;
	date = date_from_days((int32_t)serial - DAYS_1900_TO_1970);
	return finish(out, date.year, date.month, date.day, DATE_FROM_SERIAL, context);
}

static bool plausible(uint32_t year, const struct date_context *context)
{
	return year >= OLDEST_YEAR && year <= (uint32_t)reference_year(context);
}

/* Eight digits, or seven whose first zero was lost. */
static bool finish_eight(uint32_t value, bool seven, const struct date_context *context, struct date *out)
{
	uint32_t year = value / 10000, month = value / 100 % 100, day = value % 100;

	if (value == 0)
		return finish(out, 0, 0, 0, 0, context);
	if (!seven && plausible(year, context) && month <= 12 && day <= 31)
		return finish(out, (int)year, month, day, 0, context);
	year = value % 10000;
	if (plausible(year, context))
		return finish_day_month(out, (int)year, value / 1000000, value / 10000 % 100, 0, context);
	*out = (struct date){.flags = DATE_UNREADABLE};
	return false;
}

/* Six digits: 311280, 801231, 198012. */
static bool finish_six(uint32_t value, const struct date_context *context, struct date *out)
{
	struct part part[3] = {{.value = value / 10000, .digits = 2}, {.value = value / 100 % 100, .digits = 2},
	        {.value = value % 100, .digits = 2}};
	uint32_t year = value / 100;

	if (plausible(year, context) && value % 100 >= 1 && value % 100 <= 12 && part[1].value > 12)
		return finish(out, (int)year, value % 100, 0, 0, context);
	if (part[1].value > 12 && part[0].value > 12) {
		*out = (struct date){.flags = DATE_UNREADABLE};
		return false;
	}
	return finish_short_triple(part, context, out);
}

/* One number that is the whole cell, or nearly: a year, a serial, digits without separators. */
static bool try_single(
        const struct parts *parts, bool numeric, const struct date_context *context, struct date *out, unsigned *first)
{
	const struct part *part = NULL;

	for (unsigned i = 0; i < parts->n && !part; i++) {
		if (parts->part[i].digits) {
			part = &parts->part[i];
			*first = i;
		}
	}
	if (!part)
		return false;
	switch (part->digits) {
	case 8:
		return finish_eight(part->value, false, context, out);
	case 7:
		return finish_eight(part->value, true, context, out);
	case 6:
		return finish_six(part->value, context, out);
	case 5:
		if (part->value <= SERIALS_TO)
			return finish_serial(part->value, context, out);
		break;
	case 4:
		if (plausible(part->value, context) || !numeric || part->value < SERIALS_FROM)
			return finish(out, (int)part->value, 0, 0, 0, context);
		return finish_serial(part->value, context, out);
	default:
		if (part->value == 0 && part->digits < 9)
			return finish(out, 0, 0, 0, 0, context);
		break;
	}
	*out = (struct date){.flags = DATE_UNREADABLE};
	return false;
}

/* What stands before the date, without "tgl", "lahir" and punctuation at its end. */
static struct str place_before(const struct parts *parts, unsigned first, struct str raw)
{
	static const char *const skipped[] = {"TGL", "TANGGAL", "LAHIR", "PADA", "DATE", "SENIN", "SELASA", "RABU",
	        "KAMIS", "JUMAT", "SABTU", "MINGGU"};
	unsigned from = 0;

	while (first > 0) {
		const struct part *part = &parts->part[first - 1];
		struct str word = {raw.p + part->start, part->end - part->start};
		bool skip = false;

		for (size_t i = 0; i < sizeof(skipped) / sizeof(*skipped); i++)
			skip |= word.n == strlen(skipped[i]) && strncasecmp(word.p, skipped[i], word.n) == 0;
		if (!skip)
			break;
		first--;
	}
	if (first <= from)
		return (struct str){NULL, 0};
	return (struct str){raw.p + parts->part[from].start, parts->part[first - 1].end - parts->part[from].start};
}

bool date_parse(struct str raw, bool numeric, const struct date_context *context, struct date *out, struct str *place)
{
	struct parts parts;
	unsigned first = 0;
	bool found;

	*out = (struct date){0};
	if (place)
		*place = (struct str){NULL, 0};
	raw = str_trim(raw);
	if (raw.n == 0 || text_is_missing(raw))
		return false;
	split_parts(raw, &parts);
	found = try_month_word(&parts, raw, context, out, &first);
	if (!found && !out->flags)
		found = try_triple(&parts, context, out, &first);
	if (!found && !out->flags)
		found = try_pair(&parts, context, out, &first);
	if (!found && !out->flags)
		found = try_single(&parts, numeric, context, out, &first);
	if (!found && !out->flags) {
		out->flags = DATE_UNREADABLE;
		first = parts.n;
	}
	if (place)
		*place = place_before(&parts, first, raw);
	return found;
}

void date_order_votes_add(struct date_order_votes *votes, struct str raw)
{
	struct parts parts;

	split_parts(str_trim(raw), &parts);
	for (unsigned i = 0; i + 2 < parts.n; i++) {
		const struct part *part = &parts.part[i];

		if (!is_triple(part))
			continue;
		if (part[0].digits == 4)
			return; /* clear by itself, and says nothing about short years */
		if (part[0].value > 31 && part[2].digits <= 2)
			votes->ymd++;
		else if (part[0].value > 12 && part[0].value <= 31 && part[1].value >= 1 && part[1].value <= 12 &&
		         (part[2].digits == 4 || part[2].value > 31))
			votes->dmy++;
		else if (part[1].value > 12 && part[1].value <= 31 && part[0].value >= 1 && part[0].value <= 12)
			votes->mdy++;
		return;
	}
}

enum date_order date_order_votes_winner(const struct date_order_votes *votes)
{
	uint64_t all = (uint64_t)votes->dmy + votes->mdy + votes->ymd;

	if (all && votes->dmy * UINT64_C(10) >= all * 9)
		return DATE_ORDER_DMY;
	if (all && votes->mdy * UINT64_C(10) >= all * 9)
		return DATE_ORDER_MDY;
	if (all && votes->ymd * UINT64_C(10) >= all * 9)
		return DATE_ORDER_YMD;
	return DATE_ORDER_UNKNOWN;
}

unsigned date_days_in_month(int year, unsigned month)
{
	static const uint8_t days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return 0;
	return days[month] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

bool date_is_real(int year, unsigned month, unsigned day)
{
	return year >= 1 && day >= 1 && day <= date_days_in_month(year, month);
}

/* Days from civil and back: Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain). */
int32_t date_to_days(struct date date)
{
	int32_t year = date.year - (date.month <= 2);
	int32_t era = (year >= 0 ? year : year - 399) / 400;
	int32_t year_of_era = year - era * 400;
	int32_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct date date_from_days(int32_t days)
{
	int32_t shifted = days + 719468;
	int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int32_t day_of_era = shifted - era * 146097;
	int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t month = (5 * day_of_year + 2) / 153;

	return (struct date){.year = (int16_t)(year_of_era + era * 400 + (month >= 10)),
	        .month = (uint8_t)(month < 10 ? month + 3 : month - 9),
	        .day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1)};
}
