/*
 * The inbox, from a file that appears to the note beside it:
 *
 *	found → hashed → staged and closed, in one transaction → its job is worked on (by any daemon) → note and rejected
 *	rows written, file moved to done/ or refused/
 *
 * The file stays where it is until its list is finished: it is its own place in the queue. Whatever ends the daemon in between,
 * the next life finds the file, finds by its hash that the list is there already, and goes on; so does another daemon
 * that watches the same folder.
 *
 * One file is staged at a time, in order of arrival. All on the loop's thread; files and folders in the pool.
 * Called by daemon/padand.c.
 */
#ifndef PADAN_INBOX_H
#define PADAN_INBOX_H

#include "daemon/base/counters.h"
#include "daemon/base/service_notify.h"
#include "daemon/db/db_conn.h"
#include "daemon/inbox/inbox_folder.h"
#include "daemon/inbox/inbox_watch.h"
#include "daemon/jobs/job_run.h"

struct inbox_item;

struct inbox_options {
	const char *conninfo;
	const char *folder;
};

struct inbox {
	struct inbox_options options;
	uv_loop_t *loop;
	struct service *service;
	struct counters *counters;
	struct inbox_watch watch;
	struct db_conn *conn;
	struct job_run run;
	uv_timer_t poll;
	struct inbox_item *items; /* in order of arrival */
	struct inbox_item *now;   /* that the run is about */
	size_t n_items;
	bool usable, closing, refusing, making_folders, watch_closing;
	uint64_t offices; /* whose folders were made, as a hash of their names; 0: none */
	unsigned open_parts;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* Fails if the folder is not there. Nothing is taken in before inbox_usable(). */
int inbox_start(struct inbox *inbox, uv_loop_t *loop, struct service *service, struct counters *counters,
	const struct inbox_options *options, struct error *err) PADAN_MUST_CHECK;

/* The database can be used, or the folders may be gone: makes offices' folders, takes in what waits. */
void inbox_usable(struct inbox *inbox);

/* A job was finished, by whomever: a note may be due. */
void inbox_on_done(struct inbox *inbox, uint32_t district, int64_t job);

/* What is being staged is given up, to be found again at the next start. */
void inbox_close(struct inbox *inbox, void (*closed)(void *arg), void *arg);

#endif
