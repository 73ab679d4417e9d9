/*
 * Sending a list through the web: a file in pieces, what it would be taken for, and the list that it becomes.
 *
 *	POST /uploads → PUT …/content (again from where it broke off) → POST …/preview (as often as wanted) → POST …/list
 *
 * Bytes go to a file of their own in the daemon's folder, written in the pool; the database says how many are there. Reading and
 * staging are the command line's own (daemon/ingest/list_import.h), on a blocking connection in the pool, one file at a time.
 */
#include "daemon/base/district_config.h"
#include "daemon/base/log.h"
#include "daemon/db/copy_text.h"
#include "daemon/db/db_sync.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/inbox/inbox_name.h"
#include "daemon/ingest/column_map.h"
#include "daemon/ingest/file_type.h"
#include "daemon/ingest/list_import.h"
#include "daemon/ingest/list_stage.h"
#include "daemon/ingest/row_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { SAMPLE_ROWS_SHOWN = 20, EXAMPLES_SHOWN = 3, CELL_SHOWN = 60, COLUMNS_CHOSEN_MAX = 1000, REJECTS_FILE_BYTES = 64 << 20 };

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

/* ---- what all handlers begin with: the upload's row ---- */

struct upload {
	const char *id, *file_name, *state, *config, *header, *mapping, *subjects;
	char path[480];
	int64_t bytes, received;

	/* content */
	int64_t from, to, at; /* the piece that is being sent: to is beyond its last byte */
	int fd;
	uv_fs_t fs;
	char *piece;
	size_t piece_n;
	bool open, writing, ended, broken, answered, failed;
	struct error refused;

	/* preview and list, in the pool */
	uv_work_t work;
	struct arena arena;
	enum column_role *chosen;
	size_t n_chosen;
	struct import_list what;
	struct import_staged staged;
	json_t *preview;
	char *bytes_read;
	size_t n_read;
	int rc;
	struct error err;
	void (*go_on)(struct http_request *request);
};

static struct upload *upload_of(struct http_request *request)
{
	return request->data;
}

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

static void look_up(struct http_request *request, void (*go_on)(struct http_request *request))
{
	struct upload *upload = arena_alloc(&request->arena, sizeof *upload);

	if (!upload) {
		http_reply_busy(request);
		return;
	}
	request->data = upload;
	upload->fd = -1;
	upload->go_on = go_on;
	http_sql_query(request, "api_upload_row", DB_VALUES(http_path(request, "upload")), looked_up, NULL);
}

static void reply_state(struct http_request *request)
{
	struct upload *upload = upload_of(request);

	if (strcmp(upload->state, "receiving") == 0)
		http_reply_problem(request, 409, "incomplete", "Berkas ini belum lengkap; lanjutkan pengirimannya.", "This file is not complete; go on sending it.");
	else if (strcmp(upload->state, "used") == 0)
		http_reply_problem(request, 409, "used", "Berkas ini sudah menjadi daftar.", "This file has become a list already.");
	else
		http_reply_problem(request, 409, "refused", "Berkas ini sudah ditolak; kirim berkas lain.", "This file has been refused; send another one.");
}

/* ---- content ---- */

static void noted(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_answer(request, result);
}

static void refusal_kept(struct http_request *request, PGresult *result, void *arg)
{
	http_reply_error(request, &upload_of(request)->refused);
}

static void refusal_noted(struct http_request *request, PGresult *result, void *arg)
{
	http_sql_commit(request, refusal_kept, NULL);
}

/* All of the piece is written, or as much as will come. */
static void finish_content(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	char received[24];

	if (upload->answered)
		return;
	upload->answered = true;
	if (upload->fd >= 0)
		close(upload->fd);
	upload->fd = -1;
	snprintf(received, sizeof received, "%" PRId64, upload->at);
	if (upload->failed)
		http_reply_problem(request, 503, "disk", "Berkas tidak dapat disimpan di server; beri tahu administrator.",
			"The file cannot be kept on the server; tell an administrator.");
	else if (upload->refused.kind != ERROR_NONE)
		http_sql_query(request, "api_upload_received", DB_VALUES(upload->id, received, upload->refused.id, upload->refused.en), refusal_noted, NULL);
	else
		http_sql_query(request, "api_upload_received", DB_VALUES(upload->id, received, NULL, NULL), noted, NULL);
}

