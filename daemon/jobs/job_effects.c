/*
 * From a settled register to the tables; see job_effects.h.
 */
#include "daemon/jobs/job_effects.h"
#include "daemon/base/counters.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/log.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/job_model.h"
#include "daemon/jobs/job_worker.h"
#include "daemon/jobs/register_load.h"
#include "matcher/base/log2.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

static const double evidence_from = 0.01; /* doubtful pairs kept for people to look at */
enum { EVIDENCE_PAIRS_MAX = 8, TRIM_ROWS = 50000 };
enum { CHANGED_SHARE = 10 }; /* one in so many entries with new ids: from there on reading them all costs less than looking each up */

/* ---- deciding, in the pool ---- */

static int keep_flag(void *arg, const struct flag *flag)
{
	struct job_effects *effects = arg;

	if (effects->n_flags == effects->flags_room) {
		size_t room = effects->flags_room ? 2 * effects->flags_room : 1024;
		struct keyed_flag *more = realloc(effects->flags, room * sizeof(*more));

		if (!more)
			return -1;
		effects->flags = more;
		effects->flags_room = room;
	}
	effects->flags[effects->n_flags++] = (struct keyed_flag){.flag = *flag};
	return 0;
}

/* Where flags may stand already: at no entry of the list in hand. */
static int keep_touched(struct job_run *run, struct job_effects *effects, struct error *err)
{
	struct district *district = run->reg->district;
	const uint32_t *touched;
	size_t n;

	if (district_touched(district, &touched, &n, err) < 0)
		return -1;
	effects->touched = malloc((n ? n : 1) * sizeof(*effects->touched));
	if (!effects->touched)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		if (district_list_of(district, touched[i]) != effects->list_number)
			effects->touched[effects->n_touched++] = touched[i];
	}
	return 0;
}

/* Entries of the list in hand are written whole; of the others, those with new ids. Withdrawn ones keep what they had. */
static int keep_changed(struct job_run *run, struct job_effects *effects, struct error *err)
{
	const struct district *district = run->reg->district;
	size_t n, kept = 0;
	const uint32_t *changed = district_changed(district, &n);

	if (run->reg->drifted)
		n = district_entries(district);
	effects->changed = malloc((n ? n : 1) * sizeof(*effects->changed));
	if (!effects->changed)
		return error_memory(err);
	for (size_t i = 0; i < n; i++) {
		uint32_t entry = run->reg->drifted ? (uint32_t)i : changed[i], list = district_list_of(district, entry);

		if (list != effects->list_number && !district_list(district, list)->withdrawn)
			effects->changed[kept++] = entry;
	}
	effects->n_changed = kept;
	return 0;
}

static int keep_new_ids(struct job_run *run, struct job_effects *effects, struct error *err)
{
	const struct district *district = run->reg->district;
	const struct district_list *list =
		effects->list_number == DISTRICT_NONE ? NULL : district_list(district, effects->list_number);
	struct district_ids from = run->reg->ids_stored, next = district_next_ids(district);
	struct new_ids *persons = &effects->persons, *households = &effects->households;

	if (new_ids_init(persons, from.person, next.person, err) < 0 ||
		new_ids_init(households, from.household, next.household, err) < 0)
		return -1;
	for (size_t i = 0; i < effects->n_changed + (list ? list->n_entries : 0); i++) {
		uint32_t entry =
			i < effects->n_changed ? effects->changed[i] : list->first_entry + (uint32_t)(i - effects->n_changed);

		new_ids_add(persons, district_person(district, entry));
		new_ids_add(households, district_household(district, entry));
	}
	return new_ids_write(persons, err) < 0 ? -1 : new_ids_write(households, err);
}

static int decide_in_pool(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	struct district *district = run->reg->district;

	if (job_model_learn(run, effects, err) < 0 || register_settle(run, err) < 0 || keep_changed(run, effects, err) < 0 ||
		keep_new_ids(run, effects, err) < 0)
		return -1;
	run->stage = "flag";
	job_clock(run, "flag");
	effects->everything |= run->reg->drifted;
	if (keep_touched(run, effects, err) < 0)
		return -1;
	if (district_flags(district, effects->everything, keep_flag, effects, err) < 0)
		return -1;
	if (keyed_flags_number(district, &run->reg->config.rules, effects->flags, effects->n_flags, err) < 0)
		return -1;
	if (run->worker->options.searched && register_prepare_search(run, err) < 0)
		return -1;
	/* What settling many entries took is given back now: the register alone stays. */
	if (effects->accepted >= TRIM_ROWS || effects->everything)
		malloc_trim(0);
	failpoint(process_settled);
	return 0;
}

