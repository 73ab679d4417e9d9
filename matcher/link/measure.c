/*
 * The measure by which a linker decides (linker_state.h): frequencies, priors, what is common. Taken from the first lists held,
 * by a rule on their sizes, so that it is the same however they came; and candidates and a scorer to learn from.
 */
#include "matcher/base/log2.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/train.h"

#include <stdlib.h>

enum {
	TRAIN_RECORDS = 15000, /* records whose pairs a model is learnt from */
	TRAIN_ALL_BELOW = 60000 /* records that are learnt from without sampling */
};

struct blocking_request linker_blocking(struct linker *linker, const struct store *records, const struct parallel *parallel)
{
	return (struct blocking_request){
		.store = records,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.rules = &linker->rules,
		.common_known = linker->rules_ready,
		.parallel = parallel,
	};
}

static void forget_rules(struct linker *linker, uint64_t plan, const struct store *records)
{
	block_rules_release(&linker->rules);
	block_rules_init(&linker->rules, plan, blocking_generosity(store_held(records)));
	linker->rules_ready = false;
}

void linker_keep_rates(struct linker *linker)
{
	const struct fs_model *model = &linker->model;

	linker->rates = (struct rates){model->within, model->across, model->members, model->twins};
}

void linker_give_rates(struct linker *linker)
{
	linker->model.within = linker->rates.within;
	linker->model.across = linker->rates.across;
	linker->model.members = linker->rates.members;
	linker->model.twins = linker->rates.twins;
}

/* Frequencies of those records, and a scorer with priors from the model's rates. */
static int start_scorer(struct linker *linker, const struct store *records, const struct parallel *parallel, struct error *err)
{
	linker->scorer_ready = linker->trained = false;
	if (frequencies_count(&linker->frequencies, records, NULL, parallel, err) < 0)
		return -1;
	scorer_release(&linker->scorer);
	if (scorer_init(&linker->scorer, records, &linker->frequencies, &linker->model, err) < 0)
		return -1;
	linker->measured = records->n_records;
	linker->measures++;
	linker->scorer_ready = true;
	return 0;
}

/* Records drawn by a hash of what they say, so that neither their order nor their number decides. */
static uint8_t *draw_focus(const struct store *store, size_t wanted, size_t *ret_drawn)
{
	uint8_t *focus = calloc(store->n_records + 1, 1);
	uint64_t below = (uint64_t)((double)UINT64_MAX * (double)wanted / (double)store_held(store));

	*ret_drawn = 0;
	for (uint32_t r = 0; focus && r < store->n_records; r++) {
		focus[r] = !store_withdrawn(store, r) && store_content_hash(store, r) < below;
		*ret_drawn += focus[r];
	}
	return focus;
}

/* A pair is seen when one of its records is drawn: the share of all that are. */
static double share_seen(size_t drawn, size_t held)
{
	double rest = 1 - (double)drawn / (double)held;

	return 1 - rest * rest;
}

/*
 * Candidates of these records to learn from, by that plan, and a scorer: of all, or where there are many, of those drawn:
 * *ret_focus, to be freed, says which.
 */
static int prepare_learning(struct linker *linker, const struct store *records, uint64_t plan, const struct parallel *parallel,
	uint8_t **ret_focus, double *ret_sampled, struct error *err)
{
	struct blocking_request request;
	size_t held = store_held(records), drawn;

	forget_rules(linker, plan, records);
	request = linker_blocking(linker, records, parallel);
	request.want_indexes = true;
	*ret_focus = NULL;
	*ret_sampled = 1;
	if (held > TRAIN_ALL_BELOW) {
		*ret_focus = draw_focus(records, TRAIN_RECORDS, &drawn);
		if (!*ret_focus)
			return error_memory(err);
		*ret_sampled = share_seen(drawn, held);
		request.focus = *ret_focus;
	}
	candidates_release(&linker->candidates);
	if (blocking_find(&request, &linker->candidates, err) < 0)
		return -1;
	linker->rules_ready = !*ret_focus; /* of a few records, little is known to be common */
	return start_scorer(linker, records, parallel, err);
}

int linker_prepare_training(struct linker *linker, const struct parallel *parallel, uint8_t **ret_focus, double *ret_sampled,
	struct error *err)
{
	return prepare_learning(linker, &linker->store, BLOCKING_ALL_INDEXES, parallel, ret_focus, ret_sampled, err);
}

/* Lists whose records are measured, and how many these are, withdrawn ones among the numbers: again when half as many more came. */
static size_t measured_lists(const struct store *store, size_t *ret_records)
{
	size_t lists = 0, then = 0, held = 0;

	*ret_records = 0;
	for (size_t l = 0; l < store->n_lists; l++) {
		size_t end = l + 1 < store->n_lists ? store->list_first[l + 1] : store->n_records;

		if (!store->list_withdrawn[l])
			held += end - store->list_first[l];
		if (2 * held > 3 * then) {
			then = held;
			lists = l + 1;
			*ret_records = end;
		}
	}
	return lists;
}

/* All candidates of these records. What is common is counted unless it is known. */
static int find_candidates(struct linker *linker, const struct store *records, const struct parallel *parallel, struct error *err)
{
	struct blocking_request request = linker_blocking(linker, records, parallel);

	request.in_parts = true;
	candidates_release(&linker->candidates);
	if (blocking_find(&request, &linker->candidates, err) < 0)
		return -1;
	linker->rules_ready = true;
	return 0;
}

/* Takes the measure from the first lists, as if there were no others; their candidates are held then. */
static int take_measure(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct store first = linker->store;
	struct training training = {
		.store = &first,
		.candidates = &linker->candidates,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.frequencies = &linker->frequencies,
		.model = &linker->model,
		.scorer = &linker->scorer,
		.parallel = parallel,
		.progress = progress,
	};
	uint8_t *focus = NULL;
	int status = -1;

	first.n_lists = measured_lists(&linker->store, &first.n_records);
	linker_give_rates(linker);
	if (prepare_learning(linker, &first, linker->model.plan, parallel, &focus, &training.sampled, err) < 0)
		goto out;
	training.focus = focus;
	if (linker_report(progress, "train", 0.9, err) < 0 || train_adapt(&training, true, err) < 0)
		goto out;
	if (focus) {
		forget_rules(linker, linker->model.plan, &first);
		if (linker_report(progress, "index", 0.5, err) < 0 || find_candidates(linker, &first, parallel, err) < 0)
			goto out;
	}
	status = 0;
out:
	free(focus);
	free(training.near);
	linker->scorer.store = &linker->store;
	return status == 0 ? scorer_extend(&linker->scorer, err) : -1;
}

int linker_prepare_settle(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	bool known = linker->trained && linker->measured == linker->store.n_records;

	if (linker->candidates_ready && known && !linker->keep_measure)
		return 0;
	if (linker_report(progress, "index", 0, err) < 0)
		return -1;
	if (linker->keep_measure)
		return find_candidates(linker, &linker->store, parallel, err) < 0 ? -1 : scorer_extend(&linker->scorer, err);
	if (known) { /* by a training on a sample: what it counted stands for all */
		forget_rules(linker, linker->model.plan, &linker->store);
		return find_candidates(linker, &linker->store, parallel, err);
	}
	if (take_measure(linker, parallel, progress, err) < 0)
		return -1;
	return linker->measured == linker->store.n_records ? 0 : find_candidates(linker, &linker->store, parallel, err);
}

size_t linker_measure_due(const struct linker *linker)
{
	size_t records;

	measured_lists(&linker->store, &records);
	return records;
}
