/*
 * Decoding: each encoding by example, and the same result whatever the pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "daemon/ingest/encoding.h"
#include "matcher/base/hash.h"

static struct decoder decoder;

static const char *decoded(const void *bytes, size_t n, size_t piece)
{
	static char out[4096];
	struct str in = {bytes, n};
	size_t at = decoder_init(&decoder, in), wrote = 0;

	do {
		size_t some = piece < n - at ? piece : n - at;

		at += some;
		wrote += decoder_feed(&decoder, (struct str){in.p + at - some, some}, at == n, out + wrote);
	} while (at < n);
	out[wrote] = '\0';
	return out;
}

#define DECODED(literal) decoded((literal), sizeof(literal) - 1, 1000)

static void each_encoding(void **state)
{
	(void)state;
	assert_string_equal(DECODED("\xEF\xBB\xBF" "abc \xC3\xA9"), "abc \xC3\xA9");
	assert_int_equal(decoder_encoding(&decoder), ENCODING_UTF8);
	assert_string_equal(DECODED("caf\xE9 \x80\x93"), "caf\xC3\xA9 \xE2\x82\xAC\xE2\x80\x9C");
	assert_int_equal(decoder_encoding(&decoder), ENCODING_WINDOWS_1252);
	assert_string_equal(DECODED("\xC3\xA9\n\xE9\n"), "\xC3\xA9\n\xC3\xA9\n");
	assert_int_equal(decoder_encoding(&decoder), ENCODING_MIXED);
	assert_int_equal(decoder.fallback_line, 2);
	assert_string_equal(DECODED("\xFF\xFE" "a\0\xE9\0\x3D\xD8\x00\xDE"), "a\xC3\xA9\xF0\x9F\x98\x80");
	assert_int_equal(decoder_encoding(&decoder), ENCODING_UTF16_LE);
	assert_string_equal(DECODED("\xFE\xFF\0a\xDC\x00\0b"), "a\xEF\xBF\xBD" "b");
	assert_int_equal(decoder_encoding(&decoder), ENCODING_UTF16_BE);
	assert_int_equal(decoder.broken_units, 1);
	assert_string_equal(DECODED("n\0a\0m\0a\0"), "nama");
	assert_string_equal(DECODED("\0n\0a\0m\0a"), "nama");
	assert_string_equal(DECODED(""), "");
}

static void nothing_invalid_comes_out(void **state)
{
	(void)state;
	/* Overlong, surrogate, beyond U+10FFFF, cut at the end: each byte by itself. */
	assert_string_equal(DECODED("\xC0\xAF"), "\xC3\x80\xC2\xAF");
	assert_string_equal(DECODED("\xED\xA0\x80"), "\xC3\xAD\xC2\xA0\xE2\x82\xAC");
	assert_string_equal(DECODED("\xF4\x90\x80\x80"), "\xC3\xB4\xC2\x90\xE2\x82\xAC\xE2\x82\xAC");
	assert_string_equal(DECODED("a\xE2\x82"), "a\xC3\xA2\xE2\x80\x9A");
	assert_string_equal(DECODED("a\0b\nc\0"), "ab\nc");
	assert_int_equal(decoder.nul_bytes, 2);
	assert_int_equal(decoder.nul_line, 1);
}

static void pieces_do_not_matter(void **state)
{
	static const char BYTES[] = "ab\n\r\0\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xE9\xFF\xED\xA0";
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[200], whole[1000];
		size_t n = hash_mix(++seed) % sizeof text, whole_n;
		struct decoder first;

		for (size_t i = 0; i < n; i++)
			text[i] = BYTES[hash_mix(++seed) % (sizeof BYTES - 1)];
		strcpy(whole, decoded(text, n, n + 1));
		whole_n = strlen(whole);
		first = decoder;
		assert_int_equal(encoding_clean_prefix((struct str){whole, whole_n}), whole_n);
		assert_string_equal(decoded(text, n, 1 + hash_mix(++seed) % 7), whole);
		assert_int_equal(first.lines, decoder.lines);
		assert_int_equal(first.nul_line, decoder.nul_line);
		assert_int_equal(first.fallback_line, decoder.fallback_line);
		assert_int_equal(decoder_encoding(&first), decoder_encoding(&decoder));
	}
}

static void clean_prefix_stops_at_the_first_flaw(void **state)
{
	char text[100];

	(void)state;
	for (size_t at = 0; at < sizeof text; at++) {
		memset(text, 'a', sizeof text);
		assert_int_equal(encoding_clean_prefix((struct str){text, sizeof text}), sizeof text);
		text[at] = '\0';
		assert_int_equal(encoding_clean_prefix((struct str){text, sizeof text}), at);
		text[at] = '\xE9';
		assert_int_equal(encoding_clean_prefix((struct str){text, sizeof text}), at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_encoding),
		cmocka_unit_test(nothing_invalid_comes_out),
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(clean_prefix_stops_at_the_first_flaw),
	};

	return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
