/*
 * Memory that is given back all at once: one arena per job, file or request, so that code on the way
 * neither frees nor leaks. Blocks double from 64 KiB to 4 MiB; nothing moves once it was given out.
 *
 * Not for: memory shared between threads (one arena per task), or growing arrays (see vec.h).
 */
#ifndef PADAN_ARENA_H
#define PADAN_ARENA_H

#include "matcher/base/str.h"

#include <stdint.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t used;  /* bytes asked for so far */
	size_t taken; /* bytes taken from malloc so far */
	size_t limit; /* most bytes to take from malloc; 0: no limit */
};

/* An arena in static or automatic memory; takes nothing until it is used. */
void arena_init(struct arena *arena, size_t limit);

/* size bytes, zeroed, aligned for any type; NULL when malloc fails or the limit is reached. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc));

/* count * size bytes, NULL also when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it; {NULL, 0} on failure (an empty text gives a non-NULL p). */
struct str arena_str(struct arena *arena, struct str text);

/* Forgets everything given out but keeps the newest block, for a loop that needs scratch memory each time round. */
void arena_reset(struct arena *arena);

/* Gives all memory back; the arena may be used again. Legal on a zeroed or released arena. */
void arena_release(struct arena *arena);

#endif
