/*
 * The model as text: the shipped file has every kind of comparison, what is written is read again to the same bits, and a damaged
 * file is refused with the line at fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matcher/link/fs_model.h"

static struct fs_model *new_model(void)
{
	struct fs_model *model = calloc(1, sizeof *model);

	assert_non_null(model);
	return model;
}

/* A store with one column of each type. */
static void all_types(struct store *store)
{
	struct linker_schema schema = {0};

	for (enum field_type type = FIELD_IGNORE + 1; type < FIELD_TYPES; type++) {
		schema.fields[schema.n_fields].type = type;
		snprintf(schema.fields[schema.n_fields++].name, LINKER_FIELD_NAME_MAX, "%s", field_type_name(type));
	}
	assert_int_equal(store_init(store, &schema, NULL), 0);
}

static void the_shipped_file_is_a_model(void **state)
{
	struct fs_model *model = new_model();
	bool seen[COMPARE_KINDS] = {false};

	(void)state;
	assert_int_equal(fs_model_read(model, str_from(fs_shipped_text), NULL), 0);
	assert_int_equal(model->n, COMPARE_KINDS);
	for (size_t c = 0; c < model->n; c++)
		seen[model->comparisons[c].kind] = true;
	for (int kind = 0; kind < COMPARE_KINDS; kind++)
		assert_true(seen[kind]);
	free(model);
}

/* Every kind's levels are told, and each is a probability (the strangers' may be a factor). */
static void each_kind_has_its_levels(void **state)
{
	struct fs_model *model = new_model();
	struct store store;

	(void)state;
	all_types(&store);
	fs_model_default(model, &store);
	assert_true(fs_model_fits(model, &store));
	for (size_t c = 0; c < model->n; c++) {
		for (unsigned l = 1; l < model->comparisons[c].n_levels; l++) {
			for (int k = 0; k < FS_STRANGER; k++)
				assert_in_range((unsigned)(model->comparisons[c].p[k][l] * 1e6), 1, 1000000);
			assert_true(model->comparisons[c].p[FS_STRANGER][l] > 0);
		}
	}
	assert_true(model->households);
	assert_true(model->threshold > 0.49 && model->threshold < 0.51);
	store_release(&store);
	free(model);
}

static void written_and_read_it_is_the_same(void **state)
{
	struct fs_model *model = new_model(), *again = new_model();
	struct store store;
	char *text, *second;
	size_t n, m;

	(void)state;
	all_types(&store);
	fs_model_default(model, &store);
	model->comparisons[1].parent = 0;
	model->comparisons[1].correction[2][3] = -1.25f;
	model->comparisons[2].p[FS_MATCH][1] = 1.0 / 3;
	model->nik_on_birthday[1][DIGITS_ONE] = -7.5f;
	model->learnt_from = 1234567;
	assert_int_equal(fs_model_write(model, &text, &n, NULL), 0);
	assert_int_equal(fs_model_read(again, (struct str){text, n}, NULL), 0);
	assert_memory_equal(&model->comparisons[2].p, &again->comparisons[2].p, sizeof model->comparisons[2].p);
	assert_int_equal(fs_model_write(again, &second, &m, NULL), 0);
	assert_string_equal(text, second);
	free(text);
	free(second);
	store_release(&store);
	free(model);
	free(again);
}

static void a_damaged_file_names_its_line(void **state)
{
	static const char *const damaged[] = {
		"padan-model\t1\nwithin\tmany\n",
		"padan-model\t1\ncomparison\tshoe size\tx\n",
		"padan-model\t1\nlevel\texact\t1\t1\t1\t1\n",
		"padan-model\t1\nthreshold\t0.5\ncomparison\tsex\tjk\nlevel\texact\t0.9\t0.5\t0.5\n",
	};
	static const char *const lines[] = {"Line 2", "Line 2", "Line 2", "Line 4"};
	struct fs_model *model = new_model();

	(void)state;
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		struct error err = {0};

		assert_int_equal(fs_model_read(model, str_from(damaged[i]), &err), -1);
		assert_non_null(strstr(err.en, lines[i]));
	}
	assert_int_equal(fs_model_read(model, STR_LITERAL("padan-model\t2\n"), &(struct error){0}), -1);
	assert_int_equal(fs_model_read(model, STR_LITERAL(""), &(struct error){0}), -1);
	free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_file_is_a_model),
		cmocka_unit_test(each_kind_has_its_levels),
		cmocka_unit_test(written_and_read_it_is_the_same),
		cmocka_unit_test(a_damaged_file_names_its_line),
	};

	return cmocka_run_group_tests_name("fs_model", tests, NULL, NULL);
}
