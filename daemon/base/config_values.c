/*
 * One value of the configuration file. See config_reader.h.
 */
#include "daemon/base/config_reader.h"

#include <stdlib.h>

enum { TEXT_MAX = 1000, ALL_MONTHS = 0x1FFE, EMAILS_MAX = 20 };

struct str config_copy(struct config_reader *reader, struct str text)
{
	struct str copy = arena_str(reader->arena, text);

	if (!copy.p)
		reader->no_memory = true;
	return copy;
}

/* A value as a message may quote it: at most 60 bytes, cut at a character. */
static struct str quoted(struct str value)
{
	if (value.n > 60) {
		value.n = 60;
		while (value.n && ((unsigned char)value.p[value.n] & 0xC0) == 0x80)
			value.n--;
	}
	return value;
}

struct config_hint config_hint(struct str word, const char *const *words, size_t n)
{
	const char *near = config_nearest(word, words, n);
	struct config_hint hint = {"", ""};

	if (near) {
		snprintf(hint.id, sizeof hint.id, "; maksud Anda \"%s\"?", near);
		snprintf(hint.en, sizeof hint.en, "; did you mean \"%s\"?", near);
	}
	return hint;
}

bool config_next_piece(struct str *rest, struct str *piece)
{
	const char *comma;

	if (!rest->p)
		return false;
	comma = rest->n ? memchr(rest->p, ',', rest->n) : NULL;
	if (!comma) {
		*piece = str_trim(*rest);
		rest->p = NULL;
		return true;
	}
	*piece = str_trim((struct str){rest->p, (size_t)(comma - rest->p)});
	rest->n -= (size_t)(comma + 1 - rest->p);
	rest->p = comma + 1;
	return true;
}

/* "key: \"value\" …", with what is wanted instead. */
static void bad_value(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	const char *id, const char *en)
{
	struct str value = quoted(entry->value);
	char id_text[CONFIG_FAULT_TEXT_MAX], en_text[CONFIG_FAULT_TEXT_MAX];

	snprintf(id_text, sizeof id_text, "%s: \"%.*s\" tidak sah; %s", key->name, STR_ARGS(value), id);
	snprintf(en_text, sizeof en_text, "%s: \"%.*s\" is not valid; %s", key->name, STR_ARGS(value), en);
	config_faults_add_texts(reader->faults, entry->line, id_text, en_text);
}

/* Digits alone, at most ten of them. */
static bool read_number(struct str s, unsigned min, unsigned max, unsigned *ret)
{
	uint64_t number = 0;

	if (s.n == 0 || s.n > 10)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		number = number * 10 + (unsigned)(s.p[i] - '0');
	}
	if (number < min || number > max)
		return false;
	*ret = (unsigned)number;
	return true;
}

static bool is_real_date(unsigned year, unsigned month, unsigned day)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return year >= 1945 && month >= 1 && month <= 12 && day >= 1 &&
		day <= days[month - 1] + (unsigned)(month == 2 && leap);
}

static void read_date(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	uint32_t *ret)
{
	struct str s = entry->value;
	unsigned year, month, day;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !read_number((struct str){s.p, 4}, 0, 9999, &year) ||
		!read_number((struct str){s.p + 5, 2}, 0, 99, &month) ||
		!read_number((struct str){s.p + 8, 2}, 0, 99, &day)) {
		bad_value(reader, key, entry, "tulis tanggal sebagai TTTT-BB-HH, misalnya 2024-07-01.",
			"write a date as YYYY-MM-DD, such as 2024-07-01.");
		return;
	}
	if (!is_real_date(year, month, day)) {
		bad_value(reader, key, entry, "tanggal itu tidak ada di kalender (mulai 1945).",
			"there is no such date in the calendar (from 1945 on).");
		return;
	}
	*ret = year * 10000 + month * 100 + day;
}

static void read_district(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	struct district_config *config)
{
	struct str s = entry->value;
	unsigned province = 0, regency = 0;
	bool dotted = s.n == 5 && s.p[2] == '.';
	char code[16];

	if (!(dotted || s.n == 4) || !read_number((struct str){s.p, 2}, 11, 96, &province) ||
		!read_number((struct str){s.p + 2 + dotted, 2}, 1, 79, &regency)) {
		bad_value(reader, key, entry, "tulis kode Kemendagri kabupaten/kota, misalnya 15.05.",
			"write the Kemendagri code of a district, such as 15.05.");
		return;
	}
	snprintf(code, sizeof code, "%02u.%02u", province, regency);
	config->district = province * 100 + regency;
	config->rules.district_code = config_copy(reader, str_from(code));
}

