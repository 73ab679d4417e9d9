/* See comparison.h. */
#include "matcher/link/comparison.h"

#include "matcher/compare/edit.h"
#include "matcher/compare/jaro.h"

#include <stdio.h>

static const char *const kind_names[COMPARE_KINDS] = {"name", "words", "nik", "kk", "identifier", "date", "sex", "code",
	"number", "email", "phone", "age"};

static const char *const phrase_names[PHRASE_SPLITS][PHRASE_LEVELS] = {
	{"missing", "1 same", "1 same sound", "1 reordered", "1 part", "1 similar", "1 similar part", "1 fuzzy",
		"1 one, rest similar", "1 one agrees", "1 one fuzzy", "1 initials", "1 apart", "1 most agree"},
	{"missing", "2 same", "2 same sound", "2 reordered", "2 part", "2 similar", "2 similar part", "2 fuzzy",
		"2 one, rest similar", "2 one agrees", "2 one fuzzy", "2 initials", "2 apart", "2 most agree"},
	{"missing", "3 same", "3 same sound", "3 reordered", "3 part", "3 similar", "3 similar part", "3 fuzzy",
		"3 one, rest similar", "3 one agrees", "3 one fuzzy", "3 initials", "3 apart", "3 most agree"},
};
static const char *const digits_names[NIK_LEVEL_COUNT] = {"missing", "exact", "15 digits", "one digit", "neighbours swapped",
	"digit shifted", "two digits", "area and date", "different", "two people's dates", "one digit of the serial"};
static const char *const dates_names[DATES_LEVEL_COUNT] = {"missing", "exact", "day and month swapped", "one digit", "decade",
	"within a month", "year off", "year and month", "year and day", "year only", "different"};
static const char *const sex_names[SEX_LEVEL_COUNT] = {"missing", "exact", "different"};
static const char *const identifier_names[IDENTIFIER_LEVEL_COUNT] = {"missing", "exact", "one edit", "two edits", "different"};
static const char *const code_names[CODE_LEVEL_COUNT] = {"missing", "exact", "one edit", "begins alike", "different"};
static const char *const number_names[NUMBER_LEVEL_COUNT] = {"missing", "exact", "near", "different"};
static const char *const email_names[EMAIL_LEVEL_COUNT] = {"missing", "exact", "name exact", "name similar", "different"};

static const struct {
	unsigned levels;
	const char *const *names;
} kinds[COMPARE_KINDS] = {
	[COMPARE_NAME] = {LEVELS_MAX, NULL},
	[COMPARE_WORDS] = {LEVELS_MAX, NULL},
	[COMPARE_NIK] = {NIK_LEVEL_COUNT, digits_names},
	[COMPARE_KK] = {DIGITS_LEVEL_COUNT, digits_names},
	[COMPARE_IDENTIFIER] = {IDENTIFIER_LEVEL_COUNT, identifier_names},
	[COMPARE_DATE] = {DATES_LEVEL_COUNT, dates_names},
	[COMPARE_SEX] = {SEX_LEVEL_COUNT, sex_names},
	[COMPARE_CODE] = {CODE_LEVEL_COUNT, code_names},
	[COMPARE_NUMBER] = {NUMBER_LEVEL_COUNT, number_names},
	[COMPARE_EMAIL] = {EMAIL_LEVEL_COUNT, email_names},
	[COMPARE_AGE] = {NUMBER_LEVEL_COUNT, number_names},
	[COMPARE_PHONE] = {IDENTIFIER_LEVEL_COUNT, identifier_names},
};

unsigned comparison_levels(enum comparison_kind kind)
{
	return kinds[kind].levels;
}

const char *comparison_kind_name(enum comparison_kind kind)
{
	return kind_names[kind];
}

const char *comparison_level_name(enum comparison_kind kind, unsigned level)
{
	if (level >= kinds[kind].levels)
		return "";
	if (comparison_is_phrase(kind))
		return level ? phrase_names[phrase_split(level)][phrase_tokens_level(level)] : "missing";
	return kinds[kind].names[level];
}

bool comparison_by_frequency(enum comparison_kind kind, unsigned level)
{
	if (level == 0)
		return false;
	switch (kind) {
	case COMPARE_NAME:
	case COMPARE_WORDS:
		return phrase_tokens_level(level) != TOKENS_APART;
	case COMPARE_SEX:
		return false;
	default:
		return level == 1;
	}
}

