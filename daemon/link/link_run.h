/*
 * padan dedupe and padan link: both are one run over one file or two. Called by daemon/cli/cli_link.c.
 */
#ifndef PADAN_LINK_RUN_H
#define PADAN_LINK_RUN_H

#include "daemon/base/lang.h"
#include "daemon/base/options.h"
#include "matcher/base/error.h"

struct link_options {
	const char *id, *out, *pairs, *model, *save_model, *stats;
	struct option_list as;
	double threshold; /* 0: chosen without labels */
	bool one_to_one;
	struct option_list explain; /* keys of one row or two */
	long threads; /* 0: all cores */
};

/* The whole run over n_paths (1 or 2) files; what was done is said on stderr. */
int link_run(const struct link_options *options, const char *const *paths, size_t n_paths, enum lang lang, struct error *err)
	PADAN_MUST_CHECK;

#endif
