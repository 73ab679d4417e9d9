/*
 * Files that a test makes for itself: one folder per test program, taken away at its end.
 */
#ifndef PADAN_TEMP_FILE_H
#define PADAN_TEMP_FILE_H

#include "matcher/base/str.h"

/* cmocka group fixtures. */
int temp_folder_setup(void **state);
int temp_folder_teardown(void **state);

/* The path of a file of that name in the folder; one of 8 static buffers. */
const char *temp_path(const char *name);

/* Writes bytes to it, and gives its path. */
const char *temp_file(const char *name, const void *bytes, size_t n);
const char *temp_text(const char *name, const char *zero_terminated);

/* The whole file in malloc'd memory with a NUL behind it; fails the test when it cannot be read. */
char *temp_read(const char *name, size_t *n);

#endif
