/*
 * See blocking.h. Three phases, for keys of one, two and three atoms. In each, records are cut into chunks that scatter their
 * keys into partitions by hash, side by side; then each partition sorts its keys, and its groups of equal keys give pairs
 * (found_pairs.c gathers them) or become common. Memory is bounded: a phase runs in as many passes over ranges of keys as needed.
 *
 * A key, its index and the record that has it are one word where nothing else is asked for (all pairs of a large file): the
 * partition is the first part of the key. Where learning wants to know which comparisons a key uses, an entry is larger.
 */
#include "matcher/link/blocking.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/radix_sort.h"
#include "matcher/link/found_pairs.h"

#include <assert.h>

enum {
	PARTITIONS = FOUND_LISTS, PARTITION_BITS = 7,
	CHUNKS = 32,
	PASS_KEYS = 12000000,      /* keys held at once */
	SAMPLE = 16,               /* one record of so many tells what is surely common, and how many keys there will be */
	SAMPLE_FROM = 20000,       /* records from which on that pays */
	GENEROUS_RECORDS = 100000, /* from so many records on, groups are as small as the rules say */
	GENEROUS_MAX = 3,
	WORD_GROUP = BLOCK_HARD * GENEROUS_MAX * 255 /* no limit is larger */
};

struct buffer {
	struct sort_entry *entries; /* number: record; extra: comparisons used, index number in the top byte; or: */
	uint64_t *words; /* the key's rest, index number, record, from the top */
	size_t n, cap;
};

enum { COUNTER_BITS = 7, REST_BITS = 64 - BLOCK_RECORD_BITS - COUNTER_BITS };
static_assert(REST_BITS + PARTITION_BITS >= BLOCK_KEY_BITS, "a word holds what a partition does not say of a key");
static_assert(1 << COUNTER_BITS >= BLOCK_COUNTERS, "a word holds an index number");

struct partition {
	uint64_t *common; /* keys of this partition that many records share */
	size_t n_common, common_cap;
	uint64_t by_index[BLOCKING_INDEXES_MAX];
	uint64_t left_out;
	bool failed;
};

enum sweep { SWEEP_COUNT, SWEEP_MARK, SWEEP_SAMPLE, SWEEP_ALL };

struct finder {
	const struct blocking_request *request;
	const struct store *store;
	struct block_rules *rules;
	struct partition partitions[PARTITIONS];
	struct found_pairs *found;
	/* of the phase and pass at work */
	int phase;
	enum sweep sweep;
	unsigned pass, passes;
	uint32_t *seen; /* with focus: a bit a hash: keys of records in focus */
	uint64_t seen_mask;
	uint64_t keys[CHUNKS]; /* counted by chunk */
	struct buffer (*buffers)[PARTITIONS]; /* by chunk */
	bool failed[CHUNKS];
};

struct scatter {
	struct finder *finder;
	size_t chunk;
	uint32_t record;
};

static unsigned partition_of(uint64_t key)
{
	return (unsigned)(key >> (BLOCK_KEY_BITS - PARTITION_BITS));
}

static void take_key(void *arg, uint64_t key, uint32_t used, unsigned index)
{
	struct scatter *scatter = arg;
	struct finder *finder = scatter->finder;
	struct buffer *buffer;

	if (finder->request->common_known && !block_in_plan(finder->rules, index))
		return;
	if (finder->seen) {
		uint64_t slot = key & finder->seen_mask;
		uint32_t bit = 1u << (slot % 32);

		if (finder->sweep == SWEEP_MARK)
			__atomic_fetch_or(&finder->seen[slot / 32], bit, __ATOMIC_RELAXED);
		else if (!(finder->seen[slot / 32] & bit))
			return;
	}
	if (finder->sweep <= SWEEP_MARK) {
		finder->keys[scatter->chunk]++;
		return;
	}
	if (finder->passes > 1 && finder->sweep == SWEEP_ALL && (key >> 20) % finder->passes != finder->pass)
		return;
	buffer = &finder->buffers[scatter->chunk][partition_of(key)];
	if (!finder->request->want_indexes) {
		if (GROW_BARE(&buffer->words, &buffer->cap, buffer->n + 1) < 0)
			finder->failed[scatter->chunk] = true;
		else
			buffer->words[buffer->n++] = (key & ((UINT64_C(1) << REST_BITS) - 1)) << (64 - REST_BITS) |
						     (uint64_t)index << BLOCK_RECORD_BITS | scatter->record;
		return;
	}
	if (GROW_BARE(&buffer->entries, &buffer->cap, buffer->n + 1) < 0) {
		finder->failed[scatter->chunk] = true;
		return;
	}
	buffer->entries[buffer->n++] = (struct sort_entry){key, scatter->record, used | (uint32_t)index << 24};
}

