/*
 * Asks matcher/flag/ for the flags of what was touched, with as much of the register around it as they depend on.
 */
#include "matcher/district/register.h"

#include "matcher/base/hash.h"

#include <math.h>
#include <stdlib.h>

enum { DOUBTFUL_PAIRS_MAX = 32 };

/* A set of entries in the making; members carry MARK_SEEN. */
static int include(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	struct register_entry *e = &district->entries[entry];

	if ((e->marks & MARK_SEEN) || district_withdrawn(district, entry))
		return 0;
	if (entry_set_add(set, entry, err) < 0)
		return -1;
	e->marks |= MARK_SEEN; /* only now: marks are taken back by the set */
	return 0;
}

static int include_household(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	uint32_t i = entry;

	do {
		if (include(district, i, set, err) < 0)
			return -1;
		i = district->entries[i].next_of_household;
	} while (i != entry);
	return 0;
}

static int include_person(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	uint32_t i = entry;

	do {
		if (include(district, i, set, err) < 0)
			return -1;
		i = district->entries[i].next_of_person;
	} while (i != entry);
	return 0;
}

static int include_nik(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	uint32_t i = KEY_INDEX_END;
	const struct register_entry *e = &district->entries[entry];

	if (e->nik_digits == 16)
		i = key_index_first(&district->by_nik, district, e->nik);
	for (; i != KEY_INDEX_END; i = key_index_next(&district->by_nik, i))
		if (include(district, i, set, err) < 0)
			return -1;
	return 0;
}

static void unmark(struct district *district, const struct entry_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		district->entries[set->items[i]].marks &= (uint8_t)~MARK_SEEN;
}

