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
	assert_false(job_model_is_due(0, 0, 0));
	assert_false(job_model_is_due(0, LIMIT_MODEL_ROWS - 1, 5000));
	assert_true(job_model_is_due(0, LIMIT_MODEL_ROWS, 5000));
}

static void a_small_share_is_not_worth_the_register(void **state)
{
	assert_false(job_model_is_due(0, LIMIT_MODEL_ROWS, 1000000));
	assert_false(job_model_is_due(0, 1000000 / LIMIT_MODEL_SHARE - 1, 1000000));
	assert_true(job_model_is_due(0, 1000000 / LIMIT_MODEL_SHARE, 1000000));
}

static void doubled_is_due(void **state)
{
	assert_false(job_model_is_due(10000, 10000, 50000));
	assert_false(job_model_is_due(10000, 19999, 50000));
	assert_true(job_model_is_due(10000, 20000, 50000));
	/* Rows went away: what was learnt from more is no worse. */
	assert_false(job_model_is_due(10000, 2000, 5000));
}

/* A target list, then lists of a thousand rows: what learning costs, in rows decided anew, is a few times what has come. */
static void a_rows_share_of_learning_stays_the_same(void **state)
{
	for (uint64_t target = 1000; target <= 1000000; target *= 10) {
		uint64_t learnt = 0, cost = 0;
		int times = 0;

		for (uint64_t rows = 1000; rows <= target; rows += 1000) {
			if (!job_model_is_due(learnt, rows, target + rows))
				continue;
			learnt = rows;
			cost += target + rows;
			times++;
		}
		assert_in_range(times, 1, 6);
		assert_true(cost <= 8 * target);
		assert_true(2 * learnt > target);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_rows_keep_the_shipped_model),
		cmocka_unit_test(a_small_share_is_not_worth_the_register),
		cmocka_unit_test(doubled_is_due),
		cmocka_unit_test(a_rows_share_of_learning_stays_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
