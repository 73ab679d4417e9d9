/*
 * Types of any list's columns: headers of both languages, contents where the header says nothing, and what must never be
 * matched on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "daemon/ingest/column_guess.h"
#include "matcher/base/hash.h"

static enum field_type by_header(const char *header)
{
	struct str cell = str_from(header);
	struct column_guess guess;

	column_guess(&cell, 1, NULL, 0, &guess);
	return guess.type;
}

static void headers(void **state)
{
	static const struct {
		const char *header;
		enum field_type type;
	} CASES[] = {
		{"first_name", FIELD_GIVEN_NAME}, {"Given Name", FIELD_GIVEN_NAME}, {"surname", FIELD_SURNAME},
		{"lastName", FIELD_SURNAME}, {"family_name", FIELD_SURNAME}, {"full_name", FIELD_NAME},
		{"first_and_surname", FIELD_NAME}, {"name", FIELD_NAME}, {"nama", FIELD_NAME}, {"Nama Lengkap", FIELD_NAME},
		{"dob", FIELD_DATE}, {"date_of_birth", FIELD_DATE}, {"birthDate", FIELD_DATE}, {"tgl_lahir", FIELD_DATE},
		{"birth_place", FIELD_TEXT}, {"tempat lahir", FIELD_TEXT}, {"occupation", FIELD_TEXT}, {"city", FIELD_TEXT},
		{"suburb", FIELD_TEXT}, {"nama_ibu", FIELD_TEXT}, {"nik_ayah", FIELD_TEXT}, {"mother_name", FIELD_TEXT},
		{"postcode", FIELD_CODE}, {"postcode_fake", FIELD_CODE}, {"zip", FIELD_CODE}, {"state", FIELD_CODE},
		{"kd_desa", FIELD_CODE}, {"RT", FIELD_CODE}, {"gender", FIELD_SEX}, {"jk", FIELD_SEX}, {"L/P", FIELD_SEX},
		{"street_number", FIELD_NUMBER}, {"age", FIELD_AGE}, {"address_1", FIELD_ADDRESS}, {"alamat", FIELD_ADDRESS},
		{"soc_sec_id", FIELD_IDENTIFIER}, {"SSN", FIELD_IDENTIFIER}, {"phone_number", FIELD_PHONE}, {"No. HP", FIELD_PHONE}, {"house_num", FIELD_NUMBER},
		{"nisn", FIELD_IDENTIFIER}, {"nik", FIELD_NIK}, {"No. KTP", FIELD_NIK}, {"no_kk", FIELD_KK}, {"email", FIELD_EMAIL},
		{"cluster", FIELD_IGNORE}, {"cluster_id", FIELD_IGNORE}, {"true_label", FIELD_IGNORE}, {"household", FIELD_IGNORE},
		{"group", FIELD_IGNORE}, {"is_duplicate", FIELD_IGNORE}, {"id", FIELD_IGNORE}, {"rec_id", FIELD_IGNORE},
		{"person_id", FIELD_IGNORE}, {"No.", FIELD_IGNORE}, {"Unnamed: 0", FIELD_IGNORE}, {"created_at", FIELD_IGNORE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
		if (by_header(CASES[i].header) != CASES[i].type)
			fail_msg("%s: type %d", CASES[i].header, by_header(CASES[i].header));
}

static void finds_the_row_key(void **state)
{
	struct str header[] = {STR_LITERAL("nama"), STR_LITERAL("Rec_ID "), STR_LITERAL("id")};

	(void)state;
	assert_int_equal(column_guess_id(header, 3), 1);
	assert_int_equal(column_guess_id(header, 1), -1);
}

enum { ROWS = 200 };

/* The guess for a column of unknown header whose cells a function makes. */
static struct column_guess by_contents(const char *header, void (*make)(char *cell, uint32_t row))
{
	static char text[ROWS][48];
	static struct str sample[ROWS];
	struct str cell = str_from(header);
	struct column_guess guess;

	for (uint32_t row = 0; row < ROWS; row++) {
		make(text[row], row);
		sample[row] = str_from(text[row]);
	}
	column_guess(&cell, 1, sample, ROWS, &guess);
	return guess;
}

static unsigned noise(uint32_t row, unsigned below)
{
	return (unsigned)(hash_mix(row + 77) % below);
}

static void make_email(char *cell, uint32_t row)
{
	sprintf(cell, row % 9 ? "a%u@mail.example" : "", row);
}

static void make_nik(char *cell, uint32_t row)
{
	sprintf(cell, "1505%02u%02u%02u%02u%04u", noise(row, 11) + 1, noise(row, 28) + 1 + (row % 2 ? 40 : 0), noise(row, 12) + 1,
		noise(row, 99), row);
}

static void make_kk(char *cell, uint32_t row)
{
	sprintf(cell, "1505%02u%02u%02u%02u%04u", noise(row, 11) + 1, noise(row, 28) + 1, noise(row, 12) + 1, noise(row, 20), row / 4);
}

static void make_date(char *cell, uint32_t row)
{
	sprintf(cell, "%02u/%02u/19%02u", noise(row, 28) + 1, noise(row, 12) + 1, noise(row, 99));
}

static void make_sex(char *cell, uint32_t row)
{
	sprintf(cell, "%s", row % 3 ? "L" : "P");
}

static void make_serial(char *cell, uint32_t row)
{
	sprintf(cell, "%u", row + 1000);
}

static void make_group(char *cell, uint32_t row)
{
	sprintf(cell, "%u", row / 3);
}

static void make_number(char *cell, uint32_t row)
{
	sprintf(cell, "%u", noise(row, 9000000) + 1000000);
}

static void make_constant(char *cell, uint32_t row)
{
	(void)row;
	sprintf(cell, "JAMBI");
}

