/* See record_index.h. */
#include "matcher/link/record_index.h"

#include "matcher/base/grow.h"
#include "matcher/link/block_scan.h"

enum {
	PER_BUCKET = 8,
	BITS_MAX = 28,
	NARROW_BITS = BLOCK_KEY_BITS - 16, /* of the bucket, so that tags have 16 bits */
	NARROW_FROM = 1000000, /* keys from which on that is worth so many buckets */
	PART_BITS = 6, PARTS = 1 << PART_BITS, /* ranges of keys that are sorted by themselves */
	CHUNKS = 16
};

struct key_list {
	uint64_t *keys; /* and records in the low bits */
	size_t n, cap;
};

struct building {
	const struct block_rules *rules;
	const struct store *store;
	struct record_run *run;
	struct block_atoms *atoms[3]; /* by phase, from 0 */
	struct block_scan *scans[3];
	struct key_list lists[CHUNKS][PARTS], parts[PARTS];
	bool failed[CHUNKS + PARTS];
};

struct taking {
	struct building *building;
	size_t chunk;
};

static void run_release(struct record_run *run)
{
	free(run->starts);
	free(run->tags);
	free(run->wide_tags);
	free(run->records);
	*run = (struct record_run){0};
}

void record_index_release(struct record_index *index)
{
	for (size_t i = 0; i < index->n; i++)
		run_release(&index->runs[i]);
	index->n = 0;
}

static void take_keys(void *arg, const struct sort_entry *keys, size_t n)
{
	struct taking *taking = arg;

	for (size_t i = 0; i < n; i++) {
		struct key_list *list = &taking->building->lists[taking->chunk][keys[i].key >> (BLOCK_KEY_BITS - PART_BITS)];

		if (GROW_BARE(&list->keys, &list->cap, list->n + 1) < 0)
			taking->building->failed[taking->chunk] = true;
		else
			list->keys[list->n++] = keys[i].key << BLOCK_RECORD_BITS | keys[i].number;
	}
}

static void take_chunk(void *arg, size_t chunk)
{
	struct building *building = arg;
	struct taking taking = {building, chunk};
	uint64_t first = building->run->first, n = building->run->end - first;
	struct key_batch batch;

	batch.full = take_keys;
	batch.arg = &taking;
	batch.n = 0;
	for (uint64_t r = first + n * chunk / CHUNKS; r < first + n * (chunk + 1) / CHUNKS; r++) {
		block_scan_ahead(building->scans[0], r, building->run->end, 1);
		for (int phase = 0; phase < 3 && !store_withdrawn(building->store, (uint32_t)r); phase++)
			block_scan_record(building->scans[phase], (uint32_t)r, &batch);
	}
	key_batch_flush(&batch);
}

static bool make_scans(struct building *building, const struct parallel *parallel)
{
	for (int phase = 0; phase < 3; phase++) {
		struct block_indexes indexes;

		block_indexes_of(building->rules, phase + 1, true, &indexes);
		building->atoms[phase] = block_atoms_new(building->rules, building->store, phase + 1, parallel);
		if (building->atoms[phase])
			building->scans[phase] = block_scan_new(building->atoms[phase], &indexes);
		if (!building->scans[phase])
			return false;
	}
	return true;
}

/* One range of keys, sorted, each key and record once. */
static void make_part(void *arg, size_t number)
{
	struct building *building = arg;
	struct key_list *part = &building->parts[number];
	uint64_t *keys;
	size_t n = 0, at = 0;

	for (size_t c = 0; c < CHUNKS; c++)
		n += building->lists[c][number].n;
	part->keys = keys = malloc((2 * n + 1) * sizeof *keys);
	building->failed[CHUNKS + number] = !keys;
	for (size_t c = 0; c < CHUNKS; c++) {
		struct key_list *list = &building->lists[c][number];

		if (keys && list->n)
			memcpy(keys + at, list->keys, list->n * sizeof *keys);
		at += list->n;
		free(list->keys);
		*list = (struct key_list){0};
	}
	if (!keys)
		return;
	radix_sort_keys(keys, keys + n, n);
	for (size_t i = 0; i < n; i++) {
		if (!i || keys[i] != keys[i - 1])
			keys[part->n++] = keys[i];
	}
	keys = realloc(keys, (part->n + 1) * sizeof *keys);
	part->keys = keys ? keys : part->keys;
}

static unsigned bucket_of(const struct record_run *run, uint64_t key)
{
	return (unsigned)(key >> (BLOCK_KEY_BITS - run->bits));
}

static uint32_t tag_of(const struct record_run *run, uint64_t key)
{
	return (uint32_t)(key & ((UINT64_C(1) << (BLOCK_KEY_BITS - run->bits)) - 1));
}

