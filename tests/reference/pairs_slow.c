/* See pairs_slow.h. */
#include "tests/reference/pairs_slow.h"

#include <string.h>

static bool is_candidate(const struct candidates *candidates, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < candidates->n; i++) {
		if (candidates->pairs[i].a == a && candidates->pairs[i].b == b)
			return true;
	}
	return false;
}

void pairs_slow_recall(const struct scorer *scorer, const struct candidates *candidates, double p, size_t *ret_pairs,
	size_t *ret_found)
{
	*ret_pairs = *ret_found = 0;
	for (uint32_t a = 0; a < scorer->store->n_records; a++) {
		for (uint32_t b = a + 1; b < scorer->store->n_records; b++) {
			struct pair_score score;

			scorer_score(scorer, a, b, &score);
			if (score.p[FS_MATCH] < p)
				continue;
			++*ret_pairs;
			*ret_found += is_candidate(candidates, a, b);
		}
	}
}

double pairs_slow_levels(const struct scorer *scorer, const struct candidates *candidates, double chosen,
	double share[COMPARISONS_MAX][LEVELS_MAX], double counts[COMPARISONS_MAX][LEVELS_MAX])
{
	double matches = 0;

	memset(share, 0, COMPARISONS_MAX * sizeof *share);
	memset(counts, 0, COMPARISONS_MAX * sizeof *counts);
	for (size_t i = 0; i < candidates->n; i++) {
		const struct candidate *pair = &candidates->pairs[i];
		struct pair_score score;
		struct levels levels;

		scorer_compare(scorer, pair->a, pair->b, &levels);
		scorer_score(scorer, pair->a, pair->b, &score);
		/* The rule of large registers: a pair without any name in common teaches only when it is all but certain. */
		if (phrase_tokens_level(levels.level[scorer->store->name]) == TOKENS_APART && score.p[FS_MATCH] < 0.95)
			continue;
		matches += score.p[FS_MATCH];
		for (size_t c = 0; c < scorer->model->n; c++)
			counts[c][levels.level[c]] += score.p[FS_MATCH] * (candidates->free_from[i] >> c & 1 ? 1 : chosen);
	}
	for (size_t c = 0; c < scorer->model->n; c++) {
		bool phrase = comparison_is_phrase(scorer->model->comparisons[c].kind);

		for (unsigned l = 1; l < scorer->model->comparisons[c].n_levels; l++) {
			double total = 0;

			for (unsigned k = 1; k < scorer->model->comparisons[c].n_levels; k++) {
				if (!phrase || phrase_split(k) == phrase_split(l))
					total += counts[c][k];
			}
			share[c][l] = total > 0 ? counts[c][l] / total : 0;
		}
	}
	return matches;
}
