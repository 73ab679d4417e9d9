/* See store.h. */
#include "matcher/link/store.h"

#include "matcher/base/grow.h"
#include "matcher/base/hash.h"
#include "matcher/compare/digits.h"
#include "matcher/normalise/name.h"

#include <assert.h>
#include <stdio.h>

enum { TEXT_MAX = 4096, FIELD_SEPARATOR = '\x1f', AT_ONCE = 32 };

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
	case FIELD_PHONE:
		return COMPARE_PHONE;
	case FIELD_AGE:
		return COMPARE_AGE;
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
		column->within_place = f->within_place && store->place >= 0;
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
		memcpy(column->name + strlen(column->name), "+", 2);
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
	for (size_t f = 0; f < schema->n_fields; f++) {
		if (schema->fields[f].type != FIELD_IGNORE)
			add_field(store, f);
	}
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		arena_init(&column->lists, 0);
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
		text_set_release(&column->by_text);
		text_set_release(&column->by_word);
		arena_release(&column->lists);
		free(column->texts);
		arena_release(&column->other_lists);
		text_pool_release(&column->other_word_texts);
		text_pool_release(&column->word_texts);
	}
	free(store->ids);
	free(store->content);
	free(store->list_of);
	free(store->list_first);
	free(store->list_withdrawn);
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

static bool word_is(const void *arg, uint32_t id, struct str text)
{
	const struct store_column *column = arg;

	return str_equal(column->words[id].token.text, text);
}

/* A word that a probe brought: those are in no set. */
static uint32_t find_probed(const struct store_column *column, struct str text)
{
	for (size_t w = column->kept_words; column->probed && w < column->n_words; w++)
		if (word_is(column, (uint32_t)w, text))
			return (uint32_t)w;
	return 0;
}

/* The word's number, or 0 when memory ran out. */
static uint32_t intern_word(struct store_column *column, struct str text)
{
	uint64_t hash = hash_str(text);
	uint32_t id = text_set_find(&column->by_word, hash, text, word_is, column);
	struct store_word *word;

	if (!id)
		id = find_probed(column, text);
	if (id)
		return id;
	if (GROW(&column->words, &column->words_cap, column->n_words + 1) < 0)
		return 0;
	word = &column->words[column->n_words];
	text = text_pool_add(column->probed ? &column->other_word_texts : &column->word_texts, text);
	if (!text.p || (!column->probed && text_set_add(&column->by_word, hash, (uint32_t)column->n_words) < 0))
		return 0;
	word->token = (struct token){.text = text, .id = (uint32_t)column->n_words};
	if (column->kind == COMPARE_NAME) {
		struct name_token keys = name_token_of(text);

		word->token.phonetic = keys.phonetic;
		word->token.phonetic_other = keys.phonetic_other;
		word->token.flags = keys.flags;
	} else {
		word->token.phonetic = name_phonetic(text, false);
	}
	word->letters = letters_of(text);
	word->sounds = sounds_of(word->token.phonetic);
	word->start = text.n < 3 ? 0 : (uint32_t)(uint8_t)text.p[0] << 16 | (uint32_t)(uint8_t)text.p[1] << 8 | (uint8_t)text.p[2];
	return (uint32_t)column->n_words++;
}

/* The words of a phrase that is being read. */
struct phrase {
	uint32_t words[PHRASE_WORDS];
	size_t n;
};

/* Adds one telling of the phrase: its words, unless an earlier telling has that word or a misspelling of it. */
static int add_telling(struct store_column *column, struct str text, struct phrase *phrase)
{
	size_t earlier = phrase->n, at = 0;

	while (at < text.n && phrase->n < PHRASE_WORDS) {
		size_t end = at;
		bool known = false;
		uint32_t word;

		while (end < text.n && text.p[end] != ' ')
			end++;
		if (end > at) {
			word = intern_word(column, (struct str){text.p + at, end - at});
			if (word == 0)
				return -1;
			for (size_t k = 0; k < phrase->n && !known; k++) {
				known = phrase->words[k] == word || (k < earlier && token_compare(&column->words[phrase->words[k]].token,
					&column->words[word].token) != TOKEN_APART);
			}
			if (!known)
				phrase->words[phrase->n++] = word;
		}
		at = end + 1;
	}
	return 0;
}

