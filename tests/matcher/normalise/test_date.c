/*
 * Dates in every form that lists show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/normalise/date.h"

static const struct date_context context = {DATE_ORDER_UNKNOWN, 2025, false};

static void reads(void **state)
{
	static const struct {
		const char *raw;
		bool numeric;
		uint32_t date;
		unsigned flags;
	} cases[] = {
	        {"31/12/1980", false, 19801231, 0},
	        {"31-12-1980", false, 19801231, 0},
	        {"31.12.1980", false, 19801231, 0},
	        {"31 12 1980", false, 19801231, 0},
	        {"1/2/1980", false, 19800201, DATE_AMBIGUOUS},
	        {"2/2/1980", false, 19800202, 0},
	        {"12/31/1980", false, 19801231, 0},
	        {"31-12-80", false, 19801231, DATE_TWO_DIGIT_YEAR},
	        {"31-12-05", false, 20051231, DATE_TWO_DIGIT_YEAR},
	        {"80-12-31", false, 19801231, DATE_TWO_DIGIT_YEAR},
	        {"1980-12-31", false, 19801231, 0},
	        {"1980/12/31", false, 19801231, 0},
	        {"1980-31-12", false, 19801231, 0},
	        {"1980-12-31 00:00:00", false, 19801231, 0},
	        {"1980-12-31T07:30:00.000Z", false, 19801231, 0},
	        {"31/12/1980 0:00", false, 19801231, 0},
	        {"12/31/1980 12:00:00 AM", false, 19801231, 0},
	        {"31 Desember 1980", false, 19801231, 0},
	        {"31 Des 1980", false, 19801231, 0},
	        {"31-Dec-80", false, 19801231, DATE_TWO_DIGIT_YEAR},
	        {"Dec 31, 1980", false, 19801231, 0},
	        {"December 31st, 1980", false, 19801231, 0},
	        {"31st December 1980", false, 19801231, 0},
	        {"1980 Des 31", false, 19801231, 0},
	        {"31Des1980", false, 19801231, 0},
	        {"31 Desembr 1980", false, 19801231, 0},
	        {"17 Agustus 1945", false, 19450817, 0},
	        {"5 Pebruari 1990", false, 19900205, 0},
	        {"12 Nopember 1971", false, 19711112, 0},
	        {"31/XII/1980", false, 19801231, 0},
	        {"Senin, 31 Desember 1980", false, 19801231, 0},
	        {"Muaro Jambi, 31-12-1980", false, 19801231, 0},
	        {"MARTAPURA, 31-12-1980", false, 19801231, 0},
	        {"MEI, 31-12-1980", false, 19801231, 0},
	        {"Jambi / 31 Desember 1980", false, 19801231, 0},
	        {"19801231", false, 19801231, 0},
	        {"31121980", false, 19801231, 0},
	        {"1121980", true, 19801201, DATE_AMBIGUOUS},
	        {"311280", false, 19801231, DATE_TWO_DIGIT_YEAR},
	        {"801231", false, 19801231, DATE_TWO_DIGIT_YEAR},
	        {"29586", true, 19801231, DATE_FROM_SERIAL},
	        {"29586", false, 19801231, DATE_FROM_SERIAL},
	        {"29586.0", true, 19801231, DATE_FROM_SERIAL},
	        {"1980", false, 19800000, 0},
	        {"1980", true, 19800000, 0},
	        {"12/1980", false, 19801200, 0},
	        {"1980-12", false, 19801200, 0},
	        {"Desember 1980", false, 19801200, 0},
	        {"12/80", false, 19801200, DATE_TWO_DIGIT_YEAR},
	        {"00/00/1980", false, 19800000, 0},
	        {"1980-12-00", false, 19801200, 0},
	        {"1980-00-00", false, 19800000, 0},
	        {"31/02/1980", false, 19800231, DATE_IMPOSSIBLE},
	        {"29/02/1981", false, 19810229, DATE_IMPOSSIBLE},
	        {"29/02/1980", false, 19800229, 0},
	        {"1980-13-45", false, 19801345, DATE_IMPOSSIBLE},
	        {"31/12/2080", false, 20801231, DATE_IMPLAUSIBLE},
	        {"31/12/1780", false, 17801231, DATE_IMPLAUSIBLE},
	        {"", false, 0, 0},
	        {"-", false, 0, 0},
	        {"00/00/0000", false, 0, DATE_PLACEHOLDER},
	        {"0000-00-00", false, 0, DATE_PLACEHOLDER},
	        {"00000000", false, 0, DATE_PLACEHOLDER},
	        {"0", true, 0, DATE_PLACEHOLDER},
	        {"01/01/1900", false, 0, DATE_PLACEHOLDER},
	        {"1900-01-01 00:00:00", false, 0, DATE_PLACEHOLDER},
	        {"Jambi", false, 0, DATE_UNREADABLE},
	        {"lupa", false, 0, DATE_UNREADABLE},
	        {"45", true, 0, DATE_UNREADABLE},
	        {"123456789012345678901234567890", false, 0, DATE_UNREADABLE},
	        {"31\xe2\x80\x93"
	         "12\xe2\x80\x93"
	         "1980",
	                false, 19801231, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct date date;
		bool found = date_parse(str_from(cases[i].raw), cases[i].numeric, &context, &date, NULL);

		if (date_pack(date) != cases[i].date || date.flags != cases[i].flags || found != (cases[i].date != 0))
			fail_msg("%s: %u flags %x", cases[i].raw, date_pack(date), date.flags);
	}
}

static void takes_hints(void **state)
{
	struct date_context hint = context;
	struct date date;

	(void)state;
	hint.order = DATE_ORDER_MDY;
	date_parse(STR_LITERAL("1/2/1980"), false, &hint, &date, NULL);
	assert_int_equal(date_pack(date), 19800102);
	assert_int_equal(date.flags, 0);
	date_parse(STR_LITERAL("31/2/1980"), false, &hint, &date, NULL); /* can only be day first */
	assert_int_equal(date_pack(date), 19800231);
	hint.order = DATE_ORDER_DMY;
	date_parse(STR_LITERAL("1/2/1980"), false, &hint, &date, NULL);
	assert_int_equal(date_pack(date), 19800201);
	assert_int_equal(date.flags, 0);
	hint.order = DATE_ORDER_YMD;
	date_parse(STR_LITERAL("01-02-03"), false, &hint, &date, NULL);
	assert_int_equal(date_pack(date), 20010203);
	hint.serial_1904 = true;
	date_parse(STR_LITERAL("28124"), true, &hint, &date, NULL);
	assert_int_equal(date_pack(date), 19801231);
}

