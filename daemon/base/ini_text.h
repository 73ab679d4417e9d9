/*
 * The form of a configuration file: sections, keys, values, comments – and nothing of what they mean.
 *
 *	[kind]                  ; a comment
 *	[kind code]             # "#" begins a comment only at the start of a line
 *	key = value             ; begins behind white space: a value may hold a ";" inside
 *
 * A parser of our own: Debian's inih 55 hands no line numbers to its caller (a build option), cuts section and key
 * names at 50 bytes without a word, joins indented lines to the value before, and keeps its 200-byte limit in variables
 * of the whole process. Here every line that is not understood is a fault with its number.
 *
 * UTF-8, with or without BOM; LF, CRLF or CR. Keys are lower case. A value may be empty.
 */
#ifndef PADAN_INI_TEXT_H
#define PADAN_INI_TEXT_H

#include "daemon/base/config_faults.h"
#include "matcher/base/arena.h"

enum {
	INI_TEXT_MAX = 1024 * 1024,
	INI_LINE_MAX = 8 * 1024 + 256, /* bytes: a value of 8 KiB and its key */
	INI_SECTIONS_MAX = 4096,
	INI_ENTRIES_MAX = 64, /* in one section */
	INI_KEY_MAX = 40,
	INI_CODE_MAX = 60
};

struct ini_entry {
	struct str key, value; /* parts of the text given, trimmed; a value may be empty */
	unsigned line;
};

struct ini_section {
	struct str kind, code; /* code is empty where the section has none */
	unsigned line;
	const struct ini_entry *entries;
	size_t n_entries;
};

struct ini_text {
	const struct ini_section *sections;
	size_t n_sections;
};

/*
 * Fills out from text (which must outlive it); the rest lives in the arena. What is not understood is added to faults
 * and skipped, so that one run finds them all. -1 only when memory ran out.
 */
int ini_text_parse(struct str text, struct arena *arena, struct ini_text *out, struct config_faults *faults,
	struct error *err) PADAN_MUST_CHECK;

#endif
