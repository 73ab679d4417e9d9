/*
 * See tokens.h.
 */
#include "matcher/compare/tokens.h"

#include "matcher/compare/edit.h"
#include "matcher/normalise/name.h"

enum {
	KEY_SOUNDS_MAX = 12,
	SOUND_BITS = 5,
	PREFIX_MIN = 3,
	EDIT_MIN = 3,
	TWO_EDITS_FROM = 6,
	JOINED_MAX = 2 * NAME_TOKEN_LETTERS_MAX
};

static bool same_sound(const struct token *a, const struct token *b)
{
	bool by_other = (a->phonetic_other && a->phonetic_other == b->phonetic) ||
	                (b->phonetic_other && b->phonetic_other == a->phonetic);

	if (a->text.n == 1 || b->text.n == 1)
		return by_other; /* M and MUHAMMAD; F and P are two initials */
	if (!by_other && a->phonetic != b->phonetic)
		return false;
	/* A full key may hide different ends. */
	return name_phonetic_length(a->phonetic) < KEY_SOUNDS_MAX || edit_osa(a->text, b->text, 2) <= 2;
}

static unsigned first_sound(uint64_t key)
{
	unsigned n = name_phonetic_length(key);

	return n ? (unsigned)(key >> (SOUND_BITS * (n - 1))) : 0;
}

/* shorter is one letter. */
static bool is_initial_of(const struct token *shorter, const struct token *longer)
{
	unsigned sound = first_sound(shorter->phonetic);

	return longer->text.n > 1 &&
	       (shorter->text.p[0] == longer->text.p[0] || (sound && sound == first_sound(longer->phonetic)));
}

static struct str spell(uint64_t key, char out[KEY_SOUNDS_MAX])
{
	unsigned n = name_phonetic_length(key);

	for (unsigned i = n; i-- > 0; key >>= SOUND_BITS)
		out[i] = (char)('A' - 1 + (key & 31));
	return (struct str){out, n};
}

static bool one_edit_in_sound(const struct token *a, const struct token *b)
{
	char x[KEY_SOUNDS_MAX], y[KEY_SOUNDS_MAX];
	struct str spelt_a = spell(a->phonetic, x), spelt_b = spell(b->phonetic, y);

	return spelt_a.n >= TWO_EDITS_FROM && spelt_b.n >= TWO_EDITS_FROM && spelt_a.n < KEY_SOUNDS_MAX &&
	       spelt_b.n < KEY_SOUNDS_MAX && edit_osa(spelt_a, spelt_b, 1) <= 1;
}

static bool few_edits(const struct token *a, const struct token *b)
{
	size_t shorter = a->text.n < b->text.n ? a->text.n : b->text.n;
	unsigned allowed = shorter >= TWO_EDITS_FROM ? 2 : 1;

	return shorter >= EDIT_MIN && (edit_osa(a->text, b->text, allowed) <= allowed || one_edit_in_sound(a, b));
}

enum token_match token_compare(const struct token *a, const struct token *b)
{
	const struct token *shorter = a->text.n <= b->text.n ? a : b, *longer = shorter == a ? b : a;

	if (shorter->text.n == 0)
		return TOKEN_APART;
	if ((a->id && a->id == b->id) || str_equal(a->text, b->text))
		return TOKEN_EXACT;
	if (same_sound(a, b))
		return TOKEN_PHONETIC;
	if (shorter->text.n == 1)
		return is_initial_of(shorter, longer) ? TOKEN_INITIAL : TOKEN_APART;
	if (few_edits(a, b))
		return TOKEN_EDIT;
	if (shorter->text.n >= PREFIX_MIN && memcmp(shorter->text.p, longer->text.p, shorter->text.n) == 0)
		return TOKEN_PREFIX;
	return TOKEN_APART;
}

void tokens_matrix(const struct token *a, unsigned na, const struct token *b, unsigned nb, uint8_t *match)
{
	for (unsigned i = 0; i < na; i++)
		for (unsigned j = 0; j < nb; j++)
			match[i * nb + j] = (uint8_t)token_compare(&a[i], &b[j]);
}

/* What an alignment is made on. */
struct sides {
	const struct token *a, *b;
	unsigned na, nb;
	const uint8_t *match;
	struct tokens_alignment *out;
};

static void pair_up(struct sides *sides, unsigned i, unsigned j, enum token_match kind)
{
	struct tokens_alignment *out = sides->out;

	out->kind[i] = out->kind_b[j] = (uint8_t)kind;
	out->partner[i] = (int8_t)j;
	out->partner_b[j] = (int8_t)i;
}

/* Pairs of one kind, those nearest to the diagonal first: an order that is the same seen from b. */
static void pair_kind(struct sides *sides, enum token_match kind)
{
	unsigned longest = sides->na > sides->nb ? sides->na : sides->nb;

	for (unsigned apart = 0; apart < longest; apart++) {
		for (unsigned low = 0; low + apart < longest; low++) {
			for (int mirrored = 0; mirrored <= (apart != 0); mirrored++) {
				unsigned i = mirrored ? low + apart : low, j = mirrored ? low : low + apart;

				if (i >= sides->na || j >= sides->nb || sides->match[i * sides->nb + j] != kind ||
				        sides->out->partner[i] >= 0 || sides->out->partner_b[j] >= 0)
					continue;
				pair_up(sides, i, j, kind);
				sides->out->count[kind]++;
			}
		}
	}
}

