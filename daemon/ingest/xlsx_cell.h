/*
 * One cell of a sheet as text: what its type, its style and its raw value make. Pure. Only for xlsx_sheet.
 */
#ifndef PADAN_XLSX_CELL_H
#define PADAN_XLSX_CELL_H

#include "daemon/ingest/xlsx_workbook.h"

#include <stdbool.h>

enum xlsx_type { XLSX_NUMBER, XLSX_SHARED, XLSX_TEXT, XLSX_BOOLEAN, XLSX_ERROR, XLSX_ISO_DATE };

enum { XLSX_NUMBER_MAX = 48 };

/* The cell's t attribute ("s", "str", "inlineStr", "b", "e", "d", "n"; NULL: a number). */
enum xlsx_type xlsx_type_of(const char *attribute);

/*
 * The text of a cell. raw stays alive as long as the text is used; a number's text is made in scratch. *numeric: it is
 * a number and no date. A number is written without exponent: all digits that the file has, if they are plain.
 */
struct str xlsx_cell_text(const struct xlsx_workbook *workbook, enum xlsx_type type, uint32_t style, struct str raw,
	char scratch[XLSX_NUMBER_MAX], bool *numeric);

/* "AB12" → column 28 (from 1) and row 12; a missing part gives 0. */
void xlsx_reference(const char *text, uint32_t *column, uint64_t *row);

/* A serial day → "YYYY-MM-DD" in scratch; an empty text if it is out of a date's range (0001 to 9999 exclusive of less than 1). */
struct str xlsx_date_text(double serial, bool from_1904, char scratch[XLSX_NUMBER_MAX]);

#endif
