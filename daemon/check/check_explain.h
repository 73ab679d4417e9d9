/*
 * `padan check --explain LIST:ROW`: why two rows of a district's lists are one person or are not. Called by daemon/cli/cli_check.c.
 */
#ifndef PADAN_CHECK_EXPLAIN_H
#define PADAN_CHECK_EXPLAIN_H

#include "daemon/base/options.h"
#include "daemon/check/check_report.h"

/* Rows are called as in the outputs: target:12, pkh:7, ref:asn:3. NIK, KK and birth date are masked. The report has its entries written. */
int check_explain(const struct check_report *report, const struct village_table *villages, const struct option_list *names, FILE *to,
	struct error *err) PADAN_MUST_CHECK;

#endif
