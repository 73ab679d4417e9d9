/*
 * A made-up district, from households to the files that offices send, with the truth beside them: for `make demo`, for
 * tests and measurements, and for administrators to train on. No person in it is real.
 *
 * Shares no code and no tables with matcher/ (base/ apart) or daemon/ingest/, so that what is measured against it was
 * not built to fit. The same options give the same bytes.
 */
#ifndef PADAN_SIMULATE_H
#define PADAN_SIMULATE_H

#include "matcher/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simulate_options {
	const char *out;      /* folder; made if absent, its parent must exist */
	const char *district; /* "15.05" */
	size_t households;    /* of the district, rich and poor */
	uint64_t seed;
	double damage;        /* times the usual rates; 0: clean lists without errors but exclusion */
	int years;            /* between the target list and the offices' lists */
};

enum { SIMULATE_YEARS_MAX = 30, SIMULATE_HOUSEHOLDS_MAX = 5000000 };

struct simulate_summary {
	size_t people, households, target_rows, programme_rows, reference_rows;
};

/* Called as work goes on; both texts name what is being done. Returns true when the work should stop. */
typedef bool simulate_progress(void *arg, const char *id, const char *en, unsigned step, unsigned steps);

/* Writes the folder whole, or nothing of it. */
int simulate_district(const struct simulate_options *options, simulate_progress *progress, void *arg,
	struct simulate_summary *summary, struct error *err) PADAN_MUST_CHECK;

#endif
