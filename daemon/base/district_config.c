/*
 * The configuration of a district: sections into structs, in an order in which codes are known before they are used.
 * See district_config.h; the parts are listed in config_reader.h.
 */
#include "daemon/base/config_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

/* One section of the file with its place in the arrays of the configuration. */
struct placed {
	const struct ini_section *ini;
	enum config_section_kind kind; /* SECTION_KINDS: not known, skipped */
	void *object;                  /* what its keys are read into */
};

struct arrays {
	struct office *offices;
	struct programme *programmes;
	struct reference *references;
	struct rule *rules;
	struct period_config *periods;
};

static enum config_section_kind section_kind(struct config_reader *reader, const struct ini_section *ini)
{
	const char *names[SECTION_KINDS];
	struct config_hint hint;
	char id[CONFIG_FAULT_TEXT_MAX], en[CONFIG_FAULT_TEXT_MAX];
	size_t kind = 0;

	for (; kind < SECTION_KINDS; kind++) {
		names[kind] = CONFIG_SECTIONS[kind].name;
		if (str_equal(ini->kind, str_from(names[kind])))
			break;
	}
	if (kind == SECTION_KINDS) {
		hint = config_hint(ini->kind, names, SECTION_KINDS);
		snprintf(id, sizeof id, "bagian [%.*s] tidak dikenal%s", STR_ARGS(ini->kind), hint.id);
		snprintf(en, sizeof en, "unknown section [%.*s]%s", STR_ARGS(ini->kind), hint.en);
		config_faults_add_texts(reader->faults, ini->line, id, en);
		return SECTION_KINDS;
	}
	if (CONFIG_SECTIONS[kind].coded && !ini->code.n) {
		config_faults_add(reader->faults, ini->line, "bagian ini perlu kode: [%s kode].", "this section needs a code: [%s code].",
			names[kind]);
		return SECTION_KINDS;
	}
	if (!CONFIG_SECTIONS[kind].coded && ini->code.n) {
		config_faults_add(reader->faults, ini->line, "bagian [%s] tidak memakai kode.", "section [%s] takes no code.",
			names[kind]);
		return SECTION_KINDS;
	}
	return (enum config_section_kind)kind;
}

/* Codes that differ in case alone are one code to a person. */
static bool is_repeated(struct config_reader *reader, const struct placed *placed, size_t n)
{
	const struct placed *now = &placed[n];

	for (size_t i = 0; i < n; i++) {
		const struct ini_section *before = placed[i].ini;

		if (placed[i].kind != now->kind || before->code.n != now->ini->code.n ||
			strncasecmp(before->code.p ? before->code.p : "", now->ini->code.p ? now->ini->code.p : "", before->code.n) != 0)
			continue;
		if (now->ini->code.n)
			config_faults_add(reader->faults, now->ini->line, "[%s %.*s] sudah ada pada baris %u; kode hanya boleh dipakai sekali.",
				"[%s %.*s] stands on line %u already; a code may be used once.", CONFIG_SECTIONS[now->kind].name,
				STR_ARGS(now->ini->code), before->line);
		else
			config_faults_add(reader->faults, now->ini->line, "[%s] sudah ada pada baris %u; gabungkan keduanya.",
				"[%s] stands on line %u already; join the two.", CONFIG_SECTIONS[now->kind].name, before->line);
		return true;
	}
	return false;
}

static bool is_period(struct str s)
{
	bool good = s.n == 4 || (s.n == 7 && s.p[4] == '-');

	for (size_t i = 0; i < s.n && good; i++)
		good = i == 4 || (s.p[i] >= '0' && s.p[i] <= '9');
	if (good && s.n == 7) {
		int month = (s.p[5] - '0') * 10 + s.p[6] - '0';

		good = month >= 1 && month <= 12;
	}
	return good;
}

/* The object that a section's keys go into, with its code and what holds without any key. */
static void *place_section(struct config_reader *reader, const struct ini_section *ini, enum config_section_kind kind,
	struct arrays *arrays)
{
	struct ruleset *rules = &reader->out->rules;
	struct str code = config_copy(reader, ini->code);
	struct period_config *period;

