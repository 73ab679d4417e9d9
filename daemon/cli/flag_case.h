/*
 * Flags with everything that explaining them needs, out of the database: for explain and export.
 */
#ifndef PADAN_FLAG_CASE_H
#define PADAN_FLAG_CASE_H

#include "daemon/base/district_config.h"
#include "daemon/cli/flag_filter.h"
#include "daemon/db/db_sync.h"
#include "matcher/flag/explain.h"

#include <stdbool.h>
#include <stdint.h>

struct flag_cases {
	struct arena arena;
	struct district_config config; /* the rules that flags speak of */
	PGresult *result;              /* of cli_cases.sql */
	int n;
};

/* One of them. Its texts live as long as the flag_cases; explained.flag points into it. */
struct flag_case {
	struct flag flag;
	struct explain_case explained;
	struct entry at, other;
	const char *number, *status, *reason, *village_name, *kecamatan, *household, *programme; /* "" where there is none */
	const char *kind, *state, *severity; /* as the database calls them */
	int64_t list, other_list;
};

/* number: one flag, or 0 for those that the filter lets through, at most `most` (0: all), village by village. */
int flag_cases_load(struct flag_cases *cases, struct db_sync *db, const char *district, struct flag_filter *filter,
	int64_t number, int64_t most, struct error *err) PADAN_MUST_CHECK;
int flag_cases_get(struct flag_cases *cases, int row, struct flag_case *ret, struct error *err) PADAN_MUST_CHECK;
void flag_cases_release(struct flag_cases *cases);

#endif
