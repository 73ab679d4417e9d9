/*
 * See text_file.h.
 */
#include "daemon/base/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *text_file_read(const char *path, struct error *err)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	int why = file ? EISDIR : errno;
	char *text = malloc(TEXT_FILE_MOST + 1);
	size_t n = file && text ? fread(text, 1, TEXT_FILE_MOST + 1, file) : 0;
	int rc = 0;

	if (!text)
		rc = error_memory(err);
	else if (!file || ferror(file))
		rc = error_set(err, ERROR_INPUT, "%.200s tidak dapat dibaca (%s).", "%.200s cannot be read (%s).", path,
			strerror(why));
	else if (n > TEXT_FILE_MOST)
		rc = error_set(err, ERROR_INPUT, "%.200s lebih dari 4 MB; apakah ini berkas yang benar?",
			"%.200s is larger than 4 MB; is it the right file?", path);
	if (file && file != stdin)
		fclose(file);
	if (rc < 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}
