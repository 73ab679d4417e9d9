/*
 * One file on its way through the inbox, and the steps that move it on. For inbox.c and inbox_steps.c alone.
 */
#ifndef PADAN_INBOX_ITEM_H
#define PADAN_INBOX_ITEM_H

#include "daemon/base/district_config.h"
#include "daemon/ingest/list_stage.h"
#include "daemon/ingest/rejects.h"
#include "daemon/inbox/inbox.h"
#include "daemon/inbox/inbox_name.h"
#include "daemon/inbox/inbox_text.h"

enum inbox_state {
	INBOX_QUEUED,   /* to be staged */
	INBOX_WAITING,  /* its list is in the database; its end is awaited */
	INBOX_DUE,      /* ask now whether it has ended */
	INBOX_REFUSING, /* never became a list; note and move are due */
	INBOX_FINISHED  /* nothing is left to do */
};

struct inbox_item {
	struct inbox_item *next;
	struct inbox_file file;
	enum inbox_state state;
	struct inbox_name name;
	struct error why; /* INBOX_REFUSING */
	uint32_t district;
	int64_t list, job;
	bool repeated;  /* its contents had come before */
	bool duplicate; /* begin_list() found the list */
	bool told;      /* its job ended while the run was about it */

	/* While the run is about it. */
	int fd;
	char sha256[67]; /* "\x…" */
	struct district_config config;
	char period[8], this_year[8];
	struct str *remembered_header;
	enum column_role *remembered;
	size_t n_remembered;
	struct list_stage *stage;
	struct inbox_result result;
	struct str *header;
	size_t n_header;
	char delimiter;
	char target[LIMIT_INBOX_PATH_BYTES], rejects_path[LIMIT_INBOX_PATH_BYTES];
	struct inbox_writer writer;
	bool writer_open;
	struct rejects *rejects;
};

extern const struct job_step inbox_stage_steps[];
extern const struct job_step inbox_result_steps[];
extern const struct job_step inbox_refuse_steps[];

/* Closes and frees what the steps left open in the item. */
void inbox_item_release(struct inbox_item *item);

/* The inbox that a run belongs to. */
struct inbox *inbox_of(struct job_run *run);

#endif
