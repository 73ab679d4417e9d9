/*
 * Notices files in the inbox, each once, when nobody writes to it any more.
 *
 * The kernel's events (closed after writing, moved here) only say where to look at once; what decides is a scan, which also runs every
 * LIMIT_INBOX_SCAN_MS, when the kernel dropped events, and at the start. So no file is lost, whatever was missed. A file that
 * no event spoke of is taken when it has not changed for LIMIT_INBOX_SETTLE_MS, by what was seen or by its own time, and nobody holds it open for writing;
 * where that can't be told, after LIMIT_INBOX_SETTLE_BLIND times as long.
 *
 * Not for: what a file is (inbox_name.h), or moving it (inbox_folder.h). Called by inbox.c; all on the loop's thread,
 * scans in the pool.
 */
#ifndef PADAN_INBOX_WATCH_H
#define PADAN_INBOX_WATCH_H

#include "daemon/base/counters.h"
#include "daemon/inbox/inbox_folder.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <uv.h>

/* A finished file: oldest first among those found together. It is not offered again unless it changes or is forgotten. */
typedef void inbox_found(void *arg, const struct inbox_file *file);

struct inbox_watched; /* what is known of a file that waits */
struct inbox_folder_watch;

struct inbox_watch {
	uv_loop_t *loop;
	uv_poll_t poll;
	uv_timer_t timer;
	uv_work_t scan_work;
	inbox_found *found;
	void *arg;
	struct counters *counters;
	char *root_path;
	int root, inotify;
	bool scanning, scan_again, closing;
	struct inbox_scan scan;
	struct error scan_error;
	bool scan_failed;
	struct inbox_watched *files; /* ascending by path */
	size_t n_files;
	struct inbox_folder_watch *folders; /* by watch descriptor, in no order */
	size_t n_folders;
	char (*hints)[LIMIT_INBOX_PATH_BYTES]; /* files that were closed or moved here since the last scan */
	size_t n_hints;
	unsigned open_handles;
	unsigned settle_ms; /* LIMIT_INBOX_SETTLE_MS; tests have less patience */
	void (*closed)(void *arg);
};

int inbox_watch_start(struct inbox_watch *watch, uv_loop_t *loop, const char *root, struct counters *counters,
	inbox_found *found, void *arg, struct error *err) PADAN_MUST_CHECK;

/* The file is offered again at one of the next scans if it is still there: it could not be dealt with now. */
void inbox_watch_forget(struct inbox_watch *watch, const char *path);

/* Looks now. */
void inbox_watch_scan(struct inbox_watch *watch);

/* closed() is called once everything is given back; legal on a watch that failed to start. */
void inbox_watch_close(struct inbox_watch *watch, void (*closed)(void *arg));

#endif
