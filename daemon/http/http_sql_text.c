/*
 * Two texts for PostgreSQL: how the web connects, and how a transaction of a request begins. Called by http_sql.c.
 */
#include "daemon/http/http_internal.h"
#include "matcher/base/strbuf.h"

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

/* A setting's value as SQL. standard_conforming_strings is on (above), so a quote is all there is to double. */
static void add_setting(struct strbuf *text, const char *name, const char *value)
{
	strbuf_addf(text, "%s set_config('padan.%s', '", text->n > 6 ? "," : " SELECT", name);
	for (; value && *value; value++)
		strbuf_add(text, *value == '\'' ? STR_LITERAL("''") : (struct str){value, 1});
	strbuf_add(text, STR_LITERAL("', true)"));
}

/* "BEGIN; SELECT set_config(…)": who asks, for this transaction alone, in one message. See the functions padan.web_*. */
const char *http_sql_begin_text(struct http_request *request, struct error *err)
{
	const struct http_identity *who = &request->who;
	const char *copy = NULL;
	struct strbuf text;
	char user[24];

	snprintf(user, sizeof user, "%lld", (long long)who->user);
	strbuf_init(&text, 64 << 10);
	strbuf_add(&text, STR_LITERAL("BEGIN;"));
	add_setting(&text, "user", who->may ? user : "");
	add_setting(&text, "actor", who->name);
	add_setting(&text, "role", who->role);
	add_setting(&text, "district", who->district);
	add_setting(&text, "office", who->office);
	add_setting(&text, "villages", who->villages);
	add_setting(&text, "address", request->address);
	if (strbuf_failed(&text, err) == 0)
		copy = http_copy(request, text.p);
	strbuf_release(&text);
	return copy;
}
