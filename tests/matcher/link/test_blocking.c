/*
 * Candidates: against the slow twin, for all pairs and for some records' pairs, by all indexes and by some; and by the index of
 * all records, list by list.
 */
#include "matcher/base/hash.h"
#include "matcher/link/found_pairs.h"
#include "matcher/link/lookup.h"
#include "tests/reference/candidates_slow.h"
#include "tests/support/link_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PEOPLE = 700 };

static void fill(struct store *store, uint64_t seed, unsigned n)
{
	struct linker_schema schema;
	struct arena arena;
	struct error err = {0};

	people_schema(&schema);
	assert_int_equal(store_init(store, &schema, &err), 0);
	arena_init(&arena, 0);
	for (unsigned i = 0; i < n; i++) {
		struct field_value values[PEOPLE_FIELDS];
		struct person_row row;
		uint32_t record;

		people_make(seed, (unsigned)(hash_pair(seed, i) % (n * 3 / 4)), &row);
		people_damage(hash_pair(i, seed), &row);
		people_values(&row, &arena, values);
		assert_int_equal(store_add(store, values, &record, &err), 0);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static struct blocking_request request_of(const struct store *store, struct block_rules *rules)
{
	return (struct blocking_request){.store = store, .within_lists = true, .across_lists = true, .rules = rules};
}

static bool has_pair(const struct candidates *candidates, uint32_t a, uint32_t b, size_t *at)
{
	while (*at < candidates->n && (candidates->pairs[*at].a < a || (candidates->pairs[*at].a == a && candidates->pairs[*at].b < b)))
		(*at)++;
	return *at < candidates->n && candidates->pairs[*at].a == a && candidates->pairs[*at].b == b;
}

static void check(const struct store *store, uint64_t plan, unsigned generosity, const uint8_t *focus, bool indexes, bool in_parts)
{
	struct candidates_slow *slow = candidates_slow_new(store, plan, generosity);
	struct candidates found;
	struct block_rules rules;
	struct blocking_request request;
	struct error err = {0};
	size_t at = 0, expected = 0;

	block_rules_init(&rules, plan, generosity);
	request = request_of(store, &rules);
	request.focus = focus;
	request.want_indexes = indexes;
	request.in_parts = in_parts;
	assert_int_equal(blocking_find(&request, &found, &err), 0);
	assert_int_equal(found.in_parts != NULL, in_parts && !indexes);
	if (found.in_parts)
		assert_int_equal(found_pairs_gather(found.in_parts, NULL, &found), 0);
	for (uint32_t a = 0; a < store->n_records; a++) {
		for (uint32_t b = a + 1; b < store->n_records; b++) {
			bool wanted = candidates_slow_pair(slow, a, b) && (!focus || focus[a] || focus[b]);

			assert_int_equal(has_pair(&found, a, b, &at), wanted);
			expected += wanted;
		}
	}
	assert_int_equal(found.n, expected);
	assert_true(expected > 100);
	for (size_t i = 0; indexes && i < found.n; i++)
		assert_true(found.indexes[i] != 0 && (found.indexes[i] & ~plan) == 0 && found.free_from[i] != 0);
	candidates_release(&found);
	block_rules_release(&rules);
	candidates_slow_free(slow);
}

static void finds_what_the_twin_finds(void **state)
{
	struct store store;
	uint8_t focus[PEOPLE] = {0};

	(void)state;
	fill(&store, 5, PEOPLE);
	for (unsigned i = 0; i < PEOPLE; i++)
		focus[i] = hash_mix(i) % 5 == 0;
	check(&store, BLOCKING_ALL_INDEXES, 1, NULL, true, false);
	check(&store, BLOCKING_ALL_INDEXES, 2, NULL, false, true);
	check(&store, BLOCKING_ALL_INDEXES, 1, focus, true, false);
	check(&store, UINT64_C(0x5555555555555555), 1, NULL, false, false);
	check(&store, 1u << 2 | 1u << 3, 1, focus, false, true);
	store_release(&store);
}

/* Records that come in four lots, some of them much alike, so that groups grow too large. */
static void looking_up_equals_finding_all(void **state)
{
	const uint32_t lots[] = {400, 405, 470, 520, PEOPLE};
	struct store store;
	struct block_rules rules;
	struct record_index index = {{{0}}};
	uint8_t *current = calloc(PEOPLE * PEOPLE, 1);
	struct error err = {0};

	(void)state;
	fill(&store, 9, PEOPLE);
	store.n_records = lots[0];
	block_rules_init(&rules, BLOCKING_ALL_INDEXES, 1);
	for (size_t l = 0; l < sizeof lots / sizeof *lots; l++) {
		struct candidates found;
		struct blocking_request request = request_of(&store, &rules);
		uint8_t focus[PEOPLE] = {0};
		size_t at = 0;

		if (l == 0) { /* counts what is common */
			assert_int_equal(blocking_find(&request, &found, &err), 0);
			memset(focus, 1, sizeof focus);
		} else {
			store.n_records = lots[l];
			request.common_known = true;
			assert_int_equal(record_index_extend(&index, &rules, &store, lots[l - 1], NULL), 0);
			assert_int_equal(record_index_extend(&index, &rules, &store, lots[l], NULL), 0);
			assert_int_equal(lookup_new(&index, &request, lots[l - 1], focus, &found, &err), 0);
		}
		for (uint32_t a = 0; a < lots[l]; a++) {
			for (uint32_t b = a + 1; b < lots[l]; b++) {
				bool is = has_pair(&found, a, b, &at);

				if (focus[a] || focus[b])
					current[a * PEOPLE + b] = is;
				else
					assert_false(is);
			}
		}
		candidates_release(&found);
		request.common_known = true;
		assert_int_equal(blocking_find(&request, &found, &err), 0);
		at = 0;
		for (uint32_t a = 0; a < lots[l]; a++) {
			for (uint32_t b = a + 1; b < lots[l]; b++)
				assert_int_equal(has_pair(&found, a, b, &at), current[a * PEOPLE + b]);
		}
		candidates_release(&found);
	}
	assert_in_range(index.n, 1, 4);
	assert_true(record_index_bytes(&index) > 0);
	record_index_release(&index);
	block_rules_release(&rules);
	free(current);
	store_release(&store);
}

static void names_its_indexes(void **state)
{
	char name[BLOCKING_NAME_MAX];

	(void)state;
	assert_true(blocking_index_name(0, name));
	assert_string_equal(name, "sound");
	assert_false(blocking_index_name(63, name));
	assert_string_equal(name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_the_twin_finds),
		cmocka_unit_test(looking_up_equals_finding_all),
		cmocka_unit_test(names_its_indexes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
