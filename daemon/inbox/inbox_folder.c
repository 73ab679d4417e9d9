/*
 * Looking at, opening, moving and writing files of the inbox without following anybody's links; see inbox_folder.h.
 */
#include "daemon/inbox/inbox_folder.h"
#include "daemon/inbox/inbox_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { NAMES_TRIED_MAX = 1000, OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static const char *const fates[] = {[INBOX_DONE] = "done", [INBOX_REFUSED] = "refused"};

static int system_error(struct error *err, const char *what_id, const char *what_en)
{
	error_set(err, ERROR_SYSTEM, "%s", "%s", strerror(errno));
	return error_context(err, what_id, what_en);
}

bool inbox_file_same(const struct inbox_file *a, const struct inbox_file *b)
{
	return a->type == b->type && a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed_ns == b->changed_ns;
}

int inbox_folder_open(const char *path, struct error *err)
{
	int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return error_set(err, ERROR_SYSTEM,
			"Kotak masuk \"%s\" tidak dapat dibuka (%s). Buat mapnya dan beri padand hak baca dan tulis.",
			"The inbox \"%s\" can't be opened (%s). Make the folder and let padand read and write it.", path,
			strerror(errno));
	return root;
}

static void file_from_stat(struct inbox_file *file, const struct stat *st)
{
	file->type = S_ISREG(st->st_mode) ? INBOX_REGULAR : S_ISLNK(st->st_mode) ? INBOX_SYMLINK : INBOX_OTHER;
	file->device = st->st_dev;
	file->inode = st->st_ino;
	file->size = st->st_size;
	file->changed_ns = st->st_ctim.tv_sec * INT64_C(1000000000) + st->st_ctim.tv_nsec;
}

/* Room for one more in an array that doubles up to max; false when it is full or memory ran out. */
static bool grow(void **array, size_t n, size_t size, size_t max)
{
	void *more;

	if (n >= max)
		return false;
	if (n & (n - 1)) /* grown at powers of two */
		return true;
	more = realloc(*array, (n ? 2 * n : 1) * size);
	if (!more)
		return false;
	*array = more;
	return true;
}

/* The folder of the office that a path lies in: "dinsos", or "15.05/dinsos" where districts have folders. Its length. */
static int office_length(const char *path)
{
	size_t first = strcspn(path, "/");

	if (path[first] != '/')
		return 0;
	if (strspn(path, "0123456789.") == first) {
		size_t second = strcspn(path + first + 1, "/");

		return path[first + 1 + second] == '/' ? (int)(first + 1 + second) : 0;
	}
	return (int)first;
}

static int scan_folder(int folder, const char *path, int depth, struct inbox_scan *scan, struct error *err);

static int scan_entry(int folder, const char *path, const char *name, int depth, struct inbox_scan *scan, struct error *err)
{
	char below[LIMIT_INBOX_PATH_BYTES];
	struct stat st;
	int n = snprintf(below, sizeof(below), "%s%s%s", path, *path ? "/" : "", name), status;

	if (n >= (int)sizeof(below) || inbox_name_is_temporary(name))
		return 0;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : system_error(err, "kotak masuk", "inbox");
	if (S_ISDIR(st.st_mode)) {
		int child;

		if (depth > LIMIT_INBOX_DEPTH ||
			((int)strlen(path) == office_length(below) && (!strcmp(name, "done") || !strcmp(name, "refused"))))
			return 0;
		child = openat(folder, name, OPEN_FOLDER);
		if (child < 0) /* gone, or no right to look: not ours to judge */
			return 0;
		status = scan_folder(child, below, depth + 1, scan, err);
		close(child);
		return status;
	}
	if (!grow((void **)&scan->files, scan->n_files, sizeof(*scan->files), LIMIT_INBOX_FILES)) {
		scan->cut = true;
		return 0;
	}
	snprintf(scan->files[scan->n_files].path, LIMIT_INBOX_PATH_BYTES, "%s", below);
	file_from_stat(&scan->files[scan->n_files++], &st);
	return 0;
}

static int scan_folder(int folder, const char *path, int depth, struct inbox_scan *scan, struct error *err)
{
	int copy = openat(folder, ".", OPEN_FOLDER), status = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		status = system_error(err, "kotak masuk", "inbox");
		if (copy >= 0)
			close(copy);
		return status;
	}
	if (grow((void **)&scan->folders, scan->n_folders, sizeof(*scan->folders), LIMIT_INBOX_FOLDERS))
		snprintf(scan->folders[scan->n_folders++], LIMIT_INBOX_PATH_BYTES, "%s", path);
	else
		scan->cut = true;
	while (status == 0 && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = scan_entry(folder, path, entry->d_name, depth, scan, err);
	}
	closedir(dir);
	return status;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct inbox_file *)a)->path, ((const struct inbox_file *)b)->path);
}

