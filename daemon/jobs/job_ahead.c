/*
 * Which registers are loaded before a list asks for them; see job_ahead.h. How: register_load.c; what becomes of a slot: job_slot.c.
 */
#include "daemon/jobs/job_ahead.h"
#include "daemon/base/log.h"
#include "daemon/db/sql.h"
#include "daemon/jobs/job_slot.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/base/banned.h"

static void on_districts(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct job_worker *worker = arg;

	if (failure && !failure->lost && failure->err.kind != ERROR_CANCELLED)
		log_warning("no registers are loaded ahead", LOG_ERROR_TEXT(&failure->err));
	for (int i = 0; result && i < PQntuples(result) && i < LIMIT_DISTRICTS_AHEAD; i++)
		worker->ahead[worker->n_ahead++] = strtoul(PQgetvalue(result, i, 0), NULL, 10);
	job_ahead_next(worker);
	job_worker_check_quiet(worker);
}

void job_ahead_next(struct job_worker *worker)
{
	char most[NUMBER_MAX];
	const char *values[] = {worker->name, most};

	if (worker->state != WORKER_USABLE || worker->stopping || job_worker_busy(worker))
		return;
	if (!worker->ahead_asked) {
		snprintf(most, sizeof(most), "%d", LIMIT_DISTRICTS_AHEAD);
		worker->ahead_asked = job_worker_ask(worker, sql_find("registers_ahead"), 2, values, on_districts) == 0;
		return;
	}
	while (worker->n_ahead && !job_worker_busy(worker)) {
		uint32_t district = worker->ahead[--worker->n_ahead];

		if (!register_cache_has(&worker->registers, district))
			job_slot_load_ahead(worker, district);
	}
}
