/*
 * Rows that were set aside, as a file to mend. See rejects.h.
 */
#include "daemon/ingest/rejects.h"

#include "daemon/ingest/column_map.h"
#include "daemon/ingest/file_writer.h"
#include "matcher/base/arena.h"

#include <stdlib.h>

struct rejects {
	char *path;
	struct str *header;
	bool *own;  /* per column: a reason or line of an earlier time, not written again */
	uint32_t n;
	uint32_t last; /* the last column that is the office's */
	char delimiter;
	uint64_t count;
	struct file_writer *writer; /* NULL until the first row */
	struct arena arena;
};

struct rejects *rejects_new(const char *path, const struct str *header, uint32_t n, char delimiter, struct error *err)
{
	static const struct str OWN[] = {STR_LITERAL(REJECTS_REASON_HEADER), STR_LITERAL(REJECTS_LINE_HEADER)};
	struct rejects *rejects = calloc(1, sizeof *rejects);

	if (!rejects) {
		error_memory(err);
		return NULL;
	}
	arena_init(&rejects->arena, 0);
	rejects->path = strdup(path);
	rejects->header = arena_array(&rejects->arena, n, sizeof *rejects->header);
	rejects->own = arena_array(&rejects->arena, n, sizeof *rejects->own);
	rejects->n = n;
	rejects->delimiter = delimiter ? delimiter : ';';
	if (!rejects->path || !rejects->header || !rejects->own)
		goto no_memory;
	for (uint32_t i = 0; i < n; i++) {
		rejects->header[i] = arena_str(&rejects->arena, header[i]);
		if (!rejects->header[i].p)
			goto no_memory;
		for (size_t k = 0; k < sizeof OWN / sizeof *OWN; k++)
			rejects->own[i] |= column_map_same_header(&header[i], 1, &OWN[k], 1);
		if (!rejects->own[i])
			rejects->last = i;
	}
	return rejects;
no_memory:
	error_memory(err);
	rejects_free(rejects);
	return NULL;
}

static int start(struct rejects *rejects, struct error *err)
{
	rejects->writer = file_writer_open(rejects->path, err);
	if (!rejects->writer)
		return -1;
	file_writer_delimiter(rejects->writer, rejects->delimiter);
	file_writer_text(rejects->writer, "\xEF\xBB\xBF");
	for (uint32_t i = 0; i < rejects->n; i++)
		if (!rejects->own[i])
			file_writer_cell_safe(rejects->writer, rejects->header[i]);
	file_writer_cell_text(rejects->writer, REJECTS_REASON_HEADER);
	file_writer_cell_text(rejects->writer, REJECTS_LINE_HEADER);
	file_writer_row_end(rejects->writer);
	return 0;
}

/* A cell together with what stood beyond the header's last column, so that nothing an office wrote is lost. */
static int add_joined(struct rejects *rejects, struct str cell, const struct str *beyond, uint32_t n, struct error *err)
{
	size_t size = cell.n + 1;
	char *text, *p;

	for (uint32_t i = 0; i < n; i++)
		size += beyond[i].n + 1;
	text = malloc(size);
	if (!text)
		return error_memory(err);
	p = cell.n ? mempcpy(text, cell.p, cell.n) : text;
	for (uint32_t i = 0; i < n; i++) {
		if (beyond[i].n == 0)
			continue;
		if (p > text)
			*p++ = ' ';
		p = mempcpy(p, beyond[i].p, beyond[i].n);
	}
	file_writer_cell_safe(rejects->writer, (struct str){text, (size_t)(p - text)});
	free(text);
	return 0;
}

int rejects_add(struct rejects *rejects, const struct str *cells, uint32_t n, const char *reason, uint64_t line,
	struct error *err)
{
	if (!rejects->writer && start(rejects, err) != 0)
		return -1;
	for (uint32_t i = 0; i < rejects->n; i++) {
		if (rejects->own[i])
			continue;
		if (i == rejects->last && n > rejects->n) {
			if (add_joined(rejects, cells[i], cells + rejects->n, n - rejects->n, err) != 0)
				return -1;
		} else {
			file_writer_cell_safe(rejects->writer, i < n ? cells[i] : (struct str){"", 0});
		}
	}
	file_writer_cell_text(rejects->writer, reason);
	file_writer_cell_uint(rejects->writer, line);
	file_writer_row_end(rejects->writer);
	rejects->count++;
	return 0;
}

uint64_t rejects_count(const struct rejects *rejects)
{
	return rejects->count;
}

int rejects_finish(struct rejects *rejects, struct error *err)
{
	return rejects->writer ? file_writer_finish(rejects->writer, err) : 0;
}

void rejects_free(struct rejects *rejects)
{
	if (!rejects)
		return;
	file_writer_free(rejects->writer);
	arena_release(&rejects->arena);
	free(rejects->path);
	free(rejects);
}
