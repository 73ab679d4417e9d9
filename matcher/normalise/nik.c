/*
 * See nik.h. The cell's characters are sorted into digits, letters that stand for digits, separators and strangers;
 * what is left decides.
 */
#include "matcher/normalise/nik.h"

#include "matcher/normalise/text_fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NIK_DIGITS = 16, DIGITS_MIN = 10, DIGITS_MAX = 18, CELL_MAX = 96, AREA_FIRST = 11, AREA_LAST = 96 };

/* Digits found in a cell. */
struct found {
	char digit[CELL_MAX];
	unsigned n;
	unsigned repaired; /* of them, letters read as digits */
	bool cleaned;      /* something was skipped */
};

static char digit_of(char c, bool *repaired)
{
	*repaired = false;
	if (c >= '0' && c <= '9')
		return c;
	*repaired = true;
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L' || c == '|')
		return '1';
	return 0;
}

static bool is_stranger(char c)
{
	bool repaired;

	return !digit_of(c, &repaired) && ((c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80);
}

static void take_digits(struct str text, struct found *out)
{
	*out = (struct found){0};
	for (size_t i = 0; i < text.n; i++) {
		bool repaired;
		char digit = digit_of(text.p[i], &repaired);

		if (!digit) {
			out->cleaned = true;
			continue;
		}
		out->repaired += repaired;
		out->digit[out->n++] = digit;
	}
}

/* The longest piece without letters that can't be digits: "NIK 1505…", "1505… (SUAMI)". */
static struct str longest_piece(struct str text)
{
	struct str best = {text.p, 0};
	unsigned most = 0;

	for (size_t i = 0; i < text.n;) {
		size_t start = i;
		unsigned digits = 0;

		while (i < text.n && !is_stranger(text.p[i])) {
			digits += text.p[i] >= '0' && text.p[i] <= '9';
			i++;
		}
		if (digits > most) {
			most = digits;
			best = (struct str){text.p + start, i - start};
		}
		i += i < text.n;
	}
	/* Letters at its ends belonged to the words that were cut off. */
	while (best.n && !(best.p[0] >= '0' && best.p[0] <= '9'))
		best.p++, best.n--;
	while (best.n && !(best.p[best.n - 1] >= '0' && best.p[best.n - 1] <= '9'))
		best.n--;
	return best;
}

/* "1505011234567890.0" → without the end. Only behind 15 digits or more, since dots also group. */
static bool cut_decimals(struct str *text)
{
	size_t n = text->n, zeros = 0, digits = 0;

	while (n && text->p[n - 1] == '0')
		n--, zeros++;
	if (zeros < 1 || zeros > 6 || n < 2 || (text->p[n - 1] != '.' && text->p[n - 1] != ','))
		return false;
	for (size_t i = 0; i < n; i++)
		digits += text->p[i] >= '0' && text->p[i] <= '9';
	if (digits < 15)
		return false;
	text->n = n - 1;
	return true;
}

/* d[.,]dddE+15 or so. Returns whether it has that form; out->n is the number of digits before the E. */
static bool take_exponent(struct str text, struct found *out, unsigned *exponent)
{
	bool marked;
	size_t i = 0;

	*out = (struct found){0};
	while (i < text.n && ((text.p[i] >= '0' && text.p[i] <= '9') || text.p[i] == '.' || text.p[i] == ',')) {
		if (text.p[i] >= '0')
			out->digit[out->n++] = text.p[i];
		else if (i != 1)
			return false;
		i++;
	}
	if (out->n == 0 || i >= text.n || text.p[i] != 'E')
		return false;
	marked = i > out->n; /* by a comma, else by the plus: 2E14 may be a key of another kind */
	i++;
	marked = marked || (out->n == 1 && i < text.n && text.p[i] == '+');
	if (i < text.n && text.p[i] == '+')
		i++;
	*exponent = 0;
	if (i >= text.n || text.n - i > 2)
		return false;
	for (; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*exponent = *exponent * 10 + (unsigned)(text.p[i] - '0');
	}
	return marked && *exponent >= DIGITS_MIN - 1 && *exponent < DIGITS_MAX;
}

static uint64_t number_of(const char *digit, unsigned n)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < n; i++)
		value = value * 10 + (uint64_t)(digit[i] - '0');
	return value;
}