static void write_on(struct http_request *request);

static void on_written(uv_fs_t *fs)
{
	struct http_request *request = fs->data;
	struct upload *upload = upload_of(request);
	ssize_t n = fs->result;

	uv_fs_req_cleanup(fs);
	upload->writing = false;
	if (n < 0) {
		log_error("an upload could not be written", LOG_WORD("error", uv_strerror((int)n)));
		upload->failed = true;
	} else {
		upload->at += n;
		if ((size_t)n < upload->piece_n) {
			memmove(upload->piece, upload->piece + n, upload->piece_n - (size_t)n);
			upload->piece_n -= (size_t)n;
			write_on(request);
			http_request_drop(request);
			return;
		}
	}
	free(upload->piece);
	upload->piece = NULL;
	if (upload->ended || upload->failed)
		finish_content(request);
	else
		http_body_resume(request);
	http_request_drop(request);
}

static void write_on(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	uv_buf_t buffer = uv_buf_init(upload->piece, (unsigned)upload->piece_n);

	upload->writing = true;
	upload->fs.data = request;
	http_request_keep(request);
	if (uv_fs_write(http_loop(request), &upload->fs, upload->fd, &buffer, 1, upload->at, on_written) < 0) {
		upload->writing = false;
		upload->failed = true;
		finish_content(request);
		http_request_drop(request);
	}
}

static enum http_body_more take_bytes(struct http_request *request, const char *bytes, size_t n, bool broken)
{
	struct upload *upload = upload_of(request);
	enum file_type type;

	if (upload->answered)
		return HTTP_BODY_GO_ON;
	if (!bytes) {
		upload->ended = true;
		upload->broken = broken;
		if (!upload->writing)
			finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	if (upload->at == 0 && file_type_find((struct str){bytes, n}, &type, &upload->refused) < 0) {
		finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	if (upload->at + (int64_t)n > upload->to)
		n = (size_t)(upload->to - upload->at); /* more than was announced is not looked at */
	if (!n)
		return HTTP_BODY_GO_ON;
	upload->piece = malloc(n);
	if (!upload->piece) {
		upload->failed = true;
		finish_content(request);
		return HTTP_BODY_GO_ON;
	}
	memcpy(upload->piece, bytes, n);
	upload->piece_n = n;
	write_on(request);
	return HTTP_BODY_PAUSE;
}

/* "bytes 100-199/1000"; without it the whole file. false: the request has been answered. */
static bool read_range(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	const char *range = http_header(request, "Content-Range");
	long long from = 0, last = upload->bytes - 1, total = upload->bytes;
	int64_t size = http_body_size(request);
	int end = 0;

	if (range && (sscanf(range, "bytes %lld-%lld/%lld%n", &from, &last, &total, &end) != 3 || range[end] || from < 0 || last < from)) {
		http_reply_problem(request, 400, "range", "Content-Range harus berbentuk: bytes 0-1048575/7340032.", "Content-Range must be as in: bytes 0-1048575/7340032.");
		return false;
	}
	if (total != upload->bytes || last >= upload->bytes || (size >= 0 && size > last + 1 - from)) {
		http_reply_problem(request, 422, "size", "Ukuran berkas lain dari yang diumumkan; mulai kiriman baru.",
			"The file's size is not what was announced; begin a new upload.");
		return false;
	}
	if (from != upload->received) {
		http_reply_problem(request, 409, "offset", "Lanjutkan dari byte yang sudah diterima (lihat received).", "Go on from the byte that has been received (see received).");
		return false;
	}
	upload->from = upload->at = from;
	upload->to = last + 1;
	return true;
}

static void content_may_come(struct http_request *request)
{
	struct upload *upload = upload_of(request);

	if (strcmp(upload->state, "receiving") != 0) {
		reply_state(request);
		return;
	}
	if (!read_range(request))
		return;
	upload->fd = open(upload->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (upload->fd < 0) {
		log_error("an upload's file could not be opened", LOG_WORD("error", strerror(errno)));
		upload->failed = true;
		finish_content(request);
		return;
	}
	http_body_to(request, take_bytes);
}

void api_take_content(struct http_request *request)
{
	look_up(request, content_may_come);
}

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
	look_up(request, drop);
}

/* ---- preview ---- */

/* Twelve digits or more are somebody's number, whatever stands between them. */
static json_t *cell_json(struct str cell)
{
	char text[CELL_SHOWN * 4 + 1];
	size_t n = cell.n < sizeof text - 1 ? cell.n : sizeof text - 1;
	size_t digits = 0, seen = 0;
	json_t *json;

	while (n && n < cell.n && ((unsigned char)cell.p[n] & 0xc0) == 0x80)
		n--; /* not within a letter */
	memcpy(text, cell.p, n);
	text[n] = '\0';
	for (size_t i = 0; i < n; i++)
		digits += text[i] >= '0' && text[i] <= '9';
	for (size_t i = 0; digits >= 12 && i < n; i++) {
		if (text[i] >= '0' && text[i] <= '9' && ++seen > 6 && seen + 4 <= digits)
			text[i] = '*';
	}
	json = json_string(text);
	return json ? json : json_string("");
}

static void read_chosen(struct http_request *request)
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

static void take_remembered(struct upload *upload, struct list_stage_options *options)
{
	json_t *object, *value;
	enum column_role *roles;
	struct str *header;
	const char *key;
	size_t n;

	if (!upload->header || !upload->mapping || copy_read_array(str_from(upload->header), &upload->arena, &header, &n) < 0)
		return;
	roles = arena_array(&upload->arena, n ? n : 1, sizeof *roles);
	object = json_loads(upload->mapping, 0, NULL);
	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);
		enum column_role role = column_role_from_name(str_from(json_string_value(value)));

		if (roles && column < n && role < COLUMN_ROLES)
			roles[column] = role;
	}
	json_decref(object);
	options->remembered_header = header;
	options->remembered = roles;
	options->n_remembered = roles ? (uint32_t)n : 0;
}