/* The values are canonical: what is left to do is to cut them at their spaces. */
static int read_phrase(const struct store *store, struct store_column *column, struct store_value *value,
	const struct field_value *values)
{
	struct phrase phrase = {.n = 0};
	uint32_t *words;

	/* Given name and surname are two parts of one telling, a whole name is another: parts first. */
	for (int whole = 0; whole < 2; whole++) {
		for (size_t f = 0; f < column->n_fields; f++) {
			enum field_type type = store->schema.fields[column->fields[f]].type;

			if (column->kind == COMPARE_NAME && (type == FIELD_NAME) != whole)
				continue;
			if (add_telling(column, values[column->fields[f]].text, &phrase) < 0)
				return -1;
		}
		if (column->kind != COMPARE_NAME)
			break;
	}
	if (phrase.n == 0)
		return 0;
	words = arena_array(&column->lists, (phrase.n + 3) / 4, 4 * sizeof *words);
	if (!words)
		return -1;
	memcpy(words, phrase.words, phrase.n * sizeof *words);
	value->words = words;
	value->n_words = (uint8_t)phrase.n;
	return 0;
}

static bool is_key(enum comparison_kind kind)
{
	return kind == COMPARE_NIK || kind == COMPARE_KK;
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

struct str store_key_text(const struct store_column *column, const struct store_value *value, char room[LINKER_KEY_DIGITS])
{
	if (value->text_n || value == column->values || !is_key(column->kind))
		return store_text(column, value);
	for (unsigned i = 0; i < LINKER_KEY_DIGITS; i++)
		room[i] = (char)('0' + (value->number >> (60 - 4 * i) & 15));
	return (struct str){room, LINKER_KEY_DIGITS};
}

static bool value_is(const void *arg, uint32_t id, struct str text)
{
	const struct store_column *column = arg;
	char digits[LINKER_KEY_DIGITS];

	return str_equal(store_key_text(column, &column->values[id], digits), text);
}

/* A copy of a value's text, unless it is no more than the digits of its number. -1: memory. */
static int keep_text(struct store_column *column, struct store_value *value, struct str text)
{
	char digits[LINKER_KEY_DIGITS];

	if (is_key(column->kind) && value->number && str_equal(text, store_key_text(column, value, digits)))
		return 0;
	if (GROW_BARE(&column->texts, &column->texts_cap, column->n_texts + text.n) < 0)
		return -1;
	memcpy(column->texts + column->n_texts, text.p, text.n);
	value->text_at = column->n_texts;
	value->text_n = text.n;
	column->n_texts += text.n;
	return 0;
}

/* The canonical texts of the column's fields, '\x1f' between them; n 0: all are missing. One field's is taken as it is. */
static struct str value_text(const struct store_column *column, const struct field_value *values, char text[TEXT_MAX])
{
	size_t n = 0;
	bool any = false;

	if (column->n_fields == 1) {
		struct str only = values[column->fields[0]].text;

		return (struct str){only.p, only.n < TEXT_MAX ? only.n : TEXT_MAX};
	}
	for (size_t f = 0; f < column->n_fields; f++) {
		struct str part = values[column->fields[f]].text;
		size_t take = part.n < TEXT_MAX - n - 1 ? part.n : TEXT_MAX - n - 1;

		if (f)
			text[n++] = FIELD_SEPARATOR;
		if (n + take >= TEXT_MAX)
			take = 0;
		if (take)
			memcpy(text + n, part.p, take);
		n += take;
		any |= part.n > 0;
	}
	return (struct str){text, any ? n : 0};
}

/* The number of the record's value for that column, whose text has that hash; 0: missing; UINT32_MAX: memory. */
static uint32_t intern_hashed(const struct store *store, struct store_column *column, const struct field_value *values,
	struct str text, uint64_t hash)
{
	struct store_value *value;
	uint32_t id;

	if (text.n == 0)
		return 0;
	id = text_set_find(&column->by_text, hash, text, value_is, column);
	if (id)
		return id;
	if (GROW_BARE(&column->values, &column->values_cap, column->n_values + 1) < 0)
		return UINT32_MAX;
	value = &column->values[column->n_values];
	*value = (struct store_value){0};
	if (comparison_is_phrase(column->kind)) {
		if (read_phrase(store, column, value, values) < 0)
			return UINT32_MAX;
		if (value->n_words == 0)
			return 0;
	} else {
		value->number = number_of(column, &values[column->fields[0]]);
	}
	if (keep_text(column, value, text) < 0 ||
	    (!column->probed && text_set_add(&column->by_text, hash, (uint32_t)column->n_values) < 0))
		return UINT32_MAX;
	return (uint32_t)column->n_values++;
}

static uint32_t intern_value(const struct store *store, struct store_column *column, const struct field_value *values, uint64_t *ret_hash)
{
	char joined[TEXT_MAX];
	struct str text = value_text(column, values, joined);

	*ret_hash = hash_str(text);
	return intern_hashed(store, column, values, text, *ret_hash);
}

static int make_room(struct store *store, size_t records)
{
	assert(!store->sealed);
	return GROW_BARE(&store->list_of, &store->list_of_cap, records) < 0 ||
	       GROW_BARE(&store->content, &store->content_cap, records) < 0 ||
	       GROW_BARE(&store->ids, &store->ids_cap, records * store->n_columns + 1) < 0 ? -1 : 0;
}

/* What a record says, by the hash of one more value; 0 before the first. */
static uint64_t add_content(uint64_t content, uint32_t id, uint64_t hash)
{
	return hash_pair(content, id ? (uint32_t)hash : 0);
}

/* What goes with a record whose values are known. */
static void finish_record(struct store *store, size_t record, uint64_t content)
{
	store->content[record] = content;
	store->list_of[record] = store->n_lists ? (uint32_t)(store->n_lists - 1) : 0;
}

static int check_room(const struct store *store, size_t rows, struct error *err)
{
	if (store->n_records + rows <= STORE_RECORDS_MAX)
		return 0;
	return error_set(err, ERROR_INPUT, "Lebih dari %d baris tidak bisa dipadankan sekaligus: bagi menurut kabupaten",
		"More than %d rows cannot be matched at once: divide them by district", STORE_RECORDS_MAX);
}

/* The values where the next record will stand. */
static int put_next(struct store *store, const struct field_value *values, uint32_t *ret_record)
{
	size_t record = store->n_records;
	uint64_t content = 0;

	if (make_room(store, record + 1) < 0)
		return -1;
	for (size_t c = 0; c < store->n_columns; c++) {
		uint64_t hash;
		uint32_t id = intern_value(store, &store->columns[c], values, &hash);

		if (id == UINT32_MAX)
			return -1;
		store->ids[record * store->n_columns + c] = id;
		content = add_content(content, id, hash);
	}
	finish_record(store, record, content);
	*ret_record = (uint32_t)record;
	return 0;
}

/* The lists of words that a probe brings lie apart from what records hold, and go at once. */
static void swap_lists(struct store_column *column)
{
	struct arena lists = column->lists;

	column->lists = column->other_lists;
	column->other_lists = lists;
}

int store_probe(struct store *store, const struct field_value *values, uint32_t *ret_record)
{
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		column->probed = true;
		column->kept_values = column->n_values;
		column->kept_words = column->n_words;
		column->kept_texts = column->n_texts;
		swap_lists(column);
	}
	if (put_next(store, values, ret_record) == 0)
		return 0;
	store_forget(store);
	return -1;
}

