/*
 * How far a command is, on one line of a terminal that is written over; nothing where nobody looks. Begins to show after a second,
 * changes at most ten times a second. For check, import, dedupe and link; one thread.
 */
#ifndef PADAN_PROGRESS_H
#define PADAN_PROGRESS_H

#include "daemon/base/lang.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown, terminal;
	enum lang lang;
	uint64_t begun, last; /* monotonic ns */
};

void progress_start(struct progress *progress, enum lang lang);
/* what: in the reader's language; done of total rows (0: unknown), with rows a second; share of all the work, 0: not told. */
void progress_rows(struct progress *progress, const char *what, uint64_t done, uint64_t total, double share);
void progress_end(struct progress *progress); /* takes the line away */

#endif
