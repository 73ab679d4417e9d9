/*
 * What a file in the inbox is, told by where it lies and how it is called:
 *
 *	inbox/dinsos/pkh_2024-07.csv                    office dinsos, programme pkh, period 2024-07
 *	inbox/dinsos/PKH Juli 2024 gelombang 2.xlsx     the same programme and period
 *	inbox/dpmd/blt_dd/2024-07/daftar akhir.csv      folders instead of words in the name
 *	inbox/bappeda/sasaran 2024 SK 400-2024.xlsx     a target list, with its decree's number if there is one
 *	inbox/15.05/dinsos/pkh_2024-07.csv              where one database holds several districts
 *	inbox/bkd/asn.csv                               a reference list; its period may be left out
 *
 * Folders below the office's speak first; what they don't say is looked for in the file's name. A programme is named by
 * its code, joined or apart (blt_dd, BLT-DD, bltdd). A period is 2024, 2024-07, 202407, 07-2024, Juli 2024 or a whole date.
 * Other words are ignored. What is ambiguous is refused, never guessed.
 *
 * Pure. Called by inbox.c for each file before it is opened.
 */
#ifndef PADAN_INBOX_NAME_H
#define PADAN_INBOX_NAME_H

#include "daemon/base/limits.h"
#include "matcher/base/error.h"
#include "matcher/base/str.h"
#include "matcher/flag/flag.h"

#include <stdbool.h>
#include <stdint.h>

/* What lists there can be: the district's programmes and references. Target lists ("sasaran", "target") need no row. */
struct inbox_subject {
	enum list_kind kind;
	const char *code;
};

enum { INBOX_CODE_MAX = 64 };

struct inbox_name {
	unsigned district;           /* 1505; 0: not told */
	char office[INBOX_CODE_MAX]; /* the folder, lower case */
	enum list_kind kind;
	char code[INBOX_CODE_MAX];   /* of the programme or reference; "" for a target list */
	char decree[INBOX_CODE_MAX]; /* what follows the word SK in a target list's name; "": none */
	unsigned year, month;        /* 0: not told (month: for the whole year; year: a target or reference list only) */
};

/*
 * path: below the inbox, "/" between parts. ERROR_INPUT when programme or period are not told or told twice; the text says what
 * was seen, what is possible, and how to name the file.
 */
int inbox_name_read(const char *path, const struct inbox_subject *subjects, size_t n_subjects, struct inbox_name *name,
	struct error *err) PADAN_MUST_CHECK;

/*
 * The folders that a path begins with: district (0: none, *ret_office is path then) and where the office's begins.
 */
unsigned inbox_name_district(const char *path, const char **ret_office);

/* A name that is never read: hidden, a lock or a transfer still under way, as programs call them while they write. */
bool inbox_name_is_temporary(const char *file_name);

#endif
