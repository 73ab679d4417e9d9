/*
 * Cells of every kind of column, and that canonical values stay what they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/normalise/field.h"

static void normalises(void **state)
{
	static const struct {
		enum field_type type;
		const char *raw;
		bool numeric;
		const char *text;
		uint64_t number;
		unsigned flags;
	} cases[] = {
	        {FIELD_IGNORE, "x", false, "", 0, 0},
	        {FIELD_NAME, "H. Moh. Ali, S.Pd", false, "MUHAMMAD ALI", 0, FIELD_REPAIRED},
	        {FIELD_NAME, "Aminah binti Umar", false, "AMINAH UMAR", 0, 0},
	        {FIELD_NAME, "N/A", false, "", 0, 0},
	        {FIELD_GIVEN_NAME, "H", false, "H", 0, 0},
	        {FIELD_SURNAME, "van der Berg", false, "VAN DER BERG", 0, 0},
	        {FIELD_NIK, "1505013112800001", false, "1505013112800001", UINT64_C(1505013112800001), 0},
	        {FIELD_NIK, "'1505013112800010", true, "1505013112800010", UINT64_C(1505013112800010),
	                FIELD_REPAIRED | FIELD_SUSPECT},
	        {FIELD_NIK, "0150501200100012", false, "0150501200100012", UINT64_C(150501200100012), FIELD_SUSPECT},
	        {FIELD_NIK, "9999999999999999", false, "", 0, FIELD_PLACEHOLDER},
	        {FIELD_NIK, "1,5E+15", false, "", 0, 0},
	        {FIELD_KK, "1505013112150001", false, "1505013112150001", UINT64_C(1505013112150001), 0},
	        {FIELD_KK, "FAM-0012", false, "FAM0012", 0, FIELD_REPAIRED},
	        {FIELD_KK, "4711", false, "4711", 4711, 0},
	        {FIELD_KK, "0", false, "", 0, FIELD_PLACEHOLDER},
	        {FIELD_IDENTIFIER, " 123-456-789.0 ", false, "1234567890", 1234567890, FIELD_REPAIRED},
	        {FIELD_IDENTIFIER, "5305218.0", false, "5305218", 5305218, 0},
	        {FIELD_IDENTIFIER, "0005", false, "0005", 5, 0},
	        {FIELD_IDENTIFIER, "999999999", false, "", 0, FIELD_PLACEHOLDER},
	        {FIELD_PHONE, "0812-3456-7890", false, "234567890", 0, FIELD_REPAIRED},
	        {FIELD_PHONE, "+62 812 3456 7890", false, "234567890", 0, FIELD_REPAIRED},
	        {FIELD_PHONE, "(0741) 123456 / 0741 99", false, "741123456", 0, FIELD_REPAIRED},
	        {FIELD_PHONE, "081234567890.0", false, "234567890", 0, FIELD_REPAIRED},
	        {FIELD_PHONE, "000000000000", false, "", 0, FIELD_PLACEHOLDER},
	        {FIELD_DATE, "31/12/1980", false, "1980-12-31", 19801231, 0},
	        {FIELD_DATE, "1/2/1980", false, "1980-02-01", 19800201, FIELD_SUSPECT},
	        {FIELD_DATE, "1980", false, "1980-00-00", 19800000, 0},
	        {FIELD_DATE, "31/02/1980", false, "1980-02-31", 19800231, FIELD_SUSPECT},
	        {FIELD_DATE, "00/00/0000", false, "", 0, FIELD_PLACEHOLDER},
	        {FIELD_DATE, "lupa", false, "", 0, 0},
	        {FIELD_SEX, "laki-laki", false, "L", 1, 0},
	        {FIELD_SEX, "F", false, "P", 2, 0},
	        {FIELD_SEX, "x", false, "", 0, 0},
	        {FIELD_CODE, "1505012001.0", false, "1505012001", 0, FIELD_REPAIRED},
	        {FIELD_CODE, "nsw", false, "NSW", 0, 0},
	        {FIELD_CODE, "02045", false, "02045", 0, 0},
	        {FIELD_NUMBER, "Rp 1.250.000", false, "1250000", 1250000, 0},
	        {FIELD_NUMBER, "1.000,50", false, "1000.5", 1000, 0},
	        {FIELD_NUMBER, "1,000.50", false, "1000.5", 1000, 0},
	        {FIELD_NUMBER, "12,5", false, "12.5", 12, 0},
	        {FIELD_NUMBER, "007", false, "7", 7, 0},
	        {FIELD_NUMBER, "12A", false, "12", 12, 0},
	        {FIELD_NUMBER, "0", false, "0", 0, 0},
	        {FIELD_NUMBER, "-3", false, "-3", 3, 0},
	        {FIELD_NUMBER, "-0", false, "0", 0, 0},
	        {FIELD_NUMBER, "1.1250", false, "1.1250", 1, 0},
	        {FIELD_NUMBER, "?", false, "", 0, 0},
	        {FIELD_ADDRESS, "Jl. Merdeka No. 12 RT.003/RW.001", false, "JALAN MERDEKA 12 RT 3 RW 1", 0, 0},
	        {FIELD_ADDRESS, "RT 5", false, "RT 5", 0, 0},
	        {FIELD_ADDRESS, "12 St James St", false, "12 STREET JAMES STREET", 0, 0},
	        {FIELD_TEXT, " Pasar  Minggu! ", false, "PASAR MINGGU", 0, 0},
	        {FIELD_EMAIL, "Budi@Example.id", false, "BUDI@EXAMPLE.ID", 0, 0},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct field_value value, again;

		assert_int_equal(
		        field_normalise(cases[i].type, str_from(cases[i].raw), cases[i].numeric, &arena, &value), 0);
		if (!str_equal(value.text, str_from(cases[i].text)) || value.number != cases[i].number ||
		        value.flags != cases[i].flags)
			fail_msg("%s %s: '%.*s' %llu flags %x", field_type_name(cases[i].type), cases[i].raw,
			        STR_ARGS(value.text), (unsigned long long)value.number, value.flags);
		assert_int_equal(field_missing(&value), cases[i].text[0] == '\0');
		assert_int_equal(field_normalise(cases[i].type, value.text, false, &arena, &again), 0);
		if (!str_equal(value.text, again.text) || value.number != again.number)
			fail_msg("%s %s: twice '%.*s'", field_type_name(cases[i].type), cases[i].raw,
			        STR_ARGS(again.text));
	}
	arena_release(&arena);
}

static void names_types(void **state)
{
	(void)state;
	for (int type = 0; type < FIELD_TYPES; type++)
		assert_int_equal(field_type_from_name(str_from(field_type_name((enum field_type)type))), type);
	assert_int_equal(field_type_from_name(STR_LITERAL("nonsense")), FIELD_TYPES);
}

/* Only memory can fail, and it says so. */
static void reports_an_exhausted_arena(void **state)
{
	struct field_value value;
	struct arena arena;

	(void)state;
	arena_init(&arena, 1);
	assert_int_equal(field_normalise(FIELD_NAME, STR_LITERAL("SITI AMINAH"), false, &arena, &value), -1);
	assert_int_equal(field_normalise(FIELD_TEXT, STR_LITERAL("SITI AMINAH"), false, &arena, &value), -1);
	assert_int_equal(field_normalise(FIELD_ADDRESS, STR_LITERAL("JALAN BARU"), false, &arena, &value), -1);
	assert_int_equal(field_normalise(FIELD_NIK, STR_LITERAL("1505013112800001"), false, &arena, &value), -1);
	arena_release(&arena);
}

static void twice_is_once(void **state)
{
	static const char alphabet[] = "AEHMSTBINDRJ.,'( )-/01235789E+ \xc3\xa9\xff";
	uint64_t seed = 17;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (int round = 0; round < 60000; round++) {
		enum field_type type = (enum field_type)(round % FIELD_TYPES);
		struct field_value value, again;
		char raw[40];
		size_t n = hash_mix(++seed) % sizeof(raw);

		for (size_t i = 0; i < n; i++)
			raw[i] = alphabet[hash_mix(++seed) % (sizeof(alphabet) - 1)];
		assert_int_equal(field_normalise(type, (struct str){raw, n}, false, &arena, &value), 0);
		assert_int_equal(field_normalise(type, value.text, false, &arena, &again), 0);
		if (!str_equal(value.text, again.text) || value.number != again.number)
			fail_msg("%s '%.*s': '%.*s', then '%.*s'", field_type_name(type), (int)n, raw,
			        STR_ARGS(value.text), STR_ARGS(again.text));
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(normalises),
	        cmocka_unit_test(names_types),
	        cmocka_unit_test(reports_an_exhausted_arena),
	        cmocka_unit_test(twice_is_once),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
