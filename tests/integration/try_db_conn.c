/*
 * The asynchronous connection against a real server: results and errors, COPY both ways with pauses, notifications, a
 * connection killed in the middle of a transaction, cancelling. Run by tests/integration/run.sh, which sets PGHOST; prints one
 * line per step and exits with 1 at the first thing that is not as it must be.
 */
#include "daemon/db/db_conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trial {
	uv_loop_t loop;
	struct db_conn *conn, *other;
	int steps, notified, rows, resumes;
	long copied;
	uint64_t session;
	uv_timer_t timer;
	bool source_paused;
};

#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			exit(1); \
		} \
	} while (0)

static void send_to(struct db_conn *conn, struct trial *t, const char *sql, uint64_t session, db_done_fn *done)
{
	struct db_query query = {.sql = sql, .session = session, .done = done, .arg = t};
	struct error err = {0};

	MUST(db_conn_query(conn, &query, &err) == 0);
}

static void finish(struct trial *t)
{
	uv_close((uv_handle_t *)&t->timer, NULL);
	db_conn_close(t->conn, NULL, NULL);
	db_conn_close(t->other, NULL, NULL);
}

static void cancelled(void *arg, PGresult *result, const struct db_failure *failure)
{
	MUST(!result && strcmp(failure->sqlstate, "57014") == 0 && !failure->lost);
	puts("cancelled");
	finish(arg);
}

static void on_cancel_time(uv_timer_t *timer)
{
	db_conn_cancel(((struct trial *)timer->data)->conn);
}

static void after_reconnect(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;

	MUST(result && db_conn_session(t->conn) == t->session + 1);
	MUST(strcmp(PQgetvalue(result, 0, 0), "0") == 0);
	puts("came back, nothing of the transaction stayed");
	send_to(t->conn, t, "SELECT pg_sleep(60)", 0, cancelled);
	uv_timer_start(&t->timer, on_cancel_time, 100, 0);
}

static void must_be_lost(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;

	MUST(!result && failure->lost);
	t->steps++;
}

static void killed(void *arg, PGresult *result, const struct db_failure *failure)
{
	MUST(result);
}

static void in_transaction(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;
	static char sql[100];

	MUST(result);
	t->session = db_conn_session(t->conn);
	snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%s)", PQgetvalue(result, 0, 0));
	send_to(t->conn, t, "INSERT INTO public.trial VALUES ('lost')", t->session, NULL);
	send_to(t->conn, t, "SELECT pg_sleep(60)", t->session, must_be_lost);
	send_to(t->conn, t, "INSERT INTO public.trial VALUES ('outside')", t->session, must_be_lost);
	send_to(t->conn, t, "SELECT count(*) FROM public.trial WHERE name IN ('lost', 'outside')", 0, after_reconnect);
	send_to(t->other, t, sql, 0, killed);
}

static void notified(void *arg, struct db_conn *conn, const char *channel, const char *payload)
{
	struct trial *t = arg;

	MUST(strcmp(channel, "padan_trial") == 0 && strcmp(payload, "1505:7") == 0);
	t->notified++;
	puts("notified");
	send_to(t->conn, t, "BEGIN; SELECT pg_backend_pid()", 0, in_transaction);
}

static enum db_copy take_row(void *arg, const char *row, size_t n)
{
	struct trial *t = arg;

	MUST(n > 1 && row[n - 1] == '\n');
	t->rows++;
	return t->rows % 50000 == 0 ? DB_COPY_LATER : DB_COPY_DATA;
}

static void resume(uv_timer_t *timer)
{
	struct trial *t = timer->data;

	t->resumes++;
	t->source_paused = false;
	db_conn_copy_resume(t->conn);
}

static void copied_out(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;

	MUST(result && t->rows == 200000 && t->resumes > 4);
	uv_timer_stop(&t->timer);
	puts("copied out");
	send_to(t->other, t, "NOTIFY padan_trial, '1505:7'", 0, NULL);
}

