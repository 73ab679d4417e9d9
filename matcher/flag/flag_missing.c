/*
 * Who is left out and who should not be there: households against the lists in which they should stand. See flag.h;
 * docs/FLAGS.md says what each kind means.
 */
#include "matcher/flag/flag_run.h"

/* Which current lists a question is about. */
struct lists_asked {
	enum list_kind kind;
	const struct rule *rule; /* the programmes it names; NULL: all */
};

static bool is_asked(const struct flag_run *run, uint32_t list, const struct lists_asked *asked)
{
	const struct flag_list *l = &run->input->lists[list];

	return l->current && l->kind == asked->kind && (!asked->rule || rule_names(asked->rule, l->subject));
}

/* Beyond this, a link leaves no doubt that would be told. */
#define ENOUGH (1 - FLAG_LEAST_CERTAINTY)

/* Whether the household of an entry, or its person, stands in one of the lists, and how surely. */
static struct flag_best stands_in(const struct flag_run *run, uint32_t entry, const struct lists_asked *asked)
{
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = 0; i < run->n_current && best.p <= ENOUGH; i++) {
		struct flag_best in_list;

		if (!is_asked(run, run->current[i], asked))
			continue;
		in_list = flag_stands_with(run, entry, run->current[i], true, FLAG_NO_ENTRY, ENOUGH);
		flag_best_take(&best, in_list.other, in_list.p);
	}
	return best;
}

/*
 * The chance that no doubtful link of the household leads to one of the lists after all. Links to one and the same
 * household stand or fall together: the strongest counts. *likeliest gets the strongest of all.
 */
static double chance_of_none(const struct flag_run *run, const struct lists_asked *asked, struct flag_best *likeliest)
{
	double none = 1;

	*likeliest = FLAG_BEST_NONE;
	for (size_t i = 0; i < run->n_links; i++) {
		const struct flag_link *link = &run->links[i];
		uint32_t household = flag_entry_at(run, link->other)->household;
		bool strongest = true;

		if (!is_asked(run, flag_entry_at(run, link->other)->list, asked) ||
			household == flag_entry_at(run, link->from)->household)
			continue;
		flag_best_take(likeliest, link->other, link->household);
		for (size_t j = 0; j < run->n_links && strongest; j++) {
			const struct flag_link *rival = &run->links[j];

			strongest = j == i || flag_entry_at(run, rival->other)->household != household ||
				!is_asked(run, flag_entry_at(run, rival->other)->list, asked) ||
				rival->household < link->household || (rival->household == link->household && j > i);
		}
		if (strongest)
			none *= 1 - (double)link->household;
	}
	return none;
}

/*
 * A household that does not stand where it should: certain as far as no doubtful link says otherwise. If it does stand
 * there, the flag has what doubt there is about that.
 */
static int keep_missing(struct flag_run *run, enum flag_kind kind, uint32_t entry, int rule, struct flag_best found,
	double none, struct flag_best likeliest)
{
	if (found.other != FLAG_NO_ENTRY)
		return flag_keep(run, kind, entry, found.other, rule, flag_unsettled(1 - found.p));
	if (likeliest.p < FLAG_LEAST_CERTAINTY)
		likeliest.other = FLAG_NO_ENTRY;
	return flag_keep(run, kind, entry, likeliest.other, rule, flag_settled(none));
}

static bool is_target_row(const struct flag_run *run, uint32_t entry)
{
	return flag_list_of(run, entry)->current && flag_list_of(run, entry)->kind == LIST_TARGET;
}

/* The household's first row of the target list, or FLAG_NO_ENTRY. */
static uint32_t first_target_row(const struct flag_run *run)
{
	for (size_t i = 0; i < run->members.n; i++)
		if (is_target_row(run, flag_range_entry(run->members, i)))
			return flag_range_entry(run->members, i);
	return FLAG_NO_ENTRY;
}

/* The likeliest recipient among all members that the target list names. Beyond doubt: not looked at further. */
static struct flag_best recipient_of(const struct flag_run *run, const struct lists_asked *asked)
{
	struct flag_best best = FLAG_BEST_NONE;

	for (size_t i = 0; i < run->members.n && best.p <= ENOUGH; i++) {
		struct flag_best found = FLAG_BEST_NONE;

		if (is_target_row(run, flag_range_entry(run->members, i)))
			found = stands_in(run, flag_range_entry(run->members, i), asked);
		flag_best_take(&best, found.other, found.p);
	}
	return best;
}

/* The newest day for which one of a rule's programmes has a list; 0: none has. */
static uint32_t newest_day(const struct flag_run *run, const struct lists_asked *asked)
{
	uint32_t day = 0;

	for (size_t i = 0; i < run->n_current; i++)
		if (is_asked(run, run->current[i], asked) && run->input->lists[run->current[i]].day > day)
			day = run->input->lists[run->current[i]].day;
	return day;
}

static int decide_missing(struct flag_run *run, enum flag_kind kind, uint32_t entry, int rule,
	const struct lists_asked *asked)
{
	struct flag_best likeliest;
	double none = chance_of_none(run, asked, &likeliest);

	return keep_missing(run, kind, entry, rule, recipient_of(run, asked), none, likeliest);
}

/* A target household: left out of everything, or of what a rule says that it must receive. */
int flag_decide_target_household(struct flag_run *run)
{
	const struct ruleset *rules = run->input->rules;
	struct lists_asked asked = {LIST_PROGRAMME, NULL};
	uint32_t entry = first_target_row(run);
	size_t before = run->n_flags;

	if (entry == FLAG_NO_ENTRY || !run->has_programme)
		return 0;
	if (decide_missing(run, FLAG_EXCLUSION, entry, -1, &asked) < 0)
		return -1;
	if (run->n_flags > before) /* whoever gets nothing is told once */
		return 0;
	for (size_t i = 0; i < rules->n_rules; i++) {
		uint32_t day;

		asked.rule = &rules->rules[i];
		if (asked.rule->kind != RULE_MUST_RECEIVE_ONE_OF)
			continue;
		day = newest_day(run, &asked);
		if (day && rule_in_force(asked.rule, day) && decide_missing(run, FLAG_MUST_RECEIVE, entry, (int)i, &asked) < 0)
			return -1;
	}
	return 0;
}

/*
 * Whether recipients off the target list are an error in this list, and by which rule. A target_only rule gives
 * inclusion its dates: where rules name the programme and none is in force, nothing is asked.
 */
static bool asks_inclusion(const struct flag_run *run, const struct flag_list *list, int *rule)
{
	const struct ruleset *rules = run->input->rules;
	bool named = false;

	*rule = -1;
	if (!run->has_target || !rules->programmes[list->subject].inclusion)
		return false;
	for (size_t i = 0; i < rules->n_rules && *rule < 0; i++) {
		if (rules->rules[i].kind != RULE_TARGET_ONLY || !rule_names(&rules->rules[i], list->subject))
			continue;
		named = true;
		if (rule_in_force(&rules->rules[i], list->day))
			*rule = (int)i;
	}
	return !named || *rule >= 0;
}

int flag_decide_inclusion(struct flag_run *run, uint32_t entry)
{
	const struct lists_asked asked = {LIST_TARGET, NULL};
	int rule;

	if (!asks_inclusion(run, flag_list_of(run, entry), &rule))
		return 0;
	if (run->off_target < 0)
		run->off_target = chance_of_none(run, &asked, &run->near_target);
	return keep_missing(run, FLAG_INCLUSION, entry, rule, stands_in(run, entry, &asked), run->off_target,
		run->near_target);
}
