/*
 * The linker's records, as flat columns: each comparison has a dictionary of distinct values, and a record is one value
 * number per comparison (0: missing). What is known about a value – its digits, its date, its words – is kept once.
 *
 * A comparison is what the model weighs as one thing: a field, or all name columns of the schema together (a person's
 * one name, told once or twice). Phrases (names, addresses, texts) are lists of words from a vocabulary of the comparison.
 * Called by linker.c alone; the other parts of matcher/link read it.
 */
#ifndef PADAN_STORE_H
#define PADAN_STORE_H

#include "matcher/base/text_set.h"
#include "matcher/base/parallel.h"
#include "matcher/compare/tokens.h"
#include "matcher/link/linker.h"

enum comparison_kind {
	COMPARE_NAME,
	COMPARE_WORDS, /* address, text */
	COMPARE_NIK,
	COMPARE_KK,
	COMPARE_IDENTIFIER,
	COMPARE_DATE,
	COMPARE_SEX,
	COMPARE_CODE,
	COMPARE_NUMBER,
	COMPARE_EMAIL,
	COMPARE_PHONE,
	COMPARE_AGE,
	COMPARE_KINDS
};

enum { STORE_RECORDS_MAX = 1 << 28 };
enum { COMPARISONS_MAX = LINKER_FIELDS_MAX, PHRASE_WORDS = TOKENS_MAX };

static inline bool comparison_is_phrase(enum comparison_kind kind)
{
	return kind == COMPARE_NAME || kind == COMPARE_WORDS;
}

struct store_value { /* a million records have more than two million of these: 16 bytes each */
	union {
		uint64_t number; /* NIK, KK, 16 digits: BCD; date: yyyymmdd; sex: 1, 2; number: itself; email: bytes before the @ */
		const uint32_t *words; /* of a phrase */
	};
	uint64_t text_at : 40, text_n : 16; /* store_text() */
	uint64_t n_words : 8;               /* 0 unless a phrase */
};

struct store_word {
	struct token token; /* id: the word's number */
	uint32_t letters;   /* bit per letter that occurs: two words apart by k edits differ in at most 2k bits */
	uint32_t sounds;    /* the same for the sounds of its key */
	uint32_t start;     /* its first three bytes, where it has as many; else 0 */
};

struct store_column {
	enum comparison_kind kind;
	size_t n_fields;
	uint8_t fields[LINKER_FIELDS_MAX]; /* of the schema */
	char name[LINKER_FIELD_NAME_MAX];  /* the fields' names, '+' between them */
	bool within_place;                 /* says something where the place (store.place) agrees, nothing elsewhere */

	struct store_value *values; /* [0]: missing */
	size_t n_values, values_cap;
	struct text_set by_text;

	struct store_word *words; /* [0]: unused */
	size_t n_words, words_cap;
	struct text_set by_word;

	/* Each column has its own: several are filled side by side. */
	char *texts; /* of values, one behind the other */
	size_t n_texts, texts_cap;
	struct arena lists; /* of words */
	struct text_pool word_texts;

	/* While a record is there for a search alone (store_probe): how many were held before, and what it brought. */
	bool probed;
	size_t kept_values, kept_words, kept_texts;
	struct arena other_lists;
	struct text_pool other_word_texts;
};

struct store {
	struct linker_schema schema;
	size_t n_columns;
	struct store_column columns[COMPARISONS_MAX];
	int place; /* the column that says where someone lives (the first code); -1: none */
	int name, nik, kk, date; /* the column of that kind (the first one); -1: none */

	size_t n_records;
	uint32_t *ids; /* by record, n_columns each: numbers of values */
	uint64_t *content; /* by record: a hash of what it says, its list and number apart: the order that samples are drawn in */
	uint32_t *list_of; /* by record */
	size_t ids_cap, content_cap, list_of_cap;
	uint32_t *list_first; /* first record of each list */
	bool *list_withdrawn;
	size_t n_lists, list_first_cap, list_withdrawn_cap;
	bool sealed;
};

int store_init(struct store *store, const struct linker_schema *schema, struct error *err) PADAN_MUST_CHECK;
void store_release(struct store *store);

int store_open_list(struct store *store, uint32_t *ret, struct error *err) PADAN_MUST_CHECK;
/* One value per field of the schema. */
int store_add(struct store *store, const struct field_value *values, uint32_t *ret_record, struct error *err)
	PADAN_MUST_CHECK;

/*
 * `rows` records, a value per field of the schema for each, to the newest list: what store_add() would do one by one, column
 * beside column.
 */
int store_add_rows(struct store *store, const struct field_value *values, size_t rows, const struct parallel *parallel,
	struct error *err) PADAN_MUST_CHECK;

/*
 * The values as a record that belongs to no list, for a search: *ret_record is its number, which is not below n_records, until
 * store_forget(), to be called before anything else is added or probed. Values and words that no record has are forgotten with it.
 */
int store_probe(struct store *store, const struct field_value *values, uint32_t *ret_record) PADAN_MUST_CHECK;
void store_forget(struct store *store);

/*
 * No record will be added any more, nor anybody searched: gives back what tells values that are known from new ones.
 * Of a value that is compared by what is known about it – a number, words – the text is gone then.
 */
void store_seal(struct store *store);

/*
 * The canonical texts of a value's fields, '\x1f' between them; good until something is added. Empty for a NIK or KK of 16 digits, whose
 * number says it all: store_key_text().
 */
static inline struct str store_text(const struct store_column *column, const struct store_value *value)
{
	return value->text_n ? (struct str){column->texts + value->text_at, value->text_n} : (struct str){"", 0};
}

/* The text of a NIK or KK, a number's written into room; n 0: missing. */
struct str store_key_text(const struct store_column *column, const struct store_value *value, char room[LINKER_KEY_DIGITS]);

static inline uint32_t store_id(const struct store *store, size_t column, size_t record)
{
	return store->ids[record * store->n_columns + column];
}

static inline const struct store_value *store_value(const struct store *store, size_t column, uint32_t record)
{
	return &store->columns[column].values[store_id(store, column, record)];
}

static inline bool store_withdrawn(const struct store *store, uint32_t record)
{
	return store->list_withdrawn[store->list_of[record]];
}

/* Records that are not withdrawn. */
size_t store_held(const struct store *store);

static inline uint64_t store_content_hash(const struct store *store, uint32_t record)
{
	return store->content[record];
}

#endif
