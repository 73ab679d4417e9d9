/*
 * The steps of a file: staging it, learning what became of its list, writing the note and moving it. Called by inbox.c.
 */
#include "daemon/base/counters.h"
#include "daemon/base/failpoint.h"
#include "daemon/base/sha256.h"
#include "daemon/db/sql.h"
#include "daemon/inbox/inbox_item.h"
#include "daemon/jobs/district_register.h"

#include <jansson.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/banned.h"

struct inbox *inbox_of(struct job_run *run)
{
	return (struct inbox *)((char *)run - offsetof(struct inbox, run));
}

static struct inbox_item *item_of(struct job_run *run)
{
	return inbox_of(run)->now;
}

void inbox_item_release(struct inbox_item *item)
{
	if (item->fd >= 0)
		close(item->fd);
	item->fd = -1;
	list_stage_free(item->stage);
	item->stage = NULL;
	rejects_free(item->rejects);
	item->rejects = NULL;
	if (item->writer_open)
		inbox_folder_writer_close(&item->writer);
	item->writer_open = false;
}

/* ---- staging ---- */

static int check_kind(struct job_run *run, struct error *err)
{
	const struct inbox_file *file = &item_of(run)->file;

	failpoint(inbox_file_seen);
	if (file->type != INBOX_REGULAR)
		return error_set(err, ERROR_INPUT, "Ini bukan berkas biasa (tautan atau perangkat). Salin berkas aslinya ke sini.",
			"This is no ordinary file (a link or device). Copy the file itself here.");
	if (file->size == 0)
		return error_set(err, ERROR_INPUT, "Berkas ini kosong (0 bita). Periksa hasil simpanan Anda, lalu kirim lagi.",
			"This file is empty (0 bytes). Check what you saved, then send it again.");
	if (file->size > LIMIT_INBOX_FILE_BYTES_MAX)
		return error_set(err, ERROR_INPUT, "Berkas ini lebih besar dari %d MB. Bagi menurut kecamatan, lalu kirim lagi.",
			"This file is larger than %d MB. Split it by kecamatan, then send it again.",
			LIMIT_INBOX_FILE_BYTES_MAX / 1000000);
	return JOB_NEXT;
}

static int take_roles(struct job_run *run, const char *json, size_t n, enum column_role **ret, struct error *err)
{
	json_t *object = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *value;
	enum column_role *roles = arena_array(&run->arena, n ? n : 1, sizeof(*roles));
	const char *key;

	json_object_foreach(object, key, value)
	{
		size_t column = strtoul(key, NULL, 10);
		enum column_role role = column_role_from_name(str_from(json_string_value(value)));

		if (roles && column < n && role != COLUMN_ROLES)
			roles[column] = role;
	}
	json_decref(object);
	*ret = roles;
	return roles ? 0 : error_memory(err);
}

/* The district's row: its configuration, the offices there are, how this office's header was understood last time. */
static int take_district(struct job_run *run, PGresult *result, struct error *err)
{
	struct inbox_item *item = item_of(run);
	struct str remembered;

	if (PQntuples(result) == 0 || *PQgetvalue(result, 0, 0))
		return error_set(err, ERROR_INPUT,
			"Kabupatennya tidak jelas. Letakkan berkas di KOTAK_MASUK/KODE_KABUPATEN/DINAS/, misalnya 15.05/dinsos/.",
			"The district is not clear. Put the file into INBOX/DISTRICT_CODE/OFFICE/, for example 15.05/dinsos/.");
	item->district = strtoul(PQgetvalue(result, 0, 1), NULL, 10);
	snprintf(item->this_year, sizeof(item->this_year), "%s", PQgetvalue(result, 0, 7));
	if (*PQgetvalue(result, 0, 2) &&
		district_config_parse(str_from(PQgetvalue(result, 0, 2)), &run->arena, &item->config, NULL, err) < 0) {
		err->kind = ERROR_DATABASE; /* not the office's fault */
		return -1;
	}
	if (strcmp(PQgetvalue(result, 0, 3), "true") != 0)
		return error_set(err, ERROR_INPUT, "Folder ini bukan folder dinas yang dikenal. Folder yang dikenal: %s.",
			"This folder is no known office's. Known are: %s.", PQgetvalue(result, 0, 4));
	if (PQgetisnull(result, 0, 5) || PQgetisnull(result, 0, 6))
		return 0;
	remembered = arena_str(&run->arena, str_from(PQgetvalue(result, 0, 5)));
	if (!remembered.p)
		return error_memory(err);
	if (copy_read_array(remembered, &run->arena, &item->remembered_header, &item->n_remembered) < 0)
		return 0; /* nothing is remembered, then */
	return take_roles(run, PQgetvalue(result, 0, 6), item->n_remembered, &item->remembered, err);
}

