/* See lookup.h. */
#include "matcher/link/lookup.h"

#include "matcher/base/grow.h"
#include "matcher/link/found_pairs.h"

enum { TASKS = 32, GROUP_MAX = 1024 };

struct task {
	uint32_t *crowded; /* older records of groups that new ones made too large, with doubles */
	size_t n_crowded, crowded_cap;
	uint64_t left_out;
	bool failed;
};

struct lookup {
	const struct record_index *index;
	const struct blocking_request *request;
	struct found_pairs *found;
	uint32_t new_from;
	const uint32_t *records; /* whom to look up; NULL: those from new_from on */
	size_t n;
	struct task tasks[TASKS];
};

struct asking {
	struct lookup *lookup;
	size_t task;
	uint32_t record;
};

static size_t limit_of(const struct block_rules *rules, unsigned index)
{
	size_t limit = (size_t)BLOCK_HARD * rules->generosity * rules->limits[index];

	return limit < GROUP_MAX ? limit : GROUP_MAX - 1;
}

/* The group had few enough records before the new ones came: its pairs were found by it. */
static void note_crowded(struct lookup *lookup, struct task *task, const uint32_t *group, size_t limit)
{
	if (lookup->records || group[limit] < lookup->new_from)
		return;
	for (size_t i = 0; i < limit && group[i] < lookup->new_from && !task->failed; i++) {
		if (GROW(&task->crowded, &task->crowded_cap, task->n_crowded + 1) < 0)
			task->failed = true;
		else
			task->crowded[task->n_crowded++] = group[i];
	}
}

static void ask(void *arg, uint64_t key, uint32_t used, unsigned number)
{
	struct asking *asking = arg;
	struct lookup *lookup = asking->lookup;
	struct task *task = &lookup->tasks[asking->task];
	uint32_t group[GROUP_MAX];
	size_t limit, n;

	if (!block_in_plan(lookup->request->rules, number))
		return;
	limit = limit_of(lookup->request->rules, number);
	n = record_index_find(lookup->index, key, group, limit + 1);
	if (n > limit) {
		task->left_out += n - 1;
		note_crowded(lookup, task, group, limit);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (blocking_wants(lookup->request, asking->record, group[i]) &&
		    found_pairs_add(lookup->found, asking->task, asking->record, group[i], ~used & 0xffffff, number) < 0)
			task->failed = true;
	}
}

static void look_up(void *arg, size_t number)
{
	struct lookup *lookup = arg;
	const struct blocking_request *request = lookup->request;
	struct asking asking = {lookup, number, 0};

	for (size_t i = lookup->n * number / TASKS; i < lookup->n * (number + 1) / TASKS; i++) {
		asking.record = lookup->records ? lookup->records[i] : lookup->new_from + (uint32_t)i;
		if (store_withdrawn(request->store, asking.record))
			continue;
		for (int phase = 1; phase <= 3; phase++)
			block_keys_each(request->rules, request->store, asking.record, phase, ask, &asking);
	}
}

/* Those whom groups became too large for, each once, in focus from now on. */
static uint32_t *gather_crowded(struct lookup *lookup, uint8_t *focus, size_t *ret_n)
{
	size_t n = 0;
	uint32_t *crowded;

	for (size_t t = 0; t < TASKS; t++)
		n += lookup->tasks[t].n_crowded;
	crowded = malloc((n + 1) * sizeof *crowded);
	*ret_n = 0;
	for (size_t t = 0; t < TASKS && crowded; t++) {
		for (size_t i = 0; i < lookup->tasks[t].n_crowded; i++) {
			uint32_t record = lookup->tasks[t].crowded[i];

			if (!focus[record])
				crowded[(*ret_n)++] = record;
			focus[record] = 1;
		}
	}
	return crowded;
}

static bool any_failed(const struct lookup *lookup)
{
	bool failed = false;

	for (size_t t = 0; t < TASKS; t++)
		failed |= lookup->tasks[t].failed;
	return failed;
}

int lookup_new(const struct record_index *index, const struct blocking_request *request, uint32_t new_from, uint8_t *focus,
	struct candidates *ret, struct error *err)
{
	size_t n = request->store->n_records;
	struct lookup *lookup = calloc(1, sizeof *lookup);
	uint32_t *crowded = NULL;
	int status = -1;

	*ret = (struct candidates){0};
	if (!lookup)
		return error_memory(err);
	*lookup = (struct lookup){.index = index, .request = request, .new_from = new_from, .n = n - new_from};
	memset(focus + new_from, 1, n - new_from);
	lookup->found = found_pairs_new(n, request->want_indexes);
	if (!lookup->found)
		goto out;
	parallel_run(request->parallel, TASKS, look_up, lookup);
	if (any_failed(lookup))
		goto out;
	crowded = gather_crowded(lookup, focus, &lookup->n);
	if (!crowded)
		goto out;
	if (lookup->n) {
		lookup->records = crowded;
		parallel_run(request->parallel, TASKS, look_up, lookup);
		if (any_failed(lookup))
			goto out;
	}
	for (size_t t = 0; t < TASKS; t++)
		ret->left_out += lookup->tasks[t].left_out;
	status = found_pairs_gather(lookup->found, request->parallel, ret);
out:
	for (size_t t = 0; t < TASKS; t++)
		free(lookup->tasks[t].crowded);
	found_pairs_free(lookup->found);
	free(crowded);
	free(lookup);
	if (status < 0) {
		candidates_release(ret);
		return error_memory(err);
	}
	return 0;
}

struct one {
	const struct record_index *index;
	const struct block_rules *rules;
	uint32_t *records;
	size_t n;
};

static void ask_for_one(void *arg, uint64_t key, uint32_t used, unsigned number)
{
	struct one *one = arg;
	size_t limit = limit_of(one->rules, number), room = LOOKUP_MAX - one->n, found;
	uint32_t group[GROUP_MAX];

	(void)used;
	if (!block_in_plan(one->rules, number))
		return;
	found = record_index_find(one->index, key, group, limit + 1);
	if (found > limit || found > room)
		return;
	memcpy(one->records + one->n, group, found * sizeof *group);
	one->n += found;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

size_t lookup_one(const struct record_index *index, const struct block_rules *rules, const struct store *store, uint32_t record,
	uint32_t records[LOOKUP_MAX])
{
	struct one one = {index, rules, records, 0};
	size_t kept = 0;

	for (int phase = 1; phase <= 3; phase++)
		block_keys_each(rules, store, record, phase, ask_for_one, &one);
	qsort(records, one.n, sizeof *records, compare_numbers);
	for (size_t i = 0; i < one.n; i++) {
		if (!kept || records[kept - 1] != records[i])
			records[kept++] = records[i];
	}
	return kept;
}
