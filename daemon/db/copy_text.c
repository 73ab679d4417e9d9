/*
 * Writing and reading COPY's text format; see copy_text.h.
 */
#include "daemon/db/copy_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

void copy_buffer_init(struct copy_buffer *buffer, size_t limit)
{
	*buffer = (struct copy_buffer){.limit = limit};
}

void copy_buffer_clear(struct copy_buffer *buffer)
{
	buffer->n = 0;
	buffer->failed = buffer->row_begun = false;
}

void copy_buffer_release(struct copy_buffer *buffer)
{
	free(buffer->p);
	*buffer = (struct copy_buffer){.limit = buffer->limit};
}

/* Room for n more bytes. */
static bool reserve(struct copy_buffer *buffer, size_t n)
{
	size_t room = buffer->room ? buffer->room : 4096;
	char *p;

	if (buffer->failed || n > buffer->limit || buffer->n > buffer->limit - n) {
		buffer->failed = true;
		return false;
	}
	if (buffer->n + n <= buffer->room)
		return true;
	while (room < buffer->n + n)
		room *= 2;
	p = realloc(buffer->p, room);
	if (!p) {
		buffer->failed = true;
		return false;
	}
	buffer->p = p;
	buffer->room = room;
	return true;
}

static void append(struct copy_buffer *buffer, const char *bytes, size_t n)
{
	if (reserve(buffer, n)) {
		memcpy(buffer->p + buffer->n, bytes, n);
		buffer->n += n;
	}
}

static void begin_value(struct copy_buffer *buffer)
{
	if (buffer->row_begun)
		append(buffer, "\t", 1);
	buffer->row_begun = true;
}

/* The length of the UTF-8 character at p, 0 if it is none that PostgreSQL takes. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

	if (length == 0 || length > n)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) ||
		(p[0] == 0xf4 && p[1] >= 0x90))
		return 0;
	return length;
}

enum { ESCAPE_COPY = 1, ESCAPE_ARRAY = 2, DROP_SEPARATOR = 4 };

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of some byte is set if one of the eight, all below 0x80, is that character. */
static uint64_t without(uint64_t eight, unsigned char character)
{
	return (eight ^ EACH_BYTE(character)) - EACH_BYTE(1);
}

/* How many bytes from p on mean only themselves, to every reader: most texts are nothing else. */
static size_t plain_length(const unsigned char *p, size_t n)
{
	size_t i = 0;

	/* Eight at a time, as long as none of them is below ' ', above 0x7f, '"' or '\\'. */
	for (uint64_t eight; i + 8 <= n; i += 8) {
		memcpy(&eight, p + i, 8);
		if ((eight | (eight - EACH_BYTE(' ')) | without(eight, '"') | without(eight, '\\')) & EACH_BYTE(0x80))
			break;
	}
	while (i < n && p[i] >= ' ' && p[i] < 0x80 && p[i] != '\\' && p[i] != '"')
		i++;
	return i;
}

/* escape: for which readers the text must be escaped; an array in COPY's text is escaped twice. */
static void append_escaped(struct copy_buffer *buffer, struct str text, int escape)
{
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n;
	char *to;

	if (text.n > buffer->limit / 4 || !reserve(buffer, 4 * text.n)) {
		buffer->failed = true;
		return;
	}
	to = buffer->p + buffer->n;
	while (p < end) {
		size_t length = plain_length(p, end - p);

		if (length == 0) {
			length = utf8_length(p, end - p);
			/* Dropped: the readers have told about it. */
			if (length == 0 || *p == '\0' || ((escape & DROP_SEPARATOR) && *p == COPY_CELL_END)) {
				p++;
				continue;
			}
			if (length == 1) {
				if ((escape & ESCAPE_ARRAY) && (*p == '\\' || *p == '"')) {
					if (escape & ESCAPE_COPY)
						*to++ = '\\';
					*to++ = '\\';
				}
				if ((escape & ESCAPE_COPY) && (*p == '\\' || *p == '\n' || *p == '\r' || *p == '\t'))
					*to++ = '\\';
				*to++ = !(escape & ESCAPE_COPY) ? *p : *p == '\n' ? 'n' : *p == '\r' ? 'r' : *p == '\t' ? 't' : *p;
				p++;
				continue;
			}
		}
		memcpy(to, p, length);
		to += length;
		p += length;
	}
	buffer->n = to - buffer->p;
}

