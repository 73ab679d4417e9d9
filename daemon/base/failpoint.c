/*
 * Dying on purpose; see failpoint.h. Called from the places it lists.
 */
#include "daemon/base/failpoint.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/banned.h"

static const char *const names[] = {
	"none",
#define FAILPOINT_NAME(name) #name,
	FAILPOINTS(FAILPOINT_NAME)
#undef FAILPOINT_NAME
};

void failpoint_print(FILE *to)
{
	for (int i = 1; i < FAILPOINT_KINDS; i++)
		fprintf(to, "%d %s\n", i, names[i]);
}

#ifdef PADAN_DEBUG
void failpoint_pass(enum failpoint point)
{
	static atomic_uint passed[FAILPOINT_KINDS]; /* how often each was passed: the process's own life, so static */
	const char *wish = getenv("PADAN_FAILPOINT");
	char *end;
	unsigned long number, nth = 1;

	if (!wish || !*wish)
		return;
	number = strtoul(wish, &end, 10);
	if (*end == ':')
		nth = strtoul(end + 1, NULL, 10);
	if (number == (unsigned long)point && atomic_fetch_add(&passed[point], 1) + 1 == nth)
		_exit(FAILPOINT_EXIT_STATUS); /* no handlers, no flushing: like kill -9 */
}
#endif
