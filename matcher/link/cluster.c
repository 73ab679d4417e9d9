/* See cluster.h: components, each clustered for itself; cluster_work.h says by which files. */
#include "matcher/link/cluster_work.h"

#include "matcher/base/grow.h"
#include "matcher/base/radix_sort.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 4, PARTINGS = 16 };

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t find_root(uint32_t *parent, uint32_t record)
{
	while (parent[record] != record) {
		parent[record] = parent[parent[record]];
		record = parent[record];
	}
	return record;
}

static int add_link(struct cluster_group *group, uint32_t other)
{
	if (GROW(&group->links, &group->links_cap, group->n_links + 1) < 0)
		return -1;
	group->links[group->n_links++] = other;
	return 0;
}

int cluster_link_groups(struct component *component)
{
	for (uint32_t g = 0; g < component->n; g++) {
		component->groups[g].n_links = 0;
		for (size_t i = 0; i < component->groups[g].n; i++)
			component->now[component->groups[g].members[i]] = g;
	}
	for (size_t e = 0; e < component->n_edges; e++) {
		uint32_t a = component->now[component->edges[e].a], b = component->now[component->edges[e].b];

		if (a == b || component->edges[e].weight <= CLUSTER_CONTACT)
			continue;
		if (add_link(&component->groups[a], b) < 0 || add_link(&component->groups[b], a) < 0)
			return -1;
	}
	return 0;
}

/* What people decided: members joined and kept apart. */
static int read_decisions(struct component *component)
{
	for (uint32_t m = 0; m < component->n; m++)
		component->must[m] = m;
	for (size_t e = 0; e < component->n_edges; e++) {
		const struct cluster_edge *edge = &component->edges[e];

		if (edge->weight == INFINITY) {
			uint32_t a = find_root(component->must, edge->a), b = find_root(component->must, edge->b);

			component->must[a > b ? a : b] = a < b ? a : b;
		}
		if (edge->weight == -INFINITY && !hash_map_at(&component->apart, cluster_pair_key(edge->a, edge->b), 1))
			return -1;
	}
	for (uint32_t m = 0; m < component->n; m++)
		component->must[m] = find_root(component->must, m);
	return 0;
}

/* Every member a cluster by itself, but for what people decided. */
static int begin(struct component *component)
{
	hash_map_release(&component->apart);
	component->apart = (struct hash_map){0};
	for (uint32_t m = 0; m < component->n; m++) {
		component->groups[m].n = 0;
		if (GROW(&component->groups[m].members, &component->groups[m].cap, 1) < 0)
			return -1;
		component->groups[m].members[component->groups[m].n++] = m;
	}
	if (read_decisions(component) < 0 || cluster_link_groups(component) < 0)
		return -1;
	for (uint32_t m = 0; m < component->n; m++)
		if (component->must[m] != m && cluster_merge_one(component, component->must[m], m, INFINITY) < 0)
			return -1;
	return 0;
}

/* What pairs of these members say is to be asked anew. */
static void forget_pairs(struct component *component)
{
	for (uint32_t b = 1; b < component->n; b++)
		for (uint32_t a = 0; a < b; a++)
			if (component->foreign[a] || component->foreign[b])
				component->pairs[(size_t)b * (b - 1) / 2 + a].known = false;
}

static int settle_component(struct component *component)
{
	for (int round = 0; round < ROUNDS; round++) {
		int parted = 1, found;

		if (begin(component) < 0)
			return -1;
		for (int i = 0; parted > 0 && i < PARTINGS; i++) {
			if (cluster_merge_all(component) < 0)
				return -1;
			parted = component->n < 3 ? 0 : cluster_part(component);
		}
		if (parted < 0 || cluster_link_groups(component) < 0)
			return -1;
		found = cluster_find_foreign(component);
		if (found <= 0)
			return found;
		forget_pairs(component);
	}
	return 0;
}

/* What a task holds from component to component. */
struct workspace {
	uint32_t *members;
	size_t members_cap;
	struct cluster_edge *edges;
	size_t edges_cap;
	struct pair_odds *pairs;
	size_t pairs_cap;
};

static void workspace_release(struct workspace *space)
{
	free(space->members);
	free(space->edges);
	free(space->pairs);
}

static void component_release(struct component *component)
{
	for (size_t i = 0; component->groups && i < component->n; i++) {
		free(component->groups[i].members);
		free(component->groups[i].links);
	}
	free(component->groups);
	free(component->version);
	free(component->heap);
	free(component->now);
	free(component->foreign);
	hash_map_release(&component->apart);
}

