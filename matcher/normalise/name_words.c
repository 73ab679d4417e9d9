/*
 * See name_words.h.
 */
#include "matcher/normalise/name_words.h"

struct word {
	char text[14];
	unsigned kind;
};

/* By first letter, so that few are looked at. */
static const struct word words[] = {
        {"ALM", WORD_DECEASED | WORD_MALE},
        {"ALMH", WORD_DECEASED | WORD_FEMALE},
        {"ALMR", WORD_DECEASED | WORD_MALE},
        {"ALMARHUM", WORD_DECEASED | WORD_MALE},
        {"ALMARHUMAH", WORD_DECEASED | WORD_FEMALE},
        {"AMD", WORD_AFTER},
        {"AMDKEB", WORD_AFTER},
        {"AMDKEP", WORD_AFTER},
        {"AMK", WORD_AFTER},
        {"AMKEB", WORD_AFTER},
        {"AMKEP", WORD_AFTER},
        {"AMA", WORD_AFTER_MARKED},
        {"APT", WORD_AFTER_MARKED},
        {"BA", WORD_AFTER_MARKED},
        {"BAPAK", WORD_BEFORE | WORD_MALE},
        {"BPK", WORD_BEFORE | WORD_MALE},
        {"BSC", WORD_AFTER},
        {"BIN", WORD_FATHER | WORD_MALE},
        {"BINTI", WORD_FATHER | WORD_FEMALE},
        {"BINTE", WORD_FATHER | WORD_FEMALE},
        {"BT", WORD_FATHER | WORD_FEMALE},
        {"BTE", WORD_FATHER | WORD_FEMALE},
        {"BNT", WORD_FATHER | WORD_FEMALE},
        {"BU", WORD_BEFORE | WORD_FEMALE},
        {"DOKTER", WORD_BEFORE},
        {"DR", WORD_BEFORE},
        {"DRA", WORD_BEFORE | WORD_FEMALE},
        {"DRG", WORD_BEFORE},
        {"DRH", WORD_BEFORE},
        {"DRS", WORD_BEFORE | WORD_MALE},
        {"ESQ", WORD_AFTER_MARKED},
        {"H", WORD_BEFORE | WORD_MALE | WORD_LETTER | WORD_AFTER_MARKED},
        {"HAJI", WORD_BEFORE | WORD_MALE | WORD_LETTER},
        {"HAJJAH", WORD_BEFORE | WORD_FEMALE | WORD_LETTER},
        {"HAJAH", WORD_BEFORE | WORD_FEMALE | WORD_LETTER},
        {"HJ", WORD_BEFORE | WORD_ANYWHERE | WORD_FEMALE | WORD_AFTER_MARKED},
        {"HJH", WORD_BEFORE | WORD_ANYWHERE | WORD_FEMALE},
        {"IBU", WORD_BEFORE | WORD_FEMALE},
        {"IR", WORD_BEFORE | WORD_LETTER},
        {"II", WORD_WEAK},
        {"III", WORD_WEAK},
        {"JR", WORD_WEAK},
        {"KH", WORD_BEFORE | WORD_MALE},
        {"KIAGUS", WORD_WEAK},
        {"KEMAS", WORD_WEAK},
        {"KIAI", WORD_BEFORE | WORD_MALE},
        {"KYAI", WORD_BEFORE | WORD_MALE},
        {"MASAGUS", WORD_WEAK},
        {"MASAYU", WORD_WEAK},
        {"MA", WORD_AFTER_MARKED},
        {"MAG", WORD_AFTER_MARKED},
        {"MAP", WORD_AFTER_MARKED},
        {"MBA", WORD_AFTER},
        {"MD", WORD_AFTER_MARKED},
        {"MENG", WORD_AFTER_MARKED},
        {"MH", WORD_AFTER_MARKED},
        {"MHUM", WORD_AFTER},
        {"MKES", WORD_AFTER},
        {"MKOM", WORD_AFTER},
        {"MKN", WORD_AFTER},
        {"MM", WORD_AFTER_MARKED},
        {"MPD", WORD_AFTER},
        {"MPDI", WORD_AFTER},
        {"MR", WORD_BEFORE | WORD_MALE},
        {"MRS", WORD_BEFORE | WORD_FEMALE},
        {"MS", WORD_BEFORE | WORD_FEMALE | WORD_LETTER},
        {"MISS", WORD_BEFORE | WORD_FEMALE | WORD_LETTER},
        {"MSC", WORD_AFTER},
        {"MSI", WORD_AFTER},
        {"MT", WORD_AFTER_MARKED},
        {"NN", WORD_BEFORE | WORD_FEMALE},
        {"NY", WORD_BEFORE | WORD_FEMALE},
        {"NYONYA", WORD_BEFORE | WORD_FEMALE},
        {"NYIMAS", WORD_WEAK},
        {"PAK", WORD_BEFORE | WORD_MALE | WORD_LETTER},
        {"PHD", WORD_AFTER},
        {"PROF", WORD_BEFORE},
        {"RADEN", WORD_WEAK},
        {"RD", WORD_WEAK},
        {"RR", WORD_WEAK},
        {"REV", WORD_BEFORE | WORD_LETTER},
        {"SAG", WORD_AFTER_MARKED},
        {"SAYID", WORD_WEAK},
        {"SDR", WORD_BEFORE | WORD_MALE},
        {"SDRI", WORD_BEFORE | WORD_FEMALE},
        {"SE", WORD_AFTER_MARKED},
        {"SEI", WORD_AFTER_MARKED},
        {"SESY", WORD_AFTER},
        {"SFARM", WORD_AFTER},
        {"SH", WORD_AFTER_MARKED},
        {"SHI", WORD_AFTER_MARKED},
        {"SHUT", WORD_AFTER},
        {"SHUM", WORD_AFTER},
        {"SIKOM", WORD_AFTER},
        {"SIP", WORD_AFTER_MARKED},
        {"SIR", WORD_BEFORE | WORD_MALE | WORD_LETTER},
        {"SKED", WORD_AFTER},
        {"SKEP", WORD_AFTER},
        {"SKM", WORD_AFTER},
        {"SKOM", WORD_AFTER},
        {"SP", WORD_AFTER_MARKED},
        {"SPD", WORD_AFTER},
        {"SPDI", WORD_AFTER},
        {"SPDK", WORD_AFTER},
        {"SPDSD", WORD_AFTER},
        {"SPI", WORD_AFTER_MARKED},
        {"SPSI", WORD_AFTER},
        {"SPT", WORD_AFTER},
        {"SS", WORD_AFTER_MARKED},
        {"SSI", WORD_AFTER},
        {"SSOS", WORD_AFTER},
        {"SSOSI", WORD_AFTER},
        {"SST", WORD_AFTER},
        {"SSTP", WORD_AFTER},
        {"ST", WORD_AFTER_MARKED},
        {"STP", WORD_AFTER},
        {"STR", WORD_AFTER_MARKED},
        {"SR", WORD_WEAK},
        {"SYARIFAH", WORD_WEAK},
        {"TN", WORD_BEFORE | WORD_MALE},
        {"TUAN", WORD_BEFORE | WORD_MALE | WORD_LETTER},
        {"TUBAGUS", WORD_WEAK},
        {"UST", WORD_BEFORE | WORD_MALE},
        {"USTAD", WORD_BEFORE | WORD_MALE},
        {"USTADZ", WORD_BEFORE | WORD_MALE},
        {"USTADZAH", WORD_BEFORE | WORD_FEMALE},
};

