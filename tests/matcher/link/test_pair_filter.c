/*
 * The filter against scoring every pair: what it refuses would not have reached the weight, whatever the columns and the weight;
 * and of strangers it refuses most.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "matcher/base/hash.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/pair_filter.h"
#include "tests/support/link_people.h"

enum { PERSONS = 200 };

static size_t refuse(const struct scorer *scorer, double least, const struct candidate *pairs, size_t n)
{
	struct pair_filter filter;
	size_t refused = 0, looked;

	assert_int_equal(pair_filter_init(&filter, scorer, least, SIZE_MAX, NULL), 0);
	for (size_t i = 0; i < n; i += looked) {
		uint8_t kept[PAIR_FILTER_BATCH];
		size_t n_kept = pair_filter_next(&filter, pairs + i, n - i, &looked, kept), k = 0;

		for (size_t j = 0; j < looked; j++) {
			struct pair_score score;

			if (k < n_kept && kept[k] == j) {
				k++;
				continue;
			}
			refused++;
			scorer_score(scorer, pairs[i + j].a, pairs[i + j].b, &score);
			assert_true(score.weight < least);
		}
		assert_int_equal(k, n_kept);
	}
	pair_filter_release(&filter);
	return refused;
}

/* All pairs of the linker's records, by several weights: more than that share of them is refused. */
static void refuses_strangers_alone(struct linker *linker, double share)
{
	static const double least[] = {-16, -5.6, 0, 10};
	size_t records = linker->store.n_records, n = 0;
	struct candidate *pairs = malloc(records * records * sizeof *pairs);

	assert_non_null(pairs);
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	for (uint32_t a = 0; a < records; a++) {
		for (uint32_t b = a + 1; b < records; b++)
			pairs[n++] = (struct candidate){a, b};
	}
	for (size_t l = 0; l < sizeof least / sizeof *least; l++)
		assert_true((double)refuse(&linker->scorer, least[l], pairs, n) > share * (double)n);
	free(pairs);
}

static void of_persons(void **state)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker_schema schema;
	struct linker *linker;
	uint32_t list;

	(void)state;
	people_schema(&schema);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	for (int l = 0; l < 2; l++) {
		assert_int_equal(linker_list(linker, &list, NULL), 0);
		for (unsigned n = 0; n < PERSONS; n++) {
			struct person_row row;

			people_make(11, l ? n / 2 : n, &row);
			if (l)
				people_damage(n, &row);
			people_add(linker, &row);
		}
	}
	refuses_strangers_alone(linker, 0.9);
	linker_free(linker);
}

static const struct {
	enum field_type type;
	const char *format;
	bool within_place;
} columns[] = {{FIELD_NAME, "NUR%c%c AMINAH%c", false}, {FIELD_DATE, "19%c%c-0%c-1%c", false}, {FIELD_CODE, "15.0%c.0%c", false},
	{FIELD_NUMBER, "%c%c", true}, {FIELD_ADDRESS, "JALAN MAWAR%c GANG %c%c", true}, {FIELD_ADDRESS, "DUSUN %c%c TIMUR%c", false},
	{FIELD_PHONE, "0812345%c%c%c", false}, {FIELD_EMAIL, "nur%c%c@x%c.id", false}, {FIELD_IDENTIFIER, "AB%c%c77%c", false},
	{FIELD_SEX, "%c", false}, {FIELD_KK, "15050112030%c000%c", true}};
enum { COLUMNS = sizeof columns / sizeof *columns, WITHOUT_KEY = COLUMNS - 1 };

/* Few different values of each kind, near each other, often missing. */
static void add_row(struct linker *linker, size_t n_columns, uint64_t seed)
{
	struct field_value values[COLUMNS];
	struct arena arena;
	uint32_t record;

	arena_init(&arena, 0);
	for (size_t c = 0; c < n_columns; c++) {
		uint64_t dice = hash_mix(seed * COLUMNS + c);
		char text[64];

		snprintf(text, sizeof text, columns[c].format, '1' + (int)(dice % 4), '1' + (int)(dice / 4 % 4), '1' + (int)(dice / 16 % 4),
			'1' + (int)(dice / 64 % 4));
		assert_int_equal(field_normalise(columns[c].type, str_from(dice >> 60 ? text : ""), false, &arena, &values[c]), 0);
	}
	assert_int_equal(linker_add(linker, values, &record, NULL), 0);
	arena_release(&arena);
}

static void of_columns(size_t n_columns)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker_schema schema = {.n_fields = n_columns};
	struct linker *linker;
	uint32_t list;

	for (size_t c = 0; c < n_columns; c++) {
		schema.fields[c].type = columns[c].type;
		schema.fields[c].within_place = columns[c].within_place;
		snprintf(schema.fields[c].name, sizeof schema.fields[c].name, "kolom %zu", c);
	}
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	for (uint64_t n = 0; n < PERSONS; n++)
		add_row(linker, n_columns, n % 3 ? n : n / 2);
	refuses_strangers_alone(linker, n_columns == WITHOUT_KEY ? -1 : 0);
	/* Without a household's key people may have moved: a bound of its own. */
	assert_int_equal(linker->scorer.places != 0, n_columns == WITHOUT_KEY);
	linker_free(linker);
}

static void of_anything(void **state)
{
	(void)state;
	of_columns(COLUMNS);
	of_columns(WITHOUT_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_persons),
		cmocka_unit_test(of_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
