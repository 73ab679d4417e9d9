/*
 * A text in the making, with a maximum. Appending never fails loudly: when memory or the maximum runs out the buffer
 * remembers it, takes nothing more, and whoever builds the text asks once at the end. Always NUL-terminated.
 *
 *	struct strbuf text;
 *
 *	strbuf_init(&text, 4096);
 *	strbuf_addf(&text, "%u rows", rows);
 *	if (strbuf_failed(&text, err) < 0) …
 *	strbuf_release(&text);
 */
#ifndef PADAN_STRBUF_H
#define PADAN_STRBUF_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

struct strbuf {
	char *p;     /* "" until something was added; owned by the buffer */
	size_t n;    /* bytes, the NUL not counted */
	size_t room; /* 0: p is not ours */
	size_t max;  /* most bytes it may hold */
	bool full, no_memory;
};

void strbuf_init(struct strbuf *buffer, size_t max);
void strbuf_add(struct strbuf *buffer, struct str text);
void strbuf_addf(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text that people wrote: at most max bytes, cut at a character with "…"; control characters become spaces. */
void strbuf_add_foreign(struct strbuf *buffer, struct str text, size_t max);

/* 0, or -1 and err when something could not be added. */
int strbuf_failed(const struct strbuf *buffer, struct error *err) PADAN_MUST_CHECK;

/* Empty again; keeps its memory. */
void strbuf_clear(struct strbuf *buffer);
void strbuf_release(struct strbuf *buffer);

/* What it holds, until it changes. */
static inline struct str strbuf_str(const struct strbuf *buffer)
{
	return (struct str){buffer->p, buffer->n};
}

#endif
