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
		weight += 0.5;
	}
	if (a->rt && b->rt)
		weight += a->rt == b->rt ? 1.0 : -2.0; /* a new household often stands beside the old one */
	if (a->address.n && b->address.n) {
		if (str_equal(a->address, b->address))
			weight += 1.5;
		else if (jaro_winkler_similarity(a->address, b->address) < 0.85)
			weight -= 1.5;
	}
	return weight;
}

bool household_person_stays(const struct household_member *at_family)
{
	return at_family->relation == RELATION_HEAD || at_family->relation == RELATION_HUSBAND ||
	       at_family->relation == RELATION_WIFE;
}

bool household_person_may_leave(const struct household_member *at_family, uint32_t day)
{
	int age = household_years(at_family->birth, day);

	return !household_person_stays(at_family) && at_family->birth && age >= 17 && age <= 40;
}

static double prior_odds(const struct household_move *move)
{
	const struct household_member *then = move->at_family;
	double leaving = move->leaving;

	if (household_person_stays(then))
		leaving *= 0.05;
	else if (!household_person_may_leave(then, move->on_card->day))
		leaving *= then->birth && household_years(then->birth, move->on_card->day) < 15 ? 0.05 : 0.3;
	return log(leaving / (1 - leaving));
}

static bool is_spouse_or_head(uint8_t relation)
{
	return relation == RELATION_HEAD || relation == RELATION_WIFE || relation == RELATION_HUSBAND;
}

static double role_weight(const struct household_member *then, const struct household_member *now)
{
	if (household_person_stays(then) || now->relation == RELATION_UNKNOWN)
		return 0;
	if (is_spouse_or_head(now->relation))
		return 3.5; /* a child who is now somebody's spouse, or a head */
	if (now->relation == RELATION_CHILD_IN_LAW && then->relation != RELATION_CHILD_IN_LAW)
		return 3.5;
	if (now->relation == then->relation)
		return -2.5;
	return 0;
}

double household_move_odds(const struct household_move *move)
{
	static const double card[] = {[CARD_UNKNOWN] = 0, [CARD_ALIKE] = -6, [CARD_OTHER] = 2.5, [CARD_OTHER_BESIDE] = 4};
	double odds = prior_odds(move) + role_weight(move->at_family, move->on_card);

	odds += card[move->card] - move->place;
	odds += move->strangers ? 2.0 : 0;
	odds -= 2.0 * move->small + 1.0 * move->grown;
	odds += move->listed_beside ? 2.5 : 0; /* few families are listed twice */
	odds += move->gone_elsewhere ? 3.0 : 0;
	if (move->parent_named)
		odds -= 5.0;
	else if (move->other_named)
		odds += 1.5;
	return odds;
}
