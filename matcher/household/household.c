/*
 * The order in which a component is decided: human decisions, families of the target lists, the same family in two
 * target lists, cards that one family surely owns, cards and rows in question, persons whom nothing else has joined.
 */
#include "matcher/household/household.h"

#include "matcher/household/household_move.h"
#include "matcher/normalise/entry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

enum { DOUBTS_PER_MEMBER = 2 };

/* How sure a join is by what it rests on alone; links in question get their own odds. */
#define SURE_BY_CARD 0.995f
#define SURE_BY_PERSON 0.99f

const struct household_settings household_settings_default = {0.01};

struct work {
	const struct household_settings *settings;
	const struct household_member *m;
	uint32_t n;
	const struct household_decision *decisions;
	size_t n_decisions;
	uint32_t *parent;
	uint64_t *targets;   /* of a root: the target lists it holds a family of, one bit each */
	uint32_t *by_person; /* members ordered by person, then day and index */
	uint32_t *by_card;   /* programme and target members with a KK, ordered by KK, village, index */
	uint32_t n_by_card;
	uint32_t *by_root;   /* members ordered by root, as it was after the sure cards; with the next two */
	uint32_t *root_begin;
	uint32_t *home;      /* the person's row on the newest target list, or NONE */
	bool *moved;         /* this row speaks of another household than its person's family */
	float *certainty;
	struct household_doubt *doubts;
	size_t n_doubts;
	uint32_t may_leave, have_left;
};

static uint32_t find(struct work *w, uint32_t i)
{
	while (w->parent[i] != i) {
		w->parent[i] = w->parent[w->parent[i]];
		i = w->parent[i];
	}
	return i;
}

static void join(struct work *w, uint32_t a, uint32_t b)
{
	a = find(w, a), b = find(w, b);
	if (a == b)
		return;
	if (b < a) {
		uint32_t t = a;

		a = b, b = t;
	}
	w->parent[b] = a;
	w->targets[a] |= w->targets[b];
}

