/*
 * What a list's job holds while it works, and how its raw rows become entries of the register. The steps of the job: job_list.c.
 */
#ifndef PADAN_LIST_JOB_H
#define PADAN_LIST_JOB_H

#include "daemon/ingest/row_nobody.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_run.h"
#include "matcher/normalise/entry.h"

struct list_job {
	struct job_effects effects; /* first: the effects' steps see no more */
	struct district_list description;
	char subject[64];
	struct str *header;
	size_t n_header;
	enum column_role *roles; /* n_roles; NULL until the columns are understood */
	size_t n_roles;
	struct str *remembered_header; /* of an earlier list of this office */
	enum column_role *remembered;
	size_t n_remembered;
	struct entry_context context;
	bool opened, voted;
	bool attach; /* the entries' table was made by this job */
	uint64_t *lines; /* of the accepted rows, in order */
	size_t lines_room;
	struct list_reject { /* a row that names nobody */
		uint32_t row;
		struct row_nobody why;
		uint64_t line;
	} *rejects;
	size_t n_rejects, rejects_room, rejects_told;
};

/*
 * A step: COPYs the list's raw rows out; each chunk is normalised in the pool, by several threads, and added to the register by one, in row
 * order. Counts read, accepted and rejected rows in job->effects, keeps the accepted rows' lines and the rejected rows' numbers. The
 * first chunk says what the columns mean where the door could not (SQL).
 */
int list_job_read(struct job_run *run, struct error *err) PADAN_MUST_CHECK;

/* A step: refuses the list (ERROR_INPUT) of which no row can be used. */
int list_job_check(struct job_run *run, struct error *err) PADAN_MUST_CHECK;

#endif
