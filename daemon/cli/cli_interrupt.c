/* See cli_interrupt.h. One thread waits for the signals, which all others leave to it: it may do what no handler may. */
#include "daemon/cli/cli_interrupt.h"

#include <unistd.h>

/* What the thread waits for: the signals that end a command, and SIGUSR1, by which _end() tells it to go. */
static void awaited(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
}

static void *wait_for_signal(void *arg)
{
	const struct cli_interrupt *interrupt = arg;
	sigset_t ends;
	int number;

	awaited(&ends);
	if (sigwait(&ends, &number) != 0 || number == SIGUSR1)
		return NULL;
	rmdir(interrupt->folder);
	signal(number, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
	raise(number);
	return NULL;
}

int cli_interrupt_begin(struct cli_interrupt *interrupt, const char *folder, struct error *err)
{
	sigset_t ends;

	interrupt->folder = folder;
	awaited(&ends);
	pthread_sigmask(SIG_BLOCK, &ends, &interrupt->before);
	if (pthread_create(&interrupt->thread, NULL, wait_for_signal, interrupt) != 0) {
		pthread_sigmask(SIG_SETMASK, &interrupt->before, NULL);
		return error_memory(err);
	}
	interrupt->started = true;
	return 0;
}

void cli_interrupt_end(struct cli_interrupt *interrupt)
{
	if (!interrupt->started)
		return;
	/* Not pthread_cancel(): it unwinds the thread behind the address sanitizer's back, which then sees its own stack broken. */
	pthread_kill(interrupt->thread, SIGUSR1);
	pthread_join(interrupt->thread, NULL);
	pthread_sigmask(SIG_SETMASK, &interrupt->before, NULL);
	interrupt->started = false;
}