/* chosen: what the reader would take columns for has been put into options->remembered. map NULL: they make no list. */
static json_t *columns_json(const struct row_sheet *sheet, const struct column_map *map, const struct str *sample, uint32_t rows,
	const struct list_stage_options *options, bool chosen)
{
	json_t *list = json_array();

	for (uint32_t c = 0; c < sheet->n; c++) {
		enum column_role by_name = column_map_role(sheet->header[c], options->synonyms, options->n_synonyms);
		enum column_role role = map ? map->roles[c] : chosen ? options->remembered[c] : by_name == COLUMN_ROLES ? COLUMN_IGNORE : by_name;
		json_t *examples = json_array();

		for (uint32_t r = 0; r < rows && json_array_size(examples) < EXAMPLES_SHOWN; r++) {
			if (sample[(size_t)r * sheet->n + c].n)
				json_array_append_new(examples, cell_json(sample[(size_t)r * sheet->n + c]));
		}
		json_array_append_new(list, json_pack("{s:i, s:o, s:s, s:b, s:o}", "column", (int)c, "header", cell_json(sheet->header[c]), "role",
							column_role_name(role), "sure", (map && map->remembered) || by_name == role, "examples", examples));
	}
	return list;
}

static json_t *guess_json(struct upload *upload, const char *office)
{
	struct inbox_subject subjects[256];
	struct inbox_name name;
	struct error ignored = {0};
	struct str copy = arena_str(&upload->arena, str_from(upload->subjects ? upload->subjects : ""));
	char path[400], period[16] = "", *rest, *word;
	size_t n = 0;

	for (rest = (char *)(uintptr_t)copy.p; rest && n < 256 && (word = strsep(&rest, " "));) {
		char *colon = strchr(word, ':');

		if (!colon)
			continue;
		subjects[n++] = (struct inbox_subject){strncmp(word, "reference", 9) == 0 ? LIST_REFERENCE : LIST_PROGRAMME, colon + 1};
	}
	snprintf(path, sizeof path, "%s/%.255s", office && *office ? office : "administrator", upload->file_name);
	for (char *at = strchr(path, '/') + 1; *at; at++)
		*at = *at == '/' ? '_' : *at;
	if (inbox_name_read(path, subjects, n, &name, &ignored) < 0) {
		error_clear(&ignored);
		return json_pack("{s:n, s:n, s:n}", "kind", "subject", "period");
	}
	if (name.month)
		snprintf(period, sizeof period, "%04u-%02u", name.year % 10000, name.month % 100);
	else if (name.year)
		snprintf(period, sizeof period, "%04u", name.year % 10000);
	return json_pack("{s:s, s:o, s:o}", "kind", name.kind == LIST_TARGET ? "target" : name.kind == LIST_REFERENCE ? "reference" : "programme",
		"subject", *name.code ? json_string(name.code) : json_null(), "period", *period ? json_string(period) : json_null());
}

