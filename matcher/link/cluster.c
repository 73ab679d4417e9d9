/* See cluster.h. */
#include "matcher/link/cluster.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/log2.h"
#include "matcher/base/radix_sort.h"

#include <math.h>

static const double REPEATS_LEAST = 1e-4; /* a list's rate of repeats is no surer than this */

/* One component: its records, and the clusters they form, which only ever merge. */
struct group {
	uint32_t *records; /* of the cluster; NULL once merged into another */
	size_t n, cap;
	uint32_t *links; /* clusters that some pair joins it to, merged ones among them */
	size_t n_links, links_cap;
};

struct merge {
	double score;
	uint32_t a, b;               /* clusters, a < b */
	uint32_t version_a, version_b; /* how often each had grown when this was weighed */
};

struct component {
	const struct scorer *scorer;
	const struct cluster_options *options;
	struct group *groups;
	uint32_t *version;
	size_t n;
	struct merge *heap;
	size_t n_heap, heap_cap;
	uint8_t block[COMPARISONS_MAX]; /* comparisons that depend on each other speak as one */
	struct hash_map apart; /* pairs of records decided not to be the same */
	const struct cluster_edge *edges;
	size_t n_edges;
};

static uint64_t pair_key(uint32_t a, uint32_t b)
{
	return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

struct profile {
	double sum[FS_STRANGER]; /* over fields, by class, bits against strangers */
	double prior[2][FS_STRANGER]; /* of pairs across lists, and within one */
	size_t pairs[2];
};

static bool pair_counts(const struct component *component, uint32_t a, uint32_t b)
{
	const struct store *store = component->scorer->store;

	return store->list_of[a] == store->list_of[b] ? component->options->within_lists : component->options->across_lists;
}

/* Each block's weight of a pair, by class, against strangers; tells: whether the pair says anything there. */
static void weigh_blocks(const struct component *component, const struct levels *levels,
	int64_t weight[COMPARISONS_MAX][FS_STRANGER], bool *tells)
{
	const struct scorer *scorer = component->scorer;
	size_t n = scorer->model->n;

	memset(weight, 0, n * sizeof *weight);
	memset(tells, 0, n * sizeof *tells);
	for (size_t c = 0; c < n; c++) {
		unsigned level = levels->level[c];
		int64_t stranger;

		if (!level)
			continue;
		stranger = scorer->weight[c][FS_STRANGER][level] + levels->frequency[c] - scorer_correction(scorer, c, levels);
		tells[component->block[c]] = true;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			weight[component->block[c]][k] += scorer->weight[c][k][level] - stranger;
	}
}

/* Adds the row of one record against all of the other side: log2 of the mean odds, field by field. */
static void add_row(const struct component *component, uint32_t a, const struct group *other, struct profile *profile,
	double (*sum)[FS_STRANGER], unsigned *rows)
{
	const struct scorer *scorer = component->scorer;
	size_t n = scorer->model->n;
	double odds[COMPARISONS_MAX][FS_STRANGER] = {{0}};
	unsigned told[COMPARISONS_MAX] = {0};

	for (size_t j = 0; j < other->n; j++) {
		uint32_t b = other->records[j];
		struct levels levels;
		int64_t weight[COMPARISONS_MAX][FS_STRANGER];
		bool tells[COMPARISONS_MAX];
		const struct list_prior *prior;

		if (!pair_counts(component, a, b))
			continue;
		prior = scorer_prior(scorer, a, b);
		profile->pairs[prior->within]++;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			profile->prior[prior->within][k] += weight_to_bits(prior->weight[k]);
		scorer_compare(scorer, a, b, &levels);
		weigh_blocks(component, &levels, weight, tells);
		for (size_t c = 0; c < n; c++) {
			if (!tells[c])
				continue;
			told[c]++;
			for (unsigned k = 0; k < FS_STRANGER; k++)
				odds[c][k] += exp2_of(weight_to_bits(weight[c][k]));
		}
	}
	for (size_t c = 0; c < n; c++) {
		if (!told[c])
			continue;
		rows[c]++;
		for (unsigned k = 0; k < FS_STRANGER; k++)
			sum[c][k] += log2_of(odds[c][k] / told[c]);
	}
}

static bool forbidden(const struct component *component, const struct group *a, const struct group *b)
{
	const struct store *store = component->scorer->store;

	if (!component->apart.used && !component->options->one_to_one)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		for (size_t j = 0; j < b->n; j++) {
			if (component->options->one_to_one && store->list_of[a->records[i]] == store->list_of[b->records[j]])
				return true;
			if (component->apart.used &&
			    hash_map_get(&component->apart, pair_key(a->records[i], b->records[j])) != HASH_MAP_NONE)
				return true;
		}
	}
	return false;
}

