/* See score.h. */
#include "matcher/link/score.h"

#include "matcher/base/log2.h"

#include <stdlib.h>

static double records_of(const struct store *store, size_t list)
{
	size_t end = list + 1 < store->n_lists ? store->list_first[list + 1] : store->n_records;

	return store->list_withdrawn[list] ? 0 : (double)(end - store->list_first[list]);
}

void scorer_priors_from_rates(struct scorer *scorer)
{
	const struct fs_model *model = scorer->model;
	double records = 0;

	for (size_t a = 0; a < scorer->n_lists; a++)
		records += records_of(scorer->store, a);
	for (size_t a = 0; a < scorer->n_lists; a++) {
		for (size_t b = 0; b <= a; b++) {
			struct list_prior *prior = &scorer->priors[list_pair((uint32_t)a, (uint32_t)b)];
			double na = records_of(scorer->store, a), nb = records_of(scorer->store, b);
			double larger = na > nb ? na : nb, pairs = a == b ? na * (na - 1) / 2 : na * nb;
			double matches = a == b ? model->within * na / 2 : model->across * (na < nb ? na : nb);

			prior->pairs = pairs > 1 ? pairs : 1;
			prior->share[FS_MATCH] = matches / prior->pairs;
			prior->share[FS_HOUSEHOLD] = model->households ? model->members / (larger > 1 ? larger : 1) : 0;
			prior->share[FS_TWIN] = model->households ? model->twins / (larger > 1 ? larger : 1) : 0;
			prior->share[FS_STRANGER] = 1;
		}
	}
}

int scorer_init(struct scorer *scorer, const struct store *store, const struct frequencies *frequencies,
	const struct fs_model *model, struct error *err)
{
	*scorer = (struct scorer){.store = store, .frequencies = frequencies, .model = model, .n_lists = store->n_lists};
	scorer->priors = calloc(list_pair((uint32_t)store->n_lists, 0) + 1, sizeof *scorer->priors);
	if (!scorer->priors)
		return error_memory(err);
	scorer_priors_from_rates(scorer);
	scorer_prepare(scorer);
	return 0;
}

void scorer_release(struct scorer *scorer)
{
	free(scorer->priors);
	scorer->priors = NULL;
}

void scorer_prepare(struct scorer *scorer)
{
	const struct fs_model *model = scorer->model;

	for (size_t c = 0; c < model->n; c++) {
		for (unsigned k = 0; k < FS_CLASSES; k++) {
			for (unsigned l = 0; l < model->comparisons[c].n_levels; l++)
				scorer->weight[c][k][l] = weight_from_bits(log2_of(model->comparisons[c].p[k][l]));
		}
	}
	for (size_t i = 0; i < list_pair((uint32_t)scorer->n_lists, 0); i++) {
		struct list_prior *prior = &scorer->priors[i];

		for (unsigned k = 0; k < FS_CLASSES; k++) {
			if (prior->share[k] > 0.9 && k != FS_STRANGER)
				prior->share[k] = 0.9;
			prior->weight[k] = prior->share[k] > 0 ? weight_from_bits(log2_of(prior->share[k])) : INT32_MIN / 2;
		}
	}
}

void scorer_compare(const struct scorer *scorer, uint32_t a, uint32_t b, struct levels *ret)
{
	const struct store *store = scorer->store;
	uint32_t date_a = 0, date_b = 0;

	if (store->date >= 0 && store->nik >= 0) {
		date_a = (uint32_t)store_value(store, (size_t)store->date, a)->number;
		date_b = (uint32_t)store_value(store, (size_t)store->date, b)->number;
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		const struct store_column *column = &store->columns[c];
		struct comparison_outcome outcome;

		comparison_compare(column, &scorer->frequencies->columns[c], column->ids[a], column->ids[b], date_a, date_b,
			&outcome);
		ret->level[c] = outcome.level;
		ret->frequency[c] = outcome.frequency;
	}
}

void scorer_likelihoods(const struct scorer *scorer, const struct levels *levels, int64_t ret[FS_CLASSES])
{
	for (unsigned k = 0; k < FS_CLASSES; k++)
		ret[k] = 0;
	for (size_t c = 0; c < scorer->model->n; c++) {
		unsigned level = levels->level[c];

		if (!level)
			continue;
		for (unsigned k = 0; k < FS_CLASSES; k++)
			ret[k] += scorer->weight[c][k][level];
		ret[FS_STRANGER] += levels->frequency[c];
		ret[FS_STRANGER] -= scorer_correction(scorer, c, levels);
	}
}

/* Odds so small that a sum does not feel them. */
static bool negligible(double bits)
{
	return bits < -45;
}

void scorer_weigh(const struct scorer *scorer, const struct list_prior *prior, const int64_t likelihood[FS_CLASSES],
	struct pair_score *ret)
{
	double bits[FS_CLASSES], most, sum = 0, others = 0;

	for (unsigned k = 0; k < FS_CLASSES; k++)
		bits[k] = weight_to_bits(likelihood[k] + prior->weight[k]);
	most = bits[FS_HOUSEHOLD];
	for (unsigned k = FS_TWIN; k < FS_CLASSES; k++)
		most = bits[k] > most ? bits[k] : most;
	for (unsigned k = FS_HOUSEHOLD; k < FS_CLASSES; k++)
		others += negligible(bits[k] - most) ? 0 : exp2_of(bits[k] - most);
	ret->weight = bits[FS_MATCH] - most - log2_of(others);
	most = most > bits[FS_MATCH] ? most : bits[FS_MATCH];
	for (unsigned k = 0; k < FS_CLASSES; k++) {
		ret->p[k] = negligible(bits[k] - most) ? 0 : exp2_of(bits[k] - most);
		sum += ret->p[k];
	}
	for (unsigned k = 0; k < FS_CLASSES; k++)
		ret->p[k] /= sum;
}

void scorer_score(const struct scorer *scorer, uint32_t a, uint32_t b, struct pair_score *ret)
{
	struct levels levels;
	int64_t likelihood[FS_CLASSES];

	scorer_compare(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(scorer, scorer_prior(scorer, a, b), likelihood, ret);
}
