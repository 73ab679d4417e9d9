/*
 * Flags on their way to padan.flags: which flag of the run before each is (key), and what a human decision about it rests on
 * (basis). Both are said by matcher/flag; here they are filled from the register.
 *
 * Pure. Called by job_effects.c in the pool.
 */
#ifndef PADAN_KEYED_FLAG_H
#define PADAN_KEYED_FLAG_H

#include "matcher/district/district.h"
#include "matcher/flag/flag.h"

#include <stddef.h>
#include <stdint.h>

struct keyed_flag {
	struct flag flag;
	struct flag_key like; /* its key as if it were the only one of its kind */
	unsigned ordinal;     /* among those alike, in their fixed order */
};

enum { FLAG_KEY_TEXT = 33 };

/* Numbers the flags, given in the order of district_flags(). Reorders nothing. */
int keyed_flags_number(const struct district *district, const struct ruleset *rules, struct keyed_flag *flags, size_t n,
	struct error *err) PADAN_MUST_CHECK;

/* 32 hexadecimal digits. */
void keyed_flag_text(const struct district *district, const struct ruleset *rules, const struct keyed_flag *flag,
	char text[FLAG_KEY_TEXT]);

uint64_t keyed_flag_basis(const struct district *district, const struct ruleset *rules, const struct keyed_flag *flag);

#endif
