/*
 * Texts with a maximum: what fits is kept, what does not is remembered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/strbuf.h"

static void grows_as_needed(void **state)
{
	struct strbuf text;
	struct error err = {0};

	(void)state;
	strbuf_init(&text, 100000);
	assert_string_equal(text.p, "");
	for (int i = 0; i < 5000; i++)
		strbuf_addf(&text, "%d,", i % 10);
	strbuf_add(&text, STR_LITERAL("end"));
	assert_int_equal(text.n, 10003);
	assert_int_equal(strlen(text.p), text.n);
	assert_int_equal(strbuf_failed(&text, &err), 0);
	strbuf_clear(&text);
	assert_string_equal(text.p, "");
	strbuf_release(&text);
	strbuf_release(&text);
	assert_string_equal(text.p, "");
}

static void stops_at_its_maximum(void **state)
{
	struct strbuf text;
	struct error err = {0};

	(void)state;
	strbuf_init(&text, 8);
	strbuf_add(&text, STR_LITERAL("12345678"));
	assert_int_equal(strbuf_failed(&text, &err), 0);
	strbuf_addf(&text, "%s", "9");
	strbuf_add(&text, STR_LITERAL(""));
	assert_string_equal(text.p, "12345678");
	assert_int_equal(strbuf_failed(&text, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	strbuf_release(&text);
}

static void foreign_text_is_tamed(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text, 100);
	strbuf_add_foreign(&text, STR_LITERAL("SITI\r\nBcc: x\x1b[31m"), 50);
	assert_string_equal(text.p, "SITI  Bcc: x [31m");
	strbuf_clear(&text);
	strbuf_add_foreign(&text, STR_LITERAL("ab\xc3\xa9zz"), 3); /* not through the middle of é */
	assert_string_equal(text.p, "ab…");
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_as_needed),
		cmocka_unit_test(stops_at_its_maximum),
		cmocka_unit_test(foreign_text_is_tamed),
	};

	return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
