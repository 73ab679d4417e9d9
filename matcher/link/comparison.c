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

static inline uint32_t without_two_bits(uint32_t bits)
{
	bits &= bits - 1;
	return bits & (bits - 1);
}

/*
 * Whether anything but TOKEN_APART can come of two words, by what is kept of them: false is sure. Most words that are compared
 * are apart, for reasons that no branch predictor foresees: so all reasons are looked at, and none is a branch.
 */
static inline bool words_may_agree(const struct store_word *a, const struct store_word *b)
{
	const struct token *x = &a->token, *y = &b->token;
	uint32_t nx = (uint32_t)x->text.n, ny = (uint32_t)y->text.n, shorter = nx < ny ? nx : ny, apart = nx + ny - 2 * shorter;
	bool long_enough = shorter >= 6;
	/* An edit changes two letters at most: one that goes, one that comes. */
	uint32_t letters = without_two_bits(a->letters ^ b->letters);
	bool one_edit = !letters & (apart <= 1);
	bool two_edits = !without_two_bits(letters) & long_enough & (apart <= 2);
	bool edit_in_sound = !without_two_bits(a->sounds ^ b->sounds) & long_enough;
	bool sound = (x->phonetic == y->phonetic) | ((x->phonetic_other | y->phonetic_other) != 0);

	return (a == b) | (shorter == 1) | sound | one_edit | two_edits | edit_in_sound | ((a->start == b->start) & (a->start != 0));
}

/* Some bit of `lengths` is a word's length, the same for two words beside each other together in `joined`. */
static void note_lengths(const struct store_column *column, const struct store_value *phrase, uint64_t *lengths, uint64_t *joined)
{
	size_t before = 64;

	*lengths = *joined = 0;
	for (unsigned i = 0; i < phrase->n_words; i++) {
		size_t n = column->words[phrase->words[i]].token.text.n;

		*lengths |= n < 64 ? UINT64_C(1) << n : 0;
		*joined |= before + n < 64 ? UINT64_C(1) << (before + n) : 0;
		before = n;
	}
}

/* Whether two words beside each other here are as long as one there. */
static bool may_be_joined(const struct store_column *column, const struct store_value *a, const struct store_value *b)
{
	uint64_t lengths_a, lengths_b, joined_a, joined_b;

	note_lengths(column, a, &lengths_a, &joined_a);
	note_lengths(column, b, &lengths_b, &joined_b);
	return (lengths_a & joined_b) | (lengths_b & joined_a);
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

/* match[i * b's words + j], and whether anything but TOKEN_APART is in it. */
static bool match_words(const struct store_column *column, const struct store_value *a, const struct store_value *b, uint8_t *match)
{
	uint64_t open = 0;
	unsigned n = 0;
	bool any = false;

	for (unsigned i = 0; i < a->n_words; i++) {
		const struct store_word *word = &column->words[a->words[i]];

		for (unsigned j = 0; j < b->n_words; j++, n++)
			open |= (uint64_t)words_may_agree(word, &column->words[b->words[j]]) << n;
	}
	if (!open)
		return false;
	memset(match, TOKEN_APART, n);
	for (; open; open &= open - 1) {
		unsigned at = (unsigned)__builtin_ctzll(open);

		match[at] = (uint8_t)token_compare(&column->words[a->words[at / b->n_words]].token,
			&column->words[b->words[at % b->n_words]].token);
		any |= match[at] != TOKEN_APART;
	}
	return any;
}

/* One phrase held by both rows. */
static int32_t phrase_frequency(const struct column_frequency *frequency, uint32_t id, const struct store_value *value)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < value->n_words; i++)
		sum += more_frequent(frequency, frequency->word, value->words[i], value->words[i]);
	if (sum < frequency->floor)
		sum = frequency->floor;
	return id < frequency->n_values && frequency->whole[id] > sum ? frequency->whole[id] : (int32_t)sum;
}

unsigned comparison_apart(const struct store_column *column, uint32_t ida, uint32_t idb)
{
	const struct store_value *a = &column->values[ida], *b = &column->values[idb];
	unsigned shorter = a->n_words < b->n_words ? a->n_words : b->n_words;
	unsigned split = shorter >= PHRASE_SPLITS ? PHRASE_SPLITS - 1 : shorter - 1;
	uint8_t match[PHRASE_WORDS * PHRASE_WORDS];

	return match_words(column, a, b, match) || may_be_joined(column, a, b) ? 0 : split * (PHRASE_LEVELS - 1) + TOKENS_APART;
}

static void compare_phrases(const struct store_column *column, const struct column_frequency *frequency, uint32_t ida,
	uint32_t idb, struct comparison_outcome *ret)
{
	const struct store_value *a = &column->values[ida], *b = &column->values[idb];
	struct token ta[PHRASE_WORDS], tb[PHRASE_WORDS];
	uint8_t match[PHRASE_WORDS * PHRASE_WORDS] = {0};
	struct tokens_alignment alignment;
	unsigned shorter = a->n_words < b->n_words ? a->n_words : b->n_words;
	unsigned split = shorter >= PHRASE_SPLITS ? PHRASE_SPLITS - 1 : shorter - 1;

	ret->level = (uint8_t)(split * (PHRASE_LEVELS - 1));
	ret->frequency = 0;
	if (ida == idb) {
		ret->level += TOKENS_SAME;
		ret->frequency = frequency ? phrase_frequency(frequency, ida, a) : 0;
		return;
	}
	if (!match_words(column, a, b, match) && !may_be_joined(column, a, b)) {
		ret->level += TOKENS_APART;
		return;
	}
	for (unsigned i = 0; i < a->n_words; i++)
		ta[i] = column->words[a->words[i]].token;
	for (unsigned j = 0; j < b->n_words; j++)
		tb[j] = column->words[b->words[j]].token;
	tokens_align(ta, a->n_words, tb, b->n_words, match, &alignment);
	ret->level += (uint8_t)level_of(column, a, &alignment, split);
	ret->frequency = frequency ? alignment_frequency(frequency, a, b, &alignment) : 0;
}

