/*
 * Jobs that bring no rows: a list was withdrawn or erased, rules or decisions are new, a period was closed, a model is to be
 * learnt. All of them decide every flag anew. Called by job_worker.c through the tables of job_list.h.
 */
#include "daemon/db/sql.h"
#include "daemon/jobs/district_register.h"
#include "daemon/jobs/job_effects.h"
#include "daemon/jobs/job_list.h"
#include "daemon/jobs/job_worker.h"
#include "daemon/jobs/register_load.h"

#include "daemon/base/banned.h"

static int redecide_begin(struct job_run *run, struct error *err)
{
	struct job_effects *effects = arena_alloc(&run->arena, sizeof(*effects));

	if (!effects)
		return error_memory(err);
	effects->list = run->claim.list;
	effects->list_number = DISTRICT_NONE;
	effects->everything = true;
	effects->learn = run->claim.kind == JOB_TRAIN;
	run->job = run->effects = effects;
	return JOB_NEXT;
}

/* A withdrawn list that is in memory goes out of it; one that was withdrawn before the register was loaded is not there. */
static int take_list_out(struct job_run *run, struct error *err)
{
	uint32_t list = district_find_list(run->reg->district, (uint64_t)run->claim.list);

	if (list == DISTRICT_NONE || district_list(run->reg->district, list)->withdrawn)
		return JOB_NEXT;
	return district_withdraw_list(run->reg->district, list, err) < 0 ? -1 : JOB_NEXT;
}

static int read_periods(struct job_run *run, struct error *err)
{
	const char *values[] = {job_number(run, run->claim.district)};

	return job_query(run, sql_find("periods_open"), 1, values, register_take_periods, err);
}

const struct job_step job_withdraw_steps[] = {
	REGISTER_STEPS,
	{NULL, redecide_begin},
	{NULL, take_list_out},
	{NULL, read_periods},
	{"match", effects_decide},
	EFFECTS_BEGIN_STEPS,
	EFFECTS_WRITE_STEPS,
	EFFECTS_END_STEPS,
	{NULL, NULL},
};

const struct job_step job_redecide_steps[] = {
	REGISTER_STEPS,
	{NULL, redecide_begin},
	{NULL, read_periods},
	{"match", effects_decide},
	EFFECTS_BEGIN_STEPS,
	EFFECTS_WRITE_STEPS,
	EFFECTS_END_STEPS,
	{NULL, NULL},
};