void copy_append_clean(struct copy_buffer *buffer, struct str text)
{
	append_escaped(buffer, text, 0);
}

void copy_append_cells(struct copy_buffer *buffer, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		append_escaped(buffer, cells[i], DROP_SEPARATOR);
		append(buffer, &(char){COPY_CELL_END}, 1);
	}
}

void copy_write_null(struct copy_buffer *buffer)
{
	begin_value(buffer);
	append(buffer, "\\N", 2);
}

enum { NUMBER_BYTES = 24 };

/* Millions of numbers are written: this is many times faster than printf. Returns where in text the digits begin. */
static char *number_text(int64_t value, char text[NUMBER_BYTES])
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char *p = text + NUMBER_BYTES;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--p = '-';
	return p;
}

static void append_number(struct copy_buffer *buffer, int64_t value)
{
	char text[NUMBER_BYTES], *p = number_text(value, text);

	append(buffer, p, (size_t)(text + NUMBER_BYTES - p));
}

void copy_write_int(struct copy_buffer *buffer, int64_t value)
{
	begin_value(buffer);
	append_number(buffer, value);
}

void copy_write_float(struct copy_buffer *buffer, double value)
{
	char text[32];

	begin_value(buffer);
	append(buffer, text, snprintf(text, sizeof(text), "%.6g", value));
}

void copy_write_str(struct copy_buffer *buffer, struct str text)
{
	begin_value(buffer);
	append_escaped(buffer, text, ESCAPE_COPY);
}

void copy_write_str_or_null(struct copy_buffer *buffer, struct str text)
{
	if (text.n)
		copy_write_str(buffer, text);
	else
		copy_write_null(buffer);
}

void copy_write_int_or_null(struct copy_buffer *buffer, int64_t value)
{
	if (value)
		copy_write_int(buffer, value);
	else
		copy_write_null(buffer);
}

static void append_array(struct copy_buffer *buffer, const struct str *texts, size_t n, int escape)
{
	append(buffer, "{", 1);
	for (size_t i = 0; i < n; i++) {
		append(buffer, &",\""[i == 0], 2 - (i == 0));
		append_escaped(buffer, texts[i], escape);
		append(buffer, "\"", 1);
	}
	append(buffer, "}", 1);
}

void copy_row_end(struct copy_buffer *buffer)
{
	append(buffer, "\n", 1);
	buffer->row_begun = false;
}

void copy_append_raw(struct copy_buffer *buffer, const char *bytes, size_t n)
{
	append(buffer, bytes, n);
}

const char *copy_array_literal(const struct str *texts, size_t n, struct arena *arena)
{
	struct copy_buffer buffer;
	struct str copy = {0};

	copy_buffer_init(&buffer, SIZE_MAX / 8);
	append_array(&buffer, texts, n, ESCAPE_ARRAY);
	if (!buffer.failed)
		copy = arena_str(arena, (struct str){buffer.p, buffer.n});
	copy_buffer_release(&buffer);
	return copy.p;
}

/* COPY's escapes that the server writes: \b \f \n \r \t \v \\ and, for other bytes, octal or \x; anything else is itself. */
static char unescape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'v':
		return '\v';
	default:
		return c;
	}
}

