/*
 * Buckets; see http_rates.h. One table of fixed size: a session that finds its place taken by another starts with a full bucket,
 * which can only be to its advantage.
 */
#include "daemon/http/http_rates.h"

#include "matcher/base/hash.h"

#include <stdlib.h>

#include "daemon/base/banned.h"

enum { PLACES = 4096 };

struct bucket {
	uint64_t key;
	double left;
	uint64_t at_ms;
};

struct http_rates {
	uv_loop_t *loop;
	struct bucket buckets[PLACES];
};

static const struct {
	double most, each_second; /* for a person; a token has ten times that */
} rates_of[HTTP_RATES] = {
	[HTTP_RATE_SEARCH] = {30, 1.0},
	[HTTP_RATE_HEAVY] = {6, 0.1},
};

int http_rates_new(struct http_rates **ret, uv_loop_t *loop, struct error *err)
{
	*ret = calloc(1, sizeof **ret);
	if (!*ret)
		return error_memory(err);
	(*ret)->loop = loop;
	return 0;
}

void http_rates_free(struct http_rates *rates)
{
	free(rates);
}

unsigned http_rates_take(struct http_rates *rates, enum http_rate rate, bool token, int64_t session)
{
	double factor = token ? 10 : 1, most = rates_of[rate].most * factor, speed = rates_of[rate].each_second * factor;
	uint64_t key = hash_pair((uint64_t)session, (uint64_t)rate * 2 + token) | 1, now = uv_now(rates->loop);
	struct bucket *bucket = &rates->buckets[key % PLACES];

	if (rate == HTTP_RATE_NONE)
		return 0;
	if (bucket->key != key)
		*bucket = (struct bucket){.key = key, .left = most, .at_ms = now};
	bucket->left += (double)(now - bucket->at_ms) / 1000 * speed;
	bucket->at_ms = now;
	if (bucket->left > most)
		bucket->left = most;
	if (bucket->left < 1)
		return (unsigned)((1 - bucket->left) / speed) + 1;
	bucket->left -= 1;
	return 0;
}
