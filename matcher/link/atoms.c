/* See atoms.h. */
#include "matcher/link/atoms.h"

#include "matcher/base/hash.h"

static const char *const names[ATOM_ROLES] = {"sound", "name", "begins", "key", "key form", "date", "month", "day", "year and day",
	"year", "code", "word", "number", "sex"};

const char *atom_role_name(enum atom_role role)
{
	return names[role];
}

static void add_atom(struct atoms *atoms, enum atom_role role, size_t column, uint64_t value)
{
	if (!(atoms->roles >> role & 1) || atoms->n == ATOMS_MAX)
		return;
	atoms->items[atoms->n++] = (struct atom){hash_pair(value, (uint64_t)role << 8 | column), (uint8_t)role, (uint8_t)column, ATOM_WHOLE};
}

static void add_part(struct atoms *atoms, enum atom_role role, size_t column, uint64_t value, unsigned part)
{
	unsigned before = atoms->n;

	add_atom(atoms, role, column, value);
	if (atoms->n > before)
		atoms->items[before].part = (uint8_t)part;
}

static void add_name(struct atoms *atoms, const struct store_column *column, size_t c, const struct store_value *value)
{
	uint64_t all = 0;

	if (!(atoms->roles & (1u << ATOM_SOUND | 1u << ATOM_BEGIN | 1u << ATOM_NAME)))
		return;
	for (unsigned i = 0; i < value->n_words; i++) {
		const struct token *token = &column->words[value->words[i]].token;
		uint64_t begin = token->phonetic;

		all += hash_mix(token->phonetic);
		if (token->text.n < 2)
			continue;
		add_part(atoms, ATOM_SOUND, c, token->phonetic, i);
		if (token->phonetic_other)
			add_part(atoms, ATOM_SOUND, c, token->phonetic_other, i);
		while (begin >> 63 == 0 && begin >= 1u << 15)
			begin >>= 5;
		add_part(atoms, ATOM_BEGIN, c, begin, i);
	}
	if (value->n_words > 1)
		add_atom(atoms, ATOM_NAME, c, all);
}

static void add_date_parts(struct atoms *atoms, size_t c, uint32_t date)
{
	uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;

	add_atom(atoms, ATOM_YEAR, c, year);
	if (!month)
		return;
	add_atom(atoms, ATOM_MONTH, c, date / 100);
	if (!day)
		return;
	add_atom(atoms, ATOM_DAY, c, month * 100 + day);
	add_atom(atoms, ATOM_YEAR_DAY, c, year * 100 + day);
}

static void add_date(struct atoms *atoms, size_t c, uint32_t two_digit_year, uint32_t month, uint32_t day)
{
	uint32_t low = month < day ? month : day, high = month < day ? day : month;

	if (!month || !day || !(atoms->roles >> ATOM_DATE & 1))
		return;
	add_atom(atoms, ATOM_DATE, c, two_digit_year * 10000 + low * 100 + high);
	/* The NIK's date and the row's own are mostly one. */
	for (unsigned i = 0; i + 1 < atoms->n; i++) {
		if (atoms->items[i].hash == atoms->items[atoms->n - 1].hash) {
			atoms->n--;
			break;
		}
	}
}

static void add_nik(struct atoms *atoms, const struct store *store, size_t c, const struct store_value *value)
{
	uint64_t bcd = value->number;
	uint32_t day = (uint32_t)(bcd >> 36 & 15) * 10 + (uint32_t)(bcd >> 32 & 15);
	uint32_t month = (uint32_t)(bcd >> 28 & 15) * 10 + (uint32_t)(bcd >> 24 & 15);
	uint32_t year = (uint32_t)(bcd >> 20 & 15) * 10 + (uint32_t)(bcd >> 16 & 15);

	if (bcd >> 60 == 0)
		return;
	if (atoms->roles >> ATOM_KEY_FORM & 1) {
		add_atom(atoms, ATOM_KEY_FORM, c, bcd >> 16);
		add_atom(atoms, ATOM_KEY_FORM, c, (bcd & UINT64_C(0xffffffffff)) << 1 | 1);
		for (unsigned i = 4; i < 10; i++) {
			uint64_t low = (UINT64_C(1) << (4 * i)) - 1;

			add_atom(atoms, ATOM_KEY_FORM, c, hash_pair((bcd >> 4 & ~low) | (bcd & low), 77));
		}
	}
	if (store->date >= 0)
		add_date(atoms, (size_t)store->date, year, month, day > 40 ? day - 40 : day);
	else
		add_date(atoms, c, year, month, day > 40 ? day - 40 : day);
}

static void add_text_forms(struct atoms *atoms, size_t c, struct str text)
{
	char form[64];

	if (text.n < 5 || text.n > 20 || !(atoms->roles >> ATOM_KEY_FORM & 1))
		return;
	add_atom(atoms, ATOM_KEY_FORM, c, hash_str(text));
	for (size_t i = 0; i < text.n; i++) {
		memcpy(form, text.p, i);
		memcpy(form + i, text.p + i + 1, text.n - i - 1);
		add_atom(atoms, ATOM_KEY_FORM, c, hash_bytes(form, text.n - 1, 0));
	}
}

void atoms_of(const struct store *store, uint32_t record, uint32_t roles, struct atoms *atoms)
{
	atoms->n = 0;
	atoms->roles = roles;
	for (size_t c = 0; c < store->n_columns; c++) {
		const struct store_column *column = &store->columns[c];
		uint32_t id = store_id(store, c, record);
		const struct store_value *value = &column->values[id];

		if (id == 0)
			continue;
		switch (column->kind) {
		case COMPARE_NAME:
			add_name(atoms, column, c, value);
			break;
		case COMPARE_WORDS:
			for (unsigned i = 0; i < value->n_words; i++)
				add_atom(atoms, ATOM_WORD, c, column->words[value->words[i]].token.phonetic);
			break;
		case COMPARE_NIK:
			add_atom(atoms, ATOM_KEY, c, id);
			add_nik(atoms, store, c, value);
			break;
		case COMPARE_IDENTIFIER:
		case COMPARE_PHONE:
			add_atom(atoms, ATOM_KEY, c, id);
			add_text_forms(atoms, c, value->text);
			break;
		case COMPARE_EMAIL:
			add_atom(atoms, ATOM_KEY, c, id);
			add_atom(atoms, ATOM_KEY_FORM, c, hash_bytes(value->text.p, value->number, 1));
			break;
		case COMPARE_KK:
			add_atom(atoms, ATOM_KEY, c, id);
			break;
		case COMPARE_DATE: {
			uint32_t date = (uint32_t)value->number;

			add_date(atoms, c, date / 10000 % 100, date / 100 % 100, date % 100);
			add_date_parts(atoms, c, date);
			break;
		}
		case COMPARE_SEX:
			add_atom(atoms, ATOM_SEX, c, id);
			break;
		case COMPARE_NUMBER:
		case COMPARE_AGE:
			add_atom(atoms, ATOM_NUMBER, c, id);
			break;
		default:
			add_atom(atoms, ATOM_CODE, c, id);
			break;
		}
	}
}
