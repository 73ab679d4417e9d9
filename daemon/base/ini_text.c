/*
 * Lines of a configuration file into sections and entries. See ini_text.h.
 */
#include "daemon/base/ini_text.h"

#include <stdint.h>

/* Counted first, filled next: two walks over the same lines, so that plain arrays do. */
struct walk {
	struct ini_section *sections; /* NULL while counting */
	struct ini_entry *entries;
	size_t n_sections, n_entries;
	bool lost; /* below a header that was not understood: its keys are skipped without a word */
	struct config_faults *faults;
};

static bool is_name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_code_letter(char c)
{
	return is_name_letter(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

static bool all_letters(struct str s, bool (*is_letter)(char c))
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_letter(s.p[i]))
			return false;
	return s.n > 0;
}

/* Codes become names of folders and roles: they begin with a letter or a digit, so that none is "..". */
static bool is_code(struct str s)
{
	return all_letters(s, is_code_letter) && s.n <= INI_CODE_MAX && s.p[0] != '.' && s.p[0] != '-' && s.p[0] != '_';
}

/* A ';' at the start or behind white space begins a comment. */
static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == ';' && (i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			return (struct str){line.p, i};
	return line;
}

static bool is_utf8(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;

	while (p < end) {
		unsigned more = *p < 0x80 ? 0 : *p < 0xC2 ? 4 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : *p < 0xF5 ? 3 : 4;

		if (more > 3 || (size_t)(end - p) <= more)
			return false;
		if ((*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) || (*p == 0xF0 && p[1] < 0x90) ||
			(*p == 0xF4 && p[1] > 0x8F))
			return false;
		for (p++; more; more--, p++)
			if ((*p & 0xC0) != 0x80)
				return false;
	}
	return true;
}

/* What a line may not hold, whatever it says. */
static bool line_is_clean(struct walk *walk, struct str line, unsigned number)
{
	if (line.n > INI_LINE_MAX) {
		config_faults_add(walk->faults, number, "baris ini lebih panjang dari %d byte; bagi menjadi beberapa baris.",
			"this line is longer than %d bytes; split it.", INI_LINE_MAX);
		return false;
	}
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') {
			config_faults_add(walk->faults, number, "ada karakter kendali (byte %u); hapus karakter itu.",
				"there is a control character (byte %u); remove it.", (unsigned char)line.p[i]);
			return false;
		}
	if (!is_utf8(line)) {
		config_faults_add(walk->faults, number, "teks bukan UTF-8; simpan ulang berkas ini sebagai UTF-8.",
			"the text is not UTF-8; save the file as UTF-8.");
		return false;
	}
	return true;
}

static void read_header(struct walk *walk, struct str line, unsigned number)
{
	struct ini_section section = {.line = number};
	struct str inside;

	line = str_trim(without_comment(line));
	walk->lost = true;
	if (line.p[line.n - 1] != ']') {
		config_faults_add(walk->faults, number, "kepala bagian tidak ditutup dengan \"]\".",
			"the section's header is not closed by \"]\".");
		return;
	}
	inside = str_trim((struct str){line.p + 1, line.n - 2});
	section.kind = inside;
	for (size_t i = 0; i < inside.n; i++)
		if (inside.p[i] == ' ' || inside.p[i] == '\t') {
			section.kind.n = i;
			section.code = str_trim((struct str){inside.p + i, inside.n - i});
			break;
		}
	if (!all_letters(section.kind, is_name_letter) || section.kind.n > INI_KEY_MAX) {
		config_faults_add(walk->faults, number, "nama bagian hanya boleh huruf kecil, misalnya [office dinsos].",
			"a section's name is in lower case, such as [office dinsos].");
		return;
	}
	if (section.code.n && !is_code(section.code)) {
		config_faults_add(walk->faults, number,
			"kode dimulai dengan huruf atau angka, lalu huruf, angka, \"_\", \"-\", \".\"; tanpa spasi, paling "
			"panjang %d karakter.",
			"a code begins with a letter or digit, then letters, digits, \"_\", \"-\", \".\"; no space, at most %d "
			"characters.", INI_CODE_MAX);
		return;
	}
	if (walk->n_sections == INI_SECTIONS_MAX) {
		config_faults_add(walk->faults, number, "lebih dari %d bagian dalam satu berkas.",
			"more than %d sections in one file.", INI_SECTIONS_MAX);
		return;
	}
	walk->lost = false;
	if (walk->sections) {
		section.entries = walk->entries + walk->n_entries;
		walk->sections[walk->n_sections] = section;
	}
	walk->n_sections++;
}

static bool is_repeated(const struct ini_section *section, struct str key, unsigned *line)
{
	for (size_t i = 0; i < section->n_entries; i++)
		if (str_equal(section->entries[i].key, key)) {
			*line = section->entries[i].line;
			return true;
		}
	return false;
}

