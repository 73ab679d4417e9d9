/*
 * What a row of a sheet is by the look of it: the header, part of the titles above or of the signatures below, a total,
 * an empty line. Pure. Called by row_reader.
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

bool row_shape_is_empty(const struct str *cells, uint32_t n);

/* "JUMLAH", "Total KPM" … with nothing beside it but numbers. */
bool row_shape_is_total(const struct str *cells, uint32_t n);

/* "Mengetahui", "Kepala Desa", "Muaro Jambi, 12 Juli 2024", "NIP. …": what stands below a list. Few cells only. */
bool row_shape_is_signature(const struct str *cells, uint32_t n);

/* Few cells, and none that could be a person's number: goes on below a signature. */
bool row_shape_is_sparse(const struct str *cells, uint32_t n);

#endif
