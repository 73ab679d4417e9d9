/*
 * Loading a district's register from PostgreSQL; see register_load.h. Entries stream through the pool, list by list in the
 * order in which the lists were worked on, with the ids they had: so the same persons and households stand there as before.
 */
#include "daemon/jobs/register_load.h"
#include "daemon/base/counters.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/base/thread_pool.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/entry_copy.h"
#include "daemon/jobs/job_worker.h"
#include "matcher/base/hash.h"
#include "matcher/link/fs_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

/* A list still to be loaded. */
struct waiting_list {
	int64_t list;
	struct district_list description;
	bool known; /* the configuration still knows its programme */
};

/* Lives in the run's arena while a register is being loaded. */
struct register_load {
	struct waiting_list *lists;
	size_t n_lists, next;
};

static const char *district_number(struct job_run *run)
{
	return job_number(run, run->claim.district);
}

static int on_state(struct job_run *run, PGresult *result, struct error *err)
{
	struct register_cache *cache = &run->worker->registers;
	struct register_stamp stamp = {0};
	struct district_ids next;
	struct district_register *reg;
	struct linker_options thresholds = {0};
	struct error config_error = {0};

	if (PQntuples(result) != 1)
		return error_set(err, ERROR_DATABASE, "Kabupaten tidak ada di basis data.", "The district is not in the database.");
	snprintf(stamp.applied_at, sizeof(stamp.applied_at), "%s", PQgetvalue(result, 0, 0));
	next.person = strtoull(PQgetvalue(result, 0, 2), NULL, 10);
	next.household = strtoull(PQgetvalue(result, 0, 3), NULL, 10);
	stamp.newest_job = strtoll(PQgetvalue(result, 0, 4), NULL, 10);
	stamp.model = strtoll(PQgetvalue(result, 0, 5), NULL, 10);
	reg = register_cache_find(cache, run->claim.district, &stamp);
	if (reg && (run->claim.kind == JOB_REDECIDE || run->claim.kind == JOB_ERASE)) {
		/* Decisions, or rows that went away: read again from the start. */
		register_cache_drop(cache, reg);
		reg = NULL;
	}
	if (!reg)
		reg = register_cache_add(cache, run->claim.district, uv_now(run->loop), err);
	if (!reg)
		return -1;
	run->reg = reg;
	reg->in_use = true;
	reg->used_ms = uv_now(run->loop);
	if (reg->loaded) {
		run->mail = reg->config.alerts.smtp_url.n > 0;
		return 0;
	}
	reg->stamp = stamp;
	run->mail = false;
	if (district_config_parse(str_from(PQgetvalue(result, 0, 1)), &reg->arena, &reg->config, NULL, &config_error) < 0) {
		*err = config_error;
		return error_context(err, "konfigurasi yang tersimpan", "stored configuration");
	}
	run->mail = reg->config.alerts.smtp_url.n > 0;
	thresholds.threshold = reg->config.link_threshold;
	thresholds.doubtful_from = reg->config.doubtful_from;
	if (district_new(&reg->config.rules, &reg->villages, &thresholds, &reg->district, err) < 0)
		return -1;
	district_set_next_ids(reg->district, next);
	reg->ids_stored = next;
	return 0;
}

int register_check(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run)};

	return values[0] ? job_query(run, sql_find("register_state"), 1, values, on_state, err) : error_memory(err);
}

/* A model that this program can't read or use any more is left alone; the next large list learns another. */
static int on_model(struct job_run *run, PGresult *result, struct error *err)
{
	struct district_register *reg = run->reg;
	struct fs_model model;
	struct error why = {0};

	if (PQntuples(result) != 1)
		return 0;
	if (fs_model_read(&model, str_from(PQgetvalue(result, 0, 0)), &why) < 0 ||
		district_set_model(reg->district, &model, &why) < 0) {
		log_warning("the stored model can't be used; the shipped one is", LOG_NUMBER("district", reg->number),
			LOG_NUMBER("model", reg->stamp.model), LOG_ERROR_TEXT(&why));
		return 0;
	}
	reg->model = reg->stamp.model;
	reg->model_rows = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	return 0;
}

int register_load_model(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run), job_number(run, run->reg->stamp.model)};

	if (run->reg->loaded || !run->reg->stamp.model)
		return JOB_NEXT;
	return values[1] ? job_query(run, sql_find("register_model"), 2, values, on_model, err) : error_memory(err);
}

