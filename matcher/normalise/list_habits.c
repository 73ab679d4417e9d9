/* See list_habits.h. */
#include "matcher/normalise/list_habits.h"

#include "matcher/normalise/nik.h"

enum {
	WIDTH_MIN = 10,
	WIDTH_MAX = 30,
	NAMES_MIN = 50,   /* names that a width may be learnt from */
	PILED_UP_MIN = 3, /* names of just that length … */
	PILED_UP = 2      /* … and how many times the names one letter shorter they must be */
};

/* Characters, not bytes. */
static size_t letters(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

/* What the row's NIK says; a list without one has no witness. */
static enum sex sex_of_nik(const enum column_role *roles, const struct str *cells, size_t n)
{
	struct nik nik;

	for (size_t i = 0; i < n; i++)
		if (roles[i] == COLUMN_NIK && nik_parse(cells[i], false, &nik))
			return (enum sex)nik.sex;
	return SEX_UNKNOWN;
}

void list_habits_add(struct list_habits *habits, const enum column_role *roles, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (roles[i] == COLUMN_BIRTH_DATE || roles[i] == COLUMN_BIRTH_PLACE_DATE) {
			date_order_votes_add(&habits->dates, cells[i]);
		} else if (roles[i] == COLUMN_SEX) {
			sex_votes_add(&habits->sexes, cells[i], sex_of_nik(roles, cells, n));
		} else if (roles[i] == COLUMN_NAME) {
			size_t length = letters(str_trim(cells[i]));

			habits->names += length > 0;
			habits->name_lengths[length < LIST_HABITS_NAME_MAX ? length : LIST_HABITS_NAME_MAX]++;
		}
	}
}

/*
 * Lengths of names thin out towards the longest one. Where they pile up at it instead, a field ended there.
 * (domain.md: fields are cut at 12 to 25 characters.)
 */
static uint8_t name_width(const struct list_habits *habits)
{
	uint32_t longest = LIST_HABITS_NAME_MAX, at;

	while (longest > 0 && habits->name_lengths[longest] == 0)
		longest--;
	at = habits->name_lengths[longest];
	if (longest < WIDTH_MIN || longest > WIDTH_MAX || habits->names < NAMES_MIN || at < PILED_UP_MIN)
		return 0;
	return at > PILED_UP * habits->name_lengths[longest - 1] ? (uint8_t)longest : 0;
}

void list_habits_settle(const struct list_habits *habits, struct entry_context *context)
{
	context->date_order = (uint8_t)date_order_votes_winner(&habits->dates);
	context->sex_coding = (uint8_t)sex_votes_coding(&habits->sexes);
	context->name_width = name_width(habits);
}