/* Whether a person said that something of a's household and something of b's are not one. */
static bool forbidden(struct work *w, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < w->n_decisions; i++) {
		uint32_t x, y;

		if (w->decisions[i].same)
			continue;
		x = find(w, w->decisions[i].a), y = find(w, w->decisions[i].b);
		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

/* Joins unless two families of one target list would become one, or a person forbids it. */
static bool try_join(struct work *w, uint32_t a, uint32_t b)
{
	a = find(w, a), b = find(w, b);
	if (a == b)
		return true;
	if ((w->targets[a] & w->targets[b]) || forbidden(w, a, b))
		return false;
	join(w, a, b);
	return true;
}

static void doubt(struct work *w, uint32_t a, uint32_t b, double probability)
{
	if (probability < 0.02 || w->n_doubts == (size_t)w->n * DOUBTS_PER_MEMBER)
		return;
	w->doubts[w->n_doubts++] = (struct household_doubt){a, b, (float)probability};
}

static void make_sure(struct work *w, uint32_t i, float certainty)
{
	if (w->certainty[i] > certainty)
		w->certainty[i] = certainty;
}

static double probability(double odds)
{
	return 1 / (1 + exp(-odds));
}

static int by_person_order(const void *pa, const void *pb, void *arg)
{
	const struct household_member *m = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (m[a].person != m[b].person)
		return m[a].person < m[b].person ? -1 : 1;
	if (m[a].day != m[b].day)
		return m[a].day < m[b].day ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_card_order(const void *pa, const void *pb, void *arg)
{
	const struct household_member *m = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (m[a].kk != m[b].kk)
		return m[a].kk < m[b].kk ? -1 : 1;
	if (m[a].village != m[b].village)
		return m[a].village < m[b].village ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_family_order(const void *pa, const void *pb, void *arg)
{
	const struct household_member *m = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (m[a].list != m[b].list)
		return m[a].list < m[b].list ? -1 : 1;
	if (m[a].family != m[b].family)
		return m[a].family < m[b].family ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_root_order(const void *pa, const void *pb, void *arg)
{
	const uint32_t *root = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (root[a] != root[b])
		return root[a] < root[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int work_init(struct work *w, struct arena *arena, struct error *err)
{
	uint32_t n = w->n;

	w->parent = arena_array(arena, n, sizeof(*w->parent));
	w->targets = arena_array(arena, n, sizeof(*w->targets));
	w->by_person = arena_array(arena, n, sizeof(*w->by_person));
	w->by_card = arena_array(arena, n, sizeof(*w->by_card));
	w->by_root = arena_array(arena, n, sizeof(*w->by_root));
	w->root_begin = arena_array(arena, n + 1, sizeof(*w->root_begin));
	w->home = arena_array(arena, n, sizeof(*w->home));
	w->moved = arena_array(arena, n, sizeof(*w->moved));
	w->certainty = arena_array(arena, n, sizeof(*w->certainty));
	w->doubts = arena_array(arena, (size_t)n * DOUBTS_PER_MEMBER, sizeof(*w->doubts));
	if (!w->parent || !w->targets || !w->by_person || !w->by_card || !w->by_root || !w->root_begin || !w->home ||
		!w->moved || !w->certainty || !w->doubts)
		return error_memory(err);
	for (uint32_t i = 0; i < n; i++) {
		w->parent[i] = i;
		w->certainty[i] = 1;
		w->home[i] = NONE;
		w->by_person[i] = i;
		if (w->m[i].target)
			w->targets[i] = UINT64_C(1) << (w->m[i].target & 63);
		if (w->m[i].kk)
			w->by_card[w->n_by_card++] = i;
	}
	qsort_r(w->by_person, n, sizeof(*w->by_person), by_person_order, (void *)w->m);
	qsort_r(w->by_card, w->n_by_card, sizeof(*w->by_card), by_card_order, (void *)w->m);
	return 0;
}

/* Rows of a target list with the same family id are one family: the list's own word. */
static void join_families(struct work *w)
{
	uint32_t *order = w->by_root; /* free until the sure cards are decided */
	uint32_t k = 0;

	for (uint32_t i = 0; i < w->n; i++)
		if (w->m[i].target && w->m[i].family)
			order[k++] = i;
	qsort_r(order, k, sizeof(*order), by_family_order, (void *)w->m);
	for (uint32_t i = 1; i < k; i++) {
		const struct household_member *a = &w->m[order[i - 1]], *b = &w->m[order[i]];

		if (a->list == b->list && a->family == b->family && !forbidden(w, find(w, order[i - 1]), find(w, order[i])))
			join(w, order[i - 1], order[i]);
	}
}

/* Target rows without a family id: the KK is the list's word for the family. */
static void join_target_cards(struct work *w)
{
	for (uint32_t i = 0; i < w->n_by_card; i++) {
		uint32_t a = w->by_card[i];

		if (!w->m[a].target || w->m[a].family)
			continue;
		for (uint32_t j = i + 1; j < w->n_by_card && w->m[w->by_card[j]].kk == w->m[a].kk; j++) {
			uint32_t b = w->by_card[j];

			if (w->m[b].list != w->m[a].list || w->m[b].family || w->m[b].village != w->m[a].village)
				continue;
			if (!forbidden(w, find(w, a), find(w, b)))
				join(w, a, b);
			break;
		}
	}
}

static uint32_t root_size(struct work *w, uint32_t root)
{
	uint32_t size = 0;

	for (uint32_t i = 0; i < w->n; i++)
		size += find(w, i) == root;
	return size;
}

/* A family in two target lists: it is the same if half of the smaller one's people stand in both, or id and a person. */
static void join_versions(struct work *w)
{
	const struct household_member *m = w->m;

	for (uint32_t i = 0; i < w->n; i++) {
		for (uint32_t j = i + 1; j < w->n && m[w->by_person[j]].person == m[w->by_person[i]].person; j++) {
			uint32_t a = w->by_person[i], b = w->by_person[j], ra = find(w, a), rb = find(w, b), shared = 0, least;

			if (!m[a].target || !m[b].target || m[a].list == m[b].list || ra == rb)
				continue;
			for (uint32_t x = 0; x < w->n; x++) { /* persons of ra who also stand in rb */
				for (uint32_t y = x + 1; y < w->n && m[w->by_person[y]].person == m[w->by_person[x]].person; y++) {
					uint32_t rx = find(w, w->by_person[x]), ry = find(w, w->by_person[y]);

					if ((rx == ra && ry == rb) || (rx == rb && ry == ra)) {
						shared++;
						break;
					}
				}
			}
			least = root_size(w, ra) < root_size(w, rb) ? root_size(w, ra) : root_size(w, rb);
			if (2 * shared >= least || (m[a].family && m[a].family == m[b].family))
				try_join(w, a, b);
		}
	}
}

/* The newest target list on which each row's person stands says where the person is at home. */
static void find_homes(struct work *w)
{
	for (uint32_t i = 0, j; i < w->n; i = j) {
		uint32_t home = NONE;

		for (j = i; j < w->n && w->m[w->by_person[j]].person == w->m[w->by_person[i]].person; j++)
			if (w->m[w->by_person[j]].target)
				home = w->by_person[j]; /* ascending by day */
		for (uint32_t k = i; k < j; k++)
			w->home[w->by_person[k]] = home;
	}
}

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

		if (w->home[row] == NONE || find(w, w->home[row]) != root)
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
		root = find(w, w->home[row]);
		if (root == card->owner)
			continue;
		votes = card_votes(w, card, root, &sure);
		if (votes > best || (votes == best && root < card->owner))
			best = votes, card->sure = sure, card->owner = root;
	}
}

/* Rows of a KK in each village; those without a village go with the village that most rows name. */
static int each_card(struct work *w, uint32_t *scratch, void (*visit)(struct work *w, struct card *card))
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
	return 0;
}

/* First round: cards that surely belong to a family, or to no family at all. */
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
			if (i && try_join(w, card->row[0], row))
				make_sure(w, row, SURE_BY_CARD);
		} else if (w->home[row] == NONE || find(w, w->home[row]) == card->owner) {
			if (try_join(w, card->owner, row))
				make_sure(w, row, SURE_BY_CARD);
			card->owner = find(w, card->owner);
		}
	}
}

