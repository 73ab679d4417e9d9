/*
 * Text that grows, for the simulator's names, cells and files. Starts empty ({0}); released with sim_text_release().
 * An allocation that fails is remembered in .failed and checked once by whoever writes the text out.
 */
#ifndef PADAN_SIM_TEXT_H
#define PADAN_SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct sim_text {
	char *p; /* NUL-terminated once anything was added */
	size_t n, room;
	bool failed;
};

void sim_text_release(struct sim_text *text);
void sim_text_clear(struct sim_text *text);
void sim_text_add(struct sim_text *text, const char *piece);
void sim_text_add_bytes(struct sim_text *text, const char *bytes, size_t n);
void sim_text_printf(struct sim_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One CSV cell, in quotes where it holds the separator, a quote or a line end, or always if asked to. */
void sim_text_add_cell(struct sim_text *text, const char *cell, char separator, bool always_quoted);

#endif
