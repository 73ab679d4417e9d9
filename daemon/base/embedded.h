/*
 * Text files that travel inside the programs: migrations/ and migrations/functions/, daemon/db/sql/ and daemon/base/villages/,
 * each under its path in the tree. Made by daemon/base/embed.sh at build time, so that a program needs no files beside it.
 */
#ifndef PADAN_EMBEDDED_H
#define PADAN_EMBEDDED_H

#include <stddef.h>

struct embedded_text {
	const char *path; /* "migrations/0001_core.sql" */
	const char *text; /* NUL-terminated */
	size_t size;      /* without the NUL */
};

extern const struct embedded_text embedded_texts[]; /* sorted by path, ended by an entry with path NULL */

/* The text at that path, or NULL. */
const struct embedded_text *embedded_find(const char *path);

#endif
