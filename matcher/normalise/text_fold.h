/*
 * Folding: any bytes → plain upper-case text that can be compared. NFKD, diacritics dropped, Latin letters with strokes
 * and ligatures written out (Ø → O, Æ → AE, ß → SS), invisible characters (zero-width, soft hyphen, BOM, direction
 * marks) removed, every kind of space one ' ', control characters ' ', kinds of dash '-', kinds of apostrophe and
 * accent used as one '\'', other ASCII punctuation kept, other signs ' '; runs of space collapsed, none at either end. Other scripts stay, in
 * UTF-8, upper-cased. Bytes that are no UTF-8 are read as Windows-1252 (what offices' files turn out to be). Never
 * fails on its input; folding folded text changes nothing.
 *
 * Not for: names (name.h), addresses (address.h) – they start from this.
 */
#ifndef PADAN_TEXT_FOLD_H
#define PADAN_TEXT_FOLD_H

#include "matcher/base/arena.h"
#include "matcher/base/str.h"

#include <stdbool.h>

enum text_fold_seen {
	TEXT_SEEN_BAD_UTF8 = 1 << 0,
	TEXT_SEEN_INVISIBLE = 1 << 1,
	TEXT_SEEN_NON_LATIN = 1 << 2, /* letters outside ASCII remain in the result */
	TEXT_SEEN_DIGIT = 1 << 3,
	TEXT_SEEN_CUT = 1 << 4 /* longer than the room given */
};

/* Folds into out (room bytes, no NUL added), cut at a character if it does not fit. Returns the length.
   seen may be NULL; else an OR of enum text_fold_seen. ASCII never grows. */
size_t text_fold_into(struct str raw, char *out, size_t room, unsigned *seen);

/* Folds into the arena; {NULL, 0} only if the arena is exhausted. */
struct str text_fold(struct str raw, struct arena *arena, unsigned *seen);

/* text_fold, then everything but letters and digits becomes ' ' (apostrophes vanish: NUR'AINI → NURAINI). */
struct str text_fold_words(struct str raw, struct arena *arena, unsigned *seen);
size_t text_fold_words_into(struct str raw, char *out, size_t room, unsigned *seen);

/* For people to read: as written but sound UTF-8, without control and invisible characters, white space as one ' ',
   none at the ends. */
struct str text_tidy(struct str raw, struct arena *arena);

/* True for NA, N/A, #N/A, NULL, NONE, NAN, NIL, -, ?, ., "", TIDAK ADA, KOSONG, BELUM ADA … on raw text. */
bool text_is_missing(struct str raw);

#endif
