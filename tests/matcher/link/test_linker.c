/*
 * The linker as its users see it: the cases that every list of persons holds (twins, spouses with each other's NIK, father and
 * son of one name, a KK in the NIK's column), decisions, withdrawal, order and threads, tiny lists, explanations. Search: test_linker_search.c.
 */
#include "daemon/base/thread_pool.h"
#include "matcher/link/fs_model.h"
#include "matcher/link/linker_state.h"
#include "tests/support/link_people.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct linker *new_linker(bool one_to_one)
{
	struct linker_schema schema;
	struct linker_options options = {.within_lists = !one_to_one, .across_lists = true, .one_to_one = one_to_one};
	struct linker *linker = NULL;
	struct error err = {0};

	people_schema(&schema);
	assert_int_equal(linker_new(&schema, &options, &linker, &err), 0);
	return linker;
}

static void settle(struct linker *linker, const struct parallel *parallel)
{
	struct error err = {0};

	assert_int_equal(linker_train(linker, parallel, NULL, &err), 0);
	assert_int_equal(linker_settle(linker, parallel, NULL, &err), 0);
}

static bool same(const struct linker *linker, uint32_t a, uint32_t b)
{
	return linker_cluster(linker, a) == linker_cluster(linker, b);
}

static struct person_row row_of(const char *nik, const char *kk, const char *name, const char *born, const char *sex)
{
	struct person_row row = {.village = "1505012003"};

	snprintf(row.nik, sizeof row.nik, "%s", nik);
	snprintf(row.kk, sizeof row.kk, "%s", kk);
	snprintf(row.name, sizeof row.name, "%s", name);
	snprintf(row.born, sizeof row.born, "%s", born);
	snprintf(row.sex, sizeof row.sex, "%s", sex);
	return row;
}

static uint32_t add(struct linker *linker, const char *nik, const char *kk, const char *name, const char *born, const char *sex)
{
	struct person_row row = row_of(nik, kk, name, born, sex);

	return people_add(linker, &row);
}

static void finds_repeats(void **state)
{
	struct linker *linker = new_linker(false);
	unsigned found = 0, wrong = 0;

	(void)state;
	people_crowd(linker);
	settle(linker, NULL);
	for (uint32_t i = 0; i < PEOPLE_REPEATS; i++)
		found += same(linker, PEOPLE_CROWD + i, 4 * i);
	for (uint32_t r = 0; r < PEOPLE_CROWD; r++)
		wrong += linker_cluster(linker, r) != r;
	assert_in_range(found, PEOPLE_REPEATS * 98 / 100, PEOPLE_REPEATS);
	assert_in_range(wrong, 0, 3);
	linker_free(linker);
}

/* A few pairs of twins, as any list has: one birth in eighty. */
static void add_twins(struct linker *linker)
{
	for (unsigned i = 0; i < 4; i++) {
		struct person_row row, other;

		people_make(11, 3 * i, &row);
		people_make(11, 3 * i + 1, &other);
		people_add(linker, &row);
		snprintf(row.name, sizeof row.name, "%s", other.name);
		row.nik[15] = (char)(row.nik[15] == '9' ? '8' : row.nik[15] + 1);
		people_add(linker, &row);
	}
}

