/*
 * What a failure says, in two languages. See error.h. No logging here: whoever handles the error prints it.
 */
#define PADAN_ERROR_C
#include "matcher/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text cut by its buffer must not end in half a UTF-8 character. */
static void cut_at_character(char *text, size_t size)
{
	size_t n = strlen(text);

	if (n + 1 < size)
		return;
	while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
		n--;
	if (n > 0 && ((unsigned char)text[n - 1] & 0x80))
		n--;
	text[n] = '\0';
}

int error_set(struct error *err, enum error_kind kind, const char *id_format, const char *en_format, ...)
{
	va_list args;

	if (!err || err->kind != ERROR_NONE)
		return -1;
	err->kind = kind;
	va_start(args, en_format);
	vsnprintf(err->id, sizeof err->id, id_format, args);
	va_end(args);
	va_start(args, en_format);
	vsnprintf(err->en, sizeof err->en, en_format, args);
	va_end(args);
	cut_at_character(err->id, sizeof err->id);
	cut_at_character(err->en, sizeof err->en);
	return -1;
}

int error_memory(struct error *err)
{
	return error_set(err, ERROR_MEMORY, "Memori tidak cukup; tutup program lain atau tambah memori server.",
		"Out of memory; close other programs or give the server more memory.");
}

static void put_in_front(char *text, size_t size, const char *front)
{
	char whole[2 * ERROR_TEXT_MAX];
	size_t n;

	snprintf(whole, sizeof whole, "%s: %s", front, text);
	n = strlen(whole) < size ? strlen(whole) : size - 1;
	memcpy(text, whole, n);
	text[n] = '\0';
	cut_at_character(text, size);
}

int error_context(struct error *err, const char *id, const char *en)
{
	if (err && err->kind != ERROR_NONE) {
		put_in_front(err->id, sizeof err->id, id);
		put_in_front(err->en, sizeof err->en, en);
	}
	return -1;
}

void error_clear(struct error *err)
{
	memset(err, 0, sizeof *err);
}

int error_exit_status(const struct error *err)
{
	switch (err->kind) {
	case ERROR_NONE:
		return 0;
	case ERROR_USAGE:
		return 2;
	case ERROR_INPUT:
		return 3;
	case ERROR_DATABASE:
	case ERROR_SYSTEM:
	case ERROR_MEMORY:
	case ERROR_CANCELLED:
		break;
	}
	return 4;
}
