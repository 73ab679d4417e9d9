/*
 * Pages from memory; see http_pages.h.
 */
#include "daemon/http/http_pages.h"
#include "daemon/base/log.h"
#include "daemon/http/http_internal.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "daemon/base/banned.h"

enum { DEPTH_MAX = 8, PATH_ROOM = 512 };

struct page {
	char *path; /* "/assets/app-3f2a9c1b.js" */
	char *bytes;
	size_t n;
	char etag[24];
};

/* All that was read at once; kept until the server ends, since answers on their way point into it. */
struct page_set {
	struct page *pages; /* sorted by path */
	size_t n, room, bytes;
	bool too_much;
	struct page_set *next;
};

struct http_pages {
	uv_loop_t *loop;
	uv_work_t work;
	char folder[PATH_ROOM];
	struct page_set *set;  /* served; the older ones behind it */
	struct page_set *made; /* by the pool */
	bool reading, again, closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* ---- reading, in the pool ---- */

static char *read_file(int fd, size_t n)
{
	char *bytes = malloc(n + 1);
	size_t done = 0;

	while (bytes && done < n) {
		ssize_t got = read(fd, bytes + done, n - done);

		if (got <= 0) {
			free(bytes);
			return NULL;
		}
		done += (size_t)got;
	}
	return bytes;
}

static struct page *add_page(struct page_set *set, const char *path, char *bytes, size_t n)
{
	struct page *page;

	if (!bytes || set->n == LIMIT_WEB_PAGES_FILES || set->bytes + n > LIMIT_WEB_PAGES_BYTES) {
		set->too_much |= bytes != NULL;
		free(bytes);
		return NULL;
	}
	if (set->n == set->room) {
		size_t room = set->room ? 2 * set->room : 64;
		struct page *grown = realloc(set->pages, room * sizeof *grown);

		if (!grown) {
			free(bytes);
			return NULL;
		}
		set->pages = grown;
		set->room = room;
	}
	page = &set->pages[set->n];
	*page = (struct page){.path = strdup(path), .bytes = bytes, .n = n};
	if (!page->path) {
		free(bytes);
		return NULL;
	}
	set->n++;
	set->bytes += n;
	return page;
}

static void read_folder(struct page_set *set, const char *folder, const char *path, unsigned depth)
{
	char full[PATH_ROOM], below[PATH_ROOM];
	DIR *dir;
	struct dirent *entry;

	snprintf(full, sizeof full, "%s%s", folder, path);
	dir = opendir(full);
	while (dir && (entry = readdir(dir))) {
		struct stat about;
		int fd;

		if (entry->d_name[0] == '.' ||
			snprintf(below, sizeof below, "%s/%s", path, entry->d_name) >= (int)sizeof below ||
			snprintf(full, sizeof full, "%s%s", folder, below) >= (int)sizeof full)
			continue;
		fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0)
			continue;
		if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode) && depth < DEPTH_MAX)
			read_folder(set, folder, below, depth + 1);
		else if (S_ISREG(about.st_mode) && about.st_size <= LIMIT_WEB_PAGES_BYTES)
			add_page(set, below, read_file(fd, (size_t)about.st_size), (size_t)about.st_size);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

static struct page *find(const struct page_set *set, const char *path)
{
	struct page wanted = {.path = (char *)(uintptr_t)path};

	return set && set->n ? bsearch(&wanted, set->pages, set->n, sizeof wanted, by_path) : NULL;
}

static const struct {
	const char *ending, *type;
	bool text; /* worth compressing */
} types[] = {
	{".html", "text/html; charset=utf-8", true},
	{".js", "text/javascript; charset=utf-8", true},
	{".mjs", "text/javascript; charset=utf-8", true},
	{".css", "text/css; charset=utf-8", true},
	{".json", "application/json; charset=utf-8", true},
	{".webmanifest", "application/manifest+json; charset=utf-8", true},
	{".map", "application/json; charset=utf-8", true},
	{".svg", "image/svg+xml", true},
	{".txt", "text/plain; charset=utf-8", true},
	{".png", "image/png", false},
	{".jpg", "image/jpeg", false},
	{".webp", "image/webp", false},
	{".ico", "image/x-icon", false},
	{".woff2", "font/woff2", false},
};

