/*
 * A district with the n-th allocation failing, for every n: reading rows, adding them, settling, flags, explanations. Each
 * call fails with ERROR_MEMORY or does its work; settling and flags may be tried again, with the result that there is
 * without failures. (The address sanitizer's run of this test finds what leaks; EVERY_ALLOCATION=1 tries each n.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/district/district.h"
#include "matcher/flag/explain.h"
#include "tests/support/failing_malloc.h"

enum { ROWS = 15, CELLS = 8, LISTS = 4 };

#define TEXT(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct programme programmes[] = {
	{.code = TEXT("pkh"), .name = TEXT("PKH"), .unit = UNIT_HOUSEHOLD, .inclusion = true},
	{.code = TEXT("blt"), .name = TEXT("BLT"), .unit = UNIT_HOUSEHOLD, .inclusion = true},
};
static const struct reference references[] = {{.code = TEXT("asn"), .name = TEXT("ASN")}};
static const struct rule rule_list[] = {
	{.code = TEXT("not-both"), .kind = RULE_FORBIDDEN_OVERLAP, .level = LEVEL_HOUSEHOLD, .programmes = {1, 0},
		.n_programmes = 2, .reference = -1, .valid_from = 20200101, .severity = SEVERITY_HIGH},
	{.code = TEXT("no-asn"), .kind = RULE_BARRED_BY, .level = LEVEL_HOUSEHOLD, .programmes = {0, 1}, .n_programmes = 2,
		.reference = 0, .valid_from = 20200101, .severity = SEVERITY_MEDIUM},
	{.code = TEXT("few"), .kind = RULE_QUOTA, .programmes = {1}, .n_programmes = 1, .reference = -1,
		.valid_from = 20200101, .entries = 5},
};
static const struct ruleset rules = {.programmes = programmes, .n_programmes = 2, .references = references,
	.n_references = 1, .rules = rule_list, .n_rules = 3};
static const struct district_list lists[LISTS] = {
	{.kind = LIST_TARGET, .subject = -1, .day = 20240101, .external = 1},
	{.kind = LIST_PROGRAMME, .subject = 0, .day = 20240201, .external = 2},
	{.kind = LIST_PROGRAMME, .subject = 1, .day = 20240301, .external = 3},
	{.kind = LIST_REFERENCE, .subject = 0, .day = 20240401, .external = 4},
};
static const enum column_role roles[CELLS] = {COLUMN_NIK, COLUMN_KK, COLUMN_NAME, COLUMN_BIRTH_DATE, COLUMN_SEX,
	COLUMN_RELATION, COLUMN_VILLAGE, COLUMN_ADDRESS};
static const struct village village_list[] = {{UINT64_C(1505012001), TEXT("Sengeti"), TEXT("Sekernan")}};

/* Row `row` of list `list`: every list holds other members of the same families, some told badly. */
static int read_row(uint32_t list, uint32_t row, struct arena *arena, struct entry *ret, struct error *err)
{
	static const char *const names[] = {"SLAMET RIYADI", "NURHAYATI", "BUDI HARTONO", "SITI AMINAH", "AGUS SALIM", "KARTINI"};
	struct village_table table = {village_list, 1, NULL};
	struct entry_context context = {.villages = &table, .district = 1505, .reference_year = 2024};
	uint32_t n = row * (list + 1) % 31, family = n / 3, day = 1 + n % 28, month = 1 + n % 12;
	char text[CELLS][48];
	struct str cells[CELLS];
	enum entry_reject reject;

	snprintf(text[0], sizeof text[0], row % 7 == list ? "-" : "150501%02u%02u80%04u", day + (n % 2 ? 40 : 0), month, n + 1);
	snprintf(text[1], sizeof text[1], list == 3 ? "" : "15050110011%05u", family + 1);
	snprintf(text[2], sizeof text[2], row % 5 == list ? "Alm. %s, S.Pd bin ABDUL" : "%s", names[n % 6]);
	snprintf(text[3], sizeof text[3], "%02u-%02u-1980", day, month);
	snprintf(text[4], sizeof text[4], "%s", n % 2 ? "P" : "L");
	snprintf(text[5], sizeof text[5], "%s", n % 3 ? "Anak" : "Kepala Keluarga");
	snprintf(text[6], sizeof text[6], "%s", row % 4 ? "Sengeti" : "Sengety");
	snprintf(text[7], sizeof text[7], "Jl. Mawar No. %u RT 0%u/01", family, family % 5);
	for (int i = 0; i < CELLS; i++)
		cells[i] = str_from(text[i]);
	return entry_build(&context, roles, cells, NULL, CELLS, row + 1, row + 2, arena, ret, &reject, err);
}

