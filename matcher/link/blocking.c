/*
 * See blocking.h. Three phases, for keys of one, two and three atoms. In each, records are cut into chunks that scatter their
 * keys into partitions by hash, side by side; then each partition sorts its keys, and its groups of equal keys give pairs
 * (found_pairs.c gathers them) or become common. Memory is bounded: a phase runs in as many passes as needed, each over
 * some of the indexes, or over a part of the keys of one.
 *
 * A key, its index and the record that has it are one word where nothing else is asked for (all pairs of a large file): the
 * partition is the first part of the key. Most keys are one record's alone; a partition drops these before it sorts. Where
 * learning wants to know which comparisons a key uses, an entry is larger.
 */
#include "matcher/link/blocking.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/link/block_scan.h"
#include "matcher/link/found_pairs.h"

#include <assert.h>

enum {
	PARTITIONS = 128, PARTITION_BITS = 7,
	PARTITIONS_A_TASK = PARTITIONS / FOUND_LISTS,
	CHUNKS = 32,
	PASS_KEYS_MIN = 4000000, /* keys held at once … */
	PASS_KEYS_A_RECORD = 5,  /* … or so many a record, if that is more */
	SAMPLE = 16,               /* one record of so many tells what is surely common, and how many keys there will be */
	SAMPLE_FROM = 20000,       /* records from which on that pays */
	GENEROUS_RECORDS = 100000, /* from so many records on, groups are as small as the rules say */
	GENEROUS_MAX = 3,
	WORD_GROUP = BLOCK_HARD * GENEROUS_MAX * 255 /* no limit is larger */
};

struct buffer {
	struct word_bag words; /* the key's rest, index number, record, from the top; or: */
	struct sort_entry *entries; /* as block_scan.h gives them */
	size_t n, cap;
};

enum { COUNTER_BITS = 7, REST_BITS = 64 - BLOCK_RECORD_BITS - COUNTER_BITS };
static_assert(REST_BITS + PARTITION_BITS >= BLOCK_KEY_BITS, "a word holds what a partition does not say of a key");
static_assert(1 << COUNTER_BITS >= BLOCK_COUNTERS, "a word holds an index number");

/* What one task found in its partitions. */
struct closing {
	uint64_t *common; /* keys that many records share: index number, key, from the top */
	size_t n_common, common_cap;
	uint64_t by_index[BLOCKING_INDEXES_MAX];
	uint64_t left_out;
	bool failed;
};

enum sweep { SWEEP_COUNT, SWEEP_MARK, SWEEP_SAMPLE, SWEEP_ALL };

/* Some indexes' keys, or of one index those in one of several parts. */
struct pass {
	struct block_indexes indexes;
	unsigned part, parts;
};

struct finder {
	const struct blocking_request *request;
	const struct store *store;
	struct block_rules *rules;
	struct closing closings[FOUND_LISTS];
	struct found_pairs *found;
	bool every_pair; /* that can be made counts */
	/* of the phase and pass at work */
	int phase;
	enum sweep sweep;
	struct pass pass;
	struct block_atoms *atoms;
	struct block_scan *scan;
	uint64_t *seen; /* with focus: keys of records in focus, two bits of a word each */
	uint64_t seen_mask; /* words - 1 */
	uint64_t counts[CHUNKS][BLOCK_COUNTERS];
	struct buffer (*buffers)[PARTITIONS]; /* by chunk */
	bool failed[CHUNKS];
};

struct scatter {
	struct finder *finder;
	size_t chunk;
};

static unsigned partition_of(uint64_t key)
{
	return (unsigned)(key >> (BLOCK_KEY_BITS - PARTITION_BITS));
}

static unsigned index_of(const struct sort_entry *entry)
{
	return entry->extra >> KEY_INDEX_SHIFT;
}

static void put(struct finder *finder, size_t chunk, const struct sort_entry *entry)
{
	struct buffer *buffer = &finder->buffers[chunk][partition_of(entry->key)];
	uint64_t rest = entry->key & ((UINT64_C(1) << REST_BITS) - 1);

	if (!finder->request->want_indexes) {
		if (word_bag_add(&buffer->words, rest << (64 - REST_BITS) | (uint64_t)index_of(entry) << BLOCK_RECORD_BITS | entry->number) < 0)
			finder->failed[chunk] = true;
	} else if (GROW_BARE(&buffer->entries, &buffer->cap, buffer->n + 1) < 0) {
		finder->failed[chunk] = true;
	} else {
		buffer->entries[buffer->n++] = *entry;
	}
}

