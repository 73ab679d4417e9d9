/*
 * Entries and raw rows in COPY's formats: what goes into the database comes back as it was.
 */
#include "daemon/jobs/entry_copy.h"
#include "daemon/jobs/job_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define S(text) STR_LITERAL(text)

static uint64_t big_endian(const char **p, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *(const unsigned char *)(*p)++;
	return value;
}

/*
 * What the server makes of a written row: the values of its columns but the first (district) and the last (fingerprint) as text.
 * Texts and the notes' array stand among numbers by their place.
 */
static void as_read(const struct copy_buffer *buffer, struct copy_field fields[ENTRY_FIELDS], char texts[ENTRY_FIELDS][256])
{
	enum { FIRST_TEXT = 16, NOTES = 25 };
	const char *p = buffer->p, *value;

	assert_int_equal(big_endian(&p, 2), ENTRY_FIELDS + 2);
	for (int i = -1; i <= ENTRY_FIELDS; i++) {
		uint32_t n = (uint32_t)big_endian(&p, 4);
		size_t length = 0;

		if (n == UINT32_MAX) {
			assert_in_range(i, 0, ENTRY_FIELDS - 1);
			fields[i] = (struct copy_field){.text = {"", 0}, .null = true};
			continue;
		}
		value = p;
		p += n;
		if (i < 0 || i == ENTRY_FIELDS)
			continue;
		if (i < FIRST_TEXT) {
			uint64_t number = big_endian(&value, n);

			length = (size_t)snprintf(texts[i], 256, "%lld",
				(long long)(n == 2 ? (int16_t)number : n == 4 ? (int32_t)number : (int64_t)number));
		} else if (i == NOTES) {
			texts[i][length++] = '{';
			big_endian(&value, 12);
			for (uint64_t left = big_endian(&value, 8) >> 32; left; left--) {
				size_t bytes = big_endian(&value, 4);

				length += (size_t)snprintf(texts[i] + length, 256 - length, "%.*s%c", (int)bytes, value,
					left > 1 ? ',' : '}');
				value += bytes;
			}
		} else {
			memcpy(texts[i], value, n);
			length = n;
		}
		fields[i] = (struct copy_field){.text = {texts[i], length}};
	}
	assert_ptr_equal(p, buffer->p + buffer->n);
}

static void test_entry_round_trip(void **state)
{
	struct entry entry = {.row = 7, .line = 19, .nik = 1505014107900001, .nik_digits = 15, .kk = UINT64_C(18446744073709551615),
		.kk_digits = 16, .sex = 2, .relation = 3, .desil = 4, .rt = 3, .rw = 65535, .birth = 19900741, .village = 1505052001,
		.name = S("SITI AMINAH"), .name_shown = S("Siti \"Aminah\"\t\\N"), .family_id = S("{a,b}"), .address = S(""),
		.notes = {{NOTE_NIK_SPREADSHEET, COLUMN_NIK}, {NOTE_NAME_TITLES, COLUMN_NAME}}, .n_notes = 2}, back;
	struct district_ids ids = {12, 0}, ids_back;
	struct copy_buffer buffer;
	struct arena arena;
	struct copy_field fields[ENTRY_FIELDS];
	char texts[ENTRY_FIELDS][256];
	int64_t list;

	arena_init(&arena, 0);
	copy_buffer_init(&buffer, 1 << 16);
	entry_copy_write(&buffer, 1505, 42, &entry, ids, UINT64_C(0x8000000000000001));
	assert_false(buffer.failed);
	as_read(&buffer, fields, texts);
	assert_int_equal(entry_copy_fields(fields, &arena, &list, &back, &ids_back, NULL), 0);
	assert_int_equal(list, 42);
	assert_int_equal(ids_back.person, 12);
	assert_int_equal(ids_back.household, 0);
	assert_int_equal(back.row, 7);
	assert_int_equal(back.line, 19);
	assert_true(back.nik == entry.nik && back.kk == entry.kk);
	assert_int_equal(back.nik_digits, 15);
	assert_int_equal(back.birth, 19900741);
	assert_int_equal(back.rt, 3);
	assert_int_equal(back.rw, 0); /* more than the database holds is no RW */
	assert_true(str_equal(back.name, entry.name));
	assert_true(str_equal(back.name_shown, entry.name_shown));
	assert_true(str_equal(back.family_id, entry.family_id));
	assert_int_equal(back.address.n, 0);
	assert_int_equal(back.n_notes, 2);
	assert_int_equal(back.notes[1].kind, NOTE_NAME_TITLES);
	assert_int_equal(back.notes[1].role, COLUMN_NAME);
	copy_buffer_release(&buffer);
	arena_release(&arena);
}

static void test_raw_rows(void **state)
{
	struct raw_row raw;
	struct arena arena;
	struct error err = {0};

	arena_init(&arena, 0);
	assert_int_equal(raw_copy_read(S("3\t17\t1505\x1fSiti,\\t\\\\ A\x1f\x1f\t{0,2,9}\tf\n"), &arena, &raw, NULL), 0);
	assert_int_equal(raw.row, 3);
	assert_int_equal(raw.line, 17);
	assert_int_equal(raw.n_cells, 3);
	assert_true(str_equal(raw.cells[1], S("Siti,\t\\ A")) && raw.cells[2].n == 0);
	assert_true(raw.numeric[0] && !raw.numeric[1] && raw.numeric[2]);
	assert_false(raw.rejected);
	assert_int_equal(raw_copy_read(S("3\t17\t\t\\N\tt\n"), &arena, &raw, NULL), 0);
	assert_int_equal(raw.n_cells, 0);
	assert_null(raw.numeric);
	assert_true(raw.rejected);
	assert_int_equal(raw_copy_read(S("3\t17\tx\t\\N\tt\n"), &arena, &raw, &err), -1);
	assert_int_equal(err.kind, ERROR_DATABASE);
	arena_release(&arena);
}

static void test_rows_of_a_chunk(void **state)
{
	struct str rows = S("a\nbc\n\nrest"), row;

	assert_true(job_next_row(&rows, &row));
	assert_true(str_equal(row, S("a\n")));
	assert_true(job_next_row(&rows, &row));
	assert_true(job_next_row(&rows, &row));
	assert_true(str_equal(row, S("\n")));
	assert_false(job_next_row(&rows, &row));
}

static void test_kinds(void **state)
{
	for (int kind = 0; kind < JOB_KINDS; kind++)
		assert_int_equal(job_kind_from_name(job_kind_name(kind)), kind);
	assert_int_equal(job_kind_from_name("sweep"), JOB_KINDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry_round_trip),
		cmocka_unit_test(test_raw_rows),
		cmocka_unit_test(test_rows_of_a_chunk),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
