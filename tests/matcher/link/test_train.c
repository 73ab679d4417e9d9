/*
 * What learning makes of lists that say more, or other things, than the shipped values expect. The lists are made up here, of
 * syllables and digits.
 */
#include "matcher/base/hash.h"
#include "matcher/link/fs_model.h"
#include "matcher/link/linker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { CELLS = 8, CELL = 48 };

struct list {
	struct linker *linker;
	const enum field_type *types;
	size_t n;
	uint32_t person[6000];
	size_t rows;
};

struct cells {
	char text[CELLS][CELL];
};

static uint64_t draw(uint64_t *random, uint64_t below)
{
	*random = hash_mix(*random + 1);
	return (*random >> 20) % below;
}

static bool chance(uint64_t *random, unsigned percent)
{
	return draw(random, 100) < percent;
}

/* One word out of `many`, the first ones far more often. */
static void word(uint64_t *random, unsigned many, char out[CELL])
{
	static const char *const syllables[] = {"ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne", "pi", "ra", "so", "tu", "we", "yo"};
	uint64_t pick = draw(random, 1 + draw(random, many)), mixed = hash_mix(pick + 7);

	snprintf(out, CELL, "%s%s%s%c", syllables[mixed % 16], syllables[mixed / 16 % 16], syllables[mixed / 256 % 16], "nrst"[mixed / 4096 % 4]);
}

static void slip(uint64_t *random, char *text)
{
	size_t n = strlen(text);

	if (n)
		text[draw(random, n)] = text[0] >= '0' && text[0] <= '9' ? (char)('0' + draw(random, 10)) : (char)('a' + draw(random, 26));
}

static void list_open(struct list *list, const enum field_type *types, const char *const *names, size_t n)
{
	struct linker_schema schema = {.n_fields = n};
	struct linker_options options = {.within_lists = true, .across_lists = true};
	struct error err = {0};
	uint32_t number;

	memset(list, 0, sizeof *list);
	list->types = types;
	list->n = n;
	for (size_t f = 0; f < n; f++) {
		schema.fields[f].type = types[f];
		snprintf(schema.fields[f].name, sizeof schema.fields[f].name, "%s", names[f]);
	}
	assert_int_equal(linker_new(&schema, &options, &list->linker, &err), 0);
	assert_int_equal(linker_list(list->linker, &number, &err), 0);
}

static void list_add(struct list *list, const struct cells *cells, uint32_t person)
{
	struct field_value values[CELLS];
	struct arena arena;
	struct error err = {0};
	uint32_t record;

	assert_true(list->rows < sizeof list->person / sizeof *list->person);
	arena_init(&arena, 0);
	for (size_t f = 0; f < list->n; f++)
		assert_int_equal(field_normalise(list->types[f], str_from(cells->text[f]), false, &arena, &values[f]), 0);
	assert_int_equal(linker_add(list->linker, values, &record, &err), 0);
	list->person[list->rows++] = person;
	arena_release(&arena);
}

/* Trains and settles; the shares of pairs that are right, and that are found, in per mille. */
static void list_judge(struct list *list, unsigned *precision, unsigned *recall)
{
	struct error err = {0};
	size_t found = 0, right = 0, truth = 0;

	assert_int_equal(linker_train(list->linker, NULL, NULL, &err), 0);
	assert_int_equal(linker_settle(list->linker, NULL, NULL, &err), 0);
	for (uint32_t a = 0; a < list->rows; a++) {
		for (uint32_t b = a + 1; b < list->rows; b++) {
			bool linked = linker_cluster(list->linker, a) == linker_cluster(list->linker, b);

			found += linked;
			truth += list->person[a] == list->person[b];
			right += linked && list->person[a] == list->person[b];
		}
	}
	*precision = found ? (unsigned)(1000 * right / found) : 1000;
	*recall = truth ? (unsigned)(1000 * right / truth) : 1000;
}

/* Another address: cells 2 to 6, the code and the province with the town. */
static void move(uint64_t *random, struct cells *cells)
{
	uint64_t town;

	snprintf(cells->text[2], CELL, "%u", 1 + (unsigned)draw(random, 200));
	word(random, 300, cells->text[3]);
	word(random, 80, cells->text[4]);
	town = hash_str(str_from(cells->text[4]));
	snprintf(cells->text[5], CELL, "%c%c", (char)('a' + town % 7), (char)('a' + town % 3));
	snprintf(cells->text[6], CELL, "%u", 1000 + (unsigned)(town % 9000));
}

/*
 * Nobody lives with anybody, but rows are damaged in many columns, and half of the given names are not known: such rows look like
 * those of two members of one household.
 */
