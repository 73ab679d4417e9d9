/*
 * COPY's text format: what is written reads back as it was, and damaged rows are told.
 */
#include "daemon/db/copy_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define S(text) STR_LITERAL(text)

static void test_writes_what_postgresql_reads(void **state)
{
	struct copy_buffer buffer;
	struct arena arena;
	struct str texts[] = {S("a,b"), S("say \"x\"\\"), S(""), S("tab\there\nand")};

	arena_init(&arena, 0);
	copy_buffer_init(&buffer, 4096);
	copy_write_int(&buffer, -5);
	copy_write_null(&buffer);
	copy_write_str(&buffer, S("back\\slash\ttab\r\n"));
	copy_write_str(&buffer, str_from(copy_array_literal(texts, 4, &arena)));
	copy_write_int(&buffer, INT64_MIN);
	copy_write_int(&buffer, INT64_MAX);
	copy_write_str_or_null(&buffer, S(""));
	copy_write_int_or_null(&buffer, 0);
	copy_write_float(&buffer, 0.25);
	copy_row_end(&buffer);
	assert_false(buffer.failed);
	assert_memory_equal(buffer.p,
		"-5\t\\N\tback\\\\slash\\ttab\\r\\n\t{\"a,b\",\"say \\\\\"x\\\\\"\\\\\\\\\",\"\",\"tab\\there\\nand\"}\t-9223372036854775808\t9223372036854775807"
		"\t\\N\t\\N\t0.25\n",
		buffer.n);
	copy_buffer_release(&buffer);
	arena_release(&arena);
}

static void test_what_is_no_utf8_is_dropped(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 4096);
	copy_write_str(&buffer, (struct str){"a\0b\xff\xc3\xa9\xc3 \xed\xa0\x80z\xf4\x90\x80\x80", 17});
	copy_row_end(&buffer);
	assert_int_equal(buffer.n, 7);
	assert_memory_equal(buffer.p, "ab\xc3\xa9 z\n", 7);
	copy_buffer_release(&buffer);
}

static void test_limit_sticks(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 16);
	copy_write_str(&buffer, S("abcd"));
	assert_false(buffer.failed);
	copy_write_str(&buffer, S("abcdefgh"));
	assert_true(buffer.failed);
	copy_write_int(&buffer, 1);
	assert_true(buffer.failed);
	copy_buffer_clear(&buffer);
	assert_false(buffer.failed);
	copy_buffer_release(&buffer);
}

static void test_round_trip_of_random_texts(void **state)
{
	static const char alphabet[] = "ab,\"\\{}\t\n\r \x01N'\xc3\xa9";
	unsigned seed = 7;
	struct arena arena;

	arena_init(&arena, 0);
	for (int round = 0; round < 3000; round++) {
		struct copy_buffer buffer;
		struct str texts[6];
		char bytes[6][24];
		struct copy_field fields[4];
		struct str *back;
		size_t n = rand_r(&seed) % 7, n_back;

		for (size_t i = 0; i < n; i++) {
			texts[i].n = 0;
			for (int m = rand_r(&seed) % 9; m > 0; m--) {
				const char *c = &alphabet[rand_r(&seed) % (sizeof(alphabet) - 2)];

				if ((unsigned char)*c == 0xc3 || (unsigned char)*c == 0xa9) {
					memcpy(bytes[i] + texts[i].n, "\xc3\xa9", 2);
					texts[i].n += 2;
				} else {
					bytes[i][texts[i].n++] = *c;
				}
			}
			texts[i].p = bytes[i];
		}
		copy_buffer_init(&buffer, 1 << 16);
		copy_write_int(&buffer, round);
		copy_write_str(&buffer, str_from(copy_array_literal(texts, n, &arena)));
		copy_write_str(&buffer, n ? texts[0] : S("x"));
		copy_row_end(&buffer);
		assert_false(buffer.failed);
		assert_int_equal(copy_read_row((struct str){buffer.p, buffer.n}, &arena, fields, 4), 3);
		assert_int_equal(copy_read_int(fields[0]), round);
		assert_int_equal(copy_read_array(fields[1].text, &arena, &back, &n_back), 0);
		assert_int_equal(n_back, n);
		for (size_t i = 0; i < n; i++)
			assert_true(str_equal(back[i], texts[i]));
		assert_true(str_equal(fields[2].text, n ? texts[0] : S("x")));
		copy_buffer_release(&buffer);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void test_reads_what_postgresql_writes(void **state)
{
	struct arena arena;
	struct copy_field fields[3];
	struct str *texts;
	size_t n;

	arena_init(&arena, 0);
	assert_int_equal(copy_read_row(S("\\N\t\t{}\n"), &arena, fields, 3), 3);
	assert_true(fields[0].null);
	assert_false(fields[1].null);
	assert_int_equal(copy_read_array(fields[2].text, &arena, &texts, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(copy_read_array(S("{NIK,\"Nama, lengkap\",NULL,\"NULL\",\"\"}"), &arena, &texts, &n), 0);
	assert_int_equal(n, 5);
	assert_true(str_equal(texts[1], S("Nama, lengkap")));
	assert_true(str_equal(texts[2], S("")));
	assert_true(str_equal(texts[3], S("NULL")));
	assert_int_equal(copy_read_int((struct copy_field){.text = S("-9223372036854775808")}), INT64_MIN);
	arena_release(&arena);
}

static void test_damaged_rows_are_told(void **state)
{
	struct arena arena;
	struct copy_field fields[3];
	struct str *texts;
	size_t n;
	static const char *const arrays[] = {"", "{", "}", "{a", "a}", "{\"a}", "{a,}", "{,a}", "{{a}}", "{a}b}", "{a\\}", "{\"a\"b}"};

	arena_init(&arena, 0);
	assert_int_equal(copy_read_row(S("1\t2\t3\t4\n"), &arena, fields, 3), -1);
	assert_int_equal(copy_read_row(S("1\\"), &arena, fields, 3), -1);
	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		assert_int_equal(copy_read_array(str_from(arrays[i]), &arena, &texts, &n), -1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_what_postgresql_reads),
		cmocka_unit_test(test_what_is_no_utf8_is_dropped),
		cmocka_unit_test(test_limit_sticks),
		cmocka_unit_test(test_round_trip_of_random_texts),
		cmocka_unit_test(test_reads_what_postgresql_writes),
		cmocka_unit_test(test_damaged_rows_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
