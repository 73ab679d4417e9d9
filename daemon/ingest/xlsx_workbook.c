/*
 * Workbook, relations, styles, shared strings. See xlsx_workbook.h. Parts and attributes: ECMA-376, parts 1 and 2.
 */
#include "daemon/ingest/xlsx_workbook.h"

#include "daemon/ingest/ingest_limits.h"
#include "daemon/ingest/xlsx_xml.h"

#include <stdio.h>
#include <stdlib.h>

enum { PART_MAX = 300, STRING_BLOCK = 256 * 1024 };

struct relation {
	struct str id;
	const char *part;
	bool is_worksheet;
};

struct loader {
	struct xlsx_workbook *workbook;
	struct xlsx_xml xml;
	/* relations */
	const char *folder; /* that targets are relative to: "" or "xl/" */
	const char *main_part, *styles_part, *strings_part;
	struct relation relations[INGEST_SHEETS + 100];
	uint32_t relations_n;
	/* styles */
	bool in_cell_xfs;
	bool custom_is_date[INGEST_STYLES]; /* by number format id */
	uint32_t styles_room;
	/* shared strings */
	char *string; /* of the current <si> */
	size_t string_n, string_room;
	bool in_text, in_phonetic;
	uint32_t strings_room;
	char *block; /* where short strings are put one behind the other */
	size_t block_left;
};

static void out_of_memory(struct loader *loader)
{
	error_memory(loader->xml.err);
	xlsx_xml_fail(&loader->xml);
}

static const char *keep(struct loader *loader, const char *text)
{
	struct str copy = arena_str(&loader->workbook->arena, str_from(text));

	if (!copy.p)
		out_of_memory(loader);
	return copy.p;
}

/* ---- relations ---- */

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), end_n = strlen(end);

	return n >= end_n && strcmp(text + n - end_n, end) == 0;
}

static void on_relation(void *arg, const char *name, const char **attributes)
{
	struct loader *loader = arg;
	const char *id = xlsx_xml_attribute(attributes, "Id"), *type = xlsx_xml_attribute(attributes, "Type");
	const char *target = xlsx_xml_attribute(attributes, "Target"), *mode = xlsx_xml_attribute(attributes, "TargetMode");
	char part[PART_MAX];
	const char *kept;

	if (strcmp(name, "Relationship") != 0 || !id || !type || !target || (mode && strcmp(mode, "External") == 0))
		return;
	snprintf(part, sizeof part, "%s%s", target[0] == '/' ? "" : loader->folder, target[0] == '/' ? target + 1 : target);
	kept = keep(loader, part);
	if (ends_with(type, "/officeDocument"))
		loader->main_part = kept;
	else if (ends_with(type, "/styles"))
		loader->styles_part = kept;
	else if (ends_with(type, "/sharedStrings"))
		loader->strings_part = kept;
	else if (loader->relations_n < sizeof loader->relations / sizeof *loader->relations)
		loader->relations[loader->relations_n++] =
			(struct relation){str_from(keep(loader, id)), kept, ends_with(type, "/worksheet")};
}

static const struct xlsx_handlers RELATIONS = {on_relation, NULL, NULL};

/* ---- workbook.xml ---- */

static void on_workbook(void *arg, const char *name, const char **attributes)
{
	struct loader *loader = arg;
	struct xlsx_workbook *workbook = loader->workbook;
	const char *value;

	if (strcmp(name, "workbookPr") == 0) {
		value = xlsx_xml_attribute(attributes, "date1904");
		workbook->days_from_1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
	} else if (strcmp(name, "sheet") == 0 && workbook->sheets_n < INGEST_SHEETS) {
		const char *id = xlsx_xml_attribute(attributes, "id"), *state = xlsx_xml_attribute(attributes, "state");

		value = xlsx_xml_attribute(attributes, "name");
		for (uint32_t i = 0; id && i < loader->relations_n; i++) {
			const struct relation *relation = &loader->relations[i];

			if (relation->is_worksheet && str_equal(relation->id, str_from(id)))
				workbook->sheets[workbook->sheets_n++] = (struct xlsx_sheet_info){
					str_from(keep(loader, value ? value : "")), relation->part, state && strcmp(state, "visible") != 0};
		}
	}
}

static const struct xlsx_handlers WORKBOOK = {on_workbook, NULL, NULL};

/* ---- styles.xml ---- */

bool xlsx_format_is_date(uint32_t id, const char *code)
{
	bool quoted = false, bracket = false;

	if (!code)
		return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
	for (; *code; code++) {
		char c = (char)(*code | 0x20);

		if (*code == '"')
			quoted = !quoted;
		else if (*code == '[' || *code == ']')
			bracket = *code == '[';
		else if ((*code == '\\' || *code == '_' || *code == '*') && code[1])
			code++;
		else if (!quoted && !bracket && (c == 'd' || c == 'y'))
			return true;
	}
	return false;
}

