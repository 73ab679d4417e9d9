/*
 * Finds what hangs together with the dirty entries – by a person, a KK, a family id, a decision, or a household they
 * shared so far –, has each such component decided (matcher/household/), and keeps rings, labels, certainties and doubts.
 */
#include "matcher/district/settling.h"

#include <stdlib.h>

/* A KK on more rows than this is no family's: a placeholder that normalising did not know. */
enum { KK_ROWS_MAX = 600, REPORT_EVERY = 4096, LEAVERS_ENOUGH = 50 };

/* Persons found by the family may join households, which find persons: each round joins somebody, few need a second. */
enum { ROUNDS_MAX = 4 };

static const double LEAVING_LEAST = 0.002, LEAVING_MOST = 0.3;

int settling_see(struct settling *s, uint32_t entry, struct error *err)
{
	struct register_entry *e = &s->district->entries[entry];

	if (e->marks & MARK_SEEN)
		return 0;
	if (entry_set_add(&s->seen, entry, err) < 0)
		return -1;
	e->marks |= MARK_SEEN;
	return 0;
}

static int see_ring(struct settling *s, uint32_t entry, bool household, struct error *err)
{
	const struct register_entry *entries = s->district->entries;
	uint32_t i = entry;

	do {
		if ((household || !district_is_reference(s->district, i)) && settling_see(s, i, err) < 0)
			return -1;
		i = household ? entries[i].next_of_household : entries[i].next_of_person;
	} while (i != entry);
	return 0;
}

/* The rows of a key's chain that are in use, unless they are too many to be a family's. */
static int see_chain(struct settling *s, const struct key_index *index, uint64_t key, enum register_mark mark,
	struct error *err)
{
	struct district *district = s->district;
	uint32_t head = key_index_first(index, district, key);
	size_t rows = 0;

	if (head == KEY_INDEX_END || (district->entries[head].marks & mark))
		return 0;
	if (entry_set_add(&s->walked, head, err) < 0)
		return -1;
	district->entries[head].marks |= (uint8_t)mark;
	for (uint32_t i = head; i != KEY_INDEX_END && rows <= KK_ROWS_MAX; i = key_index_next(index, i))
		rows++;
	if (rows > KK_ROWS_MAX)
		return 0;
	for (uint32_t i = head; i != KEY_INDEX_END; i = key_index_next(index, i))
		if (!district_withdrawn(district, i) && !district_is_reference(district, i) && settling_see(s, i, err) < 0)
			return -1;
	return 0;
}

static int see_neighbours(struct settling *s, uint32_t entry, struct error *err)
{
	struct district *district = s->district;
	const struct register_entry *e = &district->entries[entry];
	uint32_t ties[SETTLING_TIES_MAX];
	float strangers[SETTLING_TIES_MAX];
	int n;

	if (see_ring(s, entry, true, err) < 0)
		return -1;
	if (district_withdrawn(district, entry) || district_is_reference(district, entry))
		return 0;
	if (see_ring(s, entry, false, err) < 0)
		return -1;
	if (e->kk_digits == 16 && e->kk && (see_chain(s, &district->by_kk, e->kk, MARK_KK_WALKED, err) < 0 ||
						   see_chain(s, &district->by_nik, e->kk, MARK_NIK_WALKED, err) < 0))
		return -1;
	if (!e->kk && e->nik_digits == 16 && e->nik && see_chain(s, &district->by_kk, e->nik, MARK_KK_WALKED, err) < 0)
		return -1; /* a KK in the NIK's column */
	n = settling_ties(district, entry, ties, strangers);
	for (int i = 0; i < n; i++)
		if (settling_see(s, ties[i], err) < 0)
			return -1;
	if (e->family && district->lists[e->list].kind == LIST_TARGET &&
		see_chain(s, &district->by_family, e->family, MARK_FAMILY_WALKED, err) < 0)
		return -1;
	return 0;
}