static void scatter_chunk(void *arg, size_t chunk)
{
	struct finder *finder = arg;
	const uint8_t *focus = finder->sweep <= SWEEP_MARK ? finder->request->focus : NULL;
	size_t n = finder->store->n_records, first = n * chunk / CHUNKS, end = n * (chunk + 1) / CHUNKS;
	size_t step = finder->sweep == SWEEP_SAMPLE || (finder->sweep == SWEEP_COUNT && !focus && n >= SAMPLE_FROM) ? SAMPLE : 1;
	struct scatter scatter = {finder, chunk, 0};

	for (size_t r = (first + step - 1) / step * step; r < end; r += step) {
		if (store_withdrawn(finder->store, (uint32_t)r) || (focus && !focus[r]))
			continue;
		scatter.record = (uint32_t)r;
		block_keys_each(finder->rules, finder->store, scatter.record, finder->phase, take_key, &scatter);
	}
}

static void add_group(struct finder *finder, size_t number, const struct sort_entry *entries, size_t n)
{
	struct partition *partition = &finder->partitions[number];
	unsigned index = entries->extra >> 24;

	for (size_t x = 0; x < n; x++) {
		for (size_t y = x + 1; y < n; y++) {
			if (!blocking_wants(finder->request, entries[x].number, entries[y].number))
				continue;
			partition->by_index[index]++;
			if (found_pairs_add(finder->found, number, entries[x].number, entries[y].number,
				    ~entries[x].extra & 0xffffff, index) < 0)
				partition->failed = true;
		}
	}
}

/* A group of equal keys: few give their pairs (if the index may), many make the key common. */
static void close_group(struct finder *finder, size_t number, const struct sort_entry *entries, size_t n)
{
	struct partition *partition = &finder->partitions[number];
	unsigned index = entries->extra >> 24;
	size_t limit = (size_t)finder->rules->generosity * finder->rules->limits[index];
	bool known = finder->request->common_known;

	if (n < 2)
		return;
	if (n <= (known ? BLOCK_HARD * limit : limit)) {
		if (finder->sweep == SWEEP_ALL && block_in_plan(finder->rules, index))
			add_group(finder, number, entries, n);
		return;
	}
	if (finder->phase == 3 || known)
		partition->left_out += (uint64_t)n * (n - 1) / 2;
	if (known)
		return;
	if (GROW(&partition->common, &partition->common_cap, partition->n_common + 1) < 0)
		partition->failed = true;
	else
		partition->common[partition->n_common++] = entries->key;
}

/* Entries of one partition, sorted: its groups are closed. */
static void close_entries(struct finder *finder, size_t number, struct sort_entry *entries, size_t n)
{
	for (size_t i = 0, end; i < n && !finder->partitions[number].failed; i = end) {
		size_t kept = 1;

		/* Three atoms can be joined in more than one order: a record counts once. */
		for (end = i + 1; end < n && entries[end].key == entries[i].key; end++) {
			if (entries[end].number != entries[i + kept - 1].number)
				entries[i + kept++] = entries[end];
		}
		close_group(finder, number, entries + i, kept);
	}
}

