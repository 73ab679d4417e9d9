/*
 * Names compared token by token: levels by example, and symmetry on random names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "matcher/base/hash.h"
#include "matcher/compare/tokens.h"
#include "matcher/normalise/name.h"

static unsigned tokens_of(const char *raw, struct arena *arena, struct token *out)
{
	struct name name;

	assert_int_equal(name_parse(str_from(raw), arena, &name), 0);
	for (unsigned i = 0; i < name.count; i++)
		out[i] = (struct token){name.tokens[i].text, name.tokens[i].phonetic, name.tokens[i].phonetic_other, 0,
		        name.tokens[i].flags};
	return name.count;
}

static void align(const char *a, const char *b, struct tokens_alignment *out)
{
	struct token x[TOKENS_MAX], y[TOKENS_MAX];
	uint8_t match[TOKENS_MAX * TOKENS_MAX];
	struct arena arena;
	unsigned nx, ny;

	arena_init(&arena, 0);
	nx = tokens_of(a, &arena, x);
	ny = tokens_of(b, &arena, y);
	tokens_matrix(x, nx, y, ny, match);
	tokens_align(x, nx, y, ny, match, out);
	arena_release(&arena);
}

static void tells_tokens(void **state)
{
	static const struct {
		const char *a, *b;
		enum token_match match;
	} cases[] = {
	        {"SITI", "SITI", TOKEN_EXACT},
	        {"SOEKARNO", "SUKARNO", TOKEN_PHONETIC},
	        {"JANTO", "YANTO", TOKEN_PHONETIC},
	        {"M", "MUHAMMAD", TOKEN_PHONETIC},
	        {"A", "AHMAD", TOKEN_INITIAL},
	        {"F", "P", TOKEN_APART},
	        {"A", "SITI", TOKEN_APART},
	        {"SLAMET", "SELAMET", TOKEN_EDIT},
	        {"SUPRIADI", "SUPARIADY", TOKEN_EDIT},
	        {"SOEKARNA", "SUKARNO", TOKEN_EDIT}, /* one in the sound, three in the letters */
	        {"BUDI", "RUDI", TOKEN_EDIT},
	        {"ANI", "ADE", TOKEN_APART},
	        {"AN", "AM", TOKEN_APART},
	        {"WAHYU", "WAHYUNINGSIH", TOKEN_PREFIX},
	        {"SUM", "SUMARNI", TOKEN_PREFIX}, /* three letters are enough, two are not */
	        {"SU", "SUMARNI", TOKEN_APART},
	        {"SRI", "SITI", TOKEN_APART},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct name_token a = name_token_of(str_from(cases[i].a)), b = name_token_of(str_from(cases[i].b));
		struct token x = {a.text, a.phonetic, a.phonetic_other, 0, a.flags};
		struct token y = {b.text, b.phonetic, b.phonetic_other, 0, b.flags};

		if (token_compare(&x, &y) != cases[i].match)
			fail_msg("%s %s: %d", cases[i].a, cases[i].b, token_compare(&x, &y));
		assert_int_equal(token_compare(&y, &x), cases[i].match);
	}
}

