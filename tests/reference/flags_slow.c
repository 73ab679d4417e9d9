/*
 * The slow twin of flags_decide(). See flags_slow.h. Nothing here is shared with matcher/flag/ but the names of things.
 */
#include "tests/reference/flags_slow.h"

#include <math.h>
#include <stdlib.h>

static const uint32_t NONE = FLAG_NO_ENTRY;

struct slow {
	const struct flag_input *in;
	struct flag *flags;
	size_t n;
};

struct doubt {
	uint32_t other;
	double person, household;
};

struct doubts {
	struct doubt items[4096];
	size_t n;
};

static void add_doubt(void *to, uint32_t other, double person, double household)
{
	struct doubts *doubts = to;

	doubts->items[doubts->n++] = (struct doubt){other, (float)person, (float)(household > person ? household : person)};
}

static const struct flag_list *list_of(const struct slow *s, uint32_t e)
{
	return &s->in->lists[s->in->entries[e].list];
}

static bool current(const struct slow *s, uint32_t e, enum list_kind kind)
{
	return list_of(s, e)->current && list_of(s, e)->kind == kind;
}

static bool one_household(const struct slow *s, uint32_t a, uint32_t b)
{
	return s->in->entries[a].household == s->in->entries[b].household && s->in->entries[a].household != UINT32_MAX;
}

static bool one_person(const struct slow *s, uint32_t a, uint32_t b)
{
	return s->in->entries[a].person == s->in->entries[b].person;
}

static bool names(const struct rule *rule, int programme)
{
	bool named = false;

	for (size_t i = 0; i < rule->n_programmes; i++)
		named |= rule->programmes[i] == programme;
	return named;
}

static bool in_force(const struct rule *rule, uint32_t day)
{
	return rule->valid_from <= day && (!rule->valid_to || day <= rule->valid_to);
}

static double together(const struct slow *s, uint32_t a, uint32_t b, bool household)
{
	const struct flag_evidence *e = &s->in->evidence;
	double p = -1;

	if (household && one_household(s, a, b))
		p = e->same_household(e->arg, a, b);
	if (one_person(s, a, b))
		p = fmax(p, e->same_person(e->arg, a, b));
	return p;
}

static void flag(struct slow *s, enum flag_kind kind, uint32_t entry, uint32_t other, int rule, double p, bool settled)
{
	const struct ruleset *rules = s->in->rules;
	struct flag f = {.kind = kind, .entry = entry, .other = other, .rule = rule};
	bool open = false;

	p = settled ? fmax(p, 0.5) : fmin(p, 0.4999);
	if (p < FLAG_LEAST_CERTAINTY)
		return;
	f.certainty = floor(p * 10000 + 0.5) / 10000;
	for (size_t i = 0; i < s->in->n_lists; i++)
		open |= s->in->lists[i].current && s->in->lists[i].kind == LIST_PROGRAMME && s->in->lists[i].period_open;
	f.severity = kind == FLAG_EXCLUSION || kind == FLAG_MUST_RECEIVE ? SEVERITY_HIGH
		: kind == FLAG_DATA_QUALITY                                 ? SEVERITY_INFO
									      : SEVERITY_MEDIUM;
	if (rule >= 0)
		f.severity = rules->rules[rule].severity;
	f.state = f.certainty < (rules->finding_from > 0 ? rules->finding_from : 0.9) ? FLAG_TO_CHECK : FLAG_FINDING;
	if (open && (kind == FLAG_EXCLUSION || kind == FLAG_MUST_RECEIVE))
		f.state = FLAG_PROVISIONAL;
	s->flags[s->n++] = f;
}

/* What a counterpart must be. */
struct wanted {
	bool (*fits)(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule);
	const struct rule *rule;
	bool household; /* by household or person; else by person alone */
	bool latest;    /* of equal chances the later list counts; within a list the first row */
};

