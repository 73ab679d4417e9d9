/*
 * Writing COPY's binary format; see copy_binary.h. Numbers are big-endian; each value has its length in front, -1 for NULL.
 */
#include "daemon/db/copy_binary.h"

#include <endian.h>
#include <string.h>

#include "daemon/base/banned.h"

enum { INT4_OID = 23, TEXT_OID = 25 }; /* of pg_type, the same in every database */

static void put(struct copy_buffer *buffer, uint64_t value, unsigned bytes)
{
	uint64_t big = htobe64(value);

	copy_append_raw(buffer, (const char *)&big + 8 - bytes, bytes);
}

/* A number behind its length: most of what is written. */
static void put_number(struct copy_buffer *buffer, uint64_t value, unsigned bytes)
{
	uint32_t length = htobe32(bytes);
	uint64_t big = htobe64(value);
	char raw[4 + 8];

	memcpy(raw, &length, 4);
	memcpy(raw + 4, (const char *)&big + 8 - bytes, bytes);
	copy_append_raw(buffer, raw, 4 + bytes);
}

/* The length of what was appended behind `at`, into the four bytes there. */
static void put_length(struct copy_buffer *buffer, size_t at)
{
	size_t length = buffer->n - at - 4;

	if (buffer->failed)
		return;
	for (unsigned i = 0; i < 4; i++)
		buffer->p[at + i] = (char)(length >> 8 * (3 - i));
}

void copy_binary_begin(struct copy_buffer *buffer)
{
	static const char signature[] = "PGCOPY\n\377\r\n";

	copy_append_raw(buffer, signature, sizeof(signature)); /* its NUL is part of it */
	put(buffer, 0, 4);                                     /* flags */
	put(buffer, 0, 4);                                     /* bytes of header extension */
}

void copy_binary_row(struct copy_buffer *buffer, unsigned n_values)
{
	put(buffer, n_values, 2);
}

void copy_binary_null(struct copy_buffer *buffer)
{
	put(buffer, UINT32_MAX, 4);
}

void copy_binary_int2(struct copy_buffer *buffer, int16_t value)
{
	put_number(buffer, (uint16_t)value, 2);
}

void copy_binary_int4(struct copy_buffer *buffer, int32_t value)
{
	put_number(buffer, (uint32_t)value, 4);
}

void copy_binary_int8(struct copy_buffer *buffer, int64_t value)
{
	put_number(buffer, (uint64_t)value, 8);
}

void copy_binary_str(struct copy_buffer *buffer, struct str text)
{
	size_t at = buffer->n;

	put(buffer, 0, 4);
	copy_append_clean(buffer, text);
	put_length(buffer, at);
}

void copy_binary_cells(struct copy_buffer *buffer, const struct str *cells, size_t n)
{
	size_t at = buffer->n;

	put(buffer, 0, 4);
	copy_append_cells(buffer, cells, n);
	put_length(buffer, at);
}

/* An array's head: dimensions, whether it has NULLs, type, length, first subscript. Without elements it has no dimension. */
static void put_array(struct copy_buffer *buffer, unsigned oid, size_t n)
{
	put(buffer, n > 0, 4);
	put(buffer, 0, 4);
	put(buffer, oid, 4);
	if (n) {
		put(buffer, n, 4);
		put(buffer, 1, 4);
	}
}

void copy_binary_texts(struct copy_buffer *buffer, const struct str *texts, size_t n)
{
	size_t at = buffer->n;

	put(buffer, 0, 4);
	put_array(buffer, TEXT_OID, n);
	for (size_t i = 0; i < n; i++)
		copy_binary_str(buffer, texts[i]);
	put_length(buffer, at);
}

void copy_binary_int4s(struct copy_buffer *buffer, const int32_t *numbers, size_t n)
{
	size_t at = buffer->n;

	put(buffer, 0, 4);
	put_array(buffer, INT4_OID, n);
	for (size_t i = 0; i < n; i++)
		copy_binary_int4(buffer, numbers[i]);
	put_length(buffer, at);
}

void copy_binary_end(struct copy_buffer *buffer)
{
	put(buffer, UINT16_MAX, 2);
}