static int type_of(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		size_t ending = strlen(types[i].ending);

		if (n > ending && strcmp(path + n - ending, types[i].ending) == 0)
			return (int)i;
	}
	return -1;
}

static char *gzip(const char *bytes, size_t n, size_t *made)
{
	z_stream z = {0};
	char *out = NULL;

	if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	z.avail_out = (uInt)deflateBound(&z, n);
	out = malloc(z.avail_out);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)out;
	if (out && deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < n) {
		*made = z.total_out;
	} else {
		free(out);
		out = NULL;
	}
	deflateEnd(&z);
	return out;
}

static void compress_pages(struct page_set *set)
{
	size_t n = set->n;

	for (size_t i = 0; i < n; i++) {
		char path[PATH_ROOM];
		int type = type_of(set->pages[i].path);
		size_t made = 0;
		char *bytes;

		snprintf(path, sizeof path, "%s.gz", set->pages[i].path);
		if (type < 0 || !types[type].text || set->pages[i].n < 512)
			continue;
		for (size_t j = 0; j < n && type >= 0; j++) {
			if (strcmp(set->pages[j].path, path) == 0)
				type = -1; /* there is one */
		}
		bytes = type >= 0 ? gzip(set->pages[i].bytes, set->pages[i].n, &made) : NULL;
		if (bytes)
			add_page(set, path, bytes, made);
	}
}

static void read_in_pool(uv_work_t *work)
{
	struct http_pages *pages = work->data;
	struct page_set *set = calloc(1, sizeof *set);

	pages->made = set;
	if (!set)
		return;
	read_folder(set, pages->folder, "", 0);
	compress_pages(set);
	for (size_t i = 0; i < set->n; i++) {
		unsigned char digest[crypto_generichash_BYTES_MIN];
		char hex[2 * sizeof digest + 1];

		crypto_generichash(digest, sizeof digest, (const unsigned char *)set->pages[i].bytes, set->pages[i].n, NULL, 0);
		sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
		snprintf(set->pages[i].etag, sizeof set->pages[i].etag, "\"%.16s\"", hex);
	}
	if (set->n)
		qsort(set->pages, set->n, sizeof *set->pages, by_path);
}

static void start_reading(struct http_pages *pages);

static void was_read(uv_work_t *work, int status)
{
	struct http_pages *pages = work->data;

	pages->reading = false;
	if (pages->made) {
		log_info("pages read", LOG_NUMBER("files", pages->made->n), LOG_NUMBER("bytes", pages->made->bytes));
		if (pages->made->too_much)
			log_warning("the folder of pages is too large: some files are not served");
		pages->made->next = pages->set;
		pages->set = pages->made;
		pages->made = NULL;
	}
	if (pages->closing)
		http_pages_close(pages, pages->closed, pages->closed_arg);
	else if (pages->again)
		start_reading(pages);
}

static void start_reading(struct http_pages *pages)
{
	pages->again = false;
	pages->work.data = pages;
	pages->reading = uv_queue_work(pages->loop, &pages->work, read_in_pool, was_read) == 0;
}