/* Two bits in one word: of sixteen bits a key, one key in sixty is taken for another. */
static uint64_t seen_bits(uint64_t key)
{
	return UINT64_C(1) << (key >> 24 & 63) | UINT64_C(1) << (key >> 30 & 63);
}

static void mark(struct finder *finder, const struct sort_entry *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__atomic_fetch_or(&finder->seen[keys[i].key & finder->seen_mask], seen_bits(keys[i].key), __ATOMIC_RELAXED);
}

static bool is_seen(const struct finder *finder, uint64_t key)
{
	uint64_t bits = seen_bits(key);

	return (finder->seen[key & finder->seen_mask] & bits) == bits;
}

static void take_keys(void *arg, const struct sort_entry *keys, size_t n)
{
	struct scatter *scatter = arg;
	struct finder *finder = scatter->finder;

	if (finder->sweep == SWEEP_MARK)
		mark(finder, keys, n);
	for (size_t i = 0; i < n && finder->sweep == SWEEP_COUNT; i++)
		finder->counts[scatter->chunk][index_of(&keys[i])]++;
	if (finder->sweep <= SWEEP_MARK)
		return;
	for (size_t i = 0; finder->seen && i < n; i++)
		__builtin_prefetch(&finder->seen[keys[i].key & finder->seen_mask]);
	for (size_t i = 0; i < n; i++) {
		if ((finder->seen && !is_seen(finder, keys[i].key)) ||
		    (finder->pass.parts > 1 && (keys[i].key >> 20) % finder->pass.parts != finder->pass.part))
			continue;
		put(finder, scatter->chunk, &keys[i]);
	}
}

static void scatter_chunk(void *arg, size_t chunk)
{
	struct finder *finder = arg;
	const uint8_t *focus = finder->sweep <= SWEEP_MARK ? finder->request->focus : NULL;
	size_t n = finder->store->n_records, first = n * chunk / CHUNKS, end = n * (chunk + 1) / CHUNKS;
	size_t step = finder->sweep == SWEEP_SAMPLE || (finder->sweep == SWEEP_COUNT && !focus && n >= SAMPLE_FROM) ? SAMPLE : 1;
	struct scatter scatter = {finder, chunk};
	struct key_batch batch;

	batch.full = take_keys;
	batch.arg = &scatter;
	batch.n = 0;
	for (size_t r = (first + step - 1) / step * step; r < end; r += step) {
		block_scan_ahead(finder->scan, r, end, step);
		if (!store_withdrawn(finder->store, (uint32_t)r) && (!focus || focus[r]))
			block_scan_record(finder->scan, (uint32_t)r, &batch);
	}
	key_batch_flush(&batch);
}

/* Whether a group of equal keys gives its pairs: if it is small enough, and the index may. Many make the key common. */
static bool group_gives(const struct finder *finder, struct closing *closing, uint64_t key, unsigned index, size_t n)
{
	size_t limit = (size_t)finder->rules->generosity * finder->rules->limits[index];
	bool known = finder->request->common_known;

	if (n < 2)
		return false;
	if (n <= (known ? BLOCK_HARD * limit : limit))
		return finder->sweep == SWEEP_ALL && block_in_plan(finder->rules, index);
	if (finder->phase == 3 || known)
		closing->left_out += (uint64_t)n * (n - 1) / 2;
	if (known)
		return false;
	if (GROW(&closing->common, &closing->common_cap, closing->n_common + 1) < 0)
		closing->failed = true;
	else
		closing->common[closing->n_common++] = (uint64_t)index << BLOCK_KEY_BITS | key;
	return false;
}

