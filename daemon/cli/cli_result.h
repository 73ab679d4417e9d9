/*
 * A query's result as people and programs read it: a table whose columns the verb names, or JSON by the query's own
 * column names.
 */
#ifndef PADAN_CLI_RESULT_H
#define PADAN_CLI_RESULT_H

#include "daemon/base/lang.h"
#include "daemon/base/table.h"
#include "matcher/base/error.h"

#include <jansson.h>
#include <libpq-fe.h>

enum cli_column_kind {
	CLI_TEXT,
	CLI_WHOLE,   /* text of which no part may be cut: a NIK */
	CLI_NUMBER,  /* whole, with separators of thousands */
	CLI_ID,      /* whole, as it is */
	CLI_DISTRICT, /* 1505 → 15.05 */
	CLI_PERCENT, /* of a share 0..1 */
	CLI_TIME     /* "2024-07-01 12:00:00+07" cut to the minute */
};

struct cli_column {
	const char *name;   /* of the query's column */
	const char *id, *en; /* the title */
	enum cli_column_kind kind;
	/* May be NULL: what a cell's text is called for people, and its style. Returns text as it is for what it does not know. */
	const char *(*say)(const char *text, enum lang lang, enum table_style *style);
	bool minor; /* the first to go in a narrow terminal */
};

/* The columns in the order of the array, which ends with a NULL name; what the query has beside them is not shown. */
int cli_print_table(const PGresult *result, const struct cli_column *columns, enum lang lang, struct error *err)
	PADAN_MUST_CHECK;

/* An array of objects: numbers, booleans and JSON as such by their PostgreSQL type, everything else as text. */
json_t *cli_json_rows(const PGresult *result);

/* Words for people, for struct cli_column: states of lists, flags' states and statuses, severities, kinds of lists. */
const char *cli_say_list_state(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_list_kind(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_flag_kind(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_flag_state(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_flag_status(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_severity(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_job(const char *text, enum lang lang, enum table_style *style);
const char *cli_say_yes(const char *text, enum lang lang, enum table_style *style); /* "t" → "✓", else "" */

#endif