int copy_read_row(struct str row, struct arena *arena, struct copy_field *fields, int max)
{
	const char *p = row.p, *end = row.p + row.n;
	int n = 0;

	if (p < end && end[-1] == '\n')
		end--;
	for (;;) {
		const char *start = p;
		size_t escapes = 0;
		char *to;

		if (n == max)
			return -1;
		while (p < end && *p != '\t') {
			if (*p == '\\') {
				if (++p == end)
					return -1;
				escapes++;
			}
			p++;
		}
		fields[n] = (struct copy_field){.text = {start, p - start}};
		if (p - start == 2 && start[0] == '\\' && start[1] == 'N') {
			fields[n] = (struct copy_field){.text = {"", 0}, .null = true};
		} else if (escapes) {
			to = arena_alloc(arena, p - start - escapes + 1);
			if (!to)
				return -1;
			fields[n].text = (struct str){to, p - start - escapes};
			for (const char *from = start; from < p; from++)
				*to++ = *from == '\\' ? unescape(*++from) : *from;
		}
		n++;
		if (p == end)
			return n;
		p++; /* the tabulator */
	}
}

/* One element from p on; returns where it ended (at ',' or '}'), or NULL if it is damaged. */
static const char *read_element(const char *p, const char *end, char *to, size_t *ret_n)
{
	char *begin = to;

	if (p < end && *p == '"') {
		for (p++; p < end && *p != '"'; p++) {
			if (*p == '\\' && ++p == end)
				return NULL;
			*to++ = *p;
		}
		if (p == end)
			return NULL;
		p++;
	} else {
		const char *start = p;

		for (; p < end && *p != ',' && *p != '}'; p++) {
			if (*p == '"' || *p == '{' || (*p == '\\' && ++p == end))
				return NULL;
			*to++ = *p;
		}
		if (p == start)
			return NULL;
		if (p - start == 4 && memcmp(start, "NULL", 4) == 0)
			to = begin;
	}
	*ret_n = to - begin;
	return p;
}

int copy_read_array(struct str value, struct arena *arena, struct str **ret, size_t *ret_n)
{
	const char *p = value.p, *end = value.p + value.n;
	size_t most = 1, n = 0;
	struct str *texts;
	char *to;

	if (value.n < 2 || *p++ != '{' || end[-1] != '}')
		return -1;
	for (const char *q = p; q < end; q++)
		most += *q == ',';
	texts = arena_array(arena, most, sizeof(*texts));
	to = arena_alloc(arena, value.n);
	if (!texts || !to)
		return -1;
	if (p == end - 1) {
		*ret = texts;
		*ret_n = 0;
		return 0;
	}
	for (;;) {
		texts[n].p = to;
		p = read_element(p, end, to, &texts[n].n);
		if (!p || p == end)
			return -1;
		to += texts[n++].n;
		if (*p == '}')
			break;
		if (*p++ != ',' || n == most)
			return -1;
	}
	if (p != end - 1)
		return -1;
	*ret = texts;
	*ret_n = n;
	return 0;
}

int copy_read_cells(struct str value, struct arena *arena, struct str **ret, size_t *ret_n)
{
	const char *p = value.p, *end = value.p + value.n;
	size_t most = 0, n = 0;
	struct str *cells;

	if (value.n && end[-1] != COPY_CELL_END)
		return -1;
	for (const char *q = p; q < end; q++)
		most += *q == COPY_CELL_END;
	cells = arena_array(arena, most + 1, sizeof(*cells));
	if (!cells)
		return -1;
	while (p < end) {
		const char *cell_end = memchr(p, COPY_CELL_END, (size_t)(end - p));

		cells[n++] = (struct str){p, (size_t)(cell_end - p)};
		p = cell_end + 1;
	}
	*ret = cells;
	*ret_n = n;
	return 0;
}

int64_t copy_read_int(struct copy_field field)
{
	bool minus = field.text.n && field.text.p[0] == '-';
	uint64_t value = 0;

	for (size_t i = minus; i < field.text.n; i++) {
		if (field.text.p[i] < '0' || field.text.p[i] > '9')
			return 0;
		value = value * 10 + (field.text.p[i] - '0');
	}
	return (int64_t)(minus ? -value : value);
}