/* The component of a seed: everything reachable, the other side of decisions included. */
static int gather_component(struct settling *s, uint32_t seed, struct error *err)
{
	const struct district *district = s->district;
	size_t next = s->begin, before;

	if (settling_see(s, seed, err) < 0)
		return -1;
	do {
		for (; next < s->seen.n; next++)
			if (see_neighbours(s, s->seen.items[next], err) < 0)
				return -1;
		before = s->seen.n;
		for (size_t i = 0; i < district->n_decisions; i++) {
			const struct household_decision_kept *d = &district->decisions[i];
			bool has_a = district->entries[d->a].marks & MARK_SEEN, has_b = district->entries[d->b].marks & MARK_SEEN;

			if (has_a != has_b && settling_see(s, has_a ? d->b : d->a, err) < 0)
				return -1;
		}
	} while (s->seen.n > before);
	return 0;
}

/* Whether rows in use have that KK, and no more of them than a family can have. */
static bool is_card(const struct district *district, uint64_t kk)
{
	const struct key_index *index = &district->by_kk;
	bool in_use = false;
	size_t rows = 0;

	for (uint32_t i = key_index_first(index, district, kk); i != KEY_INDEX_END && rows <= KK_ROWS_MAX;
		i = key_index_next(index, i)) {
		in_use |= !district_withdrawn(district, i);
		rows++;
	}
	return in_use && rows <= KK_ROWS_MAX;
}

/* The card that an entry speaks of: its KK, or, where it has none, a NIK that is the KK of others – typed into the wrong column. */
static uint64_t card_of(const struct settling *s, const struct register_entry *e)
{
	uint64_t card = e->kk ? (e->kk_digits == 16 ? e->kk : 0) : e->nik_digits == 16 ? e->nik : 0;

	return card && is_card(s->district, card) ? card : 0;
}

void settling_describe(const struct settling *s, uint32_t entry, struct household_member *member)
{
	const struct district *district = s->district;
	const struct register_entry *e = &district->entries[entry];
	const struct district_list *list = &district->lists[e->list];
	struct entry texts;

	texts_unpack(e->texts, &texts);
	*member = (struct household_member){.list = e->list, .day = list->day, .person = e->person,
		.village = district_village(district, entry), .rt = e->rt, .relation = e->relation, .sex = e->sex, .birth = e->birth, .name = texts.name,
		.head_name = texts.head_name, .address = texts.address};
	member->one_each = list->kind == LIST_PROGRAMME && district->rules->programmes[list->subject].unit == UNIT_HOUSEHOLD;
	if (list->target_number) {
		member->target = (uint8_t)(1 + list->target_number % 63);
		member->family = e->family;
	}
	member->kk = card_of(s, e);
}

/* The component's entries that take part, as members; the others lose their household. */
static int make_members(struct settling *s, size_t *ret_n, struct error *err)
{
	struct district *district = s->district;
	size_t size = s->seen.n - s->begin, n = 0;

	if (size > s->room) {
		size_t room = size + size / 2 + 64;
		struct household_member *members = realloc(s->members, room * sizeof(*members));
		uint32_t *entry;

		if (!members)
			return error_memory(err);
		s->members = members;
		entry = realloc(s->entry, room * sizeof(*entry));
		if (!entry)
			return error_memory(err);
		s->entry = entry;
		s->room = room;
	}
	for (size_t i = s->begin; i < s->seen.n; i++) {
		uint32_t entry = s->seen.items[i];
		struct register_entry *e = &district->entries[entry];

		if (district_withdrawn(district, entry) || district_is_reference(district, entry)) {
			district->n_households -= e->household == entry;
			e->household = e->core = DISTRICT_NONE;
			e->next_of_household = entry;
			e->certainty = 1;
			continue;
		}
		s->entry[n] = entry;
		settling_describe(s, entry, &s->members[n++]);
	}
	*ret_n = n;
	return 0;
}

