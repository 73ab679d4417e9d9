/* See level_words.h. */
#include "matcher/link/level_words.h"

static const char *const phrases[PHRASE_LEVELS][2] = {
	[TOKENS_MISSING] = {"tidak diisi", "not told"},
	[TOKENS_SAME] = {"sama", "the same"},
	[TOKENS_SAME_SOUND] = {"sama, ejaan lain", "the same but for spelling"},
	[TOKENS_SAME_REORDERED] = {"sama, urutan lain", "the same in another order"},
	[TOKENS_PART] = {"sama, yang satu lebih lengkap", "one is a part of the other"},
	[TOKENS_SIMILAR] = {"mirip", "similar"},
	[TOKENS_SIMILAR_PART] = {"mirip, yang satu lebih lengkap", "similar, one is longer"},
	[TOKENS_FUZZY] = {"agak mirip", "somewhat similar"},
	[TOKENS_ONE_REST_SIMILAR] = {"satu kata sama, sisanya mirip", "one word the same, the rest similar"},
	[TOKENS_ONE] = {"hanya satu kata sama", "only one word the same"},
	[TOKENS_ONE_FUZZY] = {"hanya satu kata mirip", "only one word similar"},
	[TOKENS_INITIALS] = {"hanya huruf depan sama", "only initials the same"},
	[TOKENS_APART] = {"berbeda", "different"},
	[PHRASE_MOST] = {"sebagian besar kata sama", "most words the same"},
};
static const char *const digits[NIK_LEVEL_COUNT][2] = {
	[DIGITS_MISSING] = {"tidak diisi", "not told"},
	[DIGITS_EQUAL] = {"sama", "the same"},
	[DIGITS_FIFTEEN] = {"15 angka pertama sama", "the first 15 digits the same"},
	[DIGITS_ONE] = {"beda satu angka", "one digit differs"},
	[DIGITS_SWAPPED] = {"dua angka tertukar", "two digits swapped"},
	[DIGITS_SHIFTED] = {"kurang atau lebih satu angka", "a digit lost or added"},
	[DIGITS_TWO] = {"beda dua angka", "two digits differ"},
	[DIGITS_AREA_DATE] = {"wilayah dan tanggal sama, nomor urut lain", "area and date the same, another serial"},
	[DIGITS_DIFFERENT] = {"berbeda", "different"},
	[NIK_CORROBORATED] = {"berbeda, masing-masing cocok dengan tanggal lahirnya", "different, each fits its own birth date"},
	[NIK_SERIAL] = {"beda satu angka nomor urut", "one digit of the serial differs"},
};
static const char *const dates[DATES_LEVEL_COUNT][2] = {
	[DATES_MISSING] = {"tidak diisi", "not told"},
	[DATES_EQUAL] = {"sama", "the same"},
	[DATES_SWAPPED] = {"hari dan bulan tertukar", "day and month swapped"},
	[DATES_ONE_DIGIT] = {"beda satu angka", "one digit differs"},
	[DATES_DECADE] = {"hari dan bulan sama, selisih puluhan tahun", "day and month the same, decades apart"},
	[DATES_NEAR] = {"selisih kurang dari sebulan", "less than a month apart"},
	[DATES_YEAR_OFF] = {"hari dan bulan sama, tahun lain", "day and month the same, another year"},
	[DATES_YEAR_MONTH] = {"bulan dan tahun sama", "month and year the same"},
	[DATES_YEAR_DAY] = {"hari dan tahun sama, bulan lain", "day and year the same, another month"},
	[DATES_YEAR_ONLY] = {"hanya tahun sama", "only the year the same"},
	[DATES_DIFFERENT] = {"berbeda", "different"},
};
static const char *const plain[SEX_LEVEL_COUNT][2] = {{"tidak diisi", "not told"}, {"sama", "the same"}, {"berbeda", "different"}};
static const char *const identifiers[IDENTIFIER_LEVEL_COUNT][2] = {
	{"tidak diisi", "not told"}, {"sama", "the same"}, {"beda satu tanda", "one character differs"}, {"beda dua tanda", "two characters differ"},
	{"berbeda", "different"}};
static const char *const codes[CODE_LEVEL_COUNT][2] = {
	{"tidak diisi", "not told"}, {"sama", "the same"}, {"beda satu tanda", "one character differs"}, {"awalnya sama", "the beginning the same"},
	{"berbeda", "different"}};
static const char *const numbers[NUMBER_LEVEL_COUNT][2] = {
	{"tidak diisi", "not told"}, {"sama", "the same"}, {"hampir sama", "nearly the same"}, {"berbeda", "different"}};
static const char *const emails[EMAIL_LEVEL_COUNT][2] = {
	{"tidak diisi", "not told"}, {"sama", "the same"}, {"bagian sebelum @ sama", "the part before the @ the same"},
	{"mirip", "similar"}, {"berbeda", "different"}};

const char *level_words(enum comparison_kind kind, unsigned level, bool english)
{
	if (level >= comparison_levels(kind))
		return "";
	switch (kind) {
	case COMPARE_NAME:
	case COMPARE_WORDS:
		return phrases[phrase_tokens_level(level)][english];
	case COMPARE_NIK:
	case COMPARE_KK:
		return digits[level][english];
	case COMPARE_DATE:
		return dates[level][english];
	case COMPARE_SEX:
		return plain[level][english];
	case COMPARE_CODE:
		return codes[level][english];
	case COMPARE_NUMBER:
	case COMPARE_AGE:
		return numbers[level][english];
	case COMPARE_EMAIL:
		return emails[level][english];
	default:
		return identifiers[level][english];
	}
}
