/*
 * Two rows side by side: how each field compares, and in which words. See explain.h.
 */
#include "matcher/flag/explain.h"

#include "matcher/compare/dates.h"
#include "matcher/compare/digits.h"
#include "matcher/compare/tokens.h"
#include "matcher/normalise/name.h"

struct words {
	enum explain_verdict verdict;
	const char *id, *en;
};

static const struct words NAMES[TOKENS_LEVEL_COUNT] = {
        [TOKENS_SAME] = {EXPLAIN_AGREES, "nama sama", "the names are the same"},
        [TOKENS_SAME_SOUND] = {EXPLAIN_AGREES, "nama sama dengan ejaan lain", "the names are the same but for spelling"},
        [TOKENS_SAME_REORDERED] = {EXPLAIN_AGREES, "nama sama dengan urutan lain",
                "the names are the same in another order"},
        [TOKENS_PART] = {EXPLAIN_AGREES, "nama sama, yang satu lebih lengkap", "one name is a part of the other"},
        [TOKENS_SIMILAR] = {EXPLAIN_AGREES, "nama mirip", "the names are similar"},
        [TOKENS_SIMILAR_PART] = {EXPLAIN_AGREES, "nama mirip, yang satu lebih lengkap",
                "the names are similar, one is longer"},
        [TOKENS_FUZZY] = {EXPLAIN_AGREES, "nama agak mirip", "the names are somewhat similar"},
        [TOKENS_ONE_REST_SIMILAR] = {EXPLAIN_AGREES, "nama agak mirip", "the names are somewhat similar"},
        [TOKENS_ONE] = {EXPLAIN_DIFFERS, "hanya sebagian nama sama", "only a part of the name is the same"},
        [TOKENS_ONE_FUZZY] = {EXPLAIN_DIFFERS, "nama berbeda", "the names differ"},
        [TOKENS_INITIALS] = {EXPLAIN_DIFFERS, "nama hanya sama huruf depannya", "only the initials of the names agree"},
        [TOKENS_APART] = {EXPLAIN_DIFFERS, "nama berbeda", "the names differ"},
};

static const struct words NIKS[DIGITS_LEVEL_COUNT] = {
        [DIGITS_EQUAL] = {EXPLAIN_AGREES, "NIK sama", "the NIKs are the same"},
        [DIGITS_FIFTEEN] = {EXPLAIN_AGREES, "15 angka pertama NIK sama", "the first 15 digits of the NIKs are the same"},
        [DIGITS_ONE] = {EXPLAIN_AGREES, "NIK hanya beda satu angka", "the NIKs differ in one digit only"},
        [DIGITS_SWAPPED] = {EXPLAIN_AGREES, "NIK sama tetapi dua angkanya tertukar",
                "the NIKs are the same but for two digits swapped"},
        [DIGITS_SHIFTED] = {EXPLAIN_AGREES, "NIK sama tetapi kurang atau lebih satu angka",
                "the NIKs are the same but for a digit lost or added"},
        [DIGITS_TWO] = {EXPLAIN_DIFFERS, "NIK beda dua angka", "the NIKs differ in two digits"},
        [DIGITS_AREA_DATE] = {EXPLAIN_DIFFERS, "NIK beda di empat angka terakhir",
                "the NIKs differ in the last four digits"},
        [DIGITS_DIFFERENT] = {EXPLAIN_DIFFERS, "NIK berbeda", "the NIKs differ"},
};

static const struct words KKS[DIGITS_LEVEL_COUNT] = {
        [DIGITS_EQUAL] = {EXPLAIN_AGREES, "nomor KK sama", "the KK numbers are the same"},
        [DIGITS_FIFTEEN] = {EXPLAIN_AGREES, "15 angka pertama nomor KK sama",
                "the first 15 digits of the KK numbers are the same"},
        [DIGITS_ONE] = {EXPLAIN_AGREES, "nomor KK hanya beda satu angka", "the KK numbers differ in one digit only"},
        [DIGITS_SWAPPED] = {EXPLAIN_AGREES, "nomor KK sama tetapi dua angkanya tertukar",
                "the KK numbers are the same but for two digits swapped"},
        [DIGITS_SHIFTED] = {EXPLAIN_AGREES, "nomor KK sama tetapi kurang atau lebih satu angka",
                "the KK numbers are the same but for a digit lost or added"},
        [DIGITS_TWO] = {EXPLAIN_DIFFERS, "nomor KK beda dua angka", "the KK numbers differ in two digits"},
        [DIGITS_AREA_DATE] = {EXPLAIN_DIFFERS, "nomor KK beda di empat angka terakhir",
                "the KK numbers differ in the last four digits"},
        [DIGITS_DIFFERENT] = {EXPLAIN_DIFFERS, "nomor KK berbeda", "the KK numbers differ"},
};