static int on_villages(struct job_run *run, PGresult *result, struct error *err)
{
	struct district_register *reg = run->reg;
	size_t n = PQntuples(result);
	struct village *villages = arena_array(&reg->arena, n ? n : 1, sizeof(*villages));

	if (!villages)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		villages[i].code = strtoull(PQgetvalue(result, i, 0), NULL, 10);
		villages[i].name = arena_str(&reg->arena, str_from(PQgetvalue(result, i, 1)));
		villages[i].kecamatan = arena_str(&reg->arena, str_from(PQgetvalue(result, i, 2)));
		if (!villages[i].name.p || !villages[i].kecamatan.p)
			return error_memory(err);
	}
	reg->villages.villages = villages;
	reg->villages.n = n;
	reg->villages.index = place_index_new(villages, n, &reg->arena);
	return reg->villages.index ? 0 : error_memory(err);
}

int register_load_villages(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run)};

	if (run->reg->loaded)
		return JOB_NEXT;
	return values[0] ? job_query(run, sql_find("register_villages"), 1, values, on_villages, err) : error_memory(err);
}

static int on_decisions(struct job_run *run, PGresult *result, struct error *err)
{
	struct district_register *reg = run->reg;
	size_t n = PQntuples(result);

	reg->decisions = arena_array(&reg->arena, n ? n : 1, sizeof(*reg->decisions));
	if (!reg->decisions)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		struct register_decision *decision = &reg->decisions[i];

		decision->level = strcmp(PQgetvalue(result, i, 0), "household") == 0 ? DISTRICT_HOUSEHOLD : DISTRICT_PERSON;
		decision->verdict = strcmp(PQgetvalue(result, i, 1), "same") == 0 ? LINKER_SAME : LINKER_NOT_SAME;
		for (int side = 0; side < 2; side++) {
			decision->lists[side] = strtoll(PQgetvalue(result, i, 2 + 2 * side), NULL, 10);
			decision->rows[side] = strtoul(PQgetvalue(result, i, 3 + 2 * side), NULL, 10);
			decision->fingerprints[side] = (uint64_t)strtoll(PQgetvalue(result, i, 6 + side), NULL, 10);
		}
	}
	reg->n_decisions = n;
	return 0;
}

int register_load_decisions(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run)};

	if (run->reg->loaded)
		return JOB_NEXT;
	return values[0] ? job_query(run, sql_find("register_decisions"), 1, values, on_decisions, err) : error_memory(err);
}

static int on_lists(struct job_run *run, PGresult *result, struct error *err)
{
	struct register_load *load = arena_alloc(&run->arena, sizeof(*load));
	size_t n = PQntuples(result);

	if (!load)
		return error_memory(err);
	run->job = load;
	load->lists = arena_array(&run->arena, n ? n : 1, sizeof(*load->lists));
	if (!load->lists)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		enum list_kind kind = list_kind_from_name(PQgetvalue(result, i, 1));
		int subject = register_subject(run->reg, kind, str_from(PQgetvalue(result, i, 2)));

		load->lists[i].list = strtoll(PQgetvalue(result, i, 0), NULL, 10);
		load->lists[i].known = subject != -2;
		load->lists[i].description = (struct district_list){
			.kind = kind,
			.subject = subject,
			.day = strtoul(PQgetvalue(result, i, 3), NULL, 10),
			.external = (uint64_t)load->lists[i].list,
		};
	}
	load->n_lists = n;
	return 0;
}

int register_load_lists(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run)};

	if (run->reg->loaded)
		return JOB_NEXT;
	return values[0] ? job_query(run, sql_find("register_lists"), 1, values, on_lists, err) : error_memory(err);
}

static uint64_t hash_ids(uint64_t hash, struct district_ids ids)
{
	return hash_pair(hash_pair(hash, ids.person), ids.household);
}

/* In the pool. */
static int on_entries(struct job_run *run, struct str rows, struct error *err)
{
	struct str row;

	failpoint(register_loading);
	while (job_next_row(&rows, &row)) {
		struct district_ids ids;
		struct entry entry;
		uint32_t number;
		int64_t list;

		if (atomic_load(&run->stop))
			return error_set(err, ERROR_CANCELLED, "Dibatalkan.", "Cancelled.");
		if (entry_copy_read(row, &run->scratch, &list, &entry, &ids, err) < 0 ||
			district_add_entry(run->reg->district, &entry, &ids, &number, err) < 0 ||
			register_apply_decisions(run->reg, number, err) < 0)
			return -1;
		run->reg->ids_loaded = hash_ids(run->reg->ids_loaded, ids);
	}
	arena_reset(&run->scratch);
	return 0;
}

