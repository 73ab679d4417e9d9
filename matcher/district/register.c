/*
 * The register as a store: lists and entries come in, are looked up, go out. What they mean is decided in persons.c,
 * households.c and flags.c.
 */
#include "matcher/district/register.h"

#include "matcher/base/hash.h"

#include <stdlib.h>

/* Room for one more element of *items; *room counts elements. */
static int make_room(void **items, size_t n, size_t *room, size_t size, struct error *err)
{
	size_t bigger = *room ? *room + *room / 2 : 64;
	void *moved;

	if (n < *room)
		return 0;
	moved = realloc(*items, bigger * size);
	if (!moved)
		return error_memory(err);
	*items = moved;
	*room = bigger;
	return 0;
}

int entry_set_add(struct entry_set *set, uint32_t entry, struct error *err)
{
	if (make_room((void **)&set->items, set->n, &set->room, sizeof(*set->items), err) < 0)
		return -1;
	set->items[set->n++] = entry;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void entry_set_sort(struct entry_set *set)
{
	size_t kept = 0;

	if (!set->n)
		return;
	qsort(set->items, set->n, sizeof(*set->items), ascending);
	for (size_t i = 0; i < set->n; i++)
		if (!i || set->items[i] != set->items[i - 1])
			set->items[kept++] = set->items[i];
	set->n = kept;
}

void entry_set_release(struct entry_set *set)
{
	free(set->items);
	*set = (struct entry_set){0};
}

static uint64_t text_number_key(const void *arg, uint32_t item)
{
	return ((const struct text_numbers *)arg)->hashes[item];
}

uint32_t text_numbers_get(struct text_numbers *numbers, uint64_t hash, uint64_t value, struct error *err)
{
	uint32_t found;
	size_t room = numbers->room;

	hash = hash ? hash : 1;
	found = key_index_first(&numbers->index, numbers, hash);
	if (found != KEY_INDEX_END)
		return found + 1;
	if (make_room((void **)&numbers->hashes, numbers->n, &room, sizeof(*numbers->hashes), err) < 0 ||
		make_room((void **)&numbers->values, numbers->n, &numbers->room, sizeof(*numbers->values), err) < 0)
		return 0;
	numbers->hashes[numbers->n] = hash;
	numbers->values[numbers->n] = value;
	if (key_index_add(&numbers->index, numbers, err) < 0)
		return 0;
	return (uint32_t)++numbers->n;
}

static void text_numbers_release(struct text_numbers *numbers)
{
	key_index_release(&numbers->index);
	free(numbers->hashes);
	free(numbers->values);
}

static uint64_t kk_key(const void *arg, uint32_t entry)
{
	const struct district *district = arg;
	const struct register_entry *e = &district->entries[entry];

	return e->kk_digits == 16 && !district_is_reference(district, entry) ? e->kk : 0;
}

static uint64_t family_key(const void *arg, uint32_t entry)
{
	return ((const struct district *)arg)->entries[entry].family;
}

static uint64_t nik_key(const void *arg, uint32_t entry)
{
	const struct register_entry *e = &((const struct district *)arg)->entries[entry];

	return e->nik_digits == 16 ? e->nik : 0;
}

int district_new(const struct ruleset *rules, const struct village_table *villages,
	const struct linker_options *thresholds, struct district **ret, struct error *err)
{
	struct linker_options options = {.within_lists = true, .across_lists = true};
	struct district *district = calloc(1, sizeof(*district));

	if (!district)
		return error_memory(err);
	if (thresholds) {
		options.threshold = thresholds->threshold;
		options.doubtful_from = thresholds->doubtful_from;
	}
	district->rules = rules;
	district->villages = villages;
	district->next = (struct district_ids){1, 1};
	district->household_settings = household_settings_default;
	arena_init(&district->texts.arena, 0);
	arena_init(&district->scratch, 0);
	key_index_init(&district->by_kk, kk_key);
	key_index_init(&district->by_family, family_key);
	key_index_init(&district->by_nik, nik_key);
	key_index_init(&district->by_rt, district_rt_key);
	key_index_init(&district->village_numbers.index, text_number_key);
	key_index_init(&district->family_numbers.index, text_number_key);
	if (linker_new(&district_schema, &options, &district->linker, err) < 0) {
		district_free(district);
		return -1;
	}
	*ret = district;
	return 0;
}

void district_free(struct district *district)
{
	if (!district)
		return;
	linker_free(district->linker);
	arena_release(&district->texts.arena);
	arena_release(&district->scratch);
	key_index_release(&district->by_kk);
	key_index_release(&district->by_family);
	key_index_release(&district->by_nik);
	key_index_release(&district->by_rt);
	text_numbers_release(&district->village_numbers);
	text_numbers_release(&district->family_numbers);
	entry_set_release(&district->fresh);
	entry_set_release(&district->changed);
	entry_set_release(&district->touched);
	free(district->lists);
	free(district->entries);
	free(district->decisions);
	free(district->doubts);
	free(district->id_changes);
	free(district);
}

void district_set_next_ids(struct district *district, struct district_ids next)
{
	if (next.person > district->next.person)
		district->next.person = next.person;
	if (next.household > district->next.household)
		district->next.household = next.household;
}

struct district_ids district_next_ids(const struct district *district)
{
	return district->next;
}

int district_touch(struct district *district, uint32_t entry, struct error *err)
{
	if (district->entries[entry].marks & MARK_TOUCHED)
		return 0;
	if (entry_set_add(&district->touched, entry, err) < 0)
		return -1;
	district->entries[entry].marks |= MARK_TOUCHED;
	return 0;
}

int district_touch_all(struct district *district, struct error *err)
{
	for (uint32_t i = 0; i < district->n_entries; i++)
		if (district_touch(district, i, err) < 0)
			return -1;
	return 0;
}

/*
 * Which list counts for its programme (or as the target): the newest day, the last one added on a tie. Marks what a
 * change concerns as touched.
 */
static int choose_current(struct district *district, enum list_kind kind, int subject, struct error *err)
{
	struct district_list *newest = NULL;

	for (size_t i = 0; i < district->n_lists; i++) {
		struct district_list *list = &district->lists[i];

		if (list->kind == kind && list->subject == subject && !list->withdrawn && (!newest || list->day >= newest->day))
			newest = list;
	}
	for (size_t i = 0; i < district->n_lists; i++) {
		struct district_list *list = &district->lists[i];
		bool current = !list->withdrawn && (list == newest || kind == LIST_REFERENCE);

		if (list->kind != kind || list->subject != subject || list->current == current)
			continue;
		list->current = current;
		if (kind == LIST_TARGET && district_touch_all(district, err) < 0)
			return -1;
		for (uint32_t e = 0; e < list->n_entries; e++)
			if (district_touch(district, list->first_entry + e, err) < 0)
				return -1;
	}
	return 0;
}

int district_add_list(struct district *district, const struct district_list *list, uint32_t *ret_list,
	struct error *err)
{
	uint32_t number = (uint32_t)district->n_lists, linker_number;
	struct district_list *kept;

	if (make_room((void **)&district->lists, district->n_lists, &district->lists_room, sizeof(*district->lists), err) < 0)
		return -1;
	if (linker_list(district->linker, &linker_number, err) < 0)
		return -1;
	kept = &district->lists[district->n_lists++];
	*kept = *list;
	kept->withdrawn = kept->current = false;
	kept->first_entry = (uint32_t)district->n_entries;
	kept->n_entries = 0;
	kept->target_number = list->kind == LIST_TARGET ? ++district->n_targets : 0;
	*ret_list = number;
	return choose_current(district, list->kind, list->subject, err);
}

/* Which village and family: numbers that are equal for equal ones. */
static int number_texts(struct district *district, const struct entry *entry, struct register_entry *e,
	struct error *err)
{
	if (entry->village || entry->village_text.n) {
		uint64_t hash = entry->village ? hash_mix(entry->village) : hash_str(entry->village_text);

		e->village = text_numbers_get(&district->village_numbers, hash, entry->village, err);
		if (!e->village)
			return -1;
	}
	if (entry->family_id.n) {
		e->family = text_numbers_get(&district->family_numbers, hash_str(entry->family_id), 0, err);
		if (!e->family)
			return -1;
	}
	return 0;
}

static void keep_ids(struct district *district, struct register_entry *e, const struct district_ids *before)
{
	if (!before)
		return;
	e->person_id = before->person;
	e->household_id = before->household;
	district_set_next_ids(district, (struct district_ids){before->person + 1, before->household + 1});
}

static uint8_t quality_notes(const struct entry *entry)
{
	uint8_t n = 0;

	for (int i = 0; i < entry->n_notes; i++)
		n += entry_note_is_quality(entry->notes[i].kind);
	return n;
}

int district_add_entry(struct district *district, const struct entry *entry, const struct district_ids *before,
	uint32_t *ret_entry, struct error *err)
{
	struct field_value values[DISTRICT_FIELDS];
	uint32_t number = (uint32_t)district->n_entries, record;
	struct register_entry *e;

	if (make_room((void **)&district->entries, district->n_entries, &district->entries_room,
		    sizeof(*district->entries), err) < 0)
		return -1;
	e = &district->entries[number];
	*e = (struct register_entry){.nik = entry->nik, .kk = entry->kk, .row = entry->row, .birth = entry->birth,
		.rt = entry->rt, .rw = entry->rw, .nik_digits = entry->nik_digits, .kk_digits = entry->kk_digits,
		.sex = entry->sex, .relation = entry->relation, .desil = entry->desil, .quality = quality_notes(entry),
		.list = (uint32_t)district->n_lists - 1, .person = DISTRICT_NONE, .household = DISTRICT_NONE, .core = DISTRICT_NONE,
		.next_of_person = number, .next_of_household = number, .certainty = 1, .kin = 1};
	e->texts = texts_pack(entry, &district->texts);
	arena_reset(&district->scratch);
	if (!e->texts || district_field_values(entry, &district->scratch, values) < 0)
		return error_memory(err);
	if (number_texts(district, entry, e, err) < 0 || linker_add(district->linker, values, &record, err) < 0)
		return -1;
	keep_ids(district, e, before);
	if (key_index_add(&district->by_kk, district, err) < 0 || key_index_add(&district->by_family, district, err) < 0 ||
		key_index_add(&district->by_nik, district, err) < 0 || key_index_add(&district->by_rt, district, err) < 0 ||
		entry_set_add(&district->fresh, number, err) < 0)
		return -1;
	district->n_entries++;
	district->lists[e->list].n_entries++;
	if (ret_entry)
		*ret_entry = number;
	return 0;
}

int district_withdraw_list(struct district *district, uint32_t list, struct error *err)
{
	struct district_list *gone = &district->lists[list];

	if (gone->withdrawn)
		return 0;
	if (linker_withdraw(district->linker, list, err) < 0)
		return -1;
	gone->withdrawn = true;
	for (uint32_t i = 0; i < gone->n_entries; i++)
		if (entry_set_add(&district->fresh, gone->first_entry + i, err) < 0)
			return -1;
	return choose_current(district, gone->kind, gone->subject, err);
}

void district_set_period_open(struct district *district, uint32_t list, bool open)
{
	if (district->lists[list].period_open == open)
		return;
	district->lists[list].period_open = open;
	district->all_touched = true;
}

size_t district_lists(const struct district *district)
{
	return district->n_lists;
}

const struct district_list *district_list(const struct district *district, uint32_t list)
{
	return &district->lists[list];
}

size_t district_entries(const struct district *district)
{
	return district->n_entries;
}

uint32_t district_find_list(const struct district *district, uint64_t external)
{
	for (size_t i = 0; i < district->n_lists; i++)
		if (district->lists[i].external == external)
			return (uint32_t)i;
	return DISTRICT_NONE;
}

uint32_t district_find_entry(const struct district *district, uint32_t list, uint32_t row)
{
	uint32_t low = district->lists[list].first_entry, end = low + district->lists[list].n_entries, high = end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (district->entries[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && district->entries[low].row == row ? low : DISTRICT_NONE;
}

uint32_t district_list_of(const struct district *district, uint32_t entry)
{
	return district->entries[entry].list;
}

static int decide_household(struct district *district, uint32_t a, uint32_t b, enum linker_decision decision,
	struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < district->n_decisions; i++) {
		struct household_decision_kept *d = &district->decisions[i];

		if ((d->a == a && d->b == b) || (d->a == b && d->b == a))
			continue;
		district->decisions[kept++] = *d;
	}
	district->n_decisions = kept;
	if (decision == LINKER_UNDECIDED)
		return 0;
	if (make_room((void **)&district->decisions, district->n_decisions, &district->decisions_room,
		    sizeof(*district->decisions), err) < 0)
		return -1;
	district->decisions[district->n_decisions++] = (struct household_decision_kept){a, b, decision == LINKER_SAME};
	return 0;
}

int district_decide(struct district *district, enum district_level level, uint32_t a, uint32_t b,
	enum linker_decision decision, struct error *err)
{
	if (entry_set_add(&district->fresh, a, err) < 0 || entry_set_add(&district->fresh, b, err) < 0)
		return -1;
	if (level == DISTRICT_PERSON)
		return linker_decide(district->linker, a, b, decision, err);
	return decide_household(district, a, b, decision, err);
}

void district_entry(const struct district *district, uint32_t entry, struct entry *ret)
{
	const struct register_entry *e = &district->entries[entry];

	*ret = (struct entry){.row = e->row, .nik = e->nik, .kk = e->kk, .nik_digits = e->nik_digits,
		.kk_digits = e->kk_digits, .sex = e->sex, .relation = e->relation, .desil = e->desil, .rt = e->rt,
		.rw = e->rw, .birth = e->birth};
	if (e->village)
		ret->village = district->village_numbers.values[e->village - 1];
	texts_unpack(e->texts, ret);
}

uint64_t district_fingerprint(const struct district *district, uint32_t entry)
{
	struct entry whole;

	district_entry(district, entry, &whole);
	return district_entry_fingerprint(&whole);
}

const struct linker *district_linker(const struct district *district)
{
	return district->linker;
}

uint64_t district_person(const struct district *district, uint32_t entry)
{
	return district_withdrawn(district, entry) ? 0 : district->entries[entry].person_id;
}

uint64_t district_household(const struct district *district, uint32_t entry)
{
	return district_withdrawn(district, entry) ? 0 : district->entries[entry].household_id;
}

float district_household_certainty(const struct district *district, uint32_t entry)
{
	return district->entries[entry].certainty;
}

size_t district_persons(const struct district *district)
{
	return district->n_persons;
}

size_t district_households(const struct district *district)
{
	return district->n_households;
}

size_t district_memory(const struct district *district)
{
	return district->texts.arena.taken + district->entries_room * sizeof(*district->entries) +
	       key_index_memory(&district->by_kk) + key_index_memory(&district->by_family) +
	       key_index_memory(&district->by_nik) + key_index_memory(&district->by_rt) +
	       key_index_memory(&district->family_numbers.index) +
	       district->family_numbers.room * 16 + district->doubts_room * sizeof(*district->doubts) +
	       (district->fresh.room + district->changed.room + district->touched.room) * sizeof(uint32_t);
}
