/*
 * The files in which offices send their lists: separators, encodings, title lines, headers, totals. One layout per
 * list.
 */
#ifndef PADAN_SIM_LAYOUTS_H
#define PADAN_SIM_LAYOUTS_H

#include "daemon/simulate/sim_cells.h"
#include "daemon/simulate/sim_folder.h"

enum sim_encoding { SIM_UTF8, SIM_UTF8_BOM, SIM_WINDOWS_1252, SIM_UTF16_LE_BOM };

enum { SIM_COLUMNS_MAX = 34, SIM_TITLES_MAX = 4 };

struct sim_layout {
	char separator;           /* 0: an XLSX workbook, a sheet per village */
	enum sim_encoding encoding;
	const char *line_end;
	bool quoted;              /* every cell in quotes */
	bool title_case, curly;
	const char *titles[SIM_TITLES_MAX]; /* lines above the header; "%s" is the district; NULL ends */
	const char *total;        /* the word in the line of totals below; NULL: none */
	size_t total_column;      /* where the word stands; the number of rows stands in the last column */
	const char *signature;    /* who signs, below the totals; NULL: nobody */
	struct sim_column columns[SIM_COLUMNS_MAX]; /* header NULL ends */
};

extern const struct sim_layout sim_layouts[SIM_LISTS];

size_t sim_layout_columns(const struct sim_layout *layout);

struct sim_writing {
	const struct sim_world *world;
	const struct sim_lists *lists;
	struct sim_folder *folder;
};

/* Writes the list's file. The rows must be in order. */
int sim_layout_write(const struct sim_writing *writing, enum sim_list_code code, struct error *err) PADAN_MUST_CHECK;

/* The same for a layout without separator; called by sim_layout_write(). */
int sim_workbook_write(const struct sim_writing *writing, enum sim_list_code code, struct error *err) PADAN_MUST_CHECK;

void sim_cell_context_init(struct sim_cell_context *context, const struct sim_writing *writing,
	enum sim_list_code code);

#endif