static void order_by_root(struct work *w)
{
	uint32_t *root = w->root_begin; /* first as scratch: the root of each member */

	for (uint32_t i = 0; i < w->n; i++) {
		root[i] = find(w, i);
		w->by_root[i] = i;
	}
	qsort_r(w->by_root, w->n, sizeof(*w->by_root), by_root_order, root);
	/* then: where in by_root the rows of a member's root begin, kept at the member itself */
	for (uint32_t i = 0, begin = 0; i < w->n; i++) {
		uint32_t row = w->by_root[i];

		if (i && find(w, w->by_root[i - 1]) != find(w, row))
			begin = i;
		root[row] = begin;
	}
}

static bool is_parent_at_home(const struct household_member *m)
{
	return m->target && household_person_stays(m);
}

/* What the family's rows say about its place and cards, as of the sure cards. */
static void look_at_family(struct work *w, uint32_t row, struct household_move *move)
{
	const struct household_member *m = w->m;
	uint32_t home = w->home[row], root = find(w, home);
	bool alike = false, other_card = false, beside = false;

	*move = (struct household_move){.at_family = &m[home], .on_card = &m[row], .place = -HUGE_VAL,
		.leaving = w->settings->leaving};
	for (uint32_t i = w->root_begin[home]; i < w->n && find(w, w->by_root[i]) == root; i++) {
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
	uint32_t root = find(w, w->home[row]);

	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t other = card->row[i];
		const struct household_member *m = &w->m[other];

		if (m->person == w->m[row].person || m->target)
			continue;
		if (w->home[other] == NONE || find(w, w->home[other]) != root)
			move->strangers += adult(m);
		else if (w->m[w->home[other]].relation == RELATION_CHILD && household_years(m->birth, m->day) < 17)
			move->small++;
		else if (w->m[w->home[other]].relation == RELATION_CHILD)
			move->grown++;
	}
}

