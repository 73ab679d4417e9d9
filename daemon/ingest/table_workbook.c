/* Workbooks as CSV text. See table_workbook.h. */
#include "daemon/ingest/table_workbook.h"

#include "daemon/ingest/column_words.h"
#include "daemon/ingest/row_reader.h"
#include "matcher/base/strbuf.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)16 << 30)

struct writing {
	const char *name;
	struct strbuf text;
	struct row_reader *reader;
	uint32_t sheet;   /* whose columns `from` knows */
	uint32_t columns; /* of the first sheet, and so of the table */
	uint32_t *from;   /* by column of the table: the current sheet's column, or UINT32_MAX */
};

static void put_cell(struct strbuf *text, struct str cell, bool numeric, bool last)
{
	static const char mark = TABLE_WORKBOOK_NUMBER;

	strbuf_add(text, STR_LITERAL("\""));
	if (numeric && cell.n)
		strbuf_add(text, (struct str){&mark, 1});
	while (cell.n) {
		const char *quote = memchr(cell.p, '"', cell.n);
		size_t n = quote ? (size_t)(quote - cell.p) + 1 : cell.n;

		strbuf_add(text, (struct str){cell.p, n});
		if (quote)
			strbuf_add(text, STR_LITERAL("\""));
		cell = (struct str){cell.p + n, cell.n - n};
	}
	strbuf_add(text, last ? STR_LITERAL("\"\n") : STR_LITERAL("\","));
}

static bool same_name(struct str a, struct str b)
{
	char x[COLUMN_KEY_MAX], y[COLUMN_KEY_MAX];

	return column_key(a, x) == column_key(b, y) && strcmp(x, y) == 0;
}

/* Where the first sheet's columns stand in this one; each of its columns must be one of them. */
static int match_columns(struct writing *w, const struct row_sheet *sheet, struct error *err)
{
	const struct row_sheet *first = row_reader_sheet(w->reader, 0);
	uint32_t found = 0, named = 0;

	for (uint32_t c = 0; c < w->columns; c++) {
		w->from[c] = c < sheet->n && same_name(sheet->header[c], first->header[c]) ? c : UINT32_MAX;
		for (uint32_t i = 0; i < sheet->n && w->from[c] == UINT32_MAX && first->header[c].n; i++)
			if (same_name(sheet->header[i], first->header[c]))
				w->from[c] = i;
		found += w->from[c] != UINT32_MAX && first->header[c].n > 0;
	}
	for (uint32_t i = 0; i < sheet->n; i++)
		named += sheet->header[i].n > 0;
	if (found >= named)
		return 0;
	return error_set(err, ERROR_INPUT,
		"%s: lembar \"%.*s\" mempunyai kolom lain daripada lembar \"%.*s\". Simpan masing-masing sebagai berkas sendiri.",
		"%s: sheet \"%.*s\" has other columns than sheet \"%.*s\". Save each as a file of its own.", w->name,
		(int)(sheet->name.n < 60 ? sheet->name.n : 60), sheet->name.p, (int)(first->name.n < 60 ? first->name.n : 60), first->name.p);
}

static int put_row(struct writing *w, const struct row *row, struct error *err)
{
	if (row->sheet != w->sheet && match_columns(w, row_reader_sheet(w->reader, row->sheet), err) < 0)
		return -1;
	w->sheet = row->sheet;
	for (uint32_t c = 0; c < w->columns; c++) {
		uint32_t i = w->from[c];
		bool there = i < row->n;

		put_cell(&w->text, there ? row->cells[i] : (struct str){"", 0}, there && row->numeric && row->numeric[i], c + 1 == w->columns);
	}
	return 0;
}

static int write_table(struct writing *w, struct error *err)
{
	const struct row_sheet *first = row_reader_sheet(w->reader, 0);
	struct row row;
	int got;

	w->columns = first->n;
	w->from = calloc(first->n, sizeof *w->from);
	if (!w->from)
		return error_memory(err);
	for (uint32_t c = 0; c < w->columns; c++) {
		w->from[c] = c;
		put_cell(&w->text, first->header[c], false, c + 1 == w->columns);
	}
	while ((got = row_reader_next(w->reader, &row, err)) == 1)
		if (put_row(w, &row, err) < 0)
			return -1;
	return got < 0 ? -1 : strbuf_failed(&w->text, err);
}

int table_workbook_read(int fd, const char *name, struct workbook_text *ret, struct error *err)
{
	const struct row_reader_options options = {.name = name, .header = ROW_HEADER_TABLE};
	struct writing w = {.name = name};
	int result = -1;

	strbuf_init(&w.text, TEXT_MAX);
	w.reader = row_reader_open_fd(fd, &options, err);
	if (w.reader && write_table(&w, err) == 0) {
		/* the buffer's memory changes hands */
		*ret = (struct workbook_text){w.text.p, w.text.n};
		strbuf_init(&w.text, 0);
		result = 0;
	}
	strbuf_release(&w.text);
	row_reader_free(w.reader);
	free(w.from);
	return result;
}
