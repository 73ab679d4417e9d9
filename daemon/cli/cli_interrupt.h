/*
 * Ctrl-C while a command works: a folder that it has made, and has nothing in yet, goes with it. (Its files need no such care:
 * file_writer.h gives them a name only when they are complete.) For `padan check`.
 */
#ifndef PADAN_CLI_INTERRUPT_H
#define PADAN_CLI_INTERRUPT_H

#include "matcher/base/error.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct cli_interrupt {
	const char *folder;
	bool started;
	pthread_t thread;
	sigset_t before; /* the signals blocked before */
};

/*
 * From now until _end(), SIGINT, SIGTERM and SIGHUP take away the folder if it is empty, then end the process as they always
 * do. Called before other threads are started; the folder's name must live until _end().
 */
int cli_interrupt_begin(struct cli_interrupt *interrupt, const char *folder, struct error *err) PADAN_MUST_CHECK;
/* Legal on a zeroed one. */
void cli_interrupt_end(struct cli_interrupt *interrupt);

#endif
