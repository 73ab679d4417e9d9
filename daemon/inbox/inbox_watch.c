/*
 * inotify on the loop, scans in the pool; see inbox_watch.h.
 */
#include "daemon/inbox/inbox_watch.h"
#include "daemon/base/event_loop.h"
#include "daemon/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <limits.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { HINTS_MAX = 1024, SOON_MS = 30, EVENTS = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR | IN_DONT_FOLLOW };

struct inbox_watched {
	struct inbox_file file;
	uint64_t unchanged_since_ms;
	bool hinted; /* the kernel said that a writer closed it, or that it was moved here */
	bool offered;
};

struct inbox_folder_watch {
	int descriptor;
	char path[LIMIT_INBOX_PATH_BYTES];
};

static void scan_soon(struct inbox_watch *watch, uint64_t ms);

static const struct inbox_folder_watch *folder_of(const struct inbox_watch *watch, int descriptor)
{
	for (size_t i = 0; i < watch->n_folders; i++) {
		if (watch->folders[i].descriptor == descriptor)
			return &watch->folders[i];
	}
	return NULL;
}

static void take_hint(struct inbox_watch *watch, const struct inotify_event *event)
{
	const struct inbox_folder_watch *folder = folder_of(watch, event->wd);

	if (!folder || !event->len || (event->mask & IN_ISDIR) || !(event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)))
		return;
	if (watch->n_hints == HINTS_MAX) /* the scans find it a little later */
		return;
	if (snprintf(watch->hints[watch->n_hints], LIMIT_INBOX_PATH_BYTES, "%s%s%s", folder->path, *folder->path ? "/" : "",
		    event->name) < LIMIT_INBOX_PATH_BYTES)
		watch->n_hints++;
}

static void on_events(uv_poll_t *poll, int status, int events)
{
	struct inbox_watch *watch = poll->data;
	char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	if (status < 0)
		return; /* the scans go on */
	while ((n = read(watch->inotify, buffer, sizeof(buffer))) > 0) {
		for (char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const struct inotify_event *)p;

			if (event->mask & IN_Q_OVERFLOW) {
				log_warning("the kernel dropped inbox events; scanning");
				counter_add(watch->counters, COUNTER_inbox_overflows_total, 1);
			}
			take_hint(watch, event);
			p += sizeof(*event) + event->len;
		}
	}
	scan_soon(watch, SOON_MS);
}

static bool hinted(const struct inbox_watch *watch, const char *path)
{
	for (size_t i = 0; i < watch->n_hints; i++) {
		if (strcmp(watch->hints[i], path) == 0)
			return true;
	}
	return false;
}

/* Watches folders that are new, and forgets those that are gone. True if there was a new one. */
static bool watch_folders(struct inbox_watch *watch, const struct inbox_scan *scan)
{
	struct inbox_folder_watch *folders = calloc(scan->n_folders ? scan->n_folders : 1, sizeof(*folders));
	bool fresh = false;
	size_t n = 0;

	if (!folders)
		return false;
	for (size_t i = 0; i < scan->n_folders; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s/%s", watch->root_path, scan->folders[i]) >= (int)sizeof(path))
			continue;
		folders[n].descriptor = inotify_add_watch(watch->inotify, path, EVENTS);
		if (folders[n].descriptor < 0) {
			if (errno == ENOSPC)
				log_warning("no more inotify watches; the inbox is scanned every few seconds instead");
			continue;
		}
		snprintf(folders[n].path, sizeof(folders[n].path), "%s", scan->folders[i]);
		fresh |= !folder_of(watch, folders[n].descriptor);
		n++;
	}
	free(watch->folders);
	watch->folders = folders;
	watch->n_folders = n;
	return fresh;
}