/* All digits alike behind the first 0 or 6 (area), or counted up: nobody's number. */
static bool is_placeholder(const char *digit, unsigned n)
{
	unsigned from = n >= 14 ? 6 : 0;
	bool alike = true, counted = true;

	for (unsigned i = from + 1; i < n; i++)
		alike &= digit[i] == digit[from];
	for (unsigned i = 1; i < n; i++)
		counted &= digit[i] == digit[i - 1] + 1 || (digit[i] == '0' && digit[i - 1] == '9');
	return (alike && (n >= 6 || digit[0] == '0')) || (counted && n >= 8);
}

static void describe(uint64_t value, bool kk, struct nik *out)
{
	uint64_t area = value / UINT64_C(10000000000);
	unsigned day = (unsigned)(value / 100000000 % 100), month = (unsigned)(value / 1000000 % 100);
	unsigned yy = (unsigned)(value / 10000 % 100);
	enum sex sex = kk ? SEX_UNKNOWN : day > 40 ? SEX_FEMALE : SEX_MALE;

	if (!kk && day > 40)
		day -= 40;
	out->area = (uint32_t)area;
	out->serial = (uint16_t)(value % 10000);
	if (area / 10000 < AREA_FIRST || area / 10000 > AREA_LAST || area / 100 % 100 == 0 || area % 100 == 0)
		out->flags |= NIK_BAD_AREA;
	if (out->serial == 0)
		out->flags |= NIK_BAD_SERIAL;
	if (date_is_real(1900 + (int)yy, month, day) || date_is_real(2000 + (int)yy, month, day)) {
		out->day = (uint8_t)day;
		out->month = (uint8_t)month;
		out->yy = (uint8_t)yy;
		out->sex = (uint8_t)sex;
	} else {
		out->flags |= NIK_BAD_DATE;
	}
}

static void describe_sixteen(uint64_t value, bool kk, struct nik *out)
{
	out->value = value;
	out->digits = out->known_digits = NIK_DIGITS;
	if (value < UINT64_C(1000000000000000))
		out->flags |= kk ? NIK_BAD_AREA : NIK_TEMPORARY;
	else
		describe(value, kk, out);
}

void nik_describe(uint64_t value, struct nik *out)
{
	*out = (struct nik){0};
	if (value == 0)
		out->flags = NIK_MISSING;
	else if (value < UINT64_C(10000000000000000))
		describe_sixteen(value, false, out);
	else
		out->flags = NIK_WRONG_LENGTH;
}

void kk_describe(uint64_t value, struct nik *out)
{
	*out = (struct nik){0};
	if (value == 0)
		out->flags = NIK_MISSING;
	else if (value < UINT64_C(10000000000000000))
		describe_sixteen(value, true, out);
	else
		out->flags = NIK_WRONG_LENGTH;
}

bool nik_is_key(const struct nik *nik)
{
	return nik->value && nik->digits == NIK_DIGITS && nik->known_digits == NIK_DIGITS &&
	       !(nik->flags & (NIK_PLACEHOLDER | NIK_TEMPORARY | NIK_EXPONENT | NIK_WRONG_LENGTH));
}

/* What the digits are, once they are found. */
static void judge(const struct found *found, bool numeric, bool kk, struct nik *out)
{
	uint64_t value;

	if (found->n > DIGITS_MAX || found->n == 0) {
		out->flags |= NIK_WRONG_LENGTH;
		return;
	}
	if (is_placeholder(found->digit, found->n)) {
		out->flags |= NIK_PLACEHOLDER;
		return;
	}
	value = number_of(found->digit, found->n);
	if (found->n != NIK_DIGITS) {
		out->flags |= NIK_WRONG_LENGTH;
		if (found->n >= DIGITS_MIN) {
			out->value = value;
			out->digits = out->known_digits = (uint8_t)found->n;
		}
		return;
	}
	describe_sixteen(value, kk, out);
	if (numeric && found->digit[NIK_DIGITS - 1] == '0') {
		out->flags |= NIK_SIXTEENTH_LOST;
		out->flags &= (uint16_t)~NIK_BAD_SERIAL;
		out->known_digits = NIK_DIGITS - 1;
	}
}

static void judge_exponent(struct found *found, unsigned exponent, bool kk, struct nik *out)
{
	if (found->n == NIK_DIGITS && exponent == NIK_DIGITS - 1) { /* 1.505011234567890E15 says it all */
		out->flags |= NIK_CLEANED;
		judge(found, true, kk, out);
		return;
	}
	out->flags |= NIK_EXPONENT;
	if (exponent + 1 == NIK_DIGITS && found->n <= NIK_DIGITS) {
		out->leading = number_of(found->digit, found->n);
		out->known_digits = (uint8_t)found->n;
	}
}

