/*
 * E-mail addresses made of their owner's name: dewi.sari@, dsari@, sari84@. Beside a name that agrees they say little more, since whoever
 * bears the name makes the same address, as often as people of that list choose that pattern and that provider. Called by frequency.c.
 */
#ifndef PADAN_NAME_MAIL_H
#define PADAN_NAME_MAIL_H

#include "matcher/link/comparison.h"

/* An address that tells something besides the name. */
#define NAME_MAIL_OTHER INT32_MIN

/*
 * Fills frequency->of_name, by value of that column of addresses: log2 (fixed point) of how often somebody of the same name has that very address,
 * by the patterns of all addresses held; NAME_MAIL_OTHER where no row's name makes it. -1: memory.
 */
int name_mail_count(struct column_frequency *frequency, const struct store *store, size_t column);

/*
 * The pattern of an address before the @, for a name's words: '1' the first word, 'a' its initial, '2', 'b' … for the second, '#' a digit, others
 * as they are. False: letters are left that are nobody's, or no word stands in it whole.
 */
bool name_mail_pattern(struct str local, const struct str *words, size_t n_words, char *pattern, size_t *ret_n, unsigned *ret_digits);

#endif