static json_t *sample_json(const struct row_sheet *sheet, const struct str *sample, uint32_t rows)
{
	json_t *list = json_array();

	for (uint32_t r = 0; r < rows && r < SAMPLE_ROWS_SHOWN; r++) {
		json_t *row = json_array();

		for (uint32_t c = 0; c < sheet->n; c++)
			json_array_append_new(row, cell_json(sample[(size_t)r * sheet->n + c]));
		json_array_append_new(list, row);
	}
	return list;
}

static int make_preview(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	struct list_stage_options options = {.name = upload->file_name};
	struct district_config config = {0};
	struct row_reader_options reading;
	struct column_map_options mapping;
	struct column_map map = {0};
	struct row_reader_notes notes;
	struct row_reader *reader;
	const struct row_sheet *sheet;
	const struct str *sample;
	json_t *missing = json_array();
	struct error lacks = {0};
	uint32_t rows;
	bool usable;

	if (upload->config && district_config_parse(str_from(upload->config), &upload->arena, &config, NULL, &upload->err) < 0)
		error_clear(&upload->err); /* without the district's own words, then */
	options.synonyms = config.synonyms;
	options.n_synonyms = config.n_synonyms;
	take_remembered(upload, &options);
	upload->what = (struct import_list){.path = upload->path, .name = upload->file_name, .chosen = upload->chosen, .n_chosen = upload->n_chosen};
	reading = (struct row_reader_options){.name = upload->file_name, .synonyms = options.synonyms, .synonyms_n = options.n_synonyms};
	reader = row_reader_open(upload->path, &reading, &upload->err);
	if (!reader || (upload->n_chosen && import_choose_columns(&upload->what, &upload->arena, &options, &upload->err) < 0)) {
		row_reader_free(reader);
		json_decref(missing);
		return -1;
	}
	sheet = row_reader_sheet(reader, 0);
	sample = row_reader_sample(reader, 0, &rows);
	mapping = (struct column_map_options){.synonyms = options.synonyms, .synonyms_n = options.n_synonyms, .remembered_header = options.remembered_header,
		.remembered = options.remembered, .remembered_n = options.n_remembered, .sheet = sheet->name};
	usable = column_map_make(&map, sheet->header, sheet->n, sample, rows, &mapping, &lacks) == 0;
	if (!usable)
		json_array_append_new(missing, json_pack("{s:s, s:s}", "text", lacks.id, "text_en", lacks.en));
	row_reader_notes(reader, &notes);
	upload->preview = json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:I, s:i, s:o, s:b, s:o, s:o, s:[], s:o}", "upload", upload->id, "type",
		row_reader_type(reader) == ROW_FILE_XLSX ? "xlsx" : "csv", "encoding", encoding_name(notes.encoding), "delimiter",
		row_reader_type(reader) == ROW_FILE_XLSX ? json_null() : json_stringn(&(char){row_reader_delimiter(reader)}, 1), "sheet",
		sheet->name.n ? cell_json(sheet->name) : json_null(), "sheets", (int)row_reader_sheets(reader), "header_line", (json_int_t)sheet->header_line,
		"rows_sampled", (int)rows, "columns", columns_json(sheet, usable ? &map : NULL, sample, rows, &options, upload->n_chosen > 0), "remembered",
		usable && map.remembered && !upload->n_chosen, "sample", sample_json(sheet, sample, rows), "missing", missing, "notes", "guess",
		guess_json(upload, request->who.office));
	if (usable)
		column_map_release(&map);
	row_reader_free(reader);
	return upload->preview ? 0 : error_memory(&upload->err);
}

