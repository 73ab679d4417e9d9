/* See clusters_slow.h. */
#include "tests/reference/clusters_slow.h"

#include "matcher/base/log2.h"

#include <math.h>
#include <string.h>

#define NEARLY 1e-3 /* sums in another order */

/* What two records say by class against strangers, in bits, as each block of dependent comparisons tells it. */
static unsigned weigh_pair(const struct clusters_slow *slow, size_t i, size_t j, double bits[COMPARISONS_MAX][FS_STRANGER])
{
	const struct scorer *scorer = slow->scorer;
	struct levels levels;
	unsigned tells = 0;

	scorer_compare(scorer, slow->records[i < j ? i : j], slow->records[i < j ? j : i], &levels);
	memset(bits, 0, COMPARISONS_MAX * sizeof *bits);
	for (size_t c = 0; c < scorer->model->n; c++) {
		size_t block = c;

		while (scorer->model->comparisons[block].parent >= 0)
			block = (size_t)scorer->model->comparisons[block].parent;
		if ((int)block == scorer->store->nik && scorer->store->date >= 0)
			block = (size_t)scorer->store->date;
		if (!levels.level[c])
			continue;
		tells |= 1u << block;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			bits[block][k] += weight_to_bits(scorer->weight[c][k][levels.level[c]] - scorer->weight[c][FS_STRANGER][levels.level[c]] -
							 levels.frequency[c] + scorer_correction(scorer, c, &levels));
	}
	return tells;
}

static uint32_t list_of(const struct clusters_slow *slow, size_t place)
{
	return slow->scorer->store->list_of[slow->records[place]];
}

static bool counts(const struct clusters_slow *slow, size_t i, size_t j)
{
	return list_of(slow, i) == list_of(slow, j) ? slow->options->within_lists : slow->options->across_lists;
}

/* What one record's row says with all of the other set: for each block that says anything the log of the mean odds. */
static unsigned add_row(const struct clusters_slow *slow, size_t i, unsigned other, double sum[COMPARISONS_MAX][FS_STRANGER])
{
	double odds[COMPARISONS_MAX][FS_STRANGER] = {{0}};
	unsigned told[COMPARISONS_MAX] = {0}, tells = 0;

	for (size_t j = 0; j < slow->n; j++) {
		double bits[COMPARISONS_MAX][FS_STRANGER];
		unsigned of_pair;

		if (!(other >> j & 1) || !counts(slow, i, j))
			continue;
		of_pair = weigh_pair(slow, i, j, bits);
		tells |= of_pair;
		for (size_t c = 0; c < COMPARISONS_MAX; c++) {
			told[c] += of_pair >> c & 1;
			for (unsigned k = 0; k < FS_STRANGER && of_pair >> c & 1; k++)
				odds[c][k] += exp2(bits[c][k]);
		}
	}
	for (size_t c = 0; c < COMPARISONS_MAX; c++)
		for (unsigned k = 0; k < FS_STRANGER && tells >> c & 1; k++)
			sum[c][k] += log2(odds[c][k] / told[c]);
	return tells;
}

static bool holds_list(const struct clusters_slow *slow, unsigned set, uint32_t list)
{
	for (size_t i = 0; i < slow->n; i++)
		if (set >> i & 1 && list_of(slow, i) == list)
			return true;
	return false;
}

static bool decided(const struct clusters_slow *slow, unsigned a, unsigned b, double what)
{
	for (size_t e = 0; e < slow->n_edges; e++) {
		const struct cluster_edge *edge = &slow->edges[e];

		if ((double)edge->weight == what && ((a >> edge->a & b >> edge->b & 1) || (a >> edge->b & b >> edge->a & 1)))
			return true;
	}
	return false;
}

