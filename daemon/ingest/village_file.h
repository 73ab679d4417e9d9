/*
 * The official villages of a district from a file: CSV or XLSX with the columns kode, desa and kecamatan, whatever they are
 * called in full. For districts that the tables inside the program (daemon/base/villages.h) do not cover.
 *
 * Called by padan check and padan apply.
 */
#ifndef PADAN_VILLAGE_FILE_H
#define PADAN_VILLAGE_FILE_H

#include "daemon/base/district_config.h"
#include "matcher/normalise/place.h"

/* Rows of other districts are passed over; none of this one, or a row without a code, is an error. Texts live in the arena. */
int village_file_read(const char *path, uint32_t district, struct arena *arena, struct village_table *ret, struct error *err)
	PADAN_MUST_CHECK;

/* The file that [villages] of the configuration names, beside the configuration unless its path is absolute. */
int village_file_of_config(const struct district_config *config, const char *config_path, struct arena *arena,
	struct village_table *ret, struct error *err) PADAN_MUST_CHECK;

#endif
