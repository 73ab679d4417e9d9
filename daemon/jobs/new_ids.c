/*
 * New ids as ranges; see new_ids.h.
 */
#include "daemon/jobs/new_ids.h"
#include "matcher/base/strbuf.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "daemon/base/banned.h"

enum { TEXT_MAX = 1 << 28 }; /* PostgreSQL takes 1 GB; 12 million ranges */

int new_ids_init(struct new_ids *ids, uint64_t first, uint64_t end, struct error *err)
{
	*ids = (struct new_ids){.first = first, .end = end > first ? end : first};
	ids->bits = calloc((ids->end - first) / 64 + 1, sizeof(*ids->bits));
	return ids->bits ? 0 : error_memory(err);
}

void new_ids_add(struct new_ids *ids, uint64_t id)
{
	if (id >= ids->first && id < ids->end)
		ids->bits[(id - ids->first) / 64] |= UINT64_C(1) << (id - ids->first) % 64;
}

static bool is_borne(const struct new_ids *ids, uint64_t id)
{
	return id < ids->end && ids->bits[(id - ids->first) / 64] >> (id - ids->first) % 64 & 1;
}

int new_ids_write(struct new_ids *ids, struct error *err)
{
	struct strbuf from, to;
	int status = -1;

	strbuf_init(&from, TEXT_MAX);
	strbuf_init(&to, TEXT_MAX);
	for (uint64_t id = ids->first; id < ids->end; id++) {
		uint64_t first = id;

		if (!is_borne(ids, id))
			continue;
		while (is_borne(ids, id + 1))
			id++;
		strbuf_addf(&from, "%c%" PRIu64, from.n ? ',' : '{', first);
		strbuf_addf(&to, "%c%" PRIu64, to.n ? ',' : '{', id);
	}
	if (!from.n) {
		status = 0;
		goto out;
	}
	strbuf_add(&from, STR_LITERAL("}"));
	strbuf_add(&to, STR_LITERAL("}"));
	if (strbuf_failed(&from, err) < 0 || strbuf_failed(&to, err) < 0)
		goto out;
	ids->from = from.p;
	ids->to = to.p;
	return 0;
out:
	strbuf_release(&from);
	strbuf_release(&to);
	return status;
}

void new_ids_release(struct new_ids *ids)
{
	free(ids->bits);
	free(ids->from);
	free(ids->to);
	*ids = (struct new_ids){0};
}
