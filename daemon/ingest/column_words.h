/*
 * The words by which offices call their columns: a header's cell → the role it speaks for. The words half of
 * column_map.h; the contents half is in column_map.c.
 */
#ifndef PADAN_COLUMN_WORDS_H
#define PADAN_COLUMN_WORDS_H

#include "daemon/ingest/column_map.h"

enum { COLUMN_KEY_MAX = 64 };

/* How sure the words are. A weak one gives way to a strong one of the same role: "NIK KK" to "NIK". */
enum column_strength { COLUMN_UNKNOWN, COLUMN_GUESSED, COLUMN_WEAK, COLUMN_STRONG, COLUMN_CONFIGURED };

struct column_word {
	enum column_role role;
	enum column_strength strength;
};

/* What a header's cell alone says. COLUMN_UNKNOWN: nothing. */
struct column_word column_word_find(struct str header, const struct column_synonym *synonyms, size_t synonyms_n);

/* The same without the search for typing errors: cheap enough for every cell of the rows that may be the header. */
struct column_word column_word_find_exact(struct str header, const struct column_synonym *synonyms, size_t synonyms_n);

/*
 * The comparable form of a header's cell: its ASCII letters and digits in lower case, nothing else ("No. KK" → "nokk").
 * At most COLUMN_KEY_MAX - 1 of them. Returns how many.
 */
size_t column_key(struct str header, char key[COLUMN_KEY_MAX]);

#endif
