/*
 * Options in every form, and what a user is told when he errs.
 */
#include "daemon/base/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct values {
	bool quiet;
	const char *out, *format;
	struct option_list as;
	long threads;
	double threshold;
};

static int parse(struct values *v, struct options_result *got, struct error *err, const char *const *words)
{
	const struct option_spec options[] = {
		{"quiet", OPTION_FLAG, &v->quiet, NULL, "Diam", "Quiet"},
		{"out", OPTION_TEXT, &v->out, "FILE", "Hasil", "Result"},
		{"format", OPTION_CHOICE, &v->format, "F", "Bentuk", "Form", .choices = "csv|xlsx"},
		{"as", OPTION_LIST, &v->as, "COL=TYPE", "Jenis kolom", "Type of a column"},
		{"threads", OPTION_INTEGER, &v->threads, "N", "Utas", "Threads", .min = 1, .max = 64},
		{"threshold", OPTION_NUMBER, &v->threshold, "P", "Ambang", "Threshold", .min = 0, .max = 1},
		{0},
	};
	const struct command_spec command = {"try", "FILE", "Coba", "Try", options, 1, 2, NULL};
	static char *argv[32];
	int argc = 0;

	memset(v, 0, sizeof *v);
	memset(err, 0, sizeof *err);
	argv[argc++] = "try";
	for (; *words; words++)
		argv[argc++] = (char *)*words;
	return options_parse(&command, argc, argv, got, err);
}

#define PARSE(...) parse(&v, &got, &err, (const char *const[]){__VA_ARGS__, NULL})

static void test_every_form(void **state)
{
	struct values v;
	struct options_result got;
	struct error err;

	assert_int_equal(PARSE("a.csv", "--out", "x", "--threads=3", "--as", "a=b", "--quiet", "--as=c=d", "--threshold",
		"0.25", "--format", "xlsx", "--", "--b.csv"), 0);
	assert_int_equal(got.operand_count, 2);
	assert_string_equal(got.operands[0], "a.csv");
	assert_string_equal(got.operands[1], "--b.csv");
	assert_true(v.quiet);
	assert_string_equal(v.out, "x");
	assert_string_equal(v.format, "xlsx");
	assert_int_equal(v.as.count, 2);
	assert_string_equal(v.as.items[1], "c=d");
	assert_int_equal(v.threads, 3);
	assert_true(v.threshold > 0.249 && v.threshold < 0.251);
}

static void test_mistakes_are_explained(void **state)
{
	struct values v;
	struct options_result got;
	struct error err;

	assert_int_equal(PARSE("f", "--thread", "3"), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_non_null(strstr(err.en, "--threads"));
	assert_int_equal(PARSE("f", "--threads", "0"), -1);
	assert_int_equal(PARSE("f", "--threads", "64"), 0);
	assert_int_equal(PARSE("f", "--threads", "65"), -1);
	assert_int_equal(PARSE("f", "--threads", "3x"), -1);
	assert_int_equal(PARSE("f", "--threads", "99999999999999999999"), -1);
	assert_int_equal(PARSE("f", "--threshold", "nan"), -1);
	assert_int_equal(PARSE("f", "--format", "cs"), -1);
	assert_non_null(strstr(err.id, "csv|xlsx"));
	assert_int_equal(PARSE("f", "--quiet=yes"), -1);
	assert_int_equal(PARSE("f", "--out"), -1);
	assert_int_equal(PARSE("f", "-x"), -1);
	assert_int_equal(PARSE("--quiet"), -1);
	assert_non_null(strstr(err.id, "BERKAS")); /* the reader's own word for FILE */
	assert_int_equal(PARSE("1", "2", "3"), -1);
	assert_non_null(strstr(err.en, "\"3\""));
}

static void test_help_counts_whatever_else_is_wrong(void **state)
{
	struct values v;
	struct options_result got;
	struct error err;

	assert_int_equal(PARSE("--nonsense", "--help"), 0);
	assert_true(got.help);
	assert_int_equal(PARSE("f", "--", "--help"), 0);
	assert_false(got.help);
	assert_int_equal(got.operand_count, 2);
	assert_int_equal(PARSE("f", "-"), 0);
	assert_int_equal(got.operand_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_mistakes_are_explained),
		cmocka_unit_test(test_help_counts_whatever_else_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
