/*
 * The inbox against real folders: what is offered, when, and what its folders refuse to be talked into.
 */
#include "daemon/inbox/inbox_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char root[64];
	uv_loop_t loop;
	struct inbox_watch watch;
	struct counters counters;
	char found[16][LIMIT_INBOX_PATH_BYTES];
	enum inbox_file_type types[16];
	size_t n_found;
	uv_timer_t limit;
};

static void path_in(const struct fixture *fixture, const char *path, char *full, size_t size)
{
	snprintf(full, size, "%s/%s", fixture->root, path);
}

static void make_folder(const struct fixture *fixture, const char *path)
{
	char full[LIMIT_INBOX_PATH_BYTES + 128];

	path_in(fixture, path, full, sizeof(full));
	assert_int_equal(mkdir(full, 0755), 0);
}

static int begin_file(const struct fixture *fixture, const char *path)
{
	char full[LIMIT_INBOX_PATH_BYTES + 128];
	int fd;

	path_in(fixture, path, full, sizeof(full));
	fd = open(full, O_WRONLY | O_CREAT | O_APPEND, 0644);
	assert_true(fd >= 0);
	return fd;
}

static void write_file(const struct fixture *fixture, const char *path, const char *text)
{
	int fd = begin_file(fixture, path);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	snprintf(fixture->root, sizeof(fixture->root), "/tmp/padan_test_inbox_XXXXXX");
	assert_non_null(mkdtemp(fixture->root));
	make_folder(fixture, "dinsos");
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	char command[128];

	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", fixture->root);
	assert_int_equal(system(command), 0);
	free(fixture);
	return 0;
}

static void on_found(void *arg, const struct inbox_file *file)
{
	struct fixture *fixture = arg;

	assert_true(fixture->n_found < 16);
	snprintf(fixture->found[fixture->n_found], LIMIT_INBOX_PATH_BYTES, "%s", file->path);
	fixture->types[fixture->n_found++] = file->type;
}

static void start(struct fixture *fixture)
{
	assert_int_equal(inbox_watch_start(&fixture->watch, &fixture->loop, fixture->root, &fixture->counters, on_found, fixture,
				 NULL),
		0);
	fixture->watch.settle_ms = 60;
}

