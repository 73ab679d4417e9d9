/*
 * What the dated rules say about an entry of a programme's current list: overlap, cooldown, desil, quota, barred. See
 * flag.h; docs/FLAGS.md says what each kind means. A rule is judged on the day of the entry's own list.
 */
#include "matcher/flag/flag_run.h"

static bool by_household(const struct rule *rule)
{
	return rule->level == LEVEL_HOUSEHOLD;
}

static int keep(struct flag_run *run, enum flag_kind kind, uint32_t entry, size_t rule, struct flag_best sure,
	struct flag_best maybe)
{
	if (sure.other != FLAG_NO_ENTRY)
		return flag_keep(run, kind, entry, sure.other, (int)rule, flag_settled(sure.p));
	if (maybe.other != FLAG_NO_ENTRY)
		return flag_keep(run, kind, entry, maybe.other, (int)rule, flag_unsettled(maybe.p));
	return 0;
}

static int decide_overlap(struct flag_run *run, uint32_t entry, size_t index)
{
	const struct rule *rule = &run->input->rules->rules[index];
	struct flag_best sure = FLAG_BEST_NONE, maybe = FLAG_BEST_NONE;

	if (rule->programmes[0] != flag_list_of(run, entry)->subject)
		return 0;
	for (size_t i = 0; i < run->n_current; i++) {
		const struct flag_list *list = &run->input->lists[run->current[i]];
		struct flag_best in_list;

		if (list->kind != LIST_PROGRAMME || list->subject == rule->programmes[0] || !rule_names(rule, list->subject))
			continue;
		in_list = flag_stands_with(run, entry, run->current[i], by_household(rule), FLAG_NO_ENTRY, 1);
		flag_best_take(&sure, in_list.other, in_list.p);
		in_list = flag_might_stand_with(run, entry, run->current[i], by_household(rule), FLAG_NO_ENTRY);
		flag_best_take(&maybe, in_list.other, in_list.p);
	}
	return keep(run, FLAG_OVERLAP, entry, index, sure, maybe);
}

/* Later lists hold later entries: of two times as likely, the latest is told. */
static void take_latest(struct flag_best *best, struct flag_best candidate)
{
	if (candidate.other != FLAG_NO_ENTRY && (best->other == FLAG_NO_ENTRY || candidate.p >= best->p))
		*best = candidate;
}

static int decide_cooldown(struct flag_run *run, uint32_t entry, size_t index)
{
	const struct rule *rule = &run->input->rules->rules[index];
	const struct flag_list *mine = flag_list_of(run, entry);
	struct flag_best sure = FLAG_BEST_NONE, maybe = FLAG_BEST_NONE;

	for (uint32_t i = 0; i < run->input->n_lists; i++) {
		const struct flag_list *list = &run->input->lists[i];

		if (list->kind != LIST_PROGRAMME || list->subject != mine->subject || list->superseded ||
			list->day >= mine->day || list->day + rule->years * 10000 <= mine->day)
			continue;
		take_latest(&sure, flag_stands_with(run, entry, i, by_household(rule), FLAG_NO_ENTRY, 1));
		take_latest(&maybe, flag_might_stand_with(run, entry, i, by_household(rule), FLAG_NO_ENTRY));
	}
	return keep(run, FLAG_COOLDOWN, entry, index, sure, maybe);
}

/* The highest desil that the target list tells for the household, or for the person; the first row that tells it. */
static struct flag_best target_desil(const struct flag_run *run, uint32_t entry, bool household, unsigned *ret)
{
	const struct flag_entry *me = flag_entry_at(run, entry);
	struct flag_range range = household ? run->members : flag_groups_person(&run->groups, me->person);
	const struct flag_evidence *evidence = &run->input->evidence;
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = 0; i < run->n_current; i++) {
		struct flag_range rows = flag_groups_in_list(&run->groups, range, run->current[i]);

		if (run->input->lists[run->current[i]].kind != LIST_TARGET)
			continue;
		for (size_t j = 0; j < rows.n && j < FLAG_LOOKS_MAX; j++) {
			unsigned desil = flag_entry_at(run, flag_range_entry(rows, j))->desil;

			if (desil > *ret)
				*ret = desil, best.other = flag_range_entry(rows, j);
		}
	}
	if (best.other != FLAG_NO_ENTRY)
		best.p = (household ? evidence->same_household : evidence->same_person)(evidence->arg, entry, best.other);
	return best;
}

