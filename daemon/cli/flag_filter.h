/*
 * Which flags a verb is about: the same options for flags and export, and the parameters of cli_flags.sql that follow.
 */
#ifndef PADAN_FLAG_FILTER_H
#define PADAN_FLAG_FILTER_H

#include "daemon/base/options.h"
#include "daemon/db/db_sync.h"
#include "daemon/export/flag_case.h"

enum { FLAG_FILTER_PARAMS = 9, FLAG_FILTER_OPTIONS = 8 };

struct flag_filter {
	const char *kind, *programme, *village, *state, *status, *severity, *office;
	long list; /* 0: any */
	char list_text[24];
};

void flag_filter_init(struct flag_filter *filter);

/* Writes FLAG_FILTER_OPTIONS rows of an option table. */
void flag_filter_options(struct flag_filter *filter, struct option_spec *options);

/* Refuses a programme, village or office that the district does not have, and says what there is. */
int flag_filter_check(const struct flag_filter *filter, struct db_sync *db, const char *district, struct error *err) PADAN_MUST_CHECK;

/* $1 … $9: district, kind, programme, village, state, status, list, severity, office. */
void flag_filter_values(struct flag_filter *filter, const char *district, const char **values);

/* number: one flag, or 0 for those that the filter lets through, at most `most` (0: all), village by village. */
int flag_cases_load(struct flag_cases *cases, struct db_sync *db, const char *district, struct flag_filter *filter,
	int64_t number, int64_t most, struct error *err) PADAN_MUST_CHECK;

#endif
