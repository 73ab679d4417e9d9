/*
 * `--explain ROW` of padan dedupe, link and check: why two rows are one person or are not, in words and numbers, and how a person was put
 * together from rows. Called by link_run.c and check_explain.c once everything is settled; what rows are called and say is theirs.
 */
#ifndef PADAN_LINK_EXPLAIN_H
#define PADAN_LINK_EXPLAIN_H

#include "daemon/base/lang.h"
#include "daemon/base/options.h"
#include "matcher/base/strbuf.h"
#include "matcher/link/linker.h"

#include <stdio.h>

struct link_rows {
	const struct linker *linker;
	const struct linker_schema *schema;
	const void *arg;
	uint32_t (*find)(const void *arg, const char *name); /* UINT32_MAX: no row is called so */
	void (*name)(const void *arg, uint32_t record, struct strbuf *out);
	void (*value)(const void *arg, uint32_t record, size_t field, struct strbuf *out); /* nothing where it is not told */
};

/* names: one row (its person), or two (the pair, then both persons). */
int link_explain(const struct link_rows *rows, const struct option_list *names, enum lang lang, FILE *to, struct error *err)
	PADAN_MUST_CHECK;

#endif
