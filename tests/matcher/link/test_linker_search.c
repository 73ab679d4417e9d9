/* Search for one person: who is found, and that nothing is left behind by having searched. */
#include "matcher/link/linker_state.h"
#include "tests/support/link_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct linker *new_linker(void)
{
	struct linker_schema schema;
	struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker *linker = NULL;

	people_schema(&schema);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	return linker;
}

static void settle(struct linker *linker)
{
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, NULL), 0);
}

static void searches_one_person(void **state)
{
	struct linker *linker = new_linker();
	struct field_value values[PEOPLE_FIELDS];
	struct linker_pair hits[5];
	struct person_row row;
	struct arena arena;
	size_t n;

	(void)state;
	people_crowd(linker);
	settle(linker);
	arena_init(&arena, 0);
	people_make(7, 377, &row);
	row.nik[0] = '\0';
	row.name[1] = 'Q';
	people_values(&row, &arena, values);
	n = linker_search(linker, values, hits, 5);
	assert_in_range(n, 1, 5);
	assert_int_equal(hits[0].a, 377);
	assert_int_equal(linker_records(linker), PEOPLE_CROWD + PEOPLE_REPEATS);
	arena_release(&arena);
	linker_free(linker);
}

/* Searching for people who are not there leaves nothing behind: values, words, weights of those who come later. */
static void searching_changes_nothing(void **state)
{
	struct linker *linker = new_linker(), *unasked = new_linker();
	size_t values_held = 0, words_held = 0;
	struct field_value values[PEOPLE_FIELDS];
	struct linker_pair hits[5], again[5];
	struct person_row row;
	struct arena arena;
	uint32_t list;

	(void)state;
	people_crowd(linker);
	people_crowd(unasked);
	settle(linker);
	settle(unasked);
	for (size_t c = 0; c < linker->store.n_columns; c++) {
		values_held += linker->store.columns[c].n_values;
		words_held += linker->store.columns[c].n_words;
	}
	arena_init(&arena, 0);
	for (unsigned n = 0; n < 300; n++) {
		people_make(99, n, &row);
		row.name[0] = (char)('A' + n % 26);
		people_values(&row, &arena, values);
		linker_search(linker, values, hits, 5);
	}
	for (size_t c = 0; c < linker->store.n_columns; c++) {
		values_held -= linker->store.columns[c].n_values;
		words_held -= linker->store.columns[c].n_words;
	}
	assert_int_equal(values_held, 0);
	assert_int_equal(words_held, 0);
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	assert_int_equal(linker_list(unasked, &list, NULL), 0);
	for (unsigned n = 0; n < 60; n++) {
		people_make(99, 5 * n, &row);
		people_add(linker, &row);
		people_add(unasked, &row);
	}
	settle(linker);
	settle(unasked);
	for (uint32_t r = 0; r < linker_records(linker); r++)
		assert_int_equal(linker_cluster(linker, r), linker_cluster(unasked, r));
	people_make(99, 5 * 7, &row);
	people_values(&row, &arena, values);
	assert_int_equal(linker_search(linker, values, hits, 5), linker_search(unasked, values, again, 5));
	assert_int_equal(hits[0].a, PEOPLE_CROWD + PEOPLE_REPEATS + 7);
	assert_memory_equal(&hits[0], &again[0], sizeof hits[0]);
	arena_release(&arena);
	linker_free(linker);
	linker_free(unasked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_one_person),
		cmocka_unit_test(searching_changes_nothing),
	};

	return cmocka_run_group_tests_name("linker search", tests, NULL, NULL);
}
