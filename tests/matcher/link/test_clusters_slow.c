/*
 * Clustering against its slow twin, which looks at every way to divide a few records: relatives with keys on each other's rows, damaged
 * and missing values, several lists, people's decisions. Then a bridge between two dense groups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "matcher/base/hash.h"
#include "matcher/link/linker_state.h"
#include "tests/reference/clusters_slow.h"
#include "tests/support/link_people.h"

enum {
	ROWS = 8, LISTS = 4,
	CASES = 6000, /* fewer have no cluster that must be parted (cluster_part.c): it is rare */
	LOOKED_THROUGH = 3
};

static struct linker *new_linker(bool nik)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	struct linker_schema schema;
	struct linker *linker;
	uint32_t list;

	people_schema(&schema);
	if (!nik)
		schema.fields[0].type = FIELD_IDENTIFIER; /* whose it is, is decided for NIKs alone: not the twin's business */
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	people_crowd(linker);
	return linker;
}

/* A row of one of three relatives, with a name, a key or a date from another one now and then, or none. */
static struct person_row odd_row(uint64_t seed, unsigned number)
{
	uint64_t random = hash_pair(seed, number);
	struct person_row row, other;
	unsigned who = random % 3;

	people_make(900 + seed, who, &row);
	people_make(900 + seed, (who + 1 + (random >> 50) % 2) % 3, &other);
	if (random >> 8 & 1)
		people_damage(random, &row);
	if ((random >> 9) % 4 == 0)
		memcpy(row.nik, other.nik, sizeof row.nik);
	if ((random >> 13) % 5 == 0)
		memcpy(row.born, other.born, sizeof row.born);
	if ((random >> 17) % 3 == 0)
		row.born[0] = '\0';
	if ((random >> 21) % 3 == 0)
		row.nik[0] = '\0';
	if ((random >> 25) % 6 == 0)
		memcpy(row.name, other.name, sizeof row.name);
	if ((random >> 29) % 3 == 0)
		row.sex[0] = '\0';
	return row;
}

/* All pairs worth a look, and now and then a decision. */
static size_t list_edges(const struct linker *linker, const uint32_t *records, uint64_t seed, struct cluster_edge *edges)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ROWS; i++) {
		for (uint32_t j = i + 1; j < ROWS; j++) {
			uint64_t random = hash_pair(seed + 5, i * ROWS + j);
			struct linker_pair pair;

			linker_score(linker, records[i], records[j], &pair);
			if (random % 100 == 0)
				edges[n++] = (struct cluster_edge){i, j, random >> 8 & 1 ? INFINITY : -INFINITY};
			else if (pair.probability >= 0.02f)
				edges[n++] = (struct cluster_edge){i, j, pair.weight};
		}
	}
	return n;
}

/* People may decide what cannot be: A is B, B is C, but A is not C. Then nothing can stand. */
static bool decisions_can_be(const struct clusters_slow *slow)
{
	uint8_t group[ROWS];

	for (uint8_t i = 0; i < ROWS; i++)
		group[i] = i;
	for (int round = 0; round < ROWS; round++)
		for (size_t e = 0; e < slow->n_edges; e++)
			if (slow->edges[e].weight == INFINITY)
				group[slow->edges[e].a] = group[slow->edges[e].b] =
					group[slow->edges[e].a] < group[slow->edges[e].b] ? group[slow->edges[e].a] : group[slow->edges[e].b];
	for (size_t e = 0; e < slow->n_edges; e++)
		if (slow->edges[e].weight == -INFINITY && group[slow->edges[e].a] == group[slow->edges[e].b])
			return false;
	return true;
}

/* The fast one's clusters of one case: the first place of each. */
static void cluster_fast(const struct linker *linker, const struct clusters_slow *slow, uint32_t *label, uint8_t group[ROWS])
{
	struct cluster_edge edges[ROWS * ROWS];

	for (size_t e = 0; e < slow->n_edges; e++)
		edges[e] = (struct cluster_edge){slow->records[slow->edges[e].a], slow->records[slow->edges[e].b], slow->edges[e].weight};
	assert_int_equal(cluster_records(&linker->scorer, slow->options, edges, slow->n_edges, NULL, label, NULL), 0);
	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned j = ROWS; j-- > 0;)
			if (label[slow->records[j]] == label[slow->records[i]])
				group[i] = (uint8_t)j;
}

