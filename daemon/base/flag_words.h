/*
 * How people call the kinds of flags, in both languages: for notes, mails and terminals alike.
 */
#ifndef PADAN_FLAG_WORDS_H
#define PADAN_FLAG_WORDS_H

#include "daemon/base/lang.h"

/* "EXCLUSION" → "sasaran belum menerima" / "left out"; an unknown kind is given back as it is. */
const char *flag_kind_words(const char *kind, enum lang lang);

#endif
