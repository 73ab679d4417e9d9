/*
 * What columns are beside each other: which of several dates is the birth date, year, month and day in columns of their own, and
 * whose name it is where no header says so. Called by column_guess.c once each column has a guess by itself.
 */
#ifndef PADAN_COLUMN_TOGETHER_H
#define PADAN_COLUMN_TOGETHER_H

#include "daemon/ingest/column_contents.h"
#include "daemon/ingest/column_guess.h"

void column_together(const struct str *header, uint32_t n, const struct column_contents *contents, struct column_guess *guesses);

#endif
