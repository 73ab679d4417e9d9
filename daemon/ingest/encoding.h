/*
 * From the bytes of a text file to UTF-8, streaming: UTF-8 with or without a BOM, UTF-16 in both byte orders with or
 * without a BOM, Windows-1252, and Windows-1252 mixed with UTF-8 in one file. In an 8-bit file each byte that
 * is no part of valid UTF-8 is read as Windows-1252, so that no line is lost whatever the mixture. NUL bytes are dropped
 * and counted.
 *
 * Pure: works on memory. Called by row_reader and csv_table.
 */
#ifndef PADAN_ENCODING_H
#define PADAN_ENCODING_H

#include "matcher/base/str.h"

#include <stdint.h>

enum encoding {
	ENCODING_UTF8,         /* ASCII too */
	ENCODING_WINDOWS_1252, /* some bytes were no UTF-8, and nothing beyond ASCII was */
	ENCODING_MIXED,        /* both */
	ENCODING_UTF16_LE,
	ENCODING_UTF16_BE
};

/* "UTF-8", "Windows-1252", … */
const char *encoding_name(enum encoding encoding);

struct decoder {
	bool utf16, big_endian;
	unsigned char carry[4]; /* bytes of a character that the last piece cut */
	unsigned carry_n;
	unsigned char last;     /* last byte or unit of a line end, to count CR LF once */
	uint64_t lines;         /* line ends passed: LF, CR, CR LF */
	uint64_t utf8_characters; /* beyond ASCII */
	uint64_t nul_bytes, nul_line;           /* line of the first, from 1 */
	uint64_t fallback_bytes, fallback_line; /* the same for bytes read as Windows-1252 */
	uint64_t broken_units;                  /* lone surrogates and the like, given as U+FFFD */
};

/*
 * Prepares for a file that begins with head (give 4 KiB or the whole file); returns how many bytes of BOM to skip.
 * UTF-16 without a BOM is told by its NUL bytes.
 */
size_t decoder_init(struct decoder *decoder, struct str head);

/* At most this many bytes come out of n bytes in. */
static inline size_t decoder_room(size_t n)
{
	return 3 * n + 16;
}

/*
 * Decodes a piece into out, which has decoder_room(in.n) bytes; returns the bytes written. last: nothing follows, so that
 * a cut character at the end is given as it can be.
 */
size_t decoder_feed(struct decoder *decoder, struct str in, bool last, char *out);

/* What the file has turned out to be so far. */
enum encoding decoder_encoding(const struct decoder *decoder);

/* How many bytes at the start of text are valid UTF-8 without NUL: text.n when all is clean. Fast. */
size_t encoding_clean_prefix(struct str text);

#endif
