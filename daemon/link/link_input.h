/*
 * The files of padan dedupe and padan link: their columns understood, their rows normalised by several threads and given
 * to a linker, their rows' own keys kept for the output.
 *
 * Called by link_run.c. Not for: a district's lists (daemon/check, daemon/jobs), whose columns have roles.
 */
#ifndef PADAN_LINK_INPUT_H
#define PADAN_LINK_INPUT_H

#include "daemon/base/options.h"
#include "daemon/ingest/column_guess.h"
#include "daemon/ingest/csv_table.h"
#include "matcher/base/strbuf.h"
#include "matcher/link/linker.h"

enum { LINK_FILES_MAX = 2 };

struct link_file {
	struct csv_table table;
	bool open;
	struct column_guess *guesses;             /* by column */
	int32_t id_column;                        /* -1: the row's number */
	int32_t columns[LINKER_FIELDS_MAX];       /* by field of the schema; -1: this file has none */
	struct csv_table_range *ranges;           /* what one task reads at a time */
	size_t n_ranges;
	uint64_t rows;
	/* The rows' own keys, one behind the other; none are kept where the row's number is the key. */
	struct strbuf ids;
	uint64_t *id_ends; /* by row */
	size_t id_ends_cap;
};

struct link_input {
	struct link_file files[LINK_FILES_MAX];
	size_t n_files;
	struct linker_schema schema;
	struct arena arena; /* rewritten cells of the sample */
	uint64_t faulty_rows; /* read as far as they could be */
	const char *id_name;  /* --id, or NULL */
	const struct option_list *as; /* --as COL=TYPE */
};

/* Opens the files and settles what each column is. The options must outlive the input. */
int link_input_open(struct link_input *input, const char *const *paths, size_t n_paths, const char *id_name,
	const struct option_list *as, const struct parallel *parallel, struct error *err) PADAN_MUST_CHECK;

/* One line per column on stderr: what it is taken for, and why. */
void link_input_print_guesses(const struct link_input *input, enum lang lang);

/* Adds all rows to the linker (which was made from input->schema), a list per file, and closes the files. */
int link_input_add(struct link_input *input, struct linker *linker, const struct parallel *parallel,
	const struct linker_progress *progress, struct error *err) PADAN_MUST_CHECK;

enum { LINK_KEY_MAX = 24 };

/* A row's key: its own, or its number from 1, which is then written into `number`. */
struct str link_file_key(const struct link_file *file, uint64_t row, char number[LINK_KEY_MAX]);

void link_input_release(struct link_input *input);

#endif