static struct sort_entry entry_of(uint64_t word, size_t partition)
{
	return (struct sort_entry){
		.key = (uint64_t)partition << (BLOCK_KEY_BITS - PARTITION_BITS) | word >> (64 - REST_BITS),
		.number = word & ((1u << BLOCK_RECORD_BITS) - 1),
		.extra = (uint32_t)(word >> BLOCK_RECORD_BITS & ((1u << COUNTER_BITS) - 1)) << 24,
	};
}

/* The same for words: a group that may give pairs is small, and made entries of; of a larger one its size is told. */
static void close_words(struct finder *finder, size_t number, const uint64_t *words, size_t n)
{
	struct sort_entry group[WORD_GROUP];

	for (size_t i = 0, end; i < n && !finder->partitions[number].failed; i = end) {
		size_t kept = 0;

		for (end = i; end < n && words[end] >> BLOCK_RECORD_BITS == words[i] >> BLOCK_RECORD_BITS; end++) {
			if (end > i && words[end] == words[end - 1])
				continue;
			if (kept < WORD_GROUP)
				group[kept] = entry_of(words[end], number);
			kept++;
		}
		close_group(finder, number, group, kept);
	}
}

static void close_partition(void *arg, size_t number)
{
	struct finder *finder = arg;
	struct partition *partition = &finder->partitions[number];
	bool wide = finder->request->want_indexes;
	size_t n = 0, at = 0, size = wide ? sizeof(struct sort_entry) : sizeof(uint64_t);
	char *all;

	for (size_t c = 0; c < CHUNKS; c++)
		n += finder->buffers[c][number].n;
	all = malloc((2 * n + 1) * size);
	if (!all)
		partition->failed = true;
	for (size_t c = 0; c < CHUNKS; c++) {
		struct buffer *buffer = &finder->buffers[c][number];
		const void *from = wide ? (void *)buffer->entries : (void *)buffer->words;

		if (all && buffer->n)
			memcpy(all + at * size, from, buffer->n * size);
		at += buffer->n;
		free(buffer->entries);
		free(buffer->words);
		*buffer = (struct buffer){0};
	}
	if (all && wide) {
		struct sort_entry *entries = (struct sort_entry *)all;

		radix_sort(entries, entries + n, n);
		close_entries(finder, number, entries, n);
	} else if (all) {
		uint64_t *words = (uint64_t *)all;

		radix_sort_keys(words, words + n, n);
		close_words(finder, number, words, n);
	}
	free(all);
}

static bool any_failed(const struct finder *finder)
{
	bool failed = false;

	for (size_t i = 0; i < PARTITIONS; i++)
		failed |= finder->partitions[i].failed;
	for (size_t i = 0; i < CHUNKS; i++)
		failed |= finder->failed[i];
	return failed;
}

/* What the partitions found to be common is common from now on. */
static int publish_common(struct finder *finder)
{
	for (size_t p = 0; p < PARTITIONS; p++) {
		struct partition *partition = &finder->partitions[p];

		for (size_t i = 0; i < partition->n_common; i++) {
			if (key_set_add(&finder->rules->common, partition->common[i]) < 0)
				return -1;
		}
		partition->n_common = 0;
	}
	return 0;
}

static uint64_t sweep(struct finder *finder, enum sweep what)
{
	uint64_t keys = 0;

	finder->sweep = what;
	memset(finder->keys, 0, sizeof finder->keys);
	parallel_run(finder->request->parallel, CHUNKS, scatter_chunk, finder);
	for (size_t c = 0; c < CHUNKS; c++)
		keys += finder->keys[c];
	return keys;
}

/* Marks the keys of records in focus, in a table of about eight bits a key. */
static int mark_focus(struct finder *finder)
{
	uint64_t bits = 1 << 12, keys = sweep(finder, SWEEP_COUNT);

	while (bits < 8 * keys)
		bits *= 2;
	finder->seen = calloc(bits / 32, sizeof *finder->seen);
	finder->seen_mask = bits - 1;
	if (!finder->seen)
		return -1;
	sweep(finder, SWEEP_MARK);
	return 0;
}