struct found {
	uint32_t other;
	double p;
};

static void better(const struct slow *s, struct found *found, uint32_t other, double p, bool latest)
{
	if (found->other == NONE || p > found->p ||
		(p == found->p && latest && s->in->entries[other].list != s->in->entries[found->other].list))
		*found = (struct found){other, p};
}

static struct found surely(const struct slow *s, uint32_t me, const struct wanted *w)
{
	struct found found = {NONE, 0};

	for (uint32_t i = 0; i < s->in->n_entries; i++)
		if (i != me && w->fits(s, me, i, w->rule) && together(s, me, i, w->household) >= 0)
			better(s, &found, i, together(s, me, i, w->household), w->latest);
	return found;
}

static struct found maybe(const struct slow *s, uint32_t me, const struct wanted *w)
{
	struct found found = {NONE, 0};
	struct doubts doubts = {.n = 0};

	if (s->in->entries[me].household == UINT32_MAX)
		return found;
	s->in->evidence.doubtful(s->in->evidence.arg, me, add_doubt, &doubts);
	for (uint32_t i = 0; i < s->in->n_entries; i++)
		for (size_t j = 0; j < doubts.n; j++)
			if (doubts.items[j].other == i && w->fits(s, me, i, w->rule) && !one_person(s, me, i) &&
				!(w->household && one_household(s, me, i)))
				better(s, &found, i, w->household ? doubts.items[j].household : doubts.items[j].person, w->latest);
	return found;
}

static void flag_either(struct slow *s, enum flag_kind kind, uint32_t me, int rule, const struct wanted *w)
{
	struct found sure = surely(s, me, w), perhaps = maybe(s, me, w);

	if (sure.other != NONE)
		flag(s, kind, me, sure.other, rule, sure.p, true);
	else if (perhaps.other != NONE)
		flag(s, kind, me, perhaps.other, rule, perhaps.p, false);
}

static bool is_target(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	(void)me;
	(void)rule;
	return current(s, other, LIST_TARGET);
}

static bool is_recipient(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	(void)me;
	return current(s, other, LIST_PROGRAMME) && (!rule || names(rule, list_of(s, other)->subject));
}

static bool is_other_recipient(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	return is_recipient(s, me, other, rule) && list_of(s, other)->subject != rule->programmes[0];
}

static bool is_earlier_row(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	(void)rule;
	return other < me && s->in->entries[other].list == s->in->entries[me].list;
}

static bool is_earlier_time(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	const struct flag_list *mine = list_of(s, me), *theirs = list_of(s, other);

	return theirs->kind == LIST_PROGRAMME && theirs->subject == mine->subject && !theirs->superseded &&
		theirs->day < mine->day && theirs->day + rule->years * 10000 > mine->day;
}

static bool is_reference(const struct slow *s, uint32_t me, uint32_t other, const struct rule *rule)
{
	(void)me;
	return current(s, other, LIST_REFERENCE) && list_of(s, other)->subject == rule->reference;
}

/* The chance that no doubtful link of the household leads to what fits: per other household its strongest link. */
static double none_of(const struct slow *s, uint32_t household, const struct wanted *w, struct found *likeliest)
{
	double none = 1;

	*likeliest = (struct found){NONE, 0};
	for (uint32_t other = 0; other < s->in->n_entries; other++) {
		bool first_of_household = true;
		double strongest = 0;

		for (uint32_t i = 0; i < other; i++)
			first_of_household &= s->in->entries[i].household != s->in->entries[other].household;
		if (!first_of_household || s->in->entries[other].household == household)
			continue;
		for (uint32_t from = 0; from < s->in->n_entries; from++) {
			struct doubts doubts = {.n = 0};

			if (s->in->entries[from].household != household || !list_of(s, from)->current)
				continue;
			s->in->evidence.doubtful(s->in->evidence.arg, from, add_doubt, &doubts);
			for (size_t j = 0; j < doubts.n; j++)
				if (s->in->entries[doubts.items[j].other].household == s->in->entries[other].household &&
					w->fits(s, from, doubts.items[j].other, w->rule)) {
					strongest = fmax(strongest, doubts.items[j].household);
					if (doubts.items[j].household > likeliest->p ||
						(doubts.items[j].household == likeliest->p && doubts.items[j].other < likeliest->other))
						*likeliest = (struct found){doubts.items[j].other, doubts.items[j].household};
				}
		}
		none *= 1 - strongest;
	}
	if (likeliest->p < FLAG_LEAST_CERTAINTY)
		likeliest->other = NONE;
	return none;
}

