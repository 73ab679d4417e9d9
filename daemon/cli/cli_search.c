/*
 * `padan search`: finds persons in the register by name, NIK, KK number (earlier ones too), birth date or village. Numbers are
 * masked unless asked for with a reason, which is recorded.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_common.h"
#include "daemon/cli/cli_result.h"
#include "daemon/db/copy_text.h"
#include "daemon/db/sql.h"
#include "matcher/normalise/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct searching {
	struct db_sync db;
	struct arena arena;
	enum lang lang;
	bool json, unmask;
	const char *conninfo, *district_code, *nik, *kk, *birth, *village, *reason, *who;
	long limit;
	char district[16];
};

static const struct cli_column columns[] = {
	{"person", "Orang", "Person", CLI_ID},
	{"household", "Keluarga", "Household", CLI_ID, .minor = true},
	{"name", "Nama", "Name", CLI_TEXT},
	{"nik", "NIK", "NIK", CLI_WHOLE},
	{"kk", "No. KK", "KK", CLI_WHOLE, .minor = true},
	{"birth", "Lahir", "Born", CLI_TEXT},
	{"village_name", "Desa", "Village", CLI_TEXT},
	{"lists", "Daftar", "Lists", CLI_TEXT},
	{"flags", "Temuan", "Flags", CLI_NUMBER},
	{0},
};

/* The canonical form of what was typed, the same as in the register: "" → NULL. */
static const char *canonical(struct searching *s, enum field_type type, const char *typed, struct error *err)
{
	struct field_value value;
	char number[24];

	if (!typed)
		return NULL;
	if (field_normalise(type, str_from(typed), false, &s->arena, &value) < 0) {
		error_memory(err);
		return NULL;
	}
	if (field_missing(&value)) {
		error_set(err, ERROR_USAGE, "\"%.40s\" tidak dapat dibaca.", "\"%.40s\" cannot be read.", typed);
		return NULL;
	}
	if (type == FIELD_NAME)
		return arena_str(&s->arena, value.text).p;
	snprintf(number, sizeof number, "%" PRIu64, value.number);
	return arena_str(&s->arena, str_from(number)).p;
}

/* "SITI AMINAH" → {SITI,AMINAH}; a % or _ in a name would be a wildcard, but canonical names hold letters alone. */
static const char *words_array(struct searching *s, const char *name)
{
	struct str words[16];
	size_t n = 0;

	while (name && *name && n < 16) {
		size_t length = strcspn(name, " ");

		if (length)
			words[n++] = (struct str){name, length};
		name += length + (name[length] == ' ');
	}
	return n ? copy_array_literal(words, n, &s->arena) : NULL;
}