int inbox_folder_scan(int root, struct inbox_scan *scan, struct error *err)
{
	int status;

	memset(scan, 0, sizeof(*scan));
	status = scan_folder(root, "", 0, scan, err);
	if (status < 0)
		inbox_scan_release(scan);
	else if (scan->n_files)
		qsort(scan->files, scan->n_files, sizeof(*scan->files), compare_paths);
	return status;
}

void inbox_scan_release(struct inbox_scan *scan)
{
	free(scan->files);
	free(scan->folders);
	memset(scan, 0, sizeof(*scan));
}

/*
 * Walks to the folder that holds the last part of path, never through a link; makes missing folders if asked to.
 * Returns its descriptor and *name, the last part, within path.
 */
static int walk(int root, const char *path, bool make, const char **name)
{
	int folder = openat(root, ".", OPEN_FOLDER);

	for (const char *slash; folder >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		char part[LIMIT_INBOX_NAME_BYTES + 64];
		int next;

		if (slash == path || (size_t)(slash - path) >= sizeof(part)) {
			errno = ENAMETOOLONG;
			goto fail;
		}
		memcpy(part, path, slash - path);
		part[slash - path] = '\0';
		if (strcmp(part, "..") == 0) {
			errno = ELOOP;
			goto fail;
		}
		if (make && mkdirat(folder, part, 0770) < 0 && errno != EEXIST)
			goto fail;
		next = openat(folder, part, OPEN_FOLDER);
		if (next < 0)
			goto fail;
		close(folder);
		folder = next;
	}
	if (folder >= 0 && (!*path || strcmp(path, "..") == 0 || strcmp(path, ".") == 0)) {
		errno = EISDIR;
		goto fail;
	}
	*name = path;
	return folder;
fail: {
	int saved = errno;

	if (folder >= 0)
		close(folder);
	errno = saved;
	return -1;
}
}

int inbox_folder_make_office(int root, const char *office, struct error *err)
{
	for (int fate = INBOX_DONE; fate <= INBOX_REFUSED; fate++) {
		char path[LIMIT_INBOX_PATH_BYTES];
		const char *name;
		int folder;

		snprintf(path, sizeof(path), "%s/%s/x", office, fates[fate]);
		folder = walk(root, path, true, &name);
		if (folder < 0)
			return system_error(err, "folder dinas di kotak masuk", "office's folder in the inbox");
		close(folder);
	}
	return 0;
}

int inbox_folder_open_file(int root, const struct inbox_file *file, struct error *err)
{
	const char *name;
	int folder = walk(root, file->path, false, &name), fd;
	struct inbox_file now = {0};
	struct stat st;

	if (folder < 0)
		return system_error(err, "berkas kotak masuk", "inbox file");
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	close(folder);
	if (fd < 0 || fstat(fd, &st) < 0) {
		system_error(err, "berkas kotak masuk", "inbox file");
		goto fail;
	}
	file_from_stat(&now, &st);
	if (!S_ISREG(st.st_mode) || !inbox_file_same(&now, file)) {
		error_set(err, ERROR_CANCELLED, "Berkas berubah ketika hendak dibaca.", "The file changed as it was about to be read.");
		goto fail;
	}
	return fd;
fail:
	if (fd >= 0)
		close(fd);
	return -1;
}

int inbox_folder_is_written(int root, const char *path)
{
	const char *name;
	int folder = walk(root, path, false, &name), fd, result = -1;

	if (folder < 0)
		return -1;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	close(folder);
	if (fd < 0)
		return -1;
	/* A read lease is granted only while nobody has the file open for writing. */
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0)
		result = 0;
	else if (errno == EAGAIN)
		result = 1;
	close(fd);
	return result;
}

/* office/x/y.csv → office/done/x/y.csv, with "-2" before the ending from the second try on. */
static int fate_path(const char *path, enum inbox_fate fate, int try, char *to, size_t size)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path, *dot = strrchr(name, '.'), *below;
	int office = office_length(path);
	char number[16] = "";

	below = path + office + (office > 0);
	if (!dot || dot == name)
		dot = name + strlen(name);
	if (try > 1)
		snprintf(number, sizeof(number), "-%d", try);
	return snprintf(to, size, "%.*s%s%s/%.*s%s%s", office, path, office ? "/" : "", fates[fate], (int)(dot - below), below,
		       number, dot) < (int)size
		       ? 0
		       : -1;
}

