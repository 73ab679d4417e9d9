/*
 * Growing texts with a maximum. See strbuf.h.
 */
#include "matcher/base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void strbuf_init(struct strbuf *buffer, size_t max)
{
	*buffer = (struct strbuf){.p = "", .max = max}; /* never written to while room is 0 */
}

/* Room for n more bytes and a NUL; false when there is none. */
static bool make_room(struct strbuf *buffer, size_t n)
{
	size_t room = buffer->room ? buffer->room : 128;
	char *moved;

	if (buffer->full || buffer->no_memory)
		return false;
	if (n > buffer->max - buffer->n) {
		buffer->full = true;
		return false;
	}
	if (buffer->n + n < buffer->room)
		return true;
	while (room <= buffer->n + n)
		room *= 2;
	moved = realloc(buffer->room ? buffer->p : NULL, room);
	if (!moved) {
		buffer->no_memory = true;
		return false;
	}
	if (!buffer->room)
		moved[0] = '\0';
	buffer->p = moved;
	buffer->room = room;
	return true;
}

void strbuf_add(struct strbuf *buffer, struct str text)
{
	if (!make_room(buffer, text.n))
		return;
	if (text.n)
		memcpy(buffer->p + buffer->n, text.p, text.n);
	buffer->n += text.n;
	buffer->p[buffer->n] = '\0';
}

void strbuf_addf(struct strbuf *buffer, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !make_room(buffer, (size_t)n)) {
		buffer->no_memory |= n < 0;
		return;
	}
	va_start(args, format);
	vsnprintf(buffer->p + buffer->n, (size_t)n + 1, format, args);
	va_end(args);
	buffer->n += (size_t)n;
}

void strbuf_add_foreign(struct strbuf *buffer, struct str text, size_t max)
{
	size_t n = text.n, from = buffer->n;

	if (n > max)
		for (n = max; n && ((unsigned char)text.p[n] & 0xC0) == 0x80;)
			n--;
	strbuf_add(buffer, (struct str){text.p, n});
	for (size_t i = from; i < buffer->n; i++)
		if ((unsigned char)buffer->p[i] < ' ' || buffer->p[i] == 0x7F)
			buffer->p[i] = ' ';
	if (n < text.n)
		strbuf_add(buffer, STR_LITERAL("…"));
}

int strbuf_failed(const struct strbuf *buffer, struct error *err)
{
	if (buffer->no_memory)
		return error_memory(err);
	if (buffer->full)
		return error_set(err, ERROR_SYSTEM, "Teks lebih panjang dari %zu byte.", "A text is longer than %zu bytes.",
			buffer->max);
	return 0;
}

void strbuf_clear(struct strbuf *buffer)
{
	buffer->n = 0;
	buffer->full = buffer->no_memory = false;
	if (buffer->room)
		buffer->p[0] = '\0';
}

void strbuf_release(struct strbuf *buffer)
{
	if (buffer->room)
		free(buffer->p);
	strbuf_init(buffer, buffer->max);
}
