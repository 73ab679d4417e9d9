/*
 * The folder that a simulation writes. See sim_folder.h.
 */
#include "daemon/simulate/sim_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(struct error *err, const char *path)
{
	const char *why = strerror(errno);

	return error_set(err, ERROR_SYSTEM,
		"Tidak dapat menulis %s: %s. Periksa apakah foldernya ada, boleh ditulis, dan masih ada ruang.",
		"Cannot write %s: %s. Check that the folder exists, may be written, and has room left.", path, why);
}

int sim_folder_open(struct sim_folder *folder, const char *path, struct error *err)
{
	size_t n = strlen(path);
	const char *slash;
	struct stat st;

	memset(folder, 0, sizeof *folder);
	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n == 0 || n >= sizeof folder->path)
		return error_set(err, ERROR_USAGE, "Nama folder hasil kosong atau terlalu panjang.",
			"The name of the output folder is empty or too long.");
	memcpy(folder->path, path, n);
	if (stat(folder->path, &st) == 0 && !S_ISDIR(st.st_mode))
		return error_set(err, ERROR_USAGE, "%s sudah ada dan bukan folder; pilih nama lain.",
			"%s exists and is no folder; choose another name.", folder->path);
	slash = strrchr(folder->path, '/');
	n = slash ? (size_t)(slash - folder->path) + 1 : 0;
	if (strcmp(folder->path + n, ".") == 0 || strcmp(folder->path + n, "..") == 0 || folder->path[n] == '\0')
		snprintf(folder->staging, sizeof folder->staging, "%s/.padan-XXXXXX", folder->path);
	else
		snprintf(folder->staging, sizeof folder->staging, "%.*s.%s-XXXXXX", (int)n, folder->path,
			folder->path + n);
	if (!mkdtemp(folder->staging)) {
		failed(err, folder->path);
		folder->staging[0] = '\0';
		return -1;
	}
	return 0;
}

int sim_folder_new_file(struct sim_folder *folder, const char *name, char path[SIM_PATH_MAX], struct error *err)
{
	if (folder->file_count == SIM_FOLDER_FILES || strlen(name) >= sizeof folder->files[0])
		return error_set(err, ERROR_SYSTEM, "Terlalu banyak berkas.", "Too many files.");
	snprintf(folder->files[folder->file_count++], sizeof folder->files[0], "%s", name);
	if (snprintf(path, SIM_PATH_MAX, "%s/%s", folder->staging, name) >= SIM_PATH_MAX)
		return error_set(err, ERROR_USAGE, "Nama folder hasil terlalu panjang.",
			"The name of the output folder is too long.");
	return 0;
}

int sim_folder_write(struct sim_folder *folder, const char *name, const void *bytes, size_t n, struct error *err)
{
	char path[SIM_PATH_MAX];
	const char *p = bytes;
	int fd;

	if (sim_folder_new_file(folder, name, path, err) < 0)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return failed(err, name);
	while (n > 0) {
		ssize_t written = write(fd, p, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			failed(err, name);
			close(fd);
			return -1;
		}
		p += written;
		n -= (size_t)written;
	}
	return close(fd) < 0 ? failed(err, name) : 0;
}

int sim_folder_finish(struct sim_folder *folder, struct error *err)
{
	char from[SIM_PATH_MAX], to[SIM_PATH_MAX];

	if (mkdir(folder->path, 0777) < 0 && errno != EEXIST)
		return failed(err, folder->path);
	for (size_t i = 0; i < folder->file_count; i++) {
		snprintf(from, sizeof from, "%s/%s", folder->staging, folder->files[i]);
		snprintf(to, sizeof to, "%s/%s", folder->path, folder->files[i]);
		if (rename(from, to) < 0)
			return failed(err, folder->path);
	}
	folder->file_count = 0;
	rmdir(folder->staging);
	folder->staging[0] = '\0';
	return 0;
}

void sim_folder_release(struct sim_folder *folder)
{
	char path[SIM_PATH_MAX];

	if (!folder->staging[0])
		return;
	for (size_t i = 0; i < folder->file_count; i++) {
		snprintf(path, sizeof path, "%s/%s", folder->staging, folder->files[i]);
		unlink(path);
	}
	rmdir(folder->staging);
	memset(folder, 0, sizeof *folder);
}
