/*
 * Results as tables and JSON. See cli_result.h.
 */
#include "daemon/cli/cli_result.h"

#include "daemon/cli/cli_common.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of PostgreSQL's built-in types (pg_type.dat); they never change. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_JSON = 114, TYPE_FLOAT4 = 700, TYPE_FLOAT8 = 701,
	TYPE_NUMERIC = 1700, TYPE_JSONB = 3802 };

static json_t *cell_json(const PGresult *result, int row, int column)
{
	const char *text = PQgetvalue(result, row, column);

	if (PQgetisnull(result, row, column))
		return json_null();
	switch (PQftype(result, column)) {
	case TYPE_BOOL:
		return json_boolean(*text == 't');
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		return json_integer(strtoll(text, NULL, 10));
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
	case TYPE_NUMERIC:
		return json_real(strtod(text, NULL));
	case TYPE_JSON:
	case TYPE_JSONB:
		return json_loads(text, JSON_DECODE_ANY, NULL);
	default:
		return json_string(text);
	}
}

json_t *cli_json_rows(const PGresult *result)
{
	json_t *rows = json_array();

	for (int r = 0; rows && r < PQntuples(result); r++) {
		json_t *row = json_object();

		for (int c = 0; c < PQnfields(result); c++)
			json_object_set_new(row, PQfname(result, c), cell_json(result, r, c));
		json_array_append_new(rows, row);
	}
	return rows;
}

static void add_cell(struct table *table, const PGresult *result, int row, int number, const struct cli_column *column,
	enum lang lang)
{
	const char *text = number < 0 ? "" : PQgetvalue(result, row, number);
	enum table_style style = TABLE_PLAIN;
	char buffer[32];

	if (*text == '\0') {
		table_cell(table, "", TABLE_PLAIN);
		return;
	}
	switch (column->kind) {
	case CLI_NUMBER:
		text = lang_number(lang, strtoll(text, NULL, 10), buffer);
		break;
	case CLI_PERCENT:
		text = lang_percent(lang, strtod(text, NULL), buffer);
		break;
	case CLI_TIME:
		snprintf(buffer, sizeof buffer, "%.16s", text);
		text = buffer;
		break;
	case CLI_DISTRICT:
		if (strlen(text) == 4) {
			snprintf(buffer, sizeof buffer, "%.2s.%.2s", text, text + 2);
			text = buffer;
		}
		break;
	case CLI_TEXT:
	case CLI_WHOLE:
	case CLI_ID:
		break;
	}
	if (column->say)
		text = column->say(text, lang, &style);
	table_cell(table, text, style);
}

/* Below a table in a terminal that was too narrow: which columns are not shown. */
static void note_left_out(const struct table *table, enum lang lang)
{
	bool any = false;

	for (unsigned c = 0; c < table->columns; c++) {
		if (!table->left_out[c])
			continue;
		printf("%s%s", any ? ", " : lang_text(lang, "(layar terlalu sempit untuk: ", "(the terminal is too narrow for: "), table->titles[c]);
		any = true;
	}
	if (any)
		puts(")");
}

int cli_print_table(const PGresult *result, const struct cli_column *columns, enum lang lang, struct error *err)
{
	struct table table;
	int numbers[TABLE_COLUMNS_MAX], rc;
	size_t n = 0;

	while (columns[n].name)
		n++;
	assert(n <= TABLE_COLUMNS_MAX);
	table_init(&table, stdout);
	for (size_t c = 0; c < n; c++) {
		bool right = columns[c].kind == CLI_NUMBER || columns[c].kind == CLI_ID || columns[c].kind == CLI_PERCENT;

		numbers[c] = PQfnumber(result, columns[c].name);
		table_column(&table, lang_text(lang, columns[c].id, columns[c].en),
			right ? TABLE_RIGHT : columns[c].kind == CLI_TIME || columns[c].kind == CLI_WHOLE ? TABLE_WHOLE : TABLE_LEFT);
		table.minor[c] = columns[c].minor;
	}
	for (int r = 0; r < PQntuples(result); r++)
		for (size_t c = 0; c < n; c++)
			add_cell(&table, result, r, numbers[c], &columns[c], lang);
	rc = table_print(&table, err);
	if (rc == 0)
		note_left_out(&table, lang);
	table_release(&table);
	return rc;
}