static void hard_cases(void **state)
{
	const char *kk = "1505010101150077";
	struct linker *linker = new_linker(false);
	uint32_t first, second, first_again, husband, wife, wife_with_his, father, son, person, person_kk, other;

	(void)state;
	people_crowd(linker);
	add_twins(linker);
	/* Twins: NIKs one apart, one name part shared, everything else equal; one of them again. */
	first = add(linker, "1505011203050001", kk, "DEWANTO BASARIN", "2005-03-12", "L");
	second = add(linker, "1505011203050002", kk, "RAMLANO BASARIN", "2005-03-12", "L");
	first_again = add(linker, "1505011203050001", kk, "DEWANTO BASARIN", "2005-03-12", "L");
	/* His NIK on her second row. */
	husband = add(linker, "1505010505700004", kk, "MARTONO KIJAN", "1970-05-05", "L");
	wife = add(linker, "1505014909730002", kk, "SULASTRIN WAGI", "1973-09-09", "P");
	wife_with_his = add(linker, "1505010505700004", kk, "SULASTRIN WAGI", "1973-09-09", "P");
	/* Father and son of one name in one house. */
	father = add(linker, "1505010101500001", "1505010101150078", "DARMO SENTIKO", "1950-01-04", "L");
	son = add(linker, "1505011706780003", "1505010101150078", "DARMO SENTIKO", "1978-06-17", "L");
	/* The KK typed in the NIK's column, on two members' rows. */
	person = add(linker, "1505012208810006", "1505010303120042", "GUNARTI PELOK", "1981-08-22", "P");
	person_kk = add(linker, "1505010303120042", "1505010303120042", "GUNARTI PELOK", "1981-08-22", "P");
	other = add(linker, "1505010303120042", "1505010303120042", "TEGUH RAMONIS", "1979-02-11", "L");
	settle(linker, NULL);
	assert_false(same(linker, first, second));
	assert_true(same(linker, first, first_again));
	assert_true(same(linker, wife, wife_with_his));
	assert_false(same(linker, husband, wife_with_his));
	assert_false(same(linker, father, son));
	assert_true(same(linker, person, person_kk));
	assert_false(same(linker, person, other));
	assert_false(same(linker, person_kk, other));
	linker_free(linker);
}

static void decisions_outrank_scores(void **state)
{
	struct linker *linker = new_linker(false);
	struct error err = {0};

	(void)state;
	people_crowd(linker);
	settle(linker, NULL);
	assert_true(same(linker, PEOPLE_CROWD + 8, 32));
	assert_false(same(linker, 1, 2));
	assert_int_equal(linker_decide(linker, PEOPLE_CROWD + 8, 32, LINKER_NOT_SAME, &err), 0);
	assert_int_equal(linker_decide(linker, 1, 2, LINKER_SAME, &err), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, &err), 0);
	assert_false(same(linker, PEOPLE_CROWD + 8, 32));
	assert_true(same(linker, 1, 2));
	assert_int_equal(linker_decide(linker, 32, PEOPLE_CROWD + 8, LINKER_UNDECIDED, &err), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, &err), 0);
	assert_true(same(linker, PEOPLE_CROWD + 8, 32));
	assert_int_equal(linker_decide(linker, 5, 5, LINKER_SAME, &err), -1);
	linker_free(linker);
}

static void withdrawal(void **state)
{
	struct linker *linker = new_linker(false);
	struct error err = {0};
	struct linker_statistics statistics;
	uint32_t list;
	size_t n;

	(void)state;
	people_crowd(linker);
	assert_int_equal(linker_list(linker, &list, &err), 0);
	assert_int_equal(list, 1);
	for (unsigned i = 0; i < 50; i++) {
		struct person_row row;

		people_make(7, i, &row);
		people_add(linker, &row);
	}
	settle(linker, NULL);
	assert_true(same(linker, PEOPLE_CROWD + PEOPLE_REPEATS, 0));
	assert_int_equal(linker_withdraw(linker, list, &err), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, &err), 0);
	linker_changed(linker, &n);
	assert_in_range(n, 50, PEOPLE_CROWD);
	assert_int_equal(linker_cluster(linker, PEOPLE_CROWD + PEOPLE_REPEATS), UINT32_MAX);
	linker_statistics(linker, &statistics);
	assert_int_equal(statistics.records, PEOPLE_CROWD + PEOPLE_REPEATS);
	assert_int_equal(linker_withdraw(linker, 9, &err), -1);
	linker_free(linker);
}