/* The target list is believed before the recipient's own list. */
static int decide_desil(struct flag_run *run, uint32_t entry, size_t index)
{
	const struct rule *rule = &run->input->rules->rules[index];
	unsigned desil = 0;
	struct flag_best told = target_desil(run, entry, by_household(rule), &desil);

	if (told.other == FLAG_NO_ENTRY) {
		desil = flag_entry_at(run, entry)->desil;
		told.p = 1;
	}
	if (desil <= rule->desil)
		return 0;
	return flag_keep(run, FLAG_INELIGIBLE, entry, told.other, (int)index, flag_settled(told.p));
}

static int decide_quota(struct flag_run *run, uint32_t entry, size_t index)
{
	uint32_t first = run->groups.list_first[flag_entry_at(run, entry)->list];

	if (entry - first != run->input->rules->rules[index].entries)
		return 0;
	return flag_keep(run, FLAG_QUOTA, entry, FLAG_NO_ENTRY, (int)index, 1);
}

/* The row of an entry's person on any list of a reference. */
static void look_up_reference(const struct flag_run *run, uint32_t entry, int reference, struct flag_best *sure,
	struct flag_best *maybe)
{
	*sure = *maybe = FLAG_BEST_NONE;
	for (size_t i = 0; i < run->n_current; i++) {
		const struct flag_list *list = &run->input->lists[run->current[i]];
		struct flag_best row;

		if (list->kind != LIST_REFERENCE || list->subject != reference)
			continue;
		row = flag_stands_with(run, entry, run->current[i], false, FLAG_NO_ENTRY, 1);
		flag_best_take(sure, row.other, row.p);
		row = flag_might_stand_with(run, entry, run->current[i], false, FLAG_NO_ENTRY);
		flag_best_take(maybe, row.other, row.p);
	}
}

/* Once per household, for the rules that ask about every member. */
void flag_gather_barred(struct flag_run *run)
{
	const struct ruleset *rules = run->input->rules;

	run->n_barred = 0;
	for (size_t r = 0; r < rules->n_rules; r++) {
		if (rules->rules[r].kind != RULE_BARRED_BY || !by_household(&rules->rules[r]))
			continue;
		for (size_t i = 0; i < run->members.n && run->n_barred < FLAG_BARRED_MAX; i++) {
			struct flag_barred barred = {.rule = (int)r, .member = flag_range_entry(run->members, i)};

			if (!flag_list_of(run, barred.member)->current)
				continue;
			look_up_reference(run, barred.member, rules->rules[r].reference, &barred.sure, &barred.maybe);
			if (barred.sure.other != FLAG_NO_ENTRY || barred.maybe.other != FLAG_NO_ENTRY)
				run->barred[run->n_barred++] = barred;
		}
	}
}

static int decide_barred(struct flag_run *run, uint32_t entry, size_t index)
{
	const struct rule *rule = &run->input->rules->rules[index];
	const struct flag_evidence *evidence = &run->input->evidence;
	struct flag_best sure, maybe;

	look_up_reference(run, entry, rule->reference, &sure, &maybe);
	for (size_t i = 0; i < run->n_barred; i++) {
		const struct flag_barred *barred = &run->barred[i];
		double together;

		if (barred->rule != (int)index || barred->member == entry)
			continue;
		together = evidence->same_household(evidence->arg, entry, barred->member);
		flag_best_take(&sure, barred->sure.other, barred->sure.p * together);
		flag_best_take(&maybe, barred->maybe.other, barred->maybe.p * together);
	}
	return keep(run, FLAG_BARRED, entry, index, sure, maybe);
}

int flag_decide_by_rule(struct flag_run *run, uint32_t entry)
{
	const struct ruleset *rules = run->input->rules;
	const struct flag_list *list = flag_list_of(run, entry);

	for (size_t i = 0; i < rules->n_rules; i++) {
		const struct rule *rule = &rules->rules[i];
		int status = 0;

		if (!rule_in_force(rule, list->day) || !rule_names(rule, list->subject))
			continue;
		switch (rule->kind) {
		case RULE_FORBIDDEN_OVERLAP:
			status = decide_overlap(run, entry, i);
			break;
		case RULE_COOLDOWN:
			status = decide_cooldown(run, entry, i);
			break;
		case RULE_MAX_DESIL:
			status = decide_desil(run, entry, i);
			break;
		case RULE_QUOTA:
			status = decide_quota(run, entry, i);
			break;
		case RULE_BARRED_BY:
			status = decide_barred(run, entry, i);
			break;
		case RULE_ONE_PER_HOUSEHOLD:    /* flag_repeats.c */
		case RULE_TARGET_ONLY:          /* flag_missing.c */
		case RULE_MUST_RECEIVE_ONE_OF: /* flag_missing.c */
		case RULE_KINDS:
			break;
		}
		if (status < 0)
			return -1;
	}
	return 0;
}
