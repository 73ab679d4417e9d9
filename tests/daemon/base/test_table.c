/*
 * Tables line up whatever stands in their cells.
 */
#include "daemon/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void print(struct table *table, char **text)
{
	size_t size;
	struct error err = {0};
	FILE *to = open_memstream(text, &size);

	assert_non_null(to);
	table->to = to;
	assert_int_equal(table_print(table, &err), 0);
	fclose(to);
	table_release(table);
}

static void test_columns_line_up(void **state)
{
	struct table table;
	char *text;

	table_init(&table, stderr);
	table.colours = false;
	table_column(&table, "Desa", TABLE_LEFT);
	table_column(&table, "N", TABLE_RIGHT);
	table_cell(&table, "Jérôme", TABLE_BAD);
	table_cell(&table, "7", TABLE_PLAIN);
	table_cell(&table, "漢字", TABLE_PLAIN);
	table_cell(&table, "12345", TABLE_PLAIN);
	print(&table, &text);
	assert_string_equal(text, "Desa        N\n"
				  "──────  ─────\n"
				  "Jérôme      7\n"
				  "漢字    12345\n");
	free(text);
}

static void test_ugly_cells_are_tamed(void **state)
{
	struct table table;
	char *text;
	char longer[400];

	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	table_init(&table, stderr);
	table.colours = false;
	table_column(&table, "A", TABLE_LEFT);
	table_cell(&table, "a\033[2Jb\nc\xff", TABLE_PLAIN);
	table_cell(&table, longer, TABLE_PLAIN);
	table_cell(&table, NULL, TABLE_PLAIN);
	print(&table, &text);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "a�[2Jb�c�"));
	assert_non_null(strstr(text, "xxx…\n"));
	assert_null(strstr(text, longer));
	free(text);
}

static void test_narrow_terminals(void **state)
{
	struct table table;
	char *text;

	(void)state;
	for (unsigned width = 60; width >= 20; width -= 20) {
		table_init(&table, stdout);
		table.max_width = width;
		table_column(&table, "No", TABLE_RIGHT);
		table_column(&table, "Nama", TABLE_LEFT);
		table_column(&table, "Tingkat", TABLE_LEFT);
		table.minor[2] = true;
		table_column(&table, "NIK", TABLE_WHOLE);
		table_cell(&table, "1", TABLE_PLAIN);
		table_cell(&table, "ÉLISABETH MUHAMMAD FAUZI", TABLE_PLAIN);
		table_cell(&table, "tinggi", TABLE_PLAIN);
		table_cell(&table, "1505••0012", TABLE_PLAIN);
		print(&table, &text);
		assert_non_null(strstr(text, width == 60 ? " 1  ÉLISABETH MUHAMMAD FAUZI  tinggi   1505••0012\n" :
			width == 40 ? " 1  ÉLISABETH MUHAMMAD FAUZI  1505••0012\n" : " 1  ÉLISABETH MUHAM…\n"));
		free(text);
	}
}

static void test_widths(void **state)
{
	assert_int_equal(terminal_width_of(""), 0);
	assert_int_equal(terminal_width_of("e\xcc\x81"), 1);
	assert_int_equal(terminal_width_of("•••"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_line_up),
		cmocka_unit_test(test_ugly_cells_are_tamed),
		cmocka_unit_test(test_narrow_terminals),
		cmocka_unit_test(test_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
