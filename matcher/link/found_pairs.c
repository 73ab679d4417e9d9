/* See found_pairs.h. */
#include "matcher/link/found_pairs.h"

#include "matcher/base/grow.h"
#include "matcher/base/radix_sort.h"

enum { FEW = 32, PACK_FROM = 1000000, PACK_FROM_A_RECORD = 2 /* pairs not packed */ };

/* With indexes; number: free_from; extra: index. */
struct told_list {
	struct sort_entry *entries;
	size_t n, cap;
};

struct told_pairs {
	struct told_list lists[FOUND_LISTS][FOUND_PARTS];
};

/* One part, in order. The arrays are the gathering's. */
struct part {
	struct candidate *pairs;
	uint32_t *free_from;
	uint64_t *indexes;
	size_t n;
	bool failed;
};

struct gathering {
	struct found_pairs *found;
	struct part parts[FOUND_PARTS];
};

struct found_pairs *found_pairs_new(size_t n_records, bool with_indexes)
{
	struct found_pairs *found = calloc(1, sizeof *found);

	if (!found)
		return NULL;
	found->n_records = n_records;
	while (n_records >> found->shift >= FOUND_PARTS)
		found->shift++;
	if (with_indexes) {
		found->told = calloc(1, sizeof *found->told);
		if (!found->told) {
			free(found);
			return NULL;
		}
	}
	return found;
}

void found_pairs_free(struct found_pairs *found)
{
	for (size_t p = 0; found && p < FOUND_PARTS; p++)
		free(found->packed[p].bytes);
	for (size_t l = 0; found && l < FOUND_LISTS; l++) {
		for (size_t p = 0; p < FOUND_PARTS; p++) {
			word_bag_release(&found->lists[l][p]);
			if (found->told)
				free(found->told->lists[l][p].entries);
		}
	}
	if (found)
		free(found->told);
	free(found);
}

int found_pairs_add(struct found_pairs *found, size_t list, uint32_t a, uint32_t b, uint32_t free_from, unsigned index)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;
	struct told_list *told;

	if (!found->told)
		return found_pairs_add_plain(found, list, low, high);
	told = &found->told->lists[list][low >> found->shift];
	if (GROW_BARE(&told->entries, &told->cap, told->n + 1) < 0)
		return -1;
	told->entries[told->n++] = (struct sort_entry){(uint64_t)low << 32 | high, free_from, index};
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void sort_numbers(uint32_t *numbers, size_t n)
{
	if (n > FEW) {
		qsort(numbers, n, sizeof *numbers, compare_numbers);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t number = numbers[i];
		size_t j = i;

		for (; j && numbers[j - 1] > number; j--)
			numbers[j] = numbers[j - 1];
		numbers[j] = number;
	}
}

/* All words of a part that are not packed, in no order; NULL: memory. */
static uint64_t *take_words(struct found_pairs *found, size_t part, size_t *ret_n)
{
	size_t n = 0, at = 0;
	uint64_t *words;

	for (size_t l = 0; l < FOUND_LISTS; l++)
		n += found->lists[l][part].n;
	words = malloc((n + 1) * sizeof *words);
	for (size_t l = 0; words && l < FOUND_LISTS; l++) {
		size_t more = found->lists[l][part].n;

		word_bag_take(&found->lists[l][part], words + at);
		at += more;
	}
	*ret_n = n;
	return words;
}

/*
 * Puts words whose first records are n_first from `first` on in order, each once: by first records in one sweep, then the few
 * second records of each. -1: memory.
 */
