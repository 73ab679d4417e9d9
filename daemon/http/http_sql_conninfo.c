/*
 * How the web connects to PostgreSQL: as the daemon does, but as the role padan_web. Called by http_sql.c.
 */
#include "daemon/http/http_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/banned.h"

static bool add_quoted(char *text, size_t size, size_t *n, const char *keyword, const char *value)
{
	*n += (size_t)snprintf(text + *n, size - *n, "%s%s='", *n ? " " : "", keyword);
	for (; *value && *n + 4 < size; value++) {
		if (*value == '\'' || *value == '\\')
			text[(*n)++] = '\\';
		text[(*n)++] = *value;
	}
	if (*n + 4 >= size)
		return false;
	text[(*n)++] = '\'';
	text[*n] = '\0';
	return true;
}

/*
 * The daemon's conninfo with the role padan_web taken from the first moment on: RESET leads back to it. What the conninfo or
 * PGOPTIONS said beside that stays.
 */
char *http_sql_conninfo(const char *conninfo)
{
	enum { ROOM = 4096 };
	const char *before = getenv("PGOPTIONS");
	char options[1024], *text = malloc(ROOM), *message = NULL;
	PQconninfoOption *parsed = NULL;
	size_t n = 0;
	bool fits = text != NULL;

	if (text)
		text[0] = '\0';
	if (fits && *conninfo && !strchr(conninfo, '=') && strncmp(conninfo, "postgres", 8) != 0) {
		fits = add_quoted(text, ROOM, &n, "dbname", conninfo);
	} else if (fits && *conninfo) {
		parsed = PQconninfoParse(conninfo, &message);
		PQfreemem(message); /* db_conn_start() explains */
		for (PQconninfoOption *o = parsed; fits && o && o->keyword; o++) {
			if (o->val && strcmp(o->keyword, "options") == 0)
				before = o->val;
			else if (o->val)
				fits = add_quoted(text, ROOM, &n, o->keyword, o->val);
		}
		PQconninfoFree(parsed);
	}
	if (fits) {
		int length = snprintf(options, sizeof options, "%s%s-c role=padan_web -c row_security=on -c standard_conforming_strings=on -c idle_in_transaction_session_timeout=60000",
			before ? before : "", before ? " " : "");

		fits = length < (int)sizeof options && add_quoted(text, ROOM, &n, "options", options);
	}
	if (fits)
		return text;
	free(text);
	return NULL;
}
