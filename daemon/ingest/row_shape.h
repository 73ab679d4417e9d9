/*
 * What a row of a sheet is by the look of it: the header, part of the titles above or of the signatures below, a total,
 * an empty line. Pure. Called by row_reader and csv_table, so that both leave the same rows out.
 */
#ifndef PADAN_ROW_SHAPE_H
#define PADAN_ROW_SHAPE_H

#include "daemon/ingest/column_map.h"
#include "matcher/base/str.h"

#include <stdint.h>

struct shape_row {
	const struct str *cells;
	uint32_t n;
};

struct header_choice {
	uint32_t first, rows; /* the header's rows among those given: more than one if a name spans several columns */
	uint32_t roles;       /* how many different roles its words name */
	bool names_somebody;  /* a name, a head's name or a NIK among them */
	bool numbered;        /* a row (1) (2) (3) … follows it and belongs to it */
};

/* Finds the header among the first rows of a sheet. choice->roles 0: no row has known words; first is then the best guess. */
void row_shape_header(const struct shape_row *rows, uint32_t n, const struct column_synonym *synonyms, size_t synonyms_n,
	struct header_choice *choice);

/*
 * The same for a table of any kind, English ones among them: titles are passed over, but a first row of full width is the
 * header though no word of it be known. choice->roles counts known words.
 */
void row_shape_table_header(const struct shape_row *rows, uint32_t n, struct header_choice *choice);

enum row_kind {
	ROW_KIND_DATA,
	ROW_KIND_TOTAL,
	ROW_KIND_OTHER /* a signature, a note below the list, the header once more */
};

/*
 * What a row below the header is. *below_signature: the caller's memory from row to row, false at the start of a sheet.
 * Cheap for rows of data.
 */
enum row_kind row_shape_kind(const struct str *cells, uint32_t n, const struct str *header, uint32_t header_n,
	bool *below_signature);

bool row_shape_is_empty(const struct str *cells, uint32_t n);

/* "JUMLAH", "Total KPM" … with nothing beside it but numbers. */
bool row_shape_is_total(const struct str *cells, uint32_t n);

/* "Mengetahui", "Kepala Desa", "Muaro Jambi, 12 Juli 2024", "NIP. …": what stands below a list. Few cells only.
 * width: of the table; a sheet's row ends with its last cell that holds something. */
bool row_shape_is_signature(const struct str *cells, uint32_t n, uint32_t width);

/* Few cells for that width, and none that could be a person's number: goes on below a signature. */
bool row_shape_is_sparse(const struct str *cells, uint32_t n, uint32_t width);

#endif
