/*
 * What the verbs that work on one district of a database do alike: options, opening, acting under somebody's name, showing rows,
 * unmasking with a reason that is recorded.
 *
 *	struct user_verb {
 *		struct cli_verb verb;   // first
 *		const char *role;
 *	};
 *	const struct option_spec options[] = {{"role", …}, CLI_VERB_OPTIONS(v.verb), {0}};
 *	return cli_verb_run(&command, argc, argv, &v.verb, run);
 *
 * Not for: import, status and doctor, which also work where there is no district yet.
 */
#ifndef PADAN_CLI_VERB_H
#define PADAN_CLI_VERB_H

#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_result.h"

struct cli_verb { /* all zero before it runs */
	struct db_sync db;
	enum lang lang;
	bool json;
	const char *conninfo, *district_code; /* options */
	char **words;                         /* operands, n_words of them */
	int n_words;
	int district_number;
	char district[16]; /* the same, as a parameter of queries */
};

#define CLI_VERB_OPTIONS(verb) \
	CLI_DISTRICT_OPTION((verb).district_code), CLI_JSON_OPTION((verb).json), CLI_DB_OPTION((verb).conninfo)

/*
 * The whole of such a verb: reads the options, calls run, closes the database, says what failed. Returns the exit status. run()
 * looks at its options, then calls cli_verb_open().
 */
int cli_verb_run(const struct command_spec *command, int argc, char **argv, struct cli_verb *verb,
	int (*run)(struct cli_verb *verb, struct error *err));

/* Connects and finds the district. Closed by cli_verb_run(). */
int cli_verb_open(struct cli_verb *verb, struct error *err) PADAN_MUST_CHECK;

/*
 * One statement in a transaction of its own that knows who acts (who: NULL for the database login). The first cell, cut to 63
 * bytes, goes to answer: "" for NULL and where there is no row.
 */
int cli_verb_act(struct cli_verb *verb, const char *who, const char *sql, int n, const char *const *values, char answer[64],
	struct error *err) PADAN_MUST_CHECK;

/* Rows as JSON, as a table, or the words for none. */
int cli_verb_show(const struct cli_verb *verb, const PGresult *rows, const struct cli_column *columns, const char *none_id,
	const char *none_en, struct error *err) PADAN_MUST_CHECK;

/* Whole numbers and birth dates instead of masked ones: only for a reason, and never unseen. */
struct cli_unmasking {
	bool wanted;
	const char *reason, *who;
};

#define CLI_UNMASKING_OPTIONS(unmasking, help_id, help_en) \
	{"unmask", OPTION_FLAG, &(unmasking).wanted, NULL, help_id "; dicatat, perlu --reason", help_en "; recorded, needs --reason"}, \
		{"reason", OPTION_TEXT, &(unmasking).reason, "TEXT", "Untuk apa", "What for"}, \
		{"who", OPTION_TEXT, &(unmasking).who, "NAME", "Siapa yang meminta", "Who asks"}

/* ERROR_USAGE where the reason is missing. */
int cli_unmasking_check(const struct cli_unmasking *unmasking, struct error *err) PADAN_MUST_CHECK;

/* Before anything is shown. what: the verb; flag, list, row: NULL where it is not about one; entries: of how many. */
int cli_unmasking_record(struct cli_verb *verb, const struct cli_unmasking *unmasking, const char *what, const char *flag,
	const char *list, const char *row, int entries, struct error *err) PADAN_MUST_CHECK;

#endif