/* One "@" with something before it and a dotted name behind it; nothing that could end a mail header. */
static bool is_email(struct str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
	size_t before, dots = 0;

	if (!at || s.n > 254)
		return false;
	before = (size_t)(at - s.p);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c <= ' ' || c >= 0x7F || strchr("<>()[],;:\\\"", c) || (c == '@' && i != before))
			return false;
		dots += i > before + 1 && i + 1 < s.n && c == '.' && s.p[i - 1] != '.';
	}
	return before > 0 && dots > 0 && s.p[before + 1] != '.' && s.p[s.n - 1] != '.';
}

static void read_email(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	struct str *ret)
{
	if (!is_email(entry->value))
		bad_value(reader, key, entry, "tulis satu alamat surel, misalnya program@dinsos.example.",
			"write one e-mail address, such as program@dinsos.example.");
	else
		*ret = config_copy(reader, entry->value);
}

static void read_emails(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	struct alert_config *alerts)
{
	struct str *emails = arena_array(reader->arena, EMAILS_MAX, sizeof *emails);
	struct str rest = entry->value, piece;
	size_t n = 0;

	if (!emails) {
		reader->no_memory = true;
		return;
	}
	while (config_next_piece(&rest, &piece)) {
		if (!is_email(piece) || n == EMAILS_MAX) {
			bad_value(reader, key, entry, "tulis alamat surel dipisah koma, paling banyak 20.",
				"write e-mail addresses separated by commas, 20 at most.");
			return;
		}
		emails[n++] = config_copy(reader, piece);
	}
	alerts->emails = emails;
	alerts->n_emails = n;
}

/* "a|b" into a list of words that live in buffer. */
static size_t split_words(const char *words, char buffer[256], const char *list[16])
{
	size_t n = 0;

	snprintf(buffer, 256, "%s", words);
	for (char *save = NULL, *word = strtok_r(buffer, "|", &save); word && n < 16; word = strtok_r(NULL, "|", &save))
		list[n++] = word;
	return n;
}

static void read_url(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	struct str *ret)
{
	struct str s = entry->value, host = {0};
	const char *schemes[16];
	char buffer[256];
	size_t n = split_words(key->words, buffer, schemes);

	for (size_t i = 0; i < n && !host.p; i++) {
		size_t scheme = strlen(schemes[i]);

		if (s.n > scheme + 3 && memcmp(s.p, schemes[i], scheme) == 0 && memcmp(s.p + scheme, "://", 3) == 0)
			host = (struct str){s.p + scheme + 3, s.n - scheme - 3};
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F || s.p[i] == '"' || s.p[i] == '<' || s.p[i] == '>')
			host.p = NULL;
	if (!host.p || s.n > 2000 || host.p[0] == '/' || host.p[0] == ':') {
		bool mail = strncmp(key->words, "smtp", 4) == 0;

		bad_value(reader, key, entry,
			mail ? "tulis alamat seperti smtps://mail.example:465." : "tulis alamat seperti https://bappeda.example/padan.",
			mail ? "write an address like smtps://mail.example:465." : "write an address like https://bappeda.example/padan.");
		return;
	}
	for (size_t i = 0; i < host.n && host.p[i] != '/'; i++)
		if (host.p[i] == '@') {
			config_faults_add(reader->faults, entry->line,
				"%s: nama pengguna dan sandi tidak ditulis di sini; simpan sandi sebagai kredensial systemd.",
				"%s: user names and passwords do not stand here; keep a password as a systemd credential.", key->name);
			return;
		}
	*ret = config_copy(reader, s);
}