/* The more frequent of two words. */
static int32_t more_frequent(const struct column_frequency *frequency, const int32_t *table, uint32_t a, uint32_t b)
{
	int32_t fa = a < frequency->n_words ? table[a] : frequency->unseen;
	int32_t fb = b < frequency->n_words ? table[b] : frequency->unseen;

	return fa > fb ? fa : fb;
}

/* The frequency of what an alignment has in common: its words taken as independent, each by the kind of its agreement. */
static int32_t alignment_frequency(const struct column_frequency *frequency, const struct store_value *a,
	const struct store_value *b, const struct tokens_alignment *alignment)
{
	int64_t sum = 0;
	uint32_t joined_b = 0;

	for (unsigned i = 0; i < a->n_words; i++) {
		uint32_t wa = a->words[i], wb;
		int32_t f;

		if (alignment->partner[i] < 0)
			continue;
		wb = b->words[alignment->partner[i]];
		switch (alignment->kind[i]) {
		case TOKEN_EXACT:
			f = more_frequent(frequency, frequency->word, wa, wb);
			break;
		case TOKEN_PHONETIC:
			f = more_frequent(frequency, frequency->sound, wa, wb);
			break;
		case TOKEN_EDIT:
			f = more_frequent(frequency, frequency->near, wa, wb);
			break;
		case TOKEN_JOINED:
			/* Two words here are one there, or the reverse: counted once. */
			if (joined_b & (1u << alignment->partner[i]))
				continue;
			joined_b |= 1u << alignment->partner[i];
			f = more_frequent(frequency, frequency->word, wa, wb);
			break;
		default:
			f = more_frequent(frequency, frequency->begins, wa, wb);
			break;
		}
		sum += f;
	}
	return sum < frequency->floor ? frequency->floor : (int32_t)sum;
}

/* Whether at most `most` bits (2 or 4) are set. */
static inline bool few_bits(uint32_t bits, unsigned most)
{
	bits &= bits - 1;
	bits &= bits - 1;
	if (most == 4) {
		bits &= bits - 1;
		bits &= bits - 1;
	}
	return bits == 0;
}

/* token_compare(), which is asked only where the letters or sounds that occur leave anything open. */
static inline enum token_match compare_words(const struct store_word *a, const struct store_word *b)
{
	const struct token *x = &a->token, *y = &b->token;
	size_t shorter = x->text.n < y->text.n ? x->text.n : y->text.n, longer = x->text.n + y->text.n - shorter;
	unsigned edits = shorter >= 6 ? 2 : 1;

	if (a == b)
		return TOKEN_EXACT;
	if (shorter == 1 || x->phonetic == y->phonetic || x->phonetic_other || y->phonetic_other ||
	    (longer - shorter <= edits && few_bits(a->letters ^ b->letters, 2 * edits)) ||
	    (shorter >= 6 && few_bits(a->sounds ^ b->sounds, 2)))
		return token_compare(x, y);
	return shorter >= 3 && a->start == b->start && memcmp(x->text.p, y->text.p, shorter) == 0 ? TOKEN_PREFIX : TOKEN_APART;
}

/* Whether two words beside each other here are as long as one there. */
static bool may_be_joined(const struct store_column *column, const struct store_value *two, const struct store_value *one)
{
	for (unsigned i = 0; i + 1 < two->n_words; i++) {
		size_t length = column->words[two->words[i]].token.text.n + column->words[two->words[i + 1]].token.text.n;

		for (unsigned j = 0; j < one->n_words; j++) {
			if (column->words[one->words[j]].token.text.n == length)
				return true;
		}
	}
	return false;
}

static unsigned level_of(const struct store_column *column, const struct store_value *a,
	const struct tokens_alignment *alignment, unsigned split)
{
	unsigned agree = alignment->count[TOKEN_EXACT] + alignment->count[TOKEN_PHONETIC] + alignment->count[TOKEN_JOINED];

	/* Two equal initials are no part of a name that agrees. */
	for (unsigned i = 0; i < a->n_words; i++)
		agree -= alignment->kind[i] == TOKEN_EXACT && column->words[a->words[i]].token.text.n == 1;

	if (split == PHRASE_SPLITS - 1 && agree >= 2 &&
	    (alignment->level == TOKENS_ONE || alignment->level == TOKENS_ONE_REST_SIMILAR))
		return PHRASE_MOST;
	return alignment->level;
}