/* Masks NIK and KK in place: results are copied into a new PGresult, since libpq's are read-only. */
static PGresult *masked_copy(const PGresult *result)
{
	PGresult *copy = PQcopyResult(result, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	const char *const names[] = {"nik", "kk", "birth"};
	char masked[64];

	for (int r = 0; copy && r < PQntuples(copy); r++) {
		for (size_t i = 0; i < 3; i++) {
			int column = PQfnumber(copy, names[i]);
			char text[32];

			if (PQgetisnull(copy, r, column))
				continue;
			snprintf(text, sizeof text, "%s", PQgetvalue(copy, r, column));
			if (i < 2)
				cli_masked(text, masked);
			else
				snprintf(masked, sizeof masked, "%.4s", text);
			if (!PQsetvalue(copy, r, column, masked, (int)strlen(masked))) {
				PQclear(copy);
				return NULL;
			}
		}
	}
	return copy;
}

static int record(struct searching *s, int n, struct error *err)
{
	char count[16];

	snprintf(count, sizeof count, "%d", n);
	if (db_sync_exec(&s->db, "BEGIN", err) < 0 || db_sync_act_as(&s->db, s->who, err) < 0 ||
		db_sync_run(&s->db, "SELECT padan.record_unmasking($1::integer, 'search', NULL, NULL, NULL, $2::bigint, $3)",
			DB_VALUES(s->district, count, s->reason), NULL, err) < 0)
		return -1;
	return db_sync_exec(&s->db, "COMMIT", err);
}

static int print_hits(struct searching *s, const PGresult *hits, struct error *err)
{
	long total = PQntuples(hits) ? db_long(hits, 0, PQfnumber(hits, "total")) : 0;
	char number[32];

	if (s->json) {
		json_t *rows = cli_json_rows(hits), *row;
		size_t i;

		/* Numbers of persons are texts: a JSON number would lose digits, or be masked into something else. */
		json_array_foreach(rows, i, row)
		{
			json_object_set_new(row, "nik", cli_json_text(hits, (int)i, PQfnumber(hits, "nik")));
			json_object_set_new(row, "kk", cli_json_text(hits, (int)i, PQfnumber(hits, "kk")));
			json_object_set_new(row, "birth", cli_json_text(hits, (int)i, PQfnumber(hits, "birth")));
		}
		return cli_print_json(rows, err);
	}
	if (!total) {
		puts(lang_text(s->lang, "Tidak ditemukan.", "Not found."));
		return 0;
	}
	if (cli_print_table(hits, columns, s->lang, err) < 0)
		return -1;
	if (total > PQntuples(hits))
		printf(lang_text(s->lang, "Semuanya %s orang; persempit pencarian, atau --limit.\n",
			       "%s persons in all; narrow the search, or use --limit.\n"), cli_number(s->lang, total, number));
	return 0;
}

static int search(struct searching *s, const char *typed_name, struct error *err)
{
	const char *nik = canonical(s, FIELD_NIK, s->nik, err), *kk = canonical(s, FIELD_KK, s->kk, err);
	const char *birth = canonical(s, FIELD_DATE, s->birth, err), *name = canonical(s, FIELD_NAME, typed_name, err);
	PGresult *hits = NULL, *shown = NULL;
	char limit[24];
	int rc = 0;

	if (err->kind != ERROR_NONE)
		return -1;
	if (!nik && !kk && !birth && !name)
		return error_set(err, ERROR_USAGE, "Sebutkan nama, --nik, --kk atau --birth.", "Give a name, --nik, --kk or --birth.");
	if (s->unmask && !(s->reason && *s->reason))
		return error_set(err, ERROR_USAGE, "--unmask memerlukan --reason \"…\"; permintaan ini dicatat.",
			"--unmask needs --reason \"…\"; it is recorded.");
	snprintf(limit, sizeof limit, "%ld", s->limit);
	if (db_sync_query(&s->db, sql_find("cli_search"),
		    DB_VALUES(s->district, nik, kk, words_array(s, name), birth, s->village, limit), &hits, err) < 0)
		return -1;
	if (s->unmask) {
		rc = record(s, PQntuples(hits), err);
	} else {
		shown = masked_copy(hits);
		if (!shown)
			rc = error_memory(err);
	}
	if (rc == 0)
		rc = print_hits(s, shown ? shown : hits, err);
	PQclear(hits);
	PQclear(shown);
	return rc;
}

int cli_search(int argc, char **argv)
{
	struct searching s = {.limit = 50};
	const struct option_spec options[] = {
		{"nik", OPTION_TEXT, &s.nik, "NIK", "NIK", "NIK"},
		{"kk", OPTION_TEXT, &s.kk, "KK", "Nomor KK, yang lama pun", "Family card's number, an earlier one too"},
		{"birth", OPTION_TEXT, &s.birth, "DATE", "Tanggal lahir", "Birth date"},
		{"village", OPTION_TEXT, &s.village, "VILLAGE", "Desa: kode atau nama", "Village: its code or name"},
		{"limit", OPTION_INTEGER, &s.limit, "N", "Paling banyak sekian orang (bawaan 50)", "At most so many persons (default 50)",
			.min = 1, .max = 10000},
		{"unmask", OPTION_FLAG, &s.unmask, NULL, "Tampilkan NIK dan KK lengkap; dicatat, perlu --reason",
			"Show whole NIKs and KK numbers; recorded, needs --reason"},
		{"reason", OPTION_TEXT, &s.reason, "TEXT", "Untuk apa", "What for"},
		{"who", OPTION_TEXT, &s.who, "NAME", "Siapa yang meminta", "Who asks"},
		CLI_DISTRICT_OPTION(s.district_code),
		CLI_JSON_OPTION(s.json),
		CLI_DB_OPTION(s.conninfo),
		{0},
	};
	const struct command_spec command = {"search", "[NAME]",
		"Mencari orang dalam semua daftar: menurut nama (ejaan lama dan singkatan dikenali), NIK, nomor KK, tanggal lahir.",
		"Finds persons in all lists: by name (old spellings and abbreviations are understood), NIK, KK number, birth date.",
		options, 0, 1, "  padan search \"siti aminah\" --village Mestong\n  padan search --kk 1505012003120004"};
	struct options_result got;
	struct error err = {0};
	int number, rc, status = options_parse_or_exit_status(&command, argc, argv, &got);

	if (status != OPTIONS_GO_ON)
		return status;
	s.lang = got.lang;
	arena_init(&s.arena, 0);
	rc = db_sync_open(&s.db, s.conninfo, &err);
	if (rc == 0)
		rc = cli_district(&s.db, s.district_code, &number, &err);
	if (rc == 0) {
		snprintf(s.district, sizeof s.district, "%d", number);
		rc = search(&s, got.operand_count ? got.operands[0] : NULL, &err);
	}
	db_sync_close(&s.db);
	arena_release(&s.arena);
	return rc < 0 ? cli_fail("search", got.lang, &err) : 0;
}
