/*
 * Normalising column after column of a file, where the same villages, dates and words come again and again: remembers what some of
 * the last ones came to. The result is field_normalise()'s, always; only sooner. Called by whoever reads whole files
 * (daemon/link/link_input.c), each thread with a memory of its own.
 */
#ifndef PADAN_FIELD_MEMORY_H
#define PADAN_FIELD_MEMORY_H

#include "matcher/base/error.h"
#include "matcher/normalise/field.h"

struct field_memory; /* of fixed size, some 200 KiB */

/* NULL: memory. */
struct field_memory *field_memory_new(void);
void field_memory_free(struct field_memory *memory);

/* field_normalise(), but that the text may be the cell's own bytes: it lives as long as both the cell and the arena. */
int field_memory_normalise(struct field_memory *memory, enum field_type type, struct str raw, bool numeric, struct arena *arena,
	struct field_value *out) PADAN_MUST_CHECK;

#endif
