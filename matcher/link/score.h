/*
 * A pair's weight: levels of all comparisons, then the four classes' likelihoods in fixed point, then the odds. The tables
 * are made from a model once (scorer_prepare); comparing and weighing then only read, from any thread.
 */
#ifndef PADAN_SCORE_H
#define PADAN_SCORE_H

#include "matcher/link/frequency.h"
#include "matcher/link/fs_model.h"

/* What one record of a pair of lists is to expect, as shares of all pairs of these lists. */
struct list_prior {
	double share[FS_CLASSES]; /* FS_STRANGER: 1 */
	int32_t weight[FS_CLASSES];
	double pairs;
	bool within;        /* one list with itself */
	double match_base;  /* records that may have a partner: share = rate * base / pairs */
	double member_base; /* the same for household members and twins */
};

struct scorer {
	const struct store *store;
	const struct frequencies *frequencies;
	const struct fs_model *model;
	size_t n_lists;
	struct list_prior *priors; /* by list_pair() */
	int32_t weight[COMPARISONS_MAX][FS_CLASSES][LEVELS_MAX]; /* log2, fixed point */
	int32_t most[COMPARISONS_MAX]; /* that a level adds to a match against strangers, frequency apart */
	uint32_t places; /* columns of the address, a bit each (movers.h) */
	int32_t slack;                 /* that corrections of phrases and of their children may add */
};

struct levels {
	uint8_t level[COMPARISONS_MAX];
	bool same_birthday; /* both NIKs hold one birth date */
	int32_t frequency[COMPARISONS_MAX];
};

struct pair_score {
	double weight;           /* log2 odds: the same person against everything else */
	double p[FS_CLASSES];    /* posterior of each class */
};

/* What a comparison adds at most, where it seems to add so much: whoever moved is not counted less for his address. */
static inline int32_t scorer_bound(const struct scorer *scorer, size_t c, int32_t gain)
{
	return (scorer->places >> c & 1) && gain < 0 ? 0 : gain;
}

/* Index of two lists' prior; a and b in any order. */
static inline size_t list_pair(uint32_t a, uint32_t b)
{
	uint32_t high = a > b ? a : b, low = a > b ? b : a;

	return (size_t)high * (high + 1) / 2 + low;
}

/* Priors from the model's rates for the lists held. The store, frequencies and model must outlive the scorer. */
int scorer_init(struct scorer *scorer, const struct store *store, const struct frequencies *frequencies,
	const struct fs_model *model, struct error *err) PADAN_MUST_CHECK;
void scorer_release(struct scorer *scorer);

/* Takes lists in that were added since: their priors come from the model's rates, those learnt stay. */
int scorer_extend(struct scorer *scorer, struct error *err) PADAN_MUST_CHECK;

/* Tables from the model as it is now (after it was changed), and the priors' weights. */
void scorer_prepare(struct scorer *scorer);
void scorer_priors_from_rates(struct scorer *scorer);

void scorer_compare(const struct scorer *scorer, uint32_t a, uint32_t b, struct levels *ret);

/* Log-likelihood of the levels in each class, fixed point, prior not included. */
void scorer_likelihoods(const struct scorer *scorer, const struct levels *levels, int64_t ret[FS_CLASSES]);
void scorer_weigh(const struct list_prior *prior, const int64_t likelihood[FS_CLASSES],
	struct pair_score *ret);

static inline const struct list_prior *scorer_prior(const struct scorer *scorer, uint32_t a, uint32_t b)
{
	return &scorer->priors[list_pair(scorer->store->list_of[a], scorer->store->list_of[b])];
}

/*
 * All of the above, for pairs that may reach that weight: false, with ret untouched, as soon as nothing could lift the pair to
 * `least` any more. Cheap comparisons go first; a pair that they settle costs no comparison of names.
 */
bool scorer_score_above(const struct scorer *scorer, uint32_t a, uint32_t b, double least, struct pair_score *ret);

/*
 * Asks for the memory that comparing this record will touch, in two steps that are some pairs apart: where its values are
 * (0), the values (1). For a loop over pairs that knows its next ones.
 */
static inline void scorer_prefetch(const struct scorer *scorer, uint32_t record, int step)
{
	const struct store *store = scorer->store;
	const uint32_t *ids = &store->ids[record * store->n_columns];

	if (step == 0) {
		__builtin_prefetch(ids);
		return;
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		__builtin_prefetch(&store->columns[c].values[ids[c]]);
		if (comparison_is_phrase(store->columns[c].kind) && ids[c] < scorer->frequencies->columns[c].n_values)
			__builtin_prefetch(&scorer->frequencies->columns[c].self[ids[c]]);
	}
}

/*
 * The same for n ≤ 2 · SCORER_BATCH records that are about to be compared one after another, names and all: their memory is on its
 * way step by step, for all of them at once.
 */
enum { SCORER_BATCH = 32 };
void scorer_prefetch_all(const struct scorer *scorer, const uint32_t *records, size_t n);

/* All of the above. */
void scorer_score(const struct scorer *scorer, uint32_t a, uint32_t b, struct pair_score *ret);

/* Where a NIK, as BCD, holds day (its tens but for the sex), month and year. */
#define SAME_BIRTHDAY_DIGITS UINT64_C(0xffffff0000)

/* Whether two records are known to live in one place: 0 not known, 1 another, 2 the same. */
static inline unsigned scorer_nik_area(const struct store *store, const uint8_t *levels)
{
	if (store->place < 0 || !levels[store->place])
		return 0;
	return levels[store->place] == CODE_EQUAL ? 2 : 1;
}

/*
 * NIKs that hold one birth date: strangers who have them were born on one day, so their rows' dates agree or differ as one
 * person's do. What that takes from their weight, fixed point.
 */
int32_t scorer_birthday_correction(const struct scorer *scorer, const struct levels *levels);

/* The correction of a comparison's weight by the levels of others, fixed point. */
static inline int32_t scorer_correction(const struct scorer *scorer, size_t c, const struct levels *levels)
{
	const struct fs_comparison *comparison = &scorer->model->comparisons[c];
	const struct store *store = scorer->store;

	if ((int)c == store->nik)
		return levels->same_birthday ? scorer_birthday_correction(scorer, levels) : 0;
	if (comparison->parent < 0 || !levels->level[c] || !levels->level[comparison->parent])
		return 0;
	return (int32_t)(comparison->correction[levels->level[comparison->parent]][levels->level[c]] * 4096);
}

#endif