static void preview_in_pool(uv_work_t *work)
{
	struct http_request *request = work->data;

	upload_of(request)->rc = make_preview(request);
}

static void out_of_pool(struct http_request *request)
{
	request->server->pool_work--;
	arena_release(&upload_of(request)->arena);
	http_request_drop(request);
}

static void preview_made(uv_work_t *work, int status)
{
	struct http_request *request = work->data;
	struct upload *upload = upload_of(request);

	if (upload->rc == 0 && status == 0)
		http_reply_json(request, 200, upload->preview);
	else
		http_reply_error(request, &upload->err);
	out_of_pool(request);
}

/* Work in the pool while the request, and the server, are held. false: the request has been answered. */
static bool in_pool(struct http_request *request, uv_work_cb work, uv_after_work_cb after)
{
	struct upload *upload = upload_of(request);

	upload->work.data = request;
	arena_init(&upload->arena, 0);
	http_request_keep(request);
	request->server->pool_work++;
	if (uv_queue_work(http_loop(request), &upload->work, work, after) == 0)
		return true;
	http_reply_busy(request);
	out_of_pool(request);
	return false;
}

static void preview(struct http_request *request)
{
	if (strcmp(upload_of(request)->state, "complete") != 0) {
		reply_state(request);
		return;
	}
	read_chosen(request);
	in_pool(request, preview_in_pool, preview_made);
}

void api_preview_upload(struct http_request *request)
{
	look_up(request, preview);
}

/* ---- the list ---- */

static void list_in_pool(uv_work_t *work)
{
	struct http_request *request = work->data;
	struct upload *upload = upload_of(request);
	struct db_sync db = {0};

	upload->rc = db_sync_open(&db, request->server->conninfo, &upload->err);
	if (upload->rc == 0)
		upload->rc = import_list(&db, &upload->what, &upload->staged, &upload->err);
	db_sync_close(&db);
}

static void list_noted(struct http_request *request, PGresult *result, void *arg)
{
	struct upload *upload = upload_of(request);

	http_reply_json(request, 202, json_pack("{s:I, s:b, s:o}", "list", (json_int_t)upload->staged.list, "duplicate", upload->staged.duplicate, "state",
		json_loads(PQgetisnull(result, 0, 0) ? "\"received\"" : PQgetvalue(result, 0, 0), JSON_DECODE_ANY, NULL)));
}

static void list_made(uv_work_t *work, int status)
{
	struct http_request *request = work->data;
	struct upload *upload = upload_of(request);
	char list[24];

	request->server->importing = false;
	if (upload->rc == 0 && status == 0) {
		unlink(upload->path);
		snprintf(list, sizeof list, "%ld", upload->staged.list);
		http_sql_query(request, "api_upload_used", DB_VALUES(upload->id, list), list_noted, NULL);
	} else {
		http_reply_error(request, &upload->err);
	}
	out_of_pool(request);
}

/* YYYY-MM-DD; PostgreSQL would not say which value it cannot read. */
static bool is_day(const char *text)
{
	int year, month, day, end = 0;

	return sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && !text[end] && end == 10 && month >= 1 && month <= 12 && day >= 1 && day <= 28 + (month != 2) * 3;
}

