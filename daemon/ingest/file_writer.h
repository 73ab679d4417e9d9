/*
 * Writes a file that appears whole or not at all: bytes go through a buffer into a temporary file without a name in the
 * target's folder, and one rename() puts it in the target's place at the end. Whoever is killed half-way leaves the old
 * file as it was, and nothing beside it; only on file systems without O_TMPFILE (NFS, some overlays) does a kill -9
 * leave `.NAME.XXXXXX.part` behind, which file_writer_free() removes in every other case.
 *
 * The CSV calls write RFC 4180 with LF line ends; a cell is quoted only where it must be.
 * Not for: logs and sockets, or several threads at once.
 *
 * Errors stick: after a failed write every later call fails too, so that a loop may check file_writer_finish() alone.
 */
#ifndef PADAN_FILE_WRITER_H
#define PADAN_FILE_WRITER_H

#include "matcher/base/error.h"
#include "matcher/base/str.h"

#include <stdint.h>

struct file_writer;

/*
 * Opens path for writing; NULL or "-" is standard output, and a device or pipe that exists is written to directly (what
 * was written there cannot be taken back). A symbolic link is followed, and an existing file's permissions are kept.
 * NULL and err on failure.
 */
struct file_writer *file_writer_open(const char *path, struct error *err) PADAN_MUST_CHECK;

/* Bytes as they are. */
void file_writer_bytes(struct file_writer *writer, const void *bytes, size_t n);
void file_writer_str(struct file_writer *writer, struct str text);
void file_writer_text(struct file_writer *writer, const char *zero_terminated);
void file_writer_printf(struct file_writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Between the cells of a row stands this; ',' until told otherwise. */
void file_writer_delimiter(struct file_writer *writer, char delimiter);

/* One more cell of the row, with the delimiter in front if it is not the first, quoted if its contents ask for it. */
void file_writer_cell(struct file_writer *writer, struct str cell);
void file_writer_cell_text(struct file_writer *writer, const char *zero_terminated);
void file_writer_cell_uint(struct file_writer *writer, uint64_t number);
void file_writer_cell_printf(struct file_writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * As file_writer_cell(), for text that came from outside and will be opened in a spreadsheet: what a spreadsheet would
 * run as a formula (a cell that begins with = + - @ tab or CR, plain numbers apart) gets an apostrophe in front
 * (OWASP ASVS 1.2.10), which daemon/ingest/row_reader takes away again.
 */
void file_writer_cell_safe(struct file_writer *writer, struct str cell);

/* Ends the row. A row of one empty cell is written as "" so that it does not read as an empty line. */
void file_writer_row_end(struct file_writer *writer);

/* Flushes and puts the file in its place. 0, or -1 with what went wrong first; the target is then unchanged. */
int file_writer_finish(struct file_writer *writer, struct error *err) PADAN_MUST_CHECK;

/* Frees; without a successful file_writer_finish() before it, nothing is left behind. NULL is legal. */
void file_writer_free(struct file_writer *writer);

#endif
