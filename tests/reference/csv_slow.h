/*
 * The grammar of daemon/ingest/csv_scan.h, byte by byte and obvious: the twin that the scanner is tested against.
 */
#ifndef PADAN_CSV_SLOW_H
#define PADAN_CSV_SLOW_H

#include "daemon/ingest/csv_scan.h"

struct csv_slow_record {
	struct str *cells;
	uint32_t n;
	unsigned faults;
	uint64_t line;
	size_t begin;
};

/* All records of a whole text, in memory of arena. Returns how many. */
size_t csv_slow_parse(struct str text, struct csv_dialect dialect, const struct csv_limits *limits, struct arena *arena,
	struct csv_slow_record **ret);

#endif