int effects_decide(struct job_run *run, struct error *err)
{
	return job_in_pool(run, decide_in_pool, err);
}

/* ---- the transaction ---- */

int effects_begin(struct job_run *run, struct error *err)
{
	return job_begin_transaction(run, err);
}

int effects_guard(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.job),
		job_number(run, run->claim.fence)};

	failpoint(process_begun);
	return job_query(run, sql_find("job_guard"), 3, values, NULL, err);
}

int effects_temporary(struct job_run *run, struct error *err)
{
	return job_query(run, sql_find("effects_temporary"), 0, NULL, NULL, err);
}

/* A statement with the district and the list that brings it about. */
static int run_for_list(struct job_run *run, const char *name, struct error *err)
{
	struct job_effects *effects = run->job;
	const char *values[] = {job_number(run, run->claim.district), effects->list ? job_number(run, effects->list) : NULL};

	return job_query(run, sql_find(name), 2, values, NULL, err);
}

static int run_for_district(struct job_run *run, const char *name, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district)};

	return job_query(run, sql_find(name), 1, values, NULL, err);
}

int effects_retire_model(struct job_run *run, struct error *err)
{
	return ((struct job_effects *)run->job)->model ? run_for_district(run, "model_retire", err) : JOB_NEXT;
}

static int on_saved(struct job_run *run, PGresult *result, struct error *err)
{
	const struct job_effects *effects = run->job;

	run->reg->stamp.model = run->reg->model = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	run->reg->model_rows = effects->model_rows;
	return 0;
}

int effects_save_model(struct job_run *run, struct error *err)
{
	const struct job_effects *effects = run->job;
	const char *values[] = {job_number(run, run->claim.district), effects->model,
		job_number(run, (int64_t)effects->model_rows), job_number(run, (int64_t)district_entries(run->reg->district))};

	return effects->model ? job_query(run, sql_find("model_save"), 4, values, on_saved, err) : JOB_NEXT;
}

/* Where an entry stands in the database: list and row, as two values. */
static void write_place(struct copy_buffer *buffer, const struct district *district, uint32_t number)
{
	struct entry entry;

	if (number == FLAG_NO_ENTRY) {
		copy_write_null(buffer);
		copy_write_null(buffer);
		return;
	}
	district_entry(district, number, &entry);
	copy_write_int(buffer, (int64_t)district_list(district, district_list_of(district, number))->external);
	copy_write_int(buffer, entry.row);
}

static int fill_changed(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct job_effects *effects = run->job;
	const struct district *district = run->reg->district;
	uint32_t entry;

	if (effects->next == effects->n_changed)
		return 0;
	entry = effects->changed[effects->next++];
	write_place(buffer, district, entry);
	copy_write_int(buffer, (int64_t)district_person(district, entry));
	copy_write_int_or_null(buffer, (int64_t)district_household(district, entry));
	copy_row_end(buffer);
	return 1;
}

int effects_copy_changed(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	failpoint(process_entries_copied);
	effects->next = 0;
	if (!effects->n_changed)
		return JOB_NEXT;
	return job_copy_in(run, "COPY pg_temp.padan_changed (list, row, person, household) FROM STDIN", fill_changed, err);
}

int effects_entries(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	if (!effects->n_changed)
		return JOB_NEXT;
	if (effects->n_changed > district_entries(run->reg->district) / CHANGED_SHARE)
		return run_for_district(run, "effects_entries_all", err);
	return run_for_district(run, "effects_entries", err);
}

static int store_ids(struct job_run *run, const struct new_ids *ids, const char *name, struct error *err)
{
	const struct job_effects *effects = run->job;
	const char *values[] = {job_number(run, run->claim.district), ids->from, ids->to, job_number(run, effects->list)};

	return ids->from ? job_query(run, sql_find(name), 4, values, NULL, err) : JOB_NEXT;
}

