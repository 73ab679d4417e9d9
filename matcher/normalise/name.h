/*
 * Names → up to 8 tokens that can be compared, each with a phonetic key, and what was taken away on the way: titles
 * before and after, BIN/BINTI and the father's name, ALM (deceased). Muhammad's, Ahmad's, Abdul's, Siti's and Nur's
 * spellings and abbreviations become one token. Spelling reforms (oe/u, dj/j, tj/c …) and sounds that lists confuse
 * (F/P/V, Z/J, KH/H, SY/S, double letters) fold in the phonetic key alone: the token stays as written. Works on names
 * of any language and script: nothing is removed that could be a whole name or the only token.
 */
#ifndef PADAN_NAME_H
#define PADAN_NAME_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { NAME_TOKENS_MAX = 8, NAME_FATHER_MAX = 4, NAME_TOKEN_LETTERS_MAX = 40 };

enum name_token_flag {
	NAME_TOKEN_INITIAL = 1 << 0,     /* one letter */
	NAME_TOKEN_ABBREVIATED = 1 << 1, /* written short (MUH., ABD, ST): the full form is a conclusion */
	NAME_TOKEN_CANONICAL = 1 << 2,   /* another spelling of MUHAMMAD, AHMAD …: as good as written */
	NAME_TOKEN_WEAK = 1 << 3         /* RADEN, KEMAS, NYIMAS, MASAYU …: comes and goes, says little */
};

struct name_token {
	struct str text;         /* folded letters A-Z and digits (or another script's letters); in the arena */
	uint64_t phonetic;       /* name_phonetic(text) */
	uint64_t phonetic_other; /* with old-spelling j read as y; 0 if the same */
	uint8_t flags;           /* enum name_token_flag */
};

enum name_flag {
	NAME_MISSING = 1 << 0,
	NAME_DECEASED = 1 << 1, /* ALM, ALMARHUM(AH), (ALM) */
	NAME_TITLE_REMOVED = 1 << 2,
	NAME_TITLE_FEMALE = 1 << 3, /* HJ, NY, IBU, DRA, BINTI, ALMH … */
	NAME_TITLE_MALE = 1 << 4,   /* H, TN, BPK, BIN, ALM … (H alone is weak evidence, and counts) */
	NAME_TOO_MANY = 1 << 5,     /* more than 8 tokens: the rest is not compared */
	NAME_HAS_DIGITS = 1 << 6,
	NAME_ABBREVIATED = 1 << 7, /* some token is NAME_TOKEN_ABBREVIATED */
	NAME_HEIR = 1 << 8         /* AHLI WARIS …: stands for somebody who died */
};

struct name {
	struct name_token tokens[NAME_TOKENS_MAX];
	struct name_token father[NAME_FATHER_MAX]; /* after BIN, BINTI, BT, B. */
	uint8_t count;
	uint8_t father_count;
	uint16_t flags;  /* enum name_flag */
	struct str text; /* the tokens joined by ' ' (without the father's): for display and exact comparison */
};

/* Fills out; texts live in the arena. Returns 0, or -1 only if the arena is exhausted (out is then NAME_MISSING). */
int name_parse(struct str raw, struct arena *arena, struct name *out);

/* The same without the tokens' keys, which nobody needs who keeps the text alone: tokens have their texts and no more.
   whole = false: a column that holds given names or surnames alone, where H, SE or ST may be the name itself; only
   titles that are nothing else are taken away. */
int name_parse_text(struct str raw, bool whole, struct arena *arena, struct name *out);

/* Keys and flags of one canonical token (a part of name.text, as stored and read back); text is not copied. A lone M
   sounds like M and, as its other sound, like MUHAMMAD, which it nearly always stands for in Indonesia. */
struct name_token name_token_of(struct str text);

/*
 * The sound of one folded token, exact up to 12 sounds: five bits for each, the first sound in the highest bits in use,
 * so that equal keys mean equal sounds and (key >> 5·n) compares beginnings. Digits and other scripts hash into the low
 * 60 bits with bit 63 set. old_j: read a j that is not part of dj, nj, sj, tj as y (1901–1947 spelling).
 */
uint64_t name_phonetic(struct str token, bool old_j);

/* The number of sounds in a key; 0 for a hashed one. */
unsigned name_phonetic_length(uint64_t key);

#endif
