/*
 * Small files that are wanted whole: configurations, models. Not for lists (daemon/ingest reads those in pieces).
 */
#ifndef PADAN_TEXT_FILE_H
#define PADAN_TEXT_FILE_H

#include "matcher/base/error.h"

enum { TEXT_FILE_MOST = 4 << 20 }; /* bytes */

/* "-": standard input. NUL-terminated; the caller's to free. NULL and err if it cannot be read, or is larger. */
char *text_file_read(const char *path, struct error *err) PADAN_MUST_CHECK;

#endif
