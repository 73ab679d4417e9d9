/*
 * Guests: what speaks for a neighbour, and how far it is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "matcher/household/household_attach.h"

#define KK_A UINT64_C(1505011203100001)
#define KK_B UINT64_C(1505012511180044)

static struct attach_row row(uint32_t entry, uint32_t household, const char *address, uint64_t kk)
{
	return (struct attach_row){.entry = entry, .household = household, .position = entry,
		.member = {.list = 1, .day = 20240701, .person = entry, .village = 1, .rt = 2, .kk = kk, .address = str_from(address)}};
}

static struct attach_choice choose(const struct attach_row *guest, const struct attach_row *rows, size_t n)
{
	struct attach_choice choice;

	attach_choose(guest, guest->member.kk != 0, false, rows, n, &choice);
	return choice;
}

static void one_neighbour_with_the_address_is_chosen(void **state)
{
	const struct attach_row guest = row(9, 9, "JALAN MELATI 7", 0);
	const struct attach_row rows[] = {row(1, 1, "JALAN MELATI 8", 0), row(2, 2, "JALAN MELATI 7", KK_A),
		row(4, 4, "JALAN MAWAR", 0)};
	struct attach_choice choice = choose(&guest, rows, 3);

	(void)state;
	assert_int_equal(choice.household, 2);
	assert_int_equal(choice.row, 1);
	assert_int_equal(choice.pattern, ATTACH_ADDRESS | ATTACH_HOUSE);
}

static void two_equally_good_ones_are_none(void **state)
{
	const struct attach_row guest = row(9, 9, "JALAN MELATI", 0);
	struct attach_row rows[] = {row(1, 1, "JALAN MELATI", 0), row(2, 2, "JALAN MELATI", 0), row(10, 10, "JALAN MAWAR", 0)};

	(void)state;
	assert_int_equal(choose(&guest, rows, 2).household, UINT32_MAX);
	rows[2].member.address = STR_LITERAL("JALAN MELATI"); /* the next row of the list at that: better than both */
	assert_int_equal(choose(&guest, rows, 3).household, 10);
	assert_int_equal(choose(&guest, rows, 3).pattern, ATTACH_ADDRESS | ATTACH_BESIDE);
}

static void another_card_is_another_family(void **state)
{
	const struct attach_row guest = row(9, 9, "JALAN MELATI 7", KK_B);
	struct attach_row rows[] = {row(2, 2, "JALAN MELATI 7", KK_A)};

	(void)state;
	assert_int_equal(choose(&guest, rows, 1).household, UINT32_MAX);
	rows[0].member.kk = KK_B + 5; /* a slip */
	assert_int_equal(choose(&guest, rows, 1).household, 2);
}

static void patterns_are_believed_by_what_was_counted(void **state)
{
	struct attach_counts counts = {.tried = 10000, .n_guests = 1000};
	float precision[ATTACH_PATTERNS];

	(void)state;
	counts.guests[ATTACH_ADDRESS] = 100; /* no more than chance alone gives */
	counts.chance[ATTACH_ADDRESS] = 1100;
	counts.right[ATTACH_ADDRESS] = 1000;
	counts.guests[ATTACH_ADDRESS | ATTACH_HOUSE] = 100;
	counts.right[ATTACH_ADDRESS | ATTACH_HOUSE] = 990;
	counts.wrong[ATTACH_ADDRESS | ATTACH_HOUSE] = 10;
	attach_believe(&counts, precision);
	assert_true(precision[ATTACH_ADDRESS] < 0.01f);
	assert_true(precision[ATTACH_ADDRESS | ATTACH_HOUSE] > 0.97f);
	assert_true(precision[ATTACH_BESIDE] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_neighbour_with_the_address_is_chosen),
		cmocka_unit_test(two_equally_good_ones_are_none),
		cmocka_unit_test(another_card_is_another_family),
		cmocka_unit_test(patterns_are_believed_by_what_was_counted),
	};

	return cmocka_run_group_tests_name("household_attach", tests, NULL, NULL);
}