static uint32_t member_of(const struct settling *s, size_t n, uint32_t entry)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->entry[middle] < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && s->entry[low] == entry ? (uint32_t)low : DISTRICT_NONE;
}

/* The decisions about two members of the component. */
static int choose_decisions(struct settling *s, size_t n, size_t *ret_n, struct error *err)
{
	const struct district *district = s->district;
	size_t found = 0;

	if (district->n_decisions > s->decisions_room) {
		struct household_decision *moved = realloc(s->decisions, district->n_decisions * sizeof(*moved));

		if (!moved)
			return error_memory(err);
		s->decisions = moved;
		s->decisions_room = district->n_decisions;
	}
	for (size_t i = 0; i < district->n_decisions; i++) {
		uint32_t a, b;

		if (!(district->entries[district->decisions[i].a].marks & MARK_SEEN))
			continue;
		a = member_of(s, n, district->decisions[i].a);
		b = member_of(s, n, district->decisions[i].b);
		if (a != DISTRICT_NONE && b != DISTRICT_NONE && a != b)
			s->decisions[found++] = (struct household_decision){a, b, district->decisions[i].same};
	}
	*ret_n = found;
	return 0;
}

int settling_doubt(struct settling *s, uint32_t a, uint32_t b, float probability, struct error *err)
{
	if (s->n_doubts + 2 > s->doubts_room) {
		size_t room = s->doubts_room ? 2 * s->doubts_room : 256;
		struct household_doubt_kept *moved = realloc(s->doubts, room * sizeof(*moved));

		if (!moved)
			return error_memory(err);
		s->doubts = moved;
		s->doubts_room = room;
	}
	s->doubts[s->n_doubts++] = (struct household_doubt_kept){a, b, probability};
	s->doubts[s->n_doubts++] = (struct household_doubt_kept){b, a, probability};
	return 0;
}

static int keep_doubts(struct settling *s, const struct household_result *result, struct error *err)
{
	for (size_t i = 0; i < result->n_doubts; i++) {
		const struct household_doubt *d = &result->doubts[i];

		if (result->label[d->a] != result->label[d->b] &&
			settling_doubt(s, s->entry[d->a], s->entry[d->b], d->probability, err) < 0)
			return -1;
	}
	return 0;
}

