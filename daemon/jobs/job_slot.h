/*
 * What job_worker.c, job_slot.c and job_ahead.c share: the worker claims and keeps, a slot works and ends.
 */
#ifndef PADAN_JOB_SLOT_H
#define PADAN_JOB_SLOT_H

#include "daemon/jobs/job_worker.h"

enum { NUMBER_MAX = 24 }; /* a number, or a number and a unit, as a query's parameter */

/* A row of job_claim(): put into a free slot and begun, or given back at once. */
void job_slot_take(struct job_worker *worker, const PGresult *result, int row);

/* Loads a district's register into the cache, in a free slot of which there is one. */
void job_slot_load_ahead(struct job_worker *worker, uint32_t district);

/* A query on the worker's own connection, with the worker as the callback's argument. -1: it was not sent (and logged). */
int job_worker_ask(struct job_worker *worker, const char *sql, int n, const char *const *values, db_done_fn *done);
/* Something ended: while stopping, perhaps it was the last. */
void job_worker_check_quiet(struct job_worker *worker);

#endif
