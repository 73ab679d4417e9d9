/*
 * The outputs of `padan check` in one folder: entries.csv, flags.csv, doubtful.csv, rejects.csv, summary.json. Every file
 * is written under a temporary name; check_report_finish() puts all of them in their places at the end.
 */
#ifndef PADAN_CHECK_REPORT_H
#define PADAN_CHECK_REPORT_H

#include "daemon/check/check_list.h"
#include "matcher/base/strbuf.h"

struct check_seconds {
	double read, train, link, flags, write, total;
};

struct check_report {
	const struct check_list *lists;
	size_t n_lists;
	const struct check_list **by_number; /* the district's list number → list */
	struct district *district;
	const struct ruleset *rules;
	enum lang lang;
	char *folder;
	bool made_folder, finished;
	struct file_writer *entries, *flags, *doubtful, *rejects, *summary;
	uint64_t found[FLAG_KINDS], doubted[FLAG_KINDS];
	struct strbuf text; /* the explanation in the making */
	struct error err; /* what stopped the flags */
};

/* Makes the folder if need be (its parent must exist) and opens the files. */
int check_report_open(struct check_report *report, const char *folder, enum lang lang, struct error *err)
	PADAN_MUST_CHECK;
void check_report_release(struct check_report *report);

/* Every data row once, list by list. */
int check_report_entries(struct check_report *report, struct error *err) PADAN_MUST_CHECK;
/* Decides and writes the flags. */
int check_report_flags(struct check_report *report, struct error *err) PADAN_MUST_CHECK;
int check_report_summary(struct check_report *report, const struct check_seconds *seconds, struct error *err)
	PADAN_MUST_CHECK;

/* Puts the files in their places. */
int check_report_finish(struct check_report *report, struct error *err) PADAN_MUST_CHECK;

#endif
