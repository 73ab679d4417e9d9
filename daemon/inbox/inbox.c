/*
 * Which file is dealt with next, and what its end means; see inbox.h. What is done with a file stands in inbox_steps.c.
 */
#include "daemon/inbox/inbox.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/log.h"
#include "daemon/db/sql.h"
#include "matcher/base/hash.h"
#include "daemon/inbox/inbox_item.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

static void pump(struct inbox *inbox);
static void parts_gone(void *arg);

static void set_item_state(struct inbox_item *item, enum inbox_state state)
{
	static const char *const names[] = {"queued", "waiting", "due", "refusing", "finished"};

	log_debug("inbox file", LOG_NUMBER("list", item->list), LOG_WORD("from", names[item->state]),
		LOG_WORD("to", names[state]));
	item->state = state;
}

/* ---- items ---- */

static struct inbox_item *find_item(struct inbox *inbox, const char *path)
{
	struct inbox_item *item = inbox->items;

	while (item && strcmp(item->file.path, path) != 0)
		item = item->next;
	return item;
}

static void remove_item(struct inbox *inbox, struct inbox_item *item)
{
	struct inbox_item **at = &inbox->items;

	while (*at != item)
		at = &(*at)->next;
	*at = item->next;
	inbox->n_items--;
	inbox_item_release(item);
	free(item);
}

/* A file is there and nobody writes to it any more. */
static void on_found(void *arg, const struct inbox_file *file)
{
	struct inbox *inbox = arg;
	struct inbox_item *item = find_item(inbox, file->path), **end = &inbox->items;

	if (item || inbox->n_items == LIMIT_INBOX_FILES || !(item = calloc(1, sizeof(*item)))) {
		/* Another file of that name is still on its way, or there is no room: it is offered again. */
		inbox_watch_forget(&inbox->watch, file->path);
		return;
	}
	item->file = *file;
	item->fd = -1;
	while (*end)
		end = &(*end)->next;
	*end = item;
	inbox->n_items++;
	pump(inbox);
}

/* ---- the run ---- */

static void on_progress(struct job_run *run)
{
	service_progress(inbox_of(run)->service);
}

static void on_rolled_back(void *arg, PGresult *result, const struct db_failure *failure)
{
	/* If the connection was lost, the server has rolled back by itself. */
	(void)arg;
}

static void roll_back(struct job_run *run)
{
	struct db_query query = {.sql = "ROLLBACK", .session = run->session, .done = on_rolled_back, .arg = run};

	if (run->session && db_conn_query(run->conn, &query, NULL) < 0)
		log_warning("transaction of the inbox not rolled back");
	run->session = 0;
}

static void on_staged(struct inbox *inbox, struct inbox_item *item, enum job_end end, const struct error *error)
{
	if (end == JOB_DONE || item->duplicate) {
		item->duplicate = false;
		log_info("file taken in", LOG_NUMBER("district", item->district), LOG_NUMBER("list", item->list),
			LOG_NUMBER("bytes", item->file.size), LOG_NUMBER("repeated", item->repeated));
		counter_add(inbox->counters, COUNTER_files_repeated_total, item->repeated);
		set_item_state(item, end == JOB_DONE && !item->told ? INBOX_WAITING : INBOX_DUE);
		item->told = false;
	} else if (error->kind == ERROR_INPUT) {
		item->why = *error;
		item->list = 0;
		set_item_state(item, INBOX_REFUSING);
	} else {
		/* Nothing of it is in the database, or all of it is: found again, its hash will tell. */
		if (end != JOB_CANCELLED && error->kind != ERROR_CANCELLED)
			log_warning("file not taken in; trying again", LOG_ERROR_TEXT(error));
		inbox_watch_forget(&inbox->watch, item->file.path);
		set_item_state(item, INBOX_FINISHED);
	}
}

