/*
 * Text that grows. See sim_text.h.
 */
#include "daemon/simulate/sim_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sim_text_release(struct sim_text *text)
{
	free(text->p);
	memset(text, 0, sizeof *text);
}

void sim_text_clear(struct sim_text *text)
{
	text->n = 0;
	if (text->p)
		text->p[0] = '\0';
}

static bool reserve(struct sim_text *text, size_t more)
{
	size_t room = text->room ? text->room : 256;
	char *p;

	if (text->failed)
		return false;
	if (text->n + more + 1 <= text->room)
		return true;
	while (room < text->n + more + 1)
		room *= 2;
	p = realloc(text->p, room);
	if (!p) {
		text->failed = true;
		return false;
	}
	text->p = p;
	text->room = room;
	return true;
}

void sim_text_add_bytes(struct sim_text *text, const char *bytes, size_t n)
{
	if (!reserve(text, n))
		return;
	memcpy(text->p + text->n, bytes, n);
	text->n += n;
	text->p[text->n] = '\0';
}

void sim_text_add(struct sim_text *text, const char *piece)
{
	sim_text_add_bytes(text, piece, strlen(piece));
}

void sim_text_printf(struct sim_text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !reserve(text, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(text->p + text->n, (size_t)n + 1, format, args);
	va_end(args);
	text->n += (size_t)n;
}

void sim_text_add_cell(struct sim_text *text, const char *cell, char separator, bool always_quoted)
{
	const char special[] = {separator, '"', '\r', '\n', '\0'};

	if (!always_quoted && !cell[strcspn(cell, special)]) {
		sim_text_add(text, cell);
		return;
	}
	sim_text_add(text, "\"");
	for (; *cell; cell++) {
		if (*cell == '"')
			sim_text_add(text, "\"");
		sim_text_add_bytes(text, cell, 1);
	}
	sim_text_add(text, "\"");
}
