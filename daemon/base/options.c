/*
 * Options of a verb from a table. See options.h. Called by every daemon/cli/cli_VERB.c.
 */
#include "daemon/base/options.h"

#include "matcher/compare/edit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What every verb has, for the help: daemon/padan.c takes --lang off the command line before a verb sees it. */
static const struct option_spec common[] = {
	{"lang", OPTION_CHOICE, NULL, "id|en", "Bahasa keluaran: Indonesia (id) atau Inggris (en)",
		"Language of the output: Indonesian (id) or English (en)", .choices = "id|en"},
	{"help", OPTION_FLAG, NULL, NULL, "Bantuan ini", "This help"},
	{0},
};

/* What stands for a value in the tables, and how an Indonesian reader calls it. */
static const char *const value_words[][2] = {
	{"CODE", "KODE"}, {"COL", "KOLOM"}, {"CONFIG", "KONFIGURASI"}, {"DATE", "TANGGAL"}, {"DD", "HH"}, {"DIR", "FOLDER"},
	{"FILE", "BERKAS"}, {"FLAG", "TEMUAN"}, {"KIND", "JENIS"}, {"LIST", "DAFTAR"}, {"MM", "BB"}, {"NAME", "NAMA"},
	{"NUMBER", "NOMOR"}, {"OFFICE", "DINAS"}, {"PERIOD", "PERIODE"}, {"ROW", "BARIS"}, {"SECONDS", "DETIK"},
	{"SEVERITY", "TINGKAT"}, {"STATE", "SIFAT"}, {"TEXT", "TEKS"}, {"TYPE", "JENIS"}, {"VILLAGE", "DESA"},
	{"YYYY", "TTTT"},
};

enum { SHOWN_MAX = 128, HELP_COLUMNS = 118 };

/* "LIST:ROW" as the reader's language has it: "DAFTAR:BARIS". */
static const char *shown(const char *text, enum lang lang, char out[SHOWN_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	while (*text && used < SHOWN_MAX - 1) {
		size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		const char *word = text;
		size_t length = n ? n : 1;

		for (size_t i = 0; lang == LANG_ID && i < sizeof value_words / sizeof value_words[0]; i++)
			if (strlen(value_words[i][0]) == n && memcmp(value_words[i][0], text, n) == 0) {
				word = value_words[i][1];
				length = strlen(word);
			}
		used += (size_t)snprintf(out + used, SHOWN_MAX - used, "%.*s", (int)length, word);
		text += n ? n : 1;
	}
	return out;
}

/* `padan import`, but `padand`. */
static const char *program_of(const struct command_spec *command)
{
	return strcmp(command->verb, "padand") == 0 ? "" : "padan ";
}

static const struct option_spec *find_in(const struct option_spec *table, const char *name, size_t n)
{
	for (; table && table->name; table++)
		if (strlen(table->name) == n && memcmp(table->name, name, n) == 0)
			return table;
	return NULL;
}

static const char *nearest_name(const struct command_spec *command, const char *name)
{
	const struct option_spec *tables[] = {command->options, common};
	const char *best = NULL;
	unsigned best_edits = 3;

	for (size_t t = 0; t < 2; t++) {
		for (const struct option_spec *o = tables[t]; o && o->name; o++) {
			unsigned edits = edit_osa(str_from(name), str_from(o->name), best_edits);

			if (strlen(name) >= 3 && strncmp(o->name, name, strlen(name)) == 0)
				edits = 1;
			if (edits < best_edits) {
				best_edits = edits;
				best = o->name;
			}
		}
	}
	return best;
}

static int unknown_option(const struct command_spec *command, const char *name, size_t n, struct error *err)
{
	char cut[64];
	const char *near;

	snprintf(cut, sizeof cut, "%.*s", (int)(n < sizeof cut ? n : sizeof cut - 1), name);
	near = nearest_name(command, cut);
	if (near)
		return error_set(err, ERROR_USAGE, "Opsi --%s tidak dikenal; maksud Anda --%s?",
			"Unknown option --%s; did you mean --%s?", cut, near);
	return error_set(err, ERROR_USAGE, "Opsi --%s tidak dikenal.", "Unknown option --%s.", cut);
}

static bool is_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);

	while (*choices) {
		size_t length = strcspn(choices, "|");

		if (length == n && memcmp(choices, value, n) == 0)
			return true;
		choices += length + (choices[length] == '|');
	}
	return false;
}

