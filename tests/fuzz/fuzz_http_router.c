/*
 * Paths of strangers against a table of routes: what is found is inside the path, and fits its pattern.
 */
#include "daemon/http/http_routes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = malloc(size + 1);
	struct http_match match;

	if (!path)
		return 0;
	memcpy(path, data, size);
	path[size] = '\0';
	http_router_find(http_all_routes, HTTP_GET, path, &match);
	for (size_t i = 0; i < match.n; i++) {
		if (match.params[i].value.p < path || match.params[i].value.p + match.params[i].value.n > path + strlen(path) ||
			!match.params[i].value.n || memchr(match.params[i].value.p, '/', match.params[i].value.n))
			abort();
	}
	free(path);
	return 0;
}