int effects_persons(struct job_run *run, struct error *err)
{
	return store_ids(run, &((struct job_effects *)run->job)->persons, "effects_persons", err);
}

int effects_households(struct job_run *run, struct error *err)
{
	return store_ids(run, &((struct job_effects *)run->job)->households, "effects_households", err);
}

static int fill_identity(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct job_effects *effects = run->job;
	size_t n, n_before = run->reg->n_drift_changes;
	const struct district_id_change *changes = district_id_changes(run->reg->district, &n);
	const struct district_id_change *change;

	if (effects->next == n_before + n)
		return 0;
	change = effects->next < n_before ? &run->reg->drift_changes[effects->next] : &changes[effects->next - n_before];
	effects->next++;
	if (change->reason == DISTRICT_ID_GONE) /* nothing goes on in its place; the id stands as it is */
		return 1;
	copy_write_str(buffer, str_from(change->level == DISTRICT_PERSON ? "person" : "household"));
	copy_write_str(buffer, str_from(change->reason == DISTRICT_ID_MERGED ? "merge" : "split"));
	copy_write_int(buffer, (int64_t)change->old);
	copy_write_int(buffer, (int64_t)change->now);
	copy_row_end(buffer);
	return 1;
}

static bool has_identity_changes(struct job_run *run)
{
	size_t n;

	district_id_changes(run->reg->district, &n);
	return n + run->reg->n_drift_changes > 0;
}

int effects_copy_identity(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	effects->next = 0;
	if (!has_identity_changes(run))
		return JOB_NEXT;
	return job_copy_in(run, "COPY pg_temp.padan_identity (kind, what, old_id, new_id) FROM STDIN", fill_identity, err);
}

int effects_identity(struct job_run *run, struct error *err)
{
	return has_identity_changes(run) ? run_for_list(run, "effects_identity", err) : JOB_NEXT;
}

int effects_merged_persons(struct job_run *run, struct error *err)
{
	return has_identity_changes(run) ? run_for_district(run, "effects_merged_persons", err) : JOB_NEXT;
}

int effects_merged_households(struct job_run *run, struct error *err)
{
	failpoint(process_persons_written);
	return has_identity_changes(run) ? run_for_district(run, "effects_merged_households", err) : JOB_NEXT;
}

/* ---- evidence: the pairs that flags rest on, and doubtful pairs of new entries ---- */

static void write_verdict(struct copy_buffer *buffer, const struct district *district, uint32_t a, uint32_t b,
	const char *kind, bool linked, double weight, double probability)
{
	struct entry entries[2];
	uint64_t lists[2];
	bool swap;

	district_entry(district, a, &entries[0]);
	district_entry(district, b, &entries[1]);
	lists[0] = district_list(district, district_list_of(district, a))->external;
	lists[1] = district_list(district, district_list_of(district, b))->external;
	swap = lists[0] > lists[1] || (lists[0] == lists[1] && entries[0].row > entries[1].row);
	copy_write_int(buffer, (int64_t)lists[swap]);
	copy_write_int(buffer, entries[swap].row);
	copy_write_int(buffer, (int64_t)lists[!swap]);
	copy_write_int(buffer, entries[!swap].row);
	copy_write_str(buffer, str_from(kind));
	copy_write_str(buffer, linked ? STR_LITERAL("linked") : STR_LITERAL("doubtful"));
	copy_write_float(buffer, weight);
	copy_write_float(buffer, probability);
	copy_row_end(buffer);
}

/* What the two rows say; and, where the family makes them one person, how sure that is, as a link of the kind "household". */
static void write_pair(struct copy_buffer *buffer, const struct district *district, uint32_t a, uint32_t b)
{
	struct linker_pair pair;
	double by_family;

	if (a == b)
		return;
	linker_score(district_linker(district), a < b ? a : b, a < b ? b : a, &pair);
	write_verdict(buffer, district, a, b, "person", district_person(district, a) == district_person(district, b), pair.weight,
		pair.probability);
	if (district_by_family(district, a, b, &by_family))
		write_verdict(buffer, district, a, b, "household", true, log2_of(by_family / (1 - by_family + 1e-9)), by_family);
}