double clusters_slow_weigh(const struct clusters_slow *slow, unsigned a, unsigned b)
{
	unsigned small = __builtin_popcount(a) <= __builtin_popcount(b) ? a : b, large = a ^ b ^ small;
	double sum[COMPARISONS_MAX][FS_STRANGER] = {{0}}, total[FS_STRANGER] = {0}, prior[2][FS_STRANGER] = {{0}}, others = 1;
	unsigned rows[COMPARISONS_MAX] = {0}, pairs[2] = {0}, within;

	/* Of two equally large ones the one that holds the lowest record is the small one. */
	if (__builtin_popcount(a) == __builtin_popcount(b))
		small = __builtin_ctz(a) < __builtin_ctz(b) ? a : b, large = a ^ b ^ small;
	if (decided(slow, a, b, -INFINITY))
		return -INFINITY;
	for (size_t i = 0; i < slow->n; i++) {
		unsigned tells = small >> i & 1 ? add_row(slow, i, large, sum) : 0;

		for (size_t c = 0; c < COMPARISONS_MAX; c++)
			rows[c] += tells >> c & 1;
		for (size_t j = 0; j < slow->n && small >> i & 1; j++) {
			if (!(large >> j & 1) || !counts(slow, i, j))
				continue;
			within = list_of(slow, i) == list_of(slow, j);
			pairs[within]++;
			for (unsigned k = 0; k < FS_STRANGER; k++)
				prior[within][k] += weight_to_bits(scorer_prior(slow->scorer, slow->records[i], slow->records[j])->weight[k]);
		}
	}
	within = !pairs[0];
	if (!pairs[within])
		return -INFINITY;
	for (unsigned k = 0; k < FS_STRANGER; k++) {
		total[k] = prior[within][k] / pairs[within];
		for (size_t c = 0; c < COMPARISONS_MAX; c++)
			total[k] += rows[c] ? sum[c][k] / rows[c] : 0;
	}
	for (uint32_t list = 0; !within && slow->options->within_lists && list < slow->scorer->store->n_lists; list++)
		if (holds_list(slow, a, list) && holds_list(slow, b, list))
			total[FS_MATCH] += log2(cluster_repeats(slow->scorer, list));
	for (unsigned k = FS_HOUSEHOLD; k < FS_STRANGER; k++)
		others += exp2(total[k]);
	return total[FS_MATCH] - log2(others) - log2(__builtin_popcount(small));
}

static bool joined(const struct clusters_slow *slow, unsigned a, unsigned b)
{
	for (size_t e = 0; e < slow->n_edges; e++) {
		const struct cluster_edge *edge = &slow->edges[e];

		if (isfinite(edge->weight) && ((a >> edge->a & b >> edge->b & 1) || (a >> edge->b & b >> edge->a & 1)))
			return true;
	}
	return false;
}

/* Bits by which a pair of places is one person, the prior left out. */
static double pair_bits(const struct clusters_slow *slow, size_t i, size_t j)
{
	double bits[COMPARISONS_MAX][FS_STRANGER], sum = 0;

	weigh_pair(slow, i, j, bits);
	for (size_t c = 0; c < COMPARISONS_MAX; c++)
		sum += bits[c][FS_MATCH];
	return counts(slow, i, j) ? sum : 0;
}

static bool contradicts_itself(const struct clusters_slow *slow, unsigned set)
{
	for (size_t i = 0; i < slow->n; i++)
		for (size_t j = i + 1; j < slow->n; j++)
			if (set >> i & set >> j & 1 && pair_bits(slow, i, j) < 0)
				return true;
	return false;
}

static size_t read_sets(const struct clusters_slow *slow, const uint8_t *group, unsigned sets[CLUSTERS_SLOW_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < slow->n; i++) {
		unsigned set = 0;

		for (size_t j = 0; j < slow->n; j++)
			set |= (unsigned)(group[j] == group[i]) << j;
		if (set & ((1u << i) - 1))
			continue;
		sets[n++] = set;
	}
	return n;
}

const char *clusters_slow_fault(const struct clusters_slow *slow, const uint8_t *group)
{
	unsigned sets[CLUSTERS_SLOW_MAX];
	size_t n = read_sets(slow, group, sets);

	for (size_t e = 0; e < slow->n_edges; e++) {
		const struct cluster_edge *edge = &slow->edges[e];

		if (edge->weight == INFINITY && group[edge->a] != group[edge->b])
			return "decided to be one, and parted";
		if (edge->weight == -INFINITY && group[edge->a] == group[edge->b])
			return "decided to be two, and joined";
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++)
			if (joined(slow, sets[i], sets[j]) &&
			    clusters_slow_weigh(slow, sets[i], sets[j]) > slow->options->threshold + NEARLY)
				return "two clusters want to be one";
		if (__builtin_popcount(sets[i]) < 3 || !contradicts_itself(slow, sets[i]))
			continue;
		for (unsigned part = (sets[i] - 1) & sets[i]; part; part = (part - 1) & sets[i])
			if (!decided(slow, part, sets[i] ^ part, INFINITY) &&
			    clusters_slow_weigh(slow, part, sets[i] ^ part) < slow->options->threshold - NEARLY)
				return "a cluster wants to be two";
	}
	return NULL;
}

size_t clusters_slow_stable(const struct clusters_slow *slow, uint8_t ret[CLUSTERS_SLOW_MAX])
{
	uint8_t group[CLUSTERS_SLOW_MAX] = {0}, most[CLUSTERS_SLOW_MAX] = {0};
	size_t stable = 0, at;

	/* All divisions, each once: a record joins one of the clusters before it, or begins the next one. */
	do {
		if (!clusters_slow_fault(slow, group)) {
			stable++;
			memcpy(ret, group, sizeof group);
		}
		for (size_t i = 1; i < slow->n; i++)
			most[i] = most[i - 1] > group[i - 1] ? most[i - 1] : group[i - 1];
		for (at = slow->n - 1; at > 0 && group[at] > most[at]; at--)
			group[at] = 0;
		group[at]++;
	} while (at > 0);
	return stable;
}
