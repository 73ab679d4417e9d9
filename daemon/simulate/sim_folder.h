/*
 * The folder that a simulation writes: files are made in a hidden folder beside it and appear in their place all
 * at once at the end, so that whoever is interrupted leaves nothing half-written. A folder that exists keeps its other
 * files.
 */
#ifndef PADAN_SIM_FOLDER_H
#define PADAN_SIM_FOLDER_H

#include "matcher/base/error.h"

#include <stddef.h>

enum { SIM_FOLDER_FILES = 32, SIM_PATH_MAX = 4096 };

struct sim_folder {
	char path[SIM_PATH_MAX - 128];
	char staging[SIM_PATH_MAX - 64]; /* empty: none */
	char files[SIM_FOLDER_FILES][48];
	size_t file_count;
};

/* The parent of path must exist. */
int sim_folder_open(struct sim_folder *folder, const char *path, struct error *err) PADAN_MUST_CHECK;

/* Where a file of that name is to be made, for those who write it themselves. */
int sim_folder_new_file(struct sim_folder *folder, const char *name, char path[SIM_PATH_MAX], struct error *err)
	PADAN_MUST_CHECK;

int sim_folder_write(struct sim_folder *folder, const char *name, const void *bytes, size_t n, struct error *err)
	PADAN_MUST_CHECK;

/* Puts all files in their place. */
int sim_folder_finish(struct sim_folder *folder, struct error *err) PADAN_MUST_CHECK;

/* Removes what was not finished. Legal after finish and on a zeroed folder. */
void sim_folder_release(struct sim_folder *folder);

#endif
