/*
 * Ids that last: which of the clusters now carries which of the ids that its entries had.
 *
 * Ids are served from the oldest on: each goes to the cluster that holds most of its entries (the one with the earliest
 * of them on a tie) and has no id yet; an id whose clusters all have one already was merged away. Clusters left over get
 * new ids.
 */
#include "matcher/district/register.h"

#include <stdlib.h>

struct claim { /* of an earlier id on a cluster */
	uint64_t id;
	uint32_t label;
	uint32_t first; /* earliest entry of both */
	uint32_t entries;
};

struct cluster {
	uint32_t label;
	uint64_t id; /* 0: none yet */
};

struct naming {
	struct district *district;
	enum district_level level;
	const struct entry_set *set;
	struct claim *claims;
	size_t n_claims;
	struct cluster *clusters;
	size_t n_clusters;
};

static uint64_t *id_of(const struct naming *naming, uint32_t entry)
{
	struct register_entry *e = &naming->district->entries[entry];

	return naming->level == DISTRICT_PERSON ? &e->person_id : &e->household_id;
}

static uint32_t label_of(const struct naming *naming, uint32_t entry)
{
	const struct register_entry *e = &naming->district->entries[entry];

	return naming->level == DISTRICT_PERSON ? e->person : e->household;
}

static int by_id_and_label(const void *pa, const void *pb)
{
	const struct claim *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static int by_id_and_right(const void *pa, const void *pb)
{
	const struct claim *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->entries != b->entries)
		return a->entries > b->entries ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static int by_label(const void *pa, const void *pb)
{
	const struct cluster *a = pa, *b = pb;

	return a->label < b->label ? -1 : a->label > b->label;
}

static struct cluster *cluster_of(const struct naming *naming, uint32_t label)
{
	struct cluster key = {label, 0};

	return bsearch(&key, naming->clusters, naming->n_clusters, sizeof(key), by_label);
}

/* One claim per pair of earlier id and cluster; the clusters in order. */
static void gather(struct naming *naming)
{
	size_t kept = 0;

	for (size_t i = 0; i < naming->set->n; i++) {
		uint32_t entry = naming->set->items[i], label = label_of(naming, entry);
		uint64_t id = *id_of(naming, entry);

		if (label == DISTRICT_NONE)
			continue;
		if (label == entry)
			naming->clusters[naming->n_clusters++] = (struct cluster){label, 0};
		if (id)
			naming->claims[naming->n_claims++] = (struct claim){id, label, entry, 1};
	}
	qsort(naming->clusters, naming->n_clusters, sizeof(*naming->clusters), by_label);
	qsort(naming->claims, naming->n_claims, sizeof(*naming->claims), by_id_and_label);
	for (size_t i = 0; i < naming->n_claims; i++) {
		struct claim *last = kept ? &naming->claims[kept - 1] : NULL;

		if (last && last->id == naming->claims[i].id && last->label == naming->claims[i].label)
			last->entries++;
		else
			naming->claims[kept++] = naming->claims[i];
	}
	naming->n_claims = kept;
	qsort(naming->claims, naming->n_claims, sizeof(*naming->claims), by_id_and_right);
}

static int tell(struct naming *naming, enum district_id_reason reason, uint64_t old, uint64_t now, struct error *err)
{
	struct district *district = naming->district;

	if (district->n_id_changes == district->id_changes_room) {
		size_t room = district->id_changes_room ? 2 * district->id_changes_room : 64;
		struct district_id_change *moved = realloc(district->id_changes, room * sizeof(*moved));

		if (!moved)
			return error_memory(err);
		district->id_changes = moved;
		district->id_changes_room = room;
	}
	district->id_changes[district->n_id_changes++] = (struct district_id_change){naming->level, reason, old, now};
	return 0;
}

/* Serves the ids that were; tells which were merged away, and into what. */
static int serve_earlier_ids(struct naming *naming, struct error *err)
{
	for (size_t i = 0, j; i < naming->n_claims; i = j) {
		bool served = false;

		for (j = i; j < naming->n_claims && naming->claims[j].id == naming->claims[i].id; j++) {
			struct cluster *cluster = cluster_of(naming, naming->claims[j].label);

			if (served || cluster->id)
				continue;
			cluster->id = naming->claims[i].id;
			served = true;
		}
		if (!served && tell(naming, DISTRICT_ID_MERGED, naming->claims[i].id,
				       cluster_of(naming, naming->claims[i].label)->id, err) < 0)
			return -1;
	}
	return 0;
}

static int give_new_ids(struct naming *naming, struct error *err)
{
	struct district_ids *next = &naming->district->next;
	uint64_t *counter = naming->level == DISTRICT_PERSON ? &next->person : &next->household;
	uint64_t first_new = *counter;

	for (size_t i = 0; i < naming->n_clusters; i++)
		if (!naming->clusters[i].id)
			naming->clusters[i].id = (*counter)++;
	for (size_t i = 0; i < naming->n_claims; i++) {
		uint64_t now = cluster_of(naming, naming->claims[i].label)->id;

		if (now >= first_new && tell(naming, DISTRICT_ID_SPLIT, naming->claims[i].id, now, err) < 0)
			return -1;
	}
	return 0;
}

static int is_claim(const void *key, const void *element)
{
	uint64_t id = *(const uint64_t *)key, other = ((const struct claim *)element)->id;

	return id < other ? -1 : id > other;
}

static int by_number(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

static uint64_t id_now(const struct naming *naming, uint32_t entry)
{
	uint32_t label = label_of(naming, entry);

	return label == DISTRICT_NONE ? 0 : cluster_of(naming, label)->id;
}

/*
 * Writes the ids into the entries, once nothing can fail any more; tells the ids whose last entry went out. gone: room for every
 * entry's id.
 */
static int hand_out(struct naming *naming, uint64_t *gone, struct error *err)
{
	struct district *district = naming->district;
	size_t n_gone = 0;

	for (size_t i = 0; i < naming->set->n; i++) {
		uint32_t entry = naming->set->items[i];
		uint64_t before = *id_of(naming, entry), now = id_now(naming, entry);

		if (now != before && entry_set_add(&district->changed, entry, err) < 0)
			return -1;
		if (!now && before && !bsearch(&before, naming->claims, naming->n_claims, sizeof(struct claim), is_claim))
			gone[n_gone++] = before;
	}
	qsort(gone, n_gone, sizeof(*gone), by_number);
	for (size_t i = 0; i < n_gone; i++)
		if ((!i || gone[i] != gone[i - 1]) && tell(naming, DISTRICT_ID_GONE, gone[i], 0, err) < 0)
			return -1;
	for (size_t i = 0; i < naming->set->n; i++)
		*id_of(naming, naming->set->items[i]) = id_now(naming, naming->set->items[i]);
	return 0;
}

int district_assign_ids(struct district *district, enum district_level level, const struct entry_set *set,
	struct error *err)
{
	struct naming naming = {.district = district, .level = level, .set = set};
	struct district_ids next = district->next;
	uint64_t *gone = NULL;
	int result = -1;

	if (!set->n)
		return 0;
	naming.claims = malloc(set->n * sizeof(*naming.claims));
	naming.clusters = malloc(set->n * sizeof(*naming.clusters));
	gone = malloc(set->n * sizeof(*gone));
	if (!naming.claims || !naming.clusters || !gone) {
		error_memory(err);
		goto out;
	}
	gather(&naming);
	if (serve_earlier_ids(&naming, err) == 0 && give_new_ids(&naming, err) == 0)
		result = hand_out(&naming, gone, err);
	if (result < 0)
		district->next = next; /* nobody has them: the next attempt gives the same */
out:
	free(naming.claims);
	free(naming.clusters);
	free(gone);
	return result;
}
