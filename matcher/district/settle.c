/*
 * Settling: the linker decides who is whom, then the households that this concerns are decided anew.
 */
#include "matcher/district/register.h"

static int add_everything(struct district *district, struct error *err)
{
	district->fresh.n = 0;
	for (uint32_t i = 0; i < district->n_entries; i++)
		if (entry_set_add(&district->fresh, i, err) < 0)
			return -1;
	return 0;
}

int district_settle(struct district *district, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct entry_set dirty = {0};
	int result = -1;

	district->changed.n = 0;
	district->n_id_changes = 0;
	if (district->settle_all && add_everything(district, err) < 0)
		goto out;
	district->settle_all = true; /* until all has gone well: a settle that failed half-way is done again in full */
	if (linker_settle(district->linker, parallel, progress, err) < 0)
		goto out;
	if (district->measure != linker_measure(district->linker) && add_everything(district, err) < 0)
		goto out; /* other weights: families may say other things */
	district->measure = linker_measure(district->linker);
	if (district_settle_persons(district, &dirty, err) < 0)
		goto out;
	if (district_settle_households(district, &dirty, progress, err) < 0)
		goto out;
	entry_set_sort(&district->changed);
	district->fresh.n = 0;
	district->settle_all = false;
	result = 0;
out:
	entry_set_release(&dirty);
	return result;
}

int district_train(struct district *district, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	district->settle_all = true;
	return linker_train(district->linker, parallel, progress, err);
}

int district_set_model(struct district *district, const struct fs_model *model, struct error *err)
{
	district->settle_all = true;
	return linker_set_model(district->linker, model, err);
}

const uint32_t *district_changed(const struct district *district, size_t *ret_n)
{
	*ret_n = district->changed.n;
	return district->changed.items;
}

const struct district_id_change *district_id_changes(const struct district *district, size_t *ret_n)
{
	*ret_n = district->n_id_changes;
	return district->id_changes;
}
