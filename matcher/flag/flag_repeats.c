/*
 * Twice in a list – the same person, or another member of a household that stands there already – and one NIK on two
 * persons. See flag.h; docs/FLAGS.md says what each kind means.
 */
#include "matcher/flag/flag_run.h"

/* The first one_per_household rule in force that names the programme, or -1. */
static int one_per_household(const struct flag_run *run, const struct flag_list *list)
{
	const struct ruleset *rules = run->input->rules;

	for (size_t i = 0; i < rules->n_rules; i++)
		if (rules->rules[i].kind == RULE_ONE_PER_HOUSEHOLD && rule_in_force(&rules->rules[i], list->day) &&
			rule_names(&rules->rules[i], list->subject))
			return (int)i;
	return -1;
}

/* The likeliest earlier row of the household in the same list, of another person. */
static struct flag_best earlier_member(const struct flag_run *run, uint32_t entry)
{
	const struct flag_entry *me = flag_entry_at(run, entry);
	struct flag_range rows = flag_groups_in_list(&run->groups, run->members, me->list);
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = 0; i < rows.n && i < FLAG_LOOKS_MAX; i++) {
		uint32_t other = flag_range_entry(rows, i);

		if (other >= entry)
			break;
		if (flag_entry_at(run, other)->person != me->person)
			flag_best_take(&best, other,
				run->input->evidence.same_household(run->input->evidence.arg, other, entry));
	}
	return best;
}

/* The same by a doubtful link: chance of being another member, the chance of being the same person taken off. */
static struct flag_best earlier_maybe_member(const struct flag_run *run, uint32_t entry)
{
	const struct flag_entry *me = flag_entry_at(run, entry);
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = flag_links_from(run, entry); i < run->n_links && run->links[i].from == entry; i++) {
		const struct flag_link *link = &run->links[i];
		const struct flag_entry *other = flag_entry_at(run, link->other);

		if (other->list == me->list && link->other < entry && other->person != me->person &&
			other->household != me->household)
			flag_best_take(&best, link->other, (double)link->household - (double)link->person);
	}
	return best;
}

static int decide_household(struct flag_run *run, uint32_t entry, const struct flag_list *list)
{
	struct flag_best best = earlier_member(run, entry);
	int rule = one_per_household(run, list);

	if (run->input->rules->programmes[list->subject].unit != UNIT_HOUSEHOLD && rule < 0)
		return 0;
	if (best.other != FLAG_NO_ENTRY)
		return flag_keep(run, FLAG_DUP_HOUSEHOLD_IN_LIST, entry, best.other, rule, flag_settled(best.p));
	best = earlier_maybe_member(run, entry);
	if (best.other == FLAG_NO_ENTRY)
		return 0;
	return flag_keep(run, FLAG_DUP_HOUSEHOLD_IN_LIST, entry, best.other, rule, flag_unsettled(best.p));
}

int flag_decide_repeats(struct flag_run *run, uint32_t entry)
{
	const struct flag_entry *me = flag_entry_at(run, entry);
	const struct flag_list *list = flag_list_of(run, entry);
	struct flag_best best = flag_stands_with(run, entry, me->list, false, entry, 1);

	if (list->kind == LIST_REFERENCE)
		return 0;
	if (best.other != FLAG_NO_ENTRY) /* a repeated person is not counted again as a household */
		return flag_keep(run, FLAG_DUP_PERSON_IN_LIST, entry, best.other, -1, flag_settled(best.p));
	best = flag_might_stand_with(run, entry, me->list, false, entry);
	if (best.other != FLAG_NO_ENTRY &&
		flag_keep(run, FLAG_DUP_PERSON_IN_LIST, entry, best.other, -1, flag_unsettled(best.p)) < 0)
		return -1;
	return list->kind == LIST_PROGRAMME ? decide_household(run, entry, list) : 0;
}

struct most_likely {
	const struct flag_run *run;
	uint32_t person;
	double p;
};

static void take_most_likely(void *to, uint32_t other, double person, double household)
{
	struct most_likely *most = to;

	if (flag_entry_at(most->run, other)->person == most->person && person > most->p)
		most->p = person;
}

/* The chance that two holders of one NIK, kept apart as two persons, are one after all. */
static double chance_of_one(const struct flag_run *run, uint32_t entry, uint32_t person)
{
	struct most_likely most = {run, person, 0};

	run->input->evidence.doubtful(run->input->evidence.arg, entry, take_most_likely, &most);
	return most.p;
}

/*
 * The person whose row comes first has the NIK; every other person is told once, at his first row with it. Of a NIK
 * that thousands share (a placeholder nobody knew of) only as many persons are told apart as fit below.
 */
int flag_decide_nik(struct flag_run *run, size_t from, bool (*wanted)(const void *arg, uint32_t entry), const void *arg)
{
	uint32_t persons[FLAG_LOOKS_MAX], first = FLAG_NO_ENTRY;
	const struct flag_nik *niks = run->groups.niks;
	size_t n = 0;

	for (size_t i = from; i < run->groups.n_niks && niks[i].nik == niks[from].nik && n < FLAG_LOOKS_MAX; i++) {
		uint32_t entry = niks[i].entry, person = flag_entry_at(run, entry)->person;
		size_t known = 0;

		if (!flag_list_of(run, entry)->current)
			continue;
		while (known < n && persons[known] != person)
			known++;
		if (known < n)
			continue;
		persons[n++] = person;
		if (n == 1)
			first = entry;
		else if (wanted(arg, entry) && flag_keep(run, FLAG_NIK_CONFLICT, entry, first, -1,
						       flag_settled(1 - chance_of_one(run, entry, persons[0]))) < 0)
			return -1;
	}
	return 0;
}