double cluster_repeats(const struct scorer *scorer, uint32_t list)
{
	const struct list_prior *prior = &scorer->priors[list_pair(list, list)];
	double rate = prior->share[FS_MATCH] * prior->pairs / (prior->match_base > 1 ? prior->match_base : 1);

	return rate < REPEATS_LEAST ? REPEATS_LEAST : rate > 1 ? 1 : rate;
}

/*
 * Log2 of how seldom a list names somebody twice, for each list that both clusters hold rows of: what counts against them
 * where the prior comes from pairs across lists.
 */
static double weigh_repeats(const struct component *component, const struct group *a, const struct group *b)
{
	const struct scorer *scorer = component->scorer;
	const uint32_t *list_of = scorer->store->list_of;
	double weight = 0;

	for (size_t i = 0; i < a->n; i++) {
		uint32_t list = list_of[a->records[i]];
		bool counted = false, both = false;

		for (size_t j = 0; j < i; j++)
			counted |= list_of[a->records[j]] == list;
		for (size_t j = 0; j < b->n && !counted; j++)
			both |= list_of[b->records[j]] == list;
		if (both)
			weight += log2_of(cluster_repeats(scorer, list));
	}
	return weight;
}

/* What two clusters' rows say together, by class against strangers, without the prior. */
static void weigh_rows(const struct component *component, const struct group *small, const struct group *large,
	struct profile *profile)
{
	double sum[COMPARISONS_MAX][FS_STRANGER] = {{0}};
	unsigned rows[COMPARISONS_MAX] = {0};

	for (size_t i = 0; i < small->n; i++)
		add_row(component, small->records[i], large, profile, sum, rows);
	for (size_t c = 0; c < component->scorer->model->n; c++) {
		for (unsigned k = 0; k < FS_STRANGER && rows[c]; k++)
			profile->sum[k] += sum[c][k] / rows[c];
	}
}

/* Log2 odds that two clusters are one person. */
static double weigh_groups(const struct component *component, const struct group *a, const struct group *b)
{
	const struct group *small = a->n < b->n || (a->n == b->n && a->records[0] < b->records[0]) ? a : b;
	const struct group *large = small == a ? b : a;
	struct profile profile = {0};
	double others = 1;
	bool within;

	if (forbidden(component, a, b))
		return -INFINITY;
	weigh_rows(component, small, large, &profile);
	within = !profile.pairs[0];
	if (!profile.pairs[within])
		return -INFINITY;
	for (unsigned k = 0; k < FS_STRANGER; k++)
		profile.sum[k] += profile.prior[within][k] / (double)profile.pairs[within];
	if (!within && component->options->within_lists)
		profile.sum[FS_MATCH] += weigh_repeats(component, small, large);
	for (unsigned k = FS_HOUSEHOLD; k < FS_STRANGER; k++)
		others += exp2_of(profile.sum[k] > 1000 ? 1000 : profile.sum[k]);
	return profile.sum[FS_MATCH] - log2_of(others) - log2_of((double)small->n);
}