static void make_empty(char *cell, uint32_t row)
{
	sprintf(cell, "%s", row % 2 ? "NA" : "");
}

static void make_name(char *cell, uint32_t row)
{
	sprintf(cell, "NAMA%c%c ORANG", 'A' + noise(row, 26), 'A' + noise(row + 1, 26));
}

static void contents(void **state)
{
	(void)state;
	assert_int_equal(by_contents("x", make_email).type, FIELD_EMAIL);
	assert_int_equal(by_contents("x", make_nik).type, FIELD_NIK);
	assert_int_equal(by_contents("x", make_kk).type, FIELD_KK);
	assert_int_equal(by_contents("x", make_date).type, FIELD_DATE);
	assert_int_equal(by_contents("x", make_sex).type, FIELD_SEX);
	assert_int_equal(by_contents("x", make_number).type, FIELD_IDENTIFIER);
	assert_int_equal(by_contents("x", make_name).type, FIELD_NAME);
	assert_int_equal(by_contents("x", make_serial).why, COLUMN_IS_OTHER_KEY);
	assert_int_equal(by_contents("x", make_group).why, COLUMN_IS_GROUP);
	assert_int_equal(by_contents("kota", make_constant).why, COLUMN_IS_EMPTY);
	assert_int_equal(by_contents("x", make_empty).why, COLUMN_IS_EMPTY);
}

static void contents_overrule_headers(void **state)
{
	(void)state;
	assert_int_equal(by_contents("kk", make_name).type, FIELD_NAME);
	assert_int_equal(by_contents("nama", make_number).type, FIELD_IDENTIFIER);
	assert_int_equal(by_contents("nik", make_nik).why, COLUMN_BY_BOTH);
}

/* Columns beside each other: three, of which the first is a word and the others numbers up to `most`. */
static void guess_three(const char *const headers[3], const uint32_t most[3], struct column_guess guesses[3])
{
	static char text[ROWS][3][16];
	static struct str sample[ROWS * 3];
	struct str header[3];

	for (uint32_t row = 0; row < ROWS; row++) {
		for (uint32_t c = 0; c < 3; c++) {
			snprintf(text[row][c], sizeof text[row][c], "%u", most[c] > 31 ? most[c] - noise(row, 70) : 1 + noise(row * 3 + c, most[c]));
			sample[row * 3 + c] = str_from(text[row][c]);
		}
	}
	for (uint32_t c = 0; c < 3; c++)
		header[c] = str_from(headers[c]);
	column_guess(header, 3, sample, ROWS, guesses);
}

static void a_date_in_three_columns(void **state)
{
	static const char *const birth[3] = {"Thn", "Bln", "Tgl"}, *const other[3] = {"skor", "Bln", "Tgl"};
	static const uint32_t most[3] = {2010, 12, 31};
	struct column_guess guesses[3];

	(void)state;
	guess_three(birth, most, guesses);
	for (int c = 0; c < 3; c++) {
		assert_int_equal(guesses[c].type, FIELD_DATE);
		assert_int_equal(guesses[c].part, COLUMN_YEAR + c);
	}
	guess_three(other, most, guesses);
	for (int c = 0; c < 3; c++)
		assert_int_equal(guesses[c].part, COLUMN_WHOLE);
}

static void make_phone(char *cell, uint32_t row)
{
	snprintf(cell, 48, row % 2 ? "+62 8%02u %04u %04u" : "08%02u-%04u-%04u", noise(row, 100), noise(row + 7, 10000), noise(row + 9, 10000));
}

static void telephones(void **state)
{
	(void)state;
	assert_int_equal(by_contents("x", make_phone).type, FIELD_PHONE);
	assert_int_equal(by_contents("x", make_date).type, FIELD_DATE);
}

static void every_reason_has_words(void **state)
{
	(void)state;
	for (enum column_why why = COLUMN_BY_HEADER; why <= COLUMN_BY_USER; why++)
		assert_string_not_equal(column_why_text(why, true), column_why_text(why, false));
}

/* A list of companies names these; its contacts come and go. Where persons have a name of their own it is a list of persons. */
static void companies_are_whom_a_list_names(void **state)
{
	static char text[ROWS][2][32];
	static struct str sample[ROWS * 2];
	static const struct {
		const char *other;
		enum field_type company, person;
	} lists[] = {{"Contact", FIELD_NAME, FIELD_TEXT}, {"Nama Lengkap", FIELD_TEXT, FIELD_NAME}};
	struct column_guess guesses[2];

	(void)state;
	for (uint32_t row = 0; row < ROWS; row++) {
		snprintf(text[row][0], sizeof text[row][0], "%c%cAND%c Motors", 'A' + noise(row, 26), 'A' + noise(row + 5, 26), 'A' + noise(row + 9, 26));
		make_name(text[row][1], row);
		for (uint32_t c = 0; c < 2; c++)
			sample[row * 2 + c] = str_from(text[row][c]);
	}
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		struct str header[2] = {STR_LITERAL("Company"), str_from(lists[l].other)};

		column_guess(header, 2, sample, ROWS, guesses);
		assert_int_equal(guesses[0].type, lists[l].company);
		assert_int_equal(guesses[1].type, lists[l].person);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers),
		cmocka_unit_test(finds_the_row_key),
		cmocka_unit_test(contents),
		cmocka_unit_test(contents_overrule_headers),
		cmocka_unit_test(a_date_in_three_columns),
		cmocka_unit_test(telephones),
		cmocka_unit_test(companies_are_whom_a_list_names),
		cmocka_unit_test(every_reason_has_words),
	};

	return cmocka_run_group_tests_name("column_guess", tests, NULL, NULL);
}