static void default_folder(char folder[PATH_ROOM])
{
	char program[PATH_ROOM - 32];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash;

	snprintf(folder, PATH_ROOM, "/usr/share/padan/web");
	if (n <= 0)
		return;
	program[n] = '\0';
	for (int up = 0; up < 2; up++) {
		slash = strrchr(program, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
	slash = strrchr(program, '/');
	if (slash && strcmp(slash, "/build") == 0)
		snprintf(folder, PATH_ROOM, "%s/web", program);
}

int http_pages_start(struct http_pages **ret, uv_loop_t *loop, const char *folder, struct error *err)
{
	struct http_pages *pages = calloc(1, sizeof *pages);

	if (!pages)
		return error_memory(err);
	pages->loop = loop;
	default_folder(pages->folder);
	if (folder && *folder)
		snprintf(pages->folder, sizeof pages->folder, "%s", folder);
	start_reading(pages);
	*ret = pages;
	return 0;
}

void http_pages_reload(struct http_pages *pages)
{
	if (pages->reading)
		pages->again = true;
	else
		start_reading(pages);
}

void http_pages_close(struct http_pages *pages, void (*closed)(void *arg), void *arg)
{
	pages->closing = true;
	pages->closed = closed;
	pages->closed_arg = arg;
	if (pages->reading)
		return; /* was_read() comes here again */
	closed(arg);
}

void http_pages_free(struct http_pages *pages)
{
	while (pages && pages->set) {
		struct page_set *set = pages->set;

		pages->set = set->next;
		for (size_t i = 0; i < set->n; i++) {
			free(set->pages[i].path);
			free(set->pages[i].bytes);
		}
		free(set->pages);
		free(set);
	}
	free(pages);
}

/* ---- serving ---- */

/* A hash before the ending, of eight characters or more, with a digit: "app-3f2a9c1b.js", "app.3F2A9C1B.css". */
static bool has_hash(const char *path)
{
	const char *dot = strrchr(path, '.'), *begin = dot;
	bool digit = false;

	while (begin && begin > path && isalnum((unsigned char)begin[-1])) {
		begin--;
		digit |= isdigit((unsigned char)*begin) != 0;
	}
	return dot && dot - begin >= 8 && digit && begin > path && (begin[-1] == '-' || begin[-1] == '.');
}

static const struct page *best(struct http_request *request, const struct page_set *set, const char *path, const char **encoding)
{
	const char *accepted = http_header(request, "Accept-Encoding");
	const struct page *page = NULL;
	char other[PATH_ROOM];

	*encoding = NULL;
	if (accepted && strstr(accepted, "br")) {
		snprintf(other, sizeof other, "%s.br", path);
		page = find(set, other);
		if (page)
			*encoding = "br";
	}
	if (!page && accepted && strstr(accepted, "gzip")) {
		snprintf(other, sizeof other, "%s.gz", path);
		page = find(set, other);
		if (page)
			*encoding = "gzip";
	}
	return page ? page : find(set, path);
}

static void no_pages(struct http_request *request)
{
	static const char text[] = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><title>Padan</title>"
				   "<p>Halaman Padan belum dipasang di server ini (lihat --web-pages). API-nya ada di /api/v1.\n"
				   "<p lang=\"en\">Padan's pages are not installed on this server (see --web-pages). Its API is at /api/v1.\n";

	http_reply_text(request, 404, "text/html; charset=utf-8", text, sizeof text - 1);
}

void http_pages_serve(struct http_request *request)
{
	const struct page_set *set = request->server->pages->set;
	const char *path = request->path, *encoding, *given = http_header(request, "If-None-Match");
	const struct page *page = NULL, *plain;
	int type;

	if (!set || !set->n) {
		no_pages(request);
		return;
	}
	plain = strcmp(path, "/") == 0 ? NULL : find(set, path);
	type = plain ? type_of(path) : -1;
	if (!plain || type < 0) {
		const char *name = strrchr(path, '/');

		if (name && strchr(name, '.')) {
			http_reply_absent(request);
			return;
		}
		path = "/index.html";
		type = 0;
	}
	page = best(request, set, path, &encoding);
	if (!page) {
		no_pages(request);
		return;
	}
	http_reply_header(request, "ETag", page->etag);
	http_reply_header(request, "Vary", "Accept-Encoding");
	http_reply_header(request, "Cache-Control", has_hash(path) ? "public, max-age=31536000, immutable" : "no-cache");
	if (given && strstr(given, page->etag))
		http_reply_page(request, 304, NULL, NULL, "", 0);
	else
		http_reply_page(request, 200, types[type].type, encoding, page->bytes, page->n);
}