/* Best first; equal ones by their clusters, so that nothing hangs on the heap's order. */
static bool better(const struct merge *a, const struct merge *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	return a->a != b->a ? a->a < b->a : a->b < b->b;
}

static int push(struct component *component, struct merge merge)
{
	size_t i = component->n_heap;

	if (GROW(&component->heap, &component->heap_cap, component->n_heap + 1) < 0)
		return -1;
	component->n_heap++;
	for (; i && better(&merge, &component->heap[(i - 1) / 2]); i = (i - 1) / 2)
		component->heap[i] = component->heap[(i - 1) / 2];
	component->heap[i] = merge;
	return 0;
}

static struct merge pop(struct component *component)
{
	struct merge top = component->heap[0], last = component->heap[--component->n_heap];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= component->n_heap)
			break;
		if (child + 1 < component->n_heap && better(&component->heap[child + 1], &component->heap[child]))
			child++;
		if (!better(&component->heap[child], &last))
			break;
		component->heap[i] = component->heap[child];
		i = child;
	}
	if (component->n_heap)
		component->heap[i] = last;
	return top;
}

static int consider(struct component *component, uint32_t a, uint32_t b)
{
	uint32_t low = a < b ? a : b, high = a < b ? b : a;
	double score = weigh_groups(component, &component->groups[low], &component->groups[high]);

	if (score < component->options->threshold)
		return 0;
	return push(component, (struct merge){score, low, high, component->version[low], component->version[high]});
}

