/*
 * Names compared as aligned tokens (methods.md, 7). Two steps, so that the engine can keep the first in a cache by
 * token id:
 *
 *  1. token_compare(): how two tokens agree, from their texts and keys alone;
 *  2. tokens_align(): which token of one name goes with which of the other, joined ones included, and the pattern as a
 * level.
 *
 * Nothing here allocates. Frequencies and weights are the engine's.
 */
#ifndef PADAN_TOKENS_H
#define PADAN_TOKENS_H

#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOKENS_MAX = 8 };

/* From no to full agreement: a higher number is better, and alignment picks the best first. */
enum token_match {
	TOKEN_APART = 0,
	TOKEN_INITIAL = 1,  /* one is the other's first letter */
	TOKEN_PREFIX = 2,   /* one of three letters or more begins the other (a field cut off, a short form) */
	TOKEN_EDIT = 3,     /* one edit (two from 6 letters), by OSA on the text */
	TOKEN_PHONETIC = 4, /* the same sound */
	TOKEN_JOINED = 5,   /* two tokens here are one token there; only from tokens_align */
	TOKEN_EXACT = 6,
	TOKEN_MATCH_COUNT = 7
};

/* What is compared; from struct name_token. id is the caller's: equal ids mean equal texts (0: not interned). */
struct token {
	struct str text;
	uint64_t phonetic, phonetic_other;
	uint32_t id;
	uint8_t flags; /* enum name_token_flag */
};

/* Symmetric. Never TOKEN_JOINED. */
enum token_match token_compare(const struct token *a, const struct token *b);

/* How names agree as a whole, from best to worst; the numbers go into models and stay. "All" means all tokens of the
 * shorter name. */
enum tokens_level {
	TOKENS_MISSING = 0,
	TOKENS_SAME = 1,           /* equal, token by token */
	TOKENS_SAME_SOUND = 2,     /* all tokens of both aligned, exact or by sound or joined, in order */
	TOKENS_SAME_REORDERED = 3, /* … in another order */
	TOKENS_PART = 4,           /* all tokens of the shorter exact, by sound or joined; the longer has more */
	TOKENS_SIMILAR = 5, /* one token or more exact or by sound, every other aligned by edit, prefix or initial; none
	                       left over */
	TOKENS_SIMILAR_PART = 6,     /* … the longer has more */
	TOKENS_FUZZY = 7,            /* all aligned, none better than by edit, prefix */
	TOKENS_ONE_REST_SIMILAR = 8, /* some exact or by sound, some similar, some on both sides not aligned */
	TOKENS_ONE = 9,              /* some exact or by sound, the rest on both sides not aligned */
	TOKENS_ONE_FUZZY = 10,       /* some similar, the rest on both sides not aligned */
	TOKENS_INITIALS = 11,        /* nothing but initials aligned */
	TOKENS_APART = 12,
	TOKENS_LEVEL_COUNT = 13
};

struct tokens_alignment {
	uint8_t level;              /* enum tokens_level */
	uint8_t kind[TOKENS_MAX];   /* enum token_match of each token of a */
	int8_t partner[TOKENS_MAX]; /* its token in b, −1: none. Both halves of a joined word name the same one */
	uint8_t kind_b[TOKENS_MAX]; /* the same seen from b */
	int8_t partner_b[TOKENS_MAX];
	uint8_t count[TOKEN_MATCH_COUNT]; /* aligned pairs by enum token_match (TOKEN_JOINED: words joined) */
	uint8_t left_a, left_b;           /* tokens without partner */
	bool reordered;
};

/* match[i * nb + j] = token_compare(a[i], b[j]), from the caller's cache or tokens_matrix(). na, nb ≤ 8. Symmetric in a
 * and b; deterministic. */
void tokens_align(const struct token *a, unsigned na, const struct token *b, unsigned nb, const uint8_t *match,
        struct tokens_alignment *out);

/* Fills match (room for 64) without a cache. */
void tokens_matrix(const struct token *a, unsigned na, const struct token *b, unsigned nb, uint8_t *match);

#endif
