/*
 * What is wrong with a configuration file: up to 20 faults with their lines, so that an administrator mends them all in
 * one go. Filled by ini_text.c and district_config*.c; printed by `padan apply`, `padan check` and `padan doctor`.
 */
#ifndef PADAN_CONFIG_FAULTS_H
#define PADAN_CONFIG_FAULTS_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <stddef.h>

enum { CONFIG_FAULTS_MAX = 20, CONFIG_FAULT_TEXT_MAX = 320 };

struct config_fault {
	unsigned line;                  /* from 1; 0: of the file as a whole */
	char id[CONFIG_FAULT_TEXT_MAX]; /* Indonesian, without the line */
	char en[CONFIG_FAULT_TEXT_MAX]; /* English */
};

/* All zero is empty. Ordered by line once config_faults_error() was called. */
struct config_faults {
	struct config_fault items[CONFIG_FAULTS_MAX];
	size_t n;     /* items filled */
	size_t total; /* faults found; those beyond the maximum are only counted */
};

/* Both texts take the same arguments in the same order. */
void config_faults_add(struct config_faults *faults, unsigned line, const char *id_format, const char *en_format, ...)
	__attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same with texts that are ready, where the two languages need more than the same arguments. */
void config_faults_add_texts(struct config_faults *faults, unsigned line, const char *id, const char *en);

/*
 * Puts the faults in order of lines; 0 when there are none, else -1 and ERROR_INPUT with the first of them and how many
 * more there are.
 */
int config_faults_error(struct config_faults *faults, struct error *err) PADAN_MUST_CHECK;

/*
 * The word of the list nearest to a misspelt one: at most one edit for each three letters, neighbours swapped counting
 * as one; the first on a tie. NULL when none is near.
 */
const char *config_nearest(struct str word, const char *const *words, size_t n);

#endif