static void list_may_be_made(struct http_request *request)
{
	struct upload *upload = upload_of(request);
	const char *kind = http_json_text(request, "kind"), *subject = http_json_text(request, "subject"), *period = http_json_text(request, "period");

	if (strcmp(upload->state, "complete") != 0) {
		reply_state(request);
		return;
	}
	if (http_json_text(request, "decree_date") && !is_day(http_json_text(request, "decree_date"))) {
		http_reply_problem(request, 422, "decree-date", "Tanggal SK harus berbentuk TTTT-BB-HH.", "The decree's date must be YYYY-MM-DD.");
		return;
	}
	if (!kind || !period || (strcmp(kind, "programme") != 0 && strcmp(kind, "target") != 0 && strcmp(kind, "reference") != 0) ||
		(strcmp(kind, "target") != 0 && !subject)) {
		http_reply_problem(request, 422, "missing", "Sebutkan jenis daftar, program atau daftar acuannya, dan periodenya.",
			"Say the kind of list, its programme or reference, and the period.");
		return;
	}
	if (request->server->importing) {
		http_reply_busy(request); /* one file at a time is read; the page asks again */
		return;
	}
	read_chosen(request);
	upload->what = (struct import_list){.path = upload->path, .name = upload->file_name, .door = "web", .office = request->who.office,
		.district = (int)strtol(request->who.district, NULL, 10), .kind = kind, .subject = strcmp(kind, "target") == 0 ? "target" : subject, .period = period,
		.sender = request->who.name, .decree_number = http_json_text(request, "decree_number"),
		.decree_date = http_json_text(request, "decree_date"), .chosen = upload->chosen, .n_chosen = upload->n_chosen};
	request->server->importing = in_pool(request, list_in_pool, list_made);
}

void api_send_list(struct http_request *request)
{
	look_up(request, list_may_be_made);
}

/* ---- rejected rows in the office's own layout ---- */

int api_read_file(const char *path, char **bytes, size_t *n, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got = -1;

	*bytes = NULL;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size <= REJECTS_FILE_BYTES && (*bytes = malloc((size_t)st.st_size + 1))) {
		got = read(fd, *bytes, (size_t)st.st_size);
		*n = (size_t)(got < 0 ? 0 : got);
	}
	if (fd >= 0)
		close(fd);
	if (got >= 0)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return error_set(err, ERROR_SYSTEM, "Berkas tidak dapat dibuat; ambil dengan padan lists --rejects.", "The file cannot be made; take it with padan lists --rejects.");
}

static void rejects_in_pool(uv_work_t *work)
{
	struct http_request *request = work->data;
	struct upload *upload = upload_of(request);
	struct db_sync db = {0};
	uint64_t rows;

	upload->rc = db_sync_open(&db, request->server->conninfo, &upload->err);
	if (upload->rc == 0)
		upload->rc = import_write_rejects(&db, (int)strtol(request->who.district, NULL, 10), (long)upload->from, upload->path, &rows, &upload->err);
	if (upload->rc == 0 && rows == 0)
		upload->rc = error_set(&upload->err, ERROR_INPUT, "Daftar ini tidak mempunyai baris yang ditolak.", "This list has no rejected rows.");
	if (upload->rc == 0)
		upload->rc = api_read_file(upload->path, &upload->bytes_read, &upload->n_read, &upload->err);
	unlink(upload->path);
	db_sync_close(&db);
}

static void rejects_made(uv_work_t *work, int status)
{
	struct http_request *request = work->data;
	struct upload *upload = upload_of(request);
	char name[80];

	if (upload->rc == 0 && status == 0) {
		snprintf(name, sizeof name, "attachment; filename=\"ditolak-%" PRId64 ".csv\"", upload->from);
		http_reply_header(request, "Content-Disposition", name);
		http_reply_owned(request, 200, "text/csv; charset=utf-8", upload->bytes_read, upload->n_read);
	} else {
		http_reply_error(request, &upload->err);
	}
	out_of_pool(request);
}

static void rejects_audited(struct http_request *request, PGresult *result, void *arg)
{
	in_pool(request, rejects_in_pool, rejects_made);
}

static void rejects_allowed(struct http_request *request, PGresult *result, void *arg)
{
	if (PQntuples(result) == 0)
		http_reply_absent(request);
	else
		http_sql_audit(request, rejects_audited, NULL);
}

void api_rejects_file(struct http_request *request)
{
	struct upload *upload = arena_alloc(&request->arena, sizeof *upload);

	if (!upload) {
		http_reply_busy(request);
		return;
	}
	request->data = upload;
	upload->fd = -1;
	if (!http_integer(http_path(request, "list"), &upload->from)) {
		http_reply_absent(request);
		return;
	}
	snprintf(upload->path, sizeof upload->path, "%s/rejects-%p", request->server->uploads, (void *)request);
	http_sql_query(request, "api_rejects_may", DB_VALUES(http_path(request, "list")), rejects_allowed, NULL);
}