void store_forget(struct store *store)
{
	for (size_t c = 0; c < store->n_columns; c++) {
		struct store_column *column = &store->columns[c];

		if (!column->probed)
			continue;
		column->probed = false;
		column->n_values = column->kept_values;
		column->n_words = column->kept_words;
		column->n_texts = column->kept_texts;
		swap_lists(column);
		arena_reset(&column->other_lists);
		text_pool_reset(&column->other_word_texts);
	}
}

/* Records that are being added, column beside column. */
struct addition {
	struct store *store;
	const struct field_value *values;
	size_t rows;
	/* By column: of all rows. In the store they lie by row, where two columns' threads would get in each other's way. */
	struct interned {
		uint32_t id, hash;
	} *interned;
	bool failed[COMPARISONS_MAX];
};

/*
 * The values of n records, at most AT_ONCE. The set is far bigger than the cache: where each value would stand is asked for
 * before the first is looked up. False: memory.
 */
static bool intern_some(const struct store *store, struct store_column *column, const struct field_value *values, size_t n,
	struct interned *ret)
{
	size_t fields = store->schema.n_fields;
	struct str texts[AT_ONCE];
	uint64_t hashes[AT_ONCE];
	bool one = column->n_fields == 1;

	for (size_t i = 0; one && i < n; i++) {
		texts[i] = value_text(column, values + i * fields, NULL);
		hashes[i] = hash_str(texts[i]);
		text_set_prefetch(&column->by_text, hashes[i]);
	}
	for (size_t i = 0; one && i < n; i++) {
		uint32_t id = text_set_guess(&column->by_text, hashes[i]);

		__builtin_prefetch(&column->values[id]);
	}
	for (size_t i = 0; i < n; i++) {
		ret[i].id = one ? intern_hashed(store, column, values + i * fields, texts[i], hashes[i]) :
				  intern_value(store, column, values + i * fields, &hashes[i]);
		ret[i].hash = (uint32_t)hashes[i];
		if (ret[i].id == UINT32_MAX)
			return false;
	}
	return true;
}