static void missing(struct slow *s, enum flag_kind kind, uint32_t at, int rule, struct found found, const struct wanted *w)
{
	struct found likeliest;
	double none = none_of(s, s->in->entries[at].household, w, &likeliest);

	if (found.other == NONE)
		flag(s, kind, at, likeliest.other, rule, none, true);
	else if (found.p <= 0.8)
		flag(s, kind, at, found.other, rule, 1 - found.p, false);
}

static bool some_current(const struct slow *s, enum list_kind kind)
{
	bool some = false;

	for (size_t i = 0; i < s->in->n_lists; i++)
		some |= s->in->lists[i].current && s->in->lists[i].kind == kind;
	return some;
}

static struct found any_member(const struct slow *s, uint32_t at, const struct wanted *w)
{
	struct found best = {NONE, 0};

	for (uint32_t i = 0; i < s->in->n_entries; i++)
		if (current(s, i, LIST_TARGET) && one_household(s, i, at)) {
			struct found found = surely(s, i, w);

			if (found.other != NONE && (best.other == NONE || found.p > best.p ||
							   (found.p == best.p && found.other < best.other)))
				best = found;
		}
	return best;
}

static void target_household(struct slow *s, uint32_t at)
{
	const struct ruleset *rules = s->in->rules;
	struct wanted w = {is_recipient, NULL, true, false};
	size_t before = s->n;

	for (uint32_t i = 0; i < at; i++)
		if (current(s, i, LIST_TARGET) && one_household(s, i, at))
			return; /* not its first row */
	if (!some_current(s, LIST_PROGRAMME))
		return;
	missing(s, FLAG_EXCLUSION, at, -1, any_member(s, at, &w), &w);
	for (size_t r = 0; r < rules->n_rules && s->n == before; r++) {
		uint32_t day = 0;

		w.rule = &rules->rules[r];
		for (size_t i = 0; i < s->in->n_lists; i++)
			if (s->in->lists[i].current && s->in->lists[i].kind == LIST_PROGRAMME &&
				names(w.rule, s->in->lists[i].subject) && s->in->lists[i].day > day)
				day = s->in->lists[i].day;
		if (w.rule->kind == RULE_MUST_RECEIVE_ONE_OF && day && in_force(w.rule, day)) {
			size_t kept = s->n;

			missing(s, FLAG_MUST_RECEIVE, at, (int)r, any_member(s, at, &w), &w);
			before += s->n - kept;
		}
	}
}

