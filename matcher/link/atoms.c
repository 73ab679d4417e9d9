/* See atoms.h. */
#include "matcher/link/atoms.h"

static const char *const names[ATOM_ROLES] = {"sound", "name", "begins", "key", "key form", "date", "month", "day", "year and day",
	"year", "code", "word", "number", "sex"};

const char *atom_role_name(enum atom_role role)
{
	return names[role];
}

uint64_t atom_nik_date(uint64_t bcd)
{
	uint32_t day = (uint32_t)(bcd >> 36 & 15) * 10 + (uint32_t)(bcd >> 32 & 15);
	uint32_t month = (uint32_t)(bcd >> 28 & 15) * 10 + (uint32_t)(bcd >> 24 & 15);
	uint32_t year = (uint32_t)(bcd >> 20 & 15) * 10 + (uint32_t)(bcd >> 16 & 15);

	return bcd >> 60 ? atom_date(year, month, day > 40 ? day - 40 : day) : 0;
}

void atom_nik_forms(uint64_t bcd, uint64_t forms[NIK_FORMS])
{
	/* The top digit says of what kind a form is: no two kinds read alike. */
	for (unsigned i = 0; i < 6; i++) {
		uint64_t low = (UINT64_C(1) << (4 * (i + 4))) - 1;

		forms[i] = UINT64_C(1) << 60 | (bcd >> 4 & ~low) | (bcd & low);
	}
	forms[6] = UINT64_C(2) << 60 | bcd >> 16;
	forms[7] = UINT64_C(3) << 60 | (bcd & UINT64_C(0xffffffffff));
}

unsigned atom_text_forms(struct str text, uint64_t forms[TEXT_FORMS])
{
	char form[TEXT_FORMS];

	if (text.n < 5 || text.n >= TEXT_FORMS)
		return 0;
	for (size_t i = 0; i < text.n; i++) {
		memcpy(form, text.p, i);
		memcpy(form + i, text.p + i + 1, text.n - i - 1);
		forms[i] = hash_bytes(form, text.n - 1, 0);
	}
	forms[text.n] = hash_str(text);
	return (unsigned)text.n + 1;
}

static void add_part(struct atoms *atoms, enum atom_role role, size_t column, uint64_t says, unsigned part)
{
	if (atoms->roles >> role & 1 && atoms->n < ATOMS_MAX)
		atoms->items[atoms->n++] = (struct atom){atom_hash(role, column, says), (uint8_t)role, (uint8_t)column, (uint8_t)part};
}

static void add_atom(struct atoms *atoms, enum atom_role role, size_t column, uint64_t says)
{
	add_part(atoms, role, column, says, ATOM_WHOLE);
}

static void add_name(struct atoms *atoms, const struct store_column *column, size_t c, const struct store_value *value)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < value->n_words; i++) {
		const struct token *token = &column->words[value->words[i]].token;

		all += hash_mix(token->phonetic);
		if (token->text.n < 2)
			continue;
		add_part(atoms, ATOM_SOUND, c, token->phonetic, i);
		if (token->phonetic_other)
			add_part(atoms, ATOM_SOUND, c, token->phonetic_other, i);
		add_part(atoms, ATOM_BEGIN, c, atom_begin(token->phonetic), i);
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

/* The NIK's date and the row's own are mostly one. */
static void add_date(struct atoms *atoms, size_t c, uint64_t date)
{
	uint64_t hash = atom_hash(ATOM_DATE, c, date);

	for (unsigned i = 0; i < atoms->n; i++) {
		if (atoms->items[i].hash == hash)
			return;
	}
	if (date)
		add_atom(atoms, ATOM_DATE, c, date);
}

static void add_nik(struct atoms *atoms, const struct store *store, size_t c, uint64_t bcd)
{
	uint64_t forms[NIK_FORMS];

	if (bcd >> 60 == 0)
		return;
	atom_nik_forms(bcd, forms);
	for (unsigned i = 0; i < NIK_FORMS; i++)
		add_atom(atoms, ATOM_KEY_FORM, c, forms[i]);
	add_date(atoms, store->date >= 0 ? (size_t)store->date : c, atom_nik_date(bcd));
}

static void add_text_forms(struct atoms *atoms, size_t c, struct str text)
{
	uint64_t forms[TEXT_FORMS];
	unsigned n = atoms->roles >> ATOM_KEY_FORM & 1 ? atom_text_forms(text, forms) : 0;

	for (unsigned i = 0; i < n; i++)
		add_atom(atoms, ATOM_KEY_FORM, c, forms[i]);
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
			add_nik(atoms, store, c, value->number);
			break;
		case COMPARE_IDENTIFIER:
		case COMPARE_PHONE:
			add_atom(atoms, ATOM_KEY, c, id);
			add_text_forms(atoms, c, store_text(column, value));
			break;
		case COMPARE_EMAIL:
			add_atom(atoms, ATOM_KEY, c, id);
			add_atom(atoms, ATOM_KEY_FORM, c, hash_bytes(store_text(column, value).p, value->number, 1));
			break;
		case COMPARE_KK:
			add_atom(atoms, ATOM_KEY, c, id);
			break;
		case COMPARE_DATE: {
			uint32_t date = (uint32_t)value->number;

			add_date(atoms, c, atom_date(date / 10000 % 100, date / 100 % 100, date % 100));
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