static void read_word(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry, int *ret)
{
	const char *list[16];
	char buffer[256];
	size_t n = split_words(key->words, buffer, list);
	char id[CONFIG_FAULT_TEXT_MAX], en[CONFIG_FAULT_TEXT_MAX];
	struct config_hint hint;
	struct str value = quoted(entry->value);

	for (size_t i = 0; i < n; i++)
		if (str_equal(entry->value, str_from(list[i]))) {
			*ret = (int)i;
			return;
		}
	hint = config_hint(entry->value, list, n);
	snprintf(id, sizeof id, "%s: \"%.*s\" tidak dikenal%s (yang sah: %s).", key->name, STR_ARGS(value), hint.id, key->words);
	snprintf(en, sizeof en, "%s: unknown value \"%.*s\"%s (valid: %s).", key->name, STR_ARGS(value), hint.en, key->words);
	config_faults_add_texts(reader->faults, entry->line, id, en);
}

/* yes | no, ya | tidak; -1: neither. */
static int yes_or_no(struct str s)
{
	if (str_equal(s, STR_LITERAL("yes")) || str_equal(s, STR_LITERAL("ya")))
		return 1;
	return str_equal(s, STR_LITERAL("no")) || str_equal(s, STR_LITERAL("tidak")) ? 0 : -1;
}

static void read_months(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	uint16_t *ret)
{
	struct str rest = entry->value, piece;
	int answer = yes_or_no(entry->value);
	uint16_t months = 0;
	unsigned month;

	if (answer >= 0) {
		*ret = answer ? ALL_MONTHS : 0;
		return;
	}
	while (config_next_piece(&rest, &piece)) {
		if (!read_number(piece, 1, 12, &month)) {
			bad_value(reader, key, entry, "tulis yes, no, atau nomor bulan dipisah koma: 1, 4, 7, 10.",
				"write yes, no, or numbers of months separated by commas: 1, 4, 7, 10.");
			return;
		}
		months |= (uint16_t)(1u << month);
	}
	*ret = months;
}

/* "0.1", "0,1", "10 %". */
static void read_share(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	double *ret)
{
	struct str s = entry->value;
	double number = 0, unit = 1;
	bool percent = s.n && s.p[s.n - 1] == '%', point = false, digit = false, good = s.n < 20;

	if (percent)
		s = str_trim((struct str){s.p, s.n - 1});
	for (size_t i = 0; i < s.n && good; i++) {
		if ((s.p[i] == '.' || s.p[i] == ',') && !point) {
			point = true;
			continue;
		}
		good = s.p[i] >= '0' && s.p[i] <= '9';
		digit = true;
		number = number * 10 + (s.p[i] - '0');
		unit = point ? unit * 10 : unit;
	}
	number = number / unit / (percent ? 100 : 1);
	if (!good || !digit || number > 1) {
		bad_value(reader, key, entry, "tulis bagian dari seluruhnya: 0.1 atau 10 %.", "write a share: 0.1 or 10 %.");
		return;
	}
	*ret = number;
}

/* Codes of one kind for a hint; at most 256 are looked at. */
struct codes {
	const char *list[256];
	size_t n;
};

static void add_code(struct codes *codes, struct str code)
{
	if (codes->n < 256 && code.p)
		codes->list[codes->n++] = code.p; /* arena_str() puts a NUL behind */
}

static void unknown_code(struct config_reader *reader, const struct config_key *key, unsigned line, const char *section,
	struct str code, const struct codes *codes)
{
	struct config_hint hint = config_hint(code, codes->list, codes->n);
	char id[CONFIG_FAULT_TEXT_MAX], en[CONFIG_FAULT_TEXT_MAX];

	code = quoted(code);
	snprintf(id, sizeof id, "%s: tidak ada [%s %.*s] dalam berkas ini%s", key->name, section, STR_ARGS(code), hint.id);
	snprintf(en, sizeof en, "%s: there is no [%s %.*s] in this file%s", key->name, section, STR_ARGS(code), hint.en);
	config_faults_add_texts(reader->faults, line, id, en);
}

static void read_office(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry, int *ret)
{
	const struct ruleset *rules = &reader->out->rules;
	struct codes codes = {.n = 0};

	*ret = ruleset_find_office(rules, entry->value);
	if (*ret >= 0)
		return;
	for (size_t i = 0; i < rules->n_offices; i++)
		add_code(&codes, rules->offices[i].code);
	unknown_code(reader, key, entry->line, "office", entry->value, &codes);
}

static void read_reference(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	int *ret)
{
	const struct ruleset *rules = &reader->out->rules;
	struct codes codes = {.n = 0};

	*ret = ruleset_find_reference(rules, entry->value);
	if (*ret >= 0)
		return;
	for (size_t i = 0; i < rules->n_references; i++)
		add_code(&codes, rules->references[i].code);
	unknown_code(reader, key, entry->line, "reference", entry->value, &codes);
}