static bool same_division(const uint8_t *a, const uint8_t *b)
{
	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned j = 0; j < i; j++)
			if ((a[i] == a[j]) != (b[i] == b[j]))
				return false;
	return true;
}

/* Every division that the fast one finds can stand; and where no other can, it finds that one. */
static void clusters_are_those_of_all_divisions(void **state)
{
	static const struct cluster_options options = {.within_lists = true, .across_lists = true};
	struct linker *linker = new_linker(false);
	static uint32_t records[CASES][ROWS];
	uint32_t *label, list;
	unsigned joined = 0;

	(void)state;
	for (unsigned l = 0; l < LISTS; l++) {
		assert_int_equal(linker_list(linker, &list, NULL), 0);
		for (unsigned c = 0; c < CASES; c++) {
			for (unsigned r = l * ROWS / LISTS; r < (l + 1) * ROWS / LISTS; r++) {
				struct person_row row = odd_row(c, r);

				records[c][r] = people_add(linker, &row);
			}
		}
	}
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	label = malloc(linker_records(linker) * sizeof *label);
	assert_non_null(label);
	for (unsigned c = 0; c < CASES; c++) {
		struct cluster_edge edges[ROWS * ROWS];
		struct clusters_slow slow = {&linker->scorer, &options, records[c], ROWS, edges, list_edges(linker, records[c], c, edges)};
		uint8_t group[ROWS], one[CLUSTERS_SLOW_MAX];
		const char *fault;

		if (!decisions_can_be(&slow))
			continue;
		cluster_fast(linker, &slow, label, group);
		fault = clusters_slow_fault(&slow, group);
		if (fault)
			fail_msg("case %u: %s", c, fault);
		for (unsigned i = 0; i < ROWS; i++)
			joined += group[i] != i;
		if (c >= LOOKED_THROUGH)
			continue;
		if (clusters_slow_stable(&slow, one) == 1)
			assert_true(same_division(group, one));
	}
	assert_true(joined > 2 * CASES);
	free(label);
	linker_free(linker);
}

static bool same(const struct linker *linker, uint32_t a, uint32_t b)
{
	return linker_cluster(linker, a) == linker_cluster(linker, b);
}

/* Two persons of one family with four rows each, and one row that has the name and date of one and the NIK of the other. */
static void a_bridge_joins_nobody(void **state)
{
	struct linker *linker = new_linker(true);
	struct person_row rows[2];
	uint32_t records[2][4], bridge[2];

	(void)state;
	for (unsigned family = 0; family < 2; family++) {
		for (unsigned who = 0; who < 2; who++) {
			people_make(300 + family, who, &rows[who]);
			for (unsigned i = 0; i < 4; i++)
				records[who][i] = people_add(linker, &rows[who]);
		}
		memcpy(rows[1].nik, rows[0].nik, sizeof rows[1].nik);
		if (family) /* … and no KK either, nor a date */
			rows[1].kk[0] = rows[1].born[0] = '\0';
		bridge[family] = people_add(linker, &rows[1]);
	}
	assert_int_equal(linker_train(linker, NULL, NULL, NULL), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, NULL), 0);
	for (unsigned i = 1; i < 4; i++) {
		assert_true(same(linker, records[0][0], records[0][i]));
		assert_true(same(linker, records[1][0], records[1][i]));
	}
	assert_false(same(linker, records[0][0], records[1][0]));
	assert_true(same(linker, bridge[0], bridge[0] - 1)); /* with those of its name */
	linker_free(linker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clusters_are_those_of_all_divisions),
		cmocka_unit_test(a_bridge_joins_nobody),
	};

	return cmocka_run_group_tests_name("slow clusters", tests, NULL, NULL);
}
