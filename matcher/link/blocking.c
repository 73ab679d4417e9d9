/*
 * See blocking.h. Three phases, for one, two and three atoms. In each, records are cut into chunks that scatter their keys
 * into partitions by hash, side by side; then each partition sorts its keys, and its groups of equal keys give pairs or become
 * common. Keys that only one record has – most of them – are kept out by a table of two bits a hash before they cost a sort.
 */
#include "matcher/link/blocking.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/radix_sort.h"
#include "matcher/link/atoms.h"

#include <stdio.h>

#define R(role) (1u << ATOM_##role)

/* How many records an atom may have to be an index by itself, by what it says; 0: it never is one. */
static const uint8_t alone[ATOM_ROLES] = {
	[ATOM_SOUND] = 10, [ATOM_NAME] = 40, [ATOM_KEY] = 40, [ATOM_KEY_FORM] = 40, [ATOM_DATE] = 30, [ATOM_WORD] = 10, [ATOM_CODE] = 5,
};
/* Roles each is joined with (listed at the smaller role). */
static const unsigned joined[ATOM_ROLES] = {
	[ATOM_SOUND] = R(SOUND) | R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_NAME] = R(KEY) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(WORD) | R(SEX),
	[ATOM_BEGIN] = R(BEGIN) | R(KEY) | R(KEY_FORM) | R(DATE) | R(MONTH) | R(DAY) | R(YEAR_DAY) | R(CODE) | R(WORD),
	[ATOM_KEY] = R(DATE) | R(MONTH) | R(DAY) | R(YEAR) | R(CODE) | R(SEX) | R(WORD),
	[ATOM_DATE] = R(CODE) | R(WORD) | R(NUMBER) | R(SEX),
	[ATOM_MONTH] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_YEAR_DAY] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_CODE] = R(CODE) | R(WORD) | R(NUMBER),
	[ATOM_WORD] = R(WORD) | R(NUMBER),
};
/* Three together: a role of the first two as above, joined with one of these. */
static const unsigned third[ATOM_ROLES] = {
	[ATOM_SOUND] = R(BEGIN) | R(YEAR) | R(CODE) | R(WORD) | R(SEX) | R(MONTH) | R(DAY),
	[ATOM_NAME] = R(YEAR) | R(CODE) | R(WORD) | R(SEX),
	[ATOM_KEY] = R(SOUND) | R(BEGIN) | R(YEAR) | R(SEX),
	[ATOM_DATE] = R(BEGIN) | R(SEX),
	[ATOM_CODE] = R(WORD) | R(NUMBER),
};

/* The same for two and for three atoms together. */
static const size_t caps[] = {0, 0, 30, 20};

enum {
	PARTITIONS = 64,
	CHUNKS = 32,
	PASS_KEYS = 6000000, /* keys held at once */
	GENEROUS_RECORDS = 100000, /* from so many records on, groups are as small as the tables say */
	GENEROUS_MAX = 3,
	COMMON_BITS = 6      /* partitions of the common keys, by the top bits of the hash */
};

struct buffer {
	struct sort_entry *entries; /* number: record; extra: comparisons used, index number in the top byte */
	size_t n, cap;
};

struct found_pairs {
	struct sort_entry *pairs; /* key: a << 32 | b; number: comparisons not needed */
	size_t n, cap;
};

struct partition {
	struct hash_map common; /* keys of this partition that many records share */
	struct found_pairs found;
	uint32_t *crowded; /* older records of groups that new ones made too large, with doubles */
	size_t n_crowded, crowded_cap;
	uint64_t by_index[BLOCKING_INDEXES_MAX];
	uint64_t left_out;
	bool failed;
};

enum sweep { SWEEP_FOCUS, SWEEP_OTHERS, SWEEP_KEEP };

