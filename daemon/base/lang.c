/*
 * The reader's language. See lang.h.
 */
#include "daemon/base/lang.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int lang_parse(const char *text, enum lang *lang)
{
	if (strcmp(text, "id") == 0)
		*lang = LANG_ID;
	else if (strcmp(text, "en") == 0)
		*lang = LANG_EN;
	else
		return -1;
	return 0;
}

enum lang lang_from_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *asked = getenv("PADAN_LANG");
	enum lang lang;

	if (asked && lang_parse(asked, &lang) == 0)
		return lang;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strncmp(value, "en", 2) == 0 ? LANG_EN : LANG_ID;
	}
	return LANG_ID;
}

const char *lang_number(enum lang lang, int64_t number, char *buffer)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%" PRIu64, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
	char *at = buffer;

	if (number < 0)
		*at++ = '-';
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*at++ = lang == LANG_EN ? ',' : '.';
		*at++ = digits[i];
	}
	*at = '\0';
	return buffer;
}

const char *lang_percent(enum lang lang, double share, char *buffer)
{
	int tenths = (int)(share * 1000 + 0.5);

	snprintf(buffer, 32, "%d%c%d%s", tenths / 10, lang == LANG_EN ? '.' : ',', tenths % 10, lang == LANG_EN ? "%" : " %");
	return buffer;
}