static int sort_words(uint64_t *words, size_t *ret_n, uint32_t first, size_t n_first)
{
	size_t n = *ret_n, kept = 0;
	uint32_t *starts = calloc(n_first + 2, sizeof *starts), *seconds = malloc((n + 1) * sizeof *seconds);

	if (!starts || !seconds) {
		free(starts);
		free(seconds);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		starts[(uint32_t)(words[i] >> 32) - first + 2]++;
	for (size_t r = 2; r < n_first + 2; r++)
		starts[r] += starts[r - 1];
	for (size_t i = 0; i < n; i++)
		seconds[starts[(uint32_t)(words[i] >> 32) - first + 1]++] = (uint32_t)words[i];
	for (size_t r = 0; r < n_first; r++) {
		sort_numbers(seconds + starts[r], starts[r + 1] - starts[r]);
		for (uint32_t i = starts[r]; i < starts[r + 1]; i++) {
			if (i == starts[r] || seconds[i] != seconds[i - 1])
				words[kept++] = (uint64_t)(first + r) << 32 | seconds[i];
		}
	}
	free(starts);
	free(seconds);
	*ret_n = kept;
	return 0;
}

static const uint8_t *unpack(const uint8_t *at, uint64_t *word)
{
	uint64_t difference = 0;
	unsigned shift = 0;

	for (; *at & 128; shift += 7)
		difference |= (uint64_t)(*at++ & 127) << shift;
	*word += difference | (uint64_t)*at++ << shift;
	return at;
}

static uint8_t *pack(uint8_t *at, uint64_t difference)
{
	for (; difference >= 128; difference >>= 7)
		*at++ = (uint8_t)(difference | 128);
	*at++ = (uint8_t)difference;
	return at;
}

static size_t packed_size(const uint64_t *words, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += (64 - (size_t)__builtin_clzll((words[i] - (i ? words[i - 1] : 0)) | 1) + 6) / 7;
	return size;
}

/* Both in order, each once. */
static size_t merge(const struct packed_pairs *packed, const uint64_t *words, size_t n, uint64_t *to)
{
	const uint8_t *at = packed->bytes;
	uint64_t word = 0;
	size_t i = 0, kept = 0;

	for (size_t k = 0; k < packed->n; k++) {
		at = unpack(at, &word);
		while (i < n && words[i] < word)
			to[kept++] = words[i++];
		i += i < n && words[i] == word;
		to[kept++] = word;
	}
	while (i < n)
		to[kept++] = words[i++];
	return kept;
}

/* All pairs of a part, in order, each once; NULL: memory. */
static uint64_t *take_part(struct found_pairs *found, size_t part, size_t *ret_n)
{
	struct packed_pairs *packed = &found->packed[part];
	size_t n;
	uint64_t *words = take_words(found, part, &n), *all;

	if (!words || (n && sort_words(words, &n, (uint32_t)(part << found->shift), (size_t)1 << found->shift) < 0)) {
		free(words);
		return NULL;
	}
	*ret_n = n;
	if (!packed->bytes)
		return words;
	all = malloc((packed->n + n + 1) * sizeof *all);
	if (all)
		*ret_n = merge(packed, words, n, all);
	free(words);
	free(packed->bytes);
	*packed = (struct packed_pairs){0};
	return all;
}

struct packing {
	struct found_pairs *found;
	bool failed[FOUND_PARTS];
};

static void pack_part(void *arg, size_t part)
{
	struct packing *packing = arg;
	struct packed_pairs *packed = &packing->found->packed[part];
	size_t n;
	uint64_t *words = take_part(packing->found, part, &n);
	uint8_t *at = words ? malloc(packed_size(words, n) + 1) : NULL;

	packing->failed[part] = !at;
	if (at) {
		*packed = (struct packed_pairs){at, n};
		for (size_t i = 0; i < n; i++)
			at = pack(at, words[i] - (i ? words[i - 1] : 0));
	}
	free(words);
}

int found_pairs_pack(struct found_pairs *found, const struct parallel *parallel)
{
	struct packing packing = {.found = found};
	size_t n = 0;
	bool failed = false;

	for (size_t l = 0; l < FOUND_LISTS; l++) {
		for (size_t p = 0; p < FOUND_PARTS; p++)
			n += found->lists[l][p].n;
	}
	if (n < PACK_FROM || n < PACK_FROM_A_RECORD * found->n_records)
		return 0;
	parallel_run(parallel, FOUND_PARTS, pack_part, &packing);
	for (size_t p = 0; p < FOUND_PARTS; p++)
		failed |= packing.failed[p];
	return failed ? -1 : 0;
}

int found_pairs_part(struct found_pairs *found, size_t part, struct candidate **ret_pairs, size_t *ret_n)
{
	size_t n = 0;
	uint64_t *words = take_part(found, part, &n);
	struct candidate *pairs = words ? malloc((n + 1) * sizeof *pairs) : NULL;

	for (size_t i = 0; pairs && i < n; i++)
		pairs[i] = (struct candidate){(uint32_t)(words[i] >> 32), (uint32_t)words[i]};
	free(words);
	*ret_pairs = pairs;
	*ret_n = pairs ? n : 0;
	return pairs ? 0 : -1;
}

static struct sort_entry *take_entries(struct told_pairs *told, size_t number, size_t *ret_n)
{
	struct sort_entry *entries;
	size_t n = 0, at = 0;

	for (size_t l = 0; l < FOUND_LISTS; l++)
		n += told->lists[l][number].n;
	entries = malloc((2 * n + 1) * sizeof *entries);
	for (size_t l = 0; l < FOUND_LISTS && entries; l++) {
		struct told_list *list = &told->lists[l][number];

		if (list->n)
			memcpy(entries + at, list->entries, list->n * sizeof *entries);
		at += list->n;
		free(list->entries);
		*list = (struct told_list){0};
	}
	*ret_n = n;
	return entries;
}

static bool make_told_part(struct told_pairs *told, size_t number, struct part *part)
{
	size_t n, distinct = 0;
	struct sort_entry *entries = take_entries(told, number, &n);

	if (!entries)
		return false;
	radix_sort(entries, entries + n, n);
	for (size_t i = 0; i < n; i++)
		distinct += !i || entries[i].key != entries[i - 1].key;
	part->pairs = malloc((distinct + 1) * sizeof *part->pairs);
	part->free_from = malloc((distinct + 1) * sizeof *part->free_from);
	part->indexes = malloc((distinct + 1) * sizeof *part->indexes);
	if (!part->pairs || !part->free_from || !part->indexes) {
		free(entries);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = UINT64_C(1) << (entries[i].extra & 63);

		if (i && entries[i].key == entries[i - 1].key) {
			part->free_from[part->n - 1] |= entries[i].number;
			part->indexes[part->n - 1] |= bit;
			continue;
		}
		part->pairs[part->n] = (struct candidate){(uint32_t)(entries[i].key >> 32), (uint32_t)entries[i].key};
		part->free_from[part->n] = entries[i].number;
		part->indexes[part->n++] = bit;
	}
	free(entries);
	return true;
}

static void make_part(void *arg, size_t number)
{
	struct gathering *gathering = arg;
	struct part *part = &gathering->parts[number];

	if (gathering->found->told)
		part->failed = !make_told_part(gathering->found->told, number, part);
	else
		part->failed = found_pairs_part(gathering->found, number, &part->pairs, &part->n) < 0;
}

/* The parts' arrays of one kind as one array; theirs are freed. NULL: memory. */
static void *join_arrays(struct gathering *gathering, size_t offset, size_t size, size_t total)
{
	char *all = malloc((total + 1) * size);
	size_t at = 0;

	for (size_t p = 0; all && p < FOUND_PARTS; p++) {
		struct part *part = &gathering->parts[p];
		void **array = (void **)((char *)part + offset);

		memcpy(all + at * size, *array, part->n * size);
		at += part->n;
		free(*array);
		*array = NULL;
	}
	return all;
}

static int join_parts(struct gathering *gathering, struct candidates *ret)
{
	size_t total = 0;

	for (size_t p = 0; p < FOUND_PARTS; p++) {
		if (gathering->parts[p].failed)
			return -1;
		total += gathering->parts[p].n;
	}
	ret->pairs = join_arrays(gathering, offsetof(struct part, pairs), sizeof *ret->pairs, total);
	if (ret->pairs)
		ret->n = total;
	if (!ret->pairs || !gathering->found->told)
		return ret->pairs ? 0 : -1;
	ret->free_from = join_arrays(gathering, offsetof(struct part, free_from), sizeof *ret->free_from, total);
	ret->indexes = join_arrays(gathering, offsetof(struct part, indexes), sizeof *ret->indexes, total);
	return ret->free_from && ret->indexes ? 0 : -1;
}

int found_pairs_gather(struct found_pairs *found, const struct parallel *parallel, struct candidates *ret)
{
	struct gathering *gathering = calloc(1, sizeof *gathering);
	int status = -1;

	if (!gathering)
		return -1;
	gathering->found = found;
	parallel_run(parallel, FOUND_PARTS, make_part, gathering);
	status = join_parts(gathering, ret);
	for (size_t p = 0; p < FOUND_PARTS; p++) {
		free(gathering->parts[p].pairs);
		free(gathering->parts[p].free_from);
		free(gathering->parts[p].indexes);
	}
	free(gathering);
	return status;
}
