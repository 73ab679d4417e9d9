/*
 * Staging a file over a blocking connection. See list_import.h.
 */
#include "daemon/ingest/list_import.h"

#include "daemon/base/district_config.h"
#include "daemon/base/sha256.h"
#include "daemon/ingest/list_stage.h"
#include "daemon/ingest/rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 18 }; /* bytes of COPY text at a time */

/* The file, opened, with its SHA-256 and size. */
struct import_file {
	int fd;
	int64_t bytes;
	char sha256[3 + 2 * SHA256_BYTES]; /* "\x…": a bytea */
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *called(const struct import_list *what)
{
	return what->name ? what->name : base_name(what->path);
}

static int hash_file(struct import_file *file, const char *path, struct error *err)
{
	unsigned char buffer[65536], digest[SHA256_BYTES];
	struct sha256 hash;
	ssize_t n;

	sha256_init(&hash);
	while ((n = read(file->fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		sha256_update(&hash, buffer, (size_t)n);
		file->bytes += n;
	}
	if (n < 0 || lseek(file->fd, 0, SEEK_SET) < 0)
		return error_set(err, ERROR_SYSTEM, "%.200s: tidak dapat dibaca (%s).", "%.200s: cannot be read (%s).", path,
			strerror(errno));
	sha256_final(&hash, digest);
	memcpy(file->sha256, "\\x", 2);
	sodium_bin2hex(file->sha256 + 2, sizeof file->sha256 - 2, digest, sizeof digest);
	return 0;
}

static int open_file(struct import_file *file, const char *path, struct error *err)
{
	struct stat st;

	file->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file->fd < 0)
		return error_set(err, ERROR_INPUT, "%.200s: tidak dapat dibuka (%s).", "%.200s: cannot be opened (%s).", path,
			strerror(errno));
	if (fstat(file->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return error_set(err, ERROR_INPUT, "%.200s: bukan berkas biasa.", "%.200s: not an ordinary file.", path);
	return hash_file(file, path, err);
}

/* Further names of columns out of the district's configuration, as it was applied. */
static int load_synonyms(struct db_sync *db, int district, struct arena *arena, struct list_stage_options *options,
	struct error *err)
{
	struct district_config config = {0};
	char number[16];
	PGresult *result;
	int rc = 0;

	snprintf(number, sizeof number, "%d", district);
	if (db_sync_query(db, "SELECT config FROM padan.districts WHERE district = $1::integer", DB_VALUES(number), &result, err) < 0)
		return -1;
	if (PQntuples(result) == 1 && *db_text(result, 0, 0))
		rc = district_config_parse(str_from(db_text(result, 0, 0)), arena, &config, NULL, err);
	PQclear(result);
	options->synonyms = config.synonyms;
	options->n_synonyms = config.n_synonyms;
	return rc;
}

/* {"0":"nik", …} → roles, as many as the header has cells. */
static enum column_role *mapping_roles(const char *mapping, size_t n, struct arena *arena)
{
	json_t *object = json_loads(mapping, 0, NULL), *value;
	enum column_role *roles = arena_array(arena, n ? n : 1, sizeof *roles);
	const char *key;

	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);
		enum column_role role = column_role_from_name(str_from(json_string_value(value)));

		if (roles && column < n && role < COLUMN_ROLES)
			roles[column] = role;
	}
	json_decref(object);
	return roles;
}

/* How the office's newest header was understood. */
static int load_remembered(struct db_sync *db, const struct import_list *what, struct arena *arena,
	struct list_stage_options *options, struct error *err)
{
	char district[16];
	PGresult *result;
	struct str *header;
	size_t n;
	int rc = 0;

	snprintf(district, sizeof district, "%d", what->district);
	if (db_sync_query(db,
		    "SELECT m.header, m.mapping FROM padan.column_mappings m "
		    "WHERE m.district = $1::integer AND m.office = padan.list_office($1::integer, $2, $3) "
		    "ORDER BY m.used_at DESC LIMIT 1",
		    DB_VALUES(district, what->kind, what->subject), &result, err) < 0)
		return -1;
	if (PQntuples(result) == 1) {
		if (copy_read_array(str_from(db_text(result, 0, 0)), arena, &header, &n) < 0) {
			rc = error_memory(err);
		} else {
			options->remembered_header = header;
			options->remembered = mapping_roles(db_text(result, 0, 1), n, arena);
			options->n_remembered = options->remembered ? (uint32_t)n : 0;
		}
	}
	PQclear(result);
	return rc;
}

int import_choose_columns(const struct import_list *what, struct arena *arena, struct list_stage_options *options, struct error *err)
{
	struct row_reader_options reading = {.name = options->name, .delimiter = options->delimiter, .synonyms = options->synonyms,
		.synonyms_n = options->n_synonyms};
	struct column_map_options mapping = {.synonyms = options->synonyms, .synonyms_n = options->n_synonyms,
		.remembered_header = options->remembered_header, .remembered = options->remembered, .remembered_n = options->n_remembered};
	struct row_reader *reader = row_reader_open(what->path, &reading, err);
	const struct row_sheet *sheet;
	struct column_map map = {0};
	struct error missing = {0};
	enum column_role *roles;
	struct str *header;
	uint32_t rows;
	bool known;

	if (!reader)
		return -1;
	sheet = row_reader_sheet(reader, 0);
	mapping.sheet = sheet->name;
	/* Where the columns alone do not make a list, what was chosen may. */
	known = column_map_make(&map, sheet->header, sheet->n, row_reader_sample(reader, 0, &rows), rows, &mapping, &missing) == 0;
	error_clear(&missing);
	roles = arena_array(arena, sheet->n, sizeof *roles);
	header = arena_array(arena, sheet->n, sizeof *header);
	for (uint32_t i = 0; roles && header && i < sheet->n; i++) {
		enum column_role by_name = column_map_role(sheet->header[i], options->synonyms, options->n_synonyms);

		header[i] = arena_str(arena, sheet->header[i]);
		roles[i] = known ? map.roles[i] : by_name == COLUMN_ROLES ? COLUMN_IGNORE : by_name;
	}
	for (uint32_t i = 0; roles && i < sheet->n && i < what->n_chosen; i++) {
		for (uint32_t j = 0; what->chosen[i] != COLUMN_ROLES && what->chosen[i] != COLUMN_IGNORE && j < sheet->n; j++) {
			if (roles[j] == what->chosen[i] && (j >= what->n_chosen || what->chosen[j] == COLUMN_ROLES))
				roles[j] = COLUMN_IGNORE; /* each role once: the chosen column has it now */
		}
		if (what->chosen[i] != COLUMN_ROLES)
			roles[i] = what->chosen[i];
	}
	options->remembered_header = header;
	options->remembered = roles;
	options->n_remembered = sheet->n;
	if (known)
		column_map_release(&map);
	row_reader_free(reader);
	return roles && header ? 0 : error_memory(err);
}

static int begin_list(struct db_sync *db, const struct import_list *what, const struct import_file *file,
	struct import_staged *ret, struct error *err)
{
	char district[16], bytes[24];
	PGresult *result;

	snprintf(district, sizeof district, "%d", what->district);
	snprintf(bytes, sizeof bytes, "%lld", (long long)file->bytes);
	if (db_sync_query(db,
		    "SELECT list, duplicate FROM padan.begin_list($1::integer, $2, $3, $4, $11, $5, $12, $6, $7::bytea, $8::bigint, "
		    "$9, $10::date)",
		    DB_VALUES(district, what->kind, what->subject, what->period, what->sender, called(what), file->sha256, bytes,
			    what->decree_number, what->decree_date, what->office, what->door),
		    &result, err) < 0)
		return -1;
	ret->list = db_long(result, 0, 0);
	ret->duplicate = db_bool(result, 0, 1);
	PQclear(result);
	return 0;
}

/* What the reader understood: kept with the list, and remembered for the office's next file. */
static int describe_list(struct db_sync *db, const struct import_list *what, const struct list_stage *stage, long list,
	struct error *err)
{
	char district[16], number[24];
	const char *header = list_stage_header(stage), *mapping = list_stage_mapping(stage);

	snprintf(district, sizeof district, "%d", what->district);
	snprintf(number, sizeof number, "%ld", list);
	if (db_sync_run(db,
		    "UPDATE padan.lists SET header = $3::text[], mapping = $4::jsonb, encoding = $5, delimiter = nullif($6, ''), "
		    "sheet = nullif($7, '') WHERE district = $1::integer AND list = $2::bigint",
		    DB_VALUES(district, number, header, mapping, list_stage_encoding(stage), list_stage_delimiter(stage),
			    list_stage_sheet(stage)),
		    NULL, err) < 0)
		return -1;
	return db_sync_run(db,
		"INSERT INTO padan.column_mappings AS m (district, office, header, mapping) "
		"SELECT district, office, $3::text[], $4::jsonb FROM padan.lists "
		"WHERE district = $1::integer AND list = $2::bigint AND office IS NOT NULL "
		"ON CONFLICT (district, office, header) DO UPDATE SET mapping = excluded.mapping, used_at = clock_timestamp()",
		DB_VALUES(district, number, header, mapping), NULL, err);
}

static int copy_rows(struct db_sync *db, const struct import_list *what, struct list_stage *stage, long list,
	struct error *err)
{
	struct copy_buffer buffer;
	int more = 1, rc = db_sync_copy_begin(db, LIST_STAGE_COPY, err);

	copy_buffer_init(&buffer, 64u << 20);
	while (rc == 0 && more > 0) {
		copy_buffer_clear(&buffer);
		more = list_stage_rows(stage, (uint32_t)what->district, list, &buffer, PIECE, err);
		if (more < 0) {
			struct error ending = {0};

			if (db_sync_copy_end(db, "refused", NULL, &ending) < 0)
				error_clear(&ending); /* what the reader said counts */
			rc = -1;
		} else {
			rc = db_sync_copy_put(db, buffer.p, buffer.n, err);
			if (what->progress)
				what->progress(what->progress_arg, list_stage_count(stage), list_stage_progress(stage));
		}
	}
	if (rc == 0)
		rc = db_sync_copy_end(db, NULL, NULL, err);
	copy_buffer_release(&buffer);
	return rc;
}

static int close_list(struct db_sync *db, int district, struct import_staged *staged, struct error *err)
{
	char district_text[16], list[24];
	PGresult *result;

	snprintf(district_text, sizeof district_text, "%d", district);
	snprintf(list, sizeof list, "%ld", staged->list);
	if (db_sync_query(db, "SELECT padan.close_list($1::integer, $2::bigint)", DB_VALUES(district_text, list), &result, err) < 0)
		return -1;
	staged->job = db_long(result, 0, 0);
	PQclear(result);
	return 0;
}

/* Between BEGIN and COMMIT; the file's descriptor goes to the stage. */
static int stage_file(struct db_sync *db, const struct import_list *what, struct import_file *file, struct arena *arena,
	struct import_staged *ret, struct error *err)
{
	struct list_stage_options options = {.name = called(what), .delimiter = what->delimiter};
	struct list_stage *stage = NULL;
	int rc;

	if (db_sync_act_as(db, what->sender, err) < 0 || begin_list(db, what, file, ret, err) < 0)
		return -1;
	if (ret->duplicate)
		return 0;
	if (load_synonyms(db, what->district, arena, &options, err) < 0 || load_remembered(db, what, arena, &options, err) < 0 ||
		(what->n_chosen && import_choose_columns(what, arena, &options, err) < 0))
		return -1;
	rc = list_stage_open(file->fd, &options, &stage, err);
	file->fd = -1;
	if (rc == 0)
		rc = describe_list(db, what, stage, ret->list, err);
	if (rc == 0)
		rc = copy_rows(db, what, stage, ret->list, err);
	if (rc == 0) {
		ret->rows = list_stage_count(stage);
		ret->rejected = list_stage_rejected(stage);
		rc = close_list(db, what->district, ret, err);
	}
	list_stage_free(stage);
	return rc;
}

int import_list(struct db_sync *db, const struct import_list *what, struct import_staged *ret, struct error *err)
{
	struct import_file file = {.fd = -1};
	struct error rolling_back = {0};
	struct arena arena;
	int rc;

	memset(ret, 0, sizeof *ret);
	arena_init(&arena, 0);
	rc = open_file(&file, what->path, err);
	if (rc == 0)
		rc = db_sync_exec(db, "BEGIN", err);
	if (rc == 0) {
		rc = stage_file(db, what, &file, &arena, ret, err);
		if (rc == 0)
			rc = db_sync_exec(db, ret->duplicate ? "ROLLBACK" : "COMMIT", err);
		else if (db_sync_exec(db, "ROLLBACK", &rolling_back) < 0)
			error_clear(&rolling_back); /* the connection is gone, and with it the transaction */
	}
	if (file.fd >= 0)
		close(file.fd);
	arena_release(&arena);
	return rc;
}

struct rejecting {
	struct rejects *rejects;
	struct arena arena;
};

/* A row of COPY: line, reason, cells. */
static int add_reject(void *arg, const char *row, size_t n, struct error *err)
{
	struct rejecting *r = arg;
	struct copy_field fields[3];
	struct str *cells;
	size_t count;

	arena_reset(&r->arena);
	if (copy_read_row((struct str){row, n}, &r->arena, fields, 3) != 3 ||
		copy_read_cells(fields[2].text, &r->arena, &cells, &count) < 0)
		return error_memory(err);
	return rejects_add(r->rejects, cells, (uint32_t)count, arena_str(&r->arena, fields[1].text).p,
		(uint64_t)copy_read_int(fields[0]), err);
}

int import_write_rejects(struct db_sync *db, int district, long list, const char *path, uint64_t *ret, struct error *err)
{
	struct rejecting r = {0};
	char sql[256], district_text[16], number[24];
	PGresult *result;
	struct str *header;
	size_t n;
	int rc;

	snprintf(district_text, sizeof district_text, "%d", district);
	snprintf(number, sizeof number, "%ld", list);
	if (db_sync_query(db, "SELECT header, delimiter FROM padan.lists WHERE district = $1::integer AND list = $2::bigint",
		    DB_VALUES(district_text, number), &result, err) < 0)
		return -1;
	arena_init(&r.arena, 0);
	rc = copy_read_array(str_from(db_text(result, 0, 0)), &r.arena, &header, &n) < 0 ? error_memory(err) : 0;
	if (rc == 0) {
		r.rejects = rejects_new(path, header, (uint32_t)n, *db_text(result, 0, 1), err);
		rc = r.rejects ? 0 : -1;
	}
	PQclear(result);
	snprintf(sql, sizeof sql,
		"COPY (SELECT line, reject, cells FROM padan.raw_rows WHERE district = %d AND list = %ld AND reject IS NOT NULL "
		"ORDER BY row) TO STDOUT", district, list);
	if (rc == 0)
		rc = db_sync_copy_out(db, sql, add_reject, &r, err);
	if (rc == 0) {
		*ret = rejects_count(r.rejects);
		rc = rejects_finish(r.rejects, err);
	}
	rejects_free(r.rejects);
	arena_release(&r.arena);
	return rc;
}