/* The partition, weights and model are the same from front to back and from back to front, with one thread and with three. */
static void order_and_threads_do_not_matter(void **state)
{
	struct thread_pool *pool = thread_pool_new(3);
	struct linker *forward = new_linker(false), *backward = new_linker(false);
	const uint32_t all = PEOPLE_CROWD + PEOPLE_REPEATS;

	(void)state;
	people_crowd(forward);
	for (uint32_t n = all; n-- > 0;) {
		struct person_row row;

		people_make(7, n < PEOPLE_CROWD ? n : (n - PEOPLE_CROWD) * 4, &row);
		if (n >= PEOPLE_CROWD)
			people_damage(n, &row);
		people_add(backward, &row);
	}
	settle(forward, NULL);
	settle(backward, thread_pool_parallel(pool));
	for (uint32_t i = 0; i < PEOPLE_REPEATS; i++) {
		struct linker_pair f, b;

		assert_int_equal(same(forward, PEOPLE_CROWD + i, 4 * i), same(backward, all - 1 - PEOPLE_CROWD - i, all - 1 - 4 * i));
		linker_score(forward, PEOPLE_CROWD + i, 4 * i, &f);
		linker_score(backward, all - 1 - PEOPLE_CROWD - i, all - 1 - 4 * i, &b);
		assert_true(fabsf(f.weight - b.weight) < 0.01f);
	}
	linker_free(forward);
	linker_free(backward);
	thread_pool_free(pool);
}

struct pair_sum {
	size_t n;
	double weights;
};

static int add_pair(void *arg, const struct linker_pair *pair)
{
	struct pair_sum *sum = arg;

	sum->n++;
	sum->weights += (double)pair->weight * (1 + pair->a % 7) * (1 + pair->b % 11);
	return 0;
}

static struct pair_sum sum_pairs(const struct linker *linker)
{
	struct pair_sum sum = {0};

	linker_each_pair(linker, 0, add_pair, &sum);
	return sum;
}

/* Adding list by list gives the pairs and the partition of deciding everything at once by the same measure. */
static void adding_equals_deciding_anew(void **state)
{
	struct linker *linker = new_linker(false);
	struct error err = {0};
	const unsigned lists[] = {40, 90, 3, 60};
	unsigned next = 0;

	(void)state;
	people_crowd(linker);
	settle(linker, NULL);
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		struct pair_sum added, anew;
		uint32_t list, *labels;
		size_t n, changed;

		assert_int_equal(linker_list(linker, &list, &err), 0);
		for (unsigned i = 0; i < lists[l]; i++, next++) {
			struct person_row row;

			/* Every third is somebody new; some lists are one village's. */
			people_make(next % 3 ? 7 : 8, next * 3 % PEOPLE_CROWD, &row);
			people_damage(next * 31, &row);
			if (l == 1)
				snprintf(row.village, sizeof row.village, "1505012007");
			people_add(linker, &row);
		}
		assert_int_equal(linker_decide(linker, PEOPLE_CROWD + 1 + (uint32_t)l, 4 * (1 + (uint32_t)l), LINKER_NOT_SAME, &err), 0);
		assert_int_equal(linker_settle(linker, NULL, NULL, &err), 0);
		linker_changed(linker, &changed);
		assert_in_range(changed, lists[l], lists[l] * 2 + 20);
		added = sum_pairs(linker);
		n = linker_records(linker);
		labels = calloc(n, sizeof *labels);
		for (uint32_t r = 0; r < n; r++)
			labels[r] = linker_cluster(linker, r);

		linker_start_over(linker);
		assert_int_equal(linker_settle(linker, NULL, NULL, &err), 0);
		anew = sum_pairs(linker);
		assert_int_equal(added.n, anew.n);
		assert_true(fabs(added.weights - anew.weights) < 1e-6);
		for (uint32_t r = 0; r < n; r++)
			assert_int_equal(labels[r], linker_cluster(linker, r));
		free(labels);
	}
	linker_free(linker);
}

/* The lists of the test below: a crowd, and then rows of its members and of others. One list is withdrawn in the end. */
static const unsigned register_lists[] = {30, 200, 60, 90, 3, 40, 25};
enum { REGISTER_LISTS = sizeof register_lists / sizeof *register_lists, GONE = 2 };

