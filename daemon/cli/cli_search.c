/*
 * `padan search`: finds persons in the register by name, NIK, KK number (earlier ones too), birth date or village. Numbers are
 * masked unless asked for with a reason, which is recorded.
 */
#include "daemon/cli/cli.h"
#include "daemon/cli/cli_verb.h"
#include "daemon/db/copy_text.h"
#include "daemon/db/sql.h"
#include "matcher/normalise/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct searching {
	struct cli_verb verb;
	struct arena arena;
	struct cli_unmasking unmasking;
	const char *nik, *kk, *birth, *village;
	long limit;
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

static int print_hits(struct searching *s, const PGresult *hits, struct error *err)
{
	long total = PQntuples(hits) ? db_long(hits, 0, PQfnumber(hits, "total")) : 0;
	char number[32];

	if (s->verb.json) {
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
		puts(lang_text(s->verb.lang, "Tidak ditemukan.", "Not found."));
		return 0;
	}
	if (cli_print_table(hits, columns, s->verb.lang, err) < 0)
		return -1;
	if (total > PQntuples(hits))
		printf(lang_text(s->verb.lang, "Semuanya %s orang; persempit pencarian, atau --limit.\n",
			       "%s persons in all; narrow the search, or use --limit.\n"), lang_number(s->verb.lang, total, number));
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
	if (cli_unmasking_check(&s->unmasking, err) < 0 || cli_verb_open(&s->verb, err) < 0)
		return -1;
	snprintf(limit, sizeof limit, "%ld", s->limit);
	if (db_sync_query(&s->verb.db, sql_find("cli_search"),
		    DB_VALUES(s->verb.district, nik, kk, words_array(s, name), birth, s->village, limit), &hits, err) < 0)
		return -1;
	if (s->unmasking.wanted) {
		rc = cli_unmasking_record(&s->verb, &s->unmasking, "search", NULL, NULL, NULL, PQntuples(hits), err);
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

static int run(struct cli_verb *verb, struct error *err)
{
	struct searching *s = (struct searching *)verb;
	int rc;

	arena_init(&s->arena, 0);
	rc = search(s, verb->n_words ? verb->words[0] : NULL, err);
	arena_release(&s->arena);
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
		CLI_UNMASKING_OPTIONS(s.unmasking, "Tampilkan NIK dan KK lengkap", "Show whole NIKs and KK numbers"),
		CLI_VERB_OPTIONS(s.verb),
		{0},
	};
	const struct command_spec command = {"search", "[NAME]",
		"Mencari orang dalam semua daftar: menurut nama (ejaan lama dan singkatan dikenali), NIK, nomor KK, tanggal lahir.",
		"Finds persons in all lists: by name (old spellings and abbreviations are understood), NIK, KK number, birth date.",
		options, 0, 1, "  padan search \"siti aminah\" --village Mestong\n  padan search --kk 1505012003120004"};

	return cli_verb_run(&command, argc, argv, &s.verb, run);
}
