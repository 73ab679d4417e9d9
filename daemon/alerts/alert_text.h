/*
 * An alert in words: Indonesian, for people at Bappeda and in offices. Counts by kind, programme, kecamatan and village,
 * and how to see more; never a name or a number of a person (the payload holds none).
 *
 * Pure. Called by alert_smtp.c.
 */
#ifndef PADAN_ALERT_TEXT_H
#define PADAN_ALERT_TEXT_H

#include "matcher/base/error.h"

#include <jansson.h>
#include <stddef.h>

enum { ALERT_SUBJECT_MAX = 200, ALERT_TEXT_MAX = 32 << 10 };

struct alert_text {
	char subject[ALERT_SUBJECT_MAX]; /* UTF-8, one line */
	size_t n;
	char body[ALERT_TEXT_MAX]; /* UTF-8, lines ended by CR LF */
};

/* kind: list_done, list_refused, limit, digest. district: its name, for the subject. */
void alert_text(const char *kind, const char *district, const json_t *payload, struct alert_text *text);

#endif