static void compare_phrases(const struct store_column *column, const struct column_frequency *frequency, uint32_t ida,
	uint32_t idb, struct comparison_outcome *ret)
{
	const struct store_value *a = &column->values[ida], *b = &column->values[idb];
	struct token ta[PHRASE_WORDS], tb[PHRASE_WORDS];
	uint8_t match[PHRASE_WORDS * PHRASE_WORDS];
	struct tokens_alignment alignment;
	unsigned shorter = a->n_words < b->n_words ? a->n_words : b->n_words;
	unsigned split = shorter >= PHRASE_SPLITS ? PHRASE_SPLITS - 1 : shorter - 1;
	bool any = false;

	for (unsigned i = 0; i < a->n_words; i++) {
		for (unsigned j = 0; j < b->n_words; j++) {
			match[i * b->n_words + j] =
				(uint8_t)compare_words(&column->words[a->words[i]], &column->words[b->words[j]]);
			any |= match[i * b->n_words + j] != TOKEN_APART;
		}
	}
	if (!any && !may_be_joined(column, a, b) && !may_be_joined(column, b, a)) {
		*ret = (struct comparison_outcome){(uint8_t)(split * (PHRASE_LEVELS - 1) + TOKENS_APART), 0};
		return;
	}
	for (unsigned i = 0; i < a->n_words; i++)
		ta[i] = column->words[a->words[i]].token;
	for (unsigned j = 0; j < b->n_words; j++)
		tb[j] = column->words[b->words[j]].token;
	tokens_align(ta, a->n_words, tb, b->n_words, match, &alignment);
	ret->level = (uint8_t)(split * (PHRASE_LEVELS - 1) + level_of(column, a, &alignment, split));
	ret->frequency = frequency ? alignment_frequency(frequency, a, b, &alignment) : 0;
	if (frequency && ida == idb && ida < frequency->n_values && frequency->whole[ida] > ret->frequency)
		ret->frequency = frequency->whole[ida];
}

/* Whether a NIK's digits hold that date (day + 40 for women, two digits of the year). */
static bool nik_holds(uint64_t bcd, uint32_t date)
{
	unsigned day, month, year;

	day = (unsigned)(bcd >> 36 & 15) * 10 + (unsigned)(bcd >> 32 & 15);
	month = (unsigned)(bcd >> 28 & 15) * 10 + (unsigned)(bcd >> 24 & 15);
	year = (unsigned)(bcd >> 20 & 15) * 10 + (unsigned)(bcd >> 16 & 15);
	return (day == date % 100 || day == date % 100 + 40) && month == date / 100 % 100 && year == date / 10000 % 100;
}

static unsigned compare_identifiers(const struct store_value *a, const struct store_value *b)
{
	size_t shorter = a->text.n < b->text.n ? a->text.n : b->text.n;
	unsigned edits = edit_osa(a->text, b->text, 2);

	if (edits == 1 && shorter >= 4)
		return IDENTIFIER_ONE_EDIT;
	return edits == 2 && shorter >= 6 ? IDENTIFIER_TWO_EDITS : IDENTIFIER_DIFFERENT;
}

static unsigned compare_codes(const struct store_value *a, const struct store_value *b)
{
	size_t shorter = a->text.n < b->text.n ? a->text.n : b->text.n, longer = a->text.n + b->text.n - shorter;

	if (shorter >= 3 && edit_osa(a->text, b->text, 1) <= 1)
		return CODE_NEAR;
	if (shorter >= 4 && memcmp(a->text.p, b->text.p, (longer + 1) / 2 < shorter ? (longer + 1) / 2 : shorter) == 0)
		return CODE_BEGINS;
	return CODE_DIFFERENT;
}

static unsigned compare_numbers(const struct store_value *a, const struct store_value *b)
{
	uint64_t apart = a->number > b->number ? a->number - b->number : b->number - a->number;
	size_t shorter = a->text.n < b->text.n ? a->text.n : b->text.n;

	return apart <= 1 || (shorter >= 2 && edit_osa(a->text, b->text, 1) <= 1) ? NUMBER_NEAR : NUMBER_DIFFERENT;
}

