/*
 * Villages, RT and RW, addresses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/normalise/address.h"
#include "matcher/normalise/place.h"

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

/* Made up, after the manner of a district in Jambi. */
static const struct village villages[] = {
        {UINT64_C(1505011001), TEXT("Sengeti"), TEXT("Sekernan")},
        {UINT64_C(1505012002), TEXT("Sungai Baung"), TEXT("Sekernan")},
        {UINT64_C(1505012003), TEXT("Tanjung Pauh"), TEXT("Sekernan")},
        {UINT64_C(1505022001), TEXT("Muara Kumpeh"), TEXT("Kumpeh Ulu")},
        {UINT64_C(1505022002), TEXT("Tanjung Pauh"), TEXT("Kumpeh Ulu")},
        {UINT64_C(1505022003), TEXT("Kota Karang"), TEXT("Kumpeh Ulu")},
        {UINT64_C(1505032001), TEXT("Bahar Unit 1"), TEXT("Sungai Bahar")},
        {UINT64_C(1505032002), TEXT("Bahar Unit 2"), TEXT("Sungai Bahar")},
        {UINT64_C(1505032003), TEXT("Marga Mulya"), TEXT("Sungai Bahar")},
};

static const struct {
	const char *kecamatan, *village, *kecamatan_code, *village_code;
	uint64_t found;
	enum place_how how;
	bool ambiguous, contradiction;
} cases[] = {
        {"Sekernan", "Sengeti", "", "", 1505011001, PLACE_BY_NAME, false, false},
        {"KEC. SEKERNAN", "Kel. SENGETI", "", "", 1505011001, PLACE_BY_NAME, false, false},
        {"", "sengeti", "", "", 1505011001, PLACE_BY_NAME, false, false},
        {"Sekernan", "Sei. Baung", "", "", 1505012002, PLACE_BY_NAME, false, false},
        {"Sekernan", "SUNGAIBAUNG", "", "", 1505012002, PLACE_BY_NAME, false, false},
        {"Sekernan", "Sugai Baung", "", "", 1505012002, PLACE_BY_SIMILAR, false, false},
        {"Sekernan", "Sungai Bau", "", "", 1505012002, PLACE_BY_SIMILAR, false, false},
        {"Sekernan", "Tj Pauh", "", "", 1505012003, PLACE_BY_NAME, false, false},
        {"Kumpe Ulu", "Tanjung Pauh", "", "", 1505022002, PLACE_BY_NAME, false, false},
        {"", "Tanjung Pauh", "", "", 0, PLACE_NONE, true, false},
        {"", "Tanjung Pauh", "15.05.02", "", 1505022002, PLACE_BY_NAME, false, false},
        {"", "Tanjung Pauh", "02", "", 1505022002, PLACE_BY_NAME, false, false},
        {"Sungai Bahar", "Bahar Unit II", "", "", 1505032002, PLACE_BY_NAME, false, false},
        {"Sungai Bahar", "Bahar Unit 3", "", "", 0, PLACE_BY_NAME, false, false},
        {"", "Muaro Kumpeh", "", "", 1505022001, PLACE_BY_NAME, false, false},
        {"", "", "", "15.05.01.1001", 1505011001, PLACE_BY_CODE, false, false},
        {"", "", "", "1505011001", 1505011001, PLACE_BY_CODE, false, false},
        {"", "", "", "1505011001.0", 1505011001, PLACE_BY_CODE, false, false},
        {"Sekernan", "", "", "1001", 1505011001, PLACE_BY_CODE, false, false},
        {"", "", "", "1505013999", 0, PLACE_NONE, false, false},
        {"Sekernan", "Sengeti", "", "1505010001", 1505011001, PLACE_BY_BPS, false, false},
        {"", "", "", "1505010001", 0, PLACE_NONE, false, false},
        {"", "", "1505010001", "1505010001", 0, PLACE_NONE, false, false},
        {"", "Tanjung Pauh", "1505010001", "", 0, PLACE_NONE, true, false},
        {"Sekernan", "Sengeti", "", "1505022001", 1505011001, PLACE_BY_NAME, false, true},
        {"Sekernan", "entah", "", "1505011001", 1505011001, PLACE_BY_CODE, false, false},
        {"Kumpeh Ulu", "Sengeti", "", "", 1505011001, PLACE_BY_NAME, false, false},
        {"Sekernan", "Nowhere", "", "", 0, PLACE_BY_NAME, false, false},
        {"", "", "", "", 0, PLACE_NONE, false, false},
};