/* Entries of one partition, sorted: its groups are closed. */
static void close_entries(struct finder *finder, size_t task, struct sort_entry *entries, size_t n)
{
	struct closing *closing = &finder->closings[task];

	for (size_t i = 0, end; i < n && !closing->failed; i = end) {
		unsigned index = index_of(&entries[i]);
		size_t kept = 1;

		/* Three atoms can be joined in more than one order: a record counts once. */
		for (end = i + 1; end < n && entries[end].key == entries[i].key; end++) {
			if (entries[end].number != entries[i + kept - 1].number)
				entries[i + kept++] = entries[end];
		}
		if (!group_gives(finder, closing, entries[i].key, index, kept))
			continue;
		for (size_t x = i; x < i + kept; x++) {
			for (size_t y = x + 1; y < i + kept; y++) {
				if (!blocking_wants(finder->request, entries[x].number, entries[y].number))
					continue;
				closing->by_index[index]++;
				if (found_pairs_add(finder->found, task, entries[x].number, entries[y].number, ~entries[x].extra & 0xffffff, index) < 0)
					closing->failed = true;
			}
		}
	}
}

/* The pairs of a group, whose records ascend. */
static void give_pairs(struct finder *finder, size_t task, const uint32_t *records, size_t n, unsigned index)
{
	struct closing *closing = &finder->closings[task];

	for (size_t x = 0; x < n; x++) {
		for (size_t y = x + 1; y < n; y++) {
			if (!finder->every_pair && !blocking_wants(finder->request, records[x], records[y]))
				continue;
			closing->by_index[index]++;
			if (found_pairs_add_plain(finder->found, task, records[x], records[y]) < 0)
				closing->failed = true;
		}
	}
}

/* The same for words: of a group that is too large to give pairs only its size is told. */
static void close_words(struct finder *finder, size_t task, size_t partition, const uint64_t *words, size_t n)
{
	struct closing *closing = &finder->closings[task];
	uint32_t group[WORD_GROUP];

	for (size_t i = 0, end; i < n && !closing->failed; i = end) {
		uint64_t key = (uint64_t)partition << (BLOCK_KEY_BITS - PARTITION_BITS) | words[i] >> (64 - REST_BITS);
		unsigned index = (unsigned)(words[i] >> BLOCK_RECORD_BITS & ((1u << COUNTER_BITS) - 1));
		size_t kept = 0;

		for (end = i; end < n && words[end] >> BLOCK_RECORD_BITS == words[i] >> BLOCK_RECORD_BITS; end++) {
			if (end > i && words[end] == words[end - 1])
				continue;
			if (kept < WORD_GROUP)
				group[kept] = (uint32_t)(words[end] & ((UINT64_C(1) << BLOCK_RECORD_BITS) - 1));
			kept++;
		}
		if (group_gives(finder, closing, key, index, kept))
			give_pairs(finder, task, group, kept, index);
	}
}

/*
 * Drops words whose key no other word has, all but a few of them, and keeps the order of the others: two bits for each hash of a key
 * tell whether it came once or again. -1: memory.
 */
static int drop_lone(uint64_t *words, size_t *ret_n)
{
	size_t slots = 64, kept = 0, n = *ret_n;
	uint64_t *once, *again;

	while (slots < 8 * n)
		slots *= 2;
	once = calloc(2 * slots / 64, sizeof *once);
	if (!once)
		return -1;
	again = once + slots / 64;
	for (size_t i = 0; i < n; i++) {
		size_t slot = words[i] >> (64 - REST_BITS) & (slots - 1);
		uint64_t bit = UINT64_C(1) << (slot % 64);

		again[slot / 64] |= once[slot / 64] & bit;
		once[slot / 64] |= bit;
	}
	for (size_t i = 0; i < n; i++) {
		size_t slot = words[i] >> (64 - REST_BITS) & (slots - 1);

		words[kept] = words[i];
		kept += again[slot / 64] >> (slot % 64) & 1;
	}
	free(once);
	*ret_n = kept;
	return 0;
}

static bool close_word_bags(struct finder *finder, size_t task, size_t partition)
{
	size_t n = 0, at = 0;
	uint64_t *words, *scratch = NULL;

	for (size_t c = 0; c < CHUNKS; c++)
		n += finder->buffers[c][partition].words.n;
	words = malloc((n + 1) * sizeof *words);
	if (!words)
		return false;
	for (size_t c = 0; c < CHUNKS; c++) {
		size_t more = finder->buffers[c][partition].words.n;

		word_bag_take(&finder->buffers[c][partition].words, words + at);
		at += more;
	}
	if (drop_lone(words, &n) == 0)
		scratch = malloc((n + 1) * sizeof *scratch);
	if (scratch) {
		/* Chunks and what is in them come by record. */
		radix_sort_keys_above(words, scratch, n, BLOCK_RECORD_BITS);
		close_words(finder, task, partition, words, n);
	}
	free(words);
	free(scratch);
	return scratch;
}