/* The first word that begins with that letter, or where it would stand. */
static size_t first_with(char letter)
{
	size_t low = 0, high = sizeof(words) / sizeof(*words);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (words[middle].text[0] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

unsigned name_word_kind(struct str token)
{
	if (token.n == 0 || token.n >= sizeof(words[0].text))
		return 0;
	for (size_t i = first_with(token.p[0]); i < sizeof(words) / sizeof(*words); i++) {
		const struct word *word = &words[i];

		if (word->text[0] != token.p[0])
			break;
		/* The cheap tests first: the same length, the same last letter. */
		if (word->text[token.n] == '\0' && word->text[token.n - 1] == token.p[token.n - 1] &&
		        memcmp(word->text, token.p, token.n) == 0)
			return word->kind;
	}
	return 0;
}

/* M(U|O)(H|CH|KH)AM(M)(A|E)D: every way to write it out. */
static bool is_muhammad(struct str token)
{
	size_t i = 0;
	const char *p = token.p;

	if (token.n < 7 || token.n > 10 || p[i++] != 'M')
		return false;
	if (p[i] != 'U' && p[i] != 'O')
		return false;
	i++;
	if (p[i] == 'C' || p[i] == 'K')
		i++;
	if (p[i++] != 'H')
		return false;
	if (token.n - i < 4 || p[i++] != 'A' || p[i++] != 'M')
		return false;
	if (p[i] == 'M')
		i++;
	return token.n - i == 2 && (p[i] == 'A' || p[i] == 'E') && p[i + 1] == 'D';
}

struct form {
	const char *text, *canonical;
	bool abbreviated;
	bool needs_next; /* a token must follow */
	bool first_only; /* … and it must begin the name */
};

static const struct form forms[] = {
        {"MUH", "MUHAMMAD", true, false, false},
        {"MOH", "MUHAMMAD", true, false, false},
        {"MOCH", "MUHAMMAD", true, false, false},
        {"MUCH", "MUHAMMAD", true, false, false},
        {"MOKH", "MUHAMMAD", true, false, false},
        {"MUKH", "MUHAMMAD", true, false, false},
        {"MHD", "MUHAMMAD", true, false, false},
        {"MHMD", "MUHAMMAD", true, false, false},
        {"MUHD", "MUHAMMAD", true, false, false},
        {"MOHD", "MUHAMMAD", true, false, false},
        {"MUHAM", "MUHAMMAD", true, false, false},
        {"MOHAM", "MUHAMMAD", true, false, false},
        {"MD", "MUHAMMAD", true, true, true},
        {"ACHMAD", "AHMAD", false, false, false},
        {"AKHMAD", "AHMAD", false, false, false},
        {"ABD", "ABDUL", true, true, false},
        {"ABDOEL", "ABDUL", false, false, false},
        {"ABDUR", "ABDUL", false, true, false},
        {"ABDUS", "ABDUL", false, true, false},
        {"ABDUN", "ABDUL", false, true, false},
        {"ABDUT", "ABDUL", false, true, false},
        {"ST", "SITI", true, true, true},
        {"STI", "SITI", true, true, true},
        {"SITTI", "SITI", false, false, false},
        {"NOER", "NUR", false, false, false},
        {"NOOR", "NUR", false, false, false},
        {"NUUR", "NUR", false, false, false},
        {"RD", "RADEN", true, true, true},
        {"KMS", "KEMAS", true, true, true},
        {"KGS", "KIAGUS", true, true, true},
        {"MGS", "MASAGUS", true, true, true},
        {"MSY", "MASAYU", true, true, true},
        {"NYS", "NYIMAS", true, true, true},
        {"SAYYID", "SAYID", false, false, false},
        {"TB", "TUBAGUS", true, true, true},
};

struct str name_word_canonical(struct str token, bool first, bool followed, bool *abbreviated)
{
	*abbreviated = false;
	if (token.n < 2 || token.n > 10)
		return token;
	if (is_muhammad(token))
		return STR_LITERAL("MUHAMMAD");
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const struct form *form = &forms[i];

		if (form->text[0] != token.p[0] || strncmp(form->text, token.p, token.n) != 0 || form->text[token.n])
			continue;
		if ((form->needs_next && !followed) || (form->first_only && !first))
			return token;
		*abbreviated = form->abbreviated;
		return str_from(form->canonical);
	}
	return token;
}

static bool is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

struct str name_word_behind_abdul(struct str token)
{
	struct str rest = {token.p, 0};

	if (token.n < 9 || memcmp(token.p, "ABDU", 4) != 0)
		return rest;
	if (token.p[4] == 'L') { /* ABDULAZIZ, ABDULLATIF, but ABDULLAH */
		rest = (struct str){token.p + 5, token.n - 5};
	} else if (token.p[4] == 'R' || token.p[4] == 'S' || token.p[4] == 'N' || token.p[4] == 'T') {
		rest = (struct str){token.p + 4, token.n - 4};
		if (rest.p[1] == rest.p[0]) /* ABDURRAHMAN */
			rest.p++, rest.n--;
		else if (rest.p[1] == 'Y' && rest.p[0] == 'S') /* ABDUSYUKUR */
			return rest;
	}
	if (rest.n < 4 || (rest.p[0] == 'L' && rest.n < 5) ||
	        (!is_vowel(rest.p[0]) && !is_vowel(rest.p[1]) && rest.p[1] != 'H' && rest.p[1] != 'Y'))
		rest.n = 0;
	return rest;
}