static void repeats(struct slow *s, uint32_t me)
{
	const struct ruleset *rules = s->in->rules;
	const struct flag_list *list = list_of(s, me);
	struct wanted w = {is_earlier_row, NULL, false, false};
	struct found best = {NONE, 0};
	struct doubts doubts = {.n = 0};
	int rule = -1;

	flag_either(s, FLAG_DUP_PERSON_IN_LIST, me, -1, &w);
	if (surely(s, me, &w).other != NONE || list->kind != LIST_PROGRAMME)
		return;
	for (size_t r = rules->n_rules; r-- > 0;)
		if (rules->rules[r].kind == RULE_ONE_PER_HOUSEHOLD && in_force(&rules->rules[r], list->day) &&
			names(&rules->rules[r], list->subject))
			rule = (int)r;
	if (rule < 0 && rules->programmes[list->subject].unit == UNIT_PERSON)
		return;
	for (uint32_t i = 0; i < me; i++)
		if (is_earlier_row(s, me, i, NULL) && one_household(s, me, i))
			better(s, &best, i, s->in->evidence.same_household(s->in->evidence.arg, i, me), false);
	if (best.other != NONE) {
		flag(s, FLAG_DUP_HOUSEHOLD_IN_LIST, me, best.other, rule, best.p, true);
		return;
	}
	s->in->evidence.doubtful(s->in->evidence.arg, me, add_doubt, &doubts);
	for (uint32_t i = 0; i < me; i++)
		for (size_t j = 0; j < doubts.n; j++)
			if (doubts.items[j].other == i && is_earlier_row(s, me, i, NULL) && !one_household(s, me, i))
				better(s, &best, i, doubts.items[j].household - doubts.items[j].person, false);
	if (best.other != NONE)
		flag(s, FLAG_DUP_HOUSEHOLD_IN_LIST, me, best.other, rule, best.p, false);
}

static void inclusion(struct slow *s, uint32_t me)
{
	const struct ruleset *rules = s->in->rules;
	const struct flag_list *list = list_of(s, me);
	struct wanted w = {is_target, NULL, true, false};
	bool named = false;
	int rule = -1;

	for (size_t r = rules->n_rules; r-- > 0;)
		if (rules->rules[r].kind == RULE_TARGET_ONLY && names(&rules->rules[r], list->subject)) {
			named = true;
			if (in_force(&rules->rules[r], list->day))
				rule = (int)r;
		}
	if (!some_current(s, LIST_TARGET) || !rules->programmes[list->subject].inclusion || (named && rule < 0))
		return;
	missing(s, FLAG_INCLUSION, me, rule, surely(s, me, &w), &w);
}

static void desil(struct slow *s, uint32_t me, int rule)
{
	const struct rule *r = &s->in->rules->rules[rule];
	struct found told = {NONE, 1};
	unsigned highest = 0;

	for (uint32_t i = 0; i < s->in->n_entries; i++)
		if (current(s, i, LIST_TARGET) && s->in->entries[i].desil > highest &&
			(r->level == LEVEL_HOUSEHOLD ? one_household(s, me, i) : one_person(s, me, i))) {
			const struct flag_evidence *e = &s->in->evidence;

			highest = s->in->entries[i].desil;
			told.other = i;
			told.p = r->level == LEVEL_HOUSEHOLD ? e->same_household(e->arg, me, i) : e->same_person(e->arg, me, i);
		}
	if (told.other == NONE)
		highest = s->in->entries[me].desil;
	if (highest > r->desil)
		flag(s, FLAG_INELIGIBLE, me, told.other, rule, told.p, true);
}

static void barred(struct slow *s, uint32_t me, int rule)
{
	const struct rule *r = &s->in->rules->rules[rule];
	struct wanted w = {is_reference, r, false, false};
	struct found sure = surely(s, me, &w), perhaps = maybe(s, me, &w);

	for (uint32_t i = 0; i < s->in->n_entries && r->level == LEVEL_HOUSEHOLD; i++) {
		struct found theirs, theirs_maybe;
		double p;

		if (i == me || !one_household(s, me, i) || !list_of(s, i)->current)
			continue;
		p = s->in->evidence.same_household(s->in->evidence.arg, me, i);
		theirs = surely(s, i, &w);
		theirs_maybe = maybe(s, i, &w);
		theirs.p *= p;
		theirs_maybe.p *= p;
		if (theirs.other != NONE && (sure.other == NONE || theirs.p > sure.p ||
						    (theirs.p == sure.p && theirs.other < sure.other)))
			sure = theirs;
		if (theirs_maybe.other != NONE && (perhaps.other == NONE || theirs_maybe.p > perhaps.p ||
							  (theirs_maybe.p == perhaps.p && theirs_maybe.other < perhaps.other)))
			perhaps = theirs_maybe;
	}
	if (sure.other != NONE)
		flag(s, FLAG_BARRED, me, sure.other, rule, sure.p, true);
	else if (perhaps.other != NONE)
		flag(s, FLAG_BARRED, me, perhaps.other, rule, perhaps.p, false);
}

