/*
 * Results of a check at the door, read back from the workbook that `padan export` made and a village filled in. For
 * cli_import.c.
 */
#ifndef PADAN_IMPORT_VERIFICATION_H
#define PADAN_IMPORT_VERIFICATION_H

#include "daemon/db/db_sync.h"
#include "daemon/export/export_rows.h"
#include "matcher/base/error.h"

#include <jansson.h>
#include <stdint.h>

struct verification {
	uint64_t rows;      /* with a flag's number */
	uint64_t confirmed, dismissed;
	uint64_t unchanged; /* already so */
	uint64_t empty;     /* nothing filled in yet */
	json_t *problems;   /* [{"line", "sheet", "id", "en"}]: rows that could not be taken; the others go on */
};

/*
 * One transaction. "benar", "ya", "b", "v", "x", "✓" … confirm; "salah", "tidak", "bukan" … dismiss, with the note as the reason
 * (without one: "verifikasi lapangan"). The caller owns ret->problems.
 */
int import_verification(struct db_sync *db, int district, const char *path, const char *who, struct verification *ret,
	struct error *err) PADAN_MUST_CHECK;

#endif
