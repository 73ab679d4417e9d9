/*
 * Which of the two languages the reader wants. Indonesian unless English was asked for: by --lang en, else by
 * LC_ALL, LC_MESSAGES or LANG beginning with "en".
 *
 * Also how numbers are written in it.
 *
 * daemon/padan.c takes --lang off the command line, wherever it stands, and keeps it in PADAN_LANG; so a verb never
 * sees the option and simply asks lang_from_environment().
 */
#ifndef PADAN_LANG_H
#define PADAN_LANG_H

#include "matcher/base/error.h"

#include <stdint.h>

enum lang { LANG_ID, LANG_EN };

/* By PADAN_LANG, else the first of LC_ALL, LC_MESSAGES, LANG that is set and not empty. */
enum lang lang_from_environment(void);

/* "id" or "en" → the language; -1 for anything else. */
int lang_parse(const char *text, enum lang *lang);

/* The one of two texts that the reader wants: lang_text(lang, "Selesai.", "Done."). */
static inline const char *lang_text(enum lang lang, const char *id, const char *en)
{
	return lang == LANG_EN ? en : id;
}

/* What an error says in that language. */
static inline const char *lang_error(enum lang lang, const struct error *err)
{
	return lang_text(lang, err->id, err->en);
}

/* "457.238" in Indonesian, "457,238" in English; into a buffer of at least 32 bytes, which is returned. */
const char *lang_number(enum lang lang, int64_t number, char *buffer);
/* "92,5 %" / "92.5%" of a share 0..1; the same of the buffer. */
const char *lang_percent(enum lang lang, double share, char *buffer);

#endif