/* A date without what it is rounded by. */
static uint32_t told_by(uint32_t date, const struct column_frequency *frequency)
{
	unsigned month = date / 100 % 100, day = date % 100;

	return frequency && month <= 12 && day <= 31 && frequency->heaped[month][day] ? date - month * 100 - day : date;
}

static unsigned compare_dates(uint32_t a, uint32_t b, const struct column_frequency *frequency)
{
	uint32_t told_a = told_by(a, frequency), told_b = told_by(b, frequency);
	enum dates_level level = dates_compare(told_a, told_b);

	/* Another day of the same month is a slip in one part, whatever its distance. */
	if (level == DATES_NEAR && a / 100 == b / 100)
		return DATES_YEAR_MONTH;
	return level;
}

static unsigned compare_emails(const struct store_value *a, const struct store_value *b)
{
	struct str la = {a->text.p, a->number}, lb = {b->text.p, b->number};

	if (str_equal(la, lb))
		return EMAIL_LOCAL_EQUAL;
	if (la.n >= 4 && lb.n >= 4 && (edit_osa(la, lb, 2) <= 2 || jaro_winkler_similarity(la, lb) >= 0.92))
		return EMAIL_LOCAL_SIMILAR;
	return EMAIL_DIFFERENT;
}

unsigned comparison_nik_level(uint64_t a, uint64_t b)
{
	unsigned level = digits_compare_bcd(a, b);

	return level == DIGITS_ONE && (a ^ b) >> 16 == 0 ? NIK_SERIAL : level;
}

static unsigned compare_digits(enum comparison_kind kind, const struct store_value *a, const struct store_value *b,
	uint32_t date_a, uint32_t date_b)
{
	unsigned level;

	if (!a->number || !b->number) {
		/* A household key that is no number, or a damaged one: by its text. */
		unsigned by_text = compare_identifiers(a, b);

		return by_text == IDENTIFIER_ONE_EDIT ? DIGITS_ONE
		       : by_text == IDENTIFIER_TWO_EDITS ? DIGITS_TWO : DIGITS_DIFFERENT;
	}
	level = kind == COMPARE_NIK ? comparison_nik_level(a->number, b->number) : digits_compare_bcd(a->number, b->number);
	if (kind == COMPARE_NIK && level > DIGITS_FIFTEEN && date_a && date_b && date_a != date_b &&
	    nik_holds(a->number, date_a) && nik_holds(b->number, date_b))
		return NIK_CORROBORATED;
	return level;
}

void comparison_compare(const struct store_column *column, const struct column_frequency *frequency, uint32_t ida,
	uint32_t idb, uint32_t date_a, uint32_t date_b, struct comparison_outcome *ret)
{
	const struct store_value *a = &column->values[ida], *b = &column->values[idb];

	*ret = (struct comparison_outcome){0, 0};
	if (ida == 0 || idb == 0)
		return;
	if (comparison_is_phrase(column->kind)) {
		compare_phrases(column, frequency, ida, idb, ret);
		return;
	}
	if (ida == idb) {
		ret->level = 1;
		if (column->kind == COMPARE_DATE && a->number % 100 == 0)
			ret->level = DATES_YEAR_ONLY;
		else if (column->kind != COMPARE_SEX && frequency)
			ret->frequency = ida < frequency->n_values ? frequency->value[ida] : frequency->unseen;
		return;
	}
	switch (column->kind) {
	case COMPARE_NIK:
	case COMPARE_KK:
		ret->level = (uint8_t)compare_digits(column->kind, a, b, date_a, date_b);
		break;
	case COMPARE_DATE:
		ret->level = (uint8_t)compare_dates((uint32_t)a->number, (uint32_t)b->number, frequency);
		break;
	case COMPARE_SEX:
		ret->level = SEX_LEVEL_DIFFERENT;
		break;
	case COMPARE_CODE:
		ret->level = (uint8_t)compare_codes(a, b);
		break;
	case COMPARE_NUMBER:
	case COMPARE_AGE:
		ret->level = (uint8_t)compare_numbers(a, b);
		break;
	case COMPARE_EMAIL:
		ret->level = (uint8_t)compare_emails(a, b);
		break;
	default:
		ret->level = (uint8_t)compare_identifiers(a, b);
		break;
	}
}