static void tells_levels(void **state)
{
	static const struct {
		const char *a, *b;
		enum tokens_level level;
	} cases[] = {
	        {"SITI AMINAH", "SITI AMINAH", TOKENS_SAME},
	        {"", "SITI AMINAH", TOKENS_MISSING},
	        {"SRI WAHYUNI", "SRIWAHYUNI", TOKENS_SAME_SOUND},
	        {"SRIWAHYUNI HANDAYANI", "SRI WAHYUNI HANDAYANI", TOKENS_SAME_SOUND},
	        {"NUR AINI", "NURAENI", TOKENS_SAME_SOUND},
	        {"M. YUSUF", "MUHAMMAD YUSUP", TOKENS_SAME_SOUND},
	        {"RADEN AHMAD FAUZI", "AHMAD FAUZI", TOKENS_SAME_SOUND},
	        {"AMINAH SITI", "SITI AMINAH", TOKENS_SAME_REORDERED},
	        {"SITI AMINAH", "AMINAH", TOKENS_PART},
	        {"BUDI SANTOSO WIJAYA", "BUDI SANTOSO", TOKENS_PART},
	        {"BUDI SANTOSA", "BUDI SANTOSO", TOKENS_SIMILAR},
	        {"BUDI S", "BUDI SANTOSO", TOKENS_SIMILAR},
	        {"BUDI SANTOSO WIJAYA", "BUDI SANTOSA", TOKENS_SIMILAR_PART},
	        {"SLAMET", "SELAMET", TOKENS_FUZZY},
	        {"BUDI SANTOSO WIJAYA", "BUDI SANTOSA HARTONO", TOKENS_ONE_REST_SIMILAR},
	        {"BUDI SANTOSO", "BUDI HARTONO", TOKENS_ONE},
	        {"BUDI SANTOSO", "HARTONO SANTOSA", TOKENS_ONE_FUZZY},
	        {"B", "BUDI", TOKENS_INITIALS},
	        {"BUDI SANTOSO", "SITI AMINAH", TOKENS_APART},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tokens_alignment ab, ba;

		align(cases[i].a, cases[i].b, &ab);
		align(cases[i].b, cases[i].a, &ba);
		if (ab.level != cases[i].level || ba.level != cases[i].level)
			fail_msg("%s | %s: %d %d", cases[i].a, cases[i].b, ab.level, ba.level);
	}
}

static void says_who_goes_with_whom(void **state)
{
	struct tokens_alignment out;

	(void)state;
	align("SRIWAHYUNI BUDI X", "BUDI SRI WAHYUNI", &out);
	assert_int_equal(out.count[TOKEN_EXACT], 1);
	assert_int_equal(out.count[TOKEN_JOINED], 1);
	assert_int_equal(out.left_a, 1);
	assert_int_equal(out.left_b, 0);
	assert_true(out.reordered);
	assert_int_equal(out.partner[1], 0);
	assert_int_equal(out.partner[0], 1);
	assert_int_equal(out.partner_b[1], 0);
	assert_int_equal(out.partner_b[2], 0);
	assert_int_equal(out.partner[2], -1);
	assert_int_equal(out.kind[0], TOKEN_JOINED);
	assert_int_equal(out.kind_b[0], TOKEN_EXACT);
}

static void random_name(uint64_t *seed, char *out)
{
	static const char *const words[] = {"SITI", "SRI", "WAHYUNI", "SRIWAHYUNI", "AHMAD", "ACHMAT", "A", "M",
	        "MUHAMMAD", "BUDI", "BUDHI", "RUDI", "SANTOSO", "SANTOSA", "SANT", "RADEN", "NUR", "AINI", "NURAINI",
	        "YUSUP", "YUSUF"};
	unsigned n = (unsigned)(hash_mix(++*seed) % 9);

	*out = '\0';
	for (unsigned i = 0; i < n; i++) {
		strcat(out, words[hash_mix(++*seed) % (sizeof(words) / sizeof(*words))]);
		strcat(out, " ");
	}
}

static void is_symmetric(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct tokens_alignment ab, ba;
		char a[128], b[128];

		random_name(&seed, a);
		random_name(&seed, b);
		align(a, b, &ab);
		align(b, a, &ba);
		if (ab.level != ba.level || memcmp(ab.kind, ba.kind_b, sizeof(ab.kind)) != 0 ||
		        memcmp(ab.partner, ba.partner_b, sizeof(ab.partner)) != 0 ||
		        memcmp(ab.count, ba.count, sizeof(ab.count)) != 0 || ab.left_a != ba.left_b ||
		        ab.left_b != ba.left_a)
			fail_msg("%s| %s: %d %d", a, b, ab.level, ba.level);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_tokens),
	        cmocka_unit_test(tells_levels),
	        cmocka_unit_test(says_who_goes_with_whom),
	        cmocka_unit_test(is_symmetric),
	};

	return cmocka_run_group_tests_name("names compared", tests, NULL, NULL);
}
