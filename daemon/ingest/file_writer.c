/*
 * A file that appears whole or not at all. See file_writer.h.
 */
#include "daemon/ingest/file_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, NUMBER_BYTES = 24, TRIES = 100 };

struct file_writer {
	int fd;
	bool direct;     /* standard output, a device or a pipe: no rename */
	char *target;    /* where the file goes; NULL when direct */
	char *temporary; /* the name it has until then; NULL: none yet (O_TMPFILE) */
	size_t used;
	char delimiter;
	bool row_started;
	bool row_is_empty; /* so far one cell without text */
	struct error err;
	char buffer[BUFFER_BYTES];
};

static void fail(struct file_writer *writer, const char *id, const char *en)
{
	const char *name = writer->target ? writer->target : "(stdout)";

	error_set(&writer->err, ERROR_SYSTEM, "%s: %s (%s).", "%s: %s (%s).", name, id, strerror(errno));
	/* Both formats take the same arguments, so the English sentence is put in by hand. */
	snprintf(writer->err.en, sizeof writer->err.en, "%s: %s (%s).", name, en, strerror(errno));
}

/* ".NAME.RANDOM.part" in the target's folder; NULL when out of memory. */
static char *temporary_name(const char *target, unsigned attempt)
{
	const char *slash = strrchr(target, '/');
	int folder = slash ? (int)(slash - target) + 1 : 0;
	char *name = NULL;

	if (asprintf(&name, "%.*s.%s.%x%04x.part", folder, target, target + folder, (unsigned)getpid(), attempt) < 0)
		return NULL;
	return name;
}

/* A descriptor of a new file in the target's folder, nameless where the file system can do that. */
static int open_temporary(struct file_writer *writer)
{
	const char *slash = strrchr(writer->target, '/');
	char *folder = slash ? strndup(writer->target, (size_t)(slash - writer->target) + 1) : strdup(".");
	int fd = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;

	free(folder);
	for (unsigned attempt = 0; fd < 0 && attempt < TRIES; attempt++) {
		char *name = temporary_name(writer->target, attempt);

		if (!name)
			return -1;
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
		if (fd >= 0) {
			writer->temporary = name;
			break;
		}
		free(name);
		if (errno != EEXIST)
			return -1;
	}
	return fd;
}

