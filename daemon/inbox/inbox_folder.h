/*
 * The inbox's folders as a hostile place: offices may write there, so no path is ever followed through a symbolic link,
 * and nothing outside the inbox is opened, moved or written, whatever a name says.
 *
 *	INBOX/dinsos/pkh_2024-07.csv        waits
 *	INBOX/dinsos/done/pkh_2024-07.csv   was taken in; .catatan.txt beside it says what came of it, .ditolak.csv holds
 *	INBOX/dinsos/refused/…              was not                      the rows set aside, in the office's own layout
 *	INBOX/15.05/dinsos/…                where one database holds several districts
 *
 * Blocking calls: for the libuv pool. Called by inbox_watch.c and inbox.c.
 */
#ifndef PADAN_INBOX_FOLDER_H
#define PADAN_INBOX_FOLDER_H

#include "daemon/base/limits.h"
#include "matcher/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inbox_file_type { INBOX_REGULAR, INBOX_SYMLINK, INBOX_OTHER };

/* A file and the state it was seen in: the same numbers later mean the same contents. */
struct inbox_file {
	char path[LIMIT_INBOX_PATH_BYTES]; /* below the inbox */
	enum inbox_file_type type;
	uint64_t device, inode, size;
	int64_t changed_ns; /* its ctime: moves with every write and rename */
};

bool inbox_file_same(const struct inbox_file *a, const struct inbox_file *b);

struct inbox_scan {
	struct inbox_file *files; /* ascending by path */
	size_t n_files;
	char (*folders)[LIMIT_INBOX_PATH_BYTES]; /* below the inbox, "" for itself */
	size_t n_folders;
	bool cut; /* there was more than the limits allow; a later scan finds the rest */
};

/* The folder, which must exist. Returns a descriptor, or -1 and err. */
int inbox_folder_open(const char *path, struct error *err) PADAN_MUST_CHECK;

/* Everything that waits: not done/, refused/, nor temporary names. */
int inbox_folder_scan(int root, struct inbox_scan *scan, struct error *err) PADAN_MUST_CHECK;
void inbox_scan_release(struct inbox_scan *scan);

/* Makes the folder of an office, with its done/ and refused/, if they are not there. */
int inbox_folder_make_office(int root, const char *office, struct error *err) PADAN_MUST_CHECK;

/* Opens a regular file for reading; the descriptor is checked to be what file says. -1 and err. */
int inbox_folder_open_file(int root, const struct inbox_file *file, struct error *err) PADAN_MUST_CHECK;

/* Whether somebody may still be writing: 1 yes, 0 certainly not, -1 can't be told (another owner's file, no leases). */
int inbox_folder_is_written(int root, const char *path);

enum inbox_fate { INBOX_DONE, INBOX_REFUSED };

/*
 * Where a file goes: done/ or refused/ of its office, into the same folders below; a taken name gets -2, -3, … The folders
 * are made. Notes are written beside that name first, and the file moves last, so that a crash in between is made good by
 * doing all of it again.
 */
int inbox_folder_target(int root, const struct inbox_file *file, enum inbox_fate fate,
	char ret_path[LIMIT_INBOX_PATH_BYTES], struct error *err) PADAN_MUST_CHECK;

/*
 * Moves it there. Nothing is replaced (-1 if the name is taken by now). A file that is gone already is no error: another daemon
 * was faster; *moved is false then.
 */
int inbox_folder_move(int root, const struct inbox_file *file, const char *to, bool *moved, struct error *err)
	PADAN_MUST_CHECK;

/* Whether anything of that name is there; takes a file away if it is. */
bool inbox_folder_exists(int root, const char *path);
void inbox_folder_remove(int root, const char *path);

/* Writes text to path below the inbox in one move, replacing a regular file of that name. */
int inbox_folder_write(int root, const char *path, const char *text, size_t n, struct error *err) PADAN_MUST_CHECK;

/*
 * For writers that want a name (rejects.h): a path under /proc/self/fd to a temporary name in the folder of `path`, and
 * the descriptor that keeps it alive. Then inbox_folder_writer_place() puts it at `path`.
 */
struct inbox_writer {
	int folder;
	char name[LIMIT_INBOX_NAME_BYTES + 64];
	char temporary[LIMIT_INBOX_NAME_BYTES + 80], full[LIMIT_INBOX_NAME_BYTES + 128];
};
int inbox_folder_writer_open(int root, const char *path, struct inbox_writer *writer, struct error *err) PADAN_MUST_CHECK;
/* An absent temporary file (nothing was written) is no error. */
int inbox_folder_writer_place(struct inbox_writer *writer, struct error *err) PADAN_MUST_CHECK;
void inbox_folder_writer_close(struct inbox_writer *writer);

#endif