static int set_number(const struct option_spec *option, const char *value, struct error *err)
{
	char *end;
	double number;
	long integer = 0;

	errno = 0;
	if (option->kind == OPTION_INTEGER) {
		integer = strtol(value, &end, 10);
		number = (double)integer;
	} else {
		number = strtod(value, &end);
	}
	if (end == value || *end || errno || !(number >= option->min && number <= option->max))
		return error_set(err, ERROR_USAGE, "Nilai --%s harus angka dari %.10g sampai %.10g, bukan \"%.40s\".",
			"--%s takes a number from %.10g to %.10g, not \"%.40s\".", option->name, option->min, option->max, value);
	if (option->kind == OPTION_INTEGER)
		*(long *)option->value = integer;
	else
		*(double *)option->value = number;
	return 0;
}

static int set_value(const struct option_spec *option, const char *value, struct error *err)
{
	struct option_list *list;

	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)option->value = true;
		return 0;
	case OPTION_CHOICE:
		if (!is_choice(option->choices, value))
			return error_set(err, ERROR_USAGE, "Nilai --%s harus salah satu dari %s, bukan \"%.40s\".",
				"--%s takes one of %s, not \"%.40s\".", option->name, option->choices, value);
		*(const char **)option->value = value;
		return 0;
	case OPTION_TEXT:
		*(const char **)option->value = value;
		return 0;
	case OPTION_LIST:
		list = option->value;
		if (list->count == OPTION_LIST_MAX)
			return error_set(err, ERROR_USAGE, "Opsi --%s diberikan lebih dari %d kali.",
				"Option --%s is given more than %d times.", option->name, OPTION_LIST_MAX);
		list->items[list->count++] = value;
		return 0;
	case OPTION_INTEGER:
	case OPTION_NUMBER:
		return set_number(option, value, err);
	}
	return 0;
}

/* One "--name", "--name=value" or "--name value"; *used says how many words of argv it took. */
static int take_option(const struct command_spec *command, char **words, int left, int *used, enum lang lang,
	struct error *err)
{
	const char *name = words[0] + 2;
	size_t n = strcspn(name, "=");
	const char *value = name[n] == '=' ? name + n + 1 : NULL;
	const struct option_spec *option = find_in(command->options, name, n);

	char text[SHOWN_MAX];

	*used = 1;
	if (!option)
		return unknown_option(command, name, n, err);
	if (option->kind == OPTION_FLAG && value)
		return error_set(err, ERROR_USAGE, "Opsi --%s tidak memakai nilai.", "Option --%s takes no value.", option->name);
	if (option->kind != OPTION_FLAG && !value) {
		if (left < 2)
			return error_set(err, ERROR_USAGE, "Opsi --%s memerlukan nilai %s.", "Option --%s needs a value %s.",
				option->name, shown(option->argument, lang, text));
		value = words[1];
		*used = 2;
	}
	return set_value(option, value, err);
}

/* --help counts even where another option is wrong. */
static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static int check_operands(const struct command_spec *command, const struct options_result *result, struct error *err)
{
	char text[SHOWN_MAX];

	if (result->operand_count < command->operands_min)
		return error_set(err, ERROR_USAGE, "Masih kurang: %s.", "Missing: %s.",
			shown(command->operands, result->lang, text));
	if (result->operand_count > command->operands_max)
		return error_set(err, ERROR_USAGE, "Kata \"%.60s\" tidak diharapkan di sini.", "\"%.60s\" is not expected here.",
			result->operands[command->operands_max]);
	return 0;
}