static int on_subjects(struct job_run *run, PGresult *result, struct error *err)
{
	struct inbox_item *item = item_of(run);
	size_t n = 0, rows = PQntuples(result);
	struct inbox_subject *subjects = arena_array(&run->arena, rows + 1, sizeof(*subjects));

	if (!subjects)
		return error_memory(err);
	if (take_district(run, result, err) < 0)
		return -1;
	for (size_t i = 1; i < rows; i++)
		subjects[n++] = (struct inbox_subject){list_kind_from_name(PQgetvalue(result, i, 0)), PQgetvalue(result, i, 1)};
	if (inbox_name_read(item->file.path, subjects, n, &item->name, err) < 0)
		return -1;
	if (item->name.month)
		snprintf(item->period, sizeof(item->period), "%04u-%02u", item->name.year % 10000, item->name.month % 100);
	else if (item->name.year)
		snprintf(item->period, sizeof(item->period), "%04u", item->name.year % 10000);
	else
		snprintf(item->period, sizeof(item->period), "%s", item->this_year);
	return 0;
}

static int look_up(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	char office[INBOX_CODE_MAX] = "", district[16];
	const char *path, *values[] = {district, office};
	unsigned number = inbox_name_district(item->file.path, &path);
	size_t n = strcspn(path, "/");

	if (path[n] == '/')
		snprintf(office, sizeof(office), "%.*s", (int)n, path);
	snprintf(district, sizeof(district), "%u", number);
	return job_query(run, sql_find("inbox_subjects"), 2, values, on_subjects, err);
}

static int hash_in_pool(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	char *buffer = malloc(LIMIT_COPY_CHUNK_BYTES);
	int status = -1;
	ssize_t n;

	if (!buffer)
		return error_memory(err);
	item->fd = inbox_folder_open_file(inbox_of(run)->watch.root, &item->file, err);
	if (item->fd < 0)
		goto out;
	sha256_init(&hash);
	while ((n = read(item->fd, buffer, LIMIT_COPY_CHUNK_BYTES)) > 0 && !atomic_load(&run->stop))
		sha256_update(&hash, buffer, (size_t)n);
	if (n < 0 || lseek(item->fd, 0, SEEK_SET) < 0) {
		error_set(err, ERROR_SYSTEM, "Berkas tidak dapat dibaca.", "The file can't be read.");
		goto out;
	}
	sha256_final(&hash, digest);
	memcpy(item->sha256, "\\x", 2);
	sodium_bin2hex(item->sha256 + 2, sizeof(item->sha256) - 2, digest, sizeof(digest));
	status = 0;
out:
	free(buffer);
	return status;
}

static int hash_file(struct job_run *run, struct error *err)
{
	return job_in_pool(run, hash_in_pool, err);
}

static int begin(struct job_run *run, struct error *err)
{
	failpoint(inbox_file_hashed);
	return job_begin_transaction(run, err);
}

