/* See store.h. */
#include "matcher/link/store.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/compare/digits.h"
#include "matcher/normalise/name.h"

#include <stdio.h>

enum { TEXT_MAX = 4096, FIELD_SEPARATOR = '\x1f' };

static enum comparison_kind kind_of(enum field_type type)
{
	switch (type) {
	case FIELD_NAME:
	case FIELD_GIVEN_NAME:
	case FIELD_SURNAME:
		return COMPARE_NAME;
	case FIELD_NIK:
		return COMPARE_NIK;
	case FIELD_KK:
		return COMPARE_KK;
	case FIELD_IDENTIFIER:
		return COMPARE_IDENTIFIER;
	case FIELD_DATE:
		return COMPARE_DATE;
	case FIELD_SEX:
		return COMPARE_SEX;
	case FIELD_CODE:
		return COMPARE_CODE;
	case FIELD_NUMBER:
		return COMPARE_NUMBER;
	case FIELD_EMAIL:
		return COMPARE_EMAIL;
	default:
		return COMPARE_WORDS;
	}
}

static void add_field(struct store *store, size_t field)
{
	const struct linker_field *f = &store->schema.fields[field];
	enum comparison_kind kind = kind_of(f->type);
	struct store_column *column = NULL;

	if (kind == COMPARE_NAME && store->name >= 0)
		column = &store->columns[store->name];
	if (!column) {
		int number = (int)store->n_columns;

		column = &store->columns[store->n_columns++];
		column->kind = kind;
		if (kind == COMPARE_NAME)
			store->name = number;
		else if (kind == COMPARE_NIK && store->nik < 0)
			store->nik = number;
		else if (kind == COMPARE_KK && store->kk < 0)
			store->kk = number;
		else if (kind == COMPARE_DATE && store->date < 0)
			store->date = number;
		else if (kind == COMPARE_CODE && store->place < 0)
			store->place = number;
	}
	if (column->n_fields && strlen(column->name) + 2 < sizeof column->name)
		strcat(column->name, "+");
	snprintf(column->name + strlen(column->name), sizeof column->name - strlen(column->name), "%s", f->name);
	/* A model file has one name a line, and tabs between words. */
	for (char *p = column->name; *p; p++) {
		if ((unsigned char)*p < ' ')
			*p = ' ';
	}
	column->fields[column->n_fields++] = (uint8_t)field;
}

int store_init(struct store *store, const struct linker_schema *schema, struct error *err)
{
	*store = (struct store){.schema = *schema, .name = -1, .nik = -1, .kk = -1, .date = -1, .place = -1};
	arena_init(&store->texts, 0);
	arena_init(&store->scratch, 0);
	for (size_t f = 0; f < schema->n_fields; f++) {
		if (schema->fields[f].type != FIELD_IGNORE)
			add_field(store, f);
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		if (GROW(&column->values, &column->values_cap, 1) < 0 || GROW(&column->words, &column->words_cap, 1) < 0)
			return error_memory(err);
		column->n_values = column->n_words = 1;
	}
	return 0;
}

void store_release(struct store *store)
{
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		free(column->values);
		free(column->words);
		free(column->ids);
		hash_map_release(&column->by_text);
		hash_map_release(&column->by_word);
	}
	free(store->list_of);
	free(store->list_first);
	free(store->list_withdrawn);
	arena_release(&store->texts);
	arena_release(&store->scratch);
	*store = (struct store){0};
}

int store_open_list(struct store *store, uint32_t *ret, struct error *err)
{
	if (GROW(&store->list_first, &store->list_first_cap, store->n_lists + 1) < 0 ||
	    GROW(&store->list_withdrawn, &store->list_withdrawn_cap, store->n_lists + 1) < 0)
		return error_memory(err);
	store->list_first[store->n_lists] = (uint32_t)store->n_records;
	store->list_withdrawn[store->n_lists] = false;
	*ret = (uint32_t)store->n_lists++;
	return 0;
}