struct word {
	const char *text, *id, *en;
	enum table_style style;
};

static const char *say(const struct word *words, const char *text, enum lang lang, enum table_style *style)
{
	for (; words->text; words++) {
		if (strcmp(words->text, text) == 0) {
			*style = words->style;
			return lang_text(lang, words->id, words->en);
		}
	}
	return text;
}

const char *cli_say_list_state(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"staging", "masuk", "coming in", TABLE_FAINT},
		{"received", "menunggu", "waiting", TABLE_WARNING}, {"working", "diperiksa", "working", TABLE_WARNING},
		{"done", "selesai", "done", TABLE_GOOD}, {"refused", "ditolak", "refused", TABLE_BAD},
		{"withdrawn", "ditarik", "withdrawn", TABLE_FAINT}, {"erased", "dimusnahkan", "erased", TABLE_FAINT}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_list_kind(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"programme", "program", "programme", TABLE_PLAIN},
		{"target", "sasaran", "target", TABLE_PLAIN}, {"reference", "acuan", "reference", TABLE_PLAIN}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_flag_kind(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"EXCLUSION", "sasaran belum menerima", "left out", TABLE_PLAIN},
		{"INCLUSION", "bukan sasaran", "not on the target list", TABLE_PLAIN},
		{"OVERLAP", "program bertumpang tindih", "overlapping programmes", TABLE_PLAIN},
		{"DUP_PERSON_IN_LIST", "orang tercatat dua kali", "person listed twice", TABLE_PLAIN},
		{"DUP_HOUSEHOLD_IN_LIST", "keluarga tercatat dua kali", "household listed twice", TABLE_PLAIN},
		{"NIK_CONFLICT", "satu NIK, dua orang", "one NIK, two persons", TABLE_PLAIN},
		{"INELIGIBLE", "desil terlalu tinggi", "desil too high", TABLE_PLAIN},
		{"COOLDOWN", "menerima lagi terlalu cepat", "again too soon", TABLE_PLAIN},
		{"QUOTA", "melebihi kuota", "over the quota", TABLE_PLAIN},
		{"BARRED", "tercatat dalam daftar acuan", "barred by a reference list", TABLE_PLAIN},
		{"DATA_QUALITY", "mutu data", "data quality", TABLE_PLAIN},
		{"MUST_RECEIVE", "hak belum diterima", "entitlement not received", TABLE_PLAIN}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_flag_state(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"finding", "temuan", "finding", TABLE_BAD},
		{"to_check", "perlu dicek", "to check", TABLE_WARNING}, {"provisional", "sementara", "provisional", TABLE_FAINT}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_flag_status(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"found", "baru", "new", TABLE_PLAIN},
		{"assigned", "ditugaskan", "assigned", TABLE_PLAIN}, {"confirmed", "benar", "confirmed", TABLE_BAD},
		{"dismissed", "salah", "dismissed", TABLE_FAINT}, {"resolved", "selesai", "resolved", TABLE_GOOD}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_severity(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"info", "info", "info", TABLE_FAINT}, {"low", "rendah", "low", TABLE_PLAIN},
		{"medium", "sedang", "medium", TABLE_WARNING}, {"high", "tinggi", "high", TABLE_BAD}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_job(const char *text, enum lang lang, enum table_style *style)
{
	static const struct word words[] = {{"list", "daftar", "list", TABLE_PLAIN}, {"withdraw", "penarikan", "withdrawal", TABLE_PLAIN},
		{"erase", "pemusnahan", "erasure", TABLE_PLAIN}, {"redecide", "putusan ulang", "new decisions", TABLE_PLAIN},
		{"train", "pelatihan", "training", TABLE_PLAIN}, {"ready", "menunggu", "waiting", TABLE_WARNING},
		{"running", "berjalan", "running", TABLE_GOOD}, {"failed", "gagal", "failed", TABLE_BAD}, {0}};

	return say(words, text, lang, style);
}

const char *cli_say_yes(const char *text, enum lang lang, enum table_style *style)
{
	*style = TABLE_GOOD;
	return *text == 't' ? "✓" : "";
}
