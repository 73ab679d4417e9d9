/*
 * Tables in a terminal. See table.h. Called by daemon/cli.
 */
#include "daemon/base/table.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <utf8proc.h>

/* Terminal columns that a text keeps when the terminal is too narrow: before minor columns go, and after. */
enum { TEXT_GOOD = 18, TEXT_MIN = 10 };

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

unsigned terminal_columns(FILE *to)
{
	struct winsize size;

	return isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
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
	table->max_width = terminal_columns(to);
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

/* How many bytes of the text fit into so many terminal columns, one left for "…". */
static int bytes_that_fit(const char *text, unsigned width)
{
	size_t at = 0, n = strlen(text);
	unsigned taken = 0;

	while (at < n) {
		utf8proc_int32_t code;
		size_t used = next_character(text + at, n - at, &code);

		taken += width_of_code(code);
		if (taken >= width)
			break;
		at += used;
	}
	return (int)at;
}

static unsigned last_column(const struct table *table)
{
	unsigned c = table->columns;

	while (c > 1 && table->left_out[c - 1])
		c--;
	return c - 1;
}

static void print_cell(const struct table *table, const struct table_cell *cell, unsigned column, unsigned width)
{
	bool cut = cell->width > width, last = column == last_column(table);
	int space = (int)(cut ? 0 : width - cell->width);

	if (table->align[column] == TABLE_RIGHT)
		fprintf(table->to, "%*s", space, "");
	fprintf(table->to, "%s%.*s%s%s", terminal_style(table->colours, cell->style), cut ? bytes_that_fit(cell->text, width) : INT_MAX,
		cell->text, cut ? "…" : "", terminal_style_end(table->colours, cell->style));
	if (table->align[column] != TABLE_RIGHT && !last)
		fprintf(table->to, "%*s", space, "");
	fputs(last ? "\n" : "  ", table->to);
}

static void print_titles(const struct table *table, const unsigned *widths)
{
	for (unsigned c = 0; c < table->columns; c++) {
		struct table_cell cell = {table->titles[c], TABLE_STRONG, terminal_width_of(table->titles[c])};

		if (!table->left_out[c])
			print_cell(table, &cell, c, widths[c]);
	}
	for (unsigned c = 0; c < table->columns; c++) {
		for (unsigned i = 0; i < widths[c] && !table->left_out[c]; i++)
			fputs("─", table->to);
		if (!table->left_out[c])
			fputs(c == last_column(table) ? "\n" : "  ", table->to);
	}
}

static bool fits(const struct table *table, const unsigned widths[TABLE_COLUMNS_MAX])
{
	unsigned total = 0;

	for (unsigned c = 0; c < table->columns; c++)
		total += table->left_out[c] ? 0 : widths[c] + 2;
	return total <= table->max_width + 2;
}

/* Cuts the widest texts letter by letter, but none below `least`. */
static void shrink(struct table *table, unsigned widths[TABLE_COLUMNS_MAX], unsigned least)
{
	while (!fits(table, widths)) {
		unsigned widest = table->columns;

		for (unsigned c = 0; c < table->columns; c++)
			if (!table->left_out[c] && table->align[c] == TABLE_LEFT && widths[c] > least &&
				(widest == table->columns || widths[c] > widths[widest]))
				widest = c;
		if (widest == table->columns)
			return;
		widths[widest]--;
	}
}

/* Leaves columns out from the right, but never the first. */
static void leave_out(struct table *table, const unsigned widths[TABLE_COLUMNS_MAX], bool minor_alone)
{
	for (unsigned c = table->columns; c-- > 1 && !fits(table, widths);)
		table->left_out[c] |= table->minor[c] || !minor_alone;
}

static void fit(struct table *table, unsigned widths[TABLE_COLUMNS_MAX])
{
	unsigned full[TABLE_COLUMNS_MAX];

	if (!table->max_width)
		return;
	memcpy(full, widths, sizeof full);
	shrink(table, widths, TEXT_GOOD);
	leave_out(table, widths, true);
	memcpy(widths, full, sizeof full); /* what left makes room for the others */
	shrink(table, widths, TEXT_MIN);
	leave_out(table, widths, false);
	memcpy(widths, full, sizeof full);
	shrink(table, widths, TEXT_MIN);
}

int table_print(struct table *table, struct error *err)
{
	unsigned widths[TABLE_COLUMNS_MAX] = {0};

	while (table->columns && table->cell_count % table->columns && !table->failed)
		table_cell(table, "", TABLE_PLAIN);
	if (table->failed)
		return error_memory(err);
	if (table->columns == 0)
		return 0;
	for (unsigned c = 0; c < table->columns; c++)
		widths[c] = terminal_width_of(table->titles[c]);
	for (size_t i = 0; i < table->cell_count; i++)
		if (widths[i % table->columns] < table->cells[i].width)
			widths[i % table->columns] = table->cells[i].width;
	fit(table, widths);
	print_titles(table, widths);
	for (size_t i = 0; i < table->cell_count; i++)
		if (!table->left_out[i % table->columns])
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
