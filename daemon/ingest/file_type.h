/*
 * What a file is, by its first bytes and never by its name, and what to tell somebody who sent something else.
 */
#ifndef PADAN_FILE_TYPE_H
#define PADAN_FILE_TYPE_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

enum file_type { FILE_TEXT, FILE_ZIP };

/* head: the first bytes (64 KiB are plenty). -1 and err: neither text nor a workbook, with what it is and what to do. */
int file_type_find(struct str head, enum file_type *type, struct error *err) PADAN_MUST_CHECK;

#endif
