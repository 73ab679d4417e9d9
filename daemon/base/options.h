/*
 * The options of one verb as a table: parsing, --help and the documentation all come from it.
 *
 *	const char *out = NULL;
 *	long threads = 0;
 *	const struct option_spec options[] = {
 *		{"out", OPTION_TEXT, &out, "FILE", "Berkas hasil", "Where the result goes"},
 *		{"threads", OPTION_INTEGER, &threads, "N", "Jumlah utas", "Number of threads", .min = 1, .max = 1024},
 *		{0},
 *	};
 *	const struct command_spec command = {"dedupe", "FILE.csv", "…", "…", options, .operands_min = 1, .operands_max = 1};
 *	struct options_result got;
 *	int status = options_parse_or_exit_status(&command, argc, argv, &got);
 *
 *	if (status != OPTIONS_GO_ON)
 *		return status;
 *
 * --help (-h) and --lang (taken by daemon/padan.c) are there for every verb and need no row. Options may stand before and after operands, as
 * "--out FILE" or "--out=FILE"; "--" ends them. Values point into argv. Variables keep their value unless the option is given.
 * Not for: the configuration file of a district (district_config.h).
 */
#ifndef PADAN_OPTIONS_H
#define PADAN_OPTIONS_H

#include "daemon/base/lang.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum option_kind {
	OPTION_FLAG,    /* bool: true when given */
	OPTION_TEXT,    /* const char * */
	OPTION_CHOICE,  /* const char *: one of the words of .choices, separated by | */
	OPTION_LIST,    /* struct option_list: may be repeated */
	OPTION_INTEGER, /* long: min ≤ value ≤ max */
	OPTION_NUMBER   /* double: min ≤ value ≤ max */
};

enum { OPTION_LIST_MAX = 256 };

struct option_list {
	const char *items[OPTION_LIST_MAX];
	size_t count;
};

struct option_spec {
	const char *name;      /* without the dashes; NULL ends the table */
	enum option_kind kind;
	void *value;           /* the type that the kind names */
	const char *argument;  /* how the help calls the value: "FILE"; NULL for a flag */
	const char *id, *en;   /* one line for the help, each language */
	const char *choices;   /* OPTION_CHOICE: "csv|xlsx" */
	double min, max;       /* OPTION_INTEGER, OPTION_NUMBER */
};

struct command_spec {
	const char *verb;     /* "import" */
	const char *operands; /* how usage shows them: "FILE", "A.csv B.csv", "" */
	const char *id, *en;  /* what the verb does; may have several lines */
	const struct option_spec *options;
	int operands_min, operands_max; /* how many operands there may be */
	const char *examples; /* lines "padan import …"; NULL: none */
};

struct options_result {
	enum lang lang;
	char **operands; /* into argv, which was reordered */
	int operand_count;
	bool help; /* --help was given: nothing else was checked */
};

/* argv[0] is the verb. ERROR_USAGE says what is wrong and, for a name misspelt, what was probably meant. */
int options_parse(const struct command_spec *command, int argc, char **argv, struct options_result *result,
	struct error *err) PADAN_MUST_CHECK;

void options_print_help(const struct command_spec *command, enum lang lang, FILE *to);

enum { OPTIONS_GO_ON = -1 };

/*
 * options_parse() for a verb's first lines: prints the help (then 0) or the error with a hint (then 2), and returns the
 * exit status, or OPTIONS_GO_ON when there is work to do.
 */
int options_parse_or_exit_status(const struct command_spec *command, int argc, char **argv,
	struct options_result *result);

#endif
