/* See column_together.h. */
#include "daemon/ingest/column_together.h"

#include <string.h>

enum { HEADER_BYTES = 96 };

static const char *const part_words[] = {
	[COLUMN_YEAR] = " year yr y yyyy by yob birthyear tahun thn th jahr annee ano ",
	[COLUMN_MONTH] = " month mon mm m bm mob birthmonth bulan bln bl monat mois mes ",
	[COLUMN_DAY] = " day dd d bd dob birthday tanggal tgl hari tag jour dia ",
};

/* Whether a word of the header, letters alone, is one of those. */
static bool says(struct str header, const char *words)
{
	char word[HEADER_BYTES + 2] = " ";
	size_t n = 1;

	for (size_t i = 0; i <= header.n && i < HEADER_BYTES - 2; i++) {
		char c = i < header.n ? (char)(header.p[i] | 0x20) : ' ';

		if (c >= 'a' && c <= 'z') {
			word[n++] = c;
			continue;
		}
		word[n] = ' ';
		word[n + 1] = '\0';
		if (n > 1 && strstr(words, word))
			return true;
		n = 1;
	}
	return false;
}

static bool is_part(struct str header, const struct column_contents *c, enum column_part part)
{
	uint32_t fitting = part == COLUMN_YEAR ? c->years : part == COLUMN_MONTH ? c->months : c->days;

	return c->filled >= COLUMN_JUDGED_FROM && column_share(fitting, c, 95) && says(header, part_words[part]);
}

/* Year and month, and maybe day, in columns of their own, each in one only. A whole birth date beside them says the same. */
static void join_parts(const struct str *header, uint32_t n, const struct column_contents *contents, struct column_guess *guesses)
{
	uint32_t at[COLUMN_DAY + 1] = {0}, found[COLUMN_DAY + 1] = {0};
	bool whole = false;

	for (uint32_t i = 0; i < n; i++) {
		enum column_part is = COLUMN_WHOLE;

		for (enum column_part part = COLUMN_YEAR; part <= COLUMN_DAY && is == COLUMN_WHOLE; part++)
			is = is_part(header[i], &contents[i], part) ? part : COLUMN_WHOLE;
		if (is != COLUMN_WHOLE) {
			at[is] = i;
			found[is]++;
		} else {
			whole |= guesses[i].type == FIELD_DATE && guesses[i].why != COLUMN_BY_CONTENTS;
		}
	}
	if (found[COLUMN_YEAR] != 1 || found[COLUMN_MONTH] != 1 || found[COLUMN_DAY] > 1)
		return;
	for (enum column_part part = COLUMN_YEAR; part <= COLUMN_DAY; part++) {
		if (found[part])
			guesses[at[part]] = whole ? (struct column_guess){FIELD_IGNORE, COLUMN_IS_PART, COLUMN_WHOLE}
						  : (struct column_guess){FIELD_DATE, COLUMN_BY_BOTH, part};
	}
}

/* A second date beside a birth date is a date of something else. */
static void one_birth_date(struct column_guess *guesses, uint32_t n)
{
	bool by_header = false;

	for (uint32_t i = 0; i < n; i++)
		by_header |= guesses[i].type == FIELD_DATE && guesses[i].why != COLUMN_BY_CONTENTS;
	for (uint32_t i = 0; i < n; i++)
		if (by_header && guesses[i].type == FIELD_DATE && guesses[i].why == COLUMN_BY_CONTENTS)
			guesses[i] = (struct column_guess){FIELD_IGNORE, COLUMN_IS_OTHER_KEY, COLUMN_WHOLE};
}

static bool is_name_type(enum field_type type)
{
	return type == FIELD_NAME || type == FIELD_GIVEN_NAME || type == FIELD_SURNAME;
}

static const char company_words[] =
	" company companies firm business organisation organization enterprise perusahaan usaha toko koperasi yayasan lembaga firma empresa societe ";

/*
 * Where no header names persons: the companies that one names – a list of these, whoever is their contact –, else the text of a few words
 * without digits that is most often another one.
 */
static void find_names(const struct str *header, uint32_t n, const struct column_contents *contents, struct column_guess *guesses)
{
	uint32_t best = n;

	for (uint32_t i = 0; i < n; i++) {
		if (is_name_type(guesses[i].type))
			return;
	}
	for (uint32_t i = 0; i < n; i++) {
		const struct column_contents *c = &contents[i];

		if (guesses[i].type == FIELD_TEXT && says(header[i], company_words) && column_share(c->letters, c, 90) && c->distinct * 3 >= c->filled) {
			guesses[i].type = FIELD_NAME;
			return;
		}
	}

	for (uint32_t i = 0; i < n; i++) {
		const struct column_contents *c = &contents[i];

		if (guesses[i].type != FIELD_TEXT || guesses[i].why != COLUMN_BY_CONTENTS || !column_share(c->letters, c, 95) ||
		    column_share(c->with_digits, c, 5) || c->words * 10 < c->filled * 12 || c->words > c->filled * 5 ||
		    c->distinct * 5 < c->filled)
			continue;
		if (best == n || c->distinct > contents[best].distinct)
			best = i;
	}
	if (best < n)
		guesses[best].type = FIELD_NAME;
}

void column_together(const struct str *header, uint32_t n, const struct column_contents *contents, struct column_guess *guesses)
{
	join_parts(header, n, contents, guesses);
	one_birth_date(guesses, n);
	find_names(header, n, contents, guesses);
}