static const struct words BIRTHS[DATES_LEVEL_COUNT] = {
        [DATES_EQUAL] = {EXPLAIN_AGREES, "tanggal lahir sama", "the birth dates are the same"},
        [DATES_SWAPPED] = {EXPLAIN_AGREES, "tanggal lahir sama tetapi hari dan bulannya tertukar",
                "the birth dates are the same but for day and month swapped"},
        [DATES_ONE_DIGIT] = {EXPLAIN_AGREES, "tanggal lahir hanya beda satu angka", "the birth dates differ in one digit"},
        [DATES_DECADE] = {EXPLAIN_DIFFERS, "tahun lahir berselisih puluhan tahun, hari dan bulannya sama",
                "the birth years are decades apart, day and month agree"},
        [DATES_NEAR] = {EXPLAIN_DIFFERS, "tanggal lahir berselisih beberapa hari", "the birth dates are some days apart"},
        [DATES_YEAR_OFF] = {EXPLAIN_DIFFERS, "tahun lahir berbeda, hari dan bulannya sama",
                "the birth years differ, day and month agree"},
        [DATES_YEAR_MONTH] = {EXPLAIN_AGREES, "bulan dan tahun lahir sama", "month and year of birth agree"},
        [DATES_YEAR_DAY] = {EXPLAIN_DIFFERS, "bulan lahir berbeda, hari dan tahunnya sama",
                "the birth months differ, day and year agree"},
        [DATES_YEAR_ONLY] = {EXPLAIN_AGREES, "tahun lahir sama", "the birth years agree"},
        [DATES_DIFFERENT] = {EXPLAIN_DIFFERS, "tanggal lahir berbeda", "the birth dates differ"},
};

/* Fields that agree or do not, by verdict. */
static const struct words PLAIN[EXPLAIN_FIELDS][3] = {
        [EXPLAIN_SEX] = {{0}, {EXPLAIN_AGREES, "jenis kelamin sama", "the sex is the same"},
                {EXPLAIN_DIFFERS, "jenis kelamin berbeda", "the sex differs"}},
        [EXPLAIN_FAMILY_ID] = {{0}, {EXPLAIN_AGREES, "ID keluarga sama", "the family ids are the same"},
                {EXPLAIN_DIFFERS, "ID keluarga berbeda", "the family ids differ"}},
        [EXPLAIN_VILLAGE] = {{0}, {EXPLAIN_AGREES, "desa sama", "the village is the same"},
                {EXPLAIN_DIFFERS, "desa berbeda", "the villages differ"}},
        [EXPLAIN_RT] = {{0}, {EXPLAIN_AGREES, "RT sama", "the RT is the same"},
                {EXPLAIN_DIFFERS, "RT berbeda", "the RTs differ"}},
        [EXPLAIN_ADDRESS] = {{0}, {EXPLAIN_AGREES, "alamat sama", "the address is the same"},
                {EXPLAIN_DIFFERS, "alamat ditulis lain", "the address is written differently"}},
};

/* Canonical names are tokens joined by one space. */
static unsigned split_name(struct str name, struct token tokens[TOKENS_MAX])
{
	unsigned n = 0;

	while (name.n && n < TOKENS_MAX) {
		const char *space = memchr(name.p, ' ', name.n);
		size_t length = space ? (size_t)(space - name.p) : name.n;
		struct name_token token = name_token_of((struct str){name.p, length});

		tokens[n++] = (struct token){token.text, token.phonetic, token.phonetic_other, 0, token.flags};
		length += space != NULL;
		name = (struct str){name.p + length, name.n - length};
	}
	return n;
}