bool comparison_nik_holds(uint64_t bcd, uint32_t date)
{
	unsigned day, month, year;

	day = (unsigned)(bcd >> 36 & 15) * 10 + (unsigned)(bcd >> 32 & 15);
	month = (unsigned)(bcd >> 28 & 15) * 10 + (unsigned)(bcd >> 24 & 15);
	year = (unsigned)(bcd >> 20 & 15) * 10 + (unsigned)(bcd >> 16 & 15);
	return (day == date % 100 || day == date % 100 + 40) && month == date / 100 % 100 && year == date / 10000 % 100;
}

static unsigned compare_identifiers(struct str a, struct str b)
{
	size_t shorter = a.n < b.n ? a.n : b.n;
	unsigned edits = edit_osa(a, b, 2);

	if (edits == 1 && shorter >= 4)
		return IDENTIFIER_ONE_EDIT;
	return edits == 2 && shorter >= 6 ? IDENTIFIER_TWO_EDITS : IDENTIFIER_DIFFERENT;
}

static unsigned compare_codes(struct str a, struct str b)
{
	size_t shorter = a.n < b.n ? a.n : b.n, longer = a.n + b.n - shorter;

	if (shorter >= 3 && edit_osa(a, b, 1) <= 1)
		return CODE_NEAR;
	if (shorter >= 4 && memcmp(a.p, b.p, (longer + 1) / 2 < shorter ? (longer + 1) / 2 : shorter) == 0)
		return CODE_BEGINS;
	return CODE_DIFFERENT;
}

static unsigned compare_numbers(uint64_t a, struct str text_a, uint64_t b, struct str text_b)
{
	uint64_t apart = a > b ? a - b : b - a;
	size_t shorter = text_a.n < text_b.n ? text_a.n : text_b.n;

	return apart <= 1 || (shorter >= 2 && edit_osa(text_a, text_b, 1) <= 1) ? NUMBER_NEAR : NUMBER_DIFFERENT;
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

enum { EMAIL_WHOLE_MIN = 10 }; /* characters from which two edits in the whole address are a slip */

static unsigned compare_emails(struct str a, size_t local_a, struct str b, size_t local_b)
{
	struct str la = {a.p, local_a}, lb = {b.p, local_b};

	if (str_equal(la, lb))
		return EMAIL_LOCAL_EQUAL;
	if (la.n >= 4 && lb.n >= 4 && (edit_osa(la, lb, 2) <= 2 || jaro_winkler_similarity(la, lb) >= 0.92))
		return EMAIL_LOCAL_SIMILAR;
	/* A slip may stand in either part, or move the @ itself. */
	if (a.n >= EMAIL_WHOLE_MIN && b.n >= EMAIL_WHOLE_MIN && edit_osa(a, b, 2) <= 2)
		return EMAIL_LOCAL_SIMILAR;
	return EMAIL_DIFFERENT;
}

unsigned comparison_nik_level(uint64_t a, uint64_t b)
{
	unsigned level = digits_compare_bcd(a, b);

	return level == DIGITS_ONE && (a ^ b) >> 16 == 0 ? NIK_SERIAL : level;
}

static unsigned compare_digits(const struct store_column *column, const struct store_value *a, const struct store_value *b,
	uint32_t date_a, uint32_t date_b)
{
	enum comparison_kind kind = column->kind;
	unsigned level;

	if (!a->number || !b->number) {
		/* A household key that is no number, or a damaged one: by its text. */
		char digits[2][LINKER_KEY_DIGITS];
		unsigned by_text = compare_identifiers(store_key_text(column, a, digits[0]), store_key_text(column, b, digits[1]));

		return by_text == IDENTIFIER_ONE_EDIT ? DIGITS_ONE
		       : by_text == IDENTIFIER_TWO_EDITS ? DIGITS_TWO : DIGITS_DIFFERENT;
	}
	level = kind == COMPARE_NIK ? comparison_nik_level(a->number, b->number) : digits_compare_bcd(a->number, b->number);
	if (kind == COMPARE_NIK && level > DIGITS_FIFTEEN && date_a && date_b && date_a != date_b &&
	    comparison_nik_holds(a->number, date_a) && comparison_nik_holds(b->number, date_b))
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
		ret->level = (uint8_t)compare_digits(column, a, b, date_a, date_b);
		break;
	case COMPARE_DATE:
		ret->level = (uint8_t)compare_dates((uint32_t)a->number, (uint32_t)b->number, frequency);
		break;
	case COMPARE_SEX:
		ret->level = SEX_LEVEL_DIFFERENT;
		break;
	case COMPARE_CODE:
		ret->level = (uint8_t)compare_codes(store_text(column, a), store_text(column, b));
		break;
	case COMPARE_NUMBER:
	case COMPARE_AGE:
		ret->level = (uint8_t)compare_numbers(a->number, store_text(column, a), b->number, store_text(column, b));
		break;
	case COMPARE_EMAIL:
		ret->level = (uint8_t)compare_emails(store_text(column, a), a->number, store_text(column, b), b->number);
		break;
	default:
		ret->level = (uint8_t)compare_identifiers(store_text(column, a), store_text(column, b));
		break;
	}
}
