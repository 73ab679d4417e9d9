/*
 * Guests find their families: walks through the RTs that hold guests among what is being settled, measures what may be
 * believed where everything is decided anew, and joins. See matcher/household/household_attach.h.
 */
#include "matcher/district/settling.h"

#include "matcher/base/hash.h"
#include "matcher/household/household_attach.h"

#include <stdlib.h>

/* In an RT with more rows than this the RT says too little. */
enum { RT_ROWS_MAX = 4000, MEASURED_MAX = 40000, GUESTS_ENOUGH = 30 };

struct block { /* the rows of one RT, household by household */
	struct attach_row *rows;
	size_t n, room;
};

uint64_t district_rt_key(const void *arg, uint32_t entry)
{
	const struct district *district = arg;
	uint32_t village = district_village(district, entry);
	uint16_t rt = district->entries[entry].rt;

	return village && rt && !district_is_reference(district, entry) ? (uint64_t)village << 16 | rt : 0;
}

/* A household without a target family whose rows are one person's: a slip spoils one row's KK, not a whole family's. */
static bool is_guest(const struct district *district, uint32_t entry)
{
	uint32_t i = entry;

	if (district_withdrawn(district, entry) || district->entries[entry].core != entry)
		return false;
	do {
		const struct register_entry *e = &district->entries[i];

		if (e->core == entry && (district->lists[e->list].kind != LIST_PROGRAMME ||
						e->person != district->entries[entry].person))
			return false;
		i = e->next_of_household;
	} while (i != entry);
	return true;
}

bool district_may_be_guest(const struct district *district, uint32_t entry)
{
	return !district_withdrawn(district, entry) && district->lists[district->entries[entry].list].kind == LIST_PROGRAMME;
}

static int by_household(const void *pa, const void *pb)
{
	const struct attach_row *a = pa, *b = pb;

	if (a->household != b->household)
		return a->household < b->household ? -1 : 1;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

static int read_block(const struct settling *s, uint64_t key, struct block *block, struct error *err)
{
	const struct district *district = s->district;

	block->n = 0;
	for (uint32_t i = key_index_first(&district->by_rt, district, key); i != KEY_INDEX_END;
		i = key_index_next(&district->by_rt, i)) {
		if (district_withdrawn(district, i))
			continue;
		if (block->n == block->room) {
			size_t room = block->room ? 2 * block->room : 256;
			struct attach_row *moved = realloc(block->rows, room * sizeof(*moved));

			if (!moved)
				return error_memory(err);
			block->rows = moved;
			block->room = room;
		}
		if (block->n == RT_ROWS_MAX) {
			block->n = 0;
			return 0;
		}
		settling_describe(s, i, &block->rows[block->n].member);
		block->rows[block->n].entry = i;
		block->rows[block->n].household = district->entries[i].core;
		block->rows[block->n].position = district->entries[i].row;
		block->n++;
	}
	if (block->n)
		qsort(block->rows, block->n, sizeof(*block->rows), by_household);
	return 0;
}

static void count_known(const struct block *block, const struct block *elsewhere, uint32_t salt,
	struct attach_counts *counts)
{
	for (size_t i = 0; i < block->n && counts->tried < MEASURED_MAX; i++) {
		struct attach_row guest = block->rows[i];
		struct attach_choice choice;
		bool family = false;

		if (guest.member.target)
			continue;
		for (size_t j = i; j-- > 0 && block->rows[j].household == guest.household;)
			family |= block->rows[j].member.person != guest.member.person;
		for (size_t j = i + 1; j < block->n && block->rows[j].household == guest.household; j++)
			family |= block->rows[j].member.person != guest.member.person;
		if (family) {
			attach_choose(&guest, false, true, block->rows, block->n, &choice);
			if (choice.household == guest.household)
				counts->right[choice.pattern]++;
			else if (choice.household != UINT32_MAX)
				counts->wrong[choice.pattern]++;
		}
		if (!elsewhere->n)
			continue;
		/* among strangers: beside a row of its list that stands there */
		counts->tried++;
		guest.position = -10;
		for (size_t k = 0; k < elsewhere->n; k++) {
			const struct attach_row *row = &elsewhere->rows[(hash_pair(salt, i) + k) % elsewhere->n];

			if (row->member.list == guest.member.list) {
				guest.position = row->position + 0.5;
				break;
			}
		}
		attach_choose(&guest, guest.member.kk != 0, false, elsewhere->rows, elsewhere->n, &choice);
		if (choice.household != UINT32_MAX)
			counts->chance[choice.pattern]++;
	}
}

/* The guests of a block, each with its choice. */
static int each_guest(struct settling *s, const struct block *block, bool only_seen,
	int (*visit)(struct settling *s, const struct block *block, const struct attach_row *guest,
		const struct attach_choice *choice, void *arg, struct error *err),
	void *arg, struct error *err)
{
	for (size_t i = 0; i < block->n; i++) {
		const struct attach_row *guest = &block->rows[i];
		struct attach_choice choice;

		if (guest->household != guest->entry || !is_guest(s->district, guest->entry))
			continue;
		if (only_seen && !(s->district->entries[guest->entry].marks & MARK_SEEN))
			continue;
		attach_choose(guest, guest->member.kk != 0, false, block->rows, block->n, &choice);
		if (visit(s, block, guest, &choice, arg, err) < 0)
			return -1;
	}
	return 0;
}

static int count_guest(struct settling *s, const struct block *block, const struct attach_row *guest,
	const struct attach_choice *choice, void *arg, struct error *err)
{
	struct attach_counts *counts = arg;

	counts->n_guests++;
	if (choice->household != UINT32_MAX)
		counts->guests[choice->pattern]++;
	return 0;
}

static bool forbidden(const struct district *district, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < district->n_decisions; i++) {
		const struct household_decision_kept *d = &district->decisions[i];
		uint32_t x = district->entries[d->a].household, y = district->entries[d->b].household;

		if (!d->same && ((x == a && y == b) || (x == b && y == a)))
			return true;
	}
	return false;
}

