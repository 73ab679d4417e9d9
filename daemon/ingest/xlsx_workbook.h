/*
 * What a workbook says beside its sheets: which there are and which are hidden, how days are counted, which cell styles
 * are dates, and the shared strings. Only for xlsx_source.
 */
#ifndef PADAN_XLSX_WORKBOOK_H
#define PADAN_XLSX_WORKBOOK_H

#include "daemon/ingest/xlsx_zip.h"
#include "matcher/base/arena.h"

struct xlsx_sheet_info {
	struct str name;
	const char *part; /* "xl/worksheets/sheet1.xml" */
	bool hidden;
};

struct xlsx_workbook {
	struct xlsx_zip *zip;
	struct xlsx_sheet_info *sheets;
	uint32_t sheets_n;
	bool days_from_1904;
	bool *style_is_date; /* by the number in a cell's s attribute */
	uint32_t styles_n;
	struct str *strings;
	uint32_t strings_n;
	struct arena arena;   /* of everything above */
	uint64_t bytes;       /* expanded, of the parts read here */
};

/* Owns fd from here on, on failure too. */
int xlsx_workbook_open(struct xlsx_workbook *workbook, int fd, struct error *err) PADAN_MUST_CHECK;
void xlsx_workbook_release(struct xlsx_workbook *workbook);

/* Whether a number format shows a date: built-in ids, or a code with a day or a year in it. */
bool xlsx_format_is_date(uint32_t id, const char *code);

/* "_x000D_" and its like, by which a workbook writes control characters, as spaces; in place. Returns the new length. */
size_t xlsx_unescape(char *text, size_t n);

#endif
