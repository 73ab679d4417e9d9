/*
 * Cards: whose family a KK number in a village speaks of, and what becomes of rows on it that belong elsewhere. See household.h
 * for the order of belief; called by household.c.
 */
#include "matcher/household/household_work.h"

#include "matcher/normalise/entry.h"

#include <stdlib.h>
#include <string.h>

/* One card: rows with one KK in one village (and those of unknown village). */
struct card {
	const uint32_t *row;
	uint32_t n;
	uint32_t owner; /* root of the family that most of it speaks for, or NONE */
	bool sure;      /* the family's head or spouse, or the target list's own KK say so */
};

static bool adult(const struct household_member *m)
{
	return !m->birth || household_years(m->birth, m->day) >= 15;
}

/* Counts each person of the family on the card once. */
static uint32_t card_votes(struct work *w, const struct card *card, uint32_t root, bool *ret_sure)
{
	uint32_t votes = 0;

	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];
		bool again = false;

		if (w->home[row] == NONE || work_find(w, w->home[row]) != root)
			continue;
		for (uint32_t k = 0; k < i && !again; k++)
			again = w->m[card->row[k]].person == w->m[row].person && w->home[card->row[k]] != NONE;
		if (w->m[row].target)
			votes += 4;
		*ret_sure |= w->m[row].target || household_person_stays(&w->m[w->home[row]]);
		if (!again)
			votes += household_person_stays(&w->m[w->home[row]]) ? 3 : adult(&w->m[row]) ? 1 : 2;
	}
	return votes;
}

static void card_judge(struct work *w, struct card *card)
{
	uint32_t best = 0;

	card->owner = NONE;
	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i], root, votes;
		bool sure = false;

		if (w->home[row] == NONE)
			continue;
		root = work_find(w, w->home[row]);
		if (root == card->owner)
			continue;
		votes = card_votes(w, card, root, &sure);
		if (votes > best || (votes == best && root < card->owner))
			best = votes, card->sure = sure, card->owner = root;
	}
}

/* Rows of a KK in each village; those without a village go with the village that most rows name. */
static void each_card(struct work *w, uint32_t *scratch, void (*visit)(struct work *w, struct card *card))
{
	for (uint32_t i = 0, j; i < w->n_by_card; i = j) {
		uint32_t unknown = 0, biggest = 0, size = 0;

		for (j = i; j < w->n_by_card && w->m[w->by_card[j]].kk == w->m[w->by_card[i]].kk; j++)
			unknown += w->m[w->by_card[j]].village == 0;
		for (uint32_t a = i + unknown, b; a < j; a = b) {
			for (b = a; b < j && w->m[w->by_card[b]].village == w->m[w->by_card[a]].village; b++)
				;
			if (b - a > size)
				size = b - a, biggest = a;
		}
		if (!size) {
			visit(w, &(struct card){w->by_card + i, j - i, NONE, false});
			continue;
		}
		for (uint32_t a = i + unknown, b; a < j; a = b) {
			struct card card = {w->by_card + a, 0, NONE, false};

			for (b = a; b < j && w->m[w->by_card[b]].village == w->m[w->by_card[a]].village; b++)
				;
			card.n = b - a;
			if (a == biggest && unknown) {
				memcpy(scratch, w->by_card + i, unknown * sizeof(*scratch));
				memcpy(scratch + unknown, w->by_card + a, card.n * sizeof(*scratch));
				card.row = scratch;
				card.n += unknown;
			}
			visit(w, &card);
		}
	}
}

static void join_sure_card(struct work *w, struct card *card)
{
	card_judge(w, card);
	if (card->owner != NONE && !card->sure)
		return;
	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];

		if (w->m[row].target)
			continue;
		if (card->owner == NONE) {
			if (i && work_try_join(w, card->row[0], row))
				work_make_sure(w, row, SURE_BY_CARD);
		} else if (w->home[row] == NONE || work_find(w, w->home[row]) == card->owner) {
			if (work_try_join(w, card->owner, row))
				work_make_sure(w, row, SURE_BY_CARD);
			card->owner = work_find(w, card->owner);
		}
	}
}

