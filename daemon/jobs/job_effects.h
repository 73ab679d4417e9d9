/*
 * What every job that changes a register ends with: settle, decide the flags, and write all of it in the one transaction
 * that completes the job – entries' new ids, persons, households, merges and splits, evidence, flags with their life
 * cycle, alerts, and the job itself. If any part fails, nothing of it is there and the register in memory is thrown away.
 *
 * The transaction begins with padan.job_guard() and ends with padan.job_finish(): a worker that lost its lease can't
 * write, however late it comes. Called through the tables of job_list.c and job_redecide.c.
 */
#ifndef PADAN_JOB_EFFECTS_H
#define PADAN_JOB_EFFECTS_H

#include "daemon/jobs/keyed_flag.h"
#include "daemon/jobs/job_run.h"
#include "daemon/jobs/new_ids.h"

/* The head of what run->job points to once a register is loaded. */
struct job_effects {
	int64_t list;             /* that brings it about; 0: none */
	uint32_t list_number;     /* its number in the district; DISTRICT_NONE */
	bool learn;               /* a model is to be learnt, due or not */
	bool everything;          /* every flag is decided anew, not only what was touched */
	uint64_t read, accepted, rejected; /* rows of the list */
	const char *mapping;      /* JSON, if the columns were understood only now */

	/* Filled in the pool by effects_decide(). */
	uint32_t *changed;        /* entries of other lists whose ids are new */
	size_t n_changed;
	struct new_ids persons, households;
	uint32_t *touched;
	size_t n_touched;
	struct keyed_flag *flags;
	size_t n_flags, flags_room;
	size_t next;              /* of what is being copied */
	uint64_t opened, settled; /* flags */
	char *model;              /* learnt by this job, as text, malloc'd; NULL: none */
	uint64_t model_rows;      /* what it was learnt from: see job_model.h */
};

/* Settles and decides, in the pool. */
int effects_decide(struct job_run *run, struct error *err);

/* BEGIN and guard. */
int effects_begin(struct job_run *run, struct error *err);
int effects_guard(struct job_run *run, struct error *err);
/* A model that was learnt takes the place of the one before. */
int effects_retire_model(struct job_run *run, struct error *err);
int effects_save_model(struct job_run *run, struct error *err);
/* Everything a register's change means for the tables. */
int effects_temporary(struct job_run *run, struct error *err);
int effects_copy_changed(struct job_run *run, struct error *err);
int effects_entries(struct job_run *run, struct error *err);
int effects_persons(struct job_run *run, struct error *err);
int effects_households(struct job_run *run, struct error *err);
int effects_copy_identity(struct job_run *run, struct error *err);
int effects_identity(struct job_run *run, struct error *err);
int effects_merged_persons(struct job_run *run, struct error *err);
int effects_merged_households(struct job_run *run, struct error *err);
int effects_copy_evidence(struct job_run *run, struct error *err);
int effects_evidence(struct job_run *run, struct error *err);
int effects_copy_touched(struct job_run *run, struct error *err);
int effects_copy_flags(struct job_run *run, struct error *err);
int effects_compare_flags(struct job_run *run, struct error *err);
int effects_lock_flags(struct job_run *run, struct error *err);
int effects_resolve_flags(struct job_run *run, struct error *err);
int effects_update_flags(struct job_run *run, struct error *err);
int effects_insert_flags(struct job_run *run, struct error *err);
int effects_next_ids(struct job_run *run, struct error *err);
int effects_alerts(struct job_run *run, struct error *err);
int effects_finish(struct job_run *run, struct error *err);
int effects_commit(struct job_run *run, struct error *err);
int effects_committed(struct job_run *run, struct error *err);

/* From the guard to the flags. What a job adds of its own (raw rows' rejects, entries) stands between the two. */
#define EFFECTS_BEGIN_STEPS {"write", effects_begin}, {NULL, effects_guard}, {NULL, effects_temporary}
#define EFFECTS_WRITE_STEPS                                                                                            \
	{NULL, effects_retire_model, "model"}, {NULL, effects_save_model}, {NULL, effects_copy_changed, "write_ids"},      \
		{NULL, effects_entries}, {NULL, effects_persons}, {NULL, effects_households},                              \
		{NULL, effects_copy_identity}, {NULL, effects_identity}, {NULL, effects_merged_persons},                   \
		{NULL, effects_merged_households}, {NULL, effects_copy_evidence, "write_evidence"},                        \
		{NULL, effects_evidence}, {NULL, effects_copy_touched, "write_flags"}, {NULL, effects_copy_flags},         \
		{NULL, effects_compare_flags}, {NULL, effects_lock_flags}, {NULL, effects_resolve_flags},                   \
		{NULL, effects_update_flags}, {NULL, effects_insert_flags}, {NULL, effects_next_ids}
#define EFFECTS_END_STEPS                                                                                              \
	{NULL, effects_alerts, "alerts"}, {NULL, effects_finish}, {NULL, effects_commit, "commit"}, {NULL, effects_committed}

#endif
