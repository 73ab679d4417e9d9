/*
 * The family as evidence for a person. Two rows whose NIK and name are damaged are too little to be one person among all the
 * district's – but where both are known to stand in one household, the question is another: the target list names the
 * members of a family, nearly all of them, so somebody of this family who stands in a programme's list is one of them, or one of
 * the few whom the target list leaves out. Which, is weighed here; matcher/district/context.c finds the people to ask about.
 */
#ifndef PADAN_HOUSEHOLD_PERSONS_H
#define PADAN_HOUSEHOLD_PERSONS_H

#include <stddef.h>

/*
 * How many of a family's members its rows on the target list name: the others were born, married in or moved in since, or were
 * forgotten. Chosen from what lists of families are like, not fitted: half the odds or twice the odds make one bit.
 */
#define HOUSEHOLD_LISTED 0.95

/* In a household with more people than this nobody is asked about: it is a dormitory or a mistake. */
enum { HOUSEHOLD_PEOPLE_MAX = 24 };

/*
 * Log2 odds that somebody of the household is its listed member number `which`, and neither another listed one nor somebody whom
 * the target list leaves out. bits: for each of the n listed members what the rows say, log2 of "the same person" against
 * "another member of one household"; -INFINITY where it can't be.
 */
double household_person_odds(const double *bits, size_t n, size_t which);

#endif
