/*
 * The official table of villages from a CSV file, for `padan apply --villages`.
 */
#ifndef PADAN_APPLY_VILLAGES_H
#define PADAN_APPLY_VILLAGES_H

#include "matcher/base/error.h"

#include <jansson.h>

/*
 * [{"village": 1505012001, "name": …, "kecamatan": …}] from a file with a header line; columns are found by their words
 * (kode, desa or nama, kecamatan). Codes with or without dots. The caller owns *ret.
 */
int apply_villages_read(const char *path, json_t **ret, struct error *err) PADAN_MUST_CHECK;

#endif
