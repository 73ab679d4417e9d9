/*
 * NIK and KK numbers with every damage that lists show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/normalise/nik.h"

static void repairs(void **state)
{
	static const struct {
		const char *raw;
		bool numeric;
		uint64_t value;
		uint8_t digits, known;
		unsigned flags;
	} cases[] = {
	        {"1505013112800001", false, UINT64_C(1505013112800001), 16, 16, 0},
	        {"1505013112800010", true, UINT64_C(1505013112800010), 16, 15, NIK_SIXTEENTH_LOST},
	        {"1505013112800010", false, UINT64_C(1505013112800010), 16, 16, 0},
	        {"1505013112800000", true, UINT64_C(1505013112800000), 16, 15, NIK_SIXTEENTH_LOST},
	        {"1505013112800001.0", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"1505013112800001,00", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"'1505013112800001", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"1505 0131 1280 0001", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"150501.311280.0001", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"15.05.01.31-12-80-0001", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"15O5O1311280OOO1", false, UINT64_C(1505013112800001), 16, 16, NIK_LETTERS_REPAIRED},
	        {"l50501311280000l", false, UINT64_C(1505013112800001), 16, 16, NIK_LETTERS_REPAIRED},
	        {"1505013112800001\xe2\x80\x8b", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"NIK: 1505013112800001", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"1505013112800001 (suami)", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"1.505013112800001E+15", false, UINT64_C(1505013112800001), 16, 16, NIK_CLEANED},
	        {"150501311280001", false, UINT64_C(150501311280001), 15, 15, NIK_WRONG_LENGTH},
	        {"15050131128000012", false, UINT64_C(15050131128000012), 17, 17, NIK_WRONG_LENGTH},
	        {"1505", false, 0, 0, 0, NIK_WRONG_LENGTH},
	        {"15050131128000011505013112800002", false, 0, 0, 0, NIK_WRONG_LENGTH},
	        {"0150501200100012", false, UINT64_C(150501200100012), 16, 16, NIK_TEMPORARY},
	        {"", false, 0, 0, 0, NIK_MISSING},
	        {"-", false, 0, 0, 0, NIK_MISSING},
	        {"NULL", false, 0, 0, 0, NIK_MISSING},
	        {"0", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"0000000000000000", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"9999999999999999", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"1234567890123456", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"1505010000000000", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"1505019999999999", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"BELUM REKAM", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"belum ada KTP", false, 0, 0, 0, NIK_PLACEHOLDER},
	        {"SITI AMINAH", false, 0, 0, 0, NIK_UNREADABLE},
	        {"SITI 12", false, 0, 0, 0, NIK_UNREADABLE},
	        {"1,505E+15", false, 0, 0, 4, NIK_EXPONENT},
	        {"1.50501E+15", true, 0, 0, 6, NIK_EXPONENT},
	        {"1505015332800001", false, UINT64_C(1505015332800001), 16, 16, NIK_BAD_DATE},
	        {"1505018112800001", false, UINT64_C(1505018112800001), 16, 16,
	                NIK_BAD_DATE}, /* day 81: 41–71 alone are women's */
	        {"9905013112800001", false, UINT64_C(9905013112800001), 16, 16, NIK_BAD_AREA},
	        {"1505013112800000", false, UINT64_C(1505013112800000), 16, 16, NIK_BAD_SERIAL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nik nik;
		bool key = nik_parse(str_from(cases[i].raw), cases[i].numeric, &nik);

		if (nik.value != cases[i].value || nik.digits != cases[i].digits ||
		        nik.known_digits != cases[i].known || nik.flags != cases[i].flags)
			fail_msg("%s: value %llu digits %u known %u flags %x", cases[i].raw,
			        (unsigned long long)nik.value, nik.digits, nik.known_digits, nik.flags);
		assert_int_equal(key, nik_is_key(&nik));
	}
}

static void says_what_digits_say(void **state)
{
	struct nik nik;

	(void)state;
	assert_true(nik_parse(STR_LITERAL("1505017112800012"), false, &nik));
	assert_int_equal(nik.area, 150501);
	assert_int_equal(nik.day, 31);
	assert_int_equal(nik.month, 12);
	assert_int_equal(nik.yy, 80);
	assert_int_equal(nik.sex, SEX_FEMALE);
	assert_int_equal(nik.serial, 12);
	assert_true(nik_parse(STR_LITERAL("1505012902000001"), false, &nik));
	assert_int_equal(nik.flags, 0); /* 29 February 2000 */
	assert_true(nik_parse(STR_LITERAL("1505012902010001"), false, &nik));
	assert_int_equal(nik.flags, NIK_BAD_DATE);
	assert_int_equal(nik.sex, SEX_UNKNOWN);
	assert_true(kk_parse(STR_LITERAL("1505012902120001"), false, &nik));
	assert_int_equal(nik.sex, SEX_UNKNOWN);
	assert_int_equal(nik.day, 29);
	assert_true(kk_parse(STR_LITERAL("1505017102120001"), false, &nik));
	assert_int_equal(nik.flags, NIK_BAD_DATE); /* no +40 in a KK */
	assert_true(nik_parse(STR_LITERAL("150501311280001l"), false, &nik));
	nik_parse(STR_LITERAL("1.50501E+15"), false, &nik);
	assert_int_equal(nik.leading, 150501);
}

static void sees_swapped_columns(void **state)
{
	struct nik nik, kk;
	struct date birth = {1980, 12, 31, 0};

	(void)state;
	nik_parse(STR_LITERAL("1505010203150007"), false, &nik); /* issued on 2 March 2015 */
	kk_parse(STR_LITERAL("1505017112800012"), false, &kk);
	assert_true(nik_kk_swapped(&nik, &kk, birth, SEX_FEMALE));
	assert_false(nik_kk_swapped(&nik, &kk, birth, SEX_MALE));
	assert_false(nik_kk_swapped(&kk, &nik, birth, SEX_FEMALE));
	assert_false(nik_kk_swapped(&nik, &kk, (struct date){1980, 0, 0, 0}, SEX_FEMALE));
}

static void writes(void **state)
{
	struct nik nik;
	char text[24], masked[40];

	(void)state;
	nik_parse(STR_LITERAL("0150501200100012"), false, &nik);
	nik_format(&nik, text);
	assert_string_equal(text, "0150501200100012");
	nik_parse(STR_LITERAL("150501311280001"), false, &nik);
	nik_format(&nik, text);
	assert_string_equal(text, "150501311280001");
	nik_parse(STR_LITERAL("-"), false, &nik);
	nik_format(&nik, text);
	assert_string_equal(text, "");
	nik_mask(UINT64_C(1505013112800012), masked);
	assert_string_equal(masked, "150501••••••0012");
	nik_mask(0, masked);
	assert_string_equal(masked, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(repairs),
	        cmocka_unit_test(says_what_digits_say),
	        cmocka_unit_test(sees_swapped_columns),
	        cmocka_unit_test(writes),
	};

	return cmocka_run_group_tests_name("NIK and KK", tests, NULL, NULL);
}
