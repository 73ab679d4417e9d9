/* See field_memory.h. */
#include "matcher/normalise/field_memory.h"

#include "matcher/base/hash.h"
#include "matcher/normalise/name.h"
#include "matcher/normalise/name_words.h"
#include "matcher/normalise/text_fold.h"

#include <stdlib.h>

enum {
	WORDS = 4096, CELLS = 2048,
	SHORT = 16,       /* bytes of a word or cell that is remembered */
	MISSING_MAX = 24  /* no longer text stands for "missing": text_is_missing() */
};

/* Up to SHORT bytes, zeros behind them. */
struct short_text {
	uint64_t half[2];
};

/* A word of letters, and whether it is written in a name as it stands, whatever stands beside it. */
struct word {
	struct short_text text;
	bool known, plain;
};

struct cell {
	struct short_text raw, text;
	uint64_t number;
	uint32_t flags;
	uint8_t type, raw_n, text_n; /* raw_n 0: free */
};

struct field_memory {
	struct word words[WORDS];
	struct cell cells[CELLS];
};

struct field_memory *field_memory_new(void)
{
	return calloc(1, sizeof(struct field_memory));
}

void field_memory_free(struct field_memory *memory)
{
	free(memory);
}

static struct short_text short_text_of(struct str text)
{
	struct short_text of = {{0, 0}};

	if (text.n)
		memcpy(of.half, text.p, text.n);
	return of;
}

static bool same(const struct short_text *a, const struct short_text *b)
{
	return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

static size_t place_of(const struct short_text *text, uint64_t seed)
{
	return (size_t)hash_pair(text->half[0] + seed, text->half[1]);
}

/* What name.c does nothing about: no title, no other spelling, nothing that gives what is beside it a meaning. */
static bool stands_as_it_is(struct str word)
{
	static const char *const meant[] = {"AHLI", "ALIAS", "ALS"};
	bool abbreviated;

	if (name_word_kind(word) || name_word_behind_abdul(word).n)
		return false;
	for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
		if (str_equal(word, str_from(meant[i])))
			return false;
	for (int beside = 0; beside < 4; beside++)
		if (!str_equal(name_word_canonical(word, beside & 1, beside & 2, &abbreviated), word) || abbreviated)
			return false;
	return true;
}

static bool word_is_plain(struct field_memory *memory, struct str letters)
{
	struct short_text text = short_text_of(letters);
	struct word *word = &memory->words[place_of(&text, 0) % WORDS];

	if (!word->known || !same(&word->text, &text))
		*word = (struct word){text, true, stands_as_it_is(letters)};
	return word->plain;
}

/*
 * A name of plain words, one space between them, comes to the same in capitals: these are written to upper (of raw.n bytes) and true is
 * returned. *ret_as_is: they were capitals already.
 */
static bool name_is_plain(struct field_memory *memory, struct str raw, char *upper, bool *ret_as_is)
{
	size_t begin = 0;
	unsigned words = 0;
	uint8_t changed = 0;

	if (raw.n <= MISSING_MAX && text_is_missing(raw))
		return false;
	for (size_t i = 0; i <= raw.n; i++) {
		char c = i < raw.n ? raw.p[i] : ' ', capital = (char)(c & ~0x20);

		if (c != ' ') {
			if (capital < 'A' || capital > 'Z' || i - begin == SHORT)
				return false;
			changed |= (uint8_t)(c ^ capital);
			upper[i] = capital;
			continue;
		}
		if (i == begin || ++words > NAME_TOKENS_MAX || !word_is_plain(memory, (struct str){upper + begin, i - begin}))
			return false;
		if (i < raw.n)
			upper[i] = ' ';
		begin = i + 1;
	}
	*ret_as_is = changed == 0;
	return true;
}

static bool is_name(enum field_type type)
{
	return type == FIELD_NAME || type == FIELD_GIVEN_NAME || type == FIELD_SURNAME;
}

/* Few values in many rows. */
static bool comes_again(enum field_type type)
{
	return type == FIELD_DATE || type == FIELD_SEX || type == FIELD_CODE || type == FIELD_NUMBER || type == FIELD_AGE;
}

static int normalise_cell(struct field_memory *memory, enum field_type type, struct str raw, struct arena *arena, struct field_value *out)
{
	struct short_text text = short_text_of(raw);
	struct cell *cell = &memory->cells[place_of(&text, type) % CELLS];

	if (cell->raw_n == raw.n && cell->type == type && same(&cell->raw, &text)) {
		*out = (struct field_value){cell->number, {NULL, 0}, cell->flags};
		if (cell->text_n == 0)
			return 0;
		out->text = cell->text_n == raw.n && same(&cell->text, &text) ? raw : arena_str(arena, (struct str){(const char *)&cell->text, cell->text_n});
		return out->text.p ? 0 : -1;
	}
	if (field_normalise(type, raw, false, arena, out) != 0)
		return -1;
	if (out->text.n <= SHORT)
		*cell = (struct cell){text, short_text_of(out->text), out->number, out->flags, (uint8_t)type, (uint8_t)raw.n,
			(uint8_t)out->text.n};
	return 0;
}

int field_memory_normalise(struct field_memory *memory, enum field_type type, struct str raw, bool numeric, struct arena *arena,
	struct field_value *out)
{
	enum { NAME_MAX_BYTES = NAME_TOKENS_MAX * (SHORT + 1) };
	char upper[NAME_MAX_BYTES];
	bool as_is;

	raw = str_trim(raw);
	if (comes_again(type) && !numeric && raw.n && raw.n <= SHORT)
		return normalise_cell(memory, type, raw, arena, out);
	if (!is_name(type) || raw.n == 0 || raw.n > sizeof upper || !name_is_plain(memory, raw, upper, &as_is))
		return field_normalise(type, raw, numeric, arena, out);
	*out = (struct field_value){.text = as_is ? raw : arena_str(arena, (struct str){upper, raw.n})};
	return out->text.p ? 0 : -1;
}
