/*
 * The steps of each kind of job. Called by job_worker.c.
 */
#ifndef PADAN_JOB_LIST_H
#define PADAN_JOB_LIST_H

#include "daemon/jobs/job_run.h"

/* A list that came: its rows become entries, the register grows, flags are decided. */
extern const struct job_step job_list_steps[];
/* A list was withdrawn or erased; rules, decisions or the model are new; a model is to be learnt. */
extern const struct job_step job_withdraw_steps[];
extern const struct job_step job_redecide_steps[];

/* The list of the run cannot be used: run->refusal says why. It becomes refused, and its office and Bappeda are told. */
extern const struct job_step job_refuse_steps[];

/* Gives back what the steps took outside of the run's arena; legal at any time. */
void job_list_release(struct job_run *run);

#endif