static void check(const struct village_table *table)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct place_words words = {str_from(cases[i].kecamatan), str_from(cases[i].village),
		        str_from(cases[i].kecamatan_code), str_from(cases[i].village_code)};
		struct place_match match;

		place_find(table, 1505, &words, &match);
		if (match.village != cases[i].found || match.how != cases[i].how ||
		        match.ambiguous != cases[i].ambiguous || match.contradiction != cases[i].contradiction)
			fail_msg("%s/%s/%s/%s: %llu how %d %d %d", cases[i].kecamatan, cases[i].village,
			        cases[i].kecamatan_code, cases[i].village_code, (unsigned long long)match.village,
			        match.how, match.ambiguous, match.contradiction);
		if (match.village)
			assert_int_equal(match.kecamatan, match.village / 10000);
	}
}

static void finds_villages(void **state)
{
	struct village_table table = {villages, sizeof(villages) / sizeof(*villages), NULL};
	struct place_words words = {{NULL, 0}, {NULL, 0}, {NULL, 0}, STR_LITERAL("15.05.01.1001")};
	struct place_match match;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	check(&table);
	table.index = place_index_new(villages, table.n, &arena);
	assert_non_null(table.index);
	check(&table);
	place_find(NULL, 1505, &words, &match); /* without a table a code is believed */
	assert_true(match.village == UINT64_C(1505011001));
	assert_null(place_village(&table, 1));
	assert_ptr_equal(place_village(&table, villages[4].code), &villages[4]);
	arena_release(&arena);
}

static void reads_rt_and_rw(void **state)
{
	static const struct {
		const char *raw;
		bool alone;
		unsigned rt, rw;
	} parts[] = {
	        {"003/001", true, 3, 1},
	        {"RT 3 RW 1", false, 3, 1},
	        {"RT.003/RW.001", false, 3, 1},
	        {"RT/RW 003/001", false, 3, 1},
	        {"RT03 RW 01", false, 3, 1},
	        {"rt 3", false, 3, 0},
	        {"RW 2", false, 0, 2},
	        {"RW 02 RT 05", false, 5, 2},
	        {"3", true, 3, 0},
	        {"3", false, 0, 0},
	        {"3.0", true, 3, 0},
	        {"05", true, 5, 0},
	        {"Jl. Baru RT 12/RW 3", false, 12, 3},
	        {"-", true, 0, 0},
	        {"", true, 0, 0},
	        {"RT", true, 0, 0},
	        {"1505012001", true, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		uint16_t rt, rw;
		bool found = place_parse_rt_rw(str_from(parts[i].raw), parts[i].alone, &rt, &rw);

		if (rt != parts[i].rt || rw != parts[i].rw || found != (parts[i].rt || parts[i].rw))
			fail_msg("%s: %u %u", parts[i].raw, rt, rw);
	}
}

static void reads_addresses(void **state)
{
	static const struct {
		const char *raw, *text;
		unsigned rt, rw, number, count;
	} addresses[] = {
	        {"Jl. Lintas Timur KM. 25 No. 12A RT 03/RW 01", "JALAN LINTAS TIMUR KM 25 12A", 3, 1, 12, 3},
	        {"JLN MERDEKA", "JALAN MERDEKA", 0, 0, 0, 1},
	        {"Dsn. Sungai Terap RT 5", "DUSUN SUNGAI TERAP", 5, 0, 0, 2},
	        {"Perum Griya Asri Blk C No 7", "PERUMAHAN GRIYA ASRI BLOK C 7", 0, 0, 7, 3},
	        {"12 Main Street", "12 MAIN STREET", 0, 0, 12, 1},
	        {"Main St.", "MAIN STREET", 0, 0, 0, 1},
	        {"St James Rd", "ST JAMES ROAD", 0, 0, 0, 2},
	        {"RT 1 RW 2", "", 1, 2, 0, 0},
	        {"-", "", 0, 0, 0, 0},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		struct address address;

		assert_int_equal(address_parse(str_from(addresses[i].raw), &arena, &address), 0);
		if (!str_equal(address.text, str_from(addresses[i].text)) || address.rt != addresses[i].rt ||
		        address.rw != addresses[i].rw || address.number != addresses[i].number ||
		        address.count != addresses[i].count)
			fail_msg("%s: '%.*s' rt %u rw %u no %u words %u", addresses[i].raw, STR_ARGS(address.text),
			        address.rt, address.rw, address.number, address.count);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_villages),
	        cmocka_unit_test(reads_rt_and_rw),
	        cmocka_unit_test(reads_addresses),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