static void read_entry(struct walk *walk, struct str line, unsigned number)
{
	const char *equals = memchr(line.p, '=', line.n);
	struct ini_entry entry = {.line = number};
	struct ini_section *section;
	unsigned before;

	if (walk->lost)
		return;
	if (!equals) {
		config_faults_add(walk->faults, number,
			"baris ini bukan [bagian], bukan \"kunci = nilai\" dan bukan komentar (\";\" di depan).",
			"this line is no [section], no \"key = value\" and no comment (\";\" in front).");
		return;
	}
	entry.key = str_trim((struct str){line.p, (size_t)(equals - line.p)});
	entry.value = (struct str){equals + 1, (size_t)(line.p + line.n - equals - 1)};
	entry.value = str_trim(without_comment(entry.value));
	if (!all_letters(entry.key, is_name_letter) || entry.key.n > INI_KEY_MAX) {
		config_faults_add(walk->faults, number, "kunci sebelum \"=\" hanya boleh huruf kecil, angka dan \"_\".",
			"the key before \"=\" has lower-case letters, digits and \"_\" only.");
		return;
	}
	if (!walk->n_sections) {
		config_faults_add(walk->faults, number, "\"%.*s\" berdiri sebelum [bagian] mana pun; mulai dengan [district].",
			"\"%.*s\" stands before any [section]; begin with [district].", STR_ARGS(entry.key));
		return;
	}
	if (walk->sections) {
		section = &walk->sections[walk->n_sections - 1];
		if (is_repeated(section, entry.key, &before)) {
			config_faults_add(walk->faults, number, "\"%.*s\" sudah diisi pada baris %u; hapus salah satu.",
				"\"%.*s\" was given on line %u already; remove one of them.", STR_ARGS(entry.key), before);
			return;
		}
		if (section->n_entries == INI_ENTRIES_MAX) {
			config_faults_add(walk->faults, number, "lebih dari %d kunci dalam satu bagian.",
				"more than %d keys in one section.", INI_ENTRIES_MAX);
			walk->lost = true;
			return;
		}
		walk->entries[walk->n_entries] = entry;
		section->n_entries++;
	}
	walk->n_entries++;
}

static void walk_lines(struct walk *walk, struct str text)
{
	unsigned number = 0;

	while (text.n) {
		size_t n = 0;
		struct str line;

		while (n < text.n && text.p[n] != '\n' && text.p[n] != '\r')
			n++;
		line = str_trim((struct str){text.p, n});
		if (n + 1 < text.n && text.p[n] == '\r' && text.p[n + 1] == '\n')
			n++;
		n += n < text.n;
		text = (struct str){text.p + n, text.n - n};
		number++;
		if (!line.n || line.p[0] == ';' || line.p[0] == '#' || !line_is_clean(walk, line, number))
			continue;
		if (line.p[0] == '[')
			read_header(walk, line, number);
		else
			read_entry(walk, line, number);
	}
}

/* A file that is not text at all is said so once, not line by line. */
static bool refuse_whole(struct str text, struct config_faults *faults)
{
	if (text.n > INI_TEXT_MAX) {
		config_faults_add(faults, 0, "Berkas konfigurasi lebih besar dari %d KiB; ini bukan berkas konfigurasi.",
			"The configuration file is larger than %d KiB; it is no configuration file.", INI_TEXT_MAX / 1024);
		return true;
	}
	if (text.n && memchr(text.p, '\0', text.n)) {
		config_faults_add(faults, 0,
			"Berkas konfigurasi berisi byte NUL (mungkin UTF-16 atau bukan teks); simpan ulang sebagai UTF-8.",
			"The configuration file holds NUL bytes (UTF-16, or no text at all); save it as UTF-8.");
		return true;
	}
	return false;
}

int ini_text_parse(struct str text, struct arena *arena, struct ini_text *out, struct config_faults *faults,
	struct error *err)
{
	struct config_faults *counted; /* faults of the counting walk come again in the second one */
	struct walk walk = {0};

	*out = (struct ini_text){0};
	if (refuse_whole(text, faults))
		return 0;
	if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0)
		text = (struct str){text.p + 3, text.n - 3};
	counted = arena_alloc(arena, sizeof *counted);
	if (!counted)
		return error_memory(err);
	walk.faults = counted;
	walk_lines(&walk, text);
	walk.sections = arena_array(arena, walk.n_sections + 1, sizeof *walk.sections);
	walk.entries = arena_array(arena, walk.n_entries + 1, sizeof *walk.entries);
	if (!walk.sections || !walk.entries)
		return error_memory(err);
	walk.n_sections = walk.n_entries = 0;
	walk.lost = false;
	walk.faults = faults;
	walk_lines(&walk, text);
	*out = (struct ini_text){walk.sections, walk.n_sections};
	return 0;
}