static int by_root_order(const void *pa, const void *pb, void *arg)
{
	const uint32_t *root = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (root[a] != root[b])
		return root[a] < root[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

static void order_by_root(struct work *w)
{
	uint32_t *root = w->root_begin; /* first as scratch: the root of each member */

	for (uint32_t i = 0; i < w->n; i++) {
		root[i] = work_find(w, i);
		w->by_root[i] = i;
	}
	qsort_r(w->by_root, w->n, sizeof(*w->by_root), by_root_order, root);
	/* then: where in by_root the rows of a member's root begin, kept at the member itself */
	for (uint32_t i = 0, begin = 0; i < w->n; i++) {
		uint32_t row = w->by_root[i];

		if (i && work_find(w, w->by_root[i - 1]) != work_find(w, row))
			begin = i;
		root[row] = begin;
	}
}

void work_join_sure_cards(struct work *w, uint32_t *scratch)
{
	each_card(w, scratch, join_sure_card);
	order_by_root(w);
}

static bool is_parent_at_home(const struct household_member *m)
{
	return m->target && household_person_stays(m);
}

void work_look_at_family(struct work *w, uint32_t row, struct household_move *move)
{
	const struct household_member *m = w->m;
	uint32_t home = w->home[row], root = work_find(w, home);
	bool alike = false, other_card = false, beside = false;

	*move = (struct household_move){.at_family = &m[home], .on_card = &m[row], .place = -HUGE_VAL,
		.leaving = w->settings->leaving};
	for (uint32_t i = w->root_begin[home]; i < w->n && work_find(w, w->by_root[i]) == root; i++) {
		const struct household_member *other = &m[w->by_root[i]];

		if (w->by_root[i] != row)
			move->place = fmax(move->place, household_place_weight(&m[row], other));
		if (is_parent_at_home(other) && m[row].head_name.n) {
			move->parent_named |= household_names_alike(other->name, m[row].head_name);
			move->other_named = true;
		}
		move->listed_beside |= m[row].one_each && other->list == m[row].list && other->person != m[row].person;
		if (w->by_root[i] == row || (other->person == m[row].person && !other->target) || !other->kk)
			continue;
		alike |= household_kk_near(other->kk, m[row].kk);
		other_card = true;
		beside |= other->list == m[row].list;
	}
	if (move->place == -HUGE_VAL)
		move->place = 0;
	if (m[row].kk && other_card)
		move->card = alike ? CARD_ALIKE : beside ? CARD_OTHER_BESIDE : CARD_OTHER;
}

/* Who else stands on the card. */
static void look_at_company(struct work *w, uint32_t row, const struct card *card, struct household_move *move)
{
	uint32_t root = work_find(w, w->home[row]);

	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t other = card->row[i];
		const struct household_member *m = &w->m[other];

		if (m->person == w->m[row].person || m->target)
			continue;
		if (w->home[other] == NONE || work_find(w, w->home[other]) != root)
			move->strangers += adult(m);
		else if (w->m[w->home[other]].relation == RELATION_CHILD && household_years(m->birth, m->day) < 17)
			move->small++;
		else if (w->m[w->home[other]].relation == RELATION_CHILD)
			move->grown++;
	}
}

void work_count_leavers(struct work *w)
{
	for (uint32_t row = 0; row < w->n; row++) {
		struct household_move move;

		if (w->m[row].target || !w->m[row].kk || w->home[row] == NONE ||
			!household_person_may_leave(&w->m[w->home[row]], w->m[row].day))
			continue;
		work_look_at_family(w, row, &move);
		if (move.card == CARD_UNKNOWN)
			continue;
		w->may_leave++;
		w->have_left += move.card != CARD_ALIKE && move.place < 0.75; /* another RT, or another address in it */
	}
}

/* A row on somebody else's card: did its person move there, or is the number wrong? */
static void decide_contested_row(struct work *w, struct card *card, uint32_t row)
{
	struct household_move move;
	double odds;

	work_look_at_family(w, row, &move);
	look_at_company(w, row, card, &move);
	odds = household_move_odds(&move) + 6.0; /* a slip seldom gives just the number of a family one is related to */
	for (uint32_t i = 0; i < card->n; i++)
		if (card->row[i] != row && w->m[card->row[i]].person != w->m[row].person) {
			odds += household_place_weight(&w->m[row], &w->m[card->row[i]]);
			break;
		}
	w->moved[row] = odds > 0;
	if (work_try_join(w, odds > 0 ? card->owner : w->home[row], row))
		work_make_sure(w, row, (float)household_probability(fabs(odds)));
	work_doubt(w, row, odds > 0 ? w->home[row] : card->owner, household_probability(-fabs(odds)));
	card->owner = work_find(w, card->owner);
}

/* Who of the family is asked about first: whoever is most likely to have a card of their own. */
static uint32_t spokesperson(struct work *w, const struct card *card)
{
	uint32_t best = NONE;
	int best_rank = -1;

	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];
		int rank;

		if (w->home[row] == NONE || work_find(w, w->home[row]) != card->owner)
			continue;
		rank = 2 * household_person_may_leave(&w->m[w->home[row]], w->m[row].day) +
		       (w->m[row].relation == RELATION_HEAD || w->m[row].relation == RELATION_WIFE);
		if (rank > best_rank)
			best = row, best_rank = rank;
	}
	return best;
}

static void decide_card(struct work *w, struct card *card)
{
	struct household_move move;
	double odds;

	card_judge(w, card);
	if (card->owner == NONE)
		return;
	if (!card->sure) {
		uint32_t asked = spokesperson(w, card);

		work_look_at_family(w, asked, &move);
		look_at_company(w, asked, card, &move);
		odds = household_move_odds(&move);
		for (uint32_t i = 0; i < card->n; i++) {
			uint32_t row = card->row[i];

			if (w->home[row] != NONE && work_find(w, w->home[row]) != card->owner)
				continue; /* another family's; asked below */
			if (odds > 0) {
				w->moved[row] = w->home[row] != NONE;
				if (row != asked)
					work_try_join(w, asked, row);
			} else if (work_try_join(w, card->owner, row)) {
				card->owner = work_find(w, card->owner);
			}
			work_make_sure(w, row, (float)household_probability(fabs(odds)));
		}
		work_doubt(w, asked, w->home[asked], odds > 0 ? household_probability(-odds) : 0);
		if (odds > 0)
			card->owner = work_find(w, asked);
	}
	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];

		if (!w->m[row].target && w->home[row] != NONE && !w->moved[row] && work_find(w, w->home[row]) != card->owner)
			decide_contested_row(w, card, row);
	}
}

void work_decide_cards(struct work *w, uint32_t *scratch)
{
	each_card(w, scratch, decide_card);
}
