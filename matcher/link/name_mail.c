/* See name_mail.h. */
#include "matcher/link/name_mail.h"

#include "matcher/base/hash.h"
#include "matcher/base/hash_map.h"
#include "matcher/base/log2.h"

#include <stdlib.h>

enum { LOCAL_MAX = 64, WORD_LEAST = 2 };

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool begins_with(struct str text, struct str word)
{
	if (word.n > text.n)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if (small(text.p[i]) != small(word.p[i]))
			return false;
	}
	return true;
}

/* The longest word not yet used that the text begins with; n_words: none. */
static size_t longest(struct str text, const struct str *words, size_t n_words, uint32_t used)
{
	size_t best = n_words;

	for (size_t w = 0; w < n_words; w++) {
		if (!(used >> w & 1) && words[w].n >= WORD_LEAST && begins_with(text, words[w]) && (best == n_words || words[w].n > words[best].n))
			best = w;
	}
	return best;
}

bool name_mail_pattern(struct str local, const struct str *words, size_t n_words, char *pattern, size_t *ret_n, unsigned *ret_digits)
{
	uint32_t used = 0;
	size_t n = 0;
	bool whole = false;

	*ret_digits = 0;
	if (local.n > LOCAL_MAX)
		return false;
	for (size_t i = 0; i < local.n;) {
		struct str rest = {local.p + i, local.n - i};
		size_t w = longest(rest, words, n_words, used);
		char c = small(local.p[i]);

		if (w < n_words) {
			used |= UINT32_C(1) << w;
			pattern[n++] = (char)('1' + w);
			i += words[w].n;
			whole = true;
			continue;
		}
		i++;
		if (c >= '0' && c <= '9') {
			++*ret_digits;
			pattern[n++] = '#';
			continue;
		}
		if ((c < 'a' || c > 'z') && (unsigned char)c < 0x80) {
			pattern[n++] = c;
			continue;
		}
		for (w = 0; w < n_words && ((used >> w & 1) || !words[w].n || small(words[w].p[0]) != c); w++)
			;
		if (w == n_words)
			return false;
		used |= UINT32_C(1) << w;
		pattern[n++] = (char)('a' + w);
	}
	*ret_n = n;
	return whole;
}

/* A hash of the pattern and the provider, by the name of that row; false: the address is not made of it. */
static bool pattern_of(const struct store *store, size_t column, uint32_t record, uint64_t *ret_hash, unsigned *ret_digits)
{
	const struct store_column *names = &store->columns[store->name];
	const struct store_value *mail = store_value(store, column, record), *name = store_value(store, (size_t)store->name, record);
	struct str text = store_text(&store->columns[column], mail), words[PHRASE_WORDS];
	char pattern[LOCAL_MAX];
	size_t n;

	for (unsigned w = 0; w < name->n_words; w++)
		words[w] = names->words[name->words[w]].token.text;
	if (!name_mail_pattern((struct str){text.p, mail->number}, words, name->n_words, pattern, &n, ret_digits))
		return false;
	*ret_hash = hash_pair(hash_bytes(pattern, n, 0), hash_bytes(text.p + mail->number, text.n - mail->number, 0));
	return true;
}

struct mail_made {
	uint64_t hash; /* 0: not made of the name */
	unsigned digits;
};

/* Of the rows whose names make an address the one of the smallest hash tells how, so that the order of rows does not. */
static void look_at_rows(const struct store *store, size_t column, struct mail_made *made)
{
	for (uint32_t r = 0; r < store->n_records; r++) {
		uint32_t id = store_id(store, column, r);
		struct mail_made row;

		if (!id || store_withdrawn(store, r) || !store_id(store, (size_t)store->name, r) ||
		    !pattern_of(store, column, r, &row.hash, &row.digits))
			continue;
		row.hash |= 1;
		if (!made[id].hash || row.hash < made[id].hash)
			made[id] = row;
	}
}

int name_mail_count(struct column_frequency *frequency, const struct store *store, size_t column)
{
	size_t n = store->columns[column].n_values, held = 0;
	uint32_t patterns = 0;
	struct hash_map numbers = {0};
	struct mail_made *made = calloc(n, sizeof *made);
	uint32_t *count = calloc(n, sizeof *count), *of = calloc(n, sizeof *of);
	int status = -1;

	frequency->of_name = malloc(n * sizeof *frequency->of_name);
	if (!made || !count || !of || !frequency->of_name)
		goto out;
	look_at_rows(store, column, made);
	for (size_t v = 1; v < n; v++) {
		uint32_t *number;

		held++;
		if (!made[v].hash)
			continue;
		number = hash_map_at(&numbers, made[v].hash, patterns);
		if (!number)
			goto out;
		patterns += *number == patterns;
		of[v] = *number;
		count[of[v]]++;
	}
	for (size_t v = 0; v < n; v++)
		frequency->of_name[v] = !made[v].hash ? NAME_MAIL_OTHER
						      : weight_from_bits(log2_of(count[of[v]] / (double)held) - made[v].digits * log2_of(10));
	status = 0;
out:
	hash_map_release(&numbers);
	free(made);
	free(count);
	free(of);
	return status;
}