/* The list's own entries come first, then the flags. */
static int fill_evidence(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct job_effects *effects = run->job;
	const struct district *district = run->reg->district;
	const struct district_list *list =
		effects->list_number == DISTRICT_NONE ? NULL : district_list(district, effects->list_number);
	size_t n_entries = list && !list->withdrawn ? list->n_entries : 0, at = effects->next++;

	if (at < n_entries) {
		struct linker_pair pairs[EVIDENCE_PAIRS_MAX];
		uint32_t entry = list->first_entry + (uint32_t)at;
		size_t n = linker_pairs_of(district_linker(district), entry, pairs, EVIDENCE_PAIRS_MAX);

		for (size_t i = 0; i < n && i < EVIDENCE_PAIRS_MAX; i++) {
			uint32_t other = pairs[i].a == entry ? pairs[i].b : pairs[i].a;

			if (pairs[i].probability >= evidence_from &&
				district_person(district, other) != district_person(district, entry) &&
				!district_list(district, district_list_of(district, other))->withdrawn)
				write_pair(buffer, district, entry, other);
		}
		return 1;
	}
	at -= n_entries;
	if (at == effects->n_flags)
		return 0;
	if (effects->flags[at].flag.other != FLAG_NO_ENTRY)
		write_pair(buffer, district, effects->flags[at].flag.entry, effects->flags[at].flag.other);
	return 1;
}

int effects_copy_evidence(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	effects->next = 0;
	return job_copy_in(run,
		"COPY pg_temp.padan_evidence (a_list, a_row, b_list, b_row, kind, verdict, weight, probability) FROM STDIN",
		fill_evidence, err);
}

int effects_evidence(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->reg->model)};

	return job_query(run, sql_find("effects_evidence"), 2, values, NULL, err);
}

/* ---- flags ---- */

static int fill_touched(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct job_effects *effects = run->job;

	if (effects->next == effects->n_touched)
		return 0;
	write_place(buffer, run->reg->district, effects->touched[effects->next++]);
	copy_row_end(buffer);
	return 1;
}

int effects_copy_touched(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	effects->next = 0;
	if (effects->everything || !effects->n_touched)
		return JOB_NEXT;
	return job_copy_in(run, "COPY pg_temp.padan_touched (list, row) FROM STDIN", fill_touched, err);
}

static int fill_flag(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct job_effects *effects = run->job;
	const struct district *district = run->reg->district;
	const struct ruleset *rules = &run->reg->config.rules;
	const struct keyed_flag *keyed;
	const struct district_list *list;
	struct entry entry;
	char key[FLAG_KEY_TEXT];

	if (effects->next == effects->n_flags)
		return 0;
	keyed = &effects->flags[effects->next++];
	keyed_flag_text(district, rules, keyed, key);
	district_entry(district, keyed->flag.entry, &entry);
	list = district_list(district, district_list_of(district, keyed->flag.entry));
	copy_write_str(buffer, str_from(key));
	copy_write_int(buffer, (int64_t)keyed_flag_basis(district, rules, keyed));
	copy_write_str(buffer, str_from(flag_kind_name(keyed->flag.kind)));
	copy_write_str(buffer, str_from(severity_name(keyed->flag.severity)));
	copy_write_float(buffer, keyed->flag.certainty);
	copy_write_str(buffer, str_from(flag_state_name(keyed->flag.state)));
	write_place(buffer, district, keyed->flag.entry);
	write_place(buffer, district, keyed->flag.other);
	copy_write_str_or_null(buffer, keyed->flag.rule >= 0 ? rules->rules[keyed->flag.rule].code : (struct str){"", 0});
	copy_write_int_or_null(buffer, (int64_t)district_person(district, keyed->flag.entry));
	copy_write_int_or_null(buffer, (int64_t)district_household(district, keyed->flag.entry));
	copy_write_str_or_null(buffer,
		list->kind == LIST_PROGRAMME ? rules->programmes[list->subject].code : (struct str){"", 0});
	copy_write_int_or_null(buffer, (int64_t)entry.village);
	copy_row_end(buffer);
	return 1;
}

int effects_copy_flags(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	effects->next = 0;
	if (!effects->n_flags)
		return JOB_NEXT;
	return job_copy_in(run,
		"COPY pg_temp.padan_flags (key, basis, kind, severity, certainty, state, list, row, other_list, other_row, "
		"rule, person, household, programme, village) FROM STDIN",
		fill_flag, err);
}