static int add_link(struct group *group, uint32_t other)
{
	if (GROW(&group->links, &group->links_cap, group->n_links + 1) < 0)
		return -1;
	group->links[group->n_links++] = other;
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* b goes into a (the one with the smaller number stays). */
static int join(struct component *component, uint32_t a, uint32_t b, uint32_t *now)
{
	struct group *into = &component->groups[a], *from = &component->groups[b];
	size_t kept = 0;

	if (GROW(&into->records, &into->cap, into->n + from->n) < 0 ||
	    GROW(&into->links, &into->links_cap, into->n_links + from->n_links) < 0)
		return -1;
	memcpy(into->records + into->n, from->records, from->n * sizeof *from->records);
	into->n += from->n;
	qsort(into->records, into->n, sizeof *into->records, compare_numbers);
	if (from->n_links)
		memcpy(into->links + into->n_links, from->links, from->n_links * sizeof *from->links);
	into->n_links += from->n_links;
	now[b] = a;
	for (size_t i = 0; i < into->n_links; i++) {
		uint32_t other = into->links[i];

		while (now[other] != other)
			other = now[other];
		into->links[i] = other;
	}
	qsort(into->links, into->n_links, sizeof *into->links, compare_numbers);
	for (size_t i = 0; i < into->n_links; i++) {
		if (into->links[i] != a && (!kept || into->links[kept - 1] != into->links[i]))
			into->links[kept++] = into->links[i];
	}
	into->n_links = kept;
	free(from->records);
	free(from->links);
	*from = (struct group){0};
	component->version[a]++;
	component->version[b]++;
	return 0;
}

static int settle_component(struct component *component, uint32_t *now)
{
	for (size_t e = 0; e < component->n_edges; e++) {
		uint32_t a = component->edges[e].a, b = component->edges[e].b;

		if (component->edges[e].weight != INFINITY)
			continue;
		while (now[a] != a)
			a = now[a];
		while (now[b] != b)
			b = now[b];
		if (a != b && join(component, a < b ? a : b, a < b ? b : a, now) < 0)
			return -1;
	}
	for (uint32_t a = 0; a < component->n; a++) {
		for (size_t i = 0; i < component->groups[a].n_links; i++) {
			uint32_t b = component->groups[a].links[i];

			while (now[b] != b)
				b = now[b];
			if (a < b && consider(component, a, b) < 0)
				return -1;
		}
	}
	while (component->n_heap) {
		struct merge best = pop(component);

		if (best.version_a != component->version[best.a] || best.version_b != component->version[best.b])
			continue;
		if (join(component, best.a, best.b, now) < 0)
			return -1;
		for (size_t i = 0; i < component->groups[best.a].n_links; i++) {
			if (consider(component, best.a, component->groups[best.a].links[i]) < 0)
				return -1;
		}
	}
	return 0;
}

static uint32_t find_root(uint32_t *parent, uint32_t record)
{
	while (parent[record] != record) {
		parent[record] = parent[parent[record]];
		record = parent[record];
	}
	return record;
}

static void component_release(struct component *component, uint32_t *now)
{
	for (size_t i = 0; component->groups && i < component->n; i++) {
		free(component->groups[i].records);
		free(component->groups[i].links);
	}
	free(component->groups);
	free(component->version);
	free(component->heap);
	hash_map_release(&component->apart);
	free(now);
}

/* By the tree of dependences; a NIK goes with the birth date it holds. */
static void find_blocks(const struct scorer *scorer, uint8_t *block)
{
	const struct store *store = scorer->store;

	for (size_t c = 0; c < scorer->model->n; c++) {
		size_t root = c;

		while (scorer->model->comparisons[root].parent >= 0)
			root = (size_t)scorer->model->comparisons[root].parent;
		block[c] = (uint8_t)root;
	}
	if (store->nik >= 0 && store->date >= 0)
		block[store->nik] = block[store->date];
}

void cluster_weigh(const struct scorer *scorer, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b,
	double bits[FS_STRANGER])
{
	static const struct cluster_options all_pairs = {.within_lists = true, .across_lists = true};
	struct component component = {.scorer = scorer, .options = &all_pairs};
	/* Read alone: add_row() takes records from a group and changes none. */
	struct group one = {.records = (uint32_t *)(uintptr_t)a, .n = n_a}, other = {.records = (uint32_t *)(uintptr_t)b, .n = n_b};
	struct profile profile = {0};

	find_blocks(scorer, component.block);
	if (n_a < n_b || (n_a == n_b && a[0] < b[0]))
		weigh_rows(&component, &one, &other, &profile);
	else
		weigh_rows(&component, &other, &one, &profile);
	memcpy(bits, profile.sum, sizeof profile.sum);
}

/* Edges of one component, with local record numbers `members[…]`. */
static int cluster_component(const struct scorer *scorer, const struct cluster_options *options,
	struct cluster_edge *edges, size_t n_edges, const uint32_t *members, size_t n, uint32_t *label)
{
	struct component component = {
		.scorer = scorer, .options = options, .n = n, .edges = edges, .n_edges = n_edges};
	uint32_t *now = calloc(n, sizeof *now);
	int status = -1;

	find_blocks(scorer, component.block);
	component.groups = calloc(n, sizeof *component.groups);
	component.version = calloc(n, sizeof *component.version);
	if (!now || !component.groups || !component.version)
		goto out;
	for (uint32_t i = 0; i < n; i++) {
		now[i] = i;
		if (GROW(&component.groups[i].records, &component.groups[i].cap, 1) < 0)
			goto out;
		component.groups[i].records[component.groups[i].n++] = members[i];
	}
	for (size_t e = 0; e < n_edges; e++) {
		if (edges[e].weight == -INFINITY) {
			if (!hash_map_at(&component.apart, pair_key(members[edges[e].a], members[edges[e].b]), 1))
				goto out;
			continue;
		}
		if (add_link(&component.groups[edges[e].a], edges[e].b) < 0 ||
		    add_link(&component.groups[edges[e].b], edges[e].a) < 0)
			goto out;
	}
	if (settle_component(&component, now) < 0)
		goto out;
	for (size_t g = 0; g < n; g++) {
		for (size_t i = 0; i < component.groups[g].n; i++)
			label[component.groups[g].records[i]] = component.groups[g].records[0];
	}
	status = 0;
out:
	component_release(&component, now);
	return status;
}

enum { TASKS = 64 };

/* Edges in the order of their components; each task takes the components that begin in its part. */
struct clustering {
	const struct scorer *scorer;
	const struct cluster_options *options;
	const struct cluster_edge *edges;
	const struct sort_entry *order;
	size_t n_edges;
	uint32_t *local; /* by record: its number in its component; UINT32_MAX before */
	uint32_t *label;
	bool failed[TASKS];
};

/* What a task holds for the component at work. */
struct workspace {
	uint32_t *members;
	size_t members_cap;
	struct cluster_edge *edges;
	size_t edges_cap;
};

static int take_component(const struct clustering *clustering, struct workspace *space, size_t first, size_t end)
{
	size_t m = 0, n = end - first;

	if (GROW(&space->members, &space->members_cap, 2 * n) < 0 || GROW(&space->edges, &space->edges_cap, n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct cluster_edge *edge = &clustering->edges[clustering->order[first + i].number];
		uint32_t ends[2] = {edge->a, edge->b};

		space->edges[i] = *edge;
		for (int s = 0; s < 2; s++) {
			if (clustering->local[ends[s]] == UINT32_MAX) {
				clustering->local[ends[s]] = 0;
				space->members[m++] = ends[s];
			}
		}
	}
	qsort(space->members, m, sizeof *space->members, compare_numbers);
	for (size_t j = 0; j < m; j++)
		clustering->local[space->members[j]] = (uint32_t)j;
	for (size_t i = 0; i < n; i++) {
		space->edges[i].a = clustering->local[space->edges[i].a];
		space->edges[i].b = clustering->local[space->edges[i].b];
	}
	return cluster_component(clustering->scorer, clustering->options, space->edges, n, space->members, m,
		clustering->label);
}

static void cluster_part(void *arg, size_t task)
{
	struct clustering *clustering = arg;
	const struct sort_entry *order = clustering->order;
	size_t n = clustering->n_edges, i = n * task / TASKS, stop = n * (task + 1) / TASKS;
	struct workspace space = {0};

	while (i > 0 && i < n && order[i].key == order[i - 1].key)
		i++;
	while (i < stop && !clustering->failed[task]) {
		size_t end = i + 1;

		while (end < n && order[end].key == order[i].key)
			end++;
		clustering->failed[task] = take_component(clustering, &space, i, end) < 0;
		i = end;
	}
	free(space.members);
	free(space.edges);
}

int cluster_records(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_edge *edges,
	size_t n_edges, const struct parallel *parallel, uint32_t *label, struct error *err)
{
	size_t n = scorer->store->n_records;
	uint32_t *parent = malloc((n + 1) * sizeof *parent);
	struct sort_entry *order = malloc((2 * n_edges + 2) * sizeof *order);
	struct clustering clustering = {.scorer = scorer, .options = options, .edges = edges, .order = order,
		.n_edges = n_edges, .local = malloc((n + 1) * sizeof *clustering.local), .label = label};
	bool failed = !parent || !order || !clustering.local;

	if (!failed) {
		for (uint32_t r = 0; r < n; r++) {
			parent[r] = label[r] = r;
			clustering.local[r] = UINT32_MAX;
		}
		for (size_t e = 0; e < n_edges; e++) {
			uint32_t a = find_root(parent, edges[e].a), b = find_root(parent, edges[e].b);

			if (a != b)
				parent[a < b ? b : a] = a < b ? a : b;
		}
		for (size_t e = 0; e < n_edges; e++)
			order[e] = (struct sort_entry){find_root(parent, edges[e].a), (uint32_t)e, 0};
		radix_sort(order, order + n_edges + 1, n_edges);
		parallel_run(parallel, TASKS, cluster_part, &clustering);
	}
	for (size_t t = 0; t < TASKS; t++)
		failed |= clustering.failed[t];
	free(parent);
	free(clustering.local);
	free(order);
	return failed ? error_memory(err) : 0;
}
