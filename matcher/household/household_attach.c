/*
 * What speaks for a guest's neighbour, and how far it is believed. See household_attach.h.
 */
#include "matcher/household/household_attach.h"

#include "matcher/household/household_move.h"

#include <math.h>

#define NONE UINT32_MAX

static bool is_grown(const struct household_member *m)
{
	return !m->birth || household_years(m->birth, m->day) >= 17;
}

static bool is_named(const struct household_member *a, const struct household_member *b)
{
	if (household_names_alike(a->head_name, b->head_name))
		return true;
	return (is_grown(b) && household_names_alike(a->head_name, b->name)) ||
	       (is_grown(a) && household_names_alike(b->head_name, a->name));
}

/* A house's number stands at the end of a canonical address. */
static bool names_a_house(struct str address)
{
	return address.p[address.n - 1] >= '0' && address.p[address.n - 1] <= '9';
}

/*
 * Of two KK numbers a slip apart: other than cards that two neighbours fetched on one day, which differ in the serial. A
 * spreadsheet makes the last digit a 0.
 */
static bool is_slip_of_the_pen(uint64_t a, uint64_t b)
{
	if (a / 10000 != b / 10000 && a % 10000 == b % 10000)
		return true;
	return a / 10 == b / 10 && (a % 10 == 0) != (b % 10 == 0);
}

static unsigned evidence(const struct attach_row *guest, bool with_kk, const struct attach_row *row)
{
	const struct household_member *a = &guest->member, *b = &row->member;
	unsigned pattern = 0;

	if (a->address.n && str_equal(a->address, b->address))
		pattern |= names_a_house(a->address) ? ATTACH_ADDRESS | ATTACH_HOUSE : ATTACH_ADDRESS;
	if (a->list == b->list && fabs(guest->position - row->position) <= 1)
		pattern |= ATTACH_BESIDE;
	if (is_named(a, b))
		pattern |= ATTACH_NAMED;
	if (with_kk && household_kk_near(a->kk, b->kk))
		pattern |= is_slip_of_the_pen(a->kk, b->kk) ? ATTACH_KK | ATTACH_KK_ISSUE : ATTACH_KK;
	return pattern;
}

void attach_choose(const struct attach_row *guest, bool with_kk, bool other_person, const struct attach_row *rows,
	size_t n, struct attach_choice *ret)
{
	bool tie = false;

	*ret = (struct attach_choice){NONE, NONE, 0};
	/* the rows come household by household: what its rows say together is its pattern */
	for (size_t i = 0, j; i < n; i = j) {
		unsigned pattern = 0;
		uint32_t speaks = NONE;
		bool other_card = false;

		for (j = i; j < n && rows[j].household == rows[i].household; j++) {
			unsigned here;

			if (rows[j].entry == guest->entry || (other_person && rows[j].member.person == guest->member.person))
				continue;
			here = evidence(guest, with_kk, &rows[j]);
			other_card |= with_kk && guest->member.kk && rows[j].member.kk && !(here & ATTACH_KK);
			if (here && (speaks == NONE || here > pattern))
				speaks = (uint32_t)j;
			pattern |= here;
		}
		if (!pattern || (rows[i].household == guest->household && !other_person))
			continue;
		if (other_card && !(pattern & ATTACH_KK))
			continue;
		if (pattern > ret->pattern) {
			*ret = (struct attach_choice){rows[i].household, speaks, pattern};
			tie = false;
		} else if (pattern == ret->pattern) {
			tie = true;
		}
	}
	if (tie)
		ret->household = NONE;
}

void attach_believe(const struct attach_counts *counts, float precision[ATTACH_PATTERNS])
{
	for (unsigned p = 0; p < ATTACH_PATTERNS; p++) {
		/* the share of guests for whom it would speak if none had a family here, against those for whom it does */
		double chance = (counts->chance[p] + 1.0) / (counts->tried + 1.0);
		double seen = (double)counts->guests[p] / (counts->n_guests + 1.0);
		double family = seen > chance ? 1 - chance / seen : 0;
		double right = (counts->right[p] + 1.0) / (counts->right[p] + counts->wrong[p] + 2.0);

		if (p == ATTACH_KK)
			right = 0; /* cards that neighbours fetched on one day differ by a digit as well */
		else if (p & ATTACH_KK)
			right = 1; /* a covered KK can't be measured; by chance it was above */
		precision[p] = counts->guests[p] ? (float)(family * right) : 0;
	}
}
