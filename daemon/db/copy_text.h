/*
 * PostgreSQL's COPY in its text format, both ways: rows written into a buffer that is handed to COPY … FROM STDIN piece
 * by piece, and rows that COPY … TO STDOUT sent, taken apart again. Also arrays of texts as one value ("{a,b}").
 *
 * Pure: memory alone. Text must be UTF-8 without NUL bytes, as PostgreSQL takes it (copy_write_str() drops what is not).
 * Called by list_stage, the jobs and whoever moves many rows.
 */
#ifndef PADAN_COPY_TEXT_H
#define PADAN_COPY_TEXT_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer that grows up to its limit. A failure (memory, limit) sticks until copy_buffer_clear(). */
struct copy_buffer {
	char *p;
	size_t n, room, limit;
	bool failed;
	bool row_begun;
};

void copy_buffer_init(struct copy_buffer *buffer, size_t limit);
void copy_buffer_clear(struct copy_buffer *buffer);
void copy_buffer_release(struct copy_buffer *buffer);

/* One value each; the tabulator between them is taken care of. */
void copy_write_null(struct copy_buffer *buffer);
void copy_write_int(struct copy_buffer *buffer, int64_t value);
void copy_write_float(struct copy_buffer *buffer, double value); /* six significant digits */
void copy_write_str(struct copy_buffer *buffer, struct str text);
/* NULL where the text is empty, or the number 0. */
void copy_write_str_or_null(struct copy_buffer *buffer, struct str text);
void copy_write_int_or_null(struct copy_buffer *buffer, int64_t value);
void copy_row_end(struct copy_buffer *buffer);
/* A text without what PostgreSQL does not take, and nothing escaped: for formats that tell its length. */
void copy_append_clean(struct copy_buffer *buffer, struct str text);
/* The cells of a raw row as padan.raw_rows keeps them: behind each stands COPY_CELL_END, which is dropped within them. */
#define COPY_CELL_END '\x1f'
void copy_append_cells(struct copy_buffer *buffer, const struct str *cells, size_t n);
/* Whole rows as they came from a COPY, between rows; bytes of another format. */
void copy_append_raw(struct copy_buffer *buffer, const char *bytes, size_t n);

/* "{…}" for a query's parameter (not escaped for COPY), NUL-terminated in the arena; NULL: memory. */
const char *copy_array_literal(const struct str *texts, size_t n, struct arena *arena);

enum { COPY_FIELDS_MAX = 64 };

struct copy_field {
	struct str text; /* unescaped; points into the row or the arena */
	bool null;
};

/*
 * A row (with or without its line end) into at most max fields. Returns how many there were, or -1: damaged, too many,
 * or memory.
 */
int copy_read_row(struct str row, struct arena *arena, struct copy_field *fields, int max);

/* A one-dimensional array value into texts of the arena. NULL elements become empty texts. -1: damaged or memory. */
int copy_read_array(struct str value, struct arena *arena, struct str **ret, size_t *ret_n);

/* The cells of a raw row, pointing into value. -1: damaged or memory. */
int copy_read_cells(struct str value, struct arena *arena, struct str **ret, size_t *ret_n);

/* A whole number; 0 for what is none (PostgreSQL sent it, so it is one). */
int64_t copy_read_int(struct copy_field field);

#endif