	switch (kind) {
	case SECTION_OFFICE:
		if (str_equal(code, STR_LITERAL("done")) || str_equal(code, STR_LITERAL("refused")))
			config_faults_add(reader->faults, ini->line, "kode \"%.*s\" adalah nama folder kotak masuk; pilih kode lain untuk dinas ini.",
				"the code \"%.*s\" is a folder of the inbox; choose another for this office.", STR_ARGS(code));
		arrays->offices[rules->n_offices] = (struct office){.code = code};
		return &arrays->offices[rules->n_offices++];
	case SECTION_PROGRAMME:
		if (str_equal(code, STR_LITERAL("target")))
			config_faults_add(reader->faults, ini->line, "kode \"target\" dipakai untuk daftar sasaran; pilih kode lain.",
				"the code \"target\" stands for the target list; choose another.");
		arrays->programmes[rules->n_programmes] =
			(struct programme){.code = code, .office = -1, .inclusion = true, .expected_months = 0x1FFE};
		return &arrays->programmes[rules->n_programmes++];
	case SECTION_REFERENCE:
		arrays->references[rules->n_references] = (struct reference){.code = code, .office = -1};
		return &arrays->references[rules->n_references++];
	case SECTION_RULE:
		arrays->rules[rules->n_rules] =
			(struct rule){.code = code, .reference = -1, .severity = SEVERITY_MEDIUM, .line = ini->line};
		return &arrays->rules[rules->n_rules++];
	case SECTION_PERIOD:
		if (!is_period(code))
			config_faults_add(reader->faults, ini->line, "periode ditulis TTTT-BB atau TTTT, misalnya [period 2024-07].",
				"a period is written YYYY-MM or YYYY, such as [period 2024-07].");
		period = &arrays->periods[reader->out->n_periods++];
		*period = (struct period_config){.code = code, .line = ini->line};
		return period;
	case SECTION_DISTRICT:
	case SECTION_TARGET:
	case SECTION_COLUMNS:
	case SECTION_ALERTS:
	case SECTION_VILLAGES:
	case SECTION_THRESHOLDS:
	case SECTION_KINDS:
		break;
	}
	return reader->out;
}

static bool make_arrays(struct config_reader *reader, size_t n, struct arrays *arrays)
{
	struct ruleset *rules = &reader->out->rules;

	rules->offices = arrays->offices = arena_array(reader->arena, n + 1, sizeof *arrays->offices);
	rules->programmes = arrays->programmes = arena_array(reader->arena, n + 1, sizeof *arrays->programmes);
	rules->references = arrays->references = arena_array(reader->arena, n + 1, sizeof *arrays->references);
	rules->rules = arrays->rules = arena_array(reader->arena, n + 1, sizeof *arrays->rules);
	reader->out->periods = arrays->periods = arena_array(reader->arena, n + 1, sizeof *arrays->periods);
	return arrays->offices && arrays->programmes && arrays->references && arrays->rules && arrays->periods;
}

static void unknown_key(struct config_reader *reader, enum config_section_kind kind, const struct ini_entry *entry)
{
	char id[CONFIG_FAULT_TEXT_MAX], en[CONFIG_FAULT_TEXT_MAX];
	const char *names[COLUMN_ROLES + 1];
	struct config_hint hint;
	size_t n = 0;

	for (const struct config_key *key = CONFIG_SECTIONS[kind].keys; key->name; key++)
		names[n++] = key->name;
	if (kind == SECTION_COLUMNS)
		for (enum column_role role = COLUMN_IGNORE; role < COLUMN_ROLES; role++)
			names[n++] = column_role_name(role);
	hint = config_hint(entry->key, names, n);
	snprintf(id, sizeof id, "[%s] tidak mengenal kunci \"%.*s\"%s", CONFIG_SECTIONS[kind].name, STR_ARGS(entry->key), hint.id);
	snprintf(en, sizeof en, "[%s] has no key \"%.*s\"%s", CONFIG_SECTIONS[kind].name, STR_ARGS(entry->key), hint.en);
	config_faults_add_texts(reader->faults, entry->line, id, en);
}

static void read_section(struct config_reader *reader, const struct placed *placed)
{
	const struct config_key *keys = CONFIG_SECTIONS[placed->kind].keys;
	const struct ini_section *ini = placed->ini;

	for (size_t i = 0; i < ini->n_entries; i++) {
		const struct config_key *key = keys;

		while (key->name && !str_equal(ini->entries[i].key, str_from(key->name)))
			key++;
		if (!key->name)
			unknown_key(reader, placed->kind, &ini->entries[i]);
		else if (ini->entries[i].value.n)
			config_read_value(reader, key, &ini->entries[i], placed->object);
	}
	for (const struct config_key *key = keys; key->name; key++)
		if (key->needed && !config_given(ini, key->name))
			config_faults_add(reader->faults, ini->line, "[%s%s%.*s] belum punya \"%s\".", "[%s%s%.*s] lacks \"%s\".",
				CONFIG_SECTIONS[placed->kind].name, ini->code.n ? " " : "", STR_ARGS(ini->code), key->name);
}

