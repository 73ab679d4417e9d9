/*
 * Models of the engine as files: what --model reads and --save-model writes. Called by padan dedupe, link and check.
 */
#ifndef PADAN_MODEL_FILE_H
#define PADAN_MODEL_FILE_H

#include "daemon/ingest/file_writer.h"
#include "matcher/link/fs_model.h"

/* The model in that file, from malloc; NULL and err, which names the file. */
struct fs_model *model_file_read(const char *path, struct error *err) PADAN_MUST_CHECK;

/* The model's text into an open file; whoever opened it finishes it. */
int model_file_write(const struct fs_model *model, struct file_writer *writer, struct error *err) PADAN_MUST_CHECK;

#endif
