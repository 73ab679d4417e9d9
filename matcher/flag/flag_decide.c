/*
 * The way through all households that were touched, and what the files that decide share. See flag.h.
 */
#include "matcher/flag/flag_run.h"

#include <math.h>
#include <stdlib.h>

/* How serious a kind is where no rule says otherwise. */
static enum severity own_severity(enum flag_kind kind)
{
	if (kind == FLAG_EXCLUSION || kind == FLAG_MUST_RECEIVE)
		return SEVERITY_HIGH;
	return kind == FLAG_DATA_QUALITY ? SEVERITY_INFO : SEVERITY_MEDIUM;
}

static int make_room(struct flag_run *run)
{
	size_t room = run->flags_room ? 2 * run->flags_room : 256;
	struct flag *moved;

	if (run->n_flags < run->flags_room)
		return 0;
	moved = realloc(run->flags, room * sizeof *moved);
	if (!moved)
		return error_memory(run->err);
	run->flags = moved;
	run->flags_room = room;
	return 0;
}

int flag_keep(struct flag_run *run, enum flag_kind kind, uint32_t entry, uint32_t other, int rule, double certainty)
{
	const struct ruleset *rules = run->input->rules;
	double finding_from = rules->finding_from > 0 ? rules->finding_from : RULES_FINDING_FROM;
	struct flag flag = {.kind = kind, .entry = entry, .other = other, .rule = rule};

	if (certainty < FLAG_LEAST_CERTAINTY)
		return 0;
	flag.certainty = floor(certainty * 10000 + 0.5) / 10000;
	flag.severity = rule >= 0 ? rules->rules[rule].severity : own_severity(kind);
	flag.state = flag.certainty < finding_from ? FLAG_TO_CHECK : FLAG_FINDING;
	if (run->open && (kind == FLAG_EXCLUSION || kind == FLAG_MUST_RECEIVE))
		flag.state = FLAG_PROVISIONAL;
	if (make_room(run) < 0)
		return -1;
	run->flags[run->n_flags++] = flag;
	return 0;
}

/* The likeliest entry of a range that stands in the list. */
static void take_from(const struct flag_run *run, struct flag_range range, uint32_t entry, uint32_t list, uint32_t before,
	double (*same)(void *arg, uint32_t a, uint32_t b), double enough, struct flag_best *best)
{
	range = flag_groups_in_list(&run->groups, range, list);
	for (size_t i = 0; i < range.n && i < FLAG_LOOKS_MAX && best->p <= enough; i++) {
		uint32_t other = flag_range_entry(range, i);

		if (other != entry && other < before)
			flag_best_take(best, other, same(run->input->evidence.arg, entry, other));
	}
}

struct flag_best flag_stands_with(const struct flag_run *run, uint32_t entry, uint32_t list, bool by_household,
	uint32_t before, double enough)
{
	const struct flag_evidence *evidence = &run->input->evidence;
	struct flag_range person = flag_groups_person(&run->groups, flag_entry_at(run, entry)->person);
	struct flag_best best = FLAG_BEST_NONE;

	if (by_household)
		take_from(run, run->members, entry, list, before, evidence->same_household, enough, &best);
	take_from(run, person, entry, list, before, evidence->same_person, enough, &best);
	return best;
}

size_t flag_links_from(const struct flag_run *run, uint32_t entry)
{
	size_t low = 0, high = run->n_links;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run->links[middle].from < entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct flag_best flag_might_stand_with(const struct flag_run *run, uint32_t entry, uint32_t list, bool by_household,
	uint32_t before)
{
	const struct flag_entry *me = flag_entry_at(run, entry);
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = flag_links_from(run, entry); i < run->n_links && run->links[i].from == entry; i++) {
		const struct flag_link *link = &run->links[i];
		const struct flag_entry *other = flag_entry_at(run, link->other);

		if (other->list != list || link->other >= before || other->person == me->person)
			continue;
		if (by_household && other->household != me->household)
			flag_best_take(&best, link->other, link->household);
		else if (!by_household)
			flag_best_take(&best, link->other, link->person);
	}
	return best;
}

static void keep_link(void *to, uint32_t other, double person, double household)
{
	struct flag_run *run = to;

	if (run->n_links < FLAG_DOUBTS_MAX && (person > 0 || household > 0))
		run->links[run->n_links++] = (struct flag_link){
			run->link_from, other, (float)person, (float)(household > person ? household : person)};
}

static void gather_links(struct flag_run *run, uint32_t entry)
{
	run->link_from = entry;
	run->input->evidence.doubtful(run->input->evidence.arg, entry, keep_link, run);
}

static int keep_nik(struct flag_run *run, uint64_t nik)
{
	if (run->n_niks == run->niks_room) {
		size_t room = run->niks_room ? 2 * run->niks_room : 256;
		uint64_t *moved = realloc(run->niks, room * sizeof *moved);

		if (!moved)
			return error_memory(run->err);
		run->niks = moved;
		run->niks_room = room;
	}
	run->niks[run->n_niks++] = nik;
	return 0;
}

static int decide_entry(struct flag_run *run, uint32_t entry)
{
	const struct flag_list *list = flag_list_of(run, entry);

	if (!list->current)
		return 0;
	if (flag_entry_at(run, entry)->nik && keep_nik(run, flag_entry_at(run, entry)->nik) < 0)
		return -1;
	if (flag_entry_at(run, entry)->quality && flag_keep(run, FLAG_DATA_QUALITY, entry, FLAG_NO_ENTRY, -1, 1) < 0)
		return -1;
	if (list->kind == LIST_REFERENCE)
		return 0;
	if (flag_decide_repeats(run, entry) < 0)
		return -1;
	if (list->kind != LIST_PROGRAMME)
		return 0;
	return flag_decide_inclusion(run, entry) < 0 ? -1 : flag_decide_by_rule(run, entry);
}