static void on_style(void *arg, const char *name, const char **attributes)
{
	struct loader *loader = arg;
	struct xlsx_workbook *workbook = loader->workbook;
	const char *value = xlsx_xml_attribute(attributes, "numFmtId");
	unsigned long id = value ? strtoul(value, NULL, 10) : 0;

	if (strcmp(name, "numFmt") == 0) {
		value = xlsx_xml_attribute(attributes, "formatCode");
		if (id < INGEST_STYLES && value)
			loader->custom_is_date[id] = xlsx_format_is_date((uint32_t)id, value);
	} else if (strcmp(name, "cellXfs") == 0) {
		loader->in_cell_xfs = true;
	} else if (strcmp(name, "xf") == 0 && loader->in_cell_xfs && workbook->styles_n < INGEST_STYLES) {
		if (workbook->styles_n == loader->styles_room) {
			uint32_t room = loader->styles_room ? loader->styles_room * 2 : 64;
			bool *grown = realloc(workbook->style_is_date, room * sizeof *grown);

			if (!grown) {
				out_of_memory(loader);
				return;
			}
			workbook->style_is_date = grown;
			loader->styles_room = room;
		}
		workbook->style_is_date[workbook->styles_n++] =
			xlsx_format_is_date((uint32_t)id, NULL) || (id < INGEST_STYLES && loader->custom_is_date[id]);
	}
}

static void on_style_end(void *arg, const char *name)
{
	struct loader *loader = arg;

	if (strcmp(name, "cellXfs") == 0)
		loader->in_cell_xfs = false;
}

static const struct xlsx_handlers STYLES = {on_style, on_style_end, NULL};

/* ---- sharedStrings.xml ---- */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t xlsx_unescape(char *text, size_t n)
{
	size_t out = 0;

	if (!memmem(text, n, "_x00", 4))
		return n;
	for (size_t i = 0; i < n; i++) {
		if (i + 7 <= n && memcmp(text + i, "_x00", 4) == 0 && text[i + 6] == '_' && hex(text[i + 4]) >= 0 &&
			hex(text[i + 5]) >= 0 && hex(text[i + 4]) < 2) {
			text[out++] = ' ';
			i += 6;
		} else {
			text[out++] = text[i];
		}
	}
	return out;
}

static void on_string_start(void *arg, const char *name, const char **attributes)
{
	struct loader *loader = arg;

	(void)attributes;
	if (strcmp(name, "si") == 0)
		loader->string_n = 0;
	else if (strcmp(name, "t") == 0)
		loader->in_text = true;
	else if (strcmp(name, "rPh") == 0)
		loader->in_phonetic = true;
}

static void on_string_text(void *arg, const char *text, int n)
{
	struct loader *loader = arg;

	if (!loader->in_text || loader->in_phonetic)
		return;
	/* One byte over the limit is kept, so that a cell that is too long shows as such. */
	if (loader->string_n + (size_t)n > INGEST_CELL_BYTES + 1)
		n = (int)(INGEST_CELL_BYTES + 1 - loader->string_n);
	if (loader->string_n + (size_t)n > loader->string_room) {
		size_t room = 2 * (loader->string_n + (size_t)n);
		char *grown = realloc(loader->string, room);

		if (!grown) {
			out_of_memory(loader);
			return;
		}
		loader->string = grown;
		loader->string_room = room;
	}
	memcpy(loader->string + loader->string_n, text, (size_t)n);
	loader->string_n += (size_t)n;
}

/* Short strings stand one behind the other in blocks, as an arena's alignment would double them. */
static char *room_for_string(struct loader *loader, size_t n)
{
	char *place;

	if (n > STRING_BLOCK / 4)
		return arena_alloc(&loader->workbook->arena, n);
	if (n > loader->block_left) {
		loader->block = arena_alloc(&loader->workbook->arena, STRING_BLOCK);
		loader->block_left = loader->block ? STRING_BLOCK : 0;
	}
	if (!loader->block)
		return NULL;
	place = loader->block;
	loader->block += n;
	loader->block_left -= n;
	return place;
}

static void too_many_strings(struct loader *loader)
{
	error_set(loader->xml.err, ERROR_INPUT,
		"Buku kerja berisi terlalu banyak teks untuk dibaca dengan aman. Bagi menjadi beberapa berkas atau simpan sebagai CSV.",
		"The workbook holds too much text to be read safely. Divide it into several files or save it as CSV.");
	xlsx_xml_fail(&loader->xml);
}

static void on_string_end(void *arg, const char *name)
{
	struct loader *loader = arg;
	struct xlsx_workbook *workbook = loader->workbook;
	char *place;

	if (strcmp(name, "t") == 0)
		loader->in_text = false;
	else if (strcmp(name, "rPh") == 0)
		loader->in_phonetic = false;
	if (strcmp(name, "si") != 0)
		return;
	if (workbook->strings_n == INGEST_SHARED_STRINGS || workbook->arena.used > INGEST_SHARED_BYTES) {
		too_many_strings(loader);
		return;
	}
	if (workbook->strings_n == loader->strings_room) {
		uint32_t room = loader->strings_room ? loader->strings_room * 2 : 1024;
		struct str *grown = realloc(workbook->strings, room * sizeof *grown);

		if (!grown) {
			out_of_memory(loader);
			return;
		}
		workbook->strings = grown;
		loader->strings_room = room;
	}
	loader->string_n = loader->string_n ? xlsx_unescape(loader->string, loader->string_n) : 0;
	if (loader->string_n == 0) {
		workbook->strings[workbook->strings_n++] = (struct str){"", 0};
		return;
	}
	place = room_for_string(loader, loader->string_n);
	if (!place) {
		out_of_memory(loader);
		return;
	}
	memcpy(place, loader->string, loader->string_n);
	workbook->strings[workbook->strings_n++] = (struct str){place, loader->string_n};
}

