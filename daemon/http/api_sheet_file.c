/*
 * A sheet's workbook, filled in and sent back: read in the pool from memory, then its rows become answers like those of a phone. See POST
 * /sheets/{sheet}/workbook in openapi.yaml.
 */
#include "daemon/export/verification.h"
#include "daemon/http/api_handlers.h"
#include "daemon/http/http_internal.h"
#include "daemon/http/http_pool.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/base/banned.h"

enum { VISITS_MAX = 500, PROBLEMS_MAX = 50 };

struct sheet_file {
	json_t *rows;     /* [{"flag", "result", "note"}] */
	json_t *problems; /* [{"line", "text", "text_en"}] */
	json_int_t read, empty, unknown;
	int rc;
	struct error err;
};

static int take_row(void *arg, const struct visit_row *row, struct error *err)
{
	struct sheet_file *file = arg;

	file->read++;
	if (row->answer == VISIT_EMPTY) {
		file->empty++;
	} else if (row->answer == VISIT_UNREAD) {
		if (json_array_size(file->problems) < PROBLEMS_MAX)
			json_array_append_new(file->problems, json_pack("{s:I, s:s, s:s}", "line", (json_int_t)row->line,
				"text", "Hasil tidak dikenal; tulis benar, salah, tidak ditemukan, pindah, meninggal, atau menolak.",
				"text_en", "The result is not known; write benar, salah, tidak ditemukan, pindah, meninggal or menolak."));
	} else if (json_array_size(file->rows) >= VISITS_MAX) {
		return error_set(err, ERROR_INPUT, "Berkas berisi lebih dari %d hasil.", "The file has more than %d results.", VISITS_MAX);
	} else {
		json_array_append_new(file->rows, json_pack("{s:I, s:s, s:s}", "flag", (json_int_t)strtoll(row->flag, NULL, 10),
			"result", visit_answer_name(row->answer), "note", row->note));
	}
	return 0;
}

/* The file's bytes as something that the reader can open; -1. */
static int open_bytes(const char *text, struct error *err)
{
	size_t room = strlen(text) / 4 * 3 + 3, n = 0;
	unsigned char *bytes = malloc(room);
	int fd = -1;

	if (!bytes) {
		error_memory(err);
	} else if (sodium_base642bin(bytes, room, text, strlen(text), "\r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 || n == 0) {
		error_set(err, ERROR_INPUT, "Isi berkas tidak utuh.", "The file's contents are not whole.");
	} else if ((fd = memfd_create("padan-sheet", MFD_CLOEXEC)) < 0 || write(fd, bytes, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0) {
		error_set(err, ERROR_SYSTEM, "Berkas tidak dapat disimpan sementara.", "The file cannot be kept for the moment.");
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(bytes);
	return fd;
}

static void read_in_pool(struct http_request *request)
{
	struct sheet_file *file = request->data;
	struct row_reader_options options = {.name = "lembar", .keep_totals = true};
	int fd = open_bytes(http_json_text(request, "workbook"), &file->err);
	struct row_reader *reader = fd < 0 ? NULL : row_reader_open_fd(fd, &options, &file->err);

	file->rc = reader ? verification_read(reader, take_row, file, &file->err) : -1;
	row_reader_free(reader);
}

static void release(struct sheet_file *file)
{
	json_decref(file->rows);
	json_decref(file->problems);
}

/* The outcomes of the answers, counted. */
static void answered(struct http_request *request, PGresult *result, void *arg)
{
	static const char *const outcomes[] = {"accepted", "repeated", "later", "refused"};
	struct sheet_file *file = request->data;
	json_t *body = json_loads(PQgetvalue(result, 0, 0), 0, NULL), *one;
	json_int_t counts[4] = {0};
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, one)
	{
		for (int o = 0; o < 4; o++)
			counts[o] += strcmp(json_string_value(json_object_get(one, "outcome")), outcomes[o]) == 0;
	}
	http_reply_json(request, 200, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O, s:O, s:O}", "read", file->read, "empty", file->empty,
		"unknown", file->unknown, outcomes[0], counts[0], outcomes[1], counts[1], outcomes[2], counts[2], outcomes[3], counts[3], "problems", file->problems,
		"answered", json_object_get(body, "answered"), "version", json_object_get(body, "version")));
	json_decref(body);
	release(file);
}

static void failed(struct http_request *request, const struct db_failure *failure, void *arg)
{
	release(request->data);
	http_sql_failure(request, failure);
}

static void placed(struct http_request *request, PGresult *result, void *arg)
{
	struct sheet_file *file = request->data;
	int64_t unknown = 0;

	if (PQntuples(result) == 0) {
		release(file);
		http_reply_absent(request); /* a sheet that is not the caller's */
		return;
	}
	http_integer(PQgetvalue(result, 0, 1), &unknown);
	file->unknown = unknown;
	if (strcmp(PQgetvalue(result, 0, 0), "[]") == 0) {
		release(file);
		http_reply_problem(request, 422, "nothing", "Tidak ada hasil di berkas ini untuk lembar ini: isi kolom Hasil, lalu kirim lagi.",
			"This file has no result for this sheet: fill in the column Hasil and send it again.");
		return;
	}
	http_sql_try(request, "api_sheet_answers", DB_VALUES(http_path(request, "sheet"), PQgetvalue(result, 0, 0)), answered, failed, NULL);
}

static void file_read(struct http_request *request)
{
	struct sheet_file *file = request->data;
	char *rows;

	if (file->rc < 0) {
		release(file);
		http_reply_error(request, &file->err);
		return;
	}
	rows = json_dumps(file->rows, JSON_COMPACT);
	http_sql_try(request, "api_sheet_workbook", DB_VALUES(http_path(request, "sheet"), rows, http_json_text(request, "verifier")), placed, failed, NULL);
	free(rows);
}

void api_take_sheet(struct http_request *request)
{
	struct sheet_file *file = arena_alloc(&request->arena, sizeof *file);
	const char *verifier = http_json_text(request, "verifier");
	int64_t number;

	if (!file) {
		http_reply_busy(request);
		return;
	}
	if (!http_integer(http_path(request, "sheet"), &number)) {
		http_reply_absent(request);
		return;
	}
	if (!http_json_text(request, "workbook") || !verifier || !*verifier || strlen(verifier) > 100) {
		http_reply_problem(request, 422, "missing", "Sertakan berkas dan nama petugas yang datang ke rumah warga.",
			"Send the file and the name of whoever was at the doors.");
		return;
	}
	*file = (struct sheet_file){.rows = json_array(), .problems = json_array()};
	request->data = file;
	if (!http_pool_run(request, read_in_pool, file_read))
		release(file);
}
