/*
 * The entries of a workbook's ZIP container, with the maxima of ingest_limits.h: names that climb out of the archive,
 * encrypted entries and entries that expand beyond measure are refused. Zip64 is read. Only for xlsx_reader.
 */
#ifndef PADAN_XLSX_ZIP_H
#define PADAN_XLSX_ZIP_H

#include "matcher/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xlsx_zip;
struct xlsx_entry;

/* Owns fd from here on, on failure too. NULL and err: no archive, or one that is not to be trusted. */
struct xlsx_zip *xlsx_zip_open(int fd, struct error *err) PADAN_MUST_CHECK;
void xlsx_zip_free(struct xlsx_zip *zip);

bool xlsx_zip_has(const struct xlsx_zip *zip, const char *name);
/* Expanded size as the archive says it; 0 if absent. */
uint64_t xlsx_zip_size(const struct xlsx_zip *zip, const char *name);

struct xlsx_entry *xlsx_entry_open(struct xlsx_zip *zip, const char *name, struct error *err) PADAN_MUST_CHECK;
/* Bytes read (0: the end), or -1 and err: damaged, or grown beyond its limits. */
int64_t xlsx_entry_read(struct xlsx_entry *entry, void *buffer, size_t n, struct error *err) PADAN_MUST_CHECK;
void xlsx_entry_close(struct xlsx_entry *entry);

#endif
