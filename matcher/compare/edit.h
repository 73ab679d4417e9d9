/*
 * Edit distances over bytes: Levenshtein, and OSA (which counts two neighbours swapped as one edit). Bit-parallel after
 * Hyyrö
 * ("Explaining and extending the bit-parallel approximate string matching algorithm of Myers", 2001; "A bit-vector
 * algorithm for computing Levenshtein and Damerau edit distances", 2003) for texts of up to 64 bytes, a banded table
 * beyond. Slow twins: tests/reference. Texts are folded first (text_fold.h), so that a byte is a letter; other scripts
 * count bytes.
 */
#ifndef PADAN_EDIT_H
#define PADAN_EDIT_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { EDIT_LONG_MAX = 1024 }; /* longer texts are compared by their first 1024 bytes */

/* The distance, or cutoff + 1 as soon as it is sure to exceed cutoff. */
unsigned edit_levenshtein(struct str a, struct str b, unsigned cutoff);
unsigned edit_osa(struct str a, struct str b, unsigned cutoff);

/* 1 − distance / longer length: 1 for two empty texts. By OSA. */
double edit_similarity(struct str a, struct str b);

/*
 * Many short words prepared once and compared with one word at a time, 16 of them side by side (AVX2, SSE2 or plain C,
 * chosen at run time; the results are the same). Words of more than 16 bytes, or with other characters than A–Z, 0–9,
 * space, ' and -, are compared one by one inside. Read only after edit_set_new; may be used from many threads.
 */
struct edit_set;

/* The words are not copied and must outlive the set. NULL if the arena is exhausted. */
struct edit_set *edit_set_new(const struct str *words, uint32_t count, struct arena *arena);

/* distance[i] = min(OSA(word, words[i]), cutoff + 1), for all words of the set; cutoff ≤ 16. */
void edit_set_osa(const struct edit_set *set, struct str word, unsigned cutoff, uint8_t *distance);

/* "avx2", "sse2" or "plain": what edit_set_osa uses here. */
const char *edit_kernel(void);

#endif
