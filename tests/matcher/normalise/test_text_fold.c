/*
 * Folding: by example, twice the same, and never beyond the room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/normalise/text_fold.h"

static void assert_text(struct str got, const char *expected)
{
	char copy[256];

	assert_true(got.n < sizeof(copy));
	if (got.n)
		memcpy(copy, got.p, got.n);
	copy[got.n] = '\0';
	assert_string_equal(copy, expected);
}

static void folds(void **state)
{
	static const struct {
		const char *raw, *folded, *words;
	} cases[] = {
	        {"", "", ""},
	        {"  siti   Aminah\t\n", "SITI AMINAH", "SITI AMINAH"},
	        {"Nur\xe2\x80\x99"
	         "aini",
	                "NUR'AINI", "NURAINI"},
	        {"Ma`ruf", "MA'RUF", "MARUF"},
	        {"S.Pd., M.Si", "S.PD., M.SI", "S PD M SI"},
	        {"\xef\xbb\xbf"
	         "Budi",
	                "BUDI", "BUDI"},
	        {"Bu\xc2\xad"
	         "di\xe2\x80\x8b",
	                "BUDI", "BUDI"},
	        {"a\xc2\xa0"
	         "b",
	                "A B", "A B"},
	        {"Jos\xc3\xa9", "JOSE", "JOSE"},
	        {"Jos\xe9", "JOSE", "JOSE"}, /* Windows-1252 */
	        {"\x93kutip\x94", "\"KUTIP\"", "KUTIP"},
	        {"Stra\xc3\x9f"
	         "e \xc3\x98re",
	                "STRASSE ORE", "STRASSE ORE"},
	        {"\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\x91", "AB1", "AB1"}, /* full width */
	        {"RT\xe2\x80\x93"
	         "03",
	                "RT-03", "RT 03"},
	        {"\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "\xd0\x98\xd0\x92\xd0\x90\xd0\x9d",
	                "\xd0\x98\xd0\x92\xd0\x90\xd0\x9d"},
	        {"\xd9\xa1\xd9\xa2", "12", "12"},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_text(text_fold(str_from(cases[i].raw), &arena, NULL), cases[i].folded);
		assert_text(text_fold_words(str_from(cases[i].raw), &arena, NULL), cases[i].words);
	}
	assert_text(text_fold((struct str){"a\0b", 3}, &arena, NULL), "A B");
	assert_text(text_fold((struct str){NULL, 0}, &arena, NULL), "");
	arena_release(&arena);
}

static void says_what_it_saw(void **state)
{
	char out[8];
	unsigned seen;

	(void)state;
	assert_int_equal(text_fold_into(STR_LITERAL("Jos\xe9 1"), out, sizeof(out), &seen), 6);
	assert_int_equal(seen, TEXT_SEEN_BAD_UTF8 | TEXT_SEEN_DIGIT);
	assert_int_equal(text_fold_into(STR_LITERAL("a very long one"), out, sizeof(out), &seen), 8);
	assert_int_equal(seen, TEXT_SEEN_CUT);
	/* not in the middle of a character */
	assert_int_equal(text_fold_into(STR_LITERAL("ABCDEFG\xd0\x98"), out, sizeof(out), &seen), 7);
	assert_true(seen & TEXT_SEEN_CUT);
}

static void twice_is_once(void **state)
{
	uint64_t seed = 3;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (int round = 0; round < 20000; round++) {
		char raw[40];
		struct str once, twice, words;
		size_t n = hash_mix(++seed) % sizeof(raw);

		for (size_t i = 0; i < n; i++)
			raw[i] = (char)hash_mix(++seed);
		once = text_fold((struct str){raw, n}, &arena, NULL);
		twice = text_fold(once, &arena, NULL);
		assert_true(str_equal(once, twice));
		words = text_fold_words((struct str){raw, n}, &arena, NULL);
		assert_true(str_equal(words, text_fold_words(words, &arena, NULL)));
		arena_reset(&arena);
	}
	/* Every character by itself. */
	for (int32_t c = 1; c < 0x20000; c++) {
		unsigned char raw[4];
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		struct str once;

		if (c >= 0xD800 && c < 0xE000)
			continue;
		for (size_t i = n; i-- > 1;)
			raw[i] = (unsigned char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3F));
		raw[0] = (unsigned char)(n == 1   ? c
		                         : n == 2 ? 0xC0 | c >> 6
		                         : n == 3 ? 0xE0 | c >> 12
		                                  : 0xF0 | c >> 18);
		once = text_fold((struct str){(char *)raw, n}, &arena, NULL);
		if (!str_equal(once, text_fold(once, &arena, NULL)))
			fail_msg("U+%04X", (unsigned)c);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void knows_missing(void **state)
{
	static const char *const missing[] = {"", " ", "NA", "n/a", "#N/A", "NULL", "none", "-", "--", "?", ".", "NaN",
	        "Tidak ada", "KOSONG", "#REF!", "#DIV/0!"};
	static const char *const there[] = {"0", "NANA", "NAME", "ADA", "A", "1", "NONE OF THEM"};

	(void)state;
	for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); i++)
		assert_true(text_is_missing(str_from(missing[i])));
	for (size_t i = 0; i < sizeof(there) / sizeof(*there); i++)
		assert_false(text_is_missing(str_from(there[i])));
}

static void tidies(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_text(text_tidy(STR_LITERAL(" Siti \t Jos\xe9\xe2\x80\x8b, S.Pd "), &arena), "Siti Jos\xc3\xa9, S.Pd");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(folds),
	        cmocka_unit_test(says_what_it_saw),
	        cmocka_unit_test(twice_is_once),
	        cmocka_unit_test(knows_missing),
	        cmocka_unit_test(tidies),
	};

	return cmocka_run_group_tests_name("folding", tests, NULL, NULL);
}