static int open_target(struct file_writer *writer, const char *path)
{
	struct stat st;
	bool exists = stat(path, &st) == 0;

	if (exists && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (exists && !S_ISREG(st.st_mode)) {
		writer->direct = true;
		return writer->fd = open(path, O_WRONLY | O_CLOEXEC);
	}
	free(writer->target);
	writer->target = exists ? realpath(path, NULL) : strdup(path);
	if (!writer->target)
		return -1;
	if (exists && access(writer->target, W_OK) != 0)
		return -1;
	writer->fd = open_temporary(writer);
	if (writer->fd >= 0 && exists && fchmod(writer->fd, st.st_mode & 07777) != 0)
		return -1;
	return writer->fd;
}

struct file_writer *file_writer_open(const char *path, struct error *err)
{
	struct file_writer *writer = malloc(sizeof *writer);

	if (!writer) {
		error_memory(err);
		return NULL;
	}
	memset(writer, 0, offsetof(struct file_writer, buffer));
	writer->fd = -1;
	writer->delimiter = ',';
	if (!path || strcmp(path, "-") == 0) {
		writer->fd = STDOUT_FILENO;
		writer->direct = true;
		return writer;
	}
	writer->target = strdup(path);
	if (!writer->target) {
		error_memory(err);
	} else if (open_target(writer, path) >= 0) {
		return writer;
	} else {
		error_set(err, ERROR_SYSTEM, "%s: tidak dapat ditulis (%s). Periksa apakah foldernya ada dan boleh ditulisi.",
			"%s: cannot be written (%s). Check that its folder exists and may be written to.", path, strerror(errno));
	}
	file_writer_free(writer);
	return NULL;
}

static void write_out(struct file_writer *writer, const char *bytes, size_t n)
{
	while (n && writer->err.kind == ERROR_NONE) {
		ssize_t done = write(writer->fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			fail(writer, "gagal menulis; periksa sisa ruang disk", "writing failed; check the space left on the disk");
			return;
		}
		bytes += done;
		n -= (size_t)done;
	}
}

static void flush(struct file_writer *writer)
{
	write_out(writer, writer->buffer, writer->used);
	writer->used = 0;
}

void file_writer_bytes(struct file_writer *writer, const void *bytes, size_t n)
{
	if (n > BUFFER_BYTES - writer->used)
		flush(writer);
	if (n >= BUFFER_BYTES) {
		write_out(writer, bytes, n);
	} else if (n) {
		memcpy(writer->buffer + writer->used, bytes, n);
		writer->used += n;
	}
}

static void put_char(struct file_writer *writer, char c)
{
	if (writer->used == BUFFER_BYTES)
		flush(writer);
	writer->buffer[writer->used++] = c;
}

void file_writer_str(struct file_writer *writer, struct str text)
{
	file_writer_bytes(writer, text.p, text.n);
}

void file_writer_text(struct file_writer *writer, const char *zero_terminated)
{
	file_writer_str(writer, str_from(zero_terminated));
}

/* The formatted text in malloc'd memory, as a str; {NULL, 0} and the writer's error if memory ran out. */
static struct str formatted(struct file_writer *writer, const char *format, va_list args)
{
	char *text = NULL;
	int n = vasprintf(&text, format, args);

	if (n < 0) {
		error_memory(&writer->err);
		return (struct str){0};
	}
	return (struct str){text, (size_t)n};
}

void file_writer_printf(struct file_writer *writer, const char *format, ...)
{
	va_list args;
	struct str text;

	va_start(args, format);
	text = formatted(writer, format, args);
	va_end(args);
	file_writer_str(writer, text);
	free((char *)text.p);
}

/* Decimal digits at the end of a buffer of NUMBER_BYTES. */
static struct str digits_of(uint64_t number, char buffer[NUMBER_BYTES])
{
	char *p = buffer + NUMBER_BYTES;

	do
		*--p = (char)('0' + number % 10);
	while (number /= 10);
	return (struct str){p, (size_t)(buffer + NUMBER_BYTES - p)};
}

void file_writer_delimiter(struct file_writer *writer, char delimiter)
{
	writer->delimiter = delimiter;
}

/* White space at the ends is quoted so that it is seen; so is what a reader could take for another delimiter. */
static bool needs_quotes(const struct file_writer *writer, struct str cell)
{
	if (cell.n == 0)
		return false;
	if (cell.p[0] == ' ' || cell.p[0] == '\t' || cell.p[cell.n - 1] == ' ' || cell.p[cell.n - 1] == '\t')
		return true;
	for (size_t i = 0; i < cell.n; i++)
		if (cell.p[i] == writer->delimiter || cell.p[i] == '"' || cell.p[i] == '\n' || cell.p[i] == '\r')
			return true;
	return false;
}

/* prefix: put in front of the text, inside the quotes; 0: nothing. */
static void put_cell(struct file_writer *writer, struct str cell, char prefix)
{
	if (writer->row_started)
		put_char(writer, writer->delimiter);
	writer->row_is_empty = !writer->row_started && cell.n == 0 && !prefix;
	writer->row_started = true;
	if (!needs_quotes(writer, cell)) {
		if (prefix)
			put_char(writer, prefix);
		file_writer_str(writer, cell);
		return;
	}
	put_char(writer, '"');
	if (prefix)
		put_char(writer, prefix);
	for (const char *quote; (quote = memchr(cell.p, '"', cell.n)) != NULL;) {
		size_t n = (size_t)(quote - cell.p) + 1;

		file_writer_bytes(writer, cell.p, n);
		put_char(writer, '"');
		cell.p += n;
		cell.n -= n;
	}
	file_writer_str(writer, cell);
	put_char(writer, '"');
}

void file_writer_cell(struct file_writer *writer, struct str cell)
{
	put_cell(writer, cell, 0);
}

void file_writer_cell_text(struct file_writer *writer, const char *zero_terminated)
{
	put_cell(writer, str_from(zero_terminated), 0);
}

void file_writer_cell_uint(struct file_writer *writer, uint64_t number)
{
	char buffer[NUMBER_BYTES];

	put_cell(writer, digits_of(number, buffer), 0);
}

void file_writer_cell_printf(struct file_writer *writer, const char *format, ...)
{
	va_list args;
	struct str text;

	va_start(args, format);
	text = formatted(writer, format, args);
	va_end(args);
	put_cell(writer, text, 0);
	free((char *)text.p);
}

/* A sign, digits, points and commas: "-12,5" and "+62" are no formulas; a lone "-" is none either. */
static bool is_plain_number(struct str cell)
{
	for (size_t i = 1; i < cell.n; i++)
		if (!(cell.p[i] >= '0' && cell.p[i] <= '9') && cell.p[i] != '.' && cell.p[i] != ',')
			return false;
	return cell.p[0] == '-' || cell.p[0] == '+';
}

void file_writer_cell_safe(struct file_writer *writer, struct str cell)
{
	bool risky = cell.n && memchr("=+-@\t\r", cell.p[0], 6) && !is_plain_number(cell);

	put_cell(writer, cell, risky ? '\'' : 0);
}

void file_writer_row_end(struct file_writer *writer)
{
	if (writer->row_is_empty)
		file_writer_text(writer, "\"\"");
	put_char(writer, '\n');
	writer->row_started = false;
	writer->row_is_empty = false;
}

/* Gives a nameless file a name beside the target, as rename() needs one. */
static int name_file(struct file_writer *writer)
{
	char proc[64];

	snprintf(proc, sizeof proc, "/proc/self/fd/%d", writer->fd);
	for (unsigned attempt = 0; attempt < TRIES; attempt++) {
		char *name = temporary_name(writer->target, attempt);

		if (!name)
			return -1;
		if (linkat(AT_FDCWD, proc, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
			writer->temporary = name;
			return 0;
		}
		free(name);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

int file_writer_finish(struct file_writer *writer, struct error *err)
{
	flush(writer);
	if (writer->err.kind == ERROR_NONE && !writer->direct) {
		if (!writer->temporary && name_file(writer) != 0)
			fail(writer, "gagal menyimpan", "saving failed");
		else if (rename(writer->temporary, writer->target) != 0)
			fail(writer, "gagal mengganti berkas lama", "replacing the old file failed");
		else {
			free(writer->temporary);
			writer->temporary = NULL;
			writer->direct = true; /* nothing is left to do for a second call */
		}
	}
	if (writer->err.kind == ERROR_NONE)
		return 0;
	if (err && err->kind == ERROR_NONE)
		*err = writer->err;
	return -1;
}

void file_writer_free(struct file_writer *writer)
{
	if (!writer)
		return;
	if (writer->fd >= 0 && writer->fd != STDOUT_FILENO)
		close(writer->fd);
	if (writer->temporary)
		unlink(writer->temporary);
	free(writer->temporary);
	free(writer->target);
	free(writer);
}
