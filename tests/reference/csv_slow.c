/*
 * The slow twin of the CSV scanner. See csv_slow.h.
 */
#include "tests/reference/csv_slow.h"

#include <stdlib.h>

struct slow {
	struct str text;
	struct csv_dialect dialect;
	const struct csv_limits *limits;
	struct arena *arena;
};

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* Behind the line end at `at`. */
static size_t past_break(const struct slow *s, size_t at)
{
	if (s->text.p[at] == '\r' && at + 1 < s->text.n && s->text.p[at + 1] == '\n')
		return at + 2;
	return at + 1;
}

static size_t end_of_line(const struct slow *s, size_t at)
{
	while (at < s->text.n && !is_break(s->text.p[at]))
		at++;
	return at;
}

static size_t end_of_plain(const struct slow *s, size_t at, size_t end)
{
	while (at < end && s->text.p[at] != s->dialect.delimiter && !is_break(s->text.p[at]))
		at++;
	return at;
}

/* n bytes behind an opening quote: doubled quotes halved, the closing one dropped, what follows it as it is. */
static struct str unquoted(const struct slow *s, size_t from, size_t n)
{
	char *out = arena_alloc(s->arena, n + 1);
	size_t out_n = 0, i = 0;

	for (; i < n; i++) {
		if (s->text.p[from + i] == s->dialect.quote) {
			if (i + 1 == n || s->text.p[from + i + 1] != s->dialect.quote) {
				i++;
				break;
			}
			i++;
		}
		out[out_n++] = s->text.p[from + i];
	}
	memcpy(out + out_n, s->text.p + from + i, n - i);
	return (struct str){out, out_n + n - i};
}

enum verdict { FINE, RUNAWAY, LIMIT };

/* One cell from *at within [.., end); *lines counts the line ends inside quotes. */
static enum verdict slow_cell(const struct slow *s, size_t *at, size_t end, bool one_line, uint32_t *lines,
	struct str *cell, unsigned *faults)
{
	const char *p = s->text.p;
	const char quote = s->dialect.quote;
	uint32_t lines_before = *lines;
	size_t from = *at, q = from + 1, close, stop, raw;

	if (from == end || !quote || p[from] != quote)
		goto plain;
	for (;; q++) {
		bool structural = q >= end || p[q] == quote || p[q] == s->dialect.delimiter || is_break(p[q]);

		if (structural && q - from > (size_t)s->limits->cell_bytes * 2 + 2) {
			if (*lines > 0 && !one_line)
				return RUNAWAY;
			goto quote_is_text;
		}
		if (q >= end) {
			if (!one_line)
				return RUNAWAY;
			goto quote_is_text;
		}
		if (p[q] == quote && q + 1 < end && p[q + 1] == quote) {
			q++;
		} else if (p[q] == quote) {
			break;
		} else {
			if (p[q] == '\r' && q + 1 < end && p[q + 1] == '\n')
				q++;
			if (is_break(p[q]) && ++*lines >= s->limits->record_lines)
				return RUNAWAY;
		}
	}
	close = q;
	stop = end_of_plain(s, close + 1, end);
	if (stop > close + 1) {
		if (*lines > lines_before)
			return RUNAWAY;
		*faults |= CSV_STRAY_QUOTE;
	}
	*at = stop;
	/* The limit is on the bytes behind the opening quote as they stand. */
	raw = (stop > close + 1 ? stop : close) - from - 1;
	*cell = unquoted(s, from + 1, raw > s->limits->cell_bytes ? s->limits->cell_bytes : raw);
	return raw > s->limits->cell_bytes ? LIMIT : FINE;
quote_is_text:
	*faults |= CSV_UNCLOSED_QUOTE;
plain:
	stop = end_of_plain(s, from, end);
	*at = stop;
	*cell = (struct str){p + from, stop - from};
	if (cell->n > s->limits->cell_bytes) {
		cell->n = s->limits->cell_bytes;
		return LIMIT;
	}
	return FINE;
}

/* One record from *at; false: its first line alone has to be believed. */
static bool slow_record(const struct slow *s, size_t *at, size_t end, bool one_line, struct csv_slow_record *record,
	uint32_t *lines, bool *limited)
{
	size_t begin = *at;

	record->n = 0;
	*lines = 0;
	*limited = false;
	for (;;) {
		enum verdict verdict;

		if (record->n == s->limits->columns) {
			record->faults |= CSV_TOO_MANY_COLUMNS;
			*limited = true;
			return *lines == 0 || one_line;
		}
		verdict = slow_cell(s, at, end, one_line, lines, &record->cells[record->n++], &record->faults);
		if (verdict == RUNAWAY)
			return false;
		if (verdict == LIMIT || *at - begin > s->limits->record_bytes) {
			record->faults |= verdict == LIMIT ? CSV_CELL_TOO_LONG : CSV_RECORD_TOO_LONG;
			*limited = true;
			return *lines == 0 || one_line;
		}
		if (*at == end || is_break(s->text.p[*at]))
			return true;
		++*at;
	}
}

size_t csv_slow_parse(struct str text, struct csv_dialect dialect, const struct csv_limits *limits, struct arena *arena,
	struct csv_slow_record **ret)
{
	struct slow s = {text, dialect, limits, arena};
	size_t at = 0, n = 0;
	uint64_t line = 1;

	*ret = arena_array(arena, text.n + 1, sizeof **ret);
	while (at < text.n) {
		struct csv_slow_record *record = &(*ret)[n++];
		size_t begin = at, line_end = end_of_line(&s, at);
		uint32_t lines, most = (uint32_t)(text.n - at) + 1;
		bool limited;

		record->cells = arena_array(arena, most < limits->columns ? most : limits->columns, sizeof(struct str));
		record->line = line;
		record->begin = begin;
		if (!slow_record(&s, &at, text.n, false, record, &lines, &limited)) {
			at = begin;
			record->faults = CSV_UNCLOSED_QUOTE;
			(void)slow_record(&s, &at, line_end, true, record, &lines, &limited);
		}
		line += lines;
		if (limited)
			at = end_of_line(&s, at);
		if (at < text.n) {
			at = past_break(&s, at);
			line++;
		}
	}
	return n;
}
