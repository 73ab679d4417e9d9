/*
 * Registers before a list asks for them: after a start, once the queue is empty, those of the districts that this daemon worked
 * for last are loaded, so that the first list waits for nothing and persons can be searched. A list that comes meanwhile waits
 * for the one of its district and goes on with it.
 *
 * Called by job_worker.c and job_slot.c, on the loop's thread.
 */
#ifndef PADAN_JOB_AHEAD_H
#define PADAN_JOB_AHEAD_H

#include "daemon/jobs/job_worker.h"

/* There is nothing to claim: loads the next one, if any. */
void job_ahead_next(struct job_worker *worker);

#endif