static void add_register_list(struct linker *linker, unsigned l)
{
	unsigned next = 0;
	uint32_t list;

	for (unsigned i = 0; i < l; i++)
		next += register_lists[i];
	assert_int_equal(linker_list(linker, &list, NULL), 0);
	for (unsigned i = 0; i < register_lists[l]; i++, next++) {
		struct person_row row;

		people_make(next % 3 ? 7 : 8, next % 230, &row);
		if (l > 1)
			people_damage(next * 31, &row);
		people_add(linker, &row);
	}
}

/* A register kept up list by list, and one read anew with the same model, hold the same pairs and persons. */
static void keeping_up_equals_reading_anew(void **state)
{
	struct linker *kept = new_linker(false);
	struct fs_model *model;

	(void)state;
	people_crowd(kept);
	assert_int_equal(linker_train(kept, NULL, NULL, NULL), 0);
	model = malloc(sizeof *model);
	*model = *linker_model(kept);
	linker_free(kept);
	kept = new_linker(false);
	for (unsigned l = 0; l <= REGISTER_LISTS; l++) {
		struct linker *anew = new_linker(false);
		struct pair_sum sums[2];
		uint32_t number = 0, renamed[1000];
		bool gone = l == REGISTER_LISTS;

		if (l == 1) /* the first list was decided by the shipped model */
			assert_int_equal(linker_set_model(kept, model, NULL), 0);
		if (gone)
			assert_int_equal(linker_withdraw(kept, GONE, NULL), 0);
		else
			add_register_list(kept, l);
		assert_int_equal(linker_settle(kept, NULL, NULL, NULL), 0);
		if (l)
			assert_int_equal(linker_set_model(anew, model, NULL), 0);
		for (unsigned i = 0; i <= l && i < REGISTER_LISTS; i++) {
			if (!gone || i != GONE)
				add_register_list(anew, i);
			for (unsigned k = 0; k < register_lists[i]; k++)
				renamed[number++] = gone && i == GONE ? UINT32_MAX : (uint32_t)(linker_records(anew) - register_lists[i] + k);
		}
		assert_int_equal(linker_settle(anew, NULL, NULL, NULL), 0);
		for (uint32_t r = 0; r < number; r++) {
			uint32_t cluster = linker_cluster(kept, r);

			if (renamed[r] == UINT32_MAX)
				assert_int_equal(cluster, UINT32_MAX);
			else
				assert_int_equal(renamed[cluster], linker_cluster(anew, renamed[r]));
		}
		sums[0] = sum_pairs(kept);
		sums[1] = sum_pairs(anew);
		assert_int_equal(sums[0].n, sums[1].n);
		if (!gone)
			assert_true(sums[0].weights == sums[1].weights);
		linker_free(anew);
	}
	free(model);
	linker_free(kept);
}

static void one_to_one(void **state)
{
	struct linker *linker = new_linker(true);
	struct person_row row;
	struct error err = {0};
	uint32_t list, second, third;

	(void)state;
	people_crowd(linker);
	assert_int_equal(linker_list(linker, &list, &err), 0);
	people_make(7, 9, &row);
	second = people_add(linker, &row);
	row.name[2] = 'X';
	third = people_add(linker, &row);
	settle(linker, NULL);
	assert_true(same(linker, 9, second));
	assert_false(same(linker, 9, third));
	linker_free(linker);
}

static void tiny_lists_do_not_collapse(void **state)
{
	struct linker *linker = new_linker(false);

	(void)state;
	for (unsigned n = 0; n < 20; n++) {
		struct person_row row;

		people_make(3, n, &row);
		people_add(linker, &row);
	}
	add(linker, "1505012208810006", "1505010303120042", "GUNARTI PELOK", "1981-08-22", "P");
	add(linker, "1505012208810006", "1505010303120042", "GUNARTI P", "1981-08-22", "P");
	settle(linker, NULL);
	for (uint32_t r = 0; r < 20; r++)
		assert_int_equal(linker_cluster(linker, r), r);
	assert_true(same(linker, 20, 21));
	linker_free(linker);

	linker = new_linker(false);
	settle(linker, NULL);
	assert_int_equal(linker_records(linker), 0);
	add(linker, "", "", "SENDIRI", "", "");
	settle(linker, NULL);
	assert_int_equal(linker_cluster(linker, 0), 0);
	linker_free(linker);
}

