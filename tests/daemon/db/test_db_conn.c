/*
 * A connection without a server: it says why, tries again, and closes cleanly. What needs a server is in
 * tests/integration/try_db_conn.c.
 */
#include "daemon/db/db_conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct watcher {
	uv_loop_t loop;
	struct db_conn *conn;
	int waits, attempts, cancelled, closed;
	bool explained;
};

static void on_closed(void *arg)
{
	((struct watcher *)arg)->closed++;
}

static void on_state(void *arg, struct db_conn *conn, enum db_conn_state state, const struct error *why)
{
	struct watcher *w = arg;

	if (state == DB_CONNECTING)
		w->attempts++;
	if (state == DB_WAITING) {
		w->waits++;
		w->explained = why && why->kind == ERROR_DATABASE && strstr(why->id, "PostgreSQL");
		if (w->waits == 2)
			db_conn_close(conn, on_closed, w);
	}
}

static void on_done(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct watcher *w = arg;

	assert_null(result);
	assert_int_equal(failure->err.kind, ERROR_CANCELLED);
	w->cancelled++;
}

static void run(struct watcher *w, const char *conninfo, const struct db_query *query, int n)
{
	struct db_conn_options options = {.conninfo = conninfo, .on_state = on_state, .arg = w};
	struct error err = {0};

	assert_int_equal(uv_loop_init(&w->loop), 0);
	assert_int_equal(db_conn_start(&w->loop, &options, &w->conn, &err), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(db_conn_query(w->conn, query, &err), 0);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w->loop), 0);
}

static void test_refused_is_tried_again(void **state)
{
	static const char *const servers[] = {"host=/nonexistent", "host=127.0.0.1 port=1"};
	const char *values[] = {"a", NULL};

	for (size_t i = 0; i < 2; i++) {
		struct watcher w = {0};
		struct db_query query = {.sql = "SELECT $1, $2", .n = 2, .values = values, .done = on_done, .arg = &w};

		run(&w, servers[i], &query, 3);
		assert_int_equal(w.attempts, 2);
		assert_true(w.explained);
		assert_int_equal(w.cancelled, 3);
		assert_int_equal(w.closed, 1);
	}
}

static void test_limits(void **state)
{
	struct watcher w = {0};
	struct db_conn_options options = {.conninfo = "host=/nonexistent"};
	struct db_query query = {.sql = "SELECT 1", .done = on_done, .arg = &w};
	struct error err = {0};
	int taken = 0;

	assert_int_equal(uv_loop_init(&w.loop), 0);
	assert_int_equal(db_conn_start(&w.loop, &options, &w.conn, &err), 0);
	while (db_conn_query(w.conn, &query, &err) == 0)
		taken++;
	assert_int_equal(taken, DB_QUEUE_MAX);
	assert_int_equal(db_conn_queued(w.conn), DB_QUEUE_MAX);
	assert_int_equal(err.kind, ERROR_DATABASE);
	assert_int_equal(db_conn_session(w.conn), 0);
	db_conn_close(w.conn, on_closed, &w);
	error_clear(&err);
	assert_int_equal(db_conn_query(w.conn, &query, &err), -1);
	assert_int_equal(err.kind, ERROR_CANCELLED);
	uv_run(&w.loop, UV_RUN_DEFAULT);
	assert_int_equal(w.cancelled, DB_QUEUE_MAX);
	assert_int_equal(w.closed, 1);
	assert_int_equal(uv_loop_close(&w.loop), 0);
}

static void test_unreadable_conninfo_is_refused(void **state)
{
	struct watcher w = {0};
	struct db_conn_options options = {.conninfo = "host=x pasword=secret"};
	struct error err = {0};

	assert_int_equal(uv_loop_init(&w.loop), 0);
	assert_int_equal(db_conn_start(&w.loop, &options, &w.conn, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
	assert_null(strstr(err.en, "secret"));
	assert_int_equal(uv_loop_close(&w.loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_is_tried_again),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_unreadable_conninfo_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