/* Merges a scan with what was known, both ascending by path. */
static int merge(struct inbox_watch *watch, const struct inbox_scan *scan)
{
	struct inbox_watched *files = calloc(scan->n_files ? scan->n_files : 1, sizeof(*files));
	uint64_t now = uv_now(watch->loop);
	size_t old = 0;

	if (!files)
		return -1;
	for (size_t i = 0; i < scan->n_files; i++) {
		const struct inbox_file *file = &scan->files[i];

		while (old < watch->n_files && strcmp(watch->files[old].file.path, file->path) < 0)
			old++;
		if (old < watch->n_files && inbox_file_same(&watch->files[old].file, file) &&
			strcmp(watch->files[old].file.path, file->path) == 0)
			files[i] = watch->files[old];
		else
			files[i] = (struct inbox_watched){.file = *file, .unchanged_since_ms = now};
		files[i].hinted |= hinted(watch, file->path);
	}
	free(watch->files);
	watch->files = files;
	watch->n_files = scan->n_files;
	watch->n_hints = 0;
	return 0;
}

/* Milliseconds since the file's contents or name last changed, by this machine's clock; 0 when the clocks disagree. */
static uint64_t age_ms(const struct inbox_file *file)
{
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = now.tv_sec * INT64_C(1000000000) + now.tv_nsec - file->changed_ns;
	return age > 0 ? (uint64_t)age / 1000000 : 0;
}

static bool is_finished(const struct inbox_watch *watch, const struct inbox_watched *file)
{
	uint64_t unchanged = uv_now(watch->loop) - file->unchanged_since_ms;
	int written;

	/* Many programs make a file, close it, and open it again. */
	if ((!file->hinted || file->file.size == 0) && unchanged < watch->settle_ms && age_ms(&file->file) < watch->settle_ms)
		return false;
	if (file->file.type != INBOX_REGULAR)
		return true;
	written = inbox_folder_is_written(watch->root, file->file.path);
	return written == 0 || (written < 0 && (file->hinted || unchanged >= LIMIT_INBOX_SETTLE_BLIND * watch->settle_ms));
}

