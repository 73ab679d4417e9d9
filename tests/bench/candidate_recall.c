/*
 * Recall of the candidate indexes against all pairs: of the pairs that would be linked if every record were compared with every
 * other, how many the indexes bring together, and how many pairs they need for it.
 *
 *	make build/release/tests/bench/candidate_recall && build/release/tests/bench/candidate_recall [RECORDS [SEED]]
 *
 * Made-up persons (tests/support/link_people.h), every third twice, with 20,000 records 200 million pairs: a minute or two. Run by make
 * bench-accuracy. Not a test: tests/matcher/link/test_pairs_slow.c holds a small list to the same.
 */
#include "matcher/link/linker_state.h"
#include "tests/support/link_people.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t key_of(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

static int by_number(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

static void fill(struct linker *linker, unsigned records, uint64_t seed)
{
	unsigned added = 0;

	for (unsigned n = 0; added < records; n++) {
		struct person_row row;

		people_make(seed, n, &row);
		people_add(linker, &row);
		added++;
		if (n % 3)
			continue;
		people_damage(seed * 1000003 + n, &row);
		people_add(linker, &row);
		added++;
	}
}

int main(int argc, char **argv)
{
	const struct linker_options options = {.within_lists = true};
	unsigned records = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, links = 0, found = 0, *keys;
	struct linker_schema schema;
	struct linker *linker;
	struct error err = {0};
	uint32_t list, n;

	people_schema(&schema);
	if (linker_new(&schema, &options, &linker, &err) < 0 || linker_list(linker, &list, &err) < 0)
		return 1;
	fill(linker, records, seed);
	if (linker_train(linker, NULL, NULL, &err) < 0 || linker_settle(linker, NULL, NULL, &err) < 0)
		return 1;
	n = (uint32_t)linker_records(linker);
	keys = malloc((linker->scored.n + 1) * sizeof *keys);
	if (!keys)
		return 1;
	for (size_t i = 0; i < linker->scored.n; i++)
		keys[i] = key_of(linker->scored.pairs[i].a, linker->scored.pairs[i].b);
	qsort(keys, linker->scored.n, sizeof *keys, by_number);
	for (uint32_t a = 0; a < n; a++) {
		for (uint32_t b = a + 1; b < n; b++) {
			struct pair_score score;
			uint64_t key = key_of(a, b);

			if (!scorer_score_above(&linker->scorer, a, b, 0, &score))
				continue;
			links++;
			found += bsearch(&key, keys, linker->scored.n, sizeof *keys, by_number) != NULL;
		}
	}
	printf("%u records, %.0f pairs: %llu would be linked, the indexes find %llu of them (recall %.5f) among %llu candidates\n", n,
		(double)n * (n - 1) / 2, (unsigned long long)links, (unsigned long long)found, links ? (double)found / (double)links : 1,
		(unsigned long long)linker->statistics.candidate_pairs);
	free(keys);
	linker_free(linker);
	return 0;
}
