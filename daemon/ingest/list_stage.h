/*
 * From an office's file to rows for padan.raw_rows: reads it (row_reader.h), understands its columns (column_map.h) and
 * gives rows as COPY's binary format, a piece at a time. Every door that takes files stages through this, so that one file gives the
 * same rows whichever way it came.
 *
 * A workbook of several sheets becomes one list: the header is the first sheet's; cells of other sheets are put under
 * the first sheet's columns by what they mean. Where sheets have no village column but bear a village's name, a last column
 * "desa_dari_lembar" holds it.
 *
 * Blocking: for the libuv pool, or the command line. One caller at a time. Not for: talking to PostgreSQL.
 */
#ifndef PADAN_LIST_STAGE_H
#define PADAN_LIST_STAGE_H

#include "daemon/db/copy_text.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/row_reader.h"
#include "matcher/base/error.h"

#include <stdint.h>

#define LIST_STAGE_COPY                                                                                                \
	"COPY padan.raw_rows (district, list, row, line, cells, numeric_cells, reject, reject_en) FROM STDIN (FORMAT binary)"
#define LIST_STAGE_SHEET_HEADER "desa_dari_lembar"

struct list_stage;

struct list_stage_options {
	const char *name;                      /* the file's name, for messages */
	char delimiter;                        /* 0: found */
	const struct column_synonym *synonyms; /* of the district's configuration */
	size_t n_synonyms;
	const struct str *remembered_header;   /* as this office's header was understood last time; may be NULL */
	const enum column_role *remembered;
	uint32_t n_remembered;
};

/*
 * Opens a file by its descriptor, which is owned from then on, and reads as far as the header. ERROR_INPUT: it must be refused,
 * and the error says what was missing and what was seen.
 */
int list_stage_open(int fd, const struct list_stage_options *options, struct list_stage **ret, struct error *err)
	PADAN_MUST_CHECK;

/*
 * Appends whole rows to buffer until it holds `bytes` or more, or the file ends; the format's head comes before the first, its
 * end behind the last. 1: there is more; 0: that was all, and must not be called again. -1:
 * the file must be refused whole (ERROR_INPUT), or memory.
 */
int list_stage_rows(struct list_stage *stage, uint32_t district, int64_t list, struct copy_buffer *buffer, size_t bytes,
	struct error *err) PADAN_MUST_CHECK;

/* What padan.lists wants to know, valid as long as the stage. */
const char *list_stage_header(const struct list_stage *stage);  /* "{NIK,Nama}": a text[] */
const char *list_stage_mapping(const struct list_stage *stage); /* {"0":"nik","3":"name"}: jsonb */
const char *list_stage_encoding(const struct list_stage *stage);
const char *list_stage_delimiter(const struct list_stage *stage); /* "" for a workbook */
const char *list_stage_sheet(const struct list_stage *stage);     /* the first one's name; "" */

uint64_t list_stage_count(const struct list_stage *stage);    /* rows given so far */
uint64_t list_stage_rejected(const struct list_stage *stage); /* of these, rows that could not be read whole */
/* 0..1 of the file read so far. */
double list_stage_progress(const struct list_stage *stage);

void list_stage_free(struct list_stage *stage);

#endif
