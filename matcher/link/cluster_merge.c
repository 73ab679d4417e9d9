/*
 * Merging the clusters of one component best first, while what both say speaks for one person.
 */
#include "matcher/link/cluster_work.h"

#include "matcher/base/grow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Best first; equal ones by their groups, so that nothing hangs on the heap's order. */
static bool better(const struct cluster_merge *a, const struct cluster_merge *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	return a->a != b->a ? a->a < b->a : a->b < b->b;
}

static int push(struct component *component, struct cluster_merge merge)
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

static struct cluster_merge pop(struct component *component)
{
	struct cluster_merge top = component->heap[0], last = component->heap[--component->n_heap];
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
	double score = cluster_weigh_groups(component, &component->groups[low], &component->groups[high]);

	if (score < component->options->threshold)
		return 0;
	return push(component,
		(struct cluster_merge){score, low, high, component->version[low], component->version[high]});
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t find_now(const struct component *component, uint32_t group)
{
	while (component->now[group] != group)
		group = component->now[group];
	return group;
}

/* Each link once, to a group that is still there. */
static void tidy_links(struct component *component, uint32_t a)
{
	struct cluster_group *group = &component->groups[a];
	size_t kept = 0;

	for (size_t i = 0; i < group->n_links; i++)
		group->links[i] = find_now(component, group->links[i]);
	if (group->n_links)
		qsort(group->links, group->n_links, sizeof *group->links, compare_numbers);
	for (size_t i = 0; i < group->n_links; i++) {
		if (group->links[i] != a && (!kept || group->links[kept - 1] != group->links[i]))
			group->links[kept++] = group->links[i];
	}
	group->n_links = kept;
}

int cluster_merge_one(struct component *component, uint32_t a, uint32_t b, double score)
{
	struct cluster_group *into = &component->groups[a], *from = &component->groups[b];

	assert(a < b); /* a group goes by its first member */
	if (component->trace)
		component->trace->merged(component->trace->arg, component->records, into->members, into->n, from->members, from->n, score);
	if (GROW(&into->members, &into->cap, into->n + from->n) < 0 ||
	    GROW(&into->links, &into->links_cap, into->n_links + from->n_links) < 0)
		return -1;
	memcpy(into->members + into->n, from->members, from->n * sizeof *from->members);
	into->n += from->n;
	qsort(into->members, into->n, sizeof *into->members, compare_numbers);
	if (from->n_links)
		memcpy(into->links + into->n_links, from->links, from->n_links * sizeof *from->links);
	into->n_links += from->n_links;
	component->now[b] = a;
	tidy_links(component, a);
	free(from->members);
	free(from->links);
	*from = (struct cluster_group){0};
	component->version[a]++;
	component->version[b]++;
	return 0;
}

int cluster_merge_all(struct component *component)
{
	component->n_heap = 0;
	for (uint32_t a = 0; a < component->n; a++) {
		for (size_t i = 0; i < component->groups[a].n_links; i++) {
			uint32_t b = find_now(component, component->groups[a].links[i]);

			if (a < b && consider(component, a, b) < 0)
				return -1;
		}
	}
	while (component->n_heap) {
		struct cluster_merge best = pop(component);

		if (best.version_a != component->version[best.a] || best.version_b != component->version[best.b])
			continue;
		if (cluster_merge_one(component, best.a, best.b, best.score) < 0)
			return -1;
		for (size_t i = 0; i < component->groups[best.a].n_links; i++) {
			if (consider(component, best.a, component->groups[best.a].links[i]) < 0)
				return -1;
		}
	}
	return 0;
}