static int add_list(struct district *district, uint32_t list, struct error *err)
{
	struct arena arena;
	struct entry entry;
	uint32_t number;
	int status;

	arena_init(&arena, 0);
	status = district_add_list(district, &lists[list], &number, err);
	for (uint32_t row = 0; row < ROWS && status == 0; row++) {
		status = read_row(list, row, &arena, &entry, err);
		if (status == 0)
			status = district_add_entry(district, &entry, NULL, NULL, err);
	}
	arena_release(&arena);
	return status;
}

struct seen_flags {
	const struct district *district;
	uint64_t hash;
	size_t n;
	struct error err;
};

static int see_flag(void *arg, const struct flag *flag)
{
	struct seen_flags *seen = arg;
	const struct explain_style style = {.one_line = seen->n % 2};
	struct strbuf text;
	int status;

	strbuf_init(&text, EXPLAIN_TEXT_MAX);
	status = district_explain(seen->district, flag, &style, &text, &seen->err);
	seen->hash = hash_pair(seen->hash, hash_pair(hash_pair(flag->kind, flag->entry), hash_str(strbuf_str(&text))));
	seen->n++;
	strbuf_release(&text);
	return status;
}

/* All flags with their explanations, as a number that is other when one of them is. */
static int take_flags(struct district *district, bool all, uint64_t *ret, struct error *err)
{
	struct seen_flags seen = {.district = district};
	int status = district_flags(district, all, see_flag, &seen, err);

	if (status < 0 && seen.err.kind)
		*err = seen.err;
	*ret = hash_pair(seen.hash, seen.n);
	for (uint32_t i = 0; i < district_entries(district); i++)
		*ret = hash_pair(*ret, hash_pair(district_person(district, i), district_household(district, i)));
	return status;
}

static struct district *new_district(void)
{
	struct district *district;

	assert_int_equal(district_new(&rules, NULL, NULL, &district, NULL), 0);
	return district;
}

/* A row that could not be added: the district is given up. */
static void adding(void **state)
{
	bool failed = true;

	(void)state;
	for (size_t n = 1; failed; n = failing_malloc_next(n)) {
		struct district *district = NULL;
		struct error err = {0};
		int status;

		failing_malloc_start(n);
		status = district_new(&rules, NULL, NULL, &district, &err);
		for (uint32_t l = 0; l < LISTS && status == 0; l++)
			status = add_list(district, l, &err);
		if (status == 0)
			status = district_decide(district, DISTRICT_HOUSEHOLD, 1, 22, LINKER_SAME, &err);
		if (status == 0)
			status = district_withdraw_list(district, 1, &err);
		failed = failing_malloc_stop();
		assert_int_equal(status, failed ? -1 : 0);
		assert_int_equal(err.kind, failed ? ERROR_MEMORY : ERROR_NONE);
		district_free(district);
	}
}

/* Makes a call with its 1st, 2nd, 3rd … allocation failing, until it succeeds because it has not so many. */
#define REPEAT(call)                                                            \
	do {                                                                    \
		bool failed = true;                                             \
                                                                                \
		for (size_t n = 1; failed; n = failing_malloc_next(n)) {                               \
			struct error err = {0};                                 \
			int status;                                             \
                                                                                \
			failing_malloc_start(n);                                \
			status = (call);                                        \
			failed = failing_malloc_stop();                         \
			assert_int_equal(status, failed ? -1 : 0);              \
			assert_int_equal(err.kind, failed ? ERROR_MEMORY : ERROR_NONE); \
		}                                                               \
	} while (0)

static void settling_and_flags(void **state)
{
	struct district *calm = new_district(), *troubled = new_district();
	uint64_t expected, got;

	(void)state;
	for (uint32_t step = 0; step < 2; step++) {
		if (step == 1) {
			assert_int_equal(district_withdraw_list(calm, 1, NULL), 0);
			assert_int_equal(district_withdraw_list(troubled, 1, NULL), 0);
			assert_int_equal(district_decide(calm, DISTRICT_HOUSEHOLD, 1, 22, LINKER_SAME, NULL), 0);
			assert_int_equal(district_decide(troubled, DISTRICT_HOUSEHOLD, 1, 22, LINKER_SAME, NULL), 0);
		}
		for (uint32_t l = 2 * step; l < 2 * step + 2; l++) {
			assert_int_equal(add_list(calm, l, NULL), 0);
			assert_int_equal(add_list(troubled, l, NULL), 0);
		}
		assert_int_equal(district_settle(calm, NULL, NULL, NULL), 0);
		REPEAT(district_settle(troubled, NULL, NULL, &err));
		assert_int_equal(take_flags(calm, false, &expected, NULL), 0);
		REPEAT(take_flags(troubled, false, &got, &err));
		assert_true(got == expected);
	}
	assert_int_equal(take_flags(calm, true, &expected, NULL), 0);
	assert_int_equal(take_flags(troubled, true, &got, NULL), 0);
	assert_true(got == expected);
	district_free(calm);
	district_free(troubled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adding),
		cmocka_unit_test(settling_and_flags),
	};

	return cmocka_run_group_tests_name("district without memory", tests, NULL, NULL);
}