/* The next list; comes back to itself until all are in. */
int register_load_entries(struct job_run *run, struct error *err)
{
	struct register_load *load = run->job;
	struct waiting_list *list;
	char sql[JOB_SQL_MAX];
	uint32_t number;

	if (run->reg->loaded)
		return JOB_NEXT;
	while (load->next < load->n_lists && !load->lists[load->next].known)
		load->next++;
	if (load->next == load->n_lists)
		return JOB_NEXT;
	list = &load->lists[load->next++];
	if (district_add_list(run->reg->district, &list->description, &number, err) < 0)
		return -1;
	snprintf(sql, sizeof(sql),
		"COPY (SELECT " ENTRY_COPY_OUT " FROM padan.entries WHERE district = %u AND list = %lld ORDER BY row) TO STDOUT",
		run->claim.district, (long long)list->list);
	run->step--;
	return job_copy_out(run, sql, on_entries, err);
}

int register_take_periods(struct job_run *run, PGresult *result, struct error *err)
{
	for (int i = 0; i < PQntuples(result); i++) {
		uint32_t list = district_find_list(run->reg->district, strtoull(PQgetvalue(result, i, 0), NULL, 10));

		if (list != DISTRICT_NONE)
			district_set_period_open(run->reg->district, list, PQgetvalue(result, i, 1)[0] == 't');
	}
	return 0;
}

int register_load_periods(struct job_run *run, struct error *err)
{
	const char *values[] = {district_number(run)};

	if (run->reg->loaded)
		return JOB_NEXT;
	return values[0] ? job_query(run, sql_find("periods_open"), 1, values, register_take_periods, err) : error_memory(err);
}

int register_settle(struct job_run *run, struct error *err)
{
	struct linker_progress progress = job_progress(run);
	struct thread_pool *threads = thread_pool_new(run->worker->options.threads);
	int status = district_settle(run->reg->district, thread_pool_parallel(threads), &progress, err);

	thread_pool_free(threads);
	return status;
}

int register_prepare_search(struct job_run *run, struct error *err)
{
	struct thread_pool *threads = thread_pool_new(run->worker->options.threads);
	int status = district_search_prepare(run->reg->district, thread_pool_parallel(threads));

	thread_pool_free(threads);
	return status < 0 ? error_memory(err) : 0;
}

static int ignore_flag(void *arg, const struct flag *flag)
{
	return 0;
}

/* Whether the ids are those that were read; if not, what became of them is kept for the next job to write. */
static int notice_drift(struct district_register *reg, struct error *err)
{
	uint64_t hash = 0;
	size_t n;
	const struct district_id_change *changes = district_id_changes(reg->district, &n);

	for (uint32_t i = 0; i < district_entries(reg->district); i++)
		hash = hash_ids(hash, (struct district_ids){district_person(reg->district, i), district_household(reg->district, i)});
	reg->drifted = hash != reg->ids_loaded;
	if (!reg->drifted)
		return 0;
	reg->drift_changes = arena_array(&reg->arena, n ? n : 1, sizeof(*changes));
	if (!reg->drift_changes)
		return error_memory(err);
	if (n)
		memcpy(reg->drift_changes, changes, n * sizeof(*changes));
	reg->n_drift_changes = n;
	return 0;
}

/* In the pool. The flags of what was loaded stand in the database already: only what comes later is looked at. */
static int settle_loaded(struct job_run *run, struct error *err)
{
	if (register_settle(run, err) < 0 || notice_drift(run->reg, err) < 0 || register_prepare_search(run, err) < 0)
		return -1;
	return district_flags(run->reg->district, false, ignore_flag, NULL, err);
}

int register_load_settle(struct job_run *run, struct error *err)
{
	struct district_register *reg = run->reg;

	if (reg->loaded) /* also when this step comes back after the pool */
		return JOB_NEXT;
	if (!run->loading) {
		run->loading = true;
		run->step--;
		return job_in_pool(run, settle_loaded, err);
	}
	run->loading = false;
	reg->loaded = true;
	run->job = NULL;
	failpoint(register_loaded);
	counter_add(run->worker->counters, COUNTER_registers_loaded_total, 1);
	log_info("register loaded", LOG_NUMBER("district", reg->number), LOG_NUMBER("lists", district_lists(reg->district)),
		LOG_NUMBER("entries", district_entries(reg->district)), LOG_NUMBER("persons", district_persons(reg->district)),
		LOG_NUMBER("households", district_households(reg->district)),
		LOG_NUMBER("bytes", district_memory(reg->district)));
	return JOB_NEXT;
}

/* ---- before a list asks for it ---- */

static int ahead_begin(struct job_run *run, struct error *err)
{
	return job_begin_reading(run, err);
}

static int ahead_end(struct job_run *run, struct error *err)
{
	return job_rollback(run, err);
}

/* No fence holds others off: what a transaction of its own sees belongs together, and the register's stamp to it. */
const struct job_step register_ahead_steps[] = {
	{"register", ahead_begin},
	REGISTER_READ_STEPS,
	{NULL, ahead_end},
	{NULL, register_load_settle},
	{NULL, NULL},
};
