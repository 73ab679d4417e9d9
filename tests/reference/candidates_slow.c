/* See candidates_slow.h. */
#include "tests/reference/candidates_slow.h"

#include "matcher/base/grow.h"

struct slow_key {
	uint64_t key;
	uint32_t record;
	unsigned index;
};

struct candidates_slow {
	struct slow_key *keys; /* of the phase at work; ascending by key, record */
	size_t n, cap;
	uint8_t *pairs; /* a * n_records + b, a < b */
	size_t n_records;
};

struct collecting {
	struct candidates_slow *slow;
	uint32_t record;
};

static void collect(void *arg, uint64_t key, uint32_t used, unsigned index)
{
	struct collecting *collecting = arg;
	struct candidates_slow *slow = collecting->slow;

	(void)used;
	if (GROW(&slow->keys, &slow->cap, slow->n + 1) < 0)
		abort();
	slow->keys[slow->n++] = (struct slow_key){key, collecting->record, index};
}

static int by_key(const void *a, const void *b)
{
	const struct slow_key *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

static void run_phase(struct candidates_slow *slow, struct block_rules *rules, const struct store *store, int phase)
{
	slow->n = 0;
	for (uint32_t r = 0; r < store->n_records; r++)
		block_keys_each(rules, store, r, phase, collect, &(struct collecting){slow, r});
	qsort(slow->keys, slow->n, sizeof *slow->keys, by_key);
	for (size_t i = 0, end; i < slow->n; i = end) {
		size_t records = 1;

		for (end = i + 1; end < slow->n && slow->keys[end].key == slow->keys[i].key; end++)
			records += slow->keys[end].record != slow->keys[end - 1].record;
		if (records > 1 && records > (size_t)rules->generosity * rules->limits[slow->keys[i].index]) {
			if (block_rules_add_common(rules, phase, slow->keys[i].key, slow->keys[i].index) < 0)
				abort();
			continue;
		}
		for (size_t x = i; x < end && block_in_plan(rules, slow->keys[i].index); x++) {
			for (size_t y = x + 1; y < end; y++)
				slow->pairs[slow->keys[x].record * slow->n_records + slow->keys[y].record] = 1;
		}
	}
}

struct candidates_slow *candidates_slow_new(const struct store *store, uint64_t plan, unsigned generosity)
{
	struct candidates_slow *slow = calloc(1, sizeof *slow);
	struct block_rules rules;

	if (!slow)
		abort();
	slow->n_records = store->n_records;
	slow->pairs = calloc(store->n_records * store->n_records + 1, 1);
	if (!slow->pairs)
		abort();
	block_rules_init(&rules, plan, generosity);
	for (int phase = 1; phase <= 3; phase++)
		run_phase(slow, &rules, store, phase);
	block_rules_release(&rules);
	return slow;
}

void candidates_slow_free(struct candidates_slow *slow)
{
	free(slow->keys);
	free(slow->pairs);
	free(slow);
}

bool candidates_slow_pair(const struct candidates_slow *slow, uint32_t a, uint32_t b)
{
	return a != b && slow->pairs[(a < b ? a : b) * slow->n_records + (a < b ? b : a)];
}