/* How often grown children stand on another card at another place: what household_settings.leaving is measured by. */
static void count_leavers(struct work *w)
{
	for (uint32_t row = 0; row < w->n; row++) {
		struct household_move move;

		if (w->m[row].target || !w->m[row].kk || w->home[row] == NONE ||
			!household_person_may_leave(&w->m[w->home[row]], w->m[row].day))
			continue;
		look_at_family(w, row, &move);
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

	look_at_family(w, row, &move);
	look_at_company(w, row, card, &move);
	odds = household_move_odds(&move) + 6.0; /* a slip seldom gives just the number of a family one is related to */
	for (uint32_t i = 0; i < card->n; i++)
		if (card->row[i] != row && w->m[card->row[i]].person != w->m[row].person) {
			odds += household_place_weight(&w->m[row], &w->m[card->row[i]]);
			break;
		}
	w->moved[row] = odds > 0;
	if (try_join(w, odds > 0 ? card->owner : w->home[row], row))
		make_sure(w, row, (float)probability(fabs(odds)));
	doubt(w, row, odds > 0 ? w->home[row] : card->owner, probability(-fabs(odds)));
	card->owner = find(w, card->owner);
}

/* Who of the family is asked about first: whoever is most likely to have a card of their own. */
static uint32_t spokesperson(struct work *w, const struct card *card)
{
	uint32_t best = NONE;
	int best_rank = -1;

	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];
		int rank;

		if (w->home[row] == NONE || find(w, w->home[row]) != card->owner)
			continue;
		rank = 2 * household_person_may_leave(&w->m[w->home[row]], w->m[row].day) +
		       (w->m[row].relation == RELATION_HEAD || w->m[row].relation == RELATION_WIFE);
		if (rank > best_rank)
			best = row, best_rank = rank;
	}
	return best;
}

/* Second round: cards of one person who may have left, and rows of other families on a sure card. */
static void decide_card(struct work *w, struct card *card)
{
	struct household_move move;
	double odds;

	card_judge(w, card);
	if (card->owner == NONE)
		return;
	if (!card->sure) {
		uint32_t asked = spokesperson(w, card);

		look_at_family(w, asked, &move);
		look_at_company(w, asked, card, &move);
		odds = household_move_odds(&move);
		for (uint32_t i = 0; i < card->n; i++) {
			uint32_t row = card->row[i];

			if (w->home[row] != NONE && find(w, w->home[row]) != card->owner)
				continue; /* another family's; asked below */
			if (odds > 0) {
				w->moved[row] = w->home[row] != NONE;
				if (row != asked)
					try_join(w, asked, row);
			} else if (try_join(w, card->owner, row)) {
				card->owner = find(w, card->owner);
			}
			make_sure(w, row, (float)probability(fabs(odds)));
		}
		doubt(w, asked, w->home[asked], odds > 0 ? probability(-odds) : 0);
		if (odds > 0)
			card->owner = find(w, asked);
	}
	for (uint32_t i = 0; i < card->n; i++) {
		uint32_t row = card->row[i];

		if (!w->m[row].target && w->home[row] != NONE && !w->moved[row] && find(w, w->home[row]) != card->owner)
			decide_contested_row(w, card, row);
	}
}