static void damaged_rows_are_no_households(void **state)
{
	static const enum field_type types[] = {FIELD_NAME, FIELD_NUMBER, FIELD_ADDRESS, FIELD_TEXT, FIELD_CODE, FIELD_DATE};
	static const char *const names[] = {"name", "number", "street", "town", "code", "born"};
	struct list *list = malloc(sizeof *list);
	unsigned precision, recall;
	uint64_t random = 11;

	(void)state;
	list_open(list, types, names, 6);
	for (uint32_t person = 0; person < 700; person++) {
		struct cells truth = {0};
		char given[CELL], family[CELL];

		word(&random, 120, given);
		word(&random, 500, family);
		snprintf(truth.text[1], CELL, "%u", 1 + (unsigned)draw(&random, 99));
		word(&random, 400, truth.text[2]);
		word(&random, 90, truth.text[3]);
		snprintf(truth.text[4], CELL, "%u", 2000 + (unsigned)(hash_str(str_from(truth.text[3])) % 4000));
		snprintf(truth.text[5], CELL, "%u-%02u-%02u", 1930 + (unsigned)draw(&random, 70), 1 + (unsigned)draw(&random, 12),
			1 + (unsigned)draw(&random, 28));
		for (unsigned again = 0; again <= (chance(&random, 50) ? 1 + draw(&random, 5) : 0); again++) {
			struct cells row = truth;
			char first[CELL], last[CELL];

			snprintf(first, CELL, "%s", chance(&random, 50) ? "unknown" : given);
			snprintf(last, CELL, "%s", family);
			for (unsigned k = 0; again && k < 4; k++) {
				unsigned cell = (unsigned)draw(&random, 7);

				if (cell && chance(&random, 15))
					row.text[cell % 6][0] = '\0';
				if (cell == 6 && chance(&random, 50))
					word(&random, 500, last);
				slip(&random, cell == 0 ? first : cell == 6 ? last : row.text[cell]);
			}
			snprintf(row.text[0], CELL, "%.20s %.20s", first, last);
			list_add(list, &row, person);
		}
	}
	list_judge(list, &precision, &recall);
	/* With members of households who agree in name and date, or twins without number, a third of them was found. */
	assert_in_range(precision, 990, 1000);
	assert_in_range(recall, 750, 1000);
	linker_free(list->linker);
	free(list);
}

/* Families of one surname; the address in five columns; one repeat in four after a move. */
static void who_moved_is_found(void **state)
{
	static const enum field_type types[] = {FIELD_NAME, FIELD_AGE, FIELD_NUMBER, FIELD_ADDRESS, FIELD_TEXT, FIELD_CODE, FIELD_CODE};
	static const char *const names[] = {"name", "age", "number", "street", "town", "province", "code"};
	struct list *list = malloc(sizeof *list);
	unsigned precision, recall;
	uint64_t random = 23;
	uint32_t person = 0;

	(void)state;
	list_open(list, types, names, 7);
	for (unsigned family = 0; family < 900; family++) {
		struct cells home = {0};
		char surname[CELL];

		word(&random, 900, surname);
		move(&random, &home);
		for (unsigned member = 1 + (unsigned)draw(&random, 4); member > 0; member--, person++) {
			char given[CELL], middle[CELL];
			unsigned age = 1 + (unsigned)draw(&random, 80);

			word(&random, 200, given);
			word(&random, 200, middle);
			for (unsigned again = 0; again <= (chance(&random, 25) ? 1 : 0); again++) {
				struct cells row = home;

				if (again && chance(&random, 25))
					move(&random, &row);
				if (again && chance(&random, 15))
					slip(&random, given);
				snprintf(row.text[0], CELL, "%.12s %.12s %.12s", given, middle, surname);
				snprintf(row.text[1], CELL, "%u", age + (again && chance(&random, 20)));
				list_add(list, &row, person);
			}
		}
	}
	list_judge(list, &precision, &recall);
	assert_true(linker_model(list->linker)->households);
	assert_true(linker_model(list->linker)->moved > 0.15 && linker_model(list->linker)->moved < 0.4);
	assert_in_range(precision, 880, 1000);
	assert_in_range(recall, 950, 1000);
	linker_free(list->linker);
	free(list);
}

/* Namesakes born at any time, whose addresses are made of the name: equal ones are no proof. */
static void mail_made_of_the_name_is_no_proof(void **state)
{
	static const enum field_type types[] = {FIELD_NAME, FIELD_EMAIL, FIELD_DATE};
	static const char *const names[] = {"name", "mail", "born"};
	struct list *list = malloc(sizeof *list);
	unsigned precision, recall;
	uint64_t random = 5;

	(void)state;
	list_open(list, types, names, 3);
	for (uint32_t person = 0; person < 1200; person++) {
		char given[CELL], surname[CELL], mail[CELL], born[CELL];

		word(&random, 150, given);
		word(&random, 300, surname);
		snprintf(mail, CELL, chance(&random, 50) ? "%.12s.%.12s@mail.com" : "%.1s%.12s@post.org", given, surname);
		snprintf(born, CELL, "%u-%02u-%02u", 1930 + (unsigned)draw(&random, 70), 1 + (unsigned)draw(&random, 12), 1 + (unsigned)draw(&random, 28));
		for (unsigned again = 0; again <= (chance(&random, 25) ? 1 : 0); again++) {
			struct cells row = {0};

			if (again && chance(&random, 15))
				slip(&random, surname);
			snprintf(row.text[0], CELL, "%.20s %.20s", given, surname);
			snprintf(row.text[1], CELL, "%s", chance(&random, 30) ? "" : mail);
			snprintf(row.text[2], CELL, "%s", chance(&random, 30) ? "" : born);
			list_add(list, &row, person);
		}
	}
	list_judge(list, &precision, &recall);
	assert_in_range(precision, 900, 1000);
	assert_in_range(recall, 800, 1000);
	linker_free(list->linker);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_rows_are_no_households),
		cmocka_unit_test(who_moved_is_found),
		cmocka_unit_test(mail_made_of_the_name_is_no_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