static int on_begun(struct job_run *run, PGresult *result, struct error *err)
{
	struct inbox_item *item = item_of(run);

	item->list = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	item->duplicate = PQgetvalue(result, 0, 1)[0] == 't';
	if (!item->duplicate)
		return 0;
	item->job = strtoll(PQgetvalue(result, 0, 3), NULL, 10);
	/*
	 * The list is there already. If it came from this very path after the file had got there, it is this file, staged in an
	 * earlier life; else the office sends the same contents again, and is told so.
	 */
	item->repeated = PQgetisnull(result, 0, 2) || strtod(PQgetvalue(result, 0, 2), NULL) * 1e9 < (double)item->file.changed_ns;
	return error_set(err, ERROR_CANCELLED, "Daftar sudah ada.", "The list is there already.");
}

static int begin_list(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	const char *values[] = {job_number(run, item->district), list_kind_name(item->name.kind),
		item->name.kind == LIST_TARGET ? "target" : item->name.code, item->period, item->name.office, item->file.path,
		item->sha256, job_number(run, (int64_t)item->file.size), *item->name.decree ? item->name.decree : NULL};

	return job_query(run, sql_find("inbox_begin"), 9, values, on_begun, err);
}

static const char *file_name(const struct inbox_item *item)
{
	const char *slash = strrchr(item->file.path, '/');

	return slash ? slash + 1 : item->file.path;
}

static int open_in_pool(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	struct list_stage_options options = {
		.name = file_name(item),
		.synonyms = item->config.synonyms,
		.n_synonyms = item->config.n_synonyms,
		.remembered_header = item->remembered_header,
		.remembered = item->remembered,
		.n_remembered = item->n_remembered,
	};
	int fd = item->fd;

	item->fd = -1; /* the stage owns it */
	return list_stage_open(fd, &options, &item->stage, err);
}

static int open_stage(struct job_run *run, struct error *err)
{
	return job_in_pool(run, open_in_pool, err);
}

static int describe(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	const char *values[] = {job_number(run, item->district), job_number(run, item->list), list_stage_header(item->stage),
		list_stage_mapping(item->stage), list_stage_encoding(item->stage), list_stage_delimiter(item->stage),
		list_stage_sheet(item->stage)};

	failpoint(stage_begun);
	return job_query(run, sql_find("list_columns"), 7, values, NULL, err);
}

static int fill_rows(struct job_run *run, struct copy_buffer *buffer, struct error *err)
{
	struct inbox_item *item = item_of(run);
	int more = list_stage_rows(item->stage, item->district, item->list, buffer, LIMIT_COPY_CHUNK_BYTES / 2, err);

	failpoint(stage_chunk);
	return more;
}

static int copy_rows(struct job_run *run, struct error *err)
{
	return job_copy_in(run, LIST_STAGE_COPY, fill_rows, err);
}

/* The file must still be what was hashed: somebody could have written to it in the meantime. */
static int check_unchanged(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	int fd = inbox_folder_open_file(inbox_of(run)->watch.root, &item->file, err);

	if (fd < 0)
		return -1;
	close(fd);
	return JOB_NEXT;
}

static int on_closed(struct job_run *run, PGresult *result, struct error *err)
{
	item_of(run)->job = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	return 0;
}

static int close_list(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	const char *values[] = {job_number(run, item->district), job_number(run, item->list)};

	return job_query(run, "SELECT padan.close_list($1::integer, $2::bigint)", 2, values, on_closed, err);
}

static int commit(struct job_run *run, struct error *err)
{
	failpoint(stage_before_commit);
	return job_commit(run, err);
}

static int staged(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);

	failpoint(stage_after_commit);
	counter_add(inbox_of(run)->counters, COUNTER_files_taken_total, 1);
	counter_add(inbox_of(run)->counters, COUNTER_rows_read_total, list_stage_count(item->stage));
	failpoint(inbox_list_opened);
	return JOB_NEXT;
}

const struct job_step inbox_stage_steps[] = {
	{"stage", check_kind},
	{NULL, look_up},
	{NULL, hash_file},
	{NULL, begin},
	{NULL, begin_list},
	{NULL, open_stage},
	{NULL, describe},
	{NULL, copy_rows},
	{NULL, check_unchanged},
	{NULL, close_list},
	{NULL, commit},
	{NULL, staged},
	{NULL, NULL},
};

