/*
 * Any bytes as a cell of any kind: nothing fails, and canonical values normalise to themselves. The first byte picks
 * the kind of column and whether the cell was a number.
 */
#include "matcher/normalise/address.h"
#include "matcher/normalise/date.h"
#include "matcher/normalise/desil.h"
#include "matcher/normalise/field.h"
#include "matcher/normalise/name.h"
#include "matcher/normalise/place.h"
#include "matcher/normalise/relation.h"
#include "matcher/normalise/sex.h"
#include "matcher/normalise/text_fold.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_field(enum field_type type, struct str raw, bool numeric, struct arena *arena)
{
	struct field_value value, again;

	if (field_normalise(type, raw, numeric, arena, &value) != 0)
		abort();
	if (field_normalise(type, value.text, false, arena, &again) != 0)
		abort();
	if (!str_equal(value.text, again.text) || value.number != again.number)
		abort();
}

static void check_folding(struct str raw, struct arena *arena)
{
	struct str once = text_fold(raw, arena, NULL), words = text_fold_words(raw, arena, NULL);
	struct str tidy = text_tidy(raw, arena);

	if (!str_equal(once, text_fold(once, arena, NULL)) || !str_equal(words, text_fold_words(words, arena, NULL)) ||
	        !str_equal(tidy, text_tidy(tidy, arena)))
		abort();
}

static void check_small_parsers(struct str raw, struct arena *arena)
{
	static const struct village villages[] = {
	        {UINT64_C(1505012001), {"Sungai Duren", 12}, {"Jambi Luar Kota", 15}},
	        {UINT64_C(1505022002), {"Bahar Unit 2", 12}, {"Sungai Bahar", 12}},
	};
	struct village_table table = {villages, 2, place_index_new(villages, 2, arena)};
	struct village_table slow = {villages, 2, NULL};
	struct place_words words = {raw, raw, raw, raw};
	struct place_match match, slow_match;
	struct date_order_votes votes = {0};
	struct date date;
	struct str place;
	uint16_t rt, rw;

	place_find(&table, 1505, &words, &match);
	place_find(&slow, 1505, &words, &slow_match);
	if (match.village != slow_match.village || match.kecamatan != slow_match.kecamatan)
		abort();
	if (match.village && !place_village(&table, match.village))
		abort();
	place_parse_rt_rw(raw, true, &rt, &rw);
	date_order_votes_add(&votes, raw);
	date_parse(raw, true, NULL, &date, &place);
	if (place.n && (place.p < raw.p || place.p + place.n > raw.p + raw.n))
		abort();
	if (desil_parse(raw) > 10 || relation_parse(raw) > RELATION_OTHER || sex_parse(raw, SEX_CODING_PW) > SEX_FEMALE)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct str raw;

	if (size == 0 || size > 4096)
		return 0;
	arena_init(&arena, 0);
	raw = (struct str){(const char *)data + 1, size - 1};
	check_field((enum field_type)(data[0] % FIELD_TYPES), raw, data[0] & 0x80, &arena);
	check_folding(raw, &arena);
	check_small_parsers(raw, &arena);
	arena_release(&arena);
	return 0;
}
