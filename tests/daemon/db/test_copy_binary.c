/* COPY's binary format, byte by byte. That PostgreSQL reads it is seen by every integration test that sends a file. */
#include "daemon/db/copy_binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(buffer, literal)                                                                                         \
	do {                                                                                                           \
		assert_false((buffer)->failed);                                                                        \
		assert_int_equal((buffer)->n, sizeof(literal) - 1);                                                    \
		assert_memory_equal((buffer)->p, literal, sizeof(literal) - 1);                                        \
		copy_buffer_clear(buffer);                                                                             \
	} while (0)

static void test_head_and_end(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 1000);
	copy_binary_begin(&buffer);
	BYTES(&buffer, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0");
	copy_binary_end(&buffer);
	BYTES(&buffer, "\377\377");
	copy_buffer_release(&buffer);
}

static void test_values(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 1000);
	copy_binary_row(&buffer, 3);
	BYTES(&buffer, "\0\3");
	copy_binary_null(&buffer);
	BYTES(&buffer, "\377\377\377\377");
	copy_binary_int2(&buffer, -3);
	BYTES(&buffer, "\0\0\0\2\377\375");
	copy_binary_int4(&buffer, -2);
	BYTES(&buffer, "\0\0\0\4\377\377\377\376");
	copy_binary_int8(&buffer, 0x0102030405060708);
	BYTES(&buffer, "\0\0\0\10\1\2\3\4\5\6\7\10");
	copy_binary_str(&buffer, STR_LITERAL("a\tb\\\"\xc3\xa9"));
	BYTES(&buffer, "\0\0\0\7a\tb\\\"\xc3\xa9");
	copy_buffer_release(&buffer);
}

/* What PostgreSQL refuses is dropped, and does not count into the length. */
static void test_texts_are_cleaned(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 1000);
	copy_binary_str(&buffer, (struct str){"a\0b\xffz\xe2\x82", 7});
	BYTES(&buffer, "\0\0\0\3abz");
	copy_buffer_release(&buffer);
}

/* Behind each cell its end, which no cell may hold; texts longer than what is looked at in one go, too. */
static void test_cells(void **state)
{
	struct copy_buffer buffer;
	const struct str cells[] = {STR_LITERAL("12345678"), {"", 0}, STR_LITERAL("0123456789\x1f\tab\xc3\xa9 \\\"123456789")};

	copy_buffer_init(&buffer, 1000);
	copy_binary_cells(&buffer, cells, 3);
	BYTES(&buffer, "\0\0\0\46" "12345678\x1f\x1f" "0123456789\tab\xc3\xa9 \\\"123456789\x1f");
	copy_binary_cells(&buffer, cells, 0);
	BYTES(&buffer, "\0\0\0\0");
	copy_buffer_release(&buffer);
}

static void test_arrays(void **state)
{
	struct copy_buffer buffer;
	const struct str texts[] = {STR_LITERAL("x"), {"", 0}};

	copy_buffer_init(&buffer, 1000);
	copy_binary_texts(&buffer, texts, 2);
	BYTES(&buffer, "\0\0\0\35\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\2\0\0\0\1\0\0\0\1x\0\0\0\0");
	copy_binary_texts(&buffer, texts, 0);
	BYTES(&buffer, "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0\31");
	copy_binary_int4s(&buffer, (int32_t[]){7}, 1);
	BYTES(&buffer, "\0\0\0\34\0\0\0\1\0\0\0\0\0\0\0\27\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\7");
	copy_buffer_release(&buffer);
}

static void test_too_much_fails(void **state)
{
	struct copy_buffer buffer;

	copy_buffer_init(&buffer, 16);
	copy_binary_int8(&buffer, 1);
	assert_false(buffer.failed);
	copy_binary_int8(&buffer, 1);
	assert_true(buffer.failed);
	copy_buffer_release(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head_and_end),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_texts_are_cleaned),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_too_much_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
