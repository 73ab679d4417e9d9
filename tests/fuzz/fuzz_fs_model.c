/*
 * Model files under libFuzzer: whatever is read as a model is written as text that is read as the same model.
 */
#include "matcher/link/fs_model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fs_model *model = malloc(sizeof *model);
	struct error err = {0};
	char *once = NULL, *twice = NULL;
	size_t n, m;

	if (model && fs_model_read(model, (struct str){(const char *)data, size}, &err) == 0) {
		if (fs_model_write(model, &once, &n, &err) < 0 || fs_model_read(model, (struct str){once, n}, &err) < 0 ||
		    fs_model_write(model, &twice, &m, &err) < 0 || n != m || memcmp(once, twice, n) != 0)
			abort();
	} else if (model && err.kind == ERROR_NONE) {
		abort();
	}
	free(once);
	free(twice);
	free(model);
	return 0;
}
