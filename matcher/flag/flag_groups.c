/*
 * Sorted arrays of entries by household, person and NIK. See flag_groups.h.
 */
#include "matcher/flag/flag_groups.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int by_nik(const void *a, const void *b)
{
	const struct flag_nik *left = a, *right = b;

	if (left->nik != right->nik)
		return left->nik < right->nik ? -1 : 1;
	return (left->entry > right->entry) - (left->entry < right->entry);
}

static void fill(struct flag_groups *groups, const struct flag_input *input)
{
	for (uint32_t i = 0; i < input->n_entries; i++) {
		const struct flag_entry *entry = &input->entries[i];

		if (entry->household != UINT32_MAX)
			groups->households[groups->n_households++] = (uint64_t)entry->household << 32 | i;
		if (entry->person != UINT32_MAX)
			groups->persons[groups->n_persons++] = (uint64_t)entry->person << 32 | i;
		if (entry->nik && entry->person != UINT32_MAX)
			groups->niks[groups->n_niks++] = (struct flag_nik){entry->nik, i};
		if (groups->list_count[entry->list]++ == 0)
			groups->list_first[entry->list] = i;
	}
}

int flag_groups_init(struct flag_groups *groups, const struct flag_input *input, struct error *err)
{
	size_t n = input->n_entries + 1;

	*groups = (struct flag_groups){.entries = input->entries};
	groups->households = malloc(n * sizeof *groups->households);
	groups->persons = malloc(n * sizeof *groups->persons);
	groups->niks = malloc(n * sizeof *groups->niks);
	groups->list_first = calloc(input->n_lists + 1, sizeof *groups->list_first);
	groups->list_count = calloc(input->n_lists + 1, sizeof *groups->list_count);
	if (!groups->households || !groups->persons || !groups->niks || !groups->list_first || !groups->list_count) {
		flag_groups_release(groups);
		return error_memory(err);
	}
	fill(groups, input);
	qsort(groups->households, groups->n_households, sizeof *groups->households, by_number);
	qsort(groups->persons, groups->n_persons, sizeof *groups->persons, by_number);
	qsort(groups->niks, groups->n_niks, sizeof *groups->niks, by_nik);
	return 0;
}

void flag_groups_release(struct flag_groups *groups)
{
	free(groups->households);
	free(groups->persons);
	free(groups->niks);
	free(groups->list_first);
	free(groups->list_count);
	*groups = (struct flag_groups){0};
}

/* The first item not below key. */
static size_t lower_bound(const uint64_t *items, size_t n, uint64_t key)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (items[middle] < key)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static struct flag_range find(const uint64_t *items, size_t n, uint32_t group)
{
	size_t from = lower_bound(items, n, (uint64_t)group << 32);
	size_t to = lower_bound(items, n, ((uint64_t)group + 1) << 32);

	return (struct flag_range){items + from, to - from};
}

struct flag_range flag_groups_household(const struct flag_groups *groups, uint32_t household)
{
	if (household == UINT32_MAX)
		return (struct flag_range){0};
	return find(groups->households, groups->n_households, household);
}

struct flag_range flag_groups_person(const struct flag_groups *groups, uint32_t person)
{
	if (person == UINT32_MAX)
		return (struct flag_range){0};
	return find(groups->persons, groups->n_persons, person);
}

/* Entries are numbered by list first, so those of one list stand together. */
struct flag_range flag_groups_in_list(const struct flag_groups *groups, struct flag_range range, uint32_t list)
{
	uint64_t group, first = groups->list_first[list];
	size_t from, to;

	if (!range.n)
		return range;
	group = range.items[0] & ~(uint64_t)UINT32_MAX;
	from = lower_bound(range.items, range.n, group | first);
	to = lower_bound(range.items, range.n, group + (first + groups->list_count[list]));
	return (struct flag_range){range.items + from, to - from};
}

size_t flag_groups_nik(const struct flag_groups *groups, uint64_t nik)
{
	size_t low = 0, n = groups->n_niks;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (groups->niks[middle].nik < nik)
			low = middle + 1;
		else
			n = middle;
	}
	return low < groups->n_niks && groups->niks[low].nik == nik ? low : groups->n_niks;
}
