/*
 * The weighing of moves and places. The numbers are natural log-odds chosen from what civil registration leads one to
 * expect (about 2 % of grown children leave home in a year; a village has tens of RTs), not fitted to any data set;
 * each says in its line what it assumes.
 */
#include "matcher/household/household_move.h"

#include "matcher/compare/digits.h"
#include "matcher/compare/jaro.h"
#include "matcher/normalise/entry.h"

#include <math.h>

int household_years(uint32_t earlier, uint32_t later)
{
	if (earlier < 10000 || later < 10000)
		return 0;
	return (int)(later / 10000) - (int)(earlier / 10000) - (later % 10000 < earlier % 10000);
}

bool household_names_alike(struct str a, struct str b)
{
	if (!a.n || !b.n)
		return false;
	return str_equal(a, b) || jaro_winkler_similarity(a, b) >= 0.92;
}

bool household_kk_near(uint64_t a, uint64_t b)
{
	if (!a || !b)
		return false;
	return a == b || digits_distance((struct digits){a, 16, 16}, (struct digits){b, 16, 16}) <= 1;
}

double household_place_weight(const struct household_member *a, const struct household_member *b)
{
	double weight = 0;

	if (a->village && b->village) {
		if (a->village != b->village)
			return -4.0; /* a whole family that moves is rarer than a person who does */
		weight += 1.0;
	}
	if (a->rt && b->rt)
		weight += a->rt == b->rt ? 2.0 : -2.5; /* tens of RTs in a village; few RTs are miswritten */
	if (a->address.n && b->address.n) {
		if (str_equal(a->address, b->address))
			weight += 1.0;
		else if (jaro_winkler_similarity(a->address, b->address) < 0.8)
			weight -= 0.7;
	}
	return weight;
}

bool household_person_stays(const struct household_member *at_family)
{
	return at_family->relation == RELATION_HEAD || at_family->relation == RELATION_HUSBAND ||
	       at_family->relation == RELATION_WIFE;
}

/* Prior: how often somebody in that role leaves a family between the two dates. */
static double prior_odds(const struct household_member *then, const struct household_member *now)
{
	int age = household_years(then->birth, now->day);
	double years = fabs((double)(now->day / 10000) - (double)(then->day / 10000) +
			    ((double)(now->day / 100 % 100) - (double)(then->day / 100 % 100)) / 12.0);
	double yearly = 0.004;

	if (household_person_stays(then))
		yearly = 0.002;
	else if (then->birth && age >= 17 && age <= 40)
		yearly = 0.03;
	else if (then->birth && age < 15)
		yearly = 0.001;
	return log(yearly * (years + 0.1));
}

static double role_weight(const struct household_member *then, const struct household_member *now)
{
	if (household_person_stays(then) || now->relation == RELATION_UNKNOWN)
		return 0;
	if (now->relation == RELATION_HEAD || now->relation == RELATION_WIFE || now->relation == RELATION_HUSBAND ||
		now->relation == RELATION_CHILD_IN_LAW)
		return 2.5; /* a child who is now somebody's spouse or a head */
	if (now->relation == then->relation)
		return -2.5;
	return 0;
}

double household_move_odds(const struct household_move *move)
{
	const struct household_member *then = move->at_family, *now = move->on_card;
	double odds = prior_odds(then, now) + role_weight(then, now);

	odds -= move->place;
	odds -= move->kk > 0 ? 6.0 : move->kk < 0 ? -2.0 : 0;
	odds += move->strangers ? 2.0 : 0;
	odds -= 3.0 * move->others;
	if (now->head_name.n && move->head_name.n)
		odds += household_names_alike(now->head_name, move->head_name) ? -4.0 : 2.0;
	return odds;
}
