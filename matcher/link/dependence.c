/* See dependence.h. */
#include "matcher/link/dependence.h"

#include "matcher/base/log2.h"

#include <stdlib.h>

#define CORRECTION_MIN -6.0
#define CORRECTION_MAX 1.0
#define INFORMATION_MIN 0.001 /* bits a pair of comparisons must share to be worth an edge */

/* Pairs of average expectation that every cell is taken to have seen besides: rare cells say nothing by being empty. */
enum { SMOOTHING = 5 };

int joint_counts_init(struct joint_counts *counts, size_t n)
{
	counts->n = n;
	counts->tables = calloc(n * (n + 1) / 2 + 1, sizeof *counts->tables);
	return counts->tables ? 0 : -1;
}

void joint_counts_release(struct joint_counts *counts)
{
	free(counts->tables);
	counts->tables = NULL;
}

void joint_counts_sum(struct joint_counts *to, const struct joint_counts *from)
{
	double *sum = (double *)to->tables;
	const double *add = (const double *)from->tables;

	for (size_t i = 0; i < to->n * (to->n - 1) / 2 * LEVELS_MAX * LEVELS_MAX; i++)
		sum[i] += add[i];
}

static joint_table *table_of(const struct joint_counts *counts, size_t c, size_t d)
{
	return &counts->tables[c * (c - 1) / 2 + d];
}

void joint_counts_add(struct joint_counts *counts, const uint8_t *levels, double weight)
{
	for (size_t c = 1; c < counts->n; c++) {
		joint_table *tables = &counts->tables[c * (c - 1) / 2];

		for (size_t d = 0; d < c && levels[c]; d++)
			tables[d][levels[c]][levels[d]] += weight;
	}
}

struct margins {
	double total, row[LEVELS_MAX], column[LEVELS_MAX];
};

static void sum_margins(joint_table *table, struct margins *margins)
{
	*margins = (struct margins){0};
	for (unsigned i = 1; i < LEVELS_MAX; i++) {
		for (unsigned j = 1; j < LEVELS_MAX; j++) {
			double n = (*table)[i][j];

			margins->total += n;
			margins->row[i] += n;
			margins->column[j] += n;
		}
	}
}

/* How much more often a cell is seen than independence says, log2, smoothed. */
static double excess(joint_table *table, const struct margins *margins, unsigned i, unsigned j)
{
	double expected = margins->total > 0 ? margins->row[i] * margins->column[j] / margins->total : 0;

	return log2_of(((*table)[i][j] + SMOOTHING) / (expected + SMOOTHING));
}

static double information(joint_table *table)
{
	struct margins margins;
	double sum = 0;

	sum_margins(table, &margins);
	for (unsigned i = 1; i < LEVELS_MAX; i++) {
		for (unsigned j = 1; j < LEVELS_MAX; j++) {
			if ((*table)[i][j] > 0)
				sum += (*table)[i][j] * excess(table, &margins, i, j);
		}
	}
	return margins.total > 0 ? sum / margins.total : 0;
}

static void learn_edge(struct fs_model *model, size_t parent, size_t child, const struct joint_counts *strangers,
	const struct joint_counts *matches)
{
	size_t high = parent > child ? parent : child, low = parent > child ? child : parent;
	joint_table *u = table_of(strangers, high, low), *m = table_of(matches, high, low);
	struct fs_comparison *comparison = &model->comparisons[child];
	struct margins mu, mm;

	sum_margins(u, &mu);
	sum_margins(m, &mm);
	comparison->parent = (int)parent;
	for (unsigned p = 1; p < model->comparisons[parent].n_levels; p++) {
		for (unsigned l = 1; l < comparison->n_levels; l++) {
			unsigned i = high == child ? l : p, j = high == child ? p : l;
			double bits = excess(m, &mm, i, j) - excess(u, &mu, i, j);

			bits = bits < CORRECTION_MIN ? CORRECTION_MIN : bits > CORRECTION_MAX ? CORRECTION_MAX : bits;
			comparison->correction[p][l] = (float)bits;
		}
	}
}