static void on_limit(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs the loop until so many files were offered or the time is over; returns how many there are. */
static size_t run_until(struct fixture *fixture, size_t n, uint64_t ms)
{
	bool over = false;

	uv_timer_init(&fixture->loop, &fixture->limit);
	uv_update_time(&fixture->loop);
	uv_timer_start(&fixture->limit, on_limit, ms, 0);
	fixture->limit.data = &over;
	while (fixture->n_found < n && !over)
		uv_run(&fixture->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&fixture->limit, NULL);
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
	return fixture->n_found;
}

static void stop(struct fixture *fixture)
{
	inbox_watch_close(&fixture->watch, NULL);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
}

static void test_new_file_is_offered_once(void **state)
{
	struct fixture *fixture = *state;

	start(fixture);
	assert_int_equal(run_until(fixture, 1, 100), 0);
	write_file(fixture, "dinsos/pkh_2024-07.csv", "nama\nSITI\n");
	write_file(fixture, "dinsos/.hidden.csv", "x");
	write_file(fixture, "dinsos/pkh.csv.part", "x");
	assert_int_equal(run_until(fixture, 1, 2000), 1);
	assert_string_equal(fixture->found[0], "dinsos/pkh_2024-07.csv");
	inbox_watch_scan(&fixture->watch);
	assert_int_equal(run_until(fixture, 2, 200), 1);
	stop(fixture);
}

static void test_growing_file_waits_for_its_writer(void **state)
{
	struct fixture *fixture = *state;
	char from[512], to[512];
	int fd;

	start(fixture);
	fd = begin_file(fixture, "dinsos/pkh_2024-07.csv");
	assert_int_equal(write(fd, "nama\n", 5), 5);
	/* Another descriptor's close is no end while this one is open. */
	write_file(fixture, "dinsos/pkh_2024-07.csv", "SITI\n");
	assert_int_equal(run_until(fixture, 1, 300), 0);
	close(fd);
	assert_int_equal(run_until(fixture, 1, 2000), 1);
	/* Renamed into place by an uploader. */
	write_file(fixture, "dinsos/blt.csv.part", "nama\nBUDI\n");
	path_in(fixture, "dinsos/blt.csv.part", from, sizeof(from));
	path_in(fixture, "dinsos/blt_2024.csv", to, sizeof(to));
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(run_until(fixture, 2, 2000), 2);
	assert_string_equal(fixture->found[1], "dinsos/blt_2024.csv");
	stop(fixture);
}

static void test_files_in_new_folders_and_from_before(void **state)
{
	struct fixture *fixture = *state;

	make_folder(fixture, "dinsos/done");
	write_file(fixture, "dinsos/done/old_2024.csv", "x");
	start(fixture);
	assert_int_equal(run_until(fixture, 1, 50), 0);
	make_folder(fixture, "dpmd");
	make_folder(fixture, "dpmd/blt_dd");
	assert_int_equal(run_until(fixture, 1, 200), 0);
	write_file(fixture, "dpmd/blt_dd/2024.csv", "nama\nBUDI\n");
	assert_int_equal(run_until(fixture, 1, 2000), 1);
	assert_string_equal(fixture->found[0], "dpmd/blt_dd/2024.csv");
	stop(fixture);
}

static void test_links_are_offered_as_links_and_never_opened(void **state)
{
	struct fixture *fixture = *state;
	char full[LIMIT_INBOX_PATH_BYTES + 128], moved[LIMIT_INBOX_PATH_BYTES];
	struct inbox_scan scan;
	struct stat st;
	bool was_moved;
	int root = inbox_folder_open(fixture->root, NULL);

	path_in(fixture, "dinsos/pkh_2024.csv", full, sizeof(full));
	assert_int_equal(symlink("/etc/passwd", full), 0);
	path_in(fixture, "out", full, sizeof(full));
	assert_int_equal(symlink("/etc", full), 0);
	assert_int_equal(inbox_folder_scan(root, &scan, NULL), 0);
	assert_int_equal(scan.n_files, 2); /* the link to a folder is a link, not a folder */
	for (size_t i = 0; i < scan.n_files; i++) {
		assert_int_equal(scan.files[i].type, INBOX_SYMLINK);
		assert_int_equal(inbox_folder_open_file(root, &scan.files[i], NULL), -1);
	}
	assert_int_equal(inbox_folder_target(root, &scan.files[0], INBOX_REFUSED, moved, NULL), 0);
	assert_int_equal(inbox_folder_move(root, &scan.files[0], moved, &was_moved, NULL), 0);
	assert_string_equal(moved, "dinsos/refused/pkh_2024.csv");
	path_in(fixture, moved, full, sizeof(full));
	assert_int_equal(lstat(full, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	inbox_scan_release(&scan);
	close(root);
}

static void test_paths_stay_inside(void **state)
{
	struct fixture *fixture = *state;
	static const char *const outside[] = {"../evil.txt", "dinsos/../../evil.txt", "/tmp/evil.txt", "dinsos/..", "dinsos/",
		"link/evil.txt", "dinsos//evil.txt"};
	char full[LIMIT_INBOX_PATH_BYTES + 128];
	int root = inbox_folder_open(fixture->root, NULL);

	path_in(fixture, "link", full, sizeof(full));
	assert_int_equal(symlink("/tmp", full), 0);
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		struct error err = {0};

		assert_int_equal(inbox_folder_write(root, outside[i], "x", 1, &err), -1);
		assert_int_equal(err.kind, ERROR_SYSTEM);
	}
	assert_int_equal(inbox_folder_write(root, "dinsos/done/pkh.csv.catatan.txt", "x", 1, NULL), 0);
	close(root);
}

static void test_moving_replaces_nothing(void **state)
{
	struct fixture *fixture = *state;
	char moved[LIMIT_INBOX_PATH_BYTES];
	bool was_moved;
	int root = inbox_folder_open(fixture->root, NULL);
	static const char *const expected[] = {"dinsos/done/pkh_2024.csv", "dinsos/done/pkh_2024-2.csv",
		"dinsos/done/pkh_2024-3.csv"};

	for (int i = 0; i < 3; i++) {
		struct inbox_scan scan;

		write_file(fixture, "dinsos/pkh_2024.csv", "x");
		assert_int_equal(inbox_folder_scan(root, &scan, NULL), 0);
		assert_int_equal(scan.n_files, 1);
		assert_string_equal(scan.files[0].path, "dinsos/pkh_2024.csv");
		assert_int_equal(inbox_folder_target(root, &scan.files[0], INBOX_DONE, moved, NULL), 0);
		assert_string_equal(moved, expected[i]);
		assert_int_equal(inbox_folder_move(root, &scan.files[0], moved, &was_moved, NULL), 0);
		assert_true(was_moved);
		/* Moved already, as by another daemon: no error. */
		assert_int_equal(inbox_folder_move(root, &scan.files[0], moved, &was_moved, NULL), 0);
		/* A name that is taken is not replaced. */
		write_file(fixture, "dinsos/pkh_2024.csv", "y");
		assert_int_equal(inbox_folder_move(root, &scan.files[0], moved, &was_moved, NULL), -1);
		inbox_scan_release(&scan);
	}
	close(root);
}

static void test_forgotten_file_is_offered_again(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture, "dinsos/pkh_2024.csv", "x");
	start(fixture);
	assert_int_equal(run_until(fixture, 1, 4000), 1);
	inbox_watch_forget(&fixture->watch, "dinsos/pkh_2024.csv");
	write_file(fixture, "dinsos/pkh_2024.csv", "y");
	assert_int_equal(run_until(fixture, 2, 2000), 2);
	stop(fixture);
}

static void test_absent_inbox(void **state)
{
	struct fixture *fixture = *state;
	struct error err = {0};
	char full[LIMIT_INBOX_PATH_BYTES + 128];

	path_in(fixture, "none", full, sizeof(full));
	assert_int_equal(inbox_watch_start(&fixture->watch, &fixture->loop, full, &fixture->counters, on_found, fixture, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	stop(fixture);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_new_file_is_offered_once),
		TEST(test_growing_file_waits_for_its_writer),
		TEST(test_files_in_new_folders_and_from_before),
		TEST(test_links_are_offered_as_links_and_never_opened),
		TEST(test_paths_stay_inside),
		TEST(test_moving_replaces_nothing),
		TEST(test_forgotten_file_is_offered_again),
		TEST(test_absent_inbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
