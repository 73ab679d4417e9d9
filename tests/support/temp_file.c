/*
 * Files for tests. See temp_file.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/temp_file.h"

static char folder[64];

int temp_folder_setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "%s", "/tmp/padan-test-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

int temp_folder_teardown(void **state)
{
	DIR *dir = opendir(folder);

	(void)state;
	if (!dir)
		return -1;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (entry->d_type != DT_DIR)
			unlink(temp_path(entry->d_name));
	closedir(dir);
	return rmdir(folder);
}

const char *temp_path(const char *name)
{
	static char paths[8][400];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

const char *temp_file(const char *name, const void *bytes, size_t n)
{
	const char *path = temp_path(name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	return path;
}

const char *temp_text(const char *name, const char *zero_terminated)
{
	return temp_file(name, zero_terminated, strlen(zero_terminated));
}

char *temp_read(const char *name, size_t *n)
{
	FILE *f = fopen(temp_path(name), "rb");
	char *text;
	long size;

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	rewind(f);
	text = malloc((size_t)size + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)size, f), size);
	text[size] = '\0';
	fclose(f);
	if (n)
		*n = (size_t)size;
	return text;
}
