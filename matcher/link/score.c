/* See score.h. */
#include "matcher/link/score.h"

#include "matcher/base/log2.h"
#include "matcher/link/movers.h"
#include "matcher/link/name_mail.h"

#include <stdlib.h>

static double records_of(const struct store *store, size_t list)
{
	size_t end = list + 1 < store->n_lists ? store->list_first[list + 1] : store->n_records;

	return store->list_withdrawn[list] ? 0 : (double)(end - store->list_first[list]);
}

static void priors_from_rates(struct scorer *scorer, size_t first_list)
{
	const struct fs_model *model = scorer->model;

	for (size_t a = first_list; a < scorer->n_lists; a++) {
		for (size_t b = 0; b <= a; b++) {
			struct list_prior *prior = &scorer->priors[list_pair((uint32_t)a, (uint32_t)b)];
			double na = records_of(scorer->store, a), nb = records_of(scorer->store, b);
			double larger = na > nb ? na : nb, pairs = a == b ? na * (na - 1) / 2 : na * nb;
			double homes = model->households ? 1 : 0;

			prior->within = a == b;
			prior->pairs = pairs > 1 ? pairs : 1;
			prior->match_base = a == b ? na / 2 : na < nb ? na : nb;
			prior->member_base = na < 1 || nb < 1 ? 0 : homes * prior->pairs / (larger > 1 ? larger : 1);
			prior->share[FS_MATCH] = (a == b ? model->within : model->across) * prior->match_base / prior->pairs;
			prior->share[FS_HOUSEHOLD] = model->members * prior->member_base / prior->pairs;
			prior->share[FS_TWIN] = model->twins * prior->member_base / prior->pairs;
			prior->share[FS_STRANGER] = 1;
		}
	}
}

void scorer_priors_from_rates(struct scorer *scorer)
{
	priors_from_rates(scorer, 0);
}

