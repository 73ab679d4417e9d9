/*
 * One section of a configuration's text, written anew in its place; everything else stays as it was typed.
 *
 * Pure: memory alone, on any thread. Whether the text then makes sense is district_config_parse()'s to say. Called by the handlers of settings.
 */
#ifndef PADAN_CONFIG_SECTION_H
#define PADAN_CONFIG_SECTION_H

#include "matcher/base/arena.h"
#include "matcher/base/error.h"

#include <jansson.h>

/*
 * *ret is the text with [kind code] holding these values ({key: text}), in the arena; a section that is new stands at the end. values NULL: the
 * section goes, and *ret is NULL if there is none. ERROR_INPUT: a value that would be more than one value (a line end, a comment).
 */
int config_section_put(const char *text, const char *kind, const char *code, json_t *values, struct arena *arena, const char **ret,
	struct error *err) PADAN_MUST_CHECK;

#endif