/* Codes into indices; unknown ones, repeated ones and too many are faults. Returns how many are good. */
static size_t read_programmes(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	int *list, size_t max)
{
	const struct ruleset *rules = &reader->out->rules;
	struct str rest = entry->value, piece;
	size_t n = 0;

	while (config_next_piece(&rest, &piece)) {
		int programme = ruleset_find_programme(rules, piece);
		bool repeated = false;

		if (programme < 0) {
			struct codes codes = {.n = 0};

			for (size_t i = 0; i < rules->n_programmes; i++)
				add_code(&codes, rules->programmes[i].code);
			unknown_code(reader, key, entry->line, "programme", piece, &codes);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			repeated |= list[i] == programme;
		if (repeated) {
			piece = quoted(piece);
			config_faults_add(reader->faults, entry->line, "%s: \"%.*s\" disebut dua kali; hapus salah satu.",
				"%s: \"%.*s\" is named twice; remove one.", key->name, STR_ARGS(piece));
			continue;
		}
		if (n == max) {
			config_faults_add(reader->faults, entry->line, "%s: lebih dari %zu program.",
				"%s: more than %zu programmes.", key->name, max);
			break;
		}
		list[n++] = programme;
	}
	return n;
}

static void read_period_programmes(struct config_reader *reader, const struct config_key *key,
	const struct ini_entry *entry, struct period_config *period)
{
	size_t max = reader->out->rules.n_programmes;
	int *list = arena_array(reader->arena, max + 1, sizeof *list);

	if (!list) {
		reader->no_memory = true;
		return;
	}
	period->n_programmes = read_programmes(reader, key, entry, list, max);
	period->programmes = list;
}

void config_read_value(struct config_reader *reader, const struct config_key *key, const struct ini_entry *entry,
	void *object)
{
	void *at = (char *)object + key->at;
	struct rule *rule = object;
	char range[96];
	int answer;

	switch (key->value) {
	case VALUE_TEXT:
		if (entry->value.n > TEXT_MAX)
			bad_value(reader, key, entry, "paling panjang 1000 byte.", "at most 1000 bytes.");
		else
			*(struct str *)at = config_copy(reader, entry->value);
		return;
	case VALUE_DISTRICT:
		read_district(reader, key, entry, object);
		return;
	case VALUE_EMAIL:
		read_email(reader, key, entry, at);
		return;
	case VALUE_EMAILS:
		read_emails(reader, key, entry, at);
		return;
	case VALUE_URL:
		read_url(reader, key, entry, at);
		return;
	case VALUE_WORD:
		read_word(reader, key, entry, at);
		return;
	case VALUE_YES_NO:
		answer = yes_or_no(entry->value);
		if (answer < 0)
			bad_value(reader, key, entry, "tulis yes atau no.", "write yes or no.");
		else
			*(bool *)at = answer;
		return;
	case VALUE_DATE:
		read_date(reader, key, entry, at);
		return;
	case VALUE_NUMBER:
		snprintf(range, sizeof range, "%u..%u.", key->min, key->max);
		if (!read_number(entry->value, key->min, key->max, at))
			bad_value(reader, key, entry, range, range);
		return;
	case VALUE_HOUR:
		if (yes_or_no(entry->value) == 0)
			*(unsigned *)at = DIGEST_NEVER;
		else if (!read_number(entry->value, 0, 23, at))
			bad_value(reader, key, entry, "tulis jam 0..23, atau no.", "write an hour 0..23, or no.");
		return;
	case VALUE_SHARE:
		read_share(reader, key, entry, at);
		return;
	case VALUE_OFFICE:
		read_office(reader, key, entry, at);
		return;
	case VALUE_REFERENCE:
		read_reference(reader, key, entry, at);
		return;
	case VALUE_RULE_PROGRAMMES:
		rule->n_programmes = read_programmes(reader, key, entry, rule->programmes, RULE_PROGRAMMES_MAX);
		return;
	case VALUE_PERIOD_PROGRAMMES:
		read_period_programmes(reader, key, entry, object);
		return;
	case VALUE_MONTHS:
		read_months(reader, key, entry, at);
		return;
	}
}