static const struct xlsx_handlers STRINGS = {on_string_start, on_string_end, on_string_text};

/* ---- all together ---- */

static int read_part(struct loader *loader, const char *part, const struct xlsx_handlers *handlers, struct error *err)
{
	int result = xlsx_xml_whole(loader->workbook->zip, part, handlers, loader, &loader->xml, err);

	loader->workbook->bytes += loader->xml.bytes;
	return result;
}

static int refuse_other_archive(const struct xlsx_zip *zip, struct error *err)
{
	if (xlsx_zip_has(zip, "content.xml"))
		return error_set(err, ERROR_INPUT, "Ini berkas OpenDocument (.ods). Simpan sebagai .xlsx atau CSV, lalu kirim lagi.",
			"This is an OpenDocument file (.ods). Save it as .xlsx or CSV and send it again.");
	if (xlsx_zip_has(zip, "xl/workbook.bin"))
		return error_set(err, ERROR_INPUT, "Ini buku kerja biner (.xlsb). Simpan sebagai .xlsx atau CSV, lalu kirim lagi.",
			"This is a binary workbook (.xlsb). Save it as .xlsx or CSV and send it again.");
	if (xlsx_zip_has(zip, "word/document.xml"))
		return error_set(err, ERROR_INPUT, "Ini dokumen Word. Kirim daftarnya sebagai .xlsx atau CSV.",
			"This is a Word document. Send the list as .xlsx or CSV.");
	return error_set(err, ERROR_INPUT, "Ini arsip ZIP, bukan buku kerja. Buka dulu, lalu kirim daftar di dalamnya.",
		"This is a ZIP archive and no workbook. Unpack it and send the list inside.");
}

static int load(struct loader *loader, struct error *err)
{
	struct xlsx_workbook *workbook = loader->workbook;
	char relations_part[PART_MAX + 16];
	const char *base;
	char folder[PART_MAX];

	loader->folder = "";
	if (xlsx_zip_has(workbook->zip, "_rels/.rels") && read_part(loader, "_rels/.rels", &RELATIONS, err) != 0)
		return -1;
	if (!loader->main_part)
		loader->main_part = "xl/workbook.xml";
	if (!xlsx_zip_has(workbook->zip, loader->main_part) || ends_with(loader->main_part, ".bin") ||
		strncmp(loader->main_part, "word/", 5) == 0)
		return refuse_other_archive(workbook->zip, err);
	base = strrchr(loader->main_part, '/');
	base = base ? base + 1 : loader->main_part;
	snprintf(folder, sizeof folder, "%.*s", (int)(base - loader->main_part), loader->main_part);
	snprintf(relations_part, sizeof relations_part, "%s_rels/%s.rels", folder, base);
	loader->folder = folder;
	loader->relations_n = 0;
	if (read_part(loader, relations_part, &RELATIONS, err) != 0 ||
		read_part(loader, loader->main_part, &WORKBOOK, err) != 0)
		return -1;
	if (loader->styles_part && xlsx_zip_has(workbook->zip, loader->styles_part) &&
		read_part(loader, loader->styles_part, &STYLES, err) != 0)
		return -1;
	if (loader->strings_part && xlsx_zip_has(workbook->zip, loader->strings_part) &&
		read_part(loader, loader->strings_part, &STRINGS, err) != 0)
		return -1;
	return 0;
}

int xlsx_workbook_open(struct xlsx_workbook *workbook, int fd, struct error *err)
{
	struct loader *loader = calloc(1, sizeof *loader);
	int result = -1;

	memset(workbook, 0, sizeof *workbook);
	arena_init(&workbook->arena, 0);
	workbook->zip = xlsx_zip_open(fd, err);
	if (workbook->zip && loader) {
		loader->workbook = workbook;
		workbook->sheets = arena_array(&workbook->arena, INGEST_SHEETS, sizeof *workbook->sheets);
		result = workbook->sheets ? load(loader, err) : error_memory(err);
	} else if (workbook->zip) {
		error_memory(err);
	}
	if (loader)
		free(loader->string);
	free(loader);
	if (result != 0)
		xlsx_workbook_release(workbook);
	return result;
}

void xlsx_workbook_release(struct xlsx_workbook *workbook)
{
	xlsx_zip_free(workbook->zip);
	free(workbook->style_is_date);
	free(workbook->strings);
	arena_release(&workbook->arena);
	memset(workbook, 0, sizeof *workbook);
}
