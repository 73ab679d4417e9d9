/*
 * Learning a district's model; see job_model.h.
 */
#include "daemon/jobs/job_model.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"
#include "daemon/base/thread_pool.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/job_worker.h"
#include "matcher/link/fs_model.h"

#include "daemon/base/banned.h"

bool job_model_is_due(uint64_t model_rows, uint64_t now_rows, uint64_t held)
{
	return now_rows >= LIMIT_MODEL_ROWS && now_rows >= held / LIMIT_MODEL_SHARE && now_rows >= 2 * model_rows;
}

/* All rows but those of the longest list; and all of them. */
static uint64_t rows_to_learn_from(const struct district *district, uint64_t *ret_held)
{
	uint64_t rows = 0, longest = 0;

	for (size_t i = 0; i < district_lists(district); i++) {
		const struct district_list *list = district_list(district, (uint32_t)i);

		if (list->withdrawn)
			continue;
		rows += list->n_entries;
		if (list->n_entries > longest)
			longest = list->n_entries;
	}
	*ret_held = rows;
	return rows - longest;
}

static int learn(struct job_run *run, struct district *district, struct error *err)
{
	struct linker_progress progress = job_progress(run);
	struct thread_pool *threads = thread_pool_new(run->worker->options.threads);
	int status = district_train(district, thread_pool_parallel(threads), &progress, err);

	thread_pool_free(threads);
	return status;
}

int job_model_learn(struct job_run *run, struct job_effects *effects, struct error *err)
{
	struct district *district = run->reg->district;
	uint64_t held, rows = rows_to_learn_from(district, &held);
	struct fs_model model;
	size_t size;

	if (!effects->learn && (run->claim.kind != JOB_LIST || !job_model_is_due(run->reg->model_rows, rows, held)))
		return 0;
	if (learn(run, district, err) < 0)
		return -1;
	/* Set as if it had been read: what learning left behind in memory beside the model must not count. */
	model = *linker_model(district_linker(district));
	if (district_set_model(district, &model, err) < 0 || fs_model_write(&model, &effects->model, &size, err) < 0)
		return -1;
	effects->model_rows = rows;
	effects->everything = true;
	log_info("model learnt", LOG_NUMBER("district", run->claim.district), LOG_NUMBER("rows", rows),
		LOG_NUMBER("held", held));
	return 0;
}
