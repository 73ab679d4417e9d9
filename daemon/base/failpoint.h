/*
 * Numbered places at which a debug build can be made to die as if by kill -9, so that a test can try every step:
 * PADAN_FAILPOINT=17 ends the process the first time point 17 is passed, 17:3 the third time. `padand --failpoints` prints
 * the list. In a release build nothing of it exists.
 *
 * Numbers follow the order below and may change; tests read the list.
 */
#ifndef PADAN_FAILPOINT_H
#define PADAN_FAILPOINT_H

#include <stdio.h>

/* Named for the moment: after what, or before what. */
#define FAILPOINTS(X)                                                                                                  \
	X(inbox_file_seen)          /* a finished file was found, nothing done yet */                                  \
	X(inbox_file_hashed)        /* hash known, not yet in the database */                                          \
	X(inbox_list_opened)        /* list and job are committed, the file still lies in the inbox */                 \
	X(inbox_file_moved)         /* the file is in done/ or refused/, its note not yet */                           \
	X(inbox_note_written)                                                                                          \
	X(job_claimed)              /* the claim is committed */                                                       \
	X(stage_begun)              /* transaction open, nothing copied */                                             \
	X(stage_chunk)              /* a chunk of raw rows was copied */                                               \
	X(stage_before_commit)                                                                                         \
	X(stage_after_commit)       /* committed, the answer not yet used */                                           \
	X(register_loading)         /* part of the register is in memory */                                            \
	X(register_loaded)                                                                                             \
	X(process_rows_read)        /* raw rows are in memory, normalised */                                           \
	X(process_settled)          /* persons and households decided */                                               \
	X(process_begun)            /* transaction open, version checked */                                            \
	X(process_entries_copied)                                                                                      \
	X(process_persons_written)                                                                                     \
	X(process_flags_written)                                                                                       \
	X(process_alerts_written)                                                                                      \
	X(process_before_commit)                                                                                       \
	X(process_after_commit)                                                                                        \
	X(alert_claimed)                                                                                               \
	X(alert_sent)               /* the other side took it, the outbox does not know yet */                         \
	X(alert_recorded)                                                                                              \
	X(shutdown_asked)                                                                                              \
	X(shutdown_handed_back)

enum failpoint {
	FAILPOINT_none = 0,
#define FAILPOINT_ENUM(name) FAILPOINT_##name,
	FAILPOINTS(FAILPOINT_ENUM)
#undef FAILPOINT_ENUM
	FAILPOINT_KINDS
};

/* "1 inbox_file_seen\n2 …". */
void failpoint_print(FILE *to);

#ifdef PADAN_DEBUG
enum { FAILPOINT_EXIT_STATUS = 86 };
/* Any thread. */
void failpoint_pass(enum failpoint point);
#define failpoint(name) failpoint_pass(FAILPOINT_##name)
#else
#define failpoint(name) ((void)0)
#endif

#endif
