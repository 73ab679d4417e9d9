/*
 * Keeping registers; see district_register.h. How one is loaded stands in register_load.c.
 */
#include "daemon/jobs/district_register.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

static void free_in_pool(uv_work_t *work)
{
	struct district_register *reg = work->data;

	district_free(reg->district);
	reg->district = NULL;
	for (size_t i = 0; i < reg->n_decisions; i++) {
		free(reg->decisions[i].entries[0]);
		free(reg->decisions[i].entries[1]);
	}
	arena_release(&reg->arena);
}

static void after_free(uv_work_t *work, int status)
{
	(void)status;
	free(work->data);
}

static void register_free(struct register_cache *cache, struct district_register *reg)
{
	if (!reg)
		return;
	reg->freeing.data = reg;
	if (uv_queue_work(cache->loop, &reg->freeing, free_in_pool, after_free) < 0) {
		free_in_pool(&reg->freeing);
		free(reg);
	}
}

struct district_register *register_cache_find(struct register_cache *cache, uint32_t district,
	const struct register_stamp *stamp)
{
	for (int i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		struct district_register *reg = cache->all[i];

		/* One in use by a job that lost its lease and is still winding down is none of ours. */
		if (!reg || reg->number != district || reg->in_use)
			continue;
		if (reg->loaded && strcmp(reg->stamp.applied_at, stamp->applied_at) == 0 &&
			reg->stamp.newest_job == stamp->newest_job && reg->stamp.model == stamp->model)
			return reg;
		register_cache_drop(cache, reg);
		return NULL;
	}
	return NULL;
}

struct district_register *register_cache_add(struct register_cache *cache, uint32_t district, uint64_t now_ms,
	struct error *err)
{
	struct district_register **place = NULL, *reg;

	for (int i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		struct district_register **at = &cache->all[i];

		if (*at && (*at)->in_use)
			continue;
		if (!place || !*at || (*place && (*at)->used_ms < (*place)->used_ms))
			place = at;
		if (!*place)
			break;
	}
	if (!place) {
		error_set(err, ERROR_SYSTEM, "Terlalu banyak kabupaten dikerjakan sekaligus.", "Too many districts at work at once.");
		return NULL;
	}
	reg = calloc(1, sizeof(*reg));
	if (!reg) {
		error_memory(err);
		return NULL;
	}
	register_free(cache, *place);
	*place = reg;
	reg->number = district;
	reg->used_ms = now_ms;
	arena_init(&reg->arena, 0);
	return reg;
}

bool register_cache_has(const struct register_cache *cache, uint32_t district)
{
	for (int i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		if (cache->all[i] && cache->all[i]->number == district)
			return true;
	}
	return false;
}

void register_cache_drop(struct register_cache *cache, struct district_register *reg)
{
	for (int i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		if (cache->all[i] == reg)
			cache->all[i] = NULL;
	}
	register_free(cache, reg);
}

void register_cache_release(struct register_cache *cache)
{
	for (int i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		register_free(cache, cache->all[i]);
		cache->all[i] = NULL;
	}
}

enum list_kind list_kind_from_name(const char *name)
{
	return strcmp(name, "target") == 0 ? LIST_TARGET : strcmp(name, "reference") == 0 ? LIST_REFERENCE : LIST_PROGRAMME;
}

const char *list_kind_name(enum list_kind kind)
{
	return kind == LIST_TARGET ? "target" : kind == LIST_REFERENCE ? "reference" : "programme";
}

int register_subject(const struct district_register *reg, enum list_kind kind, struct str subject)
{
	const struct ruleset *rules = &reg->config.rules;

	if (kind == LIST_TARGET)
		return -1;
	for (size_t i = 0; kind == LIST_PROGRAMME && i < rules->n_programmes; i++) {
		if (str_equal(rules->programmes[i].code, subject))
			return (int)i;
	}
	for (size_t i = 0; kind == LIST_REFERENCE && i < rules->n_references; i++) {
		if (str_equal(rules->references[i].code, subject))
			return (int)i;
	}
	return -2;
}

static int keep_entry(struct register_decision *decision, int side, uint32_t entry, struct error *err)
{
	size_t n = decision->n_entries[side];

	if (!(n & (n - 1))) { /* full at powers of two */
		uint32_t *more = realloc(decision->entries[side], (n ? 2 * n : 1) * sizeof(*more));

		if (!more)
			return error_memory(err);
		decision->entries[side] = more;
	}
	decision->entries[side][decision->n_entries[side]++] = entry;
	return 0;
}

static bool is_entry_looked_at(const struct district_register *reg, const struct register_decision *decision, int side,
	uint32_t entry)
{
	const struct district_list *list = district_list(reg->district, district_list_of(reg->district, entry));
	struct entry row;

	if (list->external != (uint64_t)decision->lists[side])
		return false;
	district_entry(reg->district, entry, &row);
	return row.row == decision->rows[side];
}

int register_apply_decisions(struct district_register *reg, uint32_t entry, struct error *err)
{
	uint64_t fingerprint;

	if (!reg->n_decisions)
		return 0;
	fingerprint = district_fingerprint(reg->district, entry);
	for (size_t i = 0; i < reg->n_decisions; i++) {
		struct register_decision *decision = &reg->decisions[i];
		bool twins = decision->fingerprints[0] == decision->fingerprints[1];

		for (int side = 0; side < 2; side++) {
			if (decision->fingerprints[side] != fingerprint)
				continue;
			/* Rows alike in everything can't be told by their fingerprint: then it is about those two alone. */
			if (twins && !is_entry_looked_at(reg, decision, side, entry))
				continue;
			for (size_t j = 0; j < decision->n_entries[!side]; j++) {
				if (district_decide(reg->district, decision->level, entry, decision->entries[!side][j],
					    decision->verdict, err) < 0)
					return -1;
			}
			if (keep_entry(decision, side, entry, err) < 0)
				return -1;
		}
	}
	return 0;
}
