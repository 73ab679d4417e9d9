/*
 * Names and JSON of the counters; see counters.h. Called by the daemon's status line.
 */
#include "daemon/base/counters.h"

#include <stdio.h>

#include "daemon/base/banned.h"

static const struct {
	const char *name, *help;
} table[] = {
#define COUNTER_ROW(name, help) {#name, help},
	COUNTERS(COUNTER_ROW)
#undef COUNTER_ROW
};

const char *counter_name(enum counter counter)
{
	return table[counter].name;
}

const char *counter_help(enum counter counter)
{
	return table[counter].help;
}

int counters_json(const struct counters *counters, char *text, size_t size)
{
	size_t n = 0;

	for (int i = 0; i < COUNTER_KINDS; i++) {
		int more = snprintf(text + n, size - n, "%s\"%s\":%llu", i ? "," : "{", table[i].name,
			(unsigned long long)counters->values[i]);

		if (more < 0 || (size_t)more >= size - n)
			return -1;
		n += more;
	}
	if (size - n < 2)
		return -1;
	text[n++] = '}';
	text[n] = '\0';
	return n;
}
