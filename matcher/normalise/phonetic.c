/*
 * name_phonetic() of name.h: the sound of a token as five-bit letters. Spellings of 1901–1947 and the letters that
 * Indonesian lists confuse fall together (domain.md; the pairs were measured there). Rules look at the letters that
 * follow, longest first.
 */
#include "matcher/base/hash.h"
#include "matcher/normalise/name.h"

enum { SOUNDS_MAX = 12, SOUND_BITS = 5 };

struct rule {
	char from[4];
	char to[3];
};

/* In order: the first that fits is taken. F stands for F, P, V; J for J, Z; S for S, SY, SH; H for H, KH, CH. */
static const struct rule rules[] = {
        {"OE", "U"},
        {"DJ", "J"},
        {"TJ", "C"},
        {"NJ", "NY"},
        {"SJ", "S"},
        {"SY", "S"},
        {"SH", "S"},
        {"CH", "H"},
        {"KH", "H"},
        {"GH", "G"},
        {"DH", "D"},
        {"TH", "T"},
        {"PH", "F"},
        {"BH", "B"},
        {"DZ", "J"},
        {"TS", "S"},
        {"CK", "K"},
        {"IY", "I"},
        {"UW", "U"},
        {"AE", "AI"},
        {"P", "F"},
        {"V", "F"},
        {"Z", "J"},
        {"Q", "K"},
        {"X", "KS"},
};

/* By first letter: may any rule apply? */
static const uint32_t rule_letters = 1u << ('O' - 'A') | 1u << ('D' - 'A') | 1u << ('T' - 'A') | 1u << ('N' - 'A') |
                                     1u << ('S' - 'A') | 1u << ('C' - 'A') | 1u << ('K' - 'A') | 1u << ('G' - 'A') |
                                     1u << ('P' - 'A') | 1u << ('B' - 'A') | 1u << ('I' - 'A') | 1u << ('U' - 'A') |
                                     1u << ('A' - 'A') | 1u << ('V' - 'A') | 1u << ('Z' - 'A') | 1u << ('Q' - 'A') |
                                     1u << ('X' - 'A');

static bool is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

static void add_sound(char sound, uint64_t *key, unsigned *n)
{
	const unsigned letter = (unsigned)(sound - 'A' + 1);

	if (*n && (*key & 31) == letter)
		return; /* doubled letters sound as one */
	if (*n == SOUNDS_MAX)
		return;
	*key = *key << SOUND_BITS | letter;
	++*n;
}

static const struct rule *find_rule(struct str token, size_t i)
{
	if (!(rule_letters >> (token.p[i] - 'A') & 1))
		return NULL;
	for (size_t r = 0; r < sizeof(rules) / sizeof(*rules); r++) {
		const char *from = rules[r].from;

		if (from[0] == token.p[i] && (!from[1] || (i + 1 < token.n && from[1] == token.p[i + 1])))
			return &rules[r];
	}
	return NULL;
}

/* What a letter sounds like where no rule applies; 0: nothing. */
static char plain_sound(struct str token, size_t i, bool old_j)
{
	char c = token.p[i], next = i + 1 < token.n ? token.p[i + 1] : 0;

	if (c == 'J' && old_j)
		return 'Y';
	if (c == 'H' && !next && i > 0 && is_vowel(token.p[i - 1]))
		return 0; /* AISYAH, AISYA */
	if (c == 'Y' && i > 0 && !is_vowel(next))
		return 'I'; /* NURAYNI, MARY */
	return c;
}

uint64_t name_phonetic(struct str token, bool old_j)
{
	uint64_t key = 0;
	unsigned n = 0;

	for (size_t i = 0; i < token.n; i++)
		if (token.p[i] < 'A' || token.p[i] > 'Z')
			return hash_str(token) | UINT64_C(1) << 63;
	for (size_t i = 0; i < token.n;) {
		const struct rule *rule = find_rule(token, i);

		if (rule) {
			for (const char *to = rule->to; *to; to++)
				add_sound(*to, &key, &n);
			i += rule->from[1] ? 2 : 1;
		} else {
			char sound = plain_sound(token, i, old_j);

			if (sound)
				add_sound(sound, &key, &n);
			i++;
		}
	}
	return key;
}

unsigned name_phonetic_length(uint64_t key)
{
	unsigned n = 0;

	if (key >> 63)
		return 0;
	for (; key; key >>= SOUND_BITS)
		n++;
	return n;
}
