/*
 * What the verbs share: saying what failed, finding the district, JSON, masking. See cli_verb.h for those that work on one district.
 */
#ifndef PADAN_CLI_COMMON_H
#define PADAN_CLI_COMMON_H

#include "daemon/base/lang.h"
#include "daemon/base/options.h"
#include "daemon/db/db_sync.h"
#include "matcher/base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The row of the option table that every verb with a database has; conninfo is a const char *. */
#define CLI_DB_OPTION(conninfo) \
	{ \
		"db", OPTION_TEXT, &(conninfo), "CONNINFO", "Sambungan basis data (tanpa ini: PGHOST, PGSERVICE, …)", \
			"Database connection (without it: PGHOST, PGSERVICE, …)" \
	}
#define CLI_JSON_OPTION(json) {"json", OPTION_FLAG, &(json), NULL, "Keluaran JSON untuk program lain", "JSON for other programs"}
#define CLI_DISTRICT_OPTION(district) \
	{ \
		"district", OPTION_TEXT, &(district), "CODE", "Kode kabupaten, bila basis data memuat lebih dari satu", \
			"The district's code, where the database holds more than one" \
	}

/* Prints "padan VERB: …" to stderr and returns the exit status. */
int cli_fail(const char *verb, enum lang lang, const struct error *err);

/*
 * The district that a verb works on: code "15.05" or "1505"; NULL where there is only one. ERROR_INPUT names those there are.
 */
int cli_district(struct db_sync *db, const char *code, int *district, struct error *err) PADAN_MUST_CHECK;

/* "150501••••••0012": area and last four digits; the middle gives birth date and sex away. Empty stays empty. */
const char *cli_masked(const char *digits, char buffer[64]);

/* Writes a JSON value with a line end to stdout and gives it back. -1 if it could not be made or written. */
int cli_print_json(json_t *value, struct error *err) PADAN_MUST_CHECK;
/* A cell of a result as JSON: null, or a text; a NIK is always a text. */
json_t *cli_json_text(const PGresult *result, int row, int column);

#endif