int options_parse(const struct command_spec *command, int argc, char **argv, struct options_result *result,
	struct error *err)
{
	int kept = 1, i = 1;

	*result = (struct options_result){.lang = lang_from_environment(), .operands = argv + 1};
	result->help = asks_for_help(argc, argv);
	if (result->help)
		return 0;
	while (i < argc) {
		int used = 1;

		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[kept++] = argv[i];
			break;
		}
		if (strncmp(argv[i], "--", 2) == 0) {
			if (take_option(command, argv + i, argc - i, &used, result->lang, err) < 0)
				return -1;
		} else if (argv[i][0] == '-' && argv[i][1]) {
			return error_set(err, ERROR_USAGE, "Opsi %.40s tidak dikenal; opsi ditulis dengan dua tanda: --nama.",
				"Unknown option %.40s; options are written with two dashes: --name.", argv[i]);
		} else {
			argv[kept++] = argv[i];
		}
		i += used;
	}
	result->operand_count = kept - 1;
	return check_operands(command, result, err);
}

static int shown_width(const struct option_spec *option, enum lang lang)
{
	char text[SHOWN_MAX];

	return (int)(strlen(option->name) + (option->argument ? 1 + strlen(shown(option->argument, lang, text)) : 0));
}

/* Words from this column on, and further lines below them where they would not fit. */
static void print_words(const char *words, int column, FILE *to)
{
	int used = column;

	while (*words) {
		int n = (int)strcspn(words, " ");

		if (used > column && used + 1 + n > HELP_COLUMNS) {
			fprintf(to, "\n%*s", column, "");
			used = column;
		}
		fprintf(to, "%s%.*s", used > column ? " " : "", n, words);
		used += n + (used > column);
		words += n;
		words += *words == ' ';
	}
	fputc('\n', to);
}

static void print_options(const struct option_spec *table, int width, enum lang lang, FILE *to)
{
	char text[SHOWN_MAX];

	for (const struct option_spec *o = table; o && o->name; o++) {
		fprintf(to, "  --%s%s%s%*s  ", o->name, o->argument ? " " : "", o->argument ? shown(o->argument, lang, text) : "",
			width - shown_width(o, lang), "");
		print_words(lang_text(lang, o->id, o->en), width + 6, to);
	}
}

void options_print_help(const struct command_spec *command, enum lang lang, FILE *to)
{
	const struct option_spec *tables[] = {command->options, common};
	char text[SHOWN_MAX];
	int width = 0;

	for (size_t t = 0; t < 2; t++)
		for (const struct option_spec *o = tables[t]; o && o->name; o++)
			width = shown_width(o, lang) > width ? shown_width(o, lang) : width;
	fprintf(to, "%s %s%s%s%s %s\n\n%s\n\n%s\n", lang_text(lang, "Pemakaian:", "Usage:"), program_of(command), command->verb,
		*command->operands ? " " : "", shown(command->operands, lang, text), lang_text(lang, "[opsi]", "[options]"),
		lang_text(lang, command->id, command->en), lang_text(lang, "Opsi:", "Options:"));
	print_options(command->options, width, lang, to);
	print_options(common, width, lang, to);
	if (command->examples)
		fprintf(to, "\n%s\n%s\n", lang_text(lang, "Contoh:", "Examples:"), command->examples);
}

int options_parse_or_exit_status(const struct command_spec *command, int argc, char **argv,
	struct options_result *result)
{
	struct error err = {0};

	if (options_parse(command, argc, argv, result, &err) < 0) {
		fprintf(stderr, "%s%s: %s\n%s %s%s --help\n", program_of(command), command->verb, lang_error(result->lang, &err),
			lang_text(result->lang, "Bantuan:", "Help:"), program_of(command), command->verb);
		return error_exit_status(&err);
	}
	if (result->help) {
		options_print_help(command, result->lang, stdout);
		return 0;
	}
	return OPTIONS_GO_ON;
}
