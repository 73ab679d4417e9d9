/*
 * The flags by the words of docs/FLAGS.md: every entry held against every other. For small inputs, to check the fast
 * one against.
 */
#ifndef PADAN_FLAGS_SLOW_H
#define PADAN_FLAGS_SLOW_H

#include "matcher/flag/flag.h"

enum { FLAGS_SLOW_MAX = 20000 };

/* Fills flags (room for FLAGS_SLOW_MAX) in the fixed order; returns how many. */
size_t flags_slow(const struct flag_input *input, struct flag *flags);

#endif