static uint32_t letters_of(struct str text)
{
	uint32_t letters = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		letters |= UINT32_C(1) << (c >= 'A' && c <= 'Z' ? c - 'A' : 26 + c % 6);
	}
	return letters;
}

static uint32_t sounds_of(uint64_t key)
{
	uint32_t sounds = 0;

	for (; key && key >> 63 == 0; key >>= 5)
		sounds |= UINT32_C(1) << (key & 31);
	return sounds;
}

/* The word's number, or 0 when memory ran out. */
static uint32_t intern_word(struct store *store, struct store_column *column, const struct name_token *token)
{
	uint64_t hash = hash_str(token->text);
	struct store_word *word;
	uint32_t *at;

	for (;; hash = hash_mix(hash + 1)) {
		at = hash_map_at(&column->by_word, hash, 0);
		if (!at)
			return 0;
		if (*at == 0)
			break;
		if (str_equal(column->words[*at].token.text, token->text))
			return *at;
	}
	if (GROW(&column->words, &column->words_cap, column->n_words + 1) < 0)
		return 0;
	word = &column->words[column->n_words];
	word->token = (struct token){
		.text = arena_str(&store->texts, token->text),
		.phonetic = token->phonetic,
		.phonetic_other = token->phonetic_other,
		.id = (uint32_t)column->n_words,
		.flags = token->flags,
	};
	if (!word->token.text.p)
		return 0;
	word->letters = letters_of(token->text);
	word->sounds = sounds_of(token->phonetic);
	*at = (uint32_t)column->n_words;
	return (uint32_t)column->n_words++;
}

/* Adds one telling of the phrase: its words, unless an earlier telling has that word or a misspelling of it. */
static int add_telling(struct store *store, struct store_column *column, struct store_value *value,
	const struct name_token *tokens, size_t n)
{
	size_t earlier = value->n_words;

	for (size_t i = 0; i < n && value->n_words < PHRASE_WORDS; i++) {
		uint32_t word = intern_word(store, column, &tokens[i]);
		bool known = false;

		if (word == 0)
			return -1;
		for (size_t k = 0; k < value->n_words && !known; k++) {
			known = value->words[k] == word || (k < earlier && token_compare(&column->words[value->words[k]].token,
				&column->words[word].token) != TOKEN_APART);
		}
		if (!known)
			value->words[value->n_words++] = word;
	}
	return 0;
}

static size_t split_words(struct str text, struct name_token *tokens, size_t max)
{
	size_t n = 0, at = 0;

	while (at < text.n && n < max) {
		size_t end = at;

		while (end < text.n && text.p[end] != ' ')
			end++;
		if (end > at) {
			struct str word = {text.p + at, end - at};

			tokens[n++] = (struct name_token){.text = word, .phonetic = name_phonetic(word, false)};
		}
		at = end + 1;
	}
	return n;
}

static int read_phrase(struct store *store, struct store_column *column, struct store_value *value,
	const struct field_value *values)
{
	/* Given name and surname are two parts of one telling, a whole name is another: parts first. */
	for (int whole = 0; whole < 2; whole++) {
		for (size_t f = 0; f < column->n_fields; f++) {
			enum field_type type = store->schema.fields[column->fields[f]].type;
			struct str text = values[column->fields[f]].text;
			struct name_token words[PHRASE_WORDS];
			struct name name;
			const struct name_token *tokens = words;
			size_t n;

			if ((type == FIELD_NAME) != whole || text.n == 0)
				continue;
			if (column->kind == COMPARE_NAME) {
				if (name_parse(text, &store->scratch, &name) < 0)
					return -1;
				tokens = name.tokens;
				n = name.count;
			} else {
				n = split_words(text, words, PHRASE_WORDS);
			}
			if (add_telling(store, column, value, tokens, n) < 0)
				return -1;
		}
		if (column->kind != COMPARE_NAME)
			break;
	}
	arena_reset(&store->scratch);
	return 0;
}

