/* See record_index.h. */
#include "matcher/link/record_index.h"

#include "matcher/base/grow.h"
#include "matcher/base/radix_sort.h"

enum {
	PER_BUCKET = 8,
	BITS_MAX = 28,
	NARROW_BITS = BLOCK_KEY_BITS - 16, /* of the bucket, so that tags have 16 bits */
	NARROW_FROM = 1000000, /* keys from which on that is worth so many buckets */
	PART_KEYS = 2000000, /* sorted at once */
	PARTS_MAX = 64,
	SAMPLE = 64 /* one record of so many tells how many keys there will be */
};

/* One range of keys. */
struct part {
	uint64_t *keys; /* and records in the low bits */
	size_t n, cap;
	bool failed;
};

struct building {
	const struct block_rules *rules;
	const struct store *store;
	struct record_run *run;
	unsigned part_bits;
	struct part parts[PARTS_MAX];
};

struct taking {
	const struct building *building;
	struct part *part;
	uint32_t record;
	uint64_t number; /* of the part */
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

static void take_key(void *arg, uint64_t key, uint32_t used, unsigned number)
{
	struct taking *taking = arg;
	struct part *part = taking->part;
	unsigned bits = taking->building->part_bits;

	(void)used;
	if (!block_in_plan(taking->building->rules, number) || (bits && key >> (BLOCK_KEY_BITS - bits) != taking->number))
		return;
	if (GROW_BARE(&part->keys, &part->cap, part->n + 1) < 0) {
		part->failed = true;
		return;
	}
	part->keys[part->n++] = key << BLOCK_RECORD_BITS | taking->record;
}

static void take_record(const struct building *building, struct taking *taking, uint32_t record)
{
	taking->record = record;
	for (int phase = 1; phase <= 3; phase++)
		block_keys_each(building->rules, building->store, record, phase, take_key, taking);
}

static void make_part(void *arg, size_t number)
{
	struct building *building = arg;
	struct part *part = &building->parts[number];
	struct taking taking = {building, part, 0, number};
	uint64_t *scratch;
	size_t kept = 0;

	for (uint32_t r = building->run->first; r < building->run->end && !part->failed; r++) {
		if (!store_withdrawn(building->store, r))
			take_record(building, &taking, r);
	}
	scratch = malloc((part->n + 1) * sizeof *scratch);
	if (!scratch || part->failed) {
		part->failed = true;
		free(scratch);
		return;
	}
	radix_sort_keys(part->keys, scratch, part->n);
	free(scratch);
	for (size_t i = 0; i < part->n; i++) {
		if (!i || part->keys[i] != part->keys[i - 1])
			part->keys[kept++] = part->keys[i];
	}
	part->n = kept;
}

/* About how many parts keep memory in bounds, as bits of the hash. */
static unsigned choose_part_bits(struct building *building)
{
	struct taking taking = {building, &building->parts[0], 0, 0};
	const struct record_run *run = building->run;
	size_t keys = 0, records = run->end - run->first;
	unsigned bits = 0;

	for (uint32_t r = run->first; r < run->end; r += SAMPLE) {
		building->parts[0].n = 0;
		take_record(building, &taking, r);
		keys += building->parts[0].n;
	}
	building->parts[0].n = 0;
	keys = keys * (records < SAMPLE ? records : SAMPLE);
	while (1u << bits < PARTS_MAX && keys >> bits > PART_KEYS)
		bits++;
	return bits;
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
	size_t parts = (size_t)1 << building->part_bits, at = 0;

	for (size_t p = 0; p < parts; p++)
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
	for (size_t p = 0; p < parts; p++) {
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
		building->parts[p] = (struct part){0};
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
	building->part_bits = choose_part_bits(building);
	parallel_run(parallel, (size_t)1 << building->part_bits, make_part, building);
	for (size_t p = 0; p < PARTS_MAX; p++)
		failed |= building->parts[p].failed;
	if (!failed)
		status = fill_run(run, building);
	for (size_t p = 0; p < PARTS_MAX; p++)
		free(building->parts[p].keys);
	free(building);
	if (status < 0)
		run_release(run);
	return status;
}

int record_index_extend(struct record_index *index, const struct block_rules *rules, const struct store *store, uint32_t end,
	const struct parallel *parallel)
{
	uint32_t first = index->n ? index->runs[index->n - 1].end : 0;
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
