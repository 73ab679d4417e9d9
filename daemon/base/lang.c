/*
 * The reader's language. See lang.h.
 */
#include "daemon/base/lang.h"

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
