/*
 * Tables in a terminal. See table.h. Called by daemon/cli.
 */
#include "daemon/base/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <utf8proc.h>

/* One character: its bytes, and its code point; a broken byte counts as one U+FFFD. */
static size_t next_character(const char *text, size_t n, utf8proc_int32_t *code)
{
	utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, code);

	if (used > 0)
		return (size_t)used;
	*code = 0xFFFD;
	return 1;
}

static bool is_control(utf8proc_int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
		(category == UTF8PROC_CATEGORY_CF && code != 0x200D && code != 0x00AD);
}

static unsigned width_of_code(utf8proc_int32_t code)
{
	int width = is_control(code) ? 1 : utf8proc_charwidth(code);

	return width > 0 ? (unsigned)width : 0;
}

unsigned terminal_width_of(const char *text)
{
	size_t n = strlen(text);
	unsigned width = 0;

	while (n) {
		utf8proc_int32_t code;
		size_t used = next_character(text, n, &code);

		width += width_of_code(code);
		text += used;
		n -= used;
	}
	return width;
}

bool terminal_has_colours(FILE *to)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(fileno(to)) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

const char *terminal_style(bool colours, enum table_style style)
{
	static const char *const codes[] = {
		[TABLE_PLAIN] = "",
		[TABLE_STRONG] = "\033[1m",
		[TABLE_FAINT] = "\033[2m",
		[TABLE_GOOD] = "\033[32m",
		[TABLE_WARNING] = "\033[33m",
		[TABLE_BAD] = "\033[31m",
	};

	return colours ? codes[style] : "";
}

const char *terminal_style_end(bool colours, enum table_style style)
{
	return colours && style != TABLE_PLAIN ? "\033[0m" : "";
}

void table_init(struct table *table, FILE *to)
{
	memset(table, 0, sizeof *table);
	table->to = to;
	table->colours = terminal_has_colours(to);
	arena_init(&table->arena, 0);
}

/* A copy fit to be shown: no control characters, nothing broken, at most TABLE_CELL_MAX columns wide. */
static const char *shown(struct table *table, const char *text, unsigned *width)
{
	size_t n = strlen(text), at = 0;
	char *copy = arena_alloc(&table->arena, 3 * n + 4);

	*width = 0;
	if (!copy) {
		table->failed = true;
		return "";
	}
	while (n) {
		utf8proc_int32_t code;
		size_t used = next_character(text, n, &code);
		unsigned wide = width_of_code(code);

		if (*width + wide > TABLE_CELL_MAX - 1 && terminal_width_of(text) + *width > TABLE_CELL_MAX) {
			memcpy(copy + at, "…", 3);
			at += 3;
			++*width;
			break;
		}
		if (is_control(code))
			code = 0xFFFD;
		at += (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)copy + at);
		*width += wide;
		text += used;
		n -= used;
	}
	copy[at] = '\0';
	return copy;
}

void table_column(struct table *table, const char *title, enum table_align align)
{
	unsigned width;

	if (table->columns == TABLE_COLUMNS_MAX) {
		table->failed = true;
		return;
	}
	table->titles[table->columns] = shown(table, title, &width);
	table->align[table->columns++] = align;
}

void table_cell(struct table *table, const char *text, enum table_style style)
{
	struct table_cell *cell;

	if (table->cell_count == table->cell_room) {
		size_t room = table->cell_room ? 2 * table->cell_room : 256;
		struct table_cell *more = NULL;

		if (table->cell_count < (size_t)TABLE_ROWS_MAX * TABLE_COLUMNS_MAX)
			more = realloc(table->cells, room * sizeof *more);
		if (!more) {
			table->failed = true;
			return;
		}
		table->cells = more;
		table->cell_room = room;
	}
	cell = &table->cells[table->cell_count++];
	cell->style = style;
	cell->text = shown(table, text ? text : "", &cell->width);
}

void table_cellf(struct table *table, enum table_style style, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	table_cell(table, text, style);
}

static void print_cell(const struct table *table, const struct table_cell *cell, unsigned column, unsigned width)
{
	int space = (int)(width > cell->width ? width - cell->width : 0);
	bool last = column + 1 == table->columns;

	if (table->align[column] == TABLE_RIGHT)
		fprintf(table->to, "%*s", space, "");
	fprintf(table->to, "%s%s%s", terminal_style(table->colours, cell->style), cell->text,
		terminal_style_end(table->colours, cell->style));
	if (table->align[column] == TABLE_LEFT && !last)
		fprintf(table->to, "%*s", space, "");
	fputs(last ? "\n" : "  ", table->to);
}

static void print_titles(const struct table *table, const unsigned *widths)
{
	for (unsigned c = 0; c < table->columns; c++) {
		struct table_cell cell = {table->titles[c], TABLE_STRONG, terminal_width_of(table->titles[c])};

		print_cell(table, &cell, c, widths[c]);
	}
	for (unsigned c = 0; c < table->columns; c++) {
		for (unsigned i = 0; i < widths[c]; i++)
			fputs("─", table->to);
		fputs(c + 1 == table->columns ? "\n" : "  ", table->to);
	}
}

int table_print(struct table *table, struct error *err)
{
	unsigned widths[TABLE_COLUMNS_MAX] = {0};

	while (table->columns && table->cell_count % table->columns && !table->failed)
		table_cell(table, "", TABLE_PLAIN);
	if (table->failed)
		return error_memory(err);
	for (unsigned c = 0; c < table->columns; c++)
		widths[c] = terminal_width_of(table->titles[c]);
	for (size_t i = 0; i < table->cell_count; i++)
		if (widths[i % table->columns] < table->cells[i].width)
			widths[i % table->columns] = table->cells[i].width;
	print_titles(table, widths);
	for (size_t i = 0; i < table->cell_count; i++)
		print_cell(table, &table->cells[i], (unsigned)(i % table->columns), widths[i % table->columns]);
	if (ferror(table->to))
		return error_set(err, ERROR_SYSTEM, "Hasil tidak dapat ditulis.", "The output cannot be written.");
	return 0;
}

void table_release(struct table *table)
{
	free(table->cells);
	arena_release(&table->arena);
	memset(table, 0, sizeof *table);
}