/* Words for "not yet" and the like, instead of a number. */
static bool says_not_yet(struct str text)
{
	static const char *const beginnings[] = {"BELUM", "BLM", "TIDAK", "TDK", "TAK ", "PROSES", "DALAM PROSES",
	        "KOSONG", "NIHIL", "HILANG", "REKAM", "NON", "NO ", "TANPA"};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		size_t n = strlen(beginnings[i]);

		if (text.n >= n && memcmp(text.p, beginnings[i], n) == 0)
			return true;
	}
	return false;
}

static void parse_folded(struct str text, bool numeric, bool kk, struct nik *out)
{
	struct found found;
	bool strange = false, cut;
	unsigned exponent, plain = 0;

	for (size_t i = 0; i < text.n; i++) {
		plain += text.p[i] >= '0' && text.p[i] <= '9';
		strange |= is_stranger(text.p[i]);
	}
	if (plain == 0) {
		out->flags |= says_not_yet(text) ? NIK_PLACEHOLDER : NIK_UNREADABLE;
		return;
	}
	while (text.n && text.p[0] == '\'')
		text.p++, text.n--, out->flags |= NIK_CLEANED;
	if (take_exponent(text, &found, &exponent)) {
		judge_exponent(&found, exponent, kk, out);
		return;
	}
	if (strange)
		text = longest_piece(text);
	cut = cut_decimals(&text);
	take_digits(text, &found);
	if ((strange && found.n < DIGITS_MIN) || found.repaired > found.n / 2) {
		out->flags |= NIK_UNREADABLE;
		return;
	}
	if (strange || cut || found.cleaned)
		out->flags |= NIK_CLEANED;
	if (found.repaired)
		out->flags |= NIK_LETTERS_REPAIRED;
	judge(&found, numeric, kk, out);
}

/* Sixteen digits and nothing else, as nearly all cells are. */
static bool is_plain(struct str raw)
{
	if (raw.n != NIK_DIGITS)
		return false;
	for (size_t i = 0; i < NIK_DIGITS; i++)
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return false;
	return true;
}

static bool parse(struct str raw, bool numeric, bool kk, struct nik *out)
{
	struct found plain;
	char folded[CELL_MAX];
	struct str text;
	unsigned seen;

	*out = (struct nik){0};
	raw = str_trim(raw);
	if (is_plain(raw)) {
		memcpy(plain.digit, raw.p, NIK_DIGITS);
		plain.n = NIK_DIGITS;
		judge(&plain, numeric, kk, out);
		return nik_is_key(out);
	}
	if (text_is_missing(raw)) {
		out->flags = NIK_MISSING;
		return false;
	}
	text = (struct str){folded, text_fold_into(raw, folded, sizeof(folded), &seen)};
	if (seen & TEXT_SEEN_CUT) { /* a whole sentence is no number */
		out->flags = NIK_UNREADABLE;
		return false;
	}
	if (seen & (TEXT_SEEN_INVISIBLE | TEXT_SEEN_BAD_UTF8))
		out->flags |= NIK_CLEANED;
	parse_folded(text, numeric, kk, out);
	return nik_is_key(out);
}

bool nik_parse(struct str raw, bool numeric, struct nik *out)
{
	return parse(raw, numeric, false, out);
}

bool kk_parse(struct str raw, bool numeric, struct nik *out)
{
	return parse(raw, numeric, true, out);
}

static bool fits_person(const struct nik *nik, struct date birth, enum sex sex)
{
	struct nik person;

	nik_describe(nik->value, &person);
	return person.day && person.day == birth.day && person.month == birth.month && person.yy == birth.year % 100 &&
	       (sex == SEX_UNKNOWN || person.sex == sex);
}

bool nik_kk_swapped(const struct nik *in_nik_column, const struct nik *in_kk_column, struct date birth, enum sex sex)
{
	if (in_nik_column->digits != NIK_DIGITS || in_kk_column->digits != NIK_DIGITS || !date_is_full(birth) ||
	        in_nik_column->value == in_kk_column->value)
		return false;
	return !fits_person(in_nik_column, birth, sex) && fits_person(in_kk_column, birth, sex);
}

void nik_format(const struct nik *nik, char out[24])
{
	uint64_t value = nik->value;
	unsigned n = value == 0 ? 0 : nik->digits < 20 ? nik->digits : 20;

	out[n] = '\0';
	while (n--) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void nik_mask(uint64_t value, char out[40])
{
	if (value == 0)
		out[0] = '\0';
	else
		snprintf(out, 40, "%06" PRIu64 "••••••%04" PRIu64, value / UINT64_C(10000000000) % 1000000,
		        value % 10000);
}
