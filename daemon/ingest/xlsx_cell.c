/*
 * Cells as text. See xlsx_cell.h. Serial days: ECMA-376 part 1, 18.17.4; day 60 of the 1900 system is a
 * 29 February that never was.
 */
#include "daemon/ingest/xlsx_cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAST_DAY = 2958465 /* 9999-12-31 */, DAYS_1904 = 1462, UNIX_EPOCH = 25569 };

enum xlsx_type xlsx_type_of(const char *attribute)
{
	if (!attribute || strcmp(attribute, "n") == 0)
		return XLSX_NUMBER;
	if (strcmp(attribute, "s") == 0)
		return XLSX_SHARED;
	if (strcmp(attribute, "b") == 0)
		return XLSX_BOOLEAN;
	if (strcmp(attribute, "e") == 0)
		return XLSX_ERROR;
	return strcmp(attribute, "d") == 0 ? XLSX_ISO_DATE : XLSX_TEXT;
}

void xlsx_reference(const char *text, uint32_t *column, uint64_t *row)
{
	*column = 0;
	*row = 0;
	for (; *text >= 'A' && *text <= 'Z'; text++)
		if (*column < 1000000)
			*column = *column * 26 + (uint32_t)(*text - 'A') + 1;
	for (; *text >= '0' && *text <= '9'; text++)
		if (*row < 1000000000)
			*row = *row * 10 + (uint64_t)(*text - '0');
}

/* Days since 1970-01-01 → year, month, day (Howard Hinnant, chrono-compatible low-level date algorithms). */
static void civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

struct str xlsx_date_text(double serial, bool from_1904, char scratch[XLSX_NUMBER_MAX])
{
	int64_t days;
	int year, month, day, n;

	if (!(serial >= 1 && serial < LAST_DAY + 1))
		return (struct str){"", 0};
	days = (int64_t)serial;
	if (from_1904)
		days += DAYS_1904;
	else if (days < 60)
		days++;
	civil(days - UNIX_EPOCH, &year, &month, &day);
	n = snprintf(scratch, XLSX_NUMBER_MAX, "%04d-%02d-%02d", year, month, day);
	return (struct str){scratch, (size_t)n};
}

static bool all_digits(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

/* "1.5050101018E+15" → "1505010101800000", "0.10000000000000001" → "0.1", "12.0" → "12". */
static struct str number_text(struct str raw, char scratch[XLSX_NUMBER_MAX])
{
	char text[XLSX_NUMBER_MAX];
	char *end;
	double value;
	int n;

	raw = str_trim(raw);
	if (all_digits(raw) || raw.n == 0 || raw.n >= sizeof text)
		return raw;
	memcpy(text, raw.p, raw.n);
	text[raw.n] = '\0';
	value = strtod(text, &end);
	if (*end || !isfinite(value))
		return raw;
	if (value == floor(value) && fabs(value) < 1e18)
		n = snprintf(scratch, XLSX_NUMBER_MAX, "%.0f", value);
	else
		n = snprintf(scratch, XLSX_NUMBER_MAX, "%.15g", value);
	return (struct str){scratch, (size_t)n};
}

static struct str date_or_number(const struct xlsx_workbook *workbook, uint32_t style, struct str raw,
	char scratch[XLSX_NUMBER_MAX], bool *numeric)
{
	if (style < workbook->styles_n && workbook->style_is_date[style] && raw.n && raw.n < XLSX_NUMBER_MAX) {
		char text[XLSX_NUMBER_MAX];
		struct str date;

		memcpy(text, raw.p, raw.n);
		text[raw.n] = '\0';
		date = xlsx_date_text(strtod(text, NULL), workbook->days_from_1904, scratch);
		if (date.n)
			return date;
	}
	*numeric = raw.n > 0;
	return number_text(raw, scratch);
}

struct str xlsx_cell_text(const struct xlsx_workbook *workbook, enum xlsx_type type, uint32_t style, struct str raw,
	char scratch[XLSX_NUMBER_MAX], bool *numeric)
{
	unsigned long index = 0;

	*numeric = false;
	switch (type) {
	case XLSX_NUMBER:
		return date_or_number(workbook, style, raw, scratch, numeric);
	case XLSX_SHARED:
		raw = str_trim(raw);
		for (size_t i = 0; i < raw.n && i < 10; i++)
			index = index * 10 + (unsigned long)(raw.p[i] >= '0' && raw.p[i] <= '9' ? raw.p[i] - '0' : 0);
		return all_digits(raw) && index < workbook->strings_n ? workbook->strings[index] : (struct str){"", 0};
	case XLSX_ISO_DATE:
		return (struct str){raw.p, raw.n > 10 && raw.p[10] == 'T' ? 10 : raw.n};
	case XLSX_ERROR:
		return (struct str){"", 0};
	case XLSX_BOOLEAN:
	case XLSX_TEXT:
		break;
	}
	return raw;
}
