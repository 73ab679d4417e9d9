/*
 * A set of texts against a plain list of them: what was added is found by its number, nothing else is, though hashes collide.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "matcher/base/hash.h"
#include "matcher/base/text_set.h"

enum { TEXTS = 5000 };

struct held {
	struct text_set set;
	struct text_pool pool;
	struct str texts[TEXTS + 1];
	uint32_t n;
};

static bool is(const void *arg, uint32_t id, struct str text)
{
	const struct held *held = arg;

	return str_equal(held->texts[id], text);
}

/* Few different upper halves: many texts share one. */
static uint64_t poor_hash(struct str text)
{
	return hash_str(text) >> 55 << 32;
}

static void finds_what_it_holds(uint64_t (*hash)(struct str))
{
	static struct held held;
	char text[32];

	held = (struct held){.n = 0};
	for (unsigned i = 0; i < TEXTS; i++) {
		struct str s = {text, (size_t)snprintf(text, sizeof text, "%u", (unsigned)(hash_mix(i) % (TEXTS / 2)))};
		uint32_t id = text_set_find(&held.set, hash(s), s, is, &held), expected = 0;

		for (uint32_t k = 1; k <= held.n && !expected; k++)
			expected = str_equal(held.texts[k], s) ? k : 0;
		assert_int_equal(id, expected);
		if (id)
			continue;
		held.texts[++held.n] = text_pool_add(&held.pool, s);
		assert_true(str_equal(held.texts[held.n], s));
		assert_int_equal(text_set_add(&held.set, hash(s), held.n), 0);
		assert_true(text_set_guess(&held.set, hash(s)) <= held.n);
	}
	assert_true(held.n > TEXTS / 3);
	text_set_release(&held.set);
	text_pool_release(&held.pool);
}

static void set_and_list_agree(void **state)
{
	(void)state;
	finds_what_it_holds(hash_str);
	finds_what_it_holds(poor_hash);
}

static void pools_keep_texts_of_any_length(void **state)
{
	static char text[600 * 1024];
	struct text_pool pool = {0};
	struct str kept[64];

	(void)state;
	memset(text, 'A', sizeof text);
	assert_int_equal(text_pool_add(&pool, (struct str){text, 0}).n, 0);
	for (size_t i = 0; i < 64; i++) {
		text[0] = (char)('a' + i % 26);
		kept[i] = text_pool_add(&pool, (struct str){text, i * i * 150});
	}
	for (size_t i = 1; i < 64; i++) {
		assert_int_equal(kept[i].n, i * i * 150);
		assert_int_equal(kept[i].p[0], 'a' + i % 26);
		assert_int_equal(kept[i].p[kept[i].n - 1], 'A');
	}
	text_pool_release(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_and_list_agree),
		cmocka_unit_test(pools_keep_texts_of_any_length),
	};

	return cmocka_run_group_tests_name("text_set", tests, NULL, NULL);
}