/* What is common in a sample is common in all: it need not be counted there. */
static int find_surely_common(struct finder *finder)
{
	finder->passes = 1;
	sweep(finder, SWEEP_SAMPLE);
	parallel_run(finder->request->parallel, PARTITIONS, close_partition, finder);
	return any_failed(finder) ? -1 : publish_common(finder);
}

static int run_phase(struct finder *finder, int phase)
{
	bool large = finder->store->n_records >= SAMPLE_FROM;
	int status = -1;

	if (!finder->rules->roles[phase])
		return 0;
	finder->phase = phase;
	finder->passes = 1;
	if (finder->request->focus && mark_focus(finder) < 0)
		goto out;
	if (phase == 1 && large && !finder->request->common_known && find_surely_common(finder) < 0)
		goto out;
	/* Known from counts alone, so the same with any number of threads. */
	if (!finder->request->focus)
		finder->passes = (unsigned)(sweep(finder, SWEEP_COUNT) * (large ? SAMPLE : 1) / PASS_KEYS + 1);
	for (finder->pass = 0; finder->pass < finder->passes; finder->pass++) {
		sweep(finder, SWEEP_ALL);
		parallel_run(finder->request->parallel, PARTITIONS, close_partition, finder);
	}
	status = any_failed(finder) ? -1 : publish_common(finder);
out:
	free(finder->seen);
	finder->seen = NULL;
	return status;
}

static void sum_up(const struct finder *finder, struct candidates *candidates)
{
	candidates->n_indexes = finder->rules->n_indexes;
	for (size_t i = 0; i < candidates->n_indexes; i++)
		block_rules_name(finder->rules, (unsigned)i, candidates->stats[i].name);
	for (size_t p = 0; p < PARTITIONS; p++) {
		for (size_t i = 0; i < candidates->n_indexes; i++)
			candidates->stats[i].pairs += finder->partitions[p].by_index[i];
		candidates->left_out += finder->partitions[p].left_out;
	}
}

bool blocking_index_name(unsigned index, char name[BLOCKING_NAME_MAX])
{
	struct block_rules rules;

	block_rules_init(&rules, 0, 1);
	block_rules_name(&rules, index, name);
	return index < rules.n_indexes;
}

unsigned blocking_generosity(size_t records)
{
	size_t generosity = GENEROUS_RECORDS / (records + 1);

	return generosity < 1 ? 1 : generosity > GENEROUS_MAX ? GENEROUS_MAX : (unsigned)generosity;
}

int blocking_find(const struct blocking_request *request, struct candidates *ret, struct error *err)
{
	struct finder *finder = calloc(1, sizeof *finder);
	int status = -1;

	*ret = (struct candidates){0};
	if (!finder)
		return error_memory(err);
	finder->request = request;
	finder->store = request->store;
	finder->rules = request->rules;
	finder->buffers = calloc(CHUNKS, sizeof *finder->buffers);
	finder->found = found_pairs_new(request->store->n_records, request->want_indexes);
	if (finder->buffers && finder->found && run_phase(finder, 1) == 0 && run_phase(finder, 2) == 0 && run_phase(finder, 3) == 0) {
		sum_up(finder, ret);
		status = found_pairs_gather(finder->found, request->parallel, ret);
	}
	for (size_t p = 0; p < PARTITIONS; p++) {
		free(finder->partitions[p].common);
		for (size_t c = 0; finder->buffers && c < CHUNKS; c++) {
			free(finder->buffers[c][p].entries);
			free(finder->buffers[c][p].words);
		}
	}
	found_pairs_free(finder->found);
	free(finder->buffers);
	free(finder);
	if (status < 0) {
		candidates_release(ret);
		return error_memory(err);
	}
	return 0;
}

void candidates_release(struct candidates *candidates)
{
	free(candidates->pairs);
	free(candidates->free_from);
	free(candidates->indexes);
	*candidates = (struct candidates){0};
}
