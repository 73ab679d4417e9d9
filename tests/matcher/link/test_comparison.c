/*
 * Names as the linker compares them, against their slow twin: every two words compared by the letters, without the
 * linker's shortcuts for words that cannot agree and for names that are one value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "matcher/base/hash.h"
#include "matcher/link/comparison.h"
#include "matcher/normalise/field.h"

enum { NAMES = 300 };

/* Parts that are alike in all ways that matter: by a letter, by sound, cut, joined, as an initial. */
static const char *const parts[] = {"SITI", "SITTI", "AMINAH", "AMINA", "SITIAMINAH", "S", "A", "MUHAMMAD", "M", "MOHAMAD",
	"RAHMAD", "RAHMAT", "RAHMATULLAH", "NUR", "HIDAYAH", "NURHIDAYAH", "SUPRIYADI", "SUPRIADI", "SUPARIADY", "BUDI", "RUDI",
	"SRI", "WAHYU", "WAHYUNINGSIH", "DE", "LA", "ABDUL", "RAHMAN", "ABDULRAHMAN", "RADEN"};

static void add_names(struct store *store, uint64_t seed)
{
	struct arena arena;
	uint32_t record;

	arena_init(&arena, 0);
	for (unsigned n = 0; n < NAMES; n++) {
		char name[128] = "";
		uint64_t dice = hash_mix(seed * NAMES + n);
		struct field_value value;
		int at = 0;

		for (unsigned words = 1 + dice % 4; words; words--) {
			dice = hash_mix(dice);
			at += snprintf(name + at, sizeof name - (size_t)at, "%s ", parts[dice % (sizeof parts / sizeof *parts)]);
		}
		assert_int_equal(field_normalise(FIELD_NAME, str_from(name), false, &arena, &value), 0);
		assert_int_equal(store_add(store, &value, &record, NULL), 0);
	}
	arena_release(&arena);
}

static unsigned tokens_of(const struct store_column *column, uint32_t id, struct token *tokens)
{
	const struct store_value *value = &column->values[id];

	for (unsigned i = 0; i < value->n_words; i++)
		tokens[i] = column->words[value->words[i]].token;
	return value->n_words;
}

/* PHRASE_MOST by its definition: of three words or more two or more agree that are no initials, and others on both sides do not. */
static unsigned slow_level(const struct store_column *column, uint32_t ida, uint32_t idb)
{
	struct token a[PHRASE_WORDS], b[PHRASE_WORDS];
	uint8_t match[PHRASE_WORDS * PHRASE_WORDS];
	struct tokens_alignment alignment;
	unsigned na = tokens_of(column, ida, a), nb = tokens_of(column, idb, b), shorter = na < nb ? na : nb;
	unsigned split = shorter < PHRASE_SPLITS ? shorter - 1 : PHRASE_SPLITS - 1, agree = 0, level;

	tokens_matrix(a, na, b, nb, match);
	tokens_align(a, na, b, nb, match, &alignment);
	level = alignment.level;
	for (unsigned i = 0; i < na; i++)
		agree += alignment.kind[i] == TOKEN_PHONETIC || (alignment.kind[i] == TOKEN_EXACT && a[i].text.n > 1);
	agree += alignment.count[TOKEN_JOINED];
	if (shorter >= PHRASE_SPLITS && agree >= 2 && (level == TOKENS_ONE || level == TOKENS_ONE_REST_SIMILAR))
		level = PHRASE_MOST;
	return split * (PHRASE_LEVELS - 1) + level;
}

static void names_by_their_slow_twin(void **state)
{
	struct linker_schema schema = {.n_fields = 1, .fields = {{.type = FIELD_NAME, .name = "nama"}}};
	unsigned seen[LEVELS_MAX] = {0}, different = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct store store;
		uint32_t list;

		assert_int_equal(store_init(&store, &schema, NULL), 0);
		assert_int_equal(store_open_list(&store, &list, NULL), 0);
		add_names(&store, seed);
		for (uint32_t a = 0; a < store.n_records; a++) {
			for (uint32_t b = 0; b < store.n_records; b++) {
				uint32_t ida = store_id(&store, 0, a), idb = store_id(&store, 0, b);
				struct comparison_outcome outcome;

				comparison_compare(&store.columns[0], NULL, ida, idb, 0, 0, &outcome);
				assert_int_equal(outcome.level, ida && idb ? slow_level(&store.columns[0], ida, idb) : 0);
				seen[outcome.level]++;
			}
		}
		store_release(&store);
	}
	for (unsigned l = 0; l < LEVELS_MAX; l++)
		different += seen[l] > 0;
	assert_true(different > LEVELS_MAX / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_by_their_slow_twin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
