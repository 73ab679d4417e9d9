/*
 * Small files are read whole or not at all.
 */
#include "daemon/base/text_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A file of n bytes; the caller removes it. */
static void make_file(char path[32], size_t n)
{
	FILE *file;
	int fd;

	snprintf(path, 32, "/tmp/padan-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "wb");
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(putc('x', file), EOF);
	assert_int_equal(fclose(file), 0);
}

static void test_small_files_are_read_whole_or_not_at_all(void **state)
{
	const size_t most = TEXT_FILE_MOST;
	struct error err = {0};
	char path[32], *text;

	make_file(path, most);
	text = text_file_read(path, &err);
	assert_non_null(text);
	assert_int_equal(strlen(text), most);
	free(text);
	unlink(path);
	make_file(path, most + 1);
	assert_null(text_file_read(path, &err));
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.en, "larger"));
	unlink(path);
	error_clear(&err);
	assert_null(text_file_read(path, &err));
	assert_non_null(strstr(err.en, "cannot be read"));
	error_clear(&err);
	assert_null(text_file_read("/", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_files_are_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
