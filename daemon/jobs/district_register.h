/*
 * The registers that this daemon keeps in memory: for each district it works for, its configuration, villages, decisions
 * and the struct district of matcher/, loaded from PostgreSQL when first needed and kept up as its jobs commit.
 *
 * A register is up to date if no job of the district was finished by anybody since, the configuration was not applied
 * again and no other model is in use; else it is loaded anew. Jobs of a district run one at a time, under a fence, so what was
 * true when a job began stays true until it commits. A job that fails after it changed the register throws it away.
 *
 * Belongs to the loop's thread; the job that uses a register may hand it to the pool. At most LIMIT_DISTRICTS_IN_MEMORY.
 */
#ifndef PADAN_DISTRICT_REGISTER_H
#define PADAN_DISTRICT_REGISTER_H

#include "daemon/base/district_config.h"
#include "daemon/base/limits.h"
#include "matcher/base/arena.h"
#include "matcher/district/district.h"
#include "matcher/normalise/place.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { REGISTER_STAMP_MAX = 48 };

/* What a register was loaded from. */
struct register_stamp {
	char applied_at[REGISTER_STAMP_MAX]; /* of the configuration */
	int64_t newest_job;                  /* the last one that was finished */
	int64_t model;                       /* 0: the shipped one */
};

/* A human decision, and the entries in memory that it is about. */
struct register_decision {
	enum district_level level;
	enum linker_decision verdict;
	int64_t lists[2];
	uint32_t rows[2];
	uint64_t fingerprints[2]; /* low, high */
	uint32_t *entries[2];     /* malloc'd: entries with that fingerprint */
	size_t n_entries[2];
};

struct district_register {
	uint32_t number; /* 1505 */
	struct register_stamp stamp;
	struct arena arena; /* configuration, villages */
	struct district_config config;
	struct village_table villages;
	struct district *district;
	struct register_decision *decisions;
	size_t n_decisions;
	bool in_use, loaded;
	/*
	 * Loading gave other persons or households than the database has: decisions are new, or this program decides otherwise
	 * than the one that wrote them. The next job writes all of it.
	 */
	bool drifted;
	uint64_t ids_loaded; /* hash of the ids as they were read */
	struct district_ids ids_stored; /* padan.persons and padan.households hold every id below these that was ever given */
	struct district_id_change *drift_changes; /* in the arena */
	size_t n_drift_changes;
	int64_t model;       /* padan.models; 0: the shipped one. stamp.model unless that one can't be used by this program */
	uint64_t model_rows; /* what it was learnt from: see job_model.h */
	uint64_t used_ms;    /* loop time */
	uv_work_t freeing;
};

struct register_cache {
	uv_loop_t *loop; /* in whose pool registers are freed: a million entries hold it up for a while */
	struct district_register *all[LIMIT_DISTRICTS_IN_MEMORY];
};

/* The register of that district if it is loaded and bears that stamp; a stale one is thrown away. */
struct district_register *register_cache_find(struct register_cache *cache, uint32_t district,
	const struct register_stamp *stamp);
/* An empty one; the one unused for longest makes place. NULL and err: memory, or all are in use. */
struct district_register *register_cache_add(struct register_cache *cache, uint32_t district, uint64_t now_ms,
	struct error *err);
bool register_cache_has(const struct register_cache *cache, uint32_t district);
/* Throws a register away; all of them. What they hold is given back in the pool, soon; the loop waits for that before it ends. */
void register_cache_drop(struct register_cache *cache, struct district_register *reg);
void register_cache_release(struct register_cache *cache);

/* Programme or reference index of a list's subject; -1 for a target list; -2: the configuration no longer knows it. */
int register_subject(const struct district_register *reg, enum list_kind kind, struct str subject);
/* "programme", "target", "reference"; LIST_PROGRAMME for anything else. */
enum list_kind list_kind_from_name(const char *name);
const char *list_kind_name(enum list_kind kind);

/*
 * An entry came into the register: decisions about its fingerprint are told to the district. Loading and list jobs call
 * it for every entry, in the pool.
 */
int register_apply_decisions(struct district_register *reg, uint32_t entry, struct error *err) PADAN_MUST_CHECK;

#endif