/* The doubts about an entry's household begin here. */
static size_t first_doubt(const struct district *district, uint32_t entry)
{
	size_t low = 0, high = district->n_doubts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (district->doubts[middle].a < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Every entry that a doubtful link leads to from `entry`: found() non-zero stops. */
static int each_doubt(const struct district *district, uint32_t entry,
	int (*found)(void *to, uint32_t other, double person, double household), void *to)
{
	struct linker_pair pairs[DOUBTFUL_PAIRS_MAX];
	size_t n = linker_pairs_of(district->linker, entry, pairs, DOUBTFUL_PAIRS_MAX);
	int stopped = 0;

	for (size_t i = 0; i < n && i < DOUBTFUL_PAIRS_MAX && !stopped; i++) {
		uint32_t other = pairs[i].a == entry ? pairs[i].b : pairs[i].a;

		if (district->entries[other].person != district->entries[entry].person)
			stopped = found(to, other, pairs[i].probability, pairs[i].probability);
	}
	for (size_t i = first_doubt(district, entry);
		i < district->n_doubts && district->doubts[i].a == entry && !stopped; i++)
		stopped = found(to, district->doubts[i].b, 0, district->doubts[i].probability);
	return stopped;
}

struct including {
	struct district *district;
	struct entry_set *set;
	struct error *err;
};

static int include_found(void *to, uint32_t other, double person, double household)
{
	struct including *including = to;

	(void)person;
	(void)household;
	return include(including->district, other, including->set, including->err);
}

static int include_household_found(void *to, uint32_t other, double person, double household)
{
	struct including *including = to;

	(void)person;
	(void)household;
	return district_withdrawn(including->district, other)
		? 0
		: include_household(including->district, other, including->set, including->err);
}

/* The households that an entry might belong to as well: how sure their flags are hangs on it. */
static int include_doubted_households(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	struct including including = {district, set, err};

	return each_doubt(district, entry, include_household_found, &including);
}

static int include_doubts(struct district *district, uint32_t entry, struct entry_set *set, struct error *err)
{
	struct including including = {district, set, err};

	return each_doubt(district, entry, include_found, &including);
}

/* The households of a touched entry's person, wherever that stands, of whoever carries the same NIK, and
 * those that a doubtful link leads to. */
static int gather_touched(struct district *district, struct entry_set *set, struct error *err)
{
	for (size_t i = 0; i < district->touched.n; i++) {
		uint32_t entry = district->touched.items[i], other = entry;

		do {
			if (include_household(district, other, set, err) < 0)
				return -1;
			other = district->entries[other].next_of_person;
		} while (other != entry);
		if (include_nik(district, entry, set, err) < 0 || include_doubted_households(district, entry, set, err) < 0)
			return -1;
	}
	return 0;
}

/* The newest day of the current lists of a rule's programmes; 0: they have none. */
static uint32_t newest_day(const struct district *district, const struct rule *rule)
{
	uint32_t day = 0;

	for (size_t i = 0; i < district->n_lists; i++) {
		const struct district_list *list = &district->lists[i];

		if (!list->withdrawn && list->current && list->kind == LIST_PROGRAMME && list->day > day &&
			rule_names(rule, list->subject))
			day = list->day;
	}
	return day;
}

/*
 * What a flag of any household depends on, as one number: whether there is a target list, a programme's list, and one that
 * others are awaited beside; and which rules ask for households that stand in none of their programmes' lists.
 */
static uint64_t conditions(const struct district *district)
{
	uint64_t now = 0;

	for (size_t i = 0; i < district->n_lists; i++) {
		const struct district_list *list = &district->lists[i];

		if (list->withdrawn || !list->current)
			continue;
		now |= list->kind == LIST_TARGET ? 1 : list->kind == LIST_PROGRAMME ? 2 : 0;
		now |= list->kind == LIST_PROGRAMME && list->period_open ? 4 : 0;
	}
	for (size_t i = 0; i < district->rules->n_rules; i++) {
		const struct rule *rule = &district->rules->rules[i];
		uint32_t day = rule->kind == RULE_MUST_RECEIVE_ONE_OF ? newest_day(district, rule) : 0;

		if (day && rule_in_force(rule, day))
			now = hash_pair(now, i);
	}
	return now;
}

int district_touched(struct district *district, const uint32_t **ret, size_t *ret_n, struct error *err)
{
	struct entry_set set = {0};
	int result = -1;

	district->all_touched |= conditions(district) != district->conditions;
	if (district->all_touched && district_touch_all(district, err) < 0)
		goto out;
	result = gather_touched(district, &set, err);
	unmark(district, &set);
	if (result < 0)
		goto out;
	for (size_t i = 0; i < set.n && result == 0; i++)
		result = district_touch(district, set.items[i], err);
	entry_set_sort(&district->touched);
	*ret = district->touched.items;
	*ret_n = district->touched.n;
out:
	entry_set_release(&set);
	return result;
}

/* What the flags of the touched entries depend on: their households, those people's other rows, equal NIKs, doubtful links,
 * quotas. */
static int gather_context(struct district *district, const uint32_t *touched, size_t n, struct entry_set *set,
	struct error *err)
{
	size_t households;

	for (size_t i = 0; i < n; i++)
		if (include_household(district, touched[i], set, err) < 0)
			return -1;
	households = set->n;
	for (size_t i = 0; i < households; i++)
		if (include_person(district, set->items[i], set, err) < 0 || include_nik(district, set->items[i], set, err) < 0 ||
			include_doubts(district, set->items[i], set, err) < 0)
			return -1;
	for (size_t r = 0; r < district->rules->n_rules; r++) {
		const struct rule *rule = &district->rules->rules[r];

		if (rule->kind != RULE_QUOTA)
			continue;
		for (size_t l = 0; l < district->n_lists; l++) {
			const struct district_list *list = &district->lists[l];

			if (list->kind != LIST_PROGRAMME || !list->current || !rule_names(rule, list->subject))
				continue;
			for (uint32_t e = 0; e < list->n_entries; e++)
				if (include(district, list->first_entry + e, set, err) < 0)
					return -1;
		}
	}
	return 0;
}

static int gather_all(struct district *district, struct entry_set *set, struct error *err)
{
	for (uint32_t i = 0; i < district->n_entries; i++)
		if (include(district, i, set, err) < 0)
			return -1;
	return 0;
}

/* From the flags' numbering to the district's and back. */
struct view {
	struct district *district;
	const uint32_t *entries; /* ascending */
	size_t n;
	flag_sink *sink;
	void *arg;
	bool all;
};

static uint32_t index_in_view(const struct view *view, uint32_t entry)
{
	size_t low = 0, high = view->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (view->entries[middle] < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low < view->n && view->entries[low] == entry ? (uint32_t)low : DISTRICT_NONE;
}

/* The best chain of at most two links between two rows of one person. */
double district_same_person(const struct district *district, uint32_t a, uint32_t b)
{
	struct linker_pair pair;
	double best, by_family;

	if (a == b)
		return 1;
	linker_score(district->linker, a, b, &pair);
	best = district_by_family(district, a, b, &by_family) && by_family > pair.probability ? by_family : pair.probability;
	for (uint32_t i = district->entries[a].next_of_person; i != a; i = district->entries[i].next_of_person) {
		double through;

		if (i == b)
			continue;
		linker_score(district->linker, a, i, &pair);
		through = pair.probability;
		if (through <= best)
			continue;
		linker_score(district->linker, i, b, &pair);
		best = fmax(best, fmin(through, pair.probability));
	}
	return best;
}

static double same_household(const struct district *district, uint32_t a, uint32_t b)
{
	if (a == b)
		return 1;
	return (double)district->entries[a].certainty * district->entries[b].certainty;
}

static double view_same_person(void *arg, uint32_t a, uint32_t b)
{
	const struct view *view = arg;

	return district_same_person(view->district, view->entries[a], view->entries[b]);
}

static double view_same_household(void *arg, uint32_t a, uint32_t b)
{
	const struct view *view = arg;

	return same_household(view->district, view->entries[a], view->entries[b]);
}

/* From district numbers back to the view's. */
struct view_finder {
	const struct view *view;
	void (*found)(void *to, uint32_t other, double person, double household);
	void *to;
};

static int view_found(void *to, uint32_t other, double person, double household)
{
	const struct view_finder *finder = to;
	uint32_t index = index_in_view(finder->view, other);

	if (index != DISTRICT_NONE)
		finder->found(finder->to, index, person, household);
	return 0;
}

static void view_doubtful(void *arg, uint32_t entry, void (*found)(void *to, uint32_t other, double person, double household),
	void *to)
{
	struct view_finder finder = {arg, found, to};

	each_doubt(finder.view->district, finder.view->entries[entry], view_found, &finder);
}

static int view_sink(void *arg, const struct flag *flag)
{
	const struct view *view = arg;
	struct flag mine = *flag;

	mine.entry = view->entries[flag->entry];
	if (flag->other != FLAG_NO_ENTRY)
		mine.other = view->entries[flag->other];
	if (!view->all && !(view->district->entries[mine.entry].marks & MARK_TOUCHED))
		return 0; /* of a household that was only looked at */
	return view->sink(view->arg, &mine);
}

static struct flag_entry *describe_entries(const struct district *district, const struct entry_set *set)
{
	struct flag_entry *entries = malloc((set->n + 1) * sizeof(*entries));

	for (size_t i = 0; entries && i < set->n; i++) {
		const struct register_entry *e = &district->entries[set->items[i]];

		entries[i] = (struct flag_entry){.list = e->list, .row = e->row, .person = e->person, .household = e->household,
			.nik = e->nik_digits == 16 ? e->nik : 0, .desil = e->desil, .quality = e->quality};
	}
	return entries;
}

/* A later list of the programme for the same period took its place. */
static bool is_superseded(const struct district *district, size_t list)
{
	const struct district_list *mine = &district->lists[list];

	for (size_t i = list + 1; i < district->n_lists && mine->kind == LIST_PROGRAMME; i++) {
		const struct district_list *later = &district->lists[i];

		if (!later->withdrawn && later->kind == LIST_PROGRAMME && later->subject == mine->subject && later->day == mine->day)
			return true;
	}
	return false;
}

static struct flag_list *describe_lists(const struct district *district)
{
	struct flag_list *lists = malloc((district->n_lists + 1) * sizeof(*lists));

	for (size_t i = 0; lists && i < district->n_lists; i++) {
		const struct district_list *l = &district->lists[i];

		lists[i] = (struct flag_list){.kind = l->kind, .subject = l->subject, .day = l->day, .current = l->current,
			.superseded = l->withdrawn || is_superseded(district, i), .period_open = l->period_open};
	}
	return lists;
}

static int decide(struct view *view, const struct entry_set *set, struct error *err)
{
	struct district *district = view->district;
	struct flag_entry *entries = describe_entries(district, set);
	struct flag_list *lists = describe_lists(district);
	uint32_t *touched = malloc((district->touched.n + 1) * sizeof(*touched));
	size_t n_touched = 0;
	struct flag_input input = {.rules = district->rules, .lists = lists, .n_lists = district->n_lists,
		.entries = entries, .n_entries = set->n,
		.evidence = {view, view_same_person, view_same_household, view_doubtful}};
	int result = -1;

	if (!entries || !lists || !touched) {
		error_memory(err);
		goto out;
	}
	view->entries = set->items;
	view->n = set->n;
	for (size_t i = 0; i < district->touched.n && !view->all; i++) {
		uint32_t index = index_in_view(view, district->touched.items[i]);

		if (index != DISTRICT_NONE)
			touched[n_touched++] = index;
	}
	if (!view->all && !n_touched)
		result = 0;
	else
		result = flags_decide(&input, view->all ? NULL : touched, n_touched, view_sink, view, err);
out:
	free(entries);
	free(lists);
	free(touched);
	return result;
}

static void touch_nothing(struct district *district)
{
	for (size_t i = 0; i < district->touched.n; i++)
		district->entries[district->touched.items[i]].marks &= (uint8_t)~MARK_TOUCHED;
	district->touched.n = 0;
	district->all_touched = false;
	district->conditions = conditions(district);
}

int district_flags(struct district *district, bool all, flag_sink *sink, void *arg, struct error *err)
{
	struct entry_set set = {0};
	struct view view = {.district = district, .sink = sink, .arg = arg, .all = all};
	const uint32_t *touched;
	size_t n_touched;
	int result;

	if (district_touched(district, &touched, &n_touched, err) < 0)
		return -1;
	result = all ? gather_all(district, &set, err) : gather_context(district, touched, n_touched, &set, err);
	unmark(district, &set);
	entry_set_sort(&set);
	if (result == 0)
		result = decide(&view, &set, err);
	if (result == 0)
		touch_nothing(district);
	entry_set_release(&set);
	return result;
}
