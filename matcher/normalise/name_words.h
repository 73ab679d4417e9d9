/*
 * The words that names.c knows: titles, honorifics, and spellings of a few names that stand for one. Inner header of
 * name.c; facts of the language (domain.md), taken from no list of persons.
 */
#ifndef PADAN_NAME_WORDS_H
#define PADAN_NAME_WORDS_H

#include "matcher/base/str.h"

#include <stdbool.h>

enum word_kind {
	WORD_BEFORE = 1 << 0,       /* a title in front: H, DRS, PAK */
	WORD_ANYWHERE = 1 << 1,     /* … that no name is: HJ */
	WORD_AFTER = 1 << 2,        /* a degree behind: SPD */
	WORD_AFTER_MARKED = 1 << 3, /* … only behind a comma, or dotted: MA, SE */
	WORD_LETTER = 1 << 4,       /* one letter, or a name elsewhere: not taken from a part of a name */
	WORD_DECEASED = 1 << 5,
	WORD_FATHER = 1 << 6, /* BIN, BINTI: the father's name follows */
	WORD_FEMALE = 1 << 7,
	WORD_MALE = 1 << 8,
	WORD_WEAK = 1 << 9 /* stays, but says little: RADEN, JR */
};

/* An OR of enum word_kind; 0 for what may be a name. token is folded, without dots. */
unsigned name_word_kind(struct str token);

/* The one spelling for a token: MOHAMAD → MUHAMMAD, ABD → ABDUL, RD → RADEN; the token itself if there is none. first:
   it begins the name; followed: a token follows. *abbreviated: it was written short. */
struct str name_word_canonical(struct str token, bool first, bool followed, bool *abbreviated);

/* ABDURRAHMAN, ABDULRAHMAN → the part behind ABDUL (RAHMAN); n 0 if the token is no such compound (ABDULLAH). */
struct str name_word_behind_abdul(struct str token);

#endif
