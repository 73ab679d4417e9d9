/*
 * Opening a list that a user named: what can't be read is the input's fault (ERROR_INPUT), and the message says what to do.
 * Called by csv_table and row_reader.
 */
#ifndef PADAN_FILE_OPEN_H
#define PADAN_FILE_OPEN_H

#include "matcher/base/error.h"

/* A descriptor to read from, the caller's to close; -1 and err. A folder is refused. */
int file_open(const char *path, struct error *err) PADAN_MUST_CHECK;

/* For messages: the last part of the path. */
const char *file_open_name(const char *path);

#endif