struct finder {
	const struct blocking_request *request;
	const struct store *store;
	uint8_t alone_cap[256]; /* by index number */
	size_t generosity; /* a small list can afford larger groups */
	uint8_t index_of[ATOM_ROLES + 1][ATOM_ROLES + 1]; /* number by roles of the first two; the second ATOM_ROLES: alone */
	uint8_t index_of_three[ATOM_ROLES];               /* by the first role */
	bool needed[ATOM_ROLES + 1][ATOM_ROLES + 1];      /* for an index of the plan, or to know what is common */
	struct partition partitions[PARTITIONS];
	/* of the phase and pass at work */
	unsigned phase, pass, passes;
	enum sweep sweep;
	uint32_t *seen; /* two bits a hash: of a record in focus; and of another record too */
	uint64_t seen_mask;
	uint64_t keys[CHUNKS]; /* counted by chunk */
	struct buffer (*buffers)[PARTITIONS]; /* by chunk */
	bool failed[CHUNKS];
};

/* Keys that are looked at to know what is common alone have numbers beyond the indexes'. */
static bool in_plan(const struct finder *finder, unsigned index)
{
	return index < BLOCKING_INDEXES_MAX && finder->request->plan >> index & 1;
}

static unsigned partition_of(uint64_t key)
{
	return (unsigned)(key >> (64 - COMMON_BITS));
}

static bool is_common(const struct finder *finder, uint64_t key)
{
	return hash_map_get(&finder->partitions[partition_of(key)].common, key) != HASH_MAP_NONE;
}

/* A key of a record: first those in focus are marked, then those that others have too; the last sweep keeps what has both marks. */
static void take_key(struct finder *finder, size_t chunk, uint64_t key, uint32_t record, uint32_t used, uint8_t index)
{
	uint64_t slot = hash_mix(key) & finder->seen_mask;
	uint32_t *word = &finder->seen[slot / 16], once = 1u << (2 * (slot % 16)), twice = once << 1;
	struct buffer *buffer;

	if (finder->sweep == SWEEP_FOCUS) {
		finder->keys[chunk]++;
		if (__atomic_fetch_or(word, once, __ATOMIC_RELAXED) & once)
			__atomic_fetch_or(word, twice, __ATOMIC_RELAXED);
		return;
	}
	if (finder->sweep == SWEEP_OTHERS) {
		if (__atomic_load_n(word, __ATOMIC_RELAXED) & once) {
			finder->keys[chunk]++;
			__atomic_fetch_or(word, twice, __ATOMIC_RELAXED);
		}
		return;
	}
	if (!(*word & twice) || (finder->passes > 1 && (key >> 20) % finder->passes != finder->pass))
		return;
	buffer = &finder->buffers[chunk][partition_of(key)];
	if (GROW(&buffer->entries, &buffer->cap, buffer->n + 1) < 0) {
		finder->failed[chunk] = true;
		return;
	}
	buffer->entries[buffer->n++] = (struct sort_entry){key, record, used | (uint32_t)index << 24};
}

static void keep_common(const struct finder *finder, struct atoms *atoms)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < atoms->n; i++) {
		if (is_common(finder, atoms->items[i].hash))
			atoms->items[kept++] = atoms->items[i];
	}
	atoms->n = kept;
}

static uint64_t hash_of_two(const struct atom *a, const struct atom *b)
{
	return hash_mix(a->hash + b->hash);
}

/* Two atoms of one name part say no more than one of them. */
static bool same_part(const struct atom *a, const struct atom *b)
{
	return a->part == b->part && a->part != ATOM_WHOLE && a->column == b->column;
}

static bool may_join(const struct atom *a, const struct atom *b)
{
	return joined[a->role] >> b->role & 1 && a->hash != b->hash && (a->role != b->role || a->hash < b->hash) &&
	       !same_part(a, b);
}

static void take_threes(struct finder *finder, size_t chunk, uint32_t record, const struct atoms *atoms,
	const struct atom *a, const struct atom *b)
{
	for (unsigned k = 0; k < atoms->n; k++) {
		const struct atom *c = &atoms->items[k];

		if (third[a->role] >> c->role & 1 && c != a && c != b && !same_part(a, c) && !same_part(b, c))
			take_key(finder, chunk, hash_mix(a->hash + b->hash + c->hash + 1), record,
				1u << a->column | 1u << b->column | 1u << c->column, finder->index_of_three[a->role]);
	}
}

