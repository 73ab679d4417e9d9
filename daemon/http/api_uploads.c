/*
 * Files on their way through the web: the daemon's folder that holds them, the database's row that says how far each is, dropping one. See
 * upload.h for the steps and their files.
 */
#include "daemon/base/log.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/upload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { COLUMNS_CHOSEN_MAX = 1000 };

/* ---- the folder ---- */

static void sweep(const char *folder)
{
	DIR *dir = opendir(folder);
	time_t old = time(NULL) - LIMIT_WEB_UPLOAD_HOURS * 3600;
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir))) {
		if (strlen(entry->d_name) == 36 && fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
			st.st_mtime < old)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

int api_uploads_folder(const char *wanted, char **ret, struct error *err)
{
	const char *state = getenv("STATE_DIRECTORY");
	char path[400];
	struct stat st;

	if (wanted && *wanted)
		snprintf(path, sizeof path, "%s", wanted);
	else if (state && *state)
		snprintf(path, sizeof path, "%.380s/uploads", state);
	else
		snprintf(path, sizeof path, "/var/tmp/padan-uploads-%u", (unsigned)getuid());
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_set(err, ERROR_SYSTEM, "Folder kiriman %.200s tidak dapat dibuat (%s); sebutkan yang lain dengan --web-uploads.",
			"The folder of uploads %.200s cannot be made (%s); name another with --web-uploads.", path, strerror(errno));
	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != getuid())
		return error_set(err, ERROR_SYSTEM, "%.200s bukan folder milik layanan ini; sebutkan yang lain dengan --web-uploads.",
			"%.200s is no folder of this service's; name another with --web-uploads.", path);
	sweep(path);
	*ret = strdup(path);
	return *ret ? 0 : error_memory(err);
}

/* ---- the row ---- */

static void committed(struct http_request *request, PGresult *result, void *arg)
{
	upload_of(request)->go_on(request);
}

static const char *kept(struct http_request *request, PGresult *result, const char *column)
{
	int at = PQfnumber(result, column);

	return PQgetisnull(result, 0, at) ? NULL : http_copy(request, PQgetvalue(result, 0, at));
}

static void looked_up(struct http_request *request, PGresult *result, void *arg)
{
	struct upload *upload = upload_of(request);

	upload->id = kept(request, result, "upload");
	upload->file_name = kept(request, result, "file_name");
	upload->state = kept(request, result, "state");
	upload->config = kept(request, result, "config");
	upload->header = kept(request, result, "header");
	upload->mapping = kept(request, result, "mapping");
	upload->subjects = kept(request, result, "subjects");
	upload->bytes = strtoll(PQgetvalue(result, 0, PQfnumber(result, "bytes")), NULL, 10);
	upload->received = strtoll(PQgetvalue(result, 0, PQfnumber(result, "received")), NULL, 10);
	if (!upload->id || !upload->file_name || !upload->state) {
		http_reply_busy(request);
		return;
	}
	snprintf(upload->path, sizeof upload->path, "%s/%s", request->server->uploads, upload->id);
	http_sql_commit(request, committed, NULL);
}

void upload_look_up(struct http_request *request, void (*go_on)(struct http_request *request))
{
	struct upload *upload = arena_alloc(&request->arena, sizeof *upload);

	if (!upload) {
		http_reply_busy(request);
		return;
	}
	request->data = upload;
	upload->go_on = go_on;
	http_sql_query(request, "api_upload_row", DB_VALUES(http_path(request, "upload")), looked_up, NULL);
}

void upload_reply_state(struct http_request *request)
{
	struct upload *upload = upload_of(request);

	if (strcmp(upload->state, "receiving") == 0)
		http_reply_problem(request, 409, "incomplete", "Berkas ini belum lengkap; lanjutkan pengirimannya.", "This file is not complete; go on sending it.");
	else if (strcmp(upload->state, "used") == 0)
		http_reply_problem(request, 409, "used", "Berkas ini sudah menjadi daftar.", "This file has become a list already.");
	else
		http_reply_problem(request, 409, "refused", "Berkas ini sudah ditolak; kirim berkas lain.", "This file has been refused; send another one.");
}

void upload_read_chosen(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	json_t *columns = json_object_get(request->json, "columns"), *one;
	size_t i;

	if (!json_is_array(columns) || json_array_size(columns) == 0)
		return;
	upload->chosen = arena_array(&request->arena, COLUMNS_CHOSEN_MAX, sizeof *upload->chosen);
	for (i = 0; upload->chosen && i < COLUMNS_CHOSEN_MAX; i++)
		upload->chosen[i] = COLUMN_ROLES;
	json_array_foreach(columns, i, one)
	{
		json_int_t column = json_integer_value(json_object_get(one, "column"));
		const char *role = json_string_value(json_object_get(one, "role"));

		if (upload->chosen && json_is_integer(json_object_get(one, "column")) && column >= 0 && column < COLUMNS_CHOSEN_MAX && role) {
			upload->chosen[column] = column_role_from_name(str_from(role));
			if ((size_t)column + 1 > upload->n_chosen)
				upload->n_chosen = (size_t)column + 1;
		}
	}
}

/* ---- dropping it ---- */

static void dropped(struct http_request *request, PGresult *result, void *arg)
{
	unlink(upload_of(request)->path);
	http_reply_empty(request, 204);
}

static void drop(struct http_request *request)
{
	http_sql_query(request, "api_upload_drop", DB_VALUES(upload_of(request)->id), dropped, NULL);
}

void api_drop_upload(struct http_request *request)
{
	upload_look_up(request, drop);
}
