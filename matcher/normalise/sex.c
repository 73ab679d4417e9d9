/*
 * See sex.h.
 */
#include "matcher/normalise/sex.h"

#include "matcher/normalise/text_fold.h"

#include <stdbool.h>

enum {
	WITNESSES = 5, /* rows whose NIK can be believed more than the company a letter keeps */
	W_IS_USED = 20 /* one W to so many P: fewer are slips in a list of women */
};

struct word {
	const char *text;
	enum sex sex;
};

/* Words of more than one letter; single letters and digits depend on the column's coding. */
static const struct word words[] = {
        {"LAKI LAKI", SEX_MALE},
        {"LAKI", SEX_MALE},
        {"LAKILAKI", SEX_MALE},
        {"LAKI2", SEX_MALE},
        {"LAKI 2", SEX_MALE},
        {"LAKI LAKI L", SEX_MALE},
        {"LK", SEX_MALE},
        {"LK2", SEX_MALE},
        {"LKI", SEX_MALE},
        {"LAK", SEX_MALE},
        {"PRIA", SEX_MALE},
        {"COWOK", SEX_MALE},
        {"MALE", SEX_MALE},
        {"MAN", SEX_MALE},
        {"BOY", SEX_MALE},
        {"MASCULINE", SEX_MALE},
        {"PEREMPUAN", SEX_FEMALE},
        {"PEREMPUAN P", SEX_FEMALE},
        {"PEREMP", SEX_FEMALE},
        {"PRMPN", SEX_FEMALE},
        {"PRP", SEX_FEMALE},
        {"PER", SEX_FEMALE},
        {"PR", SEX_FEMALE},
        {"WANITA", SEX_FEMALE},
        {"WNT", SEX_FEMALE},
        {"CEWEK", SEX_FEMALE},
        {"FEMALE", SEX_FEMALE},
        {"FEM", SEX_FEMALE},
        {"WOMAN", SEX_FEMALE},
        {"GIRL", SEX_FEMALE},
};

/* "1", "1.0", "01" and "1 - LAKI-LAKI" begin with the same digit. */
static struct str fold_sex(struct str raw, char *out, size_t room)
{
	struct str text = {out, text_fold_words_into(raw, out, room, NULL)};

	if (text.n == 3 && (memcmp(text.p + 1, " 0", 2) == 0))
		text.n = 1;
	if (text.n == 2 && text.p[0] == '0')
		text.p++, text.n--;
	if (text.n > 3 && text.p[0] >= '0' && text.p[0] <= '9' && text.p[1] == ' ')
		text.p += 2, text.n -= 2;
	if (text.n > 2 && text.p[1] == ' ' && (text.p[0] == 'L' || text.p[0] == 'P'))
		text.p += 2, text.n -= 2;
	return text;
}

void sex_votes_add(struct sex_votes *votes, struct str raw, enum sex witness)
{
	char folded[24];
	struct str text = fold_sex(raw, folded, sizeof(folded));

	if (text.n != 1)
		return;
	switch (text.p[0]) {
	case 'L':
		votes->l++;
		break;
	case 'P':
		votes->p++;
		votes->p_is[witness]++;
		break;
	case 'W':
		votes->w++;
		break;
	case '0':
		votes->zero++;
		break;
	case '1':
		votes->one++;
		votes->one_is[witness]++;
		break;
	case '2':
		votes->two++;
		break;
	default:
		break;
	}
}

/* Whether the rows' NIK say that a letter stands for that sex; by_company where too few of them say anything. */
static bool stands_for(const uint32_t *is, enum sex sex, bool by_company)
{
	uint32_t male = is[SEX_MALE], female = is[SEX_FEMALE];

	if (male + female < WITNESSES)
		return by_company;
	return sex == SEX_MALE ? male > female : female > male;
}

enum sex_coding sex_votes_coding(const struct sex_votes *votes)
{
	bool w_for_women = votes->w > votes->l && (uint64_t)votes->w * W_IS_USED >= votes->p;

	if (votes->p && stands_for(votes->p_is, SEX_MALE, w_for_women))
		return SEX_CODING_PW;
	if (votes->zero && votes->one && votes->zero > 10 * (uint64_t)votes->two)
		return stands_for(votes->one_is, SEX_FEMALE, false) ? SEX_CODING_10 : SEX_CODING_01;
	return SEX_CODING_DEFAULT;
}

static enum sex of_letter(char c, enum sex_coding coding)
{
	switch (c) {
	case 'L':
	case 'M':
		return SEX_MALE;
	case 'P':
		return coding == SEX_CODING_PW ? SEX_MALE : SEX_FEMALE;
	case 'W':
	case 'F':
		return SEX_FEMALE;
	case '0':
		return coding == SEX_CODING_01 ? SEX_FEMALE : coding == SEX_CODING_10 ? SEX_MALE : SEX_UNKNOWN;
	case '1':
		return coding == SEX_CODING_10 ? SEX_FEMALE : SEX_MALE;
	case '2':
		return coding == SEX_CODING_DEFAULT || coding == SEX_CODING_PW ? SEX_FEMALE : SEX_UNKNOWN;
	default:
		return SEX_UNKNOWN;
	}
}

enum sex sex_parse(struct str raw, enum sex_coding coding)
{
	char folded[24];
	struct str text = fold_sex(raw, folded, sizeof(folded));

	if (text.n == 1)
		return of_letter(text.p[0], coding);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_equal(text, str_from(words[i].text)))
			return words[i].sex;
	/* Cut off or with a typing error at the end: "PEREMPUA", "LAKI-LAK". */
	if (text.n >= 4 && (memcmp(text.p, "LAKI", 4) == 0))
		return SEX_MALE;
	if (text.n >= 5 && memcmp(text.p, "PEREM", 5) == 0)
		return SEX_FEMALE;
	return SEX_UNKNOWN;
}

const char *sex_letter(enum sex sex)
{
	return sex == SEX_MALE ? "L" : sex == SEX_FEMALE ? "P" : "";
}
