/*
 * The shipped model for a list's columns: what it is matched by before it has taught anything better, and what training is
 * pulled towards where it sees little. The values stand in matcher/models/shipped.model, whose text is part of the program.
 */
#include "matcher/link/fs_model.h"

#include <stdlib.h>
#include <string.h>

/*
 * Members of one household share a card; without one, an address, a place, a telephone. Where nothing of the kind is told
 * besides name, date and sex, they are strangers like others.
 */
static bool tells_households(const struct store *store)
{
	if (store->kk >= 0)
		return true;
	for (size_t c = 0; c < store->n_columns && store->name >= 0; c++) {
		switch (store->columns[c].kind) {
		case COMPARE_WORDS:
		case COMPARE_CODE:
		case COMPARE_NUMBER:
		case COMPARE_IDENTIFIER:
		case COMPARE_EMAIL:
		case COMPARE_PHONE:
			return true;
		default:
			break;
		}
	}
	return false;
}

void fs_model_default(struct fs_model *model, const struct store *store)
{
	memset(model, 0, sizeof *model);
	model->n = store->n_columns;
	for (size_t c = 0; c < store->n_columns; c++) {
		struct fs_comparison *comparison = &model->comparisons[c];

		comparison->kind = store->columns[c].kind;
		memcpy(comparison->name, store->columns[c].name, sizeof comparison->name);
		comparison->n_levels = comparison_levels(comparison->kind);
		comparison->parent = -1;
		/* No list's fault: test_fs_model reads every kind. */
		if (!fs_model_shipped(comparison->kind, comparison, model))
			abort();
	}
	model->households = tells_households(store);
	if (store->kk < 0 && store->date < 0)
		model->twins = 0;
	model->plan = UINT64_MAX;
}

bool fs_model_fits(const struct fs_model *model, const struct store *store)
{
	if (model->n != store->n_columns)
		return false;
	for (size_t c = 0; c < model->n; c++) {
		if (model->comparisons[c].kind != store->columns[c].kind ||
		    strcmp(model->comparisons[c].name, store->columns[c].name) != 0)
			return false;
	}
	return true;
}