static void learns_the_order(void **state)
{
	struct date_order_votes votes = {0};

	(void)state;
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_UNKNOWN);
	date_order_votes_add(&votes, STR_LITERAL("1/2/1980"));
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_UNKNOWN);
	for (int i = 0; i < 9; i++)
		date_order_votes_add(&votes, STR_LITERAL("2/25/1980"));
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_MDY);
	date_order_votes_add(&votes, STR_LITERAL("Jambi, 25-2-1980"));
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_MDY);
	date_order_votes_add(&votes, STR_LITERAL("25-2-80"));
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_UNKNOWN);
	votes = (struct date_order_votes){0};
	date_order_votes_add(&votes, STR_LITERAL("80-02-25"));
	assert_int_equal(date_order_votes_winner(&votes), DATE_ORDER_YMD);
}

static void finds_the_place(void **state)
{
	static const struct {
		const char *raw, *place;
	} cases[] = {
	        {"Muaro Jambi, 31-12-1980", "Muaro Jambi"},
	        {"JAMBI 31 Desember 1980", "JAMBI"},
	        {"Jambi, tgl. 31/12/1980", "Jambi"},
	        {"Jambi, Desember 1980", "Jambi"},
	        {"Jambi", "Jambi"},
	        {"31-12-1980", ""},
	        {"Senin, 31-12-1980", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct date date;
		struct str place;

		date_parse(str_from(cases[i].raw), false, &context, &date, &place);
		if (!str_equal(place, str_from(cases[i].place)))
			fail_msg("%s: '%.*s'", cases[i].raw, STR_ARGS(place));
	}
}

static void counts_days(void **state)
{
	(void)state;
	assert_int_equal(date_to_days((struct date){1970, 1, 1, 0}), 0);
	assert_int_equal(date_to_days((struct date){2000, 3, 1, 0}), 11017);
	for (int32_t day = -80000; day < 60000; day += 7)
		assert_int_equal(date_to_days(date_from_days(day)), day);
	assert_true(date_is_real(2000, 2, 29));
	assert_false(date_is_real(1900, 2, 29));
	assert_false(date_is_real(2001, 0, 1));
	assert_false(date_is_real(2001, 13, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads),
	        cmocka_unit_test(takes_hints),
	        cmocka_unit_test(learns_the_order),
	        cmocka_unit_test(finds_the_place),
	        cmocka_unit_test(counts_days),
	};

	return cmocka_run_group_tests_name("dates", tests, NULL, NULL);
}