int scorer_extend(struct scorer *scorer, struct error *err)
{
	size_t before = scorer->n_lists, now = scorer->store->n_lists;
	struct list_prior *priors;

	if (now == before)
		return 0;
	priors = realloc(scorer->priors, (list_pair((uint32_t)now, 0) + 1) * sizeof *priors);
	if (!priors)
		return error_memory(err);
	scorer->priors = priors;
	scorer->n_lists = now;
	/* The newest list known before may have been open still. */
	priors_from_rates(scorer, before);
	scorer_prepare(scorer);
	return 0;
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
	scorer->places = movers_places(scorer->store, model);
	scorer->slack = 0;
	for (size_t c = 0; c < model->n; c++) {
		const struct fs_comparison *comparison = &model->comparisons[c];

		scorer->most[c] = INT32_MIN;
		for (unsigned l = 1; l < comparison->n_levels; l++) {
			int32_t gain = scorer->weight[c][FS_MATCH][l] - scorer->weight[c][FS_STRANGER][l];

			scorer->most[c] = gain > scorer->most[c] ? gain : scorer->most[c];
		}
		if (comparison->parent >= 0)
			scorer->slack += WEIGHT_ONE;
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

static inline void compare_column(const struct scorer *scorer, size_t c, uint32_t a, uint32_t b, struct levels *ret)
{
	const struct store *store = scorer->store;
	const struct store_column *column = &store->columns[c];
	struct comparison_outcome outcome;
	uint32_t date_a = 0, date_b = 0;

	if ((int)c == store->nik && store->date >= 0) {
		date_a = (uint32_t)store_value(store, (size_t)store->date, a)->number;
		date_b = (uint32_t)store_value(store, (size_t)store->date, b)->number;
	}
	comparison_compare(column, &scorer->frequencies->columns[c], store_id(store, c, a), store_id(store, c, b), date_a, date_b, &outcome);
	ret->level[c] = outcome.level;
	ret->frequency[c] = outcome.frequency;
	if (!column->within_place)
		return;
	/* Who moved to another village lives in another RT as well, and of one RT are of one village: each is said once. */
	if (ret->level[store->place] > CODE_EQUAL)
		ret->level[c] = 0, ret->frequency[c] = 0;
	else if (ret->level[c] == CODE_EQUAL)
		ret->frequency[c] -= ret->frequency[store->place];
}

/*
 * Where the names have something in common, an address made of the name is told by whoever bears it: equal ones weigh by that, like
 * ones nothing.
 */
static void weigh_mail_by_name(const struct scorer *scorer, size_t c, uint32_t a, uint32_t b, struct levels *levels)
{
	const struct column_frequency *frequency = &scorer->frequencies->columns[c];
	uint32_t ida = store_id(scorer->store, c, a), idb = store_id(scorer->store, c, b);
	unsigned level = levels->level[c], name = levels->level[scorer->store->name];

	if (!level || level == EMAIL_DIFFERENT || !name || phrase_tokens_level(name) == TOKENS_APART || ida >= frequency->n_values ||
	    idb >= frequency->n_values || frequency->of_name[ida] == NAME_MAIL_OTHER || frequency->of_name[idb] == NAME_MAIL_OTHER)
		return;
	if (level == EMAIL_EQUAL && frequency->of_name[ida] > levels->frequency[c])
		levels->frequency[c] = frequency->of_name[ida];
	else if (level != EMAIL_EQUAL && scorer->weight[c][FS_MATCH][level] > scorer->weight[c][FS_STRANGER][level])
		levels->level[c] = 0;
}

/* What comparisons change in each other, once all are made. */
static void compare_together(const struct scorer *scorer, uint32_t a, uint32_t b, struct levels *levels)
{
	for (size_t c = 0; c < scorer->store->n_columns; c++) {
		if (scorer->frequencies->columns[c].of_name)
			weigh_mail_by_name(scorer, c, a, b, levels);
	}
}

/* By the digits of day (sex apart), month and year. */
static bool same_birthday(const struct store *store, uint32_t a, uint32_t b)
{
	uint64_t na, nb;

	if (store->nik < 0)
		return false;
	na = store_value(store, (size_t)store->nik, a)->number;
	nb = store_value(store, (size_t)store->nik, b)->number;
	return na && nb && ((na ^ nb) & SAME_BIRTHDAY_DIGITS) == 0;
}

void scorer_prefetch_all(const struct scorer *scorer, const uint32_t *records, size_t n)
{
	const struct store *store = scorer->store;

	for (int step = 0; step < 2; step++) {
		for (size_t i = 0; i < n; i++)
			scorer_prefetch(scorer, records[i], step);
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		const struct store_column *column = &store->columns[c];

		if (!comparison_is_phrase(column->kind))
			continue;
		for (size_t i = 0; i < n; i++)
			__builtin_prefetch(store_value(store, c, records[i])->words);
		for (size_t i = 0; i < n; i++) {
			const struct store_value *value = store_value(store, c, records[i]);

			for (unsigned w = 0; w < value->n_words; w++)
				__builtin_prefetch(&column->words[value->words[w]]);
		}
	}
}

void scorer_compare(const struct scorer *scorer, uint32_t a, uint32_t b, struct levels *ret)
{
	ret->same_birthday = same_birthday(scorer->store, a, b);
	for (size_t c = 0; c < scorer->store->n_columns; c++)
		compare_column(scorer, c, a, b, ret);
	compare_together(scorer, a, b, ret);
}

/* The most that a comparison not yet made can add. */
static int32_t most_of(const struct scorer *scorer, size_t c, uint32_t a, uint32_t b)
{
	const struct column_frequency *frequency = &scorer->frequencies->columns[c];
	uint32_t ida = store_id(scorer->store, c, a), idb = store_id(scorer->store, c, b);
	int32_t rarest_a, rarest_b;

	if (!ida || !idb)
		return 0;
	rarest_a = ida < frequency->n_values ? frequency->self[ida] : frequency->floor;
	rarest_b = idb < frequency->n_values ? frequency->self[idb] : frequency->floor;
	return scorer_bound(scorer, c, scorer->most[c] - (rarest_a > rarest_b ? rarest_a : rarest_b));
}

/* The most that a comparison adds, now that its level is known. */
static int32_t most_with(const struct scorer *scorer, size_t c, const struct levels *levels)
{
	unsigned level = levels->level[c];

	if (!level)
		return 0;
	return scorer_bound(scorer, c, scorer->weight[c][FS_MATCH][level] - scorer->weight[c][FS_STRANGER][level] - levels->frequency[c]);
}

bool scorer_score_above(const struct scorer *scorer, uint32_t a, uint32_t b, double least, struct pair_score *ret)
{
	const struct list_prior *prior = scorer_prior(scorer, a, b);
	int64_t bound = (int64_t)prior->weight[FS_MATCH] + scorer->slack - (int64_t)(least * WEIGHT_ONE), likelihood[FS_CLASSES];
	size_t n = scorer->store->n_columns;
	int32_t open[COMPARISONS_MAX];
	struct levels levels;

	levels.same_birthday = same_birthday(scorer->store, a, b);
	for (size_t c = 0; c < n; c++) {
		levels.level[c] = 0;
		if (!comparison_is_phrase(scorer->store->columns[c].kind)) {
			compare_column(scorer, c, a, b, &levels);
			bound += most_with(scorer, c, &levels);
		} else {
			open[c] = most_of(scorer, c, a, b);
			bound += open[c];
		}
	}
	if (scorer->store->nik >= 0)
		bound += scorer_correction(scorer, (size_t)scorer->store->nik, &levels);
	for (size_t c = n; c-- > 0;) {
		if (!comparison_is_phrase(scorer->store->columns[c].kind))
			continue;
		if (bound < 0)
			return false;
		compare_column(scorer, c, a, b, &levels);
		bound += most_with(scorer, c, &levels) - open[c];
	}
	if (bound < 0)
		return false;
	compare_together(scorer, a, b, &levels);
	scorer_likelihoods(scorer, &levels, likelihood);
	scorer_weigh(prior, likelihood, ret);
	return ret->weight >= least;
}

int32_t scorer_birthday_correction(const struct scorer *scorer, const struct levels *levels)
{
	const struct store *store = scorer->store;
	unsigned level = levels->level[store->nik], date = store->date < 0 ? 0 : levels->level[store->date];
	float bits = scorer->model->nik_on_birthday[scorer_nik_area(store, levels->level)][level];
	int32_t taken, now;

	/* An equal NIK is no neighbour's. */
	if (level <= DIGITS_EQUAL || bits == 0)
		return 0;
	taken = scorer->weight[store->nik][FS_STRANGER][level];
	now = (int32_t)(bits * WEIGHT_ONE);
	if (store->date < 0)
		return taken - now;
	if (date != DATES_EQUAL)
		now += scorer->frequencies->columns[store->date].unseen;
	if (date != DATES_MISSING && date != DATES_EQUAL) {
		taken += scorer->weight[store->date][FS_STRANGER][date];
		now += scorer->weight[store->date][FS_MATCH][date];
	}
	return taken - now;
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
	if (scorer->places) {
		unsigned told;
		double evidence = movers_evidence(scorer, levels, &told);

		ret[FS_MATCH] += told ? weight_from_bits(movers_add(scorer->model->moved, evidence, NULL)) : 0;
	}
}

/* Odds so small that a sum does not feel them. */
static bool negligible(double bits)
{
	return bits < -45;
}

void scorer_weigh(const struct list_prior *prior, const int64_t likelihood[FS_CLASSES],
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
	scorer_weigh(scorer_prior(scorer, a, b), likelihood, ret);
}
