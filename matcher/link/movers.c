/* See movers.h. */
#include "matcher/link/movers.h"

#include "matcher/base/log2.h"

enum { PLACES_LEAST = 2 }; /* columns that tell the address for sure */

#define EVIDENCE_MOST 60.0 /* bits beyond which nobody has moved */

/* Address, code, number say where; other text does if it goes with one of them among strangers, as a town does with its code. */
static bool tells_place(const struct store *store, size_t c)
{
	const struct store_column *column = &store->columns[c];

	if (column->within_place)
		return false;
	return column->kind == COMPARE_CODE || column->kind == COMPARE_NUMBER ||
	       (column->kind == COMPARE_WORDS && store->schema.fields[column->fields[0]].type == FIELD_ADDRESS);
}

static size_t root_of(const struct fs_model *model, size_t c)
{
	while (model->comparisons[c].parent >= 0)
		c = (size_t)model->comparisons[c].parent;
	return c;
}

uint32_t movers_places(const struct store *store, const struct fs_model *model)
{
	uint32_t places = 0, roots = 0;
	unsigned sure = 0;

	if (store->kk >= 0 || model->moved <= 0)
		return 0;
	for (size_t c = 0; c < model->n; c++) {
		if (tells_place(store, c)) {
			sure++;
			places |= UINT32_C(1) << c;
			roots |= UINT32_C(1) << root_of(model, c);
		}
	}
	for (size_t c = 0; c < model->n; c++) {
		if (store->columns[c].kind == COMPARE_WORDS && (roots >> root_of(model, c) & 1))
			places |= UINT32_C(1) << c;
	}
	return sure < PLACES_LEAST ? 0 : places;
}

double movers_evidence(const struct scorer *scorer, const struct levels *levels, unsigned *ret_told)
{
	int64_t sum = 0;

	*ret_told = 0;
	for (uint32_t left = scorer->places; left; left &= left - 1) {
		size_t c = (size_t)__builtin_ctz(left);
		unsigned level = levels->level[c];

		if (!level)
			continue;
		++*ret_told;
		sum += scorer->weight[c][FS_MATCH][level] - scorer->weight[c][FS_STRANGER][level] - (int64_t)levels->frequency[c] +
		       scorer_correction(scorer, c, levels);
	}
	return weight_to_bits(sum);
}

double movers_add(double share, double evidence, double *ret_moved)
{
	double stayed = (1 - share) * exp2_of(evidence < EVIDENCE_MOST ? evidence : EVIDENCE_MOST);

	if (ret_moved)
		*ret_moved = share / (stayed + share);
	return evidence < EVIDENCE_MOST ? log2_of(stayed + share) - evidence : 0;
}