static void take_record(struct finder *finder, size_t chunk, uint32_t record)
{
	struct atoms atoms;

	atoms_of(finder->store, record, &atoms);
	if (finder->phase == 1) {
		for (unsigned i = 0; i < atoms.n; i++) {
			const struct atom *a = &atoms.items[i];

			if (finder->needed[a->role][ATOM_ROLES])
				take_key(finder, chunk, a->hash, record, 1u << a->column, finder->index_of[a->role][ATOM_ROLES]);
		}
		return;
	}
	keep_common(finder, &atoms);
	for (unsigned i = 0; i < atoms.n; i++) {
		for (unsigned j = 0; j < atoms.n; j++) {
			const struct atom *a = &atoms.items[i], *b = &atoms.items[j];

			if (!may_join(a, b) || !finder->needed[a->role][b->role])
				continue;
			if (finder->phase == 2)
				take_key(finder, chunk, hash_of_two(a, b), record, 1u << a->column | 1u << b->column,
					finder->index_of[a->role][b->role]);
			else if (in_plan(finder, finder->index_of_three[a->role]) && is_common(finder, hash_of_two(a, b)))
				take_threes(finder, chunk, record, &atoms, a, b);
		}
	}
}

static void scatter_chunk(void *arg, size_t chunk)
{
	struct finder *finder = arg;
	size_t n = finder->store->n_records, first = n * chunk / CHUNKS, end = n * (chunk + 1) / CHUNKS;

	for (size_t r = first; r < end; r++) {
		bool focus = !finder->request->focus || finder->request->focus[r];

		if (!store_withdrawn(finder->store, (uint32_t)r) &&
		    (finder->sweep == SWEEP_KEEP || focus == (finder->sweep == SWEEP_FOCUS)))
			take_record(finder, chunk, (uint32_t)r);
	}
}

static void add_pair(const struct finder *finder, struct partition *partition, const struct sort_entry *x,
	const struct sort_entry *y)
{
	const struct blocking_request *request = finder->request;
	const struct store *store = finder->store;
	uint32_t a = x->number, b = y->number;
	struct found_pairs *found = &partition->found;

	if (a == b || !(store->list_of[a] == store->list_of[b] ? request->within_lists : request->across_lists) ||
	    (request->focus && !request->focus[a] && !request->focus[b]))
		return;
	if (GROW(&found->pairs, &found->cap, found->n + 1) < 0) {
		partition->failed = true;
		return;
	}
	partition->by_index[x->extra >> 24]++;
	found->pairs[found->n++] = (struct sort_entry){
		a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a, ~x->extra & 0xffffff, x->extra >> 24};
}

/* Drops doubles of one index, and keeps for each pair every comparison that one of its keys did without. */
static void compact(struct partition *partition, struct found_pairs *found, bool indexes)
{
	struct sort_entry *scratch = malloc((found->n + 1) * sizeof *scratch);
	size_t kept = 0;

	if (!scratch) {
		partition->failed = true;
		return;
	}
	radix_sort(found->pairs, scratch, found->n);
	free(scratch);
	for (size_t i = 0; i < found->n; i++) {
		if (kept && found->pairs[kept - 1].key == found->pairs[i].key &&
		    (found->pairs[kept - 1].extra == found->pairs[i].extra || !indexes))
			found->pairs[kept - 1].number |= found->pairs[i].number;
		else
			found->pairs[kept++] = found->pairs[i];
	}
	found->n = kept;
}

