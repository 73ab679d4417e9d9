/*
 * PostgreSQL's COPY in its binary format, into a server: for the many rows of a list, which it reads in less time than their text.
 * Written into a struct copy_buffer (copy_text.h), whose limit and failure hold here too; texts are cleaned alike.
 *
 *	copy_binary_begin(&buffer);            once, before the first row
 *	copy_binary_row(&buffer, 2);           then as many values as were said
 *	copy_binary_int8(&buffer, 17);
 *	copy_binary_str(&buffer, text);
 *	copy_binary_end(&buffer);              once, after the last row
 *
 * Widths must be the columns' own: the server converts nothing. Called by list_stage.c and entry_copy.c.
 */
#ifndef PADAN_COPY_BINARY_H
#define PADAN_COPY_BINARY_H

#include "daemon/db/copy_text.h"

void copy_binary_begin(struct copy_buffer *buffer);
void copy_binary_row(struct copy_buffer *buffer, unsigned n_values);
void copy_binary_null(struct copy_buffer *buffer);
void copy_binary_int2(struct copy_buffer *buffer, int16_t value);
void copy_binary_int4(struct copy_buffer *buffer, int32_t value);
void copy_binary_int8(struct copy_buffer *buffer, int64_t value);
void copy_binary_str(struct copy_buffer *buffer, struct str text);
/* A raw row's cells: see copy_append_cells(). */
void copy_binary_cells(struct copy_buffer *buffer, const struct str *cells, size_t n);
/* text[], integer[] */
void copy_binary_texts(struct copy_buffer *buffer, const struct str *texts, size_t n);
void copy_binary_int4s(struct copy_buffer *buffer, const int32_t *numbers, size_t n);
void copy_binary_end(struct copy_buffer *buffer);

#endif
