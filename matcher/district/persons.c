/*
 * Takes over from the linker who is whom: entries of one person stand in a ring and carry the person's label and id.
 */
#include "matcher/district/register.h"

#include <stdlib.h>

/* Adds an entry's ring, as it was before this settle, to the set; each entry once. */
static int add_ring(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	uint32_t i = entry;

	do {
		struct register_entry *e = &district->entries[i];

		if (!(e->marks & MARK_SEEN)) {
			if (entry_set_add(set, i, err) < 0)
				return -1;
			e->marks |= MARK_SEEN;
		}
		i = e->next_of_person;
	} while (i != entry);
	return 0;
}

/* Everything that stood or stands with a changed entry. */
static int gather(struct district *district, const uint32_t *changed, size_t n, struct entry_set *set,
	struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t now = linker_cluster(district->linker, changed[i]);

		if (!(district->entries[changed[i]].marks & MARK_SEEN) && add_ring(district, changed[i], set, err) < 0)
			return -1;
		if (now != DISTRICT_NONE && !(district->entries[now].marks & MARK_SEEN) &&
			add_ring(district, now, set, err) < 0)
			return -1;
	}
	return 0;
}

static int by_person(const void *pa, const void *pb, void *arg)
{
	const struct register_entry *entries = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (entries[a].person != entries[b].person)
		return entries[a].person < entries[b].person ? -1 : 1;
	return a < b ? -1 : a > b;
}

void district_relink_persons(struct district *district, struct entry_set *set)
{
	struct register_entry *entries = district->entries;

	for (size_t i = 0; i < set->n; i++) {
		struct register_entry *e = &entries[set->items[i]];

		district->n_persons -= e->person == set->items[i];
		e->person = district_withdrawn(district, set->items[i]) ? DISTRICT_NONE : linker_cluster(district->linker, set->items[i]);
		e->kin = 1;
		district->n_persons += e->person == set->items[i];
	}
	if (set->n)
		qsort_r(set->items, set->n, sizeof(*set->items), by_person, entries);
	for (size_t i = 0, j; i < set->n; i = j) {
		uint32_t person = entries[set->items[i]].person;

		for (j = i + 1; j < set->n && entries[set->items[j]].person == person && person != DISTRICT_NONE; j++)
			entries[set->items[j - 1]].next_of_person = set->items[j];
		entries[set->items[j - 1]].next_of_person = set->items[i];
	}
}

int district_settle_persons(struct district *district, struct entry_set *dirty, struct error *err)
{
	size_t n_changed;
	const uint32_t *changed = linker_changed(district->linker, &n_changed);
	int result = -1;

	if (gather(district, changed, n_changed, dirty, err) < 0 ||
		gather(district, district->fresh.items, district->fresh.n, dirty, err) < 0)
		goto out;
	district_relink_persons(district, dirty);
	result = 0;
out:
	for (size_t i = 0; i < dirty->n; i++)
		district->entries[dirty->items[i]].marks &= (uint8_t)~MARK_SEEN;
	return result;
}

int district_name_persons(struct district *district, const struct entry_set *dirty, const struct entry_set *settled,
	struct error *err)
{
	const struct entry_set *sets[] = {dirty, settled};
	struct entry_set all = {0};
	int result = 0;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < sets[k]->n && result == 0; i++)
			if (!(district->entries[sets[k]->items[i]].marks & MARK_SEEN))
				result = add_ring(district, sets[k]->items[i], &all, err);
	for (size_t i = 0; i < all.n; i++)
		district->entries[all.items[i]].marks &= (uint8_t)~MARK_SEEN;
	if (result == 0)
		result = district_assign_ids(district, DISTRICT_PERSON, &all, err);
	entry_set_release(&all);
	return result;
}

bool district_by_family(const struct district *district, uint32_t a, uint32_t b, double *ret)
{
	const struct register_entry *x = &district->entries[a], *y = &district->entries[b];

	if (x->person != y->person || linker_cluster(district->linker, a) == linker_cluster(district->linker, b))
		return false;
	*ret = (double)x->kin * y->kin;
	return true;
}
