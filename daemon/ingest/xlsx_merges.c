/*
 * Merged cells over rows. See xlsx_merges.h.
 */
#include "daemon/ingest/xlsx_merges.h"

#include "daemon/ingest/xlsx_cell.h"

#include <stdlib.h>

enum { MERGES_MAX = 100000, PIECE_BYTES = 64 * 1024, ELEMENT_MAX = 128 };

static int add_range(struct xlsx_merges *merges, const char *reference, uint32_t *room, struct error *err)
{
	uint32_t first_column, last_column;
	uint64_t first_row, last_row;
	const char *colon = strchr(reference, ':');

	if (!colon || merges->n == MERGES_MAX)
		return 0;
	xlsx_reference(reference, &first_column, &first_row);
	xlsx_reference(colon + 1, &last_column, &last_row);
	if (first_column == 0 || first_row == 0 || last_row <= first_row)
		return 0;
	if (merges->n == *room) {
		uint32_t grown_room = *room ? *room * 2 : 256;
		struct xlsx_merge *grown = realloc(merges->merges, grown_room * sizeof *grown);

		if (!grown)
			return error_memory(err);
		merges->merges = grown;
		*room = grown_room;
	}
	merges->merges[merges->n++] = (struct xlsx_merge){first_column - 1, (uint32_t)first_row, (uint32_t)last_row};
	return 0;
}

static int by_first_row(const void *a, const void *b)
{
	const struct xlsx_merge *x = a, *y = b;

	if (x->first_row != y->first_row)
		return x->first_row < y->first_row ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

/* One piece of the sheet: takes the ranges of whole <mergeCell …> elements, gives where the unfinished rest begins. */
static int scan_piece(struct xlsx_merges *merges, char *bytes, size_t n, bool last, size_t *rest, uint32_t *room,
	struct error *err)
{
	size_t at = 0;

	for (;;) {
		char *element = memmem(bytes + at, n - at, "mergeCell ", 10), *end, *reference, *quote;

		if (!element) {
			*rest = n < 10 ? 0 : n - 9 > at ? n - 9 : at;
			return 0;
		}
		end = memchr(element, '>', n - (size_t)(element - bytes));
		if (!end) {
			*rest = (size_t)(element - bytes);
			/* An element longer than any real one is passed over, so that the rest stays small. */
			if (n - *rest > ELEMENT_MAX || last)
				*rest = n;
			return 0;
		}
		*end = '\0';
		reference = strstr(element, "ref=\"");
		quote = reference ? strchr(reference + 5, '"') : NULL;
		if (quote) {
			*quote = '\0';
			if (add_range(merges, reference + 5, room, err) != 0)
				return -1;
		}
		at = (size_t)(end - bytes) + 1;
	}
}

int xlsx_merges_find(struct xlsx_merges *merges, struct xlsx_zip *zip, const char *part, struct error *err)
{
	struct xlsx_entry *entry = xlsx_entry_open(zip, part, err);
	char *bytes = malloc(PIECE_BYTES + ELEMENT_MAX + 1);
	uint32_t room = 0;
	size_t have = 0;
	int64_t got = 1;
	int result = -1;

	memset(merges, 0, sizeof *merges);
	if (entry && !bytes)
		error_memory(err);
	while (entry && bytes && got > 0) {
		size_t rest;

		got = xlsx_entry_read(entry, bytes + have, PIECE_BYTES - have, err);
		if (got < 0)
			break;
		have += (size_t)got;
		bytes[have] = '\0';
		if (scan_piece(merges, bytes, have, got == 0, &rest, &room, err) != 0)
			break;
		have -= rest;
		memmove(bytes, bytes + rest, have);
		result = got == 0 ? 0 : -1;
	}
	xlsx_entry_close(entry);
	free(bytes);
	if (result == 0 && merges->n)
		qsort(merges->merges, merges->n, sizeof *merges->merges, by_first_row);
	if (result != 0)
		xlsx_merges_release(merges);
	return result;
}

static void drop_ended(struct xlsx_merges *merges, uint64_t row)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < merges->active_n; i++) {
		if (merges->active[i].merge.last_row < row)
			free(merges->active[i].text);
		else
			merges->active[kept++] = merges->active[i];
	}
	merges->active_n = kept;
}

static int activate(struct xlsx_merges *merges, const struct xlsx_merge *merge, struct str cell, bool numeric, struct error *err)
{
	struct xlsx_active *active;
	char *text;

	if (merges->active_n == merges->active_room) {
		uint32_t room = merges->active_room ? merges->active_room * 2 : 16;
		struct xlsx_active *grown = realloc(merges->active, room * sizeof *grown);

		if (!grown)
			return error_memory(err);
		merges->active = grown;
		merges->active_room = room;
	}
	text = malloc(cell.n + 1);
	if (!text)
		return error_memory(err);
	if (cell.n)
		memcpy(text, cell.p, cell.n);
	active = &merges->active[merges->active_n++];
	*active = (struct xlsx_active){*merge, text, cell.n, numeric};
	return 0;
}

static void fill(const struct xlsx_active *active, struct str *cells, bool *numeric, uint32_t *n, uint32_t room)
{
	uint32_t column = active->merge.column;

	if (column >= room)
		return;
	for (; *n <= column; ++*n) {
		cells[*n] = (struct str){"", 0};
		numeric[*n] = false;
	}
	if (cells[column].n == 0) {
		cells[column] = (struct str){active->text, active->text_n};
		numeric[column] = active->numeric;
	}
}

int xlsx_merges_apply(struct xlsx_merges *merges, uint64_t row, struct str *cells, bool *numeric, uint32_t *n,
	uint32_t room, struct error *err)
{
	bool own = false;

	drop_ended(merges, row);
	for (uint32_t i = 0; i < *n && !own; i++)
		own = cells[i].n > 0;
	for (uint32_t i = 0; own && i < merges->active_n; i++)
		fill(&merges->active[i], cells, numeric, n, room);
	for (; merges->next < merges->n && merges->merges[merges->next].first_row <= row; merges->next++) {
		const struct xlsx_merge *merge = &merges->merges[merges->next];

		if (merge->first_row == row && merge->column < *n && cells[merge->column].n &&
			activate(merges, merge, cells[merge->column], numeric[merge->column], err) != 0)
			return -1;
	}
	return 0;
}

void xlsx_merges_release(struct xlsx_merges *merges)
{
	for (uint32_t i = 0; i < merges->active_n; i++)
		free(merges->active[i].text);
	free(merges->active);
	free(merges->merges);
	memset(merges, 0, sizeof *merges);
}
