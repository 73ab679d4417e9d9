/* See model_file.h. */
#include "daemon/link/model_file.h"

#include "daemon/base/text_file.h"

#include <stdlib.h>

struct fs_model *model_file_read(const char *path, struct error *err)
{
	char *text = text_file_read(path, err);
	struct fs_model *model = text ? malloc(sizeof *model) : NULL;

	if (text && !model)
		error_memory(err);
	if (model && fs_model_read(model, str_from(text), err) < 0) {
		free(model);
		model = NULL;
	}
	free(text);
	if (!model)
		error_context(err, path, path);
	return model;
}

int model_file_write(const struct fs_model *model, struct file_writer *writer, struct error *err)
{
	char *text = NULL;
	size_t size;

	if (fs_model_write(model, &text, &size, err) < 0)
		return -1;
	file_writer_bytes(writer, text, size);
	free(text);
	return 0;
}