/* [columns]: every key is a role, every value a list of words for it; a word speaks for one role. */
static void read_columns(struct config_reader *reader, const struct ini_section *ini)
{
	struct column_synonym *synonyms;
	size_t max = 0, n = 0;

	for (size_t i = 0; i < ini->n_entries; i++)
		for (size_t j = 0; j < ini->entries[i].value.n; j++)
			max += j == 0 || ini->entries[i].value.p[j] == ',';
	synonyms = arena_array(reader->arena, max + 1, sizeof *synonyms);
	if (!synonyms) {
		reader->no_memory = true;
		return;
	}
	for (size_t i = 0; i < ini->n_entries; i++) {
		const struct ini_entry *entry = &ini->entries[i];
		enum column_role role = column_role_from_name(entry->key);
		struct str rest = entry->value, piece;

		if (role == COLUMN_ROLES) {
			unknown_key(reader, SECTION_COLUMNS, entry);
			continue;
		}
		while (entry->value.n && config_next_piece(&rest, &piece)) {
			if (!piece.n || piece.n > 200) {
				config_faults_add(reader->faults, entry->line, "%.*s: sebutan kosong atau terlalu panjang di antara koma.",
					"%.*s: an empty or overlong word between commas.", STR_ARGS(entry->key));
				continue;
			}
			synonyms[n++] = (struct column_synonym){role, config_copy(reader, piece).p};
		}
	}
	reader->out->synonyms = synonyms;
	reader->out->n_synonyms = n;
}

static int compare_synonyms(const void *a, const void *b)
{
	const struct column_synonym *const *left = a, *const *right = b;

	return strcasecmp((*left)->text, (*right)->text);
}

static void check_columns(struct config_reader *reader, unsigned line)
{
	const struct district_config *config = reader->out;
	const struct column_synonym **sorted = arena_array(reader->arena, config->n_synonyms + 1, sizeof *sorted);

	if (!sorted || reader->no_memory) {
		reader->no_memory = true;
		return;
	}
	for (size_t i = 0; i < config->n_synonyms; i++)
		sorted[i] = &config->synonyms[i];
	qsort(sorted, config->n_synonyms, sizeof *sorted, compare_synonyms);
	for (size_t i = 1; i < config->n_synonyms; i++)
		if (sorted[i]->role != sorted[i - 1]->role && strcasecmp(sorted[i]->text, sorted[i - 1]->text) == 0)
			config_faults_add(reader->faults, line, "[columns]: \"%.60s\" disebut untuk %s dan %s; pilih salah satu.",
				"[columns]: \"%.60s\" is given for %s and %s; choose one.", sorted[i]->text,
				column_role_name(sorted[i]->role < sorted[i - 1]->role ? sorted[i]->role : sorted[i - 1]->role),
				column_role_name(sorted[i]->role < sorted[i - 1]->role ? sorted[i - 1]->role : sorted[i]->role));
}

/* barred_by asks about the person unless told otherwise; the others about the household. */
static void default_rule(const struct ini_section *ini, struct rule *rule)
{
	if (rule->kind == RULE_BARRED_BY && !config_given(ini, "level"))
		rule->level = LEVEL_PERSON;
}

static void check_whole(struct config_reader *reader, const struct placed *placed, size_t n)
{
	const struct district_config *config = reader->out;
	bool district = false;

	for (size_t i = 0; i < n; i++) {
		const struct ini_section *ini = placed[i].ini;

		district |= placed[i].kind == SECTION_DISTRICT;
		if (placed[i].kind == SECTION_RULE) {
			default_rule(ini, placed[i].object);
			config_check_rule(reader, ini, placed[i].object);
		}
		if (placed[i].kind == SECTION_COLUMNS)
			check_columns(reader, ini->line);
		if (placed[i].kind == SECTION_ALERTS && config->alerts.n_emails && !config_given(ini, "smtp"))
			config_faults_add(reader->faults, ini->line, "[alerts]: email diisi tanpa smtp; tulis server suratnya.",
				"[alerts]: email is given without smtp; name the mail server.");
		if (placed[i].kind == SECTION_THRESHOLDS && config->link_threshold > 0 &&
			config->doubtful_from > config->link_threshold)
			config_faults_add(reader->faults, ini->line, "[thresholds]: doubtful lebih besar daripada link.",
				"[thresholds]: doubtful is greater than link.");
	}
	if (!district)
		config_faults_add(reader->faults, 0, "Bagian [district] (code, name) belum ada.",
			"The section [district] (code, name) is missing.");
}