/* ---- the note ---- */

static int arena_text(struct job_run *run, const PGresult *result, int column, const char **ret, struct error *err)
{
	*ret = PQgetisnull(result, 0, column) ? NULL : arena_str(&run->arena, str_from(PQgetvalue(result, 0, column))).p;
	return *ret || PQgetisnull(result, 0, column) ? 0 : error_memory(err);
}

/* "INCLUSION 12 OVERLAP 3" */
static void take_kinds(struct inbox_result *result, const char *text)
{
	int used;

	while (result->n_kinds < INBOX_KINDS_MAX) {
		unsigned long long n;

		if (sscanf(text, "%31s %llu%n", result->kinds[result->n_kinds].kind, &n, &used) != 2)
			break;
		result->kinds[result->n_kinds++].n = n;
		text += used;
	}
}

static int on_result(struct job_run *run, PGresult *rows, struct error *err)
{
	struct inbox_item *item = item_of(run);
	struct inbox_result *result = &item->result;
	const char *state, *header;

	if (PQntuples(rows) != 1)
		return error_set(err, ERROR_DATABASE, "Daftar tidak ada lagi.", "The list is no longer there.");
	state = PQgetvalue(rows, 0, 0);
	if (!strcmp(state, "staging") || !strcmp(state, "received") || !strcmp(state, "working"))
		return error_set(err, ERROR_CANCELLED, "Belum selesai.", "Not finished yet.");
	*result = (struct inbox_result){
		.file_name = file_name(item),
		.refused = strcmp(state, "refused") == 0,
		.repeated = item->repeated,
		.list = item->list,
		.read = strtoull(PQgetvalue(rows, 0, 4), NULL, 10),
		.accepted = strtoull(PQgetvalue(rows, 0, 5), NULL, 10),
		.rejected = strtoull(PQgetvalue(rows, 0, 6), NULL, 10),
		.village_unknown = strtoull(PQgetvalue(rows, 0, 12), NULL, 10),
		.village_bps = strtoull(PQgetvalue(rows, 0, 13), NULL, 10),
	};
	item->delimiter = *PQgetvalue(rows, 0, 10);
	take_kinds(result, PQgetvalue(rows, 0, 11));
	if (arena_text(run, rows, 1, &result->subject, err) < 0 || arena_text(run, rows, 2, &result->period, err) < 0 ||
		arena_text(run, rows, 3, &result->received_at, err) < 0 ||
		arena_text(run, rows, 7, &result->reason_id, err) < 0 ||
		arena_text(run, rows, 8, &result->reason_en, err) < 0 || arena_text(run, rows, 9, &header, err) < 0)
		return -1;
	if (copy_read_array(str_from(header), &run->arena, &item->header, &item->n_header) < 0)
		item->n_header = 0; /* erased in the meantime: there are no rows to give back either */
	return 0;
}

static int ask_result(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	const char *values[] = {job_number(run, item->district), job_number(run, item->list)};

	return job_query(run, sql_find("inbox_result"), 2, values, on_result, err);
}

/* dinsos/done/pkh.csv → dinsos/done/pkh.csv.catatan.txt, dinsos/done/pkh.ditolak.csv */
static void name_beside(const char *target, const char *ending, bool replace, char path[LIMIT_INBOX_PATH_BYTES])
{
	const char *slash = strrchr(target, '/'), *dot = strrchr(target, '.');
	int n = replace && dot && dot > slash + 1 ? (int)(dot - target) : (int)strlen(target);

	snprintf(path, LIMIT_INBOX_PATH_BYTES, "%.*s%s", n, target, ending);
}

/* Where it all goes; opens the file of rejected rows if there are any. */
static int prepare_in_pool(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	int root = inbox_of(run)->watch.root;

	if (inbox_folder_target(root, &item->file, item->result.refused ? INBOX_REFUSED : INBOX_DONE, item->target, err) < 0)
		return -1;
	if (!item->result.rejected || !item->n_header)
		return 0;
	name_beside(item->target, ".ditolak.csv", true, item->rejects_path);
	if (inbox_folder_writer_open(root, item->rejects_path, &item->writer, err) < 0)
		return -1;
	item->writer_open = true;
	item->rejects = rejects_new(item->writer.full, item->header, item->n_header, item->delimiter, err);
	return item->rejects ? 0 : -1;
}

