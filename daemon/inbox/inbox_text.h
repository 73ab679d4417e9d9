/*
 * The notes that the inbox lays beside a file, for the people of an office: Indonesian, what came of the file, what was
 * wrong, what to do. No name and no number of a person: the rows set aside are in a file of their own.
 *
 * Pure. Called by inbox.c.
 */
#ifndef PADAN_INBOX_TEXT_H
#define PADAN_INBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INBOX_NOTE_MAX = 8192, INBOX_KINDS_MAX = 16, INBOX_KIND_NAME_MAX = 32 };

struct inbox_result {
	const char *file_name;    /* the file's own name */
	bool refused;
	bool repeated;            /* its contents had come before */
	const char *reason_id;    /* refused: why and what to do; may be NULL */
	const char *reason_en;
	int64_t list;             /* 0: it never became one */
	const char *subject;      /* "pkh" */
	const char *period;
	const char *received_at;  /* as people write it */
	uint64_t read, accepted, rejected;
	uint64_t village_unknown, village_bps; /* rows whose village no table knows; those with a code of BPS and no name */
	const char *rejects_name; /* the file that holds the rejected rows; NULL: there are none */
	size_t n_kinds;
	struct {
		char kind[INBOX_KIND_NAME_MAX]; /* "INCLUSION" */
		uint64_t n;
	} kinds[INBOX_KINDS_MAX];
};

/* Returns the length of the text; it always fits. */
size_t inbox_note(const struct inbox_result *result, char text[INBOX_NOTE_MAX]);

#endif
