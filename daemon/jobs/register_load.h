/*
 * The steps with which every job begins: is the district's register in memory and up to date? If not, it is loaded. After
 * them run->reg is set and in use by this run.
 *
 * Called through the tables of job_list.c and job_redecide.c; ahead of them by job_ahead.c.
 */
#ifndef PADAN_REGISTER_LOAD_H
#define PADAN_REGISTER_LOAD_H

#include "daemon/jobs/job_run.h"

int register_check(struct job_run *run, struct error *err);
int register_load_model(struct job_run *run, struct error *err);
int register_load_villages(struct job_run *run, struct error *err);
int register_load_decisions(struct job_run *run, struct error *err);
int register_load_lists(struct job_run *run, struct error *err);
int register_load_entries(struct job_run *run, struct error *err);
int register_load_periods(struct job_run *run, struct error *err);
int register_load_settle(struct job_run *run, struct error *err);

#define REGISTER_READ_STEPS                                                                                            \
	{"register", register_check}, {NULL, register_load_model}, {NULL, register_load_villages},                         \
		{NULL, register_load_decisions}, {NULL, register_load_lists}, {NULL, register_load_entries},               \
		{NULL, register_load_periods}
#define REGISTER_STEPS REGISTER_READ_STEPS, {NULL, register_load_settle}

/* A register that is loaded before a list asks for it, all of it as it was at one moment. */
extern const struct job_step register_ahead_steps[];

/* periods_open.sql's result into the register's lists. */
int register_take_periods(struct job_run *run, PGresult *result, struct error *err);

/* In the pool, with the run's threads: settles; brings the index of all records up to date, for the next list and for searches. */
int register_settle(struct job_run *run, struct error *err);
int register_prepare_search(struct job_run *run, struct error *err);

#endif