static uint32_t tag_at(const struct record_run *run, size_t at)
{
	return run->tags ? run->tags[at] : run->wide_tags[at];
}

static int fill_run(struct record_run *run, struct building *building)
{
	size_t at = 0;

	for (size_t p = 0; p < PARTS; p++)
		run->n += building->parts[p].n;
	run->bits = run->n >= NARROW_FROM ? NARROW_BITS : BLOCK_KEY_BITS - 32;
	while (run->bits < BITS_MAX && run->n >> run->bits > PER_BUCKET)
		run->bits++;
	if (run->bits >= NARROW_BITS)
		run->tags = malloc((run->n + 1) * sizeof *run->tags);
	else
		run->wide_tags = malloc((run->n + 1) * sizeof *run->wide_tags);
	run->starts = calloc(((size_t)1 << run->bits) + 1, sizeof *run->starts);
	run->records = malloc((run->n + 1) * sizeof *run->records);
	if (!run->starts || (!run->tags && !run->wide_tags) || !run->records)
		return -1;
	for (size_t p = 0; p < PARTS; p++) {
		for (size_t i = 0; i < building->parts[p].n; i++, at++) {
			uint64_t both = building->parts[p].keys[i], key = both >> BLOCK_RECORD_BITS;

			run->starts[bucket_of(run, key) + 1]++;
			if (run->tags)
				run->tags[at] = (uint16_t)tag_of(run, key);
			else
				run->wide_tags[at] = tag_of(run, key);
			run->records[at] = (uint32_t)(both & ((UINT64_C(1) << BLOCK_RECORD_BITS) - 1));
		}
		free(building->parts[p].keys);
		building->parts[p] = (struct key_list){0};
	}
	for (size_t b = 0; b < (size_t)1 << run->bits; b++)
		run->starts[b + 1] += run->starts[b];
	return 0;
}

static int make_run(struct record_run *run, uint32_t first, uint32_t end, const struct block_rules *rules,
	const struct store *store, const struct parallel *parallel)
{
	struct building *building = calloc(1, sizeof *building);
	bool failed = false;
	int status = -1;

	if (!building)
		return -1;
	*run = (struct record_run){.first = first, .end = end};
	*building = (struct building){.rules = rules, .store = store, .run = run};
	failed = !make_scans(building, parallel);
	if (!failed) {
		parallel_run(parallel, CHUNKS, take_chunk, building);
		parallel_run(parallel, PARTS, make_part, building);
	}
	for (size_t i = 0; i < CHUNKS + PARTS; i++)
		failed |= building->failed[i];
	if (!failed)
		status = fill_run(run, building);
	for (size_t p = 0; p < PARTS; p++)
		free(building->parts[p].keys);
	for (int phase = 0; phase < 3; phase++) {
		block_scan_free(building->scans[phase]);
		block_atoms_free(building->atoms[phase]);
	}
	free(building);
	if (status < 0)
		run_release(run);
	return status;
}

uint32_t record_index_end(const struct record_index *index)
{
	return index->n ? index->runs[index->n - 1].end : 0;
}

int record_index_extend(struct record_index *index, const struct block_rules *rules, const struct store *store, uint32_t end,
	const struct parallel *parallel)
{
	uint32_t first = record_index_end(index);
	struct record_run run;
	size_t kept = index->n;

	if (first >= end)
		return 0;
	while (kept && (2 * (end - first) > index->runs[kept - 1].end - index->runs[kept - 1].first || kept == RECORD_INDEX_RUNS - 1))
		first = index->runs[--kept].first;
	if (make_run(&run, first, end, rules, store, parallel) < 0)
		return -1;
	while (index->n > kept)
		run_release(&index->runs[--index->n]);
	index->runs[index->n++] = run;
	return 0;
}

size_t record_index_find(const struct record_index *index, uint64_t key, uint32_t *records, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < index->n; i++) {
		const struct record_run *run = &index->runs[i];
		unsigned bucket = bucket_of(run, key);
		uint32_t tag = tag_of(run, key);
		size_t low = run->starts[bucket], end = run->starts[bucket + 1], high = end;

		while (low < high) {
			size_t middle = (low + high) / 2;

			if (tag_at(run, middle) < tag)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < end && tag_at(run, low) == tag && n < max; low++)
			records[n++] = run->records[low];
	}
	return n;
}

size_t record_index_bytes(const struct record_index *index)
{
	size_t bytes = 0;

	for (size_t i = 0; i < index->n; i++)
		bytes += index->runs[i].n * ((index->runs[i].tags ? 2 : 4) + sizeof *index->runs->records) +
			 (((size_t)1 << index->runs[i].bits) + 1) * sizeof *index->runs->starts;
	return bytes;
}
