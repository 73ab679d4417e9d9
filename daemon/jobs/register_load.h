/*
 * The steps with which every job begins: is the district's register in memory and up to date? If not, it is loaded. After
 * them run->reg is set and in use by this run.
 *
 * Called through the tables of job_list.c and job_redecide.c.
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

#define REGISTER_STEPS                                                                                                 \
	{"register", register_check}, {NULL, register_load_model}, {NULL, register_load_villages},                         \
		{NULL, register_load_decisions}, {NULL, register_load_lists}, {NULL, register_load_entries},               \
		{NULL, register_load_periods}, {NULL, register_load_settle}

/* periods_open.sql's result into the register's lists. */
int register_take_periods(struct job_run *run, PGresult *result, struct error *err);

/* Settles in the pool with the run's threads; for steps. */
int register_settle(struct job_run *run, struct error *err);

#endif