/* Clusters n records, ascending; the edges' ends are their places among them. */
static int cluster_component(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_trace *trace,
	struct workspace *space, size_t n_edges, size_t n, uint32_t *label)
{
	struct component component = {.scorer = scorer, .options = options, .trace = trace, .records = space->members, .n = n,
		.edges = space->edges, .n_edges = n_edges};
	size_t n_pairs = n > 2 && n <= CLUSTER_TABLE_MAX ? n * (n - 1) / 2 : 0;
	int status = -1;

	assert(n > 0); /* an edge has two ends */
	cluster_find_blocks(scorer, component.block);
	component.groups = calloc(n, sizeof *component.groups);
	component.version = calloc(n, sizeof *component.version);
	component.now = malloc(2 * n * sizeof *component.now);
	component.foreign = calloc(n, 1);
	if (!component.groups || !component.version || !component.now || !component.foreign)
		goto out;
	component.must = component.now + n;
	if (n_pairs) {
		if (GROW(&space->pairs, &space->pairs_cap, n_pairs) < 0)
			goto out;
		component.pairs = space->pairs;
		for (size_t i = 0; i < n_pairs; i++)
			component.pairs[i].known = false;
	}
	if (settle_component(&component) < 0)
		goto out;
	for (size_t g = 0; g < n; g++) {
		for (size_t i = 0; i < component.groups[g].n; i++)
			label[space->members[component.groups[g].members[i]]] = space->members[component.groups[g].members[0]];
	}
	status = 0;
out:
	component_release(&component);
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
	const struct cluster_trace *trace;
	bool failed[TASKS];
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
	return cluster_component(clustering->scorer, clustering->options, clustering->trace, space, n, m, clustering->label);
}

static void cluster_some(void *arg, size_t task)
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
	workspace_release(&space);
}

/* Takes all components, or with a trace that of one record. */
static int take_all(struct clustering *clustering, const struct parallel *parallel, uint32_t record, struct error *err)
{
	size_t n = clustering->scorer->store->n_records, n_edges = clustering->n_edges;
	uint32_t *parent = malloc((n + 1) * sizeof *parent), only;
	struct sort_entry *order = malloc((2 * n_edges + 2) * sizeof *order);
	bool failed;

	clustering->order = order;
	clustering->local = malloc((n + 1) * sizeof *clustering->local);
	failed = !parent || !order || !clustering->local;
	if (!failed) {
		for (uint32_t r = 0; r < n; r++) {
			parent[r] = clustering->label[r] = r;
			clustering->local[r] = UINT32_MAX;
		}
		for (size_t e = 0; e < n_edges; e++) {
			uint32_t a = find_root(parent, clustering->edges[e].a), b = find_root(parent, clustering->edges[e].b);

			if (a != b)
				parent[a < b ? b : a] = a < b ? a : b;
		}
		only = clustering->trace ? find_root(parent, record) : UINT32_MAX;
		clustering->n_edges = 0;
		for (size_t e = 0; e < n_edges; e++) {
			uint32_t root = find_root(parent, clustering->edges[e].a);

			if (only == UINT32_MAX || root == only)
				order[clustering->n_edges++] = (struct sort_entry){root, (uint32_t)e, 0};
		}
		radix_sort(order, order + n_edges + 1, clustering->n_edges);
		parallel_run(parallel, TASKS, cluster_some, clustering);
	}
	for (size_t t = 0; t < TASKS; t++)
		failed |= clustering->failed[t];
	free(parent);
	free(clustering->local);
	free(order);
	return failed ? error_memory(err) : 0;
}

int cluster_records(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_edge *edges,
	size_t n_edges, const struct parallel *parallel, uint32_t *label, struct error *err)
{
	struct clustering clustering = {.scorer = scorer, .options = options, .edges = edges, .n_edges = n_edges, .label = label};

	return take_all(&clustering, parallel, 0, err);
}

int cluster_tell(const struct scorer *scorer, const struct cluster_options *options, const struct cluster_edge *edges,
	size_t n_edges, uint32_t record, const struct cluster_trace *trace, uint32_t *label, struct error *err)
{
	struct clustering clustering = {
		.scorer = scorer, .options = options, .edges = edges, .n_edges = n_edges, .label = label, .trace = trace};

	return take_all(&clustering, NULL, record, err);
}