static int compare_age(const void *a, const void *b)
{
	const struct inbox_file *x = a, *y = b;

	if (x->changed_ns != y->changed_ns)
		return x->changed_ns < y->changed_ns ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* Offers what is finished, oldest first. Returns how long to wait for what is not. */
static uint64_t offer(struct inbox_watch *watch)
{
	struct inbox_file *ready = calloc(watch->n_files ? watch->n_files : 1, sizeof(*ready));
	uint64_t wait = LIMIT_INBOX_SCAN_MS;
	size_t n = 0;

	if (!ready)
		return wait;
	for (size_t i = 0; i < watch->n_files; i++) {
		struct inbox_watched *file = &watch->files[i];

		if (file->offered)
			continue;
		if (!is_finished(watch, file)) {
			wait = watch->settle_ms / 2;
			continue;
		}
		file->offered = true;
		ready[n++] = file->file;
	}
	qsort(ready, n, sizeof(*ready), compare_age);
	for (size_t i = 0; i < n && !watch->closing; i++)
		watch->found(watch->arg, &ready[i]);
	free(ready);
	return wait;
}

static void scan_in_pool(uv_work_t *work)
{
	struct inbox_watch *watch = work->data;

	error_clear(&watch->scan_error);
	watch->scan_failed = inbox_folder_scan(watch->root, &watch->scan, &watch->scan_error) < 0;
}

static void handle_gone(struct inbox_watch *watch)
{
	void (*closed)(void *arg) = watch->closed;

	if (watch->open_handles || watch->scanning)
		return;
	if (watch->root >= 0)
		close(watch->root);
	if (watch->inotify >= 0)
		close(watch->inotify);
	watch->root = watch->inotify = -1;
	inbox_scan_release(&watch->scan);
	free(watch->files);
	free(watch->folders);
	free(watch->hints);
	free(watch->root_path);
	watch->files = NULL;
	watch->folders = NULL;
	watch->hints = NULL;
	watch->root_path = NULL;
	watch->closed = NULL;
	if (closed)
		closed(watch->arg);
}

static void on_scanned(uv_work_t *work, int status)
{
	struct inbox_watch *watch = work->data;
	uint64_t wait = LIMIT_INBOX_SCAN_MS;
	bool again = watch->scan_again;

	watch->scanning = watch->scan_again = false;
	if (watch->closing) {
		handle_gone(watch);
		return;
	}
	if (watch->scan_failed) {
		log_warning("the inbox can't be looked at; trying again", LOG_ERROR_TEXT(&watch->scan_error));
	} else {
		again |= watch_folders(watch, &watch->scan);
		if (merge(watch, &watch->scan) == 0)
			wait = offer(watch);
		inbox_scan_release(&watch->scan);
	}
	if (!watch->closing)
		scan_soon(watch, again ? SOON_MS : wait);
}

void inbox_watch_scan(struct inbox_watch *watch)
{
	if (watch->scanning) {
		watch->scan_again = true;
		return;
	}
	watch->scan_work.data = watch;
	watch->scanning = uv_queue_work(watch->loop, &watch->scan_work, scan_in_pool, on_scanned) == 0;
}

static void on_timer(uv_timer_t *timer)
{
	inbox_watch_scan(timer->data);
}

static void scan_soon(struct inbox_watch *watch, uint64_t ms)
{
	if (watch->closing)
		return;
	if (watch->scanning)
		watch->scan_again = true;
	else if (!uv_is_active((uv_handle_t *)&watch->timer) || uv_timer_get_due_in(&watch->timer) > ms)
		uv_timer_start(&watch->timer, on_timer, ms, 0);
}

int inbox_watch_start(struct inbox_watch *watch, uv_loop_t *loop, const char *root, struct counters *counters,
	inbox_found *found, void *arg, struct error *err)
{
	int status;

	*watch = (struct inbox_watch){.loop = loop, .found = found, .arg = arg, .counters = counters, .root = -1, .inotify = -1,
		.settle_ms = LIMIT_INBOX_SETTLE_MS};
	watch->root = inbox_folder_open(root, err);
	if (watch->root < 0)
		return -1;
	watch->root_path = strdup(root);
	watch->hints = calloc(HINTS_MAX, sizeof(*watch->hints));
	if (!watch->root_path || !watch->hints)
		return error_memory(err);
	watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->inotify < 0)
		return error_set(err, ERROR_SYSTEM, "inotify: %s", "inotify: %s", strerror(errno));
	if ((status = uv_poll_init(loop, &watch->poll, watch->inotify)) < 0)
		return event_loop_error(err, "inotify", "inotify", status);
	watch->poll.data = watch;
	watch->open_handles++;
	if ((status = uv_timer_init(loop, &watch->timer)) < 0)
		return event_loop_error(err, "pewaktu", "timer", status);
	watch->timer.data = watch;
	watch->open_handles++;
	if ((status = uv_poll_start(&watch->poll, UV_READABLE, on_events)) < 0)
		return event_loop_error(err, "inotify", "inotify", status);
	inbox_watch_scan(watch);
	return 0;
}

void inbox_watch_forget(struct inbox_watch *watch, const char *path)
{
	for (size_t i = 0; i < watch->n_files; i++) {
		struct inbox_watched *file = &watch->files[i];

		if (strcmp(file->file.path, path) == 0) {
			file->offered = file->hinted = false;
			file->unchanged_since_ms = uv_now(watch->loop);
		}
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct inbox_watch *watch = handle->data;

	watch->open_handles--;
	handle_gone(watch);
}

void inbox_watch_close(struct inbox_watch *watch, void (*closed)(void *arg))
{
	if (watch->closing)
		return;
	watch->closing = true;
	watch->closed = closed;
	if (watch->open_handles >= 1)
		uv_close((uv_handle_t *)&watch->poll, on_closed);
	if (watch->open_handles >= 2)
		uv_close((uv_handle_t *)&watch->timer, on_closed);
	handle_gone(watch);
}