static int prepare(struct job_run *run, struct error *err)
{
	return job_in_pool(run, prepare_in_pool, err);
}

static int on_rejects(struct job_run *run, struct str rows, struct error *err)
{
	struct inbox_item *item = item_of(run);
	struct copy_field fields[3];
	struct str row, *cells;
	size_t n;

	while (job_next_row(&rows, &row)) {
		struct str reason;

		if (copy_read_row(row, &run->scratch, fields, 3) != 3 ||
			copy_read_cells(fields[2].text, &run->scratch, &cells, &n) < 0)
			return error_set(err, ERROR_DATABASE, "Baris dari basis data tidak dapat dibaca.",
				"A row of the database can't be read.");
		reason = arena_str(&run->scratch, fields[1].text);
		if (!reason.p)
			return error_memory(err);
		if (rejects_add(item->rejects, cells, n, reason.p, (uint64_t)copy_read_int(fields[0]), err) < 0)
			return -1;
	}
	arena_reset(&run->scratch);
	return 0;
}

static int copy_rejects(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	char sql[JOB_SQL_MAX];

	if (!item->rejects)
		return JOB_NEXT;
	snprintf(sql, sizeof(sql),
		"COPY (SELECT line, reject, cells FROM padan.raw_rows WHERE district = %u AND list = %lld AND reject IS NOT NULL "
		"ORDER BY row) TO STDOUT",
		item->district, (long long)item->list);
	return job_copy_out(run, sql, on_rejects, err);
}

/* First what lies beside, then the file itself: a crash in between is made good by doing all of it again. */
static int finish_in_pool(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);
	int root = inbox_of(run)->watch.root;
	char note[INBOX_NOTE_MAX], path[LIMIT_INBOX_PATH_BYTES];
	bool moved;
	size_t n;

	if (item->rejects) {
		if (rejects_finish(item->rejects, err) < 0 || inbox_folder_writer_place(&item->writer, err) < 0)
			return -1;
		item->result.rejects_name = strrchr(item->rejects_path, '/') + 1;
	}
	n = inbox_note(&item->result, note);
	name_beside(item->target, ".catatan.txt", false, path);
	if (inbox_folder_write(root, path, note, n, err) < 0)
		return -1;
	failpoint(inbox_note_written);
	if (inbox_folder_move(root, &item->file, item->target, &moved, err) < 0)
		return -1;
	failpoint(inbox_file_moved);
	if (!moved && !inbox_folder_exists(root, item->target)) {
		/* Another daemon moved it under another name, with a note of its own: what was written here belongs to nothing. */
		inbox_folder_remove(root, path);
		if (item->rejects)
			inbox_folder_remove(root, item->rejects_path);
	}
	return 0;
}

static int finish(struct job_run *run, struct error *err)
{
	return job_in_pool(run, finish_in_pool, err);
}

const struct job_step inbox_result_steps[] = {
	{"note", ask_result},
	{NULL, prepare},
	{NULL, copy_rejects},
	{NULL, finish},
	{NULL, NULL},
};

static int refuse_in_pool(struct job_run *run, struct error *err)
{
	struct inbox_item *item = item_of(run);

	item->result = (struct inbox_result){
		.file_name = file_name(item),
		.refused = true,
		.reason_id = item->why.id,
		.reason_en = item->why.en,
	};
	return prepare_in_pool(run, err) < 0 ? -1 : finish_in_pool(run, err);
}

static int refuse(struct job_run *run, struct error *err)
{
	return job_in_pool(run, refuse_in_pool, err);
}

const struct job_step inbox_refuse_steps[] = {
	{"note", refuse},
	{NULL, NULL},
};
