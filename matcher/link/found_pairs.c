/* See found_pairs.h. Lists are kept by slices of the first record, so that each slice is sorted by itself. */
#include "matcher/link/found_pairs.h"

#include "matcher/base/grow.h"
#include "matcher/base/radix_sort.h"

enum { SLICES = 32 };

struct pair_list {
	uint64_t *keys; /* a << 32 | b; or with indexes: */
	struct sort_entry *entries; /* number: free_from; extra: index */
	size_t n, cap;
};

struct found_pairs {
	size_t n_records;
	bool with_indexes;
	struct pair_list lists[FOUND_LISTS][SLICES];
	/* of the gathering */
	struct candidates *candidates;
	size_t start[SLICES + 1], kept[SLICES];
	bool failed[SLICES];
};

struct found_pairs *found_pairs_new(size_t n_records, bool with_indexes)
{
	struct found_pairs *found = calloc(1, sizeof *found);

	if (found) {
		found->n_records = n_records;
		found->with_indexes = with_indexes;
	}
	return found;
}

void found_pairs_free(struct found_pairs *found)
{
	for (size_t l = 0; found && l < FOUND_LISTS; l++) {
		for (size_t s = 0; s < SLICES; s++) {
			free(found->lists[l][s].keys);
			free(found->lists[l][s].entries);
		}
	}
	free(found);
}

int found_pairs_add(struct found_pairs *found, size_t number, uint32_t a, uint32_t b, uint32_t free_from, unsigned index)
{
	uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	struct pair_list *list = &found->lists[number][(key >> 32) * SLICES / found->n_records];

	if (found->with_indexes) {
		if (GROW_BARE(&list->entries, &list->cap, list->n + 1) < 0)
			return -1;
		list->entries[list->n++] = (struct sort_entry){key, free_from, index};
		return 0;
	}
	if (GROW_BARE(&list->keys, &list->cap, list->n + 1) < 0)
		return -1;
	list->keys[list->n++] = key;
	return 0;
}

static struct candidate pair_of(uint64_t key)
{
	return (struct candidate){(uint32_t)(key >> 32), (uint32_t)key};
}

static void gather_keys(struct found_pairs *found, size_t slice, size_t n)
{
	struct candidate *pairs = found->candidates->pairs + found->start[slice];
	uint64_t *keys = malloc((2 * n + 1) * sizeof *keys);
	size_t at = 0, kept = 0;

	found->failed[slice] = !keys;
	for (size_t l = 0; l < FOUND_LISTS; l++) {
		struct pair_list *list = &found->lists[l][slice];

		if (keys && list->n)
			memcpy(keys + at, list->keys, list->n * sizeof *keys);
		at += list->n;
		free(list->keys);
		*list = (struct pair_list){0};
	}
	if (!keys)
		return;
	radix_sort_keys(keys, keys + n, n);
	for (size_t i = 0; i < n; i++) {
		if (!i || keys[i] != keys[i - 1])
			pairs[kept++] = pair_of(keys[i]);
	}
	found->kept[slice] = kept;
	free(keys);
}

static void gather_entries(struct found_pairs *found, size_t slice, size_t n)
{
	struct candidates *candidates = found->candidates;
	struct sort_entry *entries = malloc((2 * n + 1) * sizeof *entries);
	size_t at = 0, kept = found->start[slice];

	found->failed[slice] = !entries;
	for (size_t l = 0; l < FOUND_LISTS; l++) {
		struct pair_list *list = &found->lists[l][slice];

		if (entries && list->n)
			memcpy(entries + at, list->entries, list->n * sizeof *entries);
		at += list->n;
		free(list->entries);
		*list = (struct pair_list){0};
	}
	if (!entries)
		return;
	radix_sort(entries, entries + n, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = UINT64_C(1) << (entries[i].extra & 63);

		if (i && entries[i].key == entries[i - 1].key) {
			candidates->free_from[kept - 1] |= entries[i].number;
			candidates->indexes[kept - 1] |= bit;
			continue;
		}
		candidates->pairs[kept] = pair_of(entries[i].key);
		candidates->free_from[kept] = entries[i].number;
		candidates->indexes[kept++] = bit;
	}
	found->kept[slice] = kept - found->start[slice];
	free(entries);
}

static void gather_slice(void *arg, size_t slice)
{
	struct found_pairs *found = arg;
	size_t n = found->start[slice + 1] - found->start[slice];

	if (found->with_indexes)
		gather_entries(found, slice, n);
	else
		gather_keys(found, slice, n);
}

int found_pairs_gather(struct found_pairs *found, const struct parallel *parallel, struct candidates *ret)
{
	size_t total;

	for (size_t s = 0; s < SLICES; s++) {
		found->start[s + 1] = found->start[s];
		for (size_t l = 0; l < FOUND_LISTS; l++)
			found->start[s + 1] += found->lists[l][s].n;
	}
	total = found->start[SLICES];
	found->candidates = ret;
	ret->pairs = malloc((total + 1) * sizeof *ret->pairs);
	if (found->with_indexes) {
		ret->free_from = malloc((total + 1) * sizeof *ret->free_from);
		ret->indexes = malloc((total + 1) * sizeof *ret->indexes);
	}
	if (!ret->pairs || (found->with_indexes && (!ret->free_from || !ret->indexes)))
		return -1;
	parallel_run(parallel, SLICES, gather_slice, found);
	for (size_t s = 0; s < SLICES; s++) {
		size_t n = found->kept[s], from = found->start[s];

		if (found->failed[s])
			return -1;
		memmove(ret->pairs + ret->n, ret->pairs + from, n * sizeof *ret->pairs);
		if (found->with_indexes) {
			memmove(ret->free_from + ret->n, ret->free_from + from, n * sizeof *ret->free_from);
			memmove(ret->indexes + ret->n, ret->indexes + from, n * sizeof *ret->indexes);
		}
		ret->n += n;
	}
	return 0;
}