/* Labels and rings. The members ascend by entry, so the smallest index of a household is its smallest entry. */
static void keep_households(struct settling *s, size_t n, const struct household_result *result)
{
	struct register_entry *entries = s->district->entries;

	for (size_t i = 0; i < n; i++) {
		struct register_entry *e = &entries[s->entry[i]];
		uint32_t first = s->entry[result->label[i]];

		s->district->n_households -= e->household == s->entry[i];
		e->household = e->core = first;
		e->certainty = result->certainty[i];
		s->district->n_households += first == s->entry[i];
		e->next_of_household = s->entry[i];
		if (first != s->entry[i]) {
			e->next_of_household = entries[first].next_of_household;
			entries[first].next_of_household = s->entry[i];
		}
	}
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int settle_component(struct settling *s, uint32_t seed, struct error *err)
{
	struct household_result result = {0};
	size_t n, n_decisions;
	bool joined = true;

	s->begin = s->seen.n;
	if (gather_component(s, seed, err) < 0)
		return -1;
	qsort(s->seen.items + s->begin, s->seen.n - s->begin, sizeof(*s->seen.items), ascending);
	if (settling_part_kin(s, err) < 0 || make_members(s, &n, err) < 0 || choose_decisions(s, n, &n_decisions, err) < 0)
		return -1;
	if (!n)
		return 0;
	for (int round = 0; joined && round < ROUNDS_MAX; round++) {
		arena_reset(&s->arena);
		for (size_t i = 0; i < n; i++)
			s->members[i].person = s->district->entries[s->entry[i]].person;
		if (household_decide(&s->district->household_settings, s->members, n, s->decisions, n_decisions, &s->arena, &result,
			    err) < 0)
			return -1;
		keep_households(s, n, &result);
		if (settling_join_kin(s, n, &joined, err) < 0)
			return -1;
	}
	s->may_leave += result.may_leave;
	s->have_left += result.have_left;
	return keep_doubts(s, &result, err);
}

static int by_entry(const void *pa, const void *pb)
{
	const struct household_doubt_kept *a = pa, *b = pb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

/* The doubts of what was decided anew take the place of those it had. */
static int replace_doubts(struct settling *s, struct error *err)
{
	struct district *district = s->district;
	size_t kept = 0;

	for (size_t i = 0; i < district->n_doubts; i++)
		if (!(district->entries[district->doubts[i].a].marks & MARK_SEEN))
			district->doubts[kept++] = district->doubts[i];
	district->n_doubts = kept;
	if (kept + s->n_doubts > district->doubts_room) {
		size_t room = kept + s->n_doubts + 256;
		struct household_doubt_kept *moved = realloc(district->doubts, room * sizeof(*moved));

		if (!moved)
			return error_memory(err);
		district->doubts = moved;
		district->doubts_room = room;
	}
	if (s->n_doubts)
		memcpy(district->doubts + kept, s->doubts, s->n_doubts * sizeof(*s->doubts));
	district->n_doubts = kept + s->n_doubts;
	if (s->n_doubts)
		qsort(district->doubts, district->n_doubts, sizeof(*district->doubts), by_entry);
	return 0;
}

static void forget_marks(struct settling *s)
{
	struct register_entry *entries = s->district->entries;

	for (size_t i = 0; i < s->seen.n; i++)
		entries[s->seen.items[i]].marks &= (uint8_t)~MARK_SEEN;
	for (size_t i = 0; i < s->walked.n; i++)
		entries[s->walked.items[i]].marks &= (uint8_t)~(MARK_KK_WALKED | MARK_NIK_WALKED | MARK_FAMILY_WALKED | MARK_RT_WALKED);
}

static int decide_components(struct settling *s, const struct entry_set *dirty, const struct linker_progress *progress,
	struct error *err)
{
	for (size_t i = 0; i < dirty->n; i++) {
		if (progress && progress->report && i % REPORT_EVERY == 0 &&
			progress->report(progress->arg, "household", (double)i / (double)dirty->n))
			return error_set(err, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
		if (!(s->district->entries[dirty->items[i]].marks & MARK_SEEN) &&
			settle_component(s, dirty->items[i], err) < 0)
			return -1;
	}
	return 0;
}

static void begin_again(struct settling *s)
{
	forget_marks(s);
	s->seen.n = s->walked.n = s->n_doubts = 0;
}

/* How often people leave their families: a round by what is usual elsewhere tells it. */
static int measure_leaving(struct settling *s, const struct entry_set *dirty, struct error *err)
{
	struct district *district = s->district;
	double leaving;

	district->household_settings = household_settings_default;
	if (decide_components(s, dirty, NULL, err) < 0)
		return -1;
	begin_again(s);
	if (s->may_leave < LEAVERS_ENOUGH)
		return 0;
	leaving = (double)(s->have_left + 1) / (double)(s->may_leave + 100);
	district->household_settings.leaving = leaving < LEAVING_LEAST ? LEAVING_LEAST : leaving > LEAVING_MOST ? LEAVING_MOST : leaving;
	return 0;
}

/* Hides the lists that came after those the linker measures on, as if they were withdrawn. True: some were in use. */
static bool hide_later_lists(struct district *district, bool *was_withdrawn)
{
	size_t measured = linker_measured(district->linker);
	bool any = false;

	for (size_t i = 0; i < district->n_lists; i++) {
		struct district_list *list = &district->lists[i];

		was_withdrawn[i] = list->withdrawn;
		if (list->first_entry < measured)
			continue;
		any |= !list->withdrawn && list->n_entries;
		list->withdrawn = true;
	}
	return any;
}

/*
 * Where everything is decided anew, what is measured is measured first, on those lists that the linker's measure is from, as if
 * there were no others: so a list that comes later is judged as it would be were all lists read at once, after a restart or
 * by `padan check`. (But for persons whom a later list shows to be one: they count as one.) All lists measured: *ret_guests is
 * false, and the guests' part is still to be measured, in the round that decides.
 */
static int measure(struct settling *s, struct entry_set *dirty, bool *ret_guests, struct error *err)
{
	struct district *district = s->district;
	bool *was_withdrawn = calloc(district->n_lists + 1, sizeof(*was_withdrawn));
	int result = -1;

	*ret_guests = false;
	if (!was_withdrawn)
		return error_memory(err);
	*ret_guests = hide_later_lists(district, was_withdrawn);
	if (*ret_guests)
		district_relink_persons(district, dirty);
	if (measure_leaving(s, dirty, err) < 0)
		goto out;
	result = !*ret_guests ? 0 : decide_components(s, dirty, NULL, err) < 0 ? -1 : settling_measure_guests(s, err);
out:
	for (size_t i = 0; i < district->n_lists; i++)
		district->lists[i].withdrawn = was_withdrawn[i];
	free(was_withdrawn);
	if (*ret_guests) {
		begin_again(s);
		district_relink_persons(district, dirty);
	}
	return result;
}

/* Who might be a guest in the RTs of what was seen chooses anew: its family may have come, or a better one. */
static int see_guests(struct settling *s, struct error *err)
{
	struct district *district = s->district;
	size_t n = s->seen.n;

	for (size_t i = 0; i < n; i++) {
		uint64_t key = district_rt_key(district, s->seen.items[i]);
		uint32_t entry = key_index_first(&district->by_rt, district, key);

		if (entry == KEY_INDEX_END || (district->entries[entry].marks & MARK_RT_WALKED))
			continue;
		district->entries[entry].marks |= MARK_RT_WALKED;
		if (entry_set_add(&s->walked, entry, err) < 0)
			return -1;
		for (; entry != KEY_INDEX_END; entry = key_index_next(&district->by_rt, entry))
			if (!(district->entries[entry].marks & MARK_SEEN) && district_may_be_guest(district, entry) &&
				settle_component(s, entry, err) < 0)
				return -1;
	}
	return 0;
}

static int settle_all(struct settling *s, struct entry_set *dirty, const struct linker_progress *progress, struct error *err)
{
	bool measured = dirty->n < s->district->n_entries;

	if (!measured && measure(s, dirty, &measured, err) < 0)
		return -1;
	if (decide_components(s, dirty, progress, err) < 0 || see_guests(s, err) < 0 ||
		(!measured && settling_measure_guests(s, err) < 0) || settling_attach(s, err) < 0 || replace_doubts(s, err) < 0)
		return -1;
	entry_set_sort(&s->seen);
	return district_assign_ids(s->district, DISTRICT_HOUSEHOLD, &s->seen, err);
}

int district_settle_households(struct district *district, struct entry_set *dirty,
	const struct linker_progress *progress, struct error *err)
{
	struct settling s = {.district = district};
	int result;

	arena_init(&s.arena, 0);
	result = settle_all(&s, dirty, progress, err);
	forget_marks(&s);
	if (result == 0)
		result = district_name_persons(district, dirty, &s.seen, err);
	for (size_t i = 0; i < s.seen.n && result == 0; i++)
		result = district_touch(district, s.seen.items[i], err);
	entry_set_release(&s.seen);
	entry_set_release(&s.walked);
	arena_release(&s.arena);
	free(s.members);
	free(s.entry);
	free(s.decisions);
	free(s.doubts);
	return result;
}