static void explains_what_it_scores(void **state)
{
	struct linker *linker = new_linker(false);
	struct linker_pair pairs[8];
	size_t n;

	(void)state;
	people_crowd(linker);
	settle(linker, NULL);
	for (uint32_t i = 0; i < 40; i++) {
		struct waterfall waterfall;
		double sum = 0;

		linker_explain(linker, PEOPLE_CROWD + i, 4 * i, &waterfall);
		for (size_t p = 0; p < waterfall.n; p++)
			sum += (double)waterfall.parts[p].weight;
		assert_true(fabs(sum - (double)waterfall.pair.weight) < 0.01);
		assert_int_equal(waterfall.pair.a, 4 * i);
	}
	n = linker_pairs_of(linker, 12, pairs, 8);
	assert_in_range(n, 1, 8);
	assert_int_equal(pairs[0].a, 12);
	assert_int_equal(pairs[0].b, PEOPLE_CROWD + 3);
	linker_free(linker);
}

struct told {
	const struct linker *linker;
	uint32_t label, last[2];
	unsigned joined, parted, niks;
};

/* What was joined ends as one cluster, unless it is parted again. */
static void take_step(void *arg, const struct linker_step *step)
{
	struct told *told = arg;

	if (step->kind == LINKER_STEP_NIK) {
		told->niks++;
		told->last[0] = step->a[0];
		told->last[1] = step->b[0];
		return;
	}
	for (size_t i = 1; i < step->n_a; i++)
		assert_true(step->a[i - 1] < step->a[i]);
	if (linker_cluster(told->linker, step->a[0]) == told->label && linker_cluster(told->linker, step->b[0]) == told->label)
		told->joined += step->kind == LINKER_STEP_JOINED;
	told->parted += step->kind == LINKER_STEP_PARTED;
}

static enum linker_reason reason_of(const struct linker *linker, uint32_t a, uint32_t b)
{
	struct linker_why why;

	assert_int_equal(linker_why(linker, a, b, &why, NULL), 0);
	assert_true(why.rows[0] > 0 && why.rows[1] > 0);
	assert_true(strlen(linker_reason_text(why.reason, false)) > 10 && strlen(linker_reason_text(why.reason, true)) > 10);
	for (size_t i = 0; i < why.waterfall.n; i++)
		assert_true(why.waterfall.parts[i].text[0] && why.waterfall.parts[i].text_en[0]);
	return why.reason;
}

