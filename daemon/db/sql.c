/*
 * Finds embedded SQL. See sql.h.
 */
#include "daemon/db/sql.h"

#include "daemon/base/embedded.h"

#include <stdio.h>
#include <stdlib.h>

const char *sql_find(const char *name)
{
	char path[128];
	const struct embedded_text *text;

	snprintf(path, sizeof path, "daemon/db/sql/%s.sql", name);
	text = embedded_find(path);
	if (!text) {
		fprintf(stderr, "padan: no text %s was built into this program\n", path);
		abort();
	}
	return text->text;
}
