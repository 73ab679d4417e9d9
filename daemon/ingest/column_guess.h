/*
 * What the columns of any list hold, for padan dedupe and padan link: from English and Indonesian headers and from the
 * contents (digits, dates, how many values are distinct, @ …). Which column is the row's own key, and which look like a
 * group's number or another key (cluster, label, household) and must not be matched on.
 *
 * Pure. Called once per file with a sample of its rows. Not for: the district's lists (column_map.h).
 */
#ifndef PADAN_COLUMN_GUESS_H
#define PADAN_COLUMN_GUESS_H

#include "matcher/base/str.h"
#include "matcher/normalise/field.h"

#include <stdint.h>

enum column_why { /* why a column was typed so, for the line on stderr */
	COLUMN_BY_HEADER,
	COLUMN_BY_CONTENTS,
	COLUMN_BY_BOTH,
	COLUMN_IS_ROW_KEY,    /* id, rec_id, unique_id …: the row's own key, ignored for matching */
	COLUMN_IS_GROUP,      /* cluster, label …: somebody's result; ignored */
	COLUMN_IS_OTHER_KEY,  /* another number that is different in every row, or says nothing of the person; ignored */
	COLUMN_IS_PART,       /* year, month or day beside a whole birth date; ignored */
	COLUMN_IS_EMPTY,      /* no values in the sample, or one value only; ignored */
	COLUMN_BY_USER        /* --as */
};

/* A birth date may be told in three columns: they are one date. */
enum column_part { COLUMN_WHOLE, COLUMN_YEAR, COLUMN_MONTH, COLUMN_DAY };

struct column_guess {
	enum field_type type;
	enum column_why why;
	enum column_part part; /* of dates */
};

/* Filled cells that contents need to have a say. */
enum { COLUMN_JUDGED_FROM = 5 };

/*
 * One guess per column. sample: rows of n cells each, row after row; more rows give better guesses, 1,000 spread over
 * the file are plenty. Texts of header and sample need not be trimmed.
 */
void column_guess(const struct str *header, uint32_t n, const struct str *sample, uint32_t rows,
	struct column_guess *guesses);

/* The column that is the row's key by its name (id, rec_id, unique_id …), or -1: the row number is. */
int32_t column_guess_id(const struct str *header, uint32_t n);

/* Whether a cell looks like a column's name, in English or Indonesian. */
bool column_guess_knows(struct str header);

/* "by its header" …, in both languages. */
const char *column_why_text(enum column_why why, bool english);

#endif