static void on_noted(struct inbox *inbox, struct inbox_item *item, enum job_end end, const struct error *error)
{
	bool refused = item->state == INBOX_REFUSING;

	if (end == JOB_DONE) {
		log_info("note written", LOG_NUMBER("list", item->list), LOG_NUMBER("refused", item->result.refused),
			LOG_NUMBER("rejected_rows", item->result.rejected));
		counter_add(inbox->counters, COUNTER_files_refused_total, item->result.refused);
		set_item_state(item, INBOX_FINISHED);
		return;
	}
	if (end != JOB_CANCELLED && error->kind != ERROR_CANCELLED)
		log_warning("note not written; trying again", LOG_ERROR_TEXT(error));
	/* The poll timer makes it due again, if its job did not end just now. */
	if (refused)
		inbox->refusing = true;
	else if (!item->told)
		set_item_state(item, INBOX_WAITING);
	item->told = false;
}

static void on_end(struct job_run *run, enum job_end end, const struct error *error)
{
	struct inbox *inbox = inbox_of(run);
	struct inbox_item *item = inbox->now;

	roll_back(run);
	service_work_end(inbox->service);
	if (item->state == INBOX_QUEUED)
		on_staged(inbox, item, end, error);
	else
		on_noted(inbox, item, end, error);
	inbox_item_release(item);
	arena_release(&run->arena);
	arena_release(&run->scratch);
	inbox->now = NULL;
	if (item->state == INBOX_FINISHED)
		remove_item(inbox, item);
	if (inbox->closing)
		parts_gone(inbox);
	else
		pump(inbox);
}

/* Notes go before further files; files in order of arrival. */
static struct inbox_item *choose(struct inbox *inbox)
{
	struct inbox_item *queued = NULL;

	for (struct inbox_item *item = inbox->items; item; item = item->next) {
		if (item->state == INBOX_DUE || (item->state == INBOX_REFUSING && !inbox->refusing))
			return item;
		if (item->state == INBOX_QUEUED && !queued)
			queued = item;
	}
	return queued;
}

static void pump(struct inbox *inbox)
{
	struct inbox_item *item;

	if (!inbox->usable || inbox->closing || inbox->now)
		return;
	item = choose(inbox);
	if (!item)
		return;
	inbox->now = item;
	arena_init(&inbox->run.arena, 0);
	arena_init(&inbox->run.scratch, 0);
	service_work_begin(inbox->service);
	job_run_begin(&inbox->run, item->state == INBOX_QUEUED ? inbox_stage_steps
				   : item->state == INBOX_DUE  ? inbox_result_steps
							       : inbox_refuse_steps);
}

static void ask_offices(struct inbox *inbox);

static void on_poll(uv_timer_t *timer)
{
	struct inbox *inbox = timer->data;

	inbox->refusing = false;
	if (inbox->usable && !inbox->now)
		ask_offices(inbox); /* somebody may have applied another configuration */
	for (struct inbox_item *item = inbox->items; item; item = item->next) {
		if (item->state == INBOX_WAITING && item != inbox->now)
			set_item_state(item, INBOX_DUE);
	}
	pump(inbox);
}

void inbox_on_done(struct inbox *inbox, uint32_t district, int64_t job)
{
	for (struct inbox_item *item = inbox->items; item; item = item->next) {
		if (item->district != district || item->job != job)
			continue;
		if (item == inbox->now)
			item->told = true;
		else if (item->state == INBOX_WAITING)
			set_item_state(item, INBOX_DUE);
	}
	pump(inbox);
}

/* ---- offices' folders ---- */

struct folders {
	struct inbox *inbox;
	uv_work_t work;
	size_t n;
	struct error err;
	char names[][128];
};

static void make_folders(uv_work_t *work)
{
	struct folders *folders = work->data;

	for (size_t i = 0; i < folders->n; i++) {
		if (inbox_folder_make_office(folders->inbox->watch.root, folders->names[i], &folders->err) < 0)
			return;
	}
}

static void folders_made(uv_work_t *work, int status)
{
	struct folders *folders = work->data;
	struct inbox *inbox = folders->inbox;

	if (folders->err.kind != ERROR_NONE)
		log_warning("an office's folder can't be made", LOG_ERROR_TEXT(&folders->err));
	free(folders);
	inbox->making_folders = false;
	if (inbox->closing)
		parts_gone(inbox);
}