/* The person's row nearest in place that has left the family, or NONE. */
static uint32_t row_that_left(const struct work *w, uint32_t at, uint32_t row)
{
	uint32_t best = NONE;
	double best_place = -HUGE_VAL;

	while (at && w->m[w->by_person[at - 1]].person == w->m[row].person)
		at--;
	for (; at < w->n && w->m[w->by_person[at]].person == w->m[row].person; at++) {
		uint32_t other = w->by_person[at];
		double place = household_place_weight(&w->m[row], &w->m[other]);

		if (w->moved[other] && other != row && place > best_place)
			best = other, best_place = place;
	}
	return best;
}

/* Rows without a usable KK go with their person's family unless the person has left, or with where the person went. */
static void join_cardless_rows(struct work *w)
{
	for (uint32_t at = 0; at < w->n; at++) {
		uint32_t row = w->by_person[at], left;
		struct household_move move;
		double odds;

		if (w->m[row].target || w->m[row].kk || w->home[row] == NONE || find(w, row) == find(w, w->home[row]))
			continue;
		left = row_that_left(w, at, row);
		look_at_family(w, row, &move);
		move.gone_elsewhere = left != NONE;
		odds = household_move_odds(&move);
		if (left != NONE)
			odds += household_place_weight(&w->m[row], &w->m[left]);
		w->moved[row] = odds > 0;
		make_sure(w, row, (float)probability(fabs(odds)));
		if (odds > 0)
			doubt(w, row, w->home[row], probability(-odds));
		if (odds <= 0)
			try_join(w, w->home[row], row);
		else if (left != NONE)
			try_join(w, left, row);
	}
}

/* A person's rows that nothing has joined so far: a card reissued, a KK missing in one list. */
static void join_persons(struct work *w)
{
	const struct household_member *m = w->m;

	for (uint32_t i = 0; i < w->n; i++) {
		for (uint32_t j = i + 1; j < w->n && m[w->by_person[j]].person == m[w->by_person[i]].person; j++) {
			uint32_t a = w->by_person[i], b = w->by_person[j];
			double place;

			if (find(w, a) == find(w, b))
				continue;
			if (w->moved[a] != w->moved[b])
				continue; /* one before the move, one after it */
			place = household_place_weight(&m[a], &m[b]);
			if (place < -3 && m[a].kk && m[b].kk && !household_kk_near(m[a].kk, m[b].kk) &&
				w->targets[find(w, a)] != 0 && w->targets[find(w, b)] != 0) {
				doubt(w, a, b, 0.3);
				continue;
			}
			if (try_join(w, a, b)) {
				make_sure(w, a, SURE_BY_PERSON);
				make_sure(w, b, SURE_BY_PERSON);
			} else {
				doubt(w, a, b, 0.1);
			}
		}
	}
}

static int decide_work(struct work *w, struct arena *arena, struct error *err)
{
	uint32_t *scratch = arena_array(arena, w->n, sizeof(*scratch));

	if (!scratch || work_init(w, arena, err) < 0)
		return error_memory(err);
	for (size_t i = 0; i < w->n_decisions; i++)
		if (w->decisions[i].same)
			join(w, w->decisions[i].a, w->decisions[i].b);
	join_families(w);
	join_target_cards(w);
	join_versions(w);
	find_homes(w);
	each_card(w, scratch, join_sure_card);
	order_by_root(w);
	count_leavers(w);
	each_card(w, scratch, decide_card);
	join_cardless_rows(w);
	join_persons(w);
	return 0;
}

int household_decide(const struct household_settings *settings, const struct household_member *members, size_t n,
	const struct household_decision *decisions, size_t n_decisions, struct arena *arena, struct household_result *ret,
	struct error *err)
{
	struct work w = {.settings = settings, .m = members, .n = (uint32_t)n, .decisions = decisions, .n_decisions = n_decisions};

	if (decide_work(&w, arena, err) < 0)
		return -1;
	for (uint32_t i = 0; i < w.n; i++)
		w.by_root[i] = find(&w, i);
	*ret = (struct household_result){w.by_root, w.certainty, w.doubts, w.n_doubts, w.may_leave, w.have_left};
	return 0;
}
