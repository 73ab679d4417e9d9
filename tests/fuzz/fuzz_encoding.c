/*
 * The decoder under libFuzzer: its output is valid UTF-8 without NUL, fits its room, and does not depend on the pieces.
 */
#include "daemon/ingest/encoding.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t decode(struct str in, size_t piece, char *out, struct decoder *decoder)
{
	size_t at = decoder_init(decoder, in), n = 0;

	do {
		size_t some = piece < in.n - at ? piece : in.n - at;
		char *copy = malloc(some + 1), *room = malloc(decoder_room(some));
		size_t wrote;

		memcpy(copy, in.p + at, some);
		at += some;
		wrote = decoder_feed(decoder, (struct str){copy, some}, at == in.n, room);
		memcpy(out + n, room, wrote);
		n += wrote;
		free(copy);
		free(room);
	} while (at < in.n);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data + 1, size - 1};
	struct decoder whole_decoder, piece_decoder;
	char *whole, *pieces;
	size_t n;

	if (size < 1 || size > 8192)
		return 0;
	whole = malloc(decoder_room(size) + 16);
	pieces = malloc(decoder_room(size) + 16);
	n = decode(in, size, whole, &whole_decoder);
	if (encoding_clean_prefix((struct str){whole, n}) != n)
		abort();
	if (decode(in, 1 + data[0] % 32, pieces, &piece_decoder) != n || memcmp(whole, pieces, n) != 0)
		abort();
	if (whole_decoder.lines != piece_decoder.lines || whole_decoder.nul_line != piece_decoder.nul_line ||
		decoder_encoding(&whole_decoder) != decoder_encoding(&piece_decoder))
		abort();
	free(whole);
	free(pieces);
	return 0;
}