static void read_sections(struct config_reader *reader, const struct ini_text *text)
{
	struct placed *placed = arena_array(reader->arena, text->n_sections + 1, sizeof *placed);
	struct arrays arrays;
	size_t n = 0;

	if (!placed || !make_arrays(reader, text->n_sections, &arrays)) {
		reader->no_memory = true;
		return;
	}
	for (size_t i = 0; i < text->n_sections; i++) {
		placed[n] = (struct placed){&text->sections[i], section_kind(reader, &text->sections[i]), NULL};
		if (placed[n].kind == SECTION_KINDS || is_repeated(reader, placed, n))
			continue;
		placed[n].object = place_section(reader, placed[n].ini, placed[n].kind, &arrays);
		n++;
	}
	/* A code that could not be copied has no text to look up. */
	for (size_t i = 0; i < n && !reader->no_memory; i++) {
		if (placed[i].kind == SECTION_COLUMNS)
			read_columns(reader, placed[i].ini);
		else
			read_section(reader, &placed[i]);
	}
	if (!reader->no_memory)
		check_whole(reader, placed, n);
}

int district_config_parse(struct str text, struct arena *arena, struct district_config *out, struct config_faults *faults,
	struct error *err)
{
	struct config_faults *own = faults ? faults : arena_alloc(arena, sizeof *own);
	struct config_reader reader = {arena, out, own, false};
	struct ini_text ini;

	*out = (struct district_config){
		.target_office = -1, .alerts.digest_hour = 7, .rules.finding_from = RULES_FINDING_FROM};
	if (!own)
		return error_memory(err);
	*own = (struct config_faults){0};
	if (ini_text_parse(text, arena, &ini, own, err) < 0)
		return -1;
	if (!own->total || ini.n_sections)
		read_sections(&reader, &ini);
	if (reader.no_memory)
		return error_memory(err);
	return config_faults_error(own, err);
}

/* At most one byte more than a configuration may have, so that ini_text can tell. */
static int read_file(const char *path, struct arena *arena, struct str *ret, struct error *err)
{
	char *buffer = arena_alloc(arena, INI_TEXT_MAX + 1);
	FILE *file;
	int failed;

	if (!buffer)
		return error_memory(err);
	file = fopen(path, "rbe");
	if (!file)
		return error_set(err, ERROR_INPUT, "%s: tidak bisa dibuka: %s", "%s: cannot be opened: %s", path, strerror(errno));
	ret->n = fread(buffer, 1, INI_TEXT_MAX + 1, file);
	ret->p = buffer;
	failed = ferror(file) ? errno : 0;
	fclose(file);
	if (failed)
		return error_set(err, ERROR_INPUT, "%s: tidak bisa dibaca: %s", "%s: cannot be read: %s", path, strerror(failed));
	return 0;
}

int district_config_read(const char *path, struct arena *arena, struct district_config *out, struct config_faults *faults,
	struct error *err)
{
	struct arena scratch;
	struct str text;
	int status;

	arena_init(&scratch, 0);
	if (faults)
		*faults = (struct config_faults){0};
	status = read_file(path, &scratch, &text, err);
	if (status == 0 && district_config_parse(text, arena, out, faults, err) < 0)
		status = error_context(err, path, path);
	arena_release(&scratch);
	return status;
}

void district_config_print_faults(const struct config_faults *faults, const char *path, bool english, FILE *to)
{
	for (size_t i = 0; i < faults->n; i++) {
		const struct config_fault *fault = &faults->items[i];

		if (fault->line)
			fprintf(to, "%s:%u: %s\n", path, fault->line, english ? fault->en : fault->id);
		else
			fprintf(to, "%s: %s\n", path, english ? fault->en : fault->id);
	}
	if (faults->total > faults->n)
		fprintf(to, english ? "… and %zu more\n" : "… dan %zu kesalahan lain\n", faults->total - faults->n);
}