static bool close_entry_buffers(struct finder *finder, size_t task, size_t partition)
{
	size_t n = 0, at = 0;
	struct sort_entry *entries;

	for (size_t c = 0; c < CHUNKS; c++)
		n += finder->buffers[c][partition].n;
	entries = malloc((2 * n + 1) * sizeof *entries);
	if (!entries)
		return false;
	for (size_t c = 0; c < CHUNKS; c++) {
		struct buffer *buffer = &finder->buffers[c][partition];

		if (buffer->n)
			memcpy(entries + at, buffer->entries, buffer->n * sizeof *entries);
		at += buffer->n;
		free(buffer->entries);
		*buffer = (struct buffer){0};
	}
	radix_sort(entries, entries + n, n);
	close_entries(finder, task, entries, n);
	free(entries);
	return true;
}

static void close_partitions(void *arg, size_t task)
{
	struct finder *finder = arg;

	for (size_t p = task * PARTITIONS_A_TASK; p < (task + 1) * PARTITIONS_A_TASK; p++) {
		if (!(finder->request->want_indexes ? close_entry_buffers(finder, task, p) : close_word_bags(finder, task, p)))
			finder->closings[task].failed = true;
	}
}

static bool any_failed(const struct finder *finder)
{
	bool failed = false;

	for (size_t i = 0; i < FOUND_LISTS; i++)
		failed |= finder->closings[i].failed;
	for (size_t i = 0; i < CHUNKS; i++)
		failed |= finder->failed[i];
	return failed;
}

/* What was found to be common is common from now on. */
static int publish_common(struct finder *finder)
{
	for (size_t t = 0; t < FOUND_LISTS; t++) {
		struct closing *closing = &finder->closings[t];

		for (size_t i = 0; i < closing->n_common; i++) {
			uint64_t key = closing->common[i] & ((UINT64_C(1) << BLOCK_KEY_BITS) - 1);

			if (block_rules_add_common(finder->rules, finder->phase, key, (unsigned)(closing->common[i] >> BLOCK_KEY_BITS)) < 0)
				return -1;
		}
		closing->n_common = 0;
	}
	return 0;
}

/* Sweeps over the records, and but for counting and marking, closes the groups. */
static int sweep(struct finder *finder, enum sweep what, const struct pass *pass)
{
	finder->sweep = what;
	finder->pass = *pass;
	finder->scan = block_scan_new(finder->atoms, &pass->indexes);
	if (!finder->scan)
		return -1;
	memset(finder->counts, 0, sizeof finder->counts);
	parallel_run(finder->request->parallel, CHUNKS, scatter_chunk, finder);
	if (what >= SWEEP_SAMPLE)
		parallel_run(finder->request->parallel, FOUND_LISTS, close_partitions, finder);
	block_scan_free(finder->scan);
	finder->scan = NULL;
	return any_failed(finder) ? -1 : 0;
}

/* Keys of that index, by the last sweep. */
static uint64_t counted(const struct finder *finder, unsigned index)
{
	uint64_t keys = 0;

	for (size_t c = 0; c < CHUNKS; c++)
		keys += finder->counts[c][index];
	return keys;
}

/* Marks the keys of records in focus. */
static int mark_focus(struct finder *finder, const struct pass *pass)
{
	uint64_t words = 64, keys = 0;

	if (sweep(finder, SWEEP_COUNT, pass) < 0)
		return -1;
	for (unsigned i = 0; i < BLOCK_COUNTERS; i++)
		keys += counted(finder, i);
	while (64 * words < 16 * keys)
		words *= 2;
	finder->seen = calloc(words, sizeof *finder->seen);
	finder->seen_mask = words - 1;
	return finder->seen ? sweep(finder, SWEEP_MARK, pass) : -1;
}

