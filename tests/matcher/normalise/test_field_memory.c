/* What is remembered is what field_normalise() says: names, dates, codes put together at random, each asked for more than once. */
#include "matcher/base/hash.h"
#include "matcher/normalise/field_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const char *const pieces[] = {"SITI", "aminah", "Budi", "MOH", "MUHAMAD", "Abdurrahman", "ABD", "H", "HJ", "DRS", "S.Pd", "SE", "M", "ALS",
	"ALIAS", "AHLI", "WARIS", "BIN", "binti", "ALM", "TIDAK", "ADA", "BELUM", "N", "A", "NA", "NULL", "K0SIM", "D'ARCY", "NUR'AINI", "\xc3\x89VA",
	"PANJANGSEKALINAMANYA", "ENAMBELASHURUFXX", "(ALM)", "-", ",", ".", "ST", "R", "RD", "AHMAD", "1980-12-31", "31/12/1980", "1/2/1980",
	"19801231", "0", "1", "2", "L", "P", "laki-laki", "15.05.01.2001", "1505012001", "1505012001.0", "007", "1.250,50", "12,5", "Rp 1.000", "-3", "25 th"};
enum { PIECES = sizeof pieces / sizeof *pieces, CELLS = 60000 };

static const enum field_type types[] = {FIELD_NAME, FIELD_NAME, FIELD_GIVEN_NAME, FIELD_SURNAME, FIELD_DATE, FIELD_SEX, FIELD_CODE,
	FIELD_NUMBER, FIELD_AGE, FIELD_NIK, FIELD_TEXT};

static struct str make_cell(uint64_t r, char *text, size_t size)
{
	static const char *const between[] = {" ", " ", " ", " ", " ", "  ", ", ", "."};
	size_t n = 0;

	for (unsigned i = 0, words = 1 + (unsigned)(r % 4) + (r % 61 == 0 ? 6 : 0); i < words; i++) {
		r = hash_mix(r + 1);
		n += (size_t)snprintf(text + n, size - n, "%s%s", i ? between[r % 8] : "", pieces[(r >> 8) % PIECES]);
	}
	return (struct str){text, n};
}

static void says_what_normalising_says(void **state)
{
	struct field_memory *memory = field_memory_new();
	struct arena arena;
	unsigned named = 0;

	(void)state;
	arena_init(&arena, 0);
	assert_non_null(memory);
	for (unsigned i = 0; i < CELLS; i++) {
		uint64_t r = hash_mix(i / 2);
		enum field_type type = types[(r >> 40) % (sizeof types / sizeof *types)];
		bool numeric = (r >> 50) % 16 == 0;
		struct field_value told, slow;
		char text[512];
		struct str cell = make_cell(r, text, sizeof text);

		assert_int_equal(field_normalise(type, cell, numeric, &arena, &slow), 0);
		assert_int_equal(field_memory_normalise(memory, type, cell, numeric, &arena, &told), 0);
		if (!str_equal(told.text, slow.text) || told.number != slow.number || told.flags != slow.flags)
			fail_msg("%s %.*s: %.*s, should be %.*s", field_type_name(type), STR_ARGS(cell), STR_ARGS(told.text), STR_ARGS(slow.text));
		named += type == FIELD_NAME && told.text.n;
		if (i % 512 == 0)
			arena_reset(&arena);
	}
	assert_true(named > CELLS / 20);
	arena_release(&arena);
	field_memory_free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_normalising_says)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
