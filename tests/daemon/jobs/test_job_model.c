/*
 * When a model is due: seldom enough that small lists stay cheap, often enough that none rests on a tenth of what is there.
 */
#include "daemon/base/limits.h"
#include "daemon/jobs/job_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void few_rows_keep_the_shipped_model(void **state)
{
	assert_false(job_model_is_due(0, 0));
	assert_false(job_model_is_due(0, LIMIT_MODEL_ROWS - 1));
	assert_true(job_model_is_due(0, LIMIT_MODEL_ROWS));
}

static void grown_by_half_is_due(void **state)
{
	assert_false(job_model_is_due(10000, 10000));
	assert_false(job_model_is_due(10000, 14999));
	assert_true(job_model_is_due(10000, 15000));
	/* Rows went away: what was learnt from more is no worse. */
	assert_false(job_model_is_due(10000, 2000));
}

static void a_million_rows_in_small_lists_learn_few_times(void **state)
{
	uint64_t learnt = 0;
	int times = 0;

	for (uint64_t rows = 0; rows <= 1000000; rows += 1000) {
		if (!job_model_is_due(learnt, rows))
			continue;
		learnt = rows;
		times++;
	}
	assert_in_range(times, 10, 20);
	assert_true(learnt > 600000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_rows_keep_the_shipped_model),
		cmocka_unit_test(grown_by_half_is_due),
		cmocka_unit_test(a_million_rows_in_small_lists_learn_few_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
