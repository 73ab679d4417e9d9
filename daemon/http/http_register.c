/* See http_register.h. */
#include "daemon/http/http_register.h"

#include "daemon/http/http_internal.h"
#include "daemon/jobs/district_register.h"

#include "daemon/base/banned.h"

struct district *http_register_at_rest(struct http_request *request, bool *busy)
{
	const struct register_cache *registers = request->server->registers;
	bool nobody_asks;
	int64_t number;

	busy = busy ? busy : &nobody_asks;
	*busy = false;
	if (!registers || !http_integer(request->who.district, &number))
		return NULL;
	for (size_t i = 0; i < LIMIT_DISTRICTS_IN_MEMORY; i++) {
		const struct district_register *reg = registers->all[i];

		if (reg && reg->number == (uint32_t)number) {
			*busy = reg->in_use;
			return reg->loaded && !reg->in_use ? reg->district : NULL;
		}
	}
	return NULL;
}