static int decide_household(struct flag_run *run, uint32_t household)
{
	run->members = flag_groups_household(&run->groups, household);
	run->n_links = 0;
	run->off_target = -1;
	for (size_t i = 0; i < run->members.n; i++)
		if (flag_list_of(run, flag_range_entry(run->members, i))->current)
			gather_links(run, flag_range_entry(run->members, i));
	flag_gather_barred(run);
	if (flag_decide_target_household(run) < 0)
		return -1;
	for (size_t i = 0; i < run->members.n; i++)
		if (decide_entry(run, flag_range_entry(run->members, i)) < 0)
			return -1;
	return 0;
}

static int decide_alone(struct flag_run *run, uint32_t entry)
{
	run->members = (struct flag_range){0};
	run->n_links = run->n_barred = 0;
	return decide_entry(run, entry);
}

/* Households and lone entries that were touched: households first, in the order of their numbers. */
struct touched {
	uint64_t *items; /* household in the high half (UINT32_MAX: none), entry in the low one; sorted */
	size_t n;
	const struct flag_input *input;
	bool all;
};

static int by_number(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static uint64_t touched_item(const struct flag_input *input, uint32_t entry)
{
	return (uint64_t)input->entries[entry].household << 32 | entry;
}

static int touched_init(struct touched *touched, const struct flag_input *input, const uint32_t *entries, size_t n,
	struct error *err)
{
	touched->all = !entries;
	touched->input = input;
	touched->n = touched->all ? input->n_entries : n;
	touched->items = malloc((touched->n + 1) * sizeof *touched->items);
	if (!touched->items)
		return error_memory(err);
	for (uint32_t i = 0; i < touched->n; i++)
		touched->items[i] = touched_item(input, touched->all ? i : entries[i]);
	qsort(touched->items, touched->n, sizeof *touched->items, by_number);
	return 0;
}

/* Whether an entry stands in one of the households, or alone, that were touched. */
static bool is_touched(const void *arg, uint32_t entry)
{
	const struct touched *touched = arg;
	uint64_t item = touched_item(touched->input, entry);
	bool alone = item >> 32 == UINT32_MAX;
	size_t low = 0, high = touched->n;

	while (!touched->all && low < high) {
		size_t middle = low + (high - low) / 2;

		if (touched->items[middle] < (alone ? item : item & ~(uint64_t)UINT32_MAX))
			low = middle + 1;
		else
			high = middle;
	}
	return touched->all || (low < touched->n && (alone ? touched->items[low] == item : touched->items[low] >> 32 == item >> 32));
}

/* Every NIK of the entries decided, once. */
static int decide_niks(struct flag_run *run, const struct touched *touched)
{
	if (run->n_niks)
		qsort(run->niks, run->n_niks, sizeof *run->niks, by_number);
	for (size_t i = 0; i < run->n_niks; i++)
		if ((i == 0 || run->niks[i] != run->niks[i - 1]) &&
			flag_decide_nik(run, flag_groups_nik(&run->groups, run->niks[i]), is_touched, touched) < 0)
			return -1;
	return 0;
}

static int decide_touched(struct flag_run *run, const struct touched *touched)
{
	for (size_t i = 0; i < touched->n; i++) {
		uint32_t household = (uint32_t)(touched->items[i] >> 32);

		if (household == UINT32_MAX) {
			if ((i == 0 || touched->items[i] != touched->items[i - 1]) &&
				decide_alone(run, (uint32_t)touched->items[i]) < 0)
				return -1;
		} else if ((i == 0 || touched->items[i - 1] >> 32 != household) && decide_household(run, household) < 0) {
			return -1;
		}
	}
	return decide_niks(run, touched);
}

static int in_order(const void *a, const void *b)
{
	const struct flag *left = a, *right = b;

	if (left->entry != right->entry)
		return left->entry < right->entry ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return (left->other > right->other) - (left->other < right->other);
}

static int run_init(struct flag_run *run, const struct flag_input *input, struct error *err)
{
	run->input = input;
	run->err = err;
	run->current = malloc((input->n_lists + 1) * sizeof *run->current);
	if (!run->current)
		return error_memory(err);
	for (uint32_t i = 0; i < input->n_lists; i++) {
		if (!input->lists[i].current)
			continue;
		run->current[run->n_current++] = i;
		run->has_target |= input->lists[i].kind == LIST_TARGET;
		run->has_programme |= input->lists[i].kind == LIST_PROGRAMME;
		run->open |= input->lists[i].period_open && input->lists[i].kind == LIST_PROGRAMME;
	}
	return flag_groups_init(&run->groups, input, err);
}

int flags_decide(const struct flag_input *input, const uint32_t *touched, size_t n_touched, flag_sink *sink, void *arg,
	struct error *err)
{
	struct flag_run *run = calloc(1, sizeof *run);
	struct touched set = {0};
	int result = -1;

	if (!run)
		return error_memory(err);
	if (run_init(run, input, err) < 0 || touched_init(&set, input, touched, n_touched, err) < 0 ||
		decide_touched(run, &set) < 0)
		goto out;
	if (run->n_flags)
		qsort(run->flags, run->n_flags, sizeof *run->flags, in_order);
	for (size_t i = 0; i < run->n_flags; i++)
		if (sink(arg, &run->flags[i]) != 0)
			goto out;
	result = 0;
out:
	free(set.items);
	free(run->flags);
	free(run->niks);
	flag_groups_release(&run->groups);
	free(run->current);
	free(run);
	return result;
}
