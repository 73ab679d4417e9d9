/*
 * Jaro and Jaro-Winkler similarity over bytes, 0..1: bit-parallel for texts of up to 64 bytes (after rapidfuzz-cpp),
 * the definition beyond. Winkler's prefix weight 0.1, at most 4 letters, only where Jaro is above 0.7. Two empty texts:
 * 1; one empty: 0.
 */
#ifndef PADAN_JARO_H
#define PADAN_JARO_H

#include "matcher/base/str.h"

double jaro_similarity(struct str a, struct str b);
double jaro_winkler_similarity(struct str a, struct str b);

#endif
