/*
 * The rows that were set aside, as a file in the office's own layout: its header, its delimiter, UTF-8 with a BOM so
 * that a spreadsheet opens it rightly, and two columns at the end – the reason in Indonesian and the line in the file
 * that was sent. It can be mended and sent again as it is: the reader ignores those two columns.
 *
 * Called by import, check and the inbox. No file appears unless a row was added.
 */
#ifndef PADAN_REJECTS_H
#define PADAN_REJECTS_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <stdint.h>

#define REJECTS_REASON_HEADER "alasan_ditolak_padan"
#define REJECTS_LINE_HEADER "baris_asal_padan"

struct rejects;

/* Nothing is written yet. path and header are copied. delimiter 0: ';', which a spreadsheet set to Indonesian expects. */
struct rejects *rejects_new(const char *path, const struct str *header, uint32_t n, char delimiter, struct error *err)
	PADAN_MUST_CHECK;

/* One row; fewer cells than the header has are padded, more are joined into the last with a space. */
int rejects_add(struct rejects *rejects, const struct str *cells, uint32_t n, const char *reason, uint64_t line,
	struct error *err) PADAN_MUST_CHECK;

uint64_t rejects_count(const struct rejects *rejects);

/* Puts the file in its place, if there is one to put. */
int rejects_finish(struct rejects *rejects, struct error *err) PADAN_MUST_CHECK;

void rejects_free(struct rejects *rejects);

#endif