static void add_to_column(void *arg, size_t c)
{
	struct addition *addition = arg;
	struct store_column *column = &addition->store->columns[c];

	for (size_t r = 0; r < addition->rows && !addition->failed[c]; r += AT_ONCE) {
		size_t n = addition->rows - r < AT_ONCE ? addition->rows - r : AT_ONCE;

		addition->failed[c] = !intern_some(addition->store, column,
			addition->values + r * addition->store->schema.n_fields, n, addition->interned + c * addition->rows + r);
	}
}

int store_add_rows(struct store *store, const struct field_value *values, size_t rows, const struct parallel *parallel, struct error *err)
{
	struct addition addition = {.store = store, .values = values, .rows = rows};
	size_t n = store->n_columns;
	bool failed = false;
	uint32_t list;

	if (check_room(store, rows, err) < 0 || (store->n_lists == 0 && store_open_list(store, &list, err) < 0))
		return -1;
	addition.interned = malloc((n * rows + 1) * sizeof *addition.interned);
	if (!addition.interned || make_room(store, store->n_records + rows) < 0) {
		free(addition.interned);
		return error_memory(err);
	}
	parallel_run(parallel, n, add_to_column, &addition);
	for (size_t c = 0; c < n; c++)
		failed |= addition.failed[c];
	for (size_t r = 0; r < rows && !failed; r++, store->n_records++) {
		uint64_t content = 0;

		for (size_t c = 0; c < n; c++) {
			const struct interned *value = &addition.interned[c * rows + r];

			store->ids[store->n_records * n + c] = value->id;
			content = add_content(content, value->id, value->hash);
		}
		finish_record(store, store->n_records, content);
	}
	free(addition.interned);
	return failed ? error_memory(err) : 0;
}

int store_add(struct store *store, const struct field_value *values, uint32_t *ret_record, struct error *err)
{
	uint32_t list;

	if (check_room(store, 1, err) < 0 || (store->n_lists == 0 && store_open_list(store, &list, err) < 0))
		return -1;
	if (put_next(store, values, ret_record) < 0)
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
