/*
 * Addresses → words in one spelling (JL., JLN → JALAN; GG → GANG …) with RT, RW and house number split off. Indonesian
 * and English street words. Not a parser of addresses: what it does not know stays a word.
 */
#ifndef PADAN_ADDRESS_H
#define PADAN_ADDRESS_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdint.h>

enum { ADDRESS_TOKENS_MAX = 12 };

struct address {
	struct str text;                       /* the tokens joined by ' ' */
	struct str tokens[ADDRESS_TOKENS_MAX]; /* words that tell (street and hamlet names, blocks); parts of text */
	uint8_t count;
	uint16_t rt, rw; /* 0: not said */
	uint32_t number; /* of the house; 0: not said */
};

/* Returns 0, or -1 only if the arena is exhausted. */
int address_parse(struct str raw, struct arena *arena, struct address *out);

#endif