/* first and second written together are word, by letters or by sound. */
static bool is_joined(const struct token *first, const struct token *second, const struct token *word)
{
	char together[JOINED_MAX];
	size_t n = first->text.n + second->text.n;

	if (n > JOINED_MAX || n + 2 < word->text.n || n > word->text.n + 3 || first->text.n < 2 || second->text.n < 2 ||
	        first->text.p[0] != word->text.p[0])
		return false;
	memcpy(together, first->text.p, first->text.n);
	memcpy(together + first->text.n, second->text.p, second->text.n);
	if (str_equal((struct str){together, n}, word->text))
		return true;
	return word->phonetic && name_phonetic_length(word->phonetic) < KEY_SOUNDS_MAX &&
	       name_phonetic((struct str){together, n}, false) == word->phonetic;
}

static bool free_pair(const int8_t *partner, unsigned i)
{
	return partner[i] < 0 && partner[i + 1] < 0;
}

static void pair_joined(struct sides *sides)
{
	struct tokens_alignment *out = sides->out;

	for (unsigned i = 0; i < sides->na; i++) {
		for (unsigned j = 0; j < sides->nb; j++) {
			if (i + 1 < sides->na && out->partner_b[j] < 0 && free_pair(out->partner, i) &&
			        is_joined(&sides->a[i], &sides->a[i + 1], &sides->b[j])) {
				pair_up(sides, i + 1, j, TOKEN_JOINED);
				pair_up(sides, i, j, TOKEN_JOINED);
				out->count[TOKEN_JOINED]++;
			} else if (j + 1 < sides->nb && out->partner[i] < 0 && free_pair(out->partner_b, j) &&
			           is_joined(&sides->b[j], &sides->b[j + 1], &sides->a[i])) {
				pair_up(sides, i, j + 1, TOKEN_JOINED);
				pair_up(sides, i, j, TOKEN_JOINED);
				out->count[TOKEN_JOINED]++;
			}
		}
	}
}

/* RADEN and its like count as nothing, unless a name has nothing else. */
static unsigned weak_mask(const struct token *tokens, unsigned n)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < n; i++)
		mask |= (unsigned)((tokens[i].flags & NAME_TOKEN_WEAK) != 0) << i;
	return mask == (1u << n) - 1 ? 0 : mask;
}

static bool is_reordered(const struct tokens_alignment *out, unsigned na)
{
	int8_t furthest = -1;

	for (unsigned i = 0; i < na; i++) {
		if (out->partner[i] < 0)
			continue;
		if (out->partner[i] < furthest)
			return true;
		furthest = out->partner[i];
	}
	return false;
}

static enum tokens_level level_of(const struct tokens_alignment *out, unsigned strong, bool all_exact)
{
	unsigned soft = out->count[TOKEN_EDIT] + out->count[TOKEN_PREFIX], initial = out->count[TOKEN_INITIAL];
	bool none_left = !out->left_a && !out->left_b, left_on_both = out->left_a && out->left_b;

	if (strong && !soft && !initial) {
		if (none_left)
			return out->reordered ? TOKENS_SAME_REORDERED : all_exact ? TOKENS_SAME : TOKENS_SAME_SOUND;
		return left_on_both ? TOKENS_ONE : TOKENS_PART;
	}
	if (strong)
		return none_left ? TOKENS_SIMILAR : left_on_both ? TOKENS_ONE_REST_SIMILAR : TOKENS_SIMILAR_PART;
	if (soft)
		return left_on_both ? TOKENS_ONE_FUZZY : TOKENS_FUZZY;
	return initial ? TOKENS_INITIALS : TOKENS_APART;
}

void tokens_align(const struct token *a, unsigned na, const struct token *b, unsigned nb, const uint8_t *match,
        struct tokens_alignment *out)
{
	struct sides sides = {a, b, na, nb, match, out};
	unsigned weak_a = weak_mask(a, na), weak_b = weak_mask(b, nb), strong = 0, kinds = 0;
	bool all_exact = na == nb;

	memset(out, 0, sizeof(*out));
	memset(out->partner, -1, sizeof(out->partner));
	memset(out->partner_b, -1, sizeof(out->partner_b));
	if (na == 0 || nb == 0)
		return;
	for (unsigned i = 0; i < na * nb; i++)
		kinds |= 1u << match[i];
	if (kinds >> TOKEN_EXACT & 1)
		pair_kind(&sides, TOKEN_EXACT);
	pair_joined(&sides);
	for (int kind = TOKEN_PHONETIC; kind >= TOKEN_INITIAL; kind--) {
		if (kinds >> kind & 1)
			pair_kind(&sides, (enum token_match)kind);
	}
	for (unsigned i = 0; i < na; i++) {
		bool weak = weak_a >> i & 1, weak_partner = out->partner[i] >= 0 && (weak_b >> out->partner[i] & 1);

		all_exact &= out->kind[i] == TOKEN_EXACT;
		strong += out->kind[i] >= TOKEN_PHONETIC && !weak && !weak_partner;
		out->left_a += out->partner[i] < 0 && !weak;
	}
	for (unsigned j = 0; j < nb; j++)
		out->left_b += out->partner_b[j] < 0 && !(weak_b >> j & 1);
	out->reordered = is_reordered(out, na);
	out->level = (uint8_t)level_of(out, strong, all_exact);
}
