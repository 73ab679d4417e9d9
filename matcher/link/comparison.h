/*
 * How two values agree: a level, and for levels where it tells how rare the agreeing part is, the logarithm of its frequency.
 *
 * Levels by kind (0 is always "missing": no evidence). Phrases have the levels of matcher/compare/tokens.h, three times: for
 * one, two, and three or more words in the shorter phrase, because one word of one is more than one of three.
 * NIK and KK have those of digits.h and one more; dates those of dates.h.
 */
#ifndef PADAN_COMPARISON_H
#define PADAN_COMPARISON_H

#include "matcher/compare/dates.h"
#include "matcher/compare/digits.h"
#include "matcher/link/store.h"

enum {
	/* Of a name with three parts or more two or more agree, and others on both sides do not: more than tokens.h's "one". */
	PHRASE_MOST = TOKENS_LEVEL_COUNT,
	PHRASE_LEVELS, /* "missing" included */
	PHRASE_SPLITS = 3,
	LEVELS_MAX = PHRASE_SPLITS * (PHRASE_LEVELS - 1) + 1
};

enum nik_level {
	/* digits.h's levels, then: */
	NIK_CORROBORATED = DIGITS_LEVEL_COUNT, /* differ, each holds its own row's birth date, and the dates differ: two people */
	NIK_SERIAL, /* one digit differs, and it is one of the serial's: an error, or a twin */
	NIK_LEVEL_COUNT
};

enum sex_level { SEX_LEVEL_EQUAL = 1, SEX_LEVEL_DIFFERENT, SEX_LEVEL_COUNT };
enum identifier_level {
	IDENTIFIER_EQUAL = 1,
	IDENTIFIER_ONE_EDIT,
	IDENTIFIER_TWO_EDITS, /* from 6 characters on */
	IDENTIFIER_DIFFERENT,
	IDENTIFIER_LEVEL_COUNT
};
enum code_level {
	CODE_EQUAL = 1,
	CODE_NEAR,    /* one edit, from 3 characters on */
	CODE_BEGINS,  /* the first half agrees, from 4 characters on */
	CODE_DIFFERENT,
	CODE_LEVEL_COUNT
};
enum number_level { NUMBER_EQUAL = 1, NUMBER_NEAR /* one edit, or one more or less */, NUMBER_DIFFERENT, NUMBER_LEVEL_COUNT };
enum email_level {
	EMAIL_EQUAL = 1,
	EMAIL_LOCAL_EQUAL,   /* the part before the @ */
	EMAIL_LOCAL_SIMILAR, /* that part within two edits or Jaro-Winkler .92, or the whole within two edits */
	EMAIL_DIFFERENT,
	EMAIL_LEVEL_COUNT
};

static inline unsigned phrase_split(unsigned level)
{
	return (level - 1) / (PHRASE_LEVELS - 1);
}

/* enum tokens_level, or PHRASE_MOST. */
static inline unsigned phrase_tokens_level(unsigned level)
{
	return level ? (level - 1) % (PHRASE_LEVELS - 1) + 1 : TOKENS_MISSING;
}

/* How many levels, "missing" included; the level's stable word ("one digit"), with the split in front for phrases. */
unsigned comparison_levels(enum comparison_kind kind);
const char *comparison_level_name(enum comparison_kind kind, unsigned level);
const char *comparison_kind_name(enum comparison_kind kind);

/* Whether the level's weight follows the frequency of what agrees. */
bool comparison_by_frequency(enum comparison_kind kind, unsigned level);

/* The level of two NIKs as BCD, without regard to the rows they stand in. */
unsigned comparison_nik_level(uint64_t a, uint64_t b);

/* Whether a NIK's digits (BCD) hold that date (yyyymmdd): day + 40 for women, two digits of the year. */
bool comparison_nik_holds(uint64_t bcd, uint32_t date);

/* Of two phrases, neither missing: the level of those with nothing in common, if they are such; else 0. */
unsigned comparison_apart(const struct store_column *column, uint32_t ida, uint32_t idb);

/* Frequencies as logarithms, fixed point, all ≤ 0: made by frequency.c. */
struct column_frequency {
	int32_t *value;  /* by value: of that value among strangers */
	int32_t *word;   /* by word: of a name holding it … */
	int32_t *sound;  /* … or one that sounds the same */
	int32_t *near;   /* … or one within an edit */
	int32_t *begins; /* … or one that begins alike */
	size_t n_values, n_words; /* counted; later ones are as rare as can be */
	int32_t unseen;  /* a value, or word, that came later */
	int32_t floor;   /* no phrase is rarer than that */
	int32_t *self;   /* by value: a phrase's against itself: nothing it agrees with is rarer */
	int32_t *whole;  /* by value: a phrase's own frequency where several hold it, else the floor */
	int32_t *of_name; /* by value: of an e-mail address among people of one name (name_mail.h); NULL: no such column */
	uint8_t heaped[13][32]; /* by month and day: dates are rounded to it, so that only their year counts */
};

struct comparison_outcome {
	uint8_t level;
	int32_t frequency; /* log2, fixed point; 0 where the level does not go by frequency */
};

/* Values of two records in that column. The birth dates of the two rows (0: unknown) tell NIK_CORROBORATED. */
void comparison_compare(const struct store_column *column, const struct column_frequency *frequency, uint32_t a,
	uint32_t b, uint32_t date_a, uint32_t date_b, struct comparison_outcome *ret);

#endif