/* Index by index, as many at once as memory allows: by counts alone, so the same with any number of threads. */
static int run_passes(struct finder *finder, const struct pass *all)
{
	uint64_t records = finder->store->n_records, scale = records >= SAMPLE_FROM ? SAMPLE : 1, keys[BLOCK_COUNTERS], held = 0;
	uint64_t most = PASS_KEYS_A_RECORD * records > PASS_KEYS_MIN ? PASS_KEYS_A_RECORD * records : PASS_KEYS_MIN;
	struct pass pass = {.parts = 1};

	if (sweep(finder, SWEEP_COUNT, all) < 0)
		return -1;
	for (unsigned i = 0; i < BLOCK_COUNTERS; i++)
		keys[i] = counted(finder, i) * scale;
	for (unsigned i = 0; i <= BLOCK_COUNTERS; i++) {
		bool last = i == BLOCK_COUNTERS;

		if (held && (last || (all->indexes.wanted[i] && held + keys[i] > most))) {
			pass.parts = (unsigned)(held / most + 1);
			for (pass.part = 0; pass.part < pass.parts; pass.part++) {
				if (sweep(finder, SWEEP_ALL, &pass) < 0 || found_pairs_pack(finder->found, finder->request->parallel) < 0)
					return -1;
			}
			pass = (struct pass){.parts = 1};
			held = 0;
		}
		if (!last && all->indexes.wanted[i]) {
			pass.indexes.wanted[i] = true;
			held += keys[i] + 1; /* the sample may have had none */
		}
	}
	return 0;
}

static bool wants_any(const struct block_indexes *indexes)
{
	bool any = false;

	for (unsigned i = 0; i < BLOCK_COUNTERS; i++)
		any |= indexes->wanted[i];
	return any;
}

/* The atoms of the phase, by what is common now. */
static int make_atoms(struct finder *finder)
{
	block_atoms_free(finder->atoms);
	finder->atoms = block_atoms_new(finder->rules, finder->store, finder->phase, finder->request->parallel);
	return finder->atoms ? 0 : -1;
}

static int run_phase(struct finder *finder, int phase)
{
	const struct blocking_request *request = finder->request;
	bool large = finder->store->n_records >= SAMPLE_FROM;
	struct pass all = {.parts = 1};
	int status = -1;

	block_indexes_of(finder->rules, phase, request->common_known, &all.indexes);
	if (!wants_any(&all.indexes))
		return 0;
	finder->phase = phase;
	if (make_atoms(finder) < 0 || (request->focus && mark_focus(finder, &all) < 0))
		goto out;
	/* What is common in a sample is common in all: it need not be counted there. */
	if (phase == 1 && large && !request->common_known &&
	    (sweep(finder, SWEEP_SAMPLE, &all) < 0 || publish_common(finder) < 0 || make_atoms(finder) < 0))
		goto out;
	if ((request->focus ? sweep(finder, SWEEP_ALL, &all) : run_passes(finder, &all)) < 0)
		goto out;
	status = publish_common(finder);
out:
	free(finder->seen);
	finder->seen = NULL;
	block_atoms_free(finder->atoms);
	finder->atoms = NULL;
	return status;
}

static void sum_up(const struct finder *finder, struct candidates *candidates)
{
	candidates->n_indexes = finder->rules->n_indexes;
	for (size_t i = 0; i < candidates->n_indexes; i++)
		block_rules_name(finder->rules, (unsigned)i, candidates->stats[i].name);
	for (size_t t = 0; t < FOUND_LISTS; t++) {
		for (size_t i = 0; i < candidates->n_indexes; i++)
			candidates->stats[i].pairs += finder->closings[t].by_index[i];
		candidates->left_out += finder->closings[t].left_out;
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
	finder->every_pair = request->within_lists && request->across_lists && !request->focus;
	finder->buffers = calloc(CHUNKS, sizeof *finder->buffers);
	finder->found = found_pairs_new(request->store->n_records, request->want_indexes);
	if (finder->buffers && finder->found && run_phase(finder, 1) == 0 && run_phase(finder, 2) == 0 && run_phase(finder, 3) == 0) {
		sum_up(finder, ret);
		status = 0;
		if (!request->in_parts || request->want_indexes) {
			status = found_pairs_gather(finder->found, request->parallel, ret);
		} else {
			ret->in_parts = finder->found;
			finder->found = NULL;
		}
	}
	for (size_t t = 0; t < FOUND_LISTS; t++)
		free(finder->closings[t].common);
	for (size_t p = 0; p < PARTITIONS; p++) {
		for (size_t c = 0; finder->buffers && c < CHUNKS; c++) {
			free(finder->buffers[c][p].entries);
			word_bag_release(&finder->buffers[c][p].words);
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
	found_pairs_free(candidates->in_parts);
	*candidates = (struct candidates){0};
}