/* Prim's algorithm: the tree grows from the comparison most entangled with the others. */
void dependence_learn(struct fs_model *model, const struct joint_counts *strangers, const struct joint_counts *matches)
{
	size_t n = model->n, root = 0;
	double shared[COMPARISONS_MAX][COMPARISONS_MAX] = {{0}}, most = 0;
	bool in_tree[COMPARISONS_MAX] = {false};

	for (size_t c = 0; c < n; c++) {
		double sum = 0;

		model->comparisons[c].parent = -1;
		for (size_t d = 0; d < c; d++) {
			/* The NIK has a dependence of its own. */
			if (model->comparisons[c].kind != COMPARE_NIK && model->comparisons[d].kind != COMPARE_NIK)
				shared[c][d] = shared[d][c] = information(table_of(strangers, c, d));
		}
		for (size_t d = 0; d < c; d++)
			sum += shared[c][d];
		if (sum > most) {
			most = sum;
			root = c;
		}
	}
	for (size_t done = 0; done < n; done++) {
		size_t parent = n, child = n;
		double best = INFORMATION_MIN;

		in_tree[root] = true;
		for (size_t p = 0; p < n; p++) {
			for (size_t c = 0; in_tree[p] && c < n; c++) {
				if (!in_tree[c] && shared[p][c] > best) {
					best = shared[p][c];
					parent = p;
					child = c;
				}
			}
		}
		if (child < n) {
			learn_edge(model, parent, child, strangers, matches);
			root = child;
			continue;
		}
		/* Nothing hangs on this tree any more: the next one starts at a comparison that is in none. */
		for (root = 0; root < n && in_tree[root]; root++)
			;
		if (root == n)
			break;
	}
}

/* b's NIK with the birth date of a's, b's sex kept. */
static uint64_t with_date_of(uint64_t b, uint64_t a)
{
	const uint64_t date = UINT64_C(0x000000ffffff0000) & ~UINT64_C(0), day_tens = UINT64_C(0xf) << 36;
	uint64_t tens_a = a >> 36 & 15, tens_b = b >> 36 & 15, tens = tens_a % 4 + (tens_b >= 4 ? 4 : 0);

	b = (b & ~date & ~(UINT64_C(0xff) << 32)) | (a & date) | (a & UINT64_C(0xff) << 32);
	return (b & ~day_tens) | tens << 36;
}

void dependence_add_nik(const struct scorer *scorer, uint32_t a, uint32_t b, const uint8_t *levels, double weight,
	double counts[NIK_AREAS][NIK_LEVEL_COUNT])
{
	const struct store *store = scorer->store;
	uint64_t na, nb;

	if (store->nik < 0 || !levels[store->nik])
		return;
	na = store_value(store, (size_t)store->nik, a)->number;
	nb = store_value(store, (size_t)store->nik, b)->number;
	if (na && nb)
		counts[scorer_nik_area(store, levels)][comparison_nik_level(na, with_date_of(nb, na))] += weight;
}

void dependence_learn_nik(struct fs_model *model, const struct store *store, double counts[NIK_AREAS][NIK_LEVEL_COUNT])
{
	memset(model->nik_on_birthday, 0, sizeof model->nik_on_birthday);
	if (store->nik < 0)
		return;
	for (unsigned area = 0; area < NIK_AREAS; area++) {
		double total = 0;

		for (unsigned l = 1; l < NIK_LEVEL_COUNT; l++)
			total += counts[area][l];
		/* No two people have one NIK (level exact), however near their numbers are. */
		for (unsigned l = DIGITS_EQUAL + 1; l < NIK_LEVEL_COUNT && total > 0; l++) {
			double u = (counts[area][l] + 1) / (total + 100);

			model->nik_on_birthday[area][l] = (float)log2_of(u < 1 ? u : 1);
		}
	}
}
