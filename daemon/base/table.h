/*
 * Tables in a terminal: columns line up whatever the script of their text, and get colours only where somebody looks.
 *
 *	struct table table;
 *
 *	table_init(&table, stdout);
 *	table_column(&table, "Desa", TABLE_LEFT);
 *	table_column(&table, "Temuan", TABLE_RIGHT);
 *	table_cell(&table, "Mestong", TABLE_PLAIN);
 *	table_cell(&table, "12", TABLE_PLAIN);
 *	table_print(&table);          and table_release(&table)
 *
 * Everything is held until table_print(), which knows then how wide each column is: at most TABLE_ROWS_MAX rows, and a
 * cell longer than TABLE_CELL_MAX characters ends in "…". In a terminal that is too narrow the widest texts are cut shorter and
 * columns are left out, minor ones first; a pipe gets all. Control characters in cells are shown as "�", so that a name out of
 * a list cannot steer the terminal. Not for CSV, JSON or millions of rows.
 */
#ifndef PADAN_TABLE_H
#define PADAN_TABLE_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 24, TABLE_ROWS_MAX = 100000, TABLE_CELL_MAX = 60 };

enum table_align { TABLE_LEFT, TABLE_RIGHT, TABLE_WHOLE /* left, and never cut */ };
enum table_style { TABLE_PLAIN, TABLE_STRONG, TABLE_FAINT, TABLE_GOOD, TABLE_WARNING, TABLE_BAD };

struct table_cell {
	const char *text;
	enum table_style style;
	unsigned width; /* in terminal columns */
};

struct table {
	FILE *to;
	bool colours; /* set by table_init() from terminal_has_colours(to); may be changed */
	struct arena arena;
	unsigned columns;
	const char *titles[TABLE_COLUMNS_MAX];
	enum table_align align[TABLE_COLUMNS_MAX];
	struct table_cell *cells; /* row after row */
	size_t cell_count, cell_room;
	unsigned max_width; /* of a row, in terminal columns; set by table_init(), 0: no maximum; may be changed */
	bool minor[TABLE_COLUMNS_MAX];    /* goes first where there is no room; set by the caller */
	bool left_out[TABLE_COLUMNS_MAX]; /* by table_print(), for want of room */
	bool failed; /* out of memory or past a maximum: table_print() says so */
};

void table_init(struct table *table, FILE *to);
void table_column(struct table *table, const char *title, enum table_align align);

/* The next cell, left to right, row after row. The text is copied; NULL counts as empty. */
void table_cell(struct table *table, const char *text, enum table_style style);

/* Writes the titles, a line and the rows; a row left unfinished is filled up. With no rows only the titles. */
int table_print(struct table *table, struct error *err) PADAN_MUST_CHECK;
void table_release(struct table *table);

/* Columns that the text takes in a terminal: 2 for wide characters, 0 for combining ones. */
unsigned terminal_width_of(const char *text);

/* How many columns the terminal behind it has; 0 if it is none. */
unsigned terminal_columns(FILE *to);

/* A terminal that shows colours, and no NO_COLOR in the environment. */
bool terminal_has_colours(FILE *to);

/* What begins and ends a style, "" without colours. */
const char *terminal_style(bool colours, enum table_style style);
const char *terminal_style_end(bool colours, enum table_style style);

#endif
