/*
 * What an export tells about a flag, cell by cell: the same for CSV and XLSX, and what import --verification reads back.
 */
#ifndef PADAN_EXPORT_ROWS_H
#define PADAN_EXPORT_ROWS_H

#include "daemon/base/lang.h"
#include "daemon/export/flag_case.h"
#include "matcher/base/strbuf.h"

#include <stdbool.h>

/* Headers that import --verification reads back (daemon/cli/import_verification.c). */
#define VERIFICATION_FLAG_HEADER "No. Temuan"
#define VERIFICATION_RESULT_HEADER "Hasil (benar/salah)"
#define VERIFICATION_NOTE_HEADER "Keterangan"

enum export_column {
	EXPORT_FLAG,
	EXPORT_KIND,
	EXPORT_NAME,
	EXPORT_NIK,
	EXPORT_BIRTH,
	EXPORT_RT,
	EXPORT_ADDRESS,
	EXPORT_PROGRAMME,
	EXPORT_STATE,
	EXPORT_ASK,         /* what to ask at the door */
	EXPORT_EXPLANATION, /* in one line */
	EXPORT_TICK_RIGHT,  /* boxes for a pen */
	EXPORT_TICK_WRONG,
	EXPORT_RESULT,      /* to be filled in: benar, salah */
	EXPORT_NOTE,
	EXPORT_COLUMNS
};

struct export_style {
	enum lang lang;
	bool unmasked;
};

/* The headers stay Indonesian: the forms go to villages, and the results are read back by them. */
const char *export_header(enum export_column column);

/* One question that settles the flag, for whoever stands at the door. */
const char *export_question(enum flag_kind kind, enum lang lang);

/* Appends a cell's text to out, which is cleared first. */
int export_cell(const struct flag_case *flag, enum export_column column, const struct export_style *style, struct strbuf *out,
	struct error *err) PADAN_MUST_CHECK;

/* Writes all cases as a CSV file, or as a workbook with a sheet for each village. Either appears whole or not at all. */
int export_csv(struct flag_cases *cases, const char *path, const struct export_style *style, struct error *err) PADAN_MUST_CHECK;
int export_xlsx(struct flag_cases *cases, const char *path, const struct export_style *style, struct error *err) PADAN_MUST_CHECK;

#endif
