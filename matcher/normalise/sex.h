/*
 * Sex as lists write it: L/P, P/W, M/F, 1/2, words, abbreviations, in Indonesian and English.
 * P is perempuan beside L and pria beside W, and 1 is not everybody's man: count a column's cells first (sex_votes, by
 * list_habits.h) and pass the coding learnt.
 */
#ifndef PADAN_SEX_H
#define PADAN_SEX_H

#include "matcher/base/str.h"

#include <stdint.h>

enum sex { SEX_UNKNOWN = 0, SEX_MALE = 1, SEX_FEMALE = 2 };

enum sex_coding {
	SEX_CODING_DEFAULT = 0, /* P is perempuan, 1 male, 2 female */
	SEX_CODING_PW,          /* pria, wanita */
	SEX_CODING_01,          /* 0 female, 1 male */
	SEX_CODING_10           /* 0 male, 1 female */
};

struct sex_votes { /* all zero is empty */
	uint32_t l, p, w, zero, one, two;
	uint32_t p_is[3], one_is[3]; /* by what the same row's NIK says, enum sex */
};

/* One cell; witness: the sex that the same row's NIK tells, which settles what a P or a 1 stands for. */
void sex_votes_add(struct sex_votes *votes, struct str raw, enum sex witness);
/* Without witnesses enough: by which letters and digits stand beside each other. */
enum sex_coding sex_votes_coding(const struct sex_votes *votes);

/* SEX_UNKNOWN when missing or unreadable. */
enum sex sex_parse(struct str raw, enum sex_coding coding);

/* "L", "P", "". */
const char *sex_letter(enum sex sex);

#endif