static unsigned compare_names(struct str a, struct str b)
{
	struct token left[TOKENS_MAX], right[TOKENS_MAX];
	uint8_t match[TOKENS_MAX * TOKENS_MAX];
	struct tokens_alignment alignment;
	unsigned n_left = split_name(a, left), n_right = split_name(b, right);

	if (!n_left || !n_right)
		return TOKENS_MISSING;
	if (str_equal(a, b))
		return TOKENS_SAME;
	tokens_matrix(left, n_left, right, n_right, match);
	tokens_align(left, n_left, right, n_right, match, &alignment);
	return alignment.level;
}

static unsigned compare_numbers(uint64_t a, uint8_t a_digits, uint64_t b, uint8_t b_digits)
{
	/* 15 known digits of 16 written: only the first 15 say something (entry.h). */
	struct digits left = {a, a_digits < 16 && a >= UINT64_C(1000000000000000) ? 16 : a_digits, a_digits};
	struct digits right = {b, b_digits < 16 && b >= UINT64_C(1000000000000000) ? 16 : b_digits, b_digits};

	return digits_compare(left, right);
}

static enum explain_verdict same_text(struct str a, struct str b)
{
	if (!a.n || !b.n)
		return EXPLAIN_UNKNOWN;
	return str_equal(a, b) ? EXPLAIN_AGREES : EXPLAIN_DIFFERS;
}

static enum explain_verdict same_number(uint64_t a, uint64_t b)
{
	if (!a || !b)
		return EXPLAIN_UNKNOWN;
	return a == b ? EXPLAIN_AGREES : EXPLAIN_DIFFERS;
}

static enum explain_verdict compare_villages(const struct entry *a, const struct entry *b)
{
	enum explain_verdict verdict = same_number(a->village, b->village);

	return verdict == EXPLAIN_UNKNOWN && same_text(a->village_text, b->village_text) == EXPLAIN_AGREES ? EXPLAIN_AGREES
													 : verdict;
}

static const struct words *words_of(const struct explain_part *part)
{
	static const struct words none = {EXPLAIN_UNKNOWN, "", ""};
	const struct words *words = &none;

	if (part->field == EXPLAIN_NAME && part->level < TOKENS_LEVEL_COUNT)
		words = &NAMES[part->level];
	else if (part->field == EXPLAIN_NIK && part->level < DIGITS_LEVEL_COUNT)
		words = &NIKS[part->level];
	else if (part->field == EXPLAIN_KK && part->level < DIGITS_LEVEL_COUNT)
		words = &KKS[part->level];
	else if (part->field == EXPLAIN_BIRTH && part->level < DATES_LEVEL_COUNT)
		words = &BIRTHS[part->level];
	else if (part->field < EXPLAIN_FIELDS && part->verdict <= EXPLAIN_DIFFERS)
		words = &PLAIN[part->field][part->verdict];
	return words->id ? words : &none;
}

void explain_compare(const struct entry *a, const struct entry *b, struct explain_part parts[EXPLAIN_FIELDS])
{
	for (int i = 0; i < EXPLAIN_FIELDS; i++)
		parts[i] = (struct explain_part){.field = (enum explain_field)i};
	parts[EXPLAIN_NAME].level = compare_names(a->name, b->name);
	parts[EXPLAIN_NIK].level = compare_numbers(a->nik, a->nik_digits, b->nik, b->nik_digits);
	parts[EXPLAIN_KK].level = compare_numbers(a->kk, a->kk_digits, b->kk, b->kk_digits);
	parts[EXPLAIN_BIRTH].level = a->birth && b->birth ? dates_compare(a->birth, b->birth) : DATES_MISSING;
	parts[EXPLAIN_SEX].verdict = same_number(a->sex, b->sex);
	parts[EXPLAIN_FAMILY_ID].verdict = same_text(a->family_id, b->family_id);
	parts[EXPLAIN_VILLAGE].verdict = compare_villages(a, b);
	if (parts[EXPLAIN_VILLAGE].verdict == EXPLAIN_AGREES)
		parts[EXPLAIN_RT].verdict = same_number(a->rt, b->rt);
	parts[EXPLAIN_ADDRESS].verdict = same_text(a->address, b->address);
	for (int i = 0; i < EXPLAIN_FIELDS; i++)
		parts[i].verdict = words_of(&parts[i])->verdict;
}

const char *explain_part_text(const struct explain_part *part, bool english)
{
	return english ? words_of(part)->en : words_of(part)->id;
}