/* Two households become one; all their entries are seen. */
static int join(struct settling *s, uint32_t a, uint32_t b, struct error *err)
{
	struct register_entry *entries = s->district->entries;
	uint32_t keep, gone, i, swap;

	a = entries[a].household, b = entries[b].household;
	if (a == b || forbidden(s->district, a, b))
		return 0;
	keep = a < b ? a : b;
	gone = a < b ? b : a;
	for (uint32_t root = a;; root = b) { /* both rings into the set that gets ids */
		i = root;
		do {
			if (settling_see(s, i, err) < 0)
				return -1;
			i = entries[i].next_of_household;
		} while (i != root);
		if (root == b)
			break;
	}
	i = gone;
	do {
		entries[i].household = keep;
		i = entries[i].next_of_household;
	} while (i != gone);
	swap = entries[keep].next_of_household;
	entries[keep].next_of_household = entries[gone].next_of_household;
	entries[gone].next_of_household = swap;
	s->district->n_households--;
	return 0;
}

static int attach_guest(struct settling *s, const struct block *block, const struct attach_row *guest,
	const struct attach_choice *choice, void *arg, struct error *err)
{
	struct district *district = s->district;
	float precision;

	if (choice->household == UINT32_MAX)
		return 0;
	precision = district->attach_precision[choice->pattern];
	if (precision < ATTACH_SURE_ENOUGH)
		return precision < 0.05f ? 0 : settling_doubt(s, guest->entry, block->rows[choice->row].entry, precision, err);
	if (district->entries[guest->entry].certainty > precision)
		district->entries[guest->entry].certainty = precision;
	return join(s, guest->entry, block->rows[choice->row].entry, err);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The RTs of the guests in hand, each once, ascending. */
static uint64_t *guests_rts(const struct settling *s, size_t *ret_n)
{
	uint64_t *keys = malloc((s->seen.n + 1) * sizeof(*keys));
	size_t n = 0, kept = 0;

	for (size_t i = 0; keys && i < s->seen.n; i++) {
		uint64_t key = district_rt_key(s->district, s->seen.items[i]);

		if (key && district_may_be_guest(s->district, s->seen.items[i]))
			keys[n++] = key;
	}
	if (keys)
		qsort(keys, n, sizeof(*keys), ascending);
	for (size_t i = 0; i < n; i++)
		if (!i || keys[i] != keys[i - 1])
			keys[kept++] = keys[i];
	*ret_n = kept;
	return keys;
}

static int count_all(struct settling *s, const uint64_t *keys, size_t n, struct attach_counts *counts, struct error *err)
{
	struct block block = {0}, elsewhere = {0};
	size_t step = n / 3 + 1; /* far enough away to be another village, mostly */
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++) {
		uint64_t other = keys[(i + step) % n];

		result = read_block(s, keys[i], &block, err);
		if (result == 0 && other != keys[i])
			result = read_block(s, other, &elsewhere, err);
		if (result == 0) {
			count_known(&block, &elsewhere, (uint32_t)i, counts);
			result = each_guest(s, &block, false, count_guest, counts, err);
		}
	}
	free(block.rows);
	free(elsewhere.rows);
	return result;
}

int settling_measure_guests(struct settling *s, struct error *err)
{
	struct attach_counts counts = {0};
	size_t n = 0;
	uint64_t *keys = guests_rts(s, &n);
	int result = keys ? count_all(s, keys, n, &counts, err) : error_memory(err);

	attach_believe(&counts, s->district->attach_precision);
	if (counts.n_guests < GUESTS_ENOUGH)
		memset(s->district->attach_precision, 0, sizeof(s->district->attach_precision));
	free(keys);
	return result;
}

int settling_attach(struct settling *s, struct error *err)
{
	struct block block = {0};
	size_t n = 0;
	uint64_t *keys = guests_rts(s, &n);
	int result = keys ? 0 : error_memory(err);

	for (size_t i = 0; i < n && result == 0; i++) {
		result = read_block(s, keys[i], &block, err);
		if (result == 0)
			result = each_guest(s, &block, true, attach_guest, NULL, err);
	}
	free(block.rows);
	free(keys);
	return result;
}
