/*
 * Finds a text that was embedded at build time. See embedded.h.
 */
#include "daemon/base/embedded.h"

#include <string.h>

const struct embedded_text *embedded_find(const char *path)
{
	for (const struct embedded_text *t = embedded_texts; t->path; t++)
		if (strcmp(t->path, path) == 0)
			return t;
	return NULL;
}
