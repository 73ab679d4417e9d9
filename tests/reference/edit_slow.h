/*
 * Slow, obvious twins of matcher/compare: the definitions written down, for random tests against the fast forms.
 */
#ifndef PADAN_EDIT_SLOW_H
#define PADAN_EDIT_SLOW_H

#include "matcher/base/str.h"

#include <stdbool.h>

/* The whole table, no cutoff; texts of up to 200 bytes. */
unsigned slow_edit_osa(struct str a, struct str b);

/* Jaro 1989, Winkler 1990, letter by letter; texts of up to 200 bytes. */
double slow_jaro(struct str a, struct str b);
double slow_jaro_winkler(struct str a, struct str b);

#endif
