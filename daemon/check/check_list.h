/*
 * One input file of `padan check`: what it was called with, and what reading it gave. Reads a file into the district:
 * cells become entries on several threads, a chunk of rows at a time, so memory does not grow with the file.
 *
 * Called by cli_check.c; not for the daemon, which reads from its tables.
 */
#ifndef PADAN_CHECK_LIST_H
#define PADAN_CHECK_LIST_H

#include "daemon/base/district_config.h"
#include "daemon/base/lang.h"
#include "daemon/base/villages.h"
#include "daemon/ingest/file_writer.h"
#include "matcher/district/district.h"

enum { CHECK_LABEL_MAX = 96 };

struct check_list {
	enum list_kind kind;
	int subject;                 /* as in struct district_list */
	const char *path;
	char code[CHECK_LABEL_MAX];  /* "pkh", "ref:asn", "target" */
	char label[CHECK_LABEL_MAX]; /* as the outputs name it: the code; "pkh@2023" where a newer list has the code */
	char period[8];              /* as given: "2024-07", "2024"; "" for today */
	uint32_t day;                /* yyyymmdd */
	uint32_t number;             /* the district's, once read */
	uint32_t rows, accepted, rejected;
};

struct check_reading {
	const struct district_config *config;
	const struct village_table *villages;
	struct district *district;
	const struct parallel *parallel;
	struct file_writer *rejects;
	enum lang lang;
	/* Now and then; share of this file that is read. Non-zero cancels. */
	int (*progress)(void *arg, const struct check_list *list, double share);
	void *arg;
};

/*
 * Splits "CODE@PERIOD=FILE" (or "CODE=FILE"). today: yyyymmdd for lists without a period. ERROR_USAGE says what is wrong:
 * no file, a period that is neither YYYY nor YYYY-MM, a code that the configuration does not have.
 */
int check_list_parse(const struct district_config *config, enum list_kind kind, const char *text, uint32_t today,
	struct check_list *ret, struct error *err) PADAN_MUST_CHECK;
/* The first day of a period "YYYY" or "YYYY-MM"; 0 if it is none. */
uint32_t check_period_day(const char *period);

/* Reads the file into the district as a new list. ERROR_INPUT: the file has to be refused whole. */
int check_list_read(const struct check_reading *reading, struct check_list *list, struct error *err) PADAN_MUST_CHECK;

/* Takes in the villages that the file writes with code and name. Files that can't be read are left to check_list_read(). */
int check_list_learn_villages(const struct district_config *config, const struct check_list *list,
	struct village_learner *learner, struct error *err) PADAN_MUST_CHECK;

#endif
