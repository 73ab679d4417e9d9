/*
 * The order in which a component is decided: human decisions, families of the target lists, the same family in two
 * target lists, cards that one family surely owns, cards and rows in question, persons whom nothing else has joined.
 */
#include "matcher/household/household.h"

#include "matcher/household/household_work.h"
#include "matcher/normalise/entry.h"

#include <stdlib.h>
#include <string.h>

enum { DOUBTS_PER_MEMBER = 2 };

const struct household_settings household_settings_default = {0.01};

uint32_t work_find(struct work *w, uint32_t i)
{
	while (w->parent[i] != i) {
		w->parent[i] = w->parent[w->parent[i]];
		i = w->parent[i];
	}
	return i;
}

static void join(struct work *w, uint32_t a, uint32_t b)
{
	a = work_find(w, a), b = work_find(w, b);
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
		x = work_find(w, w->decisions[i].a), y = work_find(w, w->decisions[i].b);
		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

bool work_try_join(struct work *w, uint32_t a, uint32_t b)
{
	a = work_find(w, a), b = work_find(w, b);
	if (a == b)
		return true;
	if ((w->targets[a] & w->targets[b]) || forbidden(w, a, b))
		return false;
	join(w, a, b);
	return true;
}

void work_doubt(struct work *w, uint32_t a, uint32_t b, double probability)
{
	if (probability < 0.02 || w->n_doubts == (size_t)w->n * DOUBTS_PER_MEMBER)
		return;
	w->doubts[w->n_doubts++] = (struct household_doubt){a, b, (float)probability};
}

void work_make_sure(struct work *w, uint32_t i, float certainty)
{
	if (w->certainty[i] > certainty)
		w->certainty[i] = certainty;
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

		if (a->list == b->list && a->family == b->family && !forbidden(w, work_find(w, order[i - 1]), work_find(w, order[i])))
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
			if (!forbidden(w, work_find(w, a), work_find(w, b)))
				join(w, a, b);
			break;
		}
	}
}

static uint32_t root_size(struct work *w, uint32_t root)
{
	uint32_t size = 0;

	for (uint32_t i = 0; i < w->n; i++)
		size += work_find(w, i) == root;
	return size;
}

/* A family in two target lists: it is the same if half of the smaller one's people stand in both, or id and a person. */
static void join_versions(struct work *w)
{
	const struct household_member *m = w->m;

	for (uint32_t i = 0; i < w->n; i++) {
		for (uint32_t j = i + 1; j < w->n && m[w->by_person[j]].person == m[w->by_person[i]].person; j++) {
			uint32_t a = w->by_person[i], b = w->by_person[j], ra = work_find(w, a), rb = work_find(w, b), shared = 0, least;

			if (!m[a].target || !m[b].target || m[a].list == m[b].list || ra == rb)
				continue;
			for (uint32_t x = 0; x < w->n; x++) { /* persons of ra who also stand in rb */
				for (uint32_t y = x + 1; y < w->n && m[w->by_person[y]].person == m[w->by_person[x]].person; y++) {
					uint32_t rx = work_find(w, w->by_person[x]), ry = work_find(w, w->by_person[y]);

					if ((rx == ra && ry == rb) || (rx == rb && ry == ra)) {
						shared++;
						break;
					}
				}
			}
			least = root_size(w, ra) < root_size(w, rb) ? root_size(w, ra) : root_size(w, rb);
			if (2 * shared >= least || (m[a].family && m[a].family == m[b].family))
				work_try_join(w, a, b);
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

		if (w->m[row].target || w->m[row].kk || w->home[row] == NONE || work_find(w, row) == work_find(w, w->home[row]))
			continue;
		left = row_that_left(w, at, row);
		work_look_at_family(w, row, &move);
		move.gone_elsewhere = left != NONE;
		odds = household_move_odds(&move);
		if (left != NONE)
			odds += household_place_weight(&w->m[row], &w->m[left]);
		w->moved[row] = odds > 0;
		work_make_sure(w, row, (float)household_probability(fabs(odds)));
		if (odds > 0)
			work_doubt(w, row, w->home[row], household_probability(-odds));
		if (odds <= 0)
			work_try_join(w, w->home[row], row);
		else if (left != NONE)
			work_try_join(w, left, row);
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

			if (work_find(w, a) == work_find(w, b))
				continue;
			if (w->moved[a] != w->moved[b])
				continue; /* one before the move, one after it */
			place = household_place_weight(&m[a], &m[b]);
			if (place < -3 && m[a].kk && m[b].kk && !household_kk_near(m[a].kk, m[b].kk) &&
				w->targets[work_find(w, a)] != 0 && w->targets[work_find(w, b)] != 0) {
				work_doubt(w, a, b, 0.3);
				continue;
			}
			if (work_try_join(w, a, b)) {
				work_make_sure(w, a, SURE_BY_PERSON);
				work_make_sure(w, b, SURE_BY_PERSON);
			} else {
				work_doubt(w, a, b, 0.1);
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
	work_join_sure_cards(w, scratch);
	work_count_leavers(w);
	work_decide_cards(w, scratch);
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
		w.by_root[i] = work_find(&w, i);
	*ret = (struct household_result){w.by_root, w.certainty, w.doubts, w.n_doubts, w.may_leave, w.have_left};
	return 0;
}
