/*
 * One person against a register in memory: how long linker_search() takes, in processor time, and what its index holds.
 *
 *	make build/release/tests/bench/search_one && build/release/tests/bench/search_one [RECORDS [SEARCHES]]
 *
 * Made-up persons (tests/support/link_people.h), weighed by the shipped model, whose plan keeps every index (a learnt one half of
 * them); half of the searches are for somebody who is there, damaged. The first search, which makes the index, is not counted. Run by
 * make bench-accuracy on 200,000.
 */
#include "matcher/base/arena.h"
#include "matcher/link/linker.h"
#include "tests/support/link_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HITS = 8 };

static int by_size(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

int main(int argc, char **argv)
{
	const struct linker_options options = {.within_lists = true, .across_lists = true};
	unsigned records = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 200000;
	unsigned searches = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 10000, found = 0;
	double *took = malloc((searches + 1) * sizeof *took);
	struct linker_statistics statistics;
	struct linker_schema schema;
	struct linker *linker;
	struct error err = {0};
	struct arena arena;
	uint32_t list;

	people_schema(&schema);
	arena_init(&arena, 0);
	if (!took || linker_new(&schema, &options, &linker, &err) < 0 || linker_list(linker, &list, &err) < 0)
		return 1;
	for (unsigned n = 0; n < records; n++) {
		struct person_row row;

		people_make(1, n, &row);
		people_add(linker, &row);
	}
	if (linker_settle(linker, NULL, NULL, &err) < 0)
		return 1;
	for (unsigned i = 0; i <= searches; i++) {
		struct field_value values[PEOPLE_FIELDS];
		struct linker_pair hits[HITS];
		struct person_row row;
		unsigned n = (unsigned)((uint64_t)i * 2654435761u % records);
		double begun;
		size_t got;

		people_make(i % 2 ? 2 : 1, n, &row);
		people_damage(i, &row);
		arena_reset(&arena);
		people_values(&row, &arena, values);
		begun = cpu_us();
		got = linker_search(linker, values, hits, HITS);
		took[i] = i ? cpu_us() - begun : 0;
		found += i && i % 2 == 0 && got && hits[0].a == n;
	}
	qsort(took + 1, searches, sizeof *took, by_size);
	linker_statistics(linker, &statistics);
	printf("one person in %u: p50 %.0f us, p99 %.0f us, most %.0f us of processor time; %.1f %% of those who are there come first; "
		"index %.0f bytes a record\n", records, took[1 + searches / 2], took[1 + (size_t)searches * 99 / 100], took[searches], 100.0 * found / (searches / 2),
		(double)statistics.index_bytes / records);
	free(took);
	arena_release(&arena);
	linker_free(linker);
	return 0;
}