int effects_compare_flags(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;

	return run_for_district(run, effects->everything ? "flags_compare_all" : "flags_compare_touched", err);
}

int effects_lock_flags(struct job_run *run, struct error *err)
{
	return run_for_district(run, "flags_lock", err);
}

static int on_resolved(struct job_run *run, PGresult *result, struct error *err)
{
	((struct job_effects *)run->job)->settled = strtoull(PQcmdTuples(result), NULL, 10);
	return 0;
}

int effects_resolve_flags(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	const char *values[] = {job_number(run, run->claim.district), effects->list ? job_number(run, effects->list) : NULL};

	return job_query(run, sql_find("flags_resolve"), 2, values, on_resolved, err);
}

int effects_update_flags(struct job_run *run, struct error *err)
{
	return run_for_list(run, "flags_update", err);
}

static int on_inserted(struct job_run *run, PGresult *result, struct error *err)
{
	((struct job_effects *)run->job)->opened = strtoull(PQcmdTuples(result), NULL, 10);
	return 0;
}

int effects_insert_flags(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	/* Only a list that came shows flags; what a withdrawal or a rule brings up is shown by the list it stands in. */
	const char *values[] = {job_number(run, run->claim.district),
		run->claim.kind == JOB_LIST ? job_number(run, effects->list) : NULL};

	return job_query(run, sql_find("flags_insert"), 2, values, on_inserted, err);
}

int effects_next_ids(struct job_run *run, struct error *err)
{
	struct district_ids next = district_next_ids(run->reg->district);
	const char *values[] = {job_number(run, run->claim.district), job_number(run, (int64_t)next.person),
		job_number(run, (int64_t)next.household)};

	failpoint(process_flags_written);
	return job_query(run, sql_find("next_ids"), 3, values, NULL, err);
}

/* ---- the end ---- */

int effects_alerts(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	const struct alert_config *alerts = &run->reg->config.alerts;
	char share[32], village[16];
	const char *values[] = {job_number(run, run->claim.district),
		run->claim.kind == JOB_LIST ? job_number(run, effects->list) : NULL, alerts->n_emails && alerts->smtp_url.n ? "t" : "f", alerts->webhook_url.n ? "t" : "f",
		alerts->smtp_url.n ? "t" : "f", share, village};

	if (!alerts->smtp_url.n && !alerts->webhook_url.n)
		return JOB_NEXT;
	snprintf(share, sizeof(share), "%.6f", alerts->inclusion_share);
	snprintf(village, sizeof(village), "%u", alerts->excluded_in_village);
	return job_query(run, sql_find("alerts_list_done"), 7, values, NULL, err);
}

int effects_finish(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district), job_number(run, run->claim.job),
		job_number(run, run->claim.fence), NULL, NULL};

	failpoint(process_alerts_written);
	return job_query(run, sql_find("job_finish"), 5, values, NULL, err);
}

int effects_commit(struct job_run *run, struct error *err)
{
	failpoint(process_before_commit);
	return job_commit(run, err);
}

int effects_committed(struct job_run *run, struct error *err)
{
	struct job_effects *effects = run->job;
	struct counters *counters = run->worker->counters;

	failpoint(process_after_commit);
	run->reg->drifted = false;
	run->reg->ids_stored = district_next_ids(run->reg->district);
	run->reg->n_drift_changes = 0;
	counter_add(counters, COUNTER_rows_accepted_total, effects->accepted);
	counter_add(counters, COUNTER_rows_rejected_total, effects->rejected);
	counter_add(counters, COUNTER_flags_opened_total, effects->opened);
	counter_add(counters, COUNTER_flags_settled_total, effects->settled);
	if (run->claim.kind == JOB_LIST)
		counter_add(counters, COUNTER_lists_done_total, 1);
	log_info("committed", LOG_NUMBER("district", run->claim.district), LOG_NUMBER("job", run->claim.job),
		LOG_WORD("kind", job_kind_name(run->claim.kind)), LOG_NUMBER("list", effects->list),
		LOG_NUMBER("accepted", effects->accepted), LOG_NUMBER("rejected", effects->rejected),
		LOG_NUMBER("flags_opened", effects->opened), LOG_NUMBER("flags_settled", effects->settled));
	job_clocks_log(run);
	return JOB_NEXT;
}