int inbox_folder_target(int root, const struct inbox_file *file, enum inbox_fate fate,
	char ret_path[LIMIT_INBOX_PATH_BYTES], struct error *err)
{
	for (int try = 1; try <= NAMES_TRIED_MAX; try++) {
		const char *name;
		struct stat st;
		int folder, taken;

		if (fate_path(file->path, fate, try, ret_path, LIMIT_INBOX_PATH_BYTES) < 0)
			return error_set(err, ERROR_SYSTEM, "Nama berkas terlalu panjang.", "The file's name is too long.");
		folder = walk(root, ret_path, true, &name);
		if (folder < 0)
			return system_error(err, "folder tujuan", "target folder");
		taken = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
		close(folder);
		if (!taken)
			return 0;
	}
	return error_set(err, ERROR_SYSTEM, "Terlalu banyak berkas dengan nama itu di folder %s.",
		"Too many files of that name in folder %s.", fates[fate]);
}

int inbox_folder_move(int root, const struct inbox_file *file, const char *to_path, bool *moved, struct error *err)
{
	const char *from_name, *to_name;
	int from = walk(root, file->path, false, &from_name), to = walk(root, to_path, true, &to_name), status = 0;

	*moved = false;
	if (to < 0)
		status = system_error(err, "folder tujuan", "target folder");
	else if (from >= 0 && syscall(SYS_renameat2, from, from_name, to, to_name, 1 /* RENAME_NOREPLACE */) == 0)
		*moved = true;
	else if (from >= 0 && errno != ENOENT)
		status = system_error(err, "memindahkan berkas", "moving the file");
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return status;
}

bool inbox_folder_exists(int root, const char *path)
{
	const char *name;
	struct stat st;
	int folder = walk(root, path, false, &name);
	bool there = folder >= 0 && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

	if (folder >= 0)
		close(folder);
	return there;
}

void inbox_folder_remove(int root, const char *path)
{
	const char *name;
	int folder = walk(root, path, false, &name);

	if (folder < 0)
		return;
	unlinkat(folder, name, 0);
	close(folder);
}

int inbox_folder_writer_open(int root, const char *path, struct inbox_writer *writer, struct error *err)
{
	const char *name;

	memset(writer, 0, sizeof(*writer));
	writer->folder = walk(root, path, true, &name);
	if (writer->folder < 0)
		return system_error(err, "folder catatan", "folder of the note");
	if (strlen(name) >= sizeof(writer->name)) {
		inbox_folder_writer_close(writer);
		return error_set(err, ERROR_SYSTEM, "Nama berkas terlalu panjang.", "The file's name is too long.");
	}
	snprintf(writer->name, sizeof(writer->name), "%s", name);
	/* Always the same for that file: what a sudden end left behind goes when it is written again. */
	snprintf(writer->temporary, sizeof(writer->temporary), ".%s.tmp", name);
	unlinkat(writer->folder, writer->temporary, 0);
	snprintf(writer->full, sizeof(writer->full), "/proc/self/fd/%d/%s", writer->folder, writer->temporary);
	return 0;
}

int inbox_folder_writer_place(struct inbox_writer *writer, struct error *err)
{
	if (renameat(writer->folder, writer->temporary, writer->folder, writer->name) < 0 && errno != ENOENT)
		return system_error(err, "menulis catatan", "writing the note");
	return 0;
}

void inbox_folder_writer_close(struct inbox_writer *writer)
{
	if (writer->folder >= 0)
		close(writer->folder);
	writer->folder = -1;
}

int inbox_folder_write(int root, const char *path, const char *text, size_t n, struct error *err)
{
	struct inbox_writer writer;
	int fd, status = -1;

	if (inbox_folder_writer_open(root, path, &writer, err) < 0)
		return -1;
	fd = openat(writer.folder, writer.temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
	if (fd < 0) {
		system_error(err, "menulis catatan", "writing the note");
		goto out;
	}
	while (n > 0) {
		ssize_t written = write(fd, text, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			system_error(err, "menulis catatan", "writing the note");
			goto out;
		}
		text += written;
		n -= written;
	}
	status = inbox_folder_writer_place(&writer, err);
out:
	if (fd >= 0)
		close(fd);
	if (status < 0)
		unlinkat(writer.folder, writer.temporary, 0);
	inbox_folder_writer_close(&writer);
	return status;
}
