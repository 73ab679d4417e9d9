/* See linker.h: a linker's life, its records, decisions and models. Deciding is settle.c, asking query.c. */
#include "matcher/link/linker.h"

#include "matcher/base/grow.h"
#include "matcher/link/linker_state.h"
#include "matcher/link/train.h"

int linker_new(const struct linker_schema *schema, const struct linker_options *options, struct linker **ret,
	struct error *err)
{
	struct linker *linker = calloc(1, sizeof *linker);

	if (!linker)
		return error_memory(err);
	linker->options = *options;
	if (linker->options.doubtful_from <= 0)
		linker->options.doubtful_from = 0.05;
	if (store_init(&linker->store, schema, err) < 0) {
		linker_free(linker);
		return -1;
	}
	fs_model_default(&linker->model, &linker->store);
	linker_keep_rates(linker);
	*ret = linker;
	return 0;
}

void linker_free(struct linker *linker)
{
	if (!linker)
		return;
	store_release(&linker->store);
	frequencies_release(&linker->frequencies);
	scorer_release(&linker->scorer);
	candidates_release(&linker->candidates);
	block_rules_release(&linker->rules);
	record_index_release(&linker->index);
	free(linker->decisions);
	scored_pairs_release(&linker->scored);
	free(linker->label);
	free(linker->changed);
	free(linker);
}

int linker_list(struct linker *linker, uint32_t *ret, struct error *err)
{
	return store_open_list(&linker->store, ret, err);
}

int linker_add(struct linker *linker, const struct field_value *values, uint32_t *ret_record, struct error *err)
{
	if (linker->candidates_ready) {
		candidates_release(&linker->candidates);
		linker->candidates_ready = false;
	}
	return store_add(&linker->store, values, ret_record, err);
}

int linker_add_rows(struct linker *linker, const struct field_value *values, size_t rows, const struct parallel *parallel,
	struct error *err)
{
	if (linker->candidates_ready) {
		candidates_release(&linker->candidates);
		linker->candidates_ready = false;
	}
	return store_add_rows(&linker->store, values, rows, parallel, err);
}

void linker_seal(struct linker *linker)
{
	store_seal(&linker->store);
}

int linker_withdraw(struct linker *linker, uint32_t list, struct error *err)
{
	if (list >= linker->store.n_lists)
		return error_set(err, ERROR_INPUT, "Daftar %u tidak ada", "There is no list %u", list);
	linker->store.list_withdrawn[list] = true;
	linker->start_over = true;
	linker->candidates_ready = false;
	return 0;
}

int linker_decide(struct linker *linker, uint32_t a, uint32_t b, enum linker_decision what, struct error *err)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;

	if (high >= linker->store.n_records || a == b)
		return error_set(err, ERROR_INPUT, "Pasangan %u dan %u tidak ada", "There is no pair %u and %u", a, b);
	for (size_t i = 0; i < linker->n_decisions; i++) {
		if (linker->decisions[i].a == low && linker->decisions[i].b == high) {
			linker->decisions[i].changed |= linker->decisions[i].what != what;
			linker->decisions[i].what = what;
			return 0;
		}
	}
	if (GROW(&linker->decisions, &linker->decisions_cap, linker->n_decisions + 1) < 0)
		return error_memory(err);
	linker->decisions[linker->n_decisions++] = (struct decision){low, high, what, true};
	return 0;
}

int linker_report(const struct linker_progress *progress, const char *stage, double fraction, struct error *err)
{
	if (progress && progress->report && progress->report(progress->arg, stage, fraction) != 0)
		return error_set(err, ERROR_CANCELLED, "Dibatalkan", "Cancelled");
	return 0;
}

static int train(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	uint8_t *focus = NULL;
	struct training training = {
		.store = &linker->store,
		.candidates = &linker->candidates,
		.within_lists = linker->options.within_lists,
		.across_lists = linker->options.across_lists,
		.frequencies = &linker->frequencies,
		.model = &linker->model,
		.scorer = &linker->scorer,
		.parallel = parallel,
		.progress = progress,
	};
	int status = -1;

	if (linker_report(progress, "index", 0, err) < 0 ||
	    linker_prepare_training(linker, parallel, &focus, &training.sampled, err) < 0 ||
	    linker_report(progress, "train", 0, err) < 0)
		goto out;
	training.focus = focus;
	if (train_run(&training, err) < 0)
		goto out;
	linker->model.plan = BLOCKING_ALL_INDEXES;
	if (focus && train_plan(&training, &linker->model.plan, err) < 0)
		goto out;
	/* Candidates of a sample are not those of all; without one they are what the next settle needs. */
	linker->candidates_ready = !focus;
	if (focus)
		candidates_release(&linker->candidates);
	linker_keep_rates(linker);
	linker->trained = true;
	status = 0;
out:
	free(focus);
	free(training.near);
	return status;
}

int linker_train(struct linker *linker, const struct parallel *parallel, const struct linker_progress *progress,
	struct error *err)
{
	struct fs_model *before = malloc(sizeof *before);
	int status;

	if (!before)
		return error_memory(err);
	*before = linker->model;
	linker_give_rates(linker);
	linker->start_over = true;
	status = train(linker, parallel, progress, err);
	if (status < 0) { /* nothing half-learnt stays */
		linker->model = *before;
		linker->scorer_ready = linker->trained = linker->candidates_ready = false;
	}
	free(before);
	return status;
}

const struct fs_model *linker_model(const struct linker *linker)
{
	return &linker->model;
}

int linker_set_model(struct linker *linker, const struct fs_model *model, struct error *err)
{
	if (!fs_model_fits(model, &linker->store))
		return error_set(err, ERROR_INPUT, "Model itu untuk kolom-kolom lain: latih model baru atau sebutkan jenis kolom",
			"That model is for other columns: train a new one, or name the columns' types");
	linker->model = *model;
	linker_keep_rates(linker);
	linker->scorer_ready = linker->trained = false;
	linker->start_over = true;
	return 0;
}

void linker_start_over(struct linker *linker)
{
	linker->keep_measure = !linker->start_over && linker->scorer_ready && linker->rules_ready;
	linker->start_over = true;
}

uint32_t linker_cluster(const struct linker *linker, uint32_t record)
{
	return record < linker->n_label ? linker->label[record] : UINT32_MAX;
}

size_t linker_records(const struct linker *linker)
{
	return linker->store.n_records;
}

const uint32_t *linker_changed(const struct linker *linker, size_t *ret_n)
{
	*ret_n = linker->n_changed;
	return linker->changed;
}

