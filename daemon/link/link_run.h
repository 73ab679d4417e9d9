/*
 * padan dedupe and padan link: both are one run over one file or two. Called by daemon/cli/cli_link.c.
 */
#ifndef PADAN_LINK_RUN_H
#define PADAN_LINK_RUN_H

#include "daemon/base/options.h"

struct link_options {
	const char *id, *out, *pairs, *model, *save_model, *stats;
	struct option_list as;
	double threshold; /* 0: chosen without labels */
	bool one_to_one;
	struct option_list explain; /* keys of one row or two */
	long threads; /* 0: all cores */
};

/* The whole run; what goes wrong is said on stderr. Returns the exit status. */
int link_run(const char *verb, const struct link_options *options, const char *const *paths, size_t n_paths, enum lang lang);

#endif