static uint64_t number_of(const struct store_column *column, const struct field_value *value)
{
	switch (column->kind) {
	case COMPARE_NIK:
	case COMPARE_KK:
		return value->number && value->number < UINT64_C(10000000000000000) ? digits_to_bcd(value->number) : 0;
	case COMPARE_EMAIL: {
		const char *at = memchr(value->text.p, '@', value->text.n);

		return at ? (uint64_t)(at - value->text.p) : value->text.n;
	}
	default:
		return value->number;
	}
}

/* The number of the record's value for that column; 0: missing; UINT32_MAX: memory. */
static uint32_t intern_value(struct store *store, struct store_column *column, const struct field_value *values)
{
	char text[TEXT_MAX];
	size_t n = 0;
	bool any = false;
	uint64_t hash;
	uint32_t *at;
	struct store_value *value;

	for (size_t f = 0; f < column->n_fields; f++) {
		struct str part = values[column->fields[f]].text;
		size_t take = part.n < sizeof text - n - 1 ? part.n : sizeof text - n - 1;

		if (f)
			text[n++] = FIELD_SEPARATOR;
		if (n + take >= sizeof text)
			take = 0;
		if (take)
			memcpy(text + n, part.p, take);
		n += take;
		any |= part.n > 0;
	}
	if (!any)
		return 0;
	hash = hash_bytes(text, n, 0);
	for (;; hash = hash_mix(hash + 1)) {
		at = hash_map_at(&column->by_text, hash, 0);
		if (!at)
			return UINT32_MAX;
		if (*at == 0)
			break;
		if (str_equal(column->values[*at].text, (struct str){text, n}))
			return *at;
	}
	if (GROW(&column->values, &column->values_cap, column->n_values + 1) < 0)
		return UINT32_MAX;
	value = &column->values[column->n_values];
	value->text = arena_str(&store->texts, (struct str){text, n});
	if (!value->text.p)
		return UINT32_MAX;
	if (comparison_is_phrase(column->kind)) {
		if (read_phrase(store, column, value, values) < 0)
			return UINT32_MAX;
		if (value->n_words == 0)
			return 0;
	} else {
		value->number = number_of(column, &values[column->fields[0]]);
	}
	*at = (uint32_t)column->n_values;
	return (uint32_t)column->n_values++;
}

int store_probe(struct store *store, const struct field_value *values, uint32_t *ret_record)
{
	size_t record = store->n_records;

	if (GROW(&store->list_of, &store->list_of_cap, record + 1) < 0)
		return -1;
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];
		uint32_t id;

		if (GROW(&column->ids, &column->ids_cap, record + 1) < 0)
			return -1;
		id = intern_value(store, column, values);
		if (id == UINT32_MAX)
			return -1;
		column->ids[record] = id;
	}
	store->list_of[record] = store->n_lists ? (uint32_t)(store->n_lists - 1) : 0;
	*ret_record = (uint32_t)record;
	return 0;
}

int store_add(struct store *store, const struct field_value *values, uint32_t *ret_record, struct error *err)
{
	uint32_t list;

	if (store->n_lists == 0 && store_open_list(store, &list, err) < 0)
		return -1;
	if (store_probe(store, values, ret_record) < 0)
		return error_memory(err);
	store->n_records++;
	return 0;
}

size_t store_held(const struct store *store)
{
	size_t held = 0;

	for (size_t l = 0; l < store->n_lists; l++) {
		size_t end = l + 1 < store->n_lists ? store->list_first[l + 1] : store->n_records;

		if (!store->list_withdrawn[l])
			held += end - store->list_first[l];
	}
	return held;
}

uint64_t store_content_hash(const struct store *store, uint32_t record)
{
	uint64_t hash = 0;

	for (size_t c = 0; c < store->n_columns; c++)
		hash = hash_pair(hash, hash_str(store_value(store, c, record)->text));
	return hash;
}
