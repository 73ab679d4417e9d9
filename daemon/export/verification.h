/*
 * The rows of a workbook that was taken to doors: which flag, what was found, what was noted. Columns are found by their names, as
 * `padan export` and the web write them; answers are read as people write them.
 *
 * Not for: what an answer brings about. Called by import_verification.c (command line) and api_sheet_file.c (web), in the pool.
 */
#ifndef PADAN_VERIFICATION_H
#define PADAN_VERIFICATION_H

#include "daemon/ingest/row_reader.h"

enum visit_answer {
	VISIT_EMPTY,   /* nothing filled in */
	VISIT_RIGHT,   /* benar, ya, b, v, x, ✓ … */
	VISIT_WRONG,   /* salah, tidak, bukan … */
	VISIT_ABSENT,  /* tidak ditemukan */
	VISIT_MOVED,   /* pindah */
	VISIT_DIED,    /* meninggal */
	VISIT_REFUSED, /* menolak menjawab */
	VISIT_UNREAD   /* something else */
};

struct visit_row {
	struct str sheet; /* its name; "" for CSV */
	uint64_t line;
	char flag[24];    /* digits */
	enum visit_answer answer;
	char note[400];
};

/* -1 and err: stop. */
typedef int visit_row_fn(void *arg, const struct visit_row *row, struct error *err);

/* Each row that bears a flag's number. A file without such columns is refused. */
int verification_read(struct row_reader *reader, visit_row_fn *take, void *arg, struct error *err) PADAN_MUST_CHECK;

/* As the web's answers call it ("not_found"); NULL for VISIT_EMPTY and VISIT_UNREAD. */
const char *visit_answer_name(enum visit_answer answer);

#endif
