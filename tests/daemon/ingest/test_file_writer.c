/*
 * Files appear whole or not at all; CSV cells are quoted where they must be and safe for spreadsheets where asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ingest/file_writer.h"

static char folder[] = "/tmp/padan-writer-XXXXXX";
static char target[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(target, sizeof target, "%s/out.csv", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(target);
	return rmdir(folder);
}

static char *contents(void)
{
	static char text[1024];
	FILE *f = fopen(target, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static int files_in_folder(void)
{
	DIR *dir = opendir(folder);
	int n = 0;

	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		n += entry->d_name[0] != '.' || (entry->d_name[1] && entry->d_name[1] != '.');
	closedir(dir);
	return n;
}

static void quotes_what_must_be_quoted(void **state)
{
	struct error err = {0};
	struct file_writer *w = file_writer_open(target, &err);

	(void)state;
	assert_non_null(w);
	file_writer_cell_text(w, "plain");
	file_writer_cell_text(w, "a,b");
	file_writer_cell_text(w, "say \"hi\"");
	file_writer_cell_text(w, "two\nlines");
	file_writer_cell_text(w, " edge");
	file_writer_cell_uint(w, 0);
	file_writer_cell_uint(w, UINT64_MAX);
	file_writer_cell_printf(w, "%.2f", 1.5);
	file_writer_row_end(w);
	file_writer_cell_text(w, "");
	file_writer_row_end(w);
	file_writer_cell_text(w, "");
	file_writer_cell_text(w, "");
	file_writer_row_end(w);
	assert_int_equal(file_writer_finish(w, &err), 0);
	file_writer_free(w);
	assert_string_equal(contents(), "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" edge\",0,18446744073709551615,1.50\n"
					"\"\"\n,\n");
}

static void defuses_formulas(void **state)
{
	struct error err = {0};
	struct file_writer *w = file_writer_open(target, &err);
	const char *cells[] = {"=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx", "-12,5", "-", "+62", "JL. A=B", ""};

	(void)state;
	assert_non_null(w);
	file_writer_delimiter(w, ';');
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		file_writer_cell_safe(w, str_from(cells[i]));
	file_writer_row_end(w);
	assert_int_equal(file_writer_finish(w, &err), 0);
	file_writer_free(w);
	assert_string_equal(contents(), "'=1+1;'+cmd|x;'-2+3;'@SUM(A1);\"'\tx\";-12,5;-;+62;JL. A=B;\n");
}

static void appears_only_when_finished(void **state)
{
	struct error err = {0};
	struct file_writer *w = file_writer_open(target, &err);

	(void)state;
	assert_non_null(w);
	file_writer_text(w, "old\n");
	assert_int_equal(file_writer_finish(w, &err), 0);
	file_writer_free(w);
	assert_int_equal(chmod(target, 0640), 0);

	w = file_writer_open(target, &err);
	assert_non_null(w);
	for (int i = 0; i < 200000; i++)
		file_writer_text(w, "new\n");
	assert_string_equal(contents(), "old\n");
	file_writer_free(w);
	assert_string_equal(contents(), "old\n");
	assert_int_equal(files_in_folder(), 1);

	w = file_writer_open(target, &err);
	assert_non_null(w);
	file_writer_text(w, "new\n");
	assert_int_equal(file_writer_finish(w, &err), 0);
	file_writer_free(w);
	assert_string_equal(contents(), "new\n");
	assert_int_equal(files_in_folder(), 1);
	{
		struct stat st;

		assert_int_equal(stat(target, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
	}
}

static void follows_a_link_and_refuses_a_folder(void **state)
{
	struct error err = {0};
	struct file_writer *w;
	char link_path[80];
	struct stat st;

	(void)state;
	snprintf(link_path, sizeof link_path, "%s/link.csv", folder);
	assert_int_equal(symlink(target, link_path), 0);
	w = file_writer_open(link_path, &err);
	assert_non_null(w);
	file_writer_text(w, "through\n");
	assert_int_equal(file_writer_finish(w, &err), 0);
	file_writer_free(w);
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(contents(), "through\n");
	unlink(link_path);

	assert_null(file_writer_open(folder, &err));
	assert_int_equal(err.kind, ERROR_SYSTEM);
	error_clear(&err);
	assert_null(file_writer_open("/tmp/padan/no/such/folder/x.csv", &err));
	assert_int_equal(err.kind, ERROR_SYSTEM);
}

static void a_full_disk_is_an_error(void **state)
{
	struct error err = {0};
	struct file_writer *w = file_writer_open("/dev/full", &err);

	(void)state;
	assert_non_null(w);
	file_writer_text(w, "lost\n");
	assert_int_equal(file_writer_finish(w, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	file_writer_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_what_must_be_quoted),
		cmocka_unit_test(defuses_formulas),
		cmocka_unit_test(appears_only_when_finished),
		cmocka_unit_test(follows_a_link_and_refuses_a_folder),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests_name("file_writer", tests, make_folder, remove_folder);
}
