/*
 * Flags with everything that explaining them needs, out of a result of the database: for explain and export, on the command line
 * (daemon/cli/flag_filter.h asks the database) and in the web.
 */
#ifndef PADAN_FLAG_CASE_H
#define PADAN_FLAG_CASE_H

#include "daemon/base/district_config.h"
#include "matcher/base/arena.h"
#include "matcher/flag/explain.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

struct flag_cases {
	struct arena arena;
	struct district_config config; /* the rules that flags speak of */
	PGresult *result;              /* of cli_cases.sql, or of api_flag.sql and its kin */
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

/* config: the district's configuration as text. result is owned from then on, also when this fails. */
int flag_cases_take(struct flag_cases *cases, struct str config, PGresult *result, struct error *err) PADAN_MUST_CHECK;
int flag_cases_get(struct flag_cases *cases, int row, struct flag_case *ret, struct error *err) PADAN_MUST_CHECK;
void flag_cases_release(struct flag_cases *cases);

#endif
