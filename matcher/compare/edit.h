/*
 * The edit distance of two texts, over bytes: optimal string alignment (OSA), which is Levenshtein's with two neighbours
 * swapped as one edit. Bit-parallel after Hyyrö ("A bit-vector algorithm for computing Levenshtein and Damerau edit
 * distances", 2003) where one text has at most 64 bytes, a banded table beyond. Slow twin: tests/reference/edit_slow.h.
 * Texts are folded first (text_fold.h), so that a byte is a letter; other scripts count bytes.
 */
#ifndef PADAN_EDIT_H
#define PADAN_EDIT_H

#include "matcher/base/str.h"

enum { EDIT_LONG_MAX = 1024 }; /* longer texts are compared by their first 1024 bytes */

/* The distance, or cutoff + 1 as soon as it is sure to exceed cutoff. */
unsigned edit_osa(struct str a, struct str b, unsigned cutoff);

#endif
