/*
 * Faults of a configuration file, and the word that was probably meant. See config_faults.h.
 */
#include "daemon/base/config_faults.h"

#include "matcher/compare/edit.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

/* Cut by its buffer, a text must not end in half a UTF-8 character. */
static void keep_text(char text[CONFIG_FAULT_TEXT_MAX], const char *from)
{
	size_t n = strlen(from);

	if (n >= CONFIG_FAULT_TEXT_MAX) {
		n = CONFIG_FAULT_TEXT_MAX - 1;
		while (n && ((unsigned char)from[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(text, from, n);
	text[n] = '\0';
}

void config_faults_add_texts(struct config_faults *faults, unsigned line, const char *id, const char *en)
{
	faults->total++;
	if (faults->n == CONFIG_FAULTS_MAX)
		return;
	faults->items[faults->n].line = line;
	keep_text(faults->items[faults->n].id, id);
	keep_text(faults->items[faults->n].en, en);
	faults->n++;
}

void config_faults_add(struct config_faults *faults, unsigned line, const char *id_format, const char *en_format, ...)
{
	char id[2 * CONFIG_FAULT_TEXT_MAX], en[2 * CONFIG_FAULT_TEXT_MAX];
	va_list args;

	va_start(args, en_format);
	vsnprintf(id, sizeof id, id_format, args);
	va_end(args);
	va_start(args, en_format);
	vsnprintf(en, sizeof en, en_format, args);
	va_end(args);
	config_faults_add_texts(faults, line, id, en);
}

/* Stable: faults of one line stay in the order they were found. */
static void sort_by_line(struct config_faults *faults)
{
	for (size_t i = 1; i < faults->n; i++) {
		struct config_fault fault = faults->items[i];
		size_t to = i;

		for (; to && faults->items[to - 1].line > fault.line; to--)
			faults->items[to] = faults->items[to - 1];
		faults->items[to] = fault;
	}
}

int config_faults_error(struct config_faults *faults, struct error *err)
{
	const struct config_fault *first = &faults->items[0];
	char id_line[32] = "", en_line[32] = "", id_more[48] = "", en_more[48] = "";

	if (!faults->total)
		return 0;
	sort_by_line(faults);
	if (first->line) {
		snprintf(id_line, sizeof id_line, "Baris %u: ", first->line);
		snprintf(en_line, sizeof en_line, "Line %u: ", first->line);
	}
	if (faults->total > 1) {
		snprintf(id_more, sizeof id_more, " (dan %zu kesalahan lain)", faults->total - 1);
		snprintf(en_more, sizeof en_more, " (and %zu more)", faults->total - 1);
	}
	if (err && err->kind == ERROR_NONE) {
		err->kind = ERROR_INPUT;
		snprintf(err->id, sizeof err->id, "%s%s%s", id_line, first->id, id_more);
		snprintf(err->en, sizeof err->en, "%s%s%s", en_line, first->en, en_more);
	}
	return -1;
}

enum { WORD_MAX = 40 };

/* Small letters, in a buffer that has room for them. */
static struct str lowered(struct str word, char text[WORD_MAX])
{
	for (size_t i = 0; i < word.n; i++)
		text[i] = (char)tolower((unsigned char)word.p[i]);
	return (struct str){text, word.n};
}

const char *config_nearest(struct str word, const char *const *words, size_t n)
{
	const char *nearest = NULL;
	unsigned best = UINT_MAX;
	char mine[WORD_MAX], its[WORD_MAX];

	if (word.n == 0 || word.n > WORD_MAX)
		return NULL;
	word = lowered(word, mine);
	for (size_t i = 0; i < n; i++) {
		struct str other = str_from(words[i]);
		unsigned distance, most;

		if (other.n == 0 || other.n > WORD_MAX)
			continue;
		most = 1 + (unsigned)(other.n < word.n ? other.n : word.n) / 4;
		distance = edit_osa(word, lowered(other, its), most);
		if (distance <= most && distance < best)
			nearest = words[i], best = distance;
	}
	return nearest;
}
