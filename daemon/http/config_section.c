/*
 * One section of a configuration's text; see config_section.h.
 */
#include "daemon/http/config_section.h"

#include "daemon/base/ini_text.h"
#include "matcher/base/strbuf.h"

#include <string.h>

#include "daemon/base/banned.h"

enum { VALUE_MAX = 2000 };

static const struct ini_section *find(const struct ini_text *ini, const char *kind, const char *code)
{
	for (size_t i = 0; i < ini->n_sections; i++) {
		if (str_equal(ini->sections[i].kind, str_from(kind)) && str_equal(ini->sections[i].code, str_from(code)))
			return &ini->sections[i];
	}
	return NULL;
}

/* Where line `number` (from 1) begins. */
static const char *line_at(const char *text, unsigned number)
{
	for (unsigned line = 1; line < number && *text; line++)
		text += strcspn(text, "\n") + (strchr(text, '\n') != NULL);
	return text;
}

/* A code that begins a section or a value that ends its line would be something else than one value. */
static bool is_plain(const char *text, size_t most)
{
	return strlen(text) <= most && !strpbrk(text, "\r\n") && !strstr(text, " ;") && !strstr(text, "\t;");
}

static bool write_section(struct strbuf *out, const char *kind, const char *code, json_t *values)
{
	const char *key;
	json_t *value;

	strbuf_addf(out, "[%s %s]\n", kind, code);
	json_object_foreach(values, key, value)
	{
		const char *text = json_string_value(value);

		if (!text || !*key || strlen(key) > INI_KEY_MAX || strspn(key, "abcdefghijklmnopqrstuvwxyz_") != strlen(key) || !is_plain(text, VALUE_MAX))
			return false;
		strbuf_addf(out, "%s = %s\n", key, text);
	}
	return true;
}

static int assemble(struct strbuf *out, const char *text, const struct ini_section *section, const char *kind, const char *code, json_t *values,
	struct error *err)
{
	const char *from = section ? line_at(text, section->line) : text + strlen(text);
	const char *to = section ? line_at(text, (section->n_entries ? section->entries[section->n_entries - 1].line : section->line) + 1) : from;

	strbuf_add(out, (struct str){text, (size_t)(from - text)});
	if (!section)
		strbuf_add(out, str_from(from > text && from[-1] != '\n' ? "\n\n" : "\n"));
	if (values && !write_section(out, kind, code, values))
		return error_set(err, ERROR_INPUT, "Satu nilai hanya boleh satu baris teks.", "A value must be one line of text.");
	strbuf_add(out, str_from(to));
	return strbuf_failed(out, err);
}

int config_section_put(const char *text, const char *kind, const char *code, json_t *values, struct arena *arena, const char **ret,
	struct error *err)
{
	struct config_faults faults = {0};
	const struct ini_section *section;
	struct ini_text ini;
	struct strbuf out;
	int rc;

	*ret = NULL;
	if (ini_text_parse(str_from(text), arena, &ini, &faults, err) < 0)
		return -1;
	section = find(&ini, kind, code);
	if (!section && !values)
		return 0;
	strbuf_init(&out, INI_TEXT_MAX);
	rc = assemble(&out, text, section, kind, code, values, err);
	if (rc == 0 && !(*ret = arena_str(arena, str_from(out.p)).p))
		rc = error_memory(err);
	strbuf_release(&out);
	return rc;
}