static void copied_in(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;
	struct db_query query = {.sql = "COPY public.trial TO STDOUT", .sink = take_row, .done = copied_out, .arg = t};
	struct error err = {0};

	MUST(result && strcmp(PQcmdTuples(result), "200000") == 0);
	puts("copied in");
	MUST(db_conn_query(t->conn, &query, &err) == 0);
}

static enum db_copy give_rows(void *arg, const char **bytes, size_t *n)
{
	static char chunk[10000 * 16];
	struct trial *t = arg;

	if (t->copied == 200000)
		return DB_COPY_END;
	if (t->copied == 100000 && !t->resumes) {
		t->source_paused = true;
		uv_timer_start(&t->timer, resume, 20, 20);
		return DB_COPY_LATER;
	}
	MUST(!t->source_paused);
	*n = 0;
	for (int i = 0; i < 10000; i++)
		*n += (size_t)sprintf(chunk + *n, "row %ld\n", t->copied++);
	*bytes = chunk;
	return DB_COPY_DATA;
}

static void copy_failed(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;
	struct db_query query = {.sql = "COPY public.trial FROM STDIN", .source = give_rows, .done = copied_in, .arg = t};
	struct error err = {0};

	MUST(!result && strcmp(failure->sqlstate, "22P02") == 0);
	MUST(!strstr(failure->err.en, "canary") && !strstr(failure->err.id, "canary"));
	puts("a bad COPY is refused without quoting it");
	MUST(db_conn_query(t->conn, &query, &err) == 0);
}

static enum db_copy give_bad_row(void *arg, const char **bytes, size_t *n)
{
	struct trial *t = arg;

	if (t->steps++ == 1)
		return DB_COPY_END;
	*bytes = "canary\n";
	*n = 7;
	return DB_COPY_DATA;
}

static void own_refusal(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;
	struct db_query query = {.sql = "COPY public.trial_numbers FROM STDIN", .source = give_bad_row, .done = copy_failed, .arg = t};
	struct error err = {0};

	MUST(!result && failure->err.kind == ERROR_INPUT && strcmp(failure->err.id, "Tidak.") == 0 &&
		strcmp(failure->err.en, "No.") == 0 && !failure->passing);
	puts("own refusals in two languages");
	t->steps = 0;
	MUST(db_conn_query(t->conn, &query, &err) == 0);
}

static void selected(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct trial *t = arg;

	MUST(result && PQgetisnull(result, 0, 1) && strcmp(PQgetvalue(result, 0, 0), "satu") == 0);
	puts("parameters");
	send_to(t->conn, t, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'PD999', MESSAGE = 'Tidak.', HINT = 'No.'; END $$", 0,
		own_refusal);
}

int main(void)
{
	static const char *const channels[] = {"padan_trial", NULL};
	const char *values[] = {"satu", NULL};
	struct trial t = {0};
	struct db_conn_options options = {.conninfo = getenv("PADAN_TEST_DB"), .channels = channels, .on_notify = notified, .arg = &t};
	struct db_query query = {.sql = "SELECT $1::text, $2::text", .n = 2, .values = values, .done = selected, .arg = &t};
	struct error err = {0};

	uv_loop_init(&t.loop);
	uv_timer_init(&t.loop, &t.timer);
	t.timer.data = &t;
	MUST(db_conn_start(&t.loop, &options, &t.conn, &err) == 0);
	options.channels = NULL;
	MUST(db_conn_start(&t.loop, &options, &t.other, &err) == 0);
	send_to(t.conn, &t, "CREATE TABLE IF NOT EXISTS public.trial (name text); TRUNCATE public.trial;"
		"CREATE TABLE IF NOT EXISTS public.trial_numbers (n bigint)", 0, NULL);
	MUST(db_conn_query(t.conn, &query, &err) == 0);
	uv_run(&t.loop, UV_RUN_DEFAULT);
	MUST(uv_loop_close(&t.loop) == 0);
	MUST(t.notified == 1 && t.steps == 4);
	return 0;
}
