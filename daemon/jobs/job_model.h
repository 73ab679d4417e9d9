/*
 * When a district's model is learnt anew, and learning it.
 *
 * The shipped model is good from the first list on; a learnt one knows how often this district's fields agree. What
 * can be learnt from is rows that have somebody in another list: all rows but those of the longest list ("rows to learn from"
 * below). A model is learnt by the list that brings these to LIMIT_MODEL_ROWS and to a twentieth of all rows held, and again whenever
 * they have doubled. Learning costs the register once, since all of it is decided anew: by this rule five or six times until as many
 * rows as the longest list's have come, so that a row's share of it is the same whatever is held, and no list of a thousand rows beside a
 * million pays for a million.
 *
 * It is learnt within the list's own job, before that list is matched: its flags never rest on a model that is about to change. It
 * is stored (padan.models) in the transaction of that job and read with the register, so that a restart decides alike.
 *
 * Called by job_effects.c, in the pool.
 */
#ifndef PADAN_JOB_MODEL_H
#define PADAN_JOB_MODEL_H

#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_run.h"

/* Whether a model is due that was learnt from model_rows (0: shipped), with now_rows to learn from and held rows in all. */
bool job_model_is_due(uint64_t model_rows, uint64_t now_rows, uint64_t held);

/* Learns one if it is due or asked for: then effects->model is set and everything is decided anew. */
int job_model_learn(struct job_run *run, struct job_effects *effects, struct error *err) PADAN_MUST_CHECK;

#endif