static void by_rule(struct slow *s, uint32_t me, int index)
{
	const struct rule *rule = &s->in->rules->rules[index];
	struct wanted overlap = {is_other_recipient, rule, rule->level == LEVEL_HOUSEHOLD, false};
	struct wanted earlier = {is_earlier_time, rule, rule->level == LEVEL_HOUSEHOLD, true};
	unsigned place = 0;

	if (!names(rule, list_of(s, me)->subject) || !in_force(rule, list_of(s, me)->day))
		return;
	for (uint32_t i = 0; i <= me; i++)
		place += s->in->entries[i].list == s->in->entries[me].list;
	if (rule->kind == RULE_FORBIDDEN_OVERLAP && rule->programmes[0] == list_of(s, me)->subject)
		flag_either(s, FLAG_OVERLAP, me, index, &overlap);
	if (rule->kind == RULE_COOLDOWN)
		flag_either(s, FLAG_COOLDOWN, me, index, &earlier);
	if (rule->kind == RULE_MAX_DESIL)
		desil(s, me, index);
	if (rule->kind == RULE_QUOTA && place == rule->entries + 1)
		flag(s, FLAG_QUOTA, me, NONE, index, 1, true);
	if (rule->kind == RULE_BARRED_BY)
		barred(s, me, index);
}

static void conflict(struct slow *s, uint32_t me)
{
	uint32_t first = NONE;
	struct doubts doubts = {.n = 0};
	double one = 0;

	if (!s->in->entries[me].nik)
		return;
	for (uint32_t i = 0; i < me; i++)
		if (s->in->entries[i].nik == s->in->entries[me].nik && list_of(s, i)->current) {
			if (one_person(s, i, me))
				return; /* told at his first row */
			first = first == NONE ? i : first;
		}
	if (first == NONE)
		return;
	s->in->evidence.doubtful(s->in->evidence.arg, me, add_doubt, &doubts);
	for (size_t j = 0; j < doubts.n; j++)
		if (one_person(s, doubts.items[j].other, first))
			one = fmax(one, doubts.items[j].person);
	flag(s, FLAG_NIK_CONFLICT, me, first, -1, 1 - one, true);
}

static int in_order(const void *a, const void *b)
{
	const struct flag *l = a, *r = b;
	int64_t d = (int64_t)l->entry - r->entry;

	d = d ? d : (int64_t)l->kind - (int64_t)r->kind;
	d = d ? d : (int64_t)l->rule - r->rule;
	d = d ? d : (int64_t)l->other - r->other;
	return (d > 0) - (d < 0);
}

size_t flags_slow(const struct flag_input *input, struct flag *flags)
{
	struct slow s = {input, flags, 0};

	for (uint32_t me = 0; me < input->n_entries; me++) {
		if (!list_of(&s, me)->current)
			continue;
		if (input->entries[me].quality)
			flag(&s, FLAG_DATA_QUALITY, me, NONE, -1, 1, true);
		conflict(&s, me);
		if (current(&s, me, LIST_REFERENCE))
			continue;
		repeats(&s, me);
		if (current(&s, me, LIST_TARGET))
			target_household(&s, me);
		if (!current(&s, me, LIST_PROGRAMME))
			continue;
		inclusion(&s, me);
		for (size_t r = 0; r < input->rules->n_rules; r++)
			by_rule(&s, me, (int)r);
	}
	qsort(flags, s.n, sizeof *flags, in_order);
	return s.n;
}
