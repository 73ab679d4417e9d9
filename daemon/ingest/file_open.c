/* See file_open.h. */
#include "daemon/ingest/file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *file_open_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

int file_open(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd < 0) {
		/* Our own want of descriptors or memory is no fault of the file's. */
		bool ours = errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EIO;

		return error_set(err, ours ? ERROR_SYSTEM : ERROR_INPUT,
			"%.200s: tidak dapat dibuka (%s). Periksa nama berkas dan izin membacanya.",
			"%.200s: cannot be opened (%s). Check the file's name and the permission to read it.", file_open_name(path),
			strerror(errno));
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return error_set(err, ERROR_INPUT, "%.200s: ini folder. Sebutkan sebuah berkas di dalamnya.",
			"%.200s: this is a folder. Name a file in it.", file_open_name(path));
	}
	return fd;
}