/* The group had few enough records before the new ones came: its pairs were found by it. Entries ascend by record. */
static int note_crowded(struct partition *partition, const struct sort_entry *entries, size_t n)
{
	if (GROW(&partition->crowded, &partition->crowded_cap, partition->n_crowded + n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		partition->crowded[partition->n_crowded++] = entries[i].number;
	return 0;
}

/* A group of equal keys: few give their pairs (if the index may), many make the key common. */
static void close_group(struct finder *finder, struct partition *partition, const struct sort_entry *entries, size_t n)
{
	unsigned index = entries->extra >> 24;
	size_t cap = finder->generosity * (finder->phase == 1 ? finder->alone_cap[index] : caps[finder->phase]), older = 0;

	if (n < 2)
		return;
	if (n <= cap && !in_plan(finder, index))
		return;
	while (finder->request->new_from && n > cap && older < n && entries[older].number < finder->request->new_from)
		older++;
	if (older > 1 && older <= cap && note_crowded(partition, entries, older) < 0)
		partition->failed = true;
	if (n <= cap) {
		for (size_t x = 0; x < n; x++) {
			for (size_t y = x + 1; y < n; y++)
				add_pair(finder, partition, &entries[x], &entries[y]);
		}
	} else if (finder->phase == 3) {
		partition->left_out += (uint64_t)n * (n - 1) / 2;
	} else if (!hash_map_at(&partition->common, entries->key, 1)) {
		partition->failed = true;
	}
}

static void close_partition(void *arg, size_t number)
{
	struct finder *finder = arg;
	struct partition *partition = &finder->partitions[number];
	struct sort_entry *entries, *scratch;
	size_t n = 0, at = 0, before = partition->found.n;

	for (size_t c = 0; c < CHUNKS; c++)
		n += finder->buffers[c][number].n;
	entries = malloc((n + 1) * sizeof *entries);
	scratch = malloc((n + 1) * sizeof *scratch);
	if (!entries || !scratch)
		partition->failed = true;
	for (size_t c = 0; c < CHUNKS; c++) {
		struct buffer *buffer = &finder->buffers[c][number];

		if (!partition->failed && buffer->n)
			memcpy(entries + at, buffer->entries, buffer->n * sizeof *entries);
		at += buffer->n;
		free(buffer->entries);
		*buffer = (struct buffer){0};
	}
	if (!partition->failed) {
		radix_sort(entries, scratch, n);
		for (size_t i = 0, end; i < n && !partition->failed; i = end) {
			size_t kept = 1;

			/* Three atoms can be joined in more than one order: a record counts once. */
			for (end = i + 1; end < n && entries[end].key == entries[i].key; end++) {
				if (entries[end].number != entries[i + kept - 1].number)
					entries[i + kept++] = entries[end];
			}
			close_group(finder, partition, entries + i, kept);
		}
	}
	free(entries);
	free(scratch);
	if (partition->found.n > before && !partition->failed)
		compact(partition, &partition->found, finder->request->want_indexes);
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

/* Bits of the table of seen hashes: about 16 slots a record, so that few keys collide. */
static uint64_t seen_slots(size_t records)
{
	uint64_t slots = 1 << 16;

	while (slots < records * 32)
		slots *= 2;
	return slots;
}

static int run_phase(struct finder *finder, unsigned phase)
{
	uint64_t slots = seen_slots(finder->store->n_records), keys = 0;

	finder->phase = phase;
	finder->seen = calloc(slots / 16, sizeof *finder->seen);
	finder->seen_mask = slots - 1;
	if (!finder->seen)
		return -1;
	memset(finder->keys, 0, sizeof finder->keys);
	for (finder->sweep = SWEEP_FOCUS; finder->sweep < SWEEP_KEEP; finder->sweep++) {
		if (finder->sweep == SWEEP_FOCUS || finder->request->focus)
			parallel_run(finder->request->parallel, CHUNKS, scatter_chunk, finder);
	}
	for (size_t c = 0; c < CHUNKS; c++)
		keys += finder->keys[c];
	/* How many passes keep memory in bounds: known from the counts alone, so the same with any number of threads. */
	finder->passes = (unsigned)(keys / PASS_KEYS + 1);
	for (finder->pass = 0; finder->pass < finder->passes; finder->pass++) {
		parallel_run(finder->request->parallel, CHUNKS, scatter_chunk, finder);
		parallel_run(finder->request->parallel, PARTITIONS, close_partition, finder);
	}
	free(finder->seen);
	return any_failed(finder) ? -1 : 0;
}

static uint8_t add_index(struct candidates *candidates, unsigned a, unsigned b, const char *more)
{
	struct blocking_index *index = &candidates->stats[candidates->n_indexes];

	snprintf(index->name, sizeof index->name, "%s%s%s%s", atom_role_name(a), b < ATOM_ROLES ? " + " : "",
		b < ATOM_ROLES ? atom_role_name(b) : "", more);
	return (uint8_t)candidates->n_indexes++;
}

/* Numbers the indexes: one atom, two atoms, three; and finds which keys have to be looked at for those of the plan. */
static void number_indexes(struct finder *finder, struct candidates *candidates)
{
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		finder->index_of[a][ATOM_ROLES] =
			alone[a] ? add_index(candidates, a, ATOM_ROLES, "") : (uint8_t)(BLOCKING_INDEXES_MAX + a);
		finder->alone_cap[finder->index_of[a][ATOM_ROLES]] = alone[a];
		finder->needed[a][ATOM_ROLES] |= in_plan(finder, finder->index_of[a][ATOM_ROLES]);
	}
	for (unsigned a = 0; a < ATOM_ROLES; a++)
		finder->index_of_three[a] =
			third[a] ? add_index(candidates, a, ATOM_ROLES, " + two more") : (uint8_t)BLOCKING_INDEXES_MAX;
	for (unsigned a = 0; a < ATOM_ROLES; a++) {
		bool threes = in_plan(finder, finder->index_of_three[a]);

		for (unsigned b = 0; b < ATOM_ROLES; b++) {
			if (!(joined[a] >> b & 1))
				continue;
			finder->index_of[a][b] = add_index(candidates, a, b, "");
			finder->needed[a][b] = threes || in_plan(finder, finder->index_of[a][b]);
			finder->needed[a][ATOM_ROLES] |= finder->needed[a][b];
			finder->needed[b][ATOM_ROLES] |= finder->needed[a][b];
		}
		for (unsigned c = 0; c < ATOM_ROLES && threes; c++)
			finder->needed[c][ATOM_ROLES] |= third[a] >> c & 1;
	}
}

/* Gathers the partitions' pairs: by the first record into slices, each sorted by itself. */
struct gathering {
	struct finder *finder;
	struct candidates *candidates;
	size_t start[CHUNKS + 1], kept[CHUNKS]; /* slices of the pairs */
	bool failed[CHUNKS];
};

static size_t slice_of(const struct finder *finder, uint64_t key)
{
	return (size_t)((key >> 32) * CHUNKS / finder->store->n_records);
}

/* Where a slice begins among found pairs, which ascend by key. */
static size_t first_of_slice(const struct finder *finder, const struct found_pairs *found, size_t slice)
{
	size_t low = 0, high = found->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (slice_of(finder, found->pairs[middle].key) < slice)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void gather_slice(void *arg, size_t slice)
{
	struct gathering *gathering = arg;
	struct finder *finder = gathering->finder;
	struct candidates *candidates = gathering->candidates;
	size_t n = gathering->start[slice + 1] - gathering->start[slice], at = 0, kept = gathering->start[slice];
	struct sort_entry *entries = malloc((2 * n + 1) * sizeof *entries);

	if (!entries) {
		gathering->failed[slice] = true;
		return;
	}
	for (size_t p = 0; p < PARTITIONS; p++) {
		const struct found_pairs *found = &finder->partitions[p].found;

		for (size_t i = first_of_slice(finder, found, slice);
			i < found->n && slice_of(finder, found->pairs[i].key) == slice; i++)
			entries[at++] = found->pairs[i];
	}
	radix_sort(entries, entries + n, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = UINT64_C(1) << (entries[i].extra & 63);

		if (i && entries[i].key == entries[i - 1].key) {
			candidates->pairs[kept - 1].free_from |= entries[i].number;
			if (candidates->indexes)
				candidates->indexes[kept - 1] |= bit;
			continue;
		}
		candidates->pairs[kept] = (struct candidate){(uint32_t)(entries[i].key >> 32), (uint32_t)entries[i].key, entries[i].number};
		if (candidates->indexes)
			candidates->indexes[kept] = bit;
		kept++;
	}
	gathering->kept[slice] = kept - gathering->start[slice];
	free(entries);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int gather_crowded(const struct finder *finder, struct candidates *candidates)
{
	size_t kept = 0;

	for (size_t p = 0; p < PARTITIONS; p++) {
		const struct partition *partition = &finder->partitions[p];

		if (!partition->n_crowded)
			continue;
		if (GROW(&candidates->crowded, &candidates->crowded_cap, candidates->n_crowded + partition->n_crowded) < 0)
			return -1;
		memcpy(candidates->crowded + candidates->n_crowded, partition->crowded,
			partition->n_crowded * sizeof *partition->crowded);
		candidates->n_crowded += partition->n_crowded;
	}
	if (candidates->n_crowded)
		qsort(candidates->crowded, candidates->n_crowded, sizeof *candidates->crowded, compare_numbers);
	for (size_t i = 0; i < candidates->n_crowded; i++) {
		if (!kept || candidates->crowded[kept - 1] != candidates->crowded[i])
			candidates->crowded[kept++] = candidates->crowded[i];
	}
	candidates->n_crowded = kept;
	return 0;
}

static int gather(struct finder *finder, struct candidates *candidates)
{
	struct gathering gathering = {.finder = finder, .candidates = candidates};
	size_t counts[CHUNKS] = {0}, total = 0;

	for (size_t p = 0; p < PARTITIONS; p++) {
		const struct partition *partition = &finder->partitions[p];

		for (size_t i = 0; i < partition->found.n; i++)
			counts[slice_of(finder, partition->found.pairs[i].key)]++;
		for (size_t i = 0; i < candidates->n_indexes; i++)
			candidates->stats[i].pairs += partition->by_index[i];
		candidates->left_out += partition->left_out;
		total += partition->found.n;
	}
	for (size_t s = 0; s < CHUNKS; s++)
		gathering.start[s + 1] = gathering.start[s] + counts[s];
	candidates->pairs = malloc((total + 1) * sizeof *candidates->pairs);
	if (finder->request->want_indexes)
		candidates->indexes = malloc((total + 1) * sizeof *candidates->indexes);
	if (!candidates->pairs || (finder->request->want_indexes && !candidates->indexes))
		return -1;
	parallel_run(finder->request->parallel, CHUNKS, gather_slice, &gathering);
	for (size_t s = 0; s < CHUNKS; s++) {
		size_t n = gathering.kept[s], from = gathering.start[s];

		if (gathering.failed[s])
			return -1;
		memmove(candidates->pairs + candidates->n, candidates->pairs + from, n * sizeof *candidates->pairs);
		if (candidates->indexes)
			memmove(candidates->indexes + candidates->n, candidates->indexes + from, n * sizeof *candidates->indexes);
		candidates->n += n;
	}
	return gather_crowded(finder, candidates);
}

bool blocking_index_name(unsigned index, char name[BLOCKING_NAME_MAX])
{
	const struct blocking_request request = {.plan = 0};
	struct finder *finder = calloc(1, sizeof *finder);
	struct candidates *candidates = calloc(1, sizeof *candidates);
	bool known = false;

	name[0] = '\0';
	if (finder && candidates) {
		finder->request = &request;
		number_indexes(finder, candidates);
		known = index < candidates->n_indexes;
		if (known)
			memcpy(name, candidates->stats[index].name, BLOCKING_NAME_MAX);
	}
	free(finder);
	free(candidates);
	return known;
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
	finder->generosity = blocking_generosity(store_held(request->store));
	number_indexes(finder, ret);
	finder->buffers = calloc(CHUNKS, sizeof *finder->buffers);
	if (finder->buffers && (finder->store->n_records < 2 || (run_phase(finder, 1) == 0 && run_phase(finder, 2) == 0 &&
								run_phase(finder, 3) == 0)))
		status = gather(finder, ret);
	for (size_t p = 0; p < PARTITIONS; p++) {
		hash_map_release(&finder->partitions[p].common);
		free(finder->partitions[p].found.pairs);
		free(finder->partitions[p].crowded);
		for (size_t c = 0; finder->buffers && c < CHUNKS; c++)
			free(finder->buffers[c][p].entries);
	}
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
	free(candidates->indexes);
	free(candidates->crowded);
	*candidates = (struct candidates){0};
}