static void says_why(void **state)
{
	struct linker *linker = new_linker(false);
	struct told told = {.linker = linker};
	uint32_t husband, wife, wife_with_his, nobody;
	char digits[LINKER_KEY_DIGITS];
	struct linker_why why;

	(void)state;
	people_crowd(linker);
	husband = add(linker, "1505010505700004", "1505010101150077", "MARTONO KIJAN", "1970-05-05", "L");
	add(linker, "1505010505700004", "1505010101150077", "MARTONO KIJAN", "1970-05-05", "L");
	wife = add(linker, "1505014909730002", "1505010101150077", "SULASTRIN WAGI", "1973-09-09", "P");
	wife_with_his = add(linker, "1505010505700004", "1505010101150077", "SULASTRIN WAGI", "", "P");
	nobody = add(linker, "", "", "KATMO", "", "");
	settle(linker, NULL);
	assert_int_equal(reason_of(linker, husband, husband + 1), LINKER_TOGETHER);
	assert_int_equal(reason_of(linker, husband, wife), LINKER_APART_MEMBERS);
	assert_int_equal(reason_of(linker, 0, 100), LINKER_APART_DIFFER);
	assert_true(reason_of(linker, nobody, 1) >= LINKER_APART_DIFFER);
	/* His NIK on her row says nothing there. */
	assert_true(same(linker, wife, wife_with_his));
	told.label = linker_cluster(linker, wife);
	assert_int_equal(linker_explain_cluster(linker, wife, take_step, &told, NULL), 0);
	assert_true(told.joined >= 1);
	assert_int_equal(told.niks, 1);
	assert_int_equal(told.last[0], husband);
	assert_int_equal(told.last[1], wife_with_his);
	/* Nobody to be told of. */
	told = (struct told){.linker = linker, .label = linker_cluster(linker, nobody)};
	assert_int_equal(linker_explain_cluster(linker, nobody, take_step, &told, NULL), 0);
	assert_int_equal(told.joined, 0);
	assert_int_equal(linker_decide(linker, husband, husband + 1, LINKER_NOT_SAME, NULL), 0);
	assert_int_equal(linker_decide(linker, 3, 200, LINKER_SAME, NULL), 0);
	assert_int_equal(linker_settle(linker, NULL, NULL, NULL), 0);
	assert_int_equal(reason_of(linker, husband, husband + 1), LINKER_DECIDED_APART);
	assert_int_equal(reason_of(linker, 3, 200), LINKER_DECIDED_TOGETHER);
	assert_int_equal(linker_why(linker, 5, 5, &why, NULL), -1);
	assert_true(str_equal(linker_value(linker, wife, 2, digits), STR_LITERAL("SULASTRIN WAGI")));
	assert_int_equal(linker_value(linker, nobody, 0, digits).n, 0);
	linker_free(linker);
}

/* A slip in an e-mail address is one wherever it stands (of addresses that are not made of the name: test_train.c). */
static void addresses_with_slips(void **state)
{
	static const char *const addresses[] = {"fholmes@duncan.com", "f@holmes@duncan.com", "f.holmes@duncan.com", "fholmes@ducnan.com",
		"fholmes@elsewhere.org", "kt@mail.com", "rs@mail.com"};
	static const unsigned like_first[] = {EMAIL_EQUAL, EMAIL_LOCAL_SIMILAR, EMAIL_LOCAL_SIMILAR, EMAIL_LOCAL_EQUAL, EMAIL_LOCAL_EQUAL,
		EMAIL_DIFFERENT, EMAIL_DIFFERENT};
	const struct linker_options options = {.within_lists = true};
	struct linker_schema schema = {2, {{FIELD_NAME, "name"}, {FIELD_EMAIL, "email"}}};
	struct linker *linker;
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(linker_new(&schema, &options, &linker, NULL), 0);
	for (unsigned i = 0; i < 7; i++) {
		struct field_value values[2];
		uint32_t record;

		assert_int_equal(field_normalise(FIELD_NAME, STR_LITERAL("Umi Dwi Zen"), false, &arena, &values[0]), 0);
		assert_int_equal(field_normalise(FIELD_EMAIL, str_from(addresses[i]), false, &arena, &values[1]), 0);
		assert_int_equal(linker_add(linker, values, &record, NULL), 0);
	}
	settle(linker, NULL);
	for (unsigned i = 0; i < 7; i++) {
		struct levels levels;

		scorer_compare(&linker->scorer, 0, i, &levels);
		if (levels.level[1] != like_first[i])
			fail_msg("%s: level %u", addresses[i], levels.level[1]);
	}
	arena_release(&arena);
	linker_free(linker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_repeats),
		cmocka_unit_test(hard_cases),
		cmocka_unit_test(decisions_outrank_scores),
		cmocka_unit_test(withdrawal),
		cmocka_unit_test(order_and_threads_do_not_matter),
		cmocka_unit_test(adding_equals_deciding_anew),
		cmocka_unit_test(keeping_up_equals_reading_anew),
		cmocka_unit_test(one_to_one),
		cmocka_unit_test(tiny_lists_do_not_collapse),
		cmocka_unit_test(explains_what_it_scores),
		cmocka_unit_test(says_why),
		cmocka_unit_test(addresses_with_slips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