static void on_offices(void *arg, PGresult *result, const struct db_failure *failure)
{
	struct inbox *inbox = arg;
	struct folders *folders;
	size_t n = result ? PQntuples(result) : 0;
	uint64_t offices = n + 1;

	if (failure || inbox->closing || inbox->making_folders)
		return;
	for (size_t i = 0; i < n; i++)
		offices = hash_bytes(PQgetvalue(result, i, 0), strlen(PQgetvalue(result, i, 0)), offices);
	if (offices == inbox->offices)
		return;
	inbox->offices = offices;
	folders = calloc(1, sizeof(*folders) + n * sizeof(folders->names[0]));
	if (!folders)
		return;
	folders->inbox = inbox;
	folders->work.data = folders;
	for (size_t i = 0; i < n; i++) {
		const char *name = PQgetvalue(result, i, 0);

		if (strlen(name) < sizeof(folders->names[0]))
			memcpy(folders->names[folders->n++], name, strlen(name) + 1);
	}
	inbox->making_folders = uv_queue_work(inbox->loop, &folders->work, make_folders, folders_made) == 0;
	if (!inbox->making_folders)
		free(folders);
}

static void ask_offices(struct inbox *inbox)
{
	struct db_query query = {.sql = sql_find("inbox_offices"), .done = on_offices, .arg = inbox};

	if (db_conn_query(inbox->conn, &query, NULL) < 0)
		log_debug("the offices can't be asked now");
}

void inbox_usable(struct inbox *inbox)
{
	inbox->usable = true;
	inbox->offices = 0;
	ask_offices(inbox);
	pump(inbox);
}

/* ---- starting and closing ---- */

int inbox_start(struct inbox *inbox, uv_loop_t *loop, struct service *service, struct counters *counters,
	const struct inbox_options *options, struct error *err)
{
	struct db_conn_options conn = {.conninfo = options->conninfo, .application_name = "padand inbox"};
	int status;

	*inbox = (struct inbox){.options = *options, .loop = loop, .service = service, .counters = counters};
	if (inbox_watch_start(&inbox->watch, loop, options->folder, counters, on_found, inbox, err) < 0)
		return -1;
	if (db_conn_start(loop, &conn, &inbox->conn, err) < 0)
		return -1;
	if ((status = uv_timer_init(loop, &inbox->poll)) < 0)
		return event_loop_error(err, "pewaktu", "timer", status);
	inbox->poll.data = inbox;
	uv_timer_start(&inbox->poll, on_poll, LIMIT_JOB_POLL_MS, LIMIT_JOB_POLL_MS);
	inbox->run.loop = loop;
	inbox->run.conn = inbox->conn;
	inbox->run.on_end = on_end;
	inbox->run.on_progress = on_progress;
	return 0;
}

static void one_part_gone(void *arg)
{
	struct inbox *inbox = arg;

	inbox->open_parts--;
	parts_gone(inbox);
}

static void timer_gone(uv_handle_t *handle)
{
	one_part_gone(handle->data);
}

static void watch_gone(void *arg)
{
	one_part_gone(arg);
}

/* Everything closed, nothing in the pool: gives the rest back and tells. */
static void parts_gone(void *arg)
{
	struct inbox *inbox = arg;
	void (*closed)(void *arg) = inbox->closed;

	if (inbox->now || inbox->making_folders || !closed)
		return;
	if (!inbox->watch_closing) {
		/* Last, since what was in the pool used its descriptor. */
		inbox->watch_closing = true;
		inbox->open_parts++;
		inbox_watch_close(&inbox->watch, watch_gone);
		return;
	}
	if (inbox->open_parts)
		return;
	while (inbox->items)
		remove_item(inbox, inbox->items);
	inbox->closed = NULL;
	closed(inbox->closed_arg);
}

void inbox_close(struct inbox *inbox, void (*closed)(void *arg), void *arg)
{
	inbox->closing = true;
	inbox->closed = closed;
	inbox->closed_arg = arg;
	inbox->open_parts = 2;
	job_run_stop(&inbox->run, JOB_CANCELLED);
	uv_close((uv_handle_t *)&inbox->poll, timer_gone);
	db_conn_close(inbox->conn, one_part_gone, inbox);
}
