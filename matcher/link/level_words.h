/*
 * Comparison levels as people say them, for explanations. The stable words of models and programs are comparison_level_name()'s.
 */
#ifndef PADAN_LEVEL_WORDS_H
#define PADAN_LEVEL_WORDS_H

#include "matcher/link/comparison.h"

/* "mirip", "beda satu angka"; "similar", "one digit differs". */
const char *level_words(enum comparison_kind kind, unsigned level, bool english);

#endif
